// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/signatures/pattern.h"

#include "models/core/translate.h"
#include "models/signatures/patternparser.h"

#include <algorithm>

namespace faultline {

namespace {

using pattern::Node;
using pattern::Sequence;
using pattern::Unbounded;

constexpr int WidestRepeat = 16; // counted repeats above it are widened to unbounded ones
constexpr int LongestLiteral = 1000;
constexpr int RareWord = 5;  // so few lines hold it that what stands beyond a gap need not be looked for
constexpr int LongWord = 10; // so few hold it that nothing else need be

enum class End { Front, Back };

bool trim(Sequence &sequence, End end);

/// Drops or shortens what stands at an end of a sequence; true where the node stays and trimming is over.
bool trimNode(Node &node, End end)
{
    if (node.kind == Node::LineAnchor || node.least == 0)
        return false;
    const bool repeated = node.most != node.least;
    node.most = node.least;
    if (node.kind == Node::Any || (node.kind == Node::Class && node.wide))
        return false;
    if (node.kind == Node::Class && repeated)
        node.least = node.most = 1;
    if (node.kind == Node::Group && node.most == 1) {
        for (Sequence &alternative : node.alternatives) {
            if (!trim(alternative, end))
                return false; // one way through is empty: so the group may be
        }
    }
    return true;
}

/// False where nothing is left.
bool trim(Sequence &sequence, End end)
{
    while (!sequence.empty()) {
        Node &node = end == End::Back ? sequence.back() : sequence.front();
        if (node.kind != Node::WordBoundary && trimNode(node, end))
            return true;
        sequence.erase(end == End::Back ? sequence.end() - 1 : sequence.begin());
    }
    return false;
}

QByteArray render(const std::vector<Sequence> &alternatives);

QByteArray render(const Node &node)
{
    QByteArray text = node.text;
    if (node.kind == Node::Group)
        text = (node.caseless ? "(?i:" : "(?:") + render(node.alternatives) + ')';
    if (node.least == 1 && node.most == 1)
        return text;
    const int least = std::min(node.least, WidestRepeat);
    const int most = node.most > WidestRepeat ? Unbounded : node.most;
    if (most == Unbounded && least <= 1)
        return text + (least == 0 ? '*' : '+');
    if (least == 0 && most == 1)
        return text + '?';
    if (most == least)
        return text + '{' + QByteArray::number(least) + '}';
    return text + '{' + QByteArray::number(least) + ',' + (most == Unbounded ? QByteArray() : QByteArray::number(most))
           + '}';
}

QByteArray render(const std::vector<Sequence> &alternatives)
{
    QByteArray text;
    for (size_t i = 0; i < alternatives.size(); ++i) {
        if (i > 0)
            text += '|';
        for (const Node &node : alternatives[i])
            text += render(node);
    }
    return text;
}

int literalLength(const std::vector<Sequence> &alternatives)
{
    int shortest = LongestLiteral;
    for (const Sequence &sequence : alternatives) {
        int longest = 0;
        int run = 0;
        for (const Node &node : sequence) {
            const bool literal = node.kind == Node::Literal && node.least >= 1;
            run = literal ? run + node.least : node.kind == Node::WordBoundary ? run : 0;
            longest = std::max(longest, run);
            if (node.kind == Node::Group && node.least >= 1)
                longest = std::max(longest, literalLength(node.alternatives));
            if (literal && node.most != node.least)
                run = 0;
        }
        shortest = std::min(shortest, longest);
    }
    return shortest;
}

/// Takes nearly any byte, or whole ranges of letters; blanks, digits and punctuation do not count.
bool takesMany(const Node &node)
{
    if (node.kind == Node::Any || node.wide)
        return true;
    const auto isLetter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    for (qsizetype dash = node.text.indexOf('-', 1); dash > 0; dash = node.text.indexOf('-', dash + 1)) {
        if (isLetter(node.text[dash - 1]) && dash + 1 < node.text.size() && isLetter(node.text[dash + 1]))
            return true;
    }
    return false;
}

/// A run of any length of more or less any bytes: what stands before and behind it need not be looked at together.
bool isGap(const Node &node)
{
    if (node.kind == Node::Group && node.alternatives.size() == 1 && node.alternatives.front().size() == 1)
        return isGap(node.alternatives.front().front());
    const bool run = node.most == Unbounded || node.most > WidestRepeat;
    return run && (node.kind == Node::Any || node.kind == Node::Class) && takesMany(node);
}

bool isPlain(const Node &node)
{
    return node.kind == Node::Literal && node.least == 1 && node.most == 1;
}

/// A group of one alternative is a capture or nothing: what it holds may as well stand in the sequence.
void openGroups(Sequence &sequence)
{
    for (size_t i = 0; i < sequence.size();) {
        Node &node = sequence[i];
        if (node.kind != Node::Group || node.caseless || node.alternatives.size() != 1 || node.least != 1
            || node.most != 1) {
            ++i;
            continue;
        }
        const Sequence content = std::move(node.alternatives.front());
        const auto at = sequence.erase(sequence.begin() + static_cast<std::ptrdiff_t>(i));
        sequence.insert(at, content.begin(), content.end());
    }
}

void narrow(std::vector<Sequence> &alternatives);

/// Where one word, or one choice of words, is so long that few other lines hold it, only that: the rest costs more than it spares.
void keepLongWord(Sequence &sequence)
{
    Sequence best;
    int bestLength = LongWord - 1;
    for (auto from = sequence.begin(); from != sequence.end();) {
        const auto to = std::find_if_not(from, sequence.end(), isPlain);
        if (to - from > bestLength) {
            best.assign(from, to);
            bestLength = static_cast<int>(to - from);
        }
        if (to == sequence.end())
            break;
        if (to->kind == Node::Group && to->least >= 1) {
            Node group = *to;
            group.least = group.most = 1;
            narrow(group.alternatives);
            if (const int length = literalLength(group.alternatives); length > bestLength) {
                best = {std::move(group)};
                bestLength = length;
            }
        }
        from = to + 1;
    }
    if (!best.empty())
        sequence = std::move(best);
}

/// Of a sequence with gaps the part that says most; then the ends without what is optional. False where nothing is left.
bool narrow(Sequence &sequence)
{
    openGroups(sequence);
    Sequence best;
    int bestLength = 0;
    for (size_t from = 0; from < sequence.size();) {
        size_t to = from;
        while (to < sequence.size() && !isGap(sequence[to]))
            ++to;
        Sequence part(sequence.begin() + static_cast<qsizetype>(from), sequence.begin() + static_cast<qsizetype>(to));
        const int length = literalLength({part});
        if (length > bestLength) {
            best = std::move(part);
            bestLength = length;
        }
        from = to + 1;
    }
    if (bestLength >= RareWord)
        sequence = std::move(best);
    if (!trim(sequence, End::Front) || !trim(sequence, End::Back))
        return false;
    Node &only = sequence.front();
    if (sequence.size() == 1 && only.kind == Node::Group && only.least == 1 && only.most == 1)
        narrow(only.alternatives);
    else
        keepLongWord(sequence);
    return true;
}

/// Each alternative for itself. One that would have nothing left stays as it is.
void narrow(std::vector<Sequence> &alternatives)
{
    for (Sequence &alternative : alternatives) {
        Sequence narrowed = alternative;
        if (narrow(narrowed))
            alternative = std::move(narrowed);
    }
}

} // namespace

Result<ScanForm> scanForm(QByteArrayView pattern)
{
    auto parsed = pattern::parse(pattern);
    if (!parsed)
        return std::unexpected(parsed.error());
    for (Sequence &alternative : parsed->alternatives) {
        if (!narrow(alternative))
            return failure(Code::BadValue, tr("This pattern matches nearly every line"),
                           tr("Add a word that the line must hold"));
    }
    return ScanForm{render(parsed->alternatives), parsed->caseless, literalLength(parsed->alternatives)};
}

} // namespace faultline
