// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/recognisers/mocha/mocha.h"

#include "importers/core/cursor.h"
#include "importers/core/facts.h"
#include "models/core/views.h"

#include <algorithm>

namespace faultline {

namespace {

constexpr qint64 MostDetailLines = 4000;
constexpr int MostTests = 100;
constexpr qint64 MostTitleLines = 12;
constexpr qint64 MostBlockLines = 120;
constexpr size_t ReasonIndent = 5; ///< Titles stand further in than the error's text.

/// Archived Travis logs exist in which line ends within a line of output became "nl" at the next line's start.
std::string_view unmarked(std::string_view text)
{
    return text.starts_with("nl") && (text.size() == 2 || text[2] == ' ') ? text.substr(2) : text;
}

size_t indentOf(std::string_view text)
{
    return std::min(text.find_first_not_of(' '), text.size());
}

/// lib/reporters/base.js, list(): "  1) suite", "       inner suite", "         test:", "     Error: why", "      at …"
class MochaSession final : public RecogniserSession
{
public:
    void trigger(int, const TextLine &line, LineReader &lines, TextSink &sink) override
    {
        Cursor cursor(line.payload);
        cursor.blanks();
        const auto count = cursor.number(9);
        if (!count || !cursor.take(" failing") || !cursor.atEnd())
            return;
        const TextLine summary{line.number, line.byteOffset, {}, {}, line.time};
        int wanted = 1;
        for (qint64 number = summary.number + 1;
             number <= summary.number + MostDetailLines && wanted <= std::min<qint64>(*count, MostTests);) {
            const auto next = lines.line(number);
            if (!next)
                return;
            if (isHead(unmarked(next->payload), wanted)) {
                number = readTest(number, wanted++, summary, lines, sink); // a message may go on at the line's start
            } else {
                ++number;
            }
        }
    }
    void finish(LineReader &, TextSink &) override {}

private:
    static bool isHead(std::string_view text, int wanted)
    {
        Cursor cursor(text);
        return cursor.blanks() >= 2 && cursor.number(6) == wanted && cursor.take(") ");
    }

    /// One test of the list; the line after its block.
    static qint64 readTest(qint64 first, int wanted, const TextLine &summary, LineReader &lines, TextSink &sink)
    {
        QByteArray title;
        QByteArray reason;
        qint64 number = first;
        bool isTitle = true;
        qint64 last = first;
        bool hasStack = false;
        for (; number < first + MostBlockLines; ++number) {
            const auto next = lines.line(number);
            const std::string_view whole = next ? unmarked(next->payload) : std::string_view();
            if (!next || (number > first && isHead(whole, wanted + 1)))
                break;
            std::string_view text = trimmed(whole);
            if (text.empty())
                continue;
            const bool isIndented = indentOf(whole) >= 2;
            if (!isIndented && (hasStack || text.starts_with("npm ") || text.starts_with("error Command failed")))
                break; // the shell's or CI's next word
            hasStack = hasStack || (isIndented && text.starts_with("at "));
            last = number;
            if (number == first)
                text = text.substr(std::min(text.size(), text.find(')') + 2));
            if (isTitle) {
                isTitle = number == first || (number < first + MostTitleLines && indentOf(whole) > ReasonIndent);
                if (isTitle) {
                    const bool isDone = text.ends_with(':');
                    if (!title.isEmpty())
                        title += ' ';
                    title += toBytes(isDone ? text.substr(0, text.size() - 1) : text);
                    isTitle = !isDone;
                    continue;
                }
            }
            if (reason.isEmpty())
                reason = toBytes(text);
        }
        TextLine line = summary;
        line.number = first;
        line.payload = std::string_view(title.constData(), static_cast<size_t>(title.size()));
        Event &event = sink.addEvent(line, "test.fail.mocha_test", Role::Symptom, Severity::Error);
        event.lastLine = last;
        event.fields = {{"test", title.left(512)}, {"message", reason}};
        return std::max(number, first + 1);
    }
};

} // namespace

bool MochaRecogniser::appliesTo(SourceKind kind) const
{
    return kind == SourceKind::CiLog || kind == SourceKind::TestOutput || kind == SourceKind::Log;
}

std::vector<QByteArray> MochaRecogniser::triggers() const
{
    return {"[0-9] failing$"};
}

std::unique_ptr<RecogniserSession> MochaRecogniser::open() const
{
    return std::make_unique<MochaSession>();
}

} // namespace faultline
