// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

namespace faultline {

/// U+2028: what a decoder puts into a payload where the program broke a line and the file, escaping it, did not. Signatures look at each part.
inline constexpr std::string_view LineSeparator = "\xe2\x80\xa8";

/// A line that one of the patterns matched, as carriers and recognisers see it. Views live for the call only.
struct TextLine {
    qint64 number = 0; ///< From 1.
    qint64 byteOffset = 0;
    std::string_view raw;           ///< Without LF.
    std::string_view payload;       ///< Decoded, terminal escapes removed.
    std::optional<SourceTime> time; ///< Its own stamp, or the last one before it.
};

/// Reads on from a matched line: blocks, context. Lines are decoded as TextLine is.
class LineReader
{
public:
    LineReader() = default;
    virtual ~LineReader() = default;
    Q_DISABLE_COPY_MOVE(LineReader)

    /// An upper bound while the text is still being read; exact in finish(). line() tells whether a line is there.
    virtual qint64 lineCount() const = 0;
    /// Any line by number, also ahead of the one in hand. Views stay valid until the next call.
    virtual std::optional<TextLine> line(qint64 number) = 0;
};

/// What a recogniser or carrier adds to while a source is read. Parents of spans and the running step are the engine's care.
struct TextSink {
    SourceEvidence &evidence;
    /// What passes over a whole text again in finish() looks at it, and may leave the evidence half made.
    CancelToken cancel;

    Event &addEvent(const TextLine &line, QByteArray signature, Role role, Severity severity);
    void note(Severity severity, Code code, const TextLine &line, QString text);
};

/// One reading of one text by one carrier; made by Carrier::open.
class CarrierSession
{
public:
    CarrierSession() = default;
    virtual ~CarrierSession() = default;
    Q_DISABLE_COPY_MOVE(CarrierSession)

    /// Used for all lines from the start; may learn from marks only where its result for a byte offset does not change later.
    virtual std::shared_ptr<const LineDecoder> decoder() const = 0;
    /// Whether eachLine() is to be called: for formats whose times only the order of all their lines tells. Cheaper than a mark in each.
    virtual bool wantsEachLine() const { return false; }
    /// Each line in its order, as it stands and capped, before what was found in it.
    virtual void eachLine([[maybe_unused]] qint64 number, [[maybe_unused]] qint64 byteOffset,
                          [[maybe_unused]] std::string_view raw)
    {
    }
    /// A line that the carrier's mark number `mark` matched, in order of lines.
    virtual void mark(int mark, const TextLine &line, LineReader &lines, TextSink &sink) = 0;
    /// After the last line: open spans, zone, clock starts, coverage.
    virtual void finish(LineReader &lines, TextSink &sink) = 0;
};

/// Cuts a text format into lines with time and payload: GitHub Actions, dmesg, plain … One class a folder in importers/carriers.
class Carrier
{
public:
    Carrier() = default;
    virtual ~Carrier() = default;
    Q_DISABLE_COPY_MOVE(Carrier)

    virtual ImporterInfo info() const = 0;
    virtual SniffResult sniff(const SourceHead &head) const = 0;
    /// Patterns (scanner's syntax) of the lines it wants to see: groups, sections, step ends.
    virtual std::vector<QByteArray> marks() const = 0;
    virtual std::unique_ptr<CarrierSession> open(const SourceHead &head) const = 0;

    /// For formats whose payloads stand escaped in the line (JSON): writes what the scanner shall see of the whole lines `lines`, the same
    /// number of lines, without terminal escapes, and returns true. False: the lines are scanned as they stand, without terminal escapes.
    virtual bool scanText([[maybe_unused]] std::string_view lines, [[maybe_unused]] QByteArray &into) const
    {
        return false;
    }
    /// For formats that pack lines of text into one value (a JSON array of messages): the text, whose lines are then counted, shown and
    /// searched in place of the file's. Null: the bytes are the text. Notes say what of them could not be unpacked.
    virtual std::shared_ptr<const ByteSource> unpack([[maybe_unused]] const std::shared_ptr<const ByteSource> &bytes,
                                                     [[maybe_unused]] std::vector<Note> &notes) const
    {
        return nullptr;
    }
    /// False for a recogniser whose work the carrier does itself, from better data.
    virtual bool wantsRecogniser([[maybe_unused]] QByteArrayView id) const { return true; }
};

/// One reading of one text by one recogniser.
class RecogniserSession
{
public:
    RecogniserSession() = default;
    virtual ~RecogniserSession() = default;
    Q_DISABLE_COPY_MOVE(RecogniserSession)

    virtual void trigger(int trigger, const TextLine &line, LineReader &lines, TextSink &sink) = 0;
    virtual void finish(LineReader &lines, TextSink &sink) = 0;
};

/// Reads what payloads mean, whatever carried them: go test, OOM reports, goroutine dumps … One class a folder in importers/recognisers.
class Recogniser
{
public:
    Recogniser() = default;
    virtual ~Recogniser() = default;
    Q_DISABLE_COPY_MOVE(Recogniser)

    virtual QByteArray id() const = 0;
    virtual bool appliesTo(SourceKind kind) const = 0;
    virtual std::vector<QByteArray> triggers() const = 0;
    virtual std::unique_ptr<RecogniserSession> open() const = 0;
};

} // namespace faultline
