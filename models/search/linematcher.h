// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"
#include "models/search/searchquery.h"

#include <functional>
#include <memory>

namespace faultline {

/// A query compiled: one pass over the bytes finds the lines that may match (Hyperscan or RE2), PCRE2 decides on what a person sees of
/// them: the payload without terminal escapes. Where the pass cannot tell (look-around, payloads escaped in JSON), PCRE2
/// sees every line. Immutable and thread safe; matching needs a Scratch a thread.
class LineMatcher
{
public:
    class Scratch
    {
    public:
        ~Scratch();
        Q_DISABLE_COPY_MOVE(Scratch)
        /// How many times PCRE2 gave up at its limits: such a line counts as not matching.
        qint64 gaveUp() const { return m_gaveUp; }

    private:
        friend class LineMatcher;
        struct Engine;
        Scratch();
        std::unique_ptr<Engine> m_engine;
        qint64 m_gaveUp = 0;
    };
    /// Whole lines; the last may lack its LF.
    struct Lines {
        std::string_view bytes;
        qint64 byteOffset = 0;
        qint64 firstLine = 1;
    };
    /// Which part of a line too long to be held is looked at.
    struct Piece {
        std::string_view bytes;
        qint64 byteOffset = 0; ///< Of the line.
        bool isFirst = true;
        bool isLast = true;
    };

    /// A broken expression is an error, with the column in Position::column.
    static Result<std::shared_ptr<const LineMatcher>> of(const SearchQuery &query);
    ~LineMatcher();
    Q_DISABLE_COPY_MOVE(LineMatcher)

    const SearchPlan &plan() const { return m_plan; }
    std::unique_ptr<Scratch> makeScratch() const;
    /// Whether the pass over the bytes spares lines of the source at all.
    bool narrows(const SourceEvidence &source) const;

    /// Appends the numbers of the lines that match, ascending.
    void match(const Lines &lines, const SourceEvidence &source, Scratch &scratch, std::vector<qint64> &found) const;
    /// The same without PCRE2's decision: lines that may match. Only where narrows().
    void candidates(const Lines &lines, Scratch &scratch, std::vector<qint64> &found) const;
    /// Whether text as it is shown matches.
    bool matches(std::string_view shown, Scratch &scratch) const;
    /// Takes in what a piece of a long line says; `truths` holds a value for each term and begins with No.
    void matchPiece(const Piece &piece, const LineDecoder &decoder, Scratch &scratch,
                    std::vector<SearchPlan::Truth> &truths) const;

private:
    struct Engine;
    struct Walk;
    LineMatcher();
    void walk(const Lines &lines, Scratch &scratch, Walk &walk) const;
    bool confirms(std::string_view line, qint64 byteOffset, const LineDecoder &decoder,
                  std::vector<SearchPlan::Truth> &truths, Scratch &scratch) const;
    bool termMatches(size_t term, std::string_view shown, unsigned options, Scratch &scratch) const;

    SearchPlan m_plan;
    std::vector<SearchPlan::Truth> m_untouched; ///< What holds for the terms of a line that the pass did not hit.
    std::unique_ptr<Engine> m_engine;
};

/// False where payloads may stand in their lines in another form (escaped, in JSON or XML): then a search must decode each line.
bool keepsPayloads(const SourceEvidence &source);

} // namespace faultline
