// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/journal/journalmessages.h"

#include "importers/core/jsonfields.h"
#include "models/core/bytevector.h"
#include "models/core/vectorclones.h"
#include "models/evidence/controlbytes.h"

#include <algorithm>
#include <bit>

namespace faultline {

namespace {

constexpr std::string_view MessageName = "\"MESSAGE\"";

/// json-seq puts a record separator before each object, json-sse "data: ".
std::string_view withoutFraming(std::string_view line)
{
    if (line.starts_with('\x1E'))
        line.remove_prefix(1);
    if (line.starts_with("data: "))
        line.remove_prefix(6);
    return line;
}

/// The values of a repeated field, with blanks between.
QByteArray joinedValues(std::string_view array)
{
    QByteArray joined;
    size_t at = 1;
    while (at < array.size() && array[at] != ']') {
        std::string_view rest = array.substr(at);
        size_t end = 0;
        QByteArray value;
        if (rest.starts_with('"')) {
            end = 1;
            while (end < rest.size() && rest[end] != '"')
                end += rest[end] == '\\' ? size_t{2} : size_t{1};
            end = std::min(end, rest.size());
            value = unescapeJson(rest.substr(1, end - 1));
            ++end;
        } else {
            end = std::min(rest.find(rest.starts_with('[') ? ']' : ','), rest.size() - 1) + 1;
            value = bytesOfArray(rest.substr(0, end));
        }
        if (!joined.isEmpty() && !value.isEmpty())
            joined.append(' ');
        joined.append(value);
        at += end;
        while (at < array.size() && (array[at] == ',' || array[at] == ' '))
            ++at;
    }
    joined.replace('\n', ' ');
    return joined;
}

/// Where the name MESSAGE stands with its quotes in this line, or where the line ends, whichever comes first from `from` on.
FAULTLINE_VECTOR_CLONES
size_t nextNameOrLineEnd(std::string_view lines, size_t from)
{
    constexpr size_t Last = MessageName.size() - 1;
    for (; from + Last + sizeof(ByteVector) <= lines.size(); from += sizeof(ByteVector)) {
        const char *const at = lines.data() + from;
        ByteVector first;
        ByteVector second;
        ByteVector last;
        loadBytes(at, first);
        loadBytes(at + 1, second);
        loadBytes(at + Last, last);
        const ByteVector marks = static_cast<ByteVector>(first == '\n')
                                 | (static_cast<ByteVector>(first == '"') & static_cast<ByteVector>(second == 'M')
                                    & static_cast<ByteVector>(last == '"'));
        if (!isAnySet(marks))
            continue;
        for (quint32 bits = bitsOf(marks); bits != 0; bits &= bits - 1) {
            const size_t found = from + static_cast<size_t>(std::countr_zero(bits));
            if (lines[found] == '\n' || lines.substr(found, MessageName.size()) == MessageName)
                return found;
        }
    }
    const size_t end = std::min(lines.find('\n', from), lines.size());
    return std::min(lines.substr(0, end).find(MessageName, from), end);
}

/// Copies bytes from `from` on up to a quote, a backslash or a control byte; returns how many. What stands behind them in `out` may be
/// overwritten, by at most as much as `lines` is longer.
FAULTLINE_VECTOR_CLONES
size_t copyPlain(std::string_view lines, size_t from, char *out)
{
    size_t at = from;
    for (; at + sizeof(ByteVector) <= lines.size(); at += sizeof(ByteVector)) {
        ByteVector bytes;
        loadBytes(lines.data() + at, bytes);
        storeBytes(bytes, out + (at - from));
        const ByteVector marks = static_cast<ByteVector>(bytes <= 0x1f) | static_cast<ByteVector>(bytes == '"')
                                 | static_cast<ByteVector>(bytes == '\\') | static_cast<ByteVector>(bytes == 0x7f);
        if (isAnySet(marks))
            return at - from + static_cast<size_t>(std::countr_zero(bitsOf(marks)));
    }
    for (; at < lines.size(); ++at) {
        const char c = lines[at];
        if (c == '"' || c == '\\' || isControlByte(c) || c == '\t')
            break;
        out[at - from] = c;
    }
    return at - from;
}

/// How far an entry was read, and how far its message was written.
struct Written {
    size_t read = 0;
    char *out = nullptr;
    bool mayHoldControl = false;
};

/// Writes the rest of a string with escapes of any kind. Nothing where it is not closed in its line.
std::optional<Written> writeEscapedString(std::string_view lines, size_t from, char *out)
{
    const std::string_view line = lines.substr(0, std::min(lines.find('\n', from), lines.size()));
    const size_t end = jsonStringEnd(line, from);
    if (end == std::string_view::npos)
        return std::nullopt;
    char *const outEnd = unescapeJson(line.substr(from, end - from), out);
    std::replace(out, outEnd, '\n', ' ');
    return Written{end + 1, outEnd, true};
}

/// Writes the string that begins at `from`, just past its opening quote, up to its closing one. Nothing where it is not closed in its line.
std::optional<Written> writeString(std::string_view lines, size_t from, char *out)
{
    for (;;) {
        const size_t plain = copyPlain(lines, from, out);
        from += plain;
        out += plain;
        if (from < lines.size() && lines[from] == '"')
            return Written{from + 1, out};
        const char escaped = from + 1 < lines.size() && lines[from] == '\\' ? lines[from + 1] : '\0';
        if (escaped != '"' && escaped != '\\' && escaped != '/')
            return writeEscapedString(lines, from, out);
        *out++ = escaped;
        from += 2;
    }
}

/// Where the string that is the first message of the entry at `from` begins, found without looking at the other fields. Nothing but a name can
/// look like one: inside of a string a quote has a backslash before it, and behind a value there is no colon. (A journal's values hold no objects.)
std::optional<size_t> messageString(std::string_view lines, size_t from)
{
    from = lines.size() - withoutFraming(lines.substr(from)).size();
    if (!lines.substr(from).starts_with('{'))
        return std::nullopt;
    const auto pastBlanks = [lines](size_t at) {
        while (at < lines.size() && (lines[at] == ' ' || lines[at] == '\t'))
            ++at;
        return at;
    };
    for (size_t name = nextNameOrLineEnd(lines, from); name < lines.size() && lines[name] != '\n';
         name = nextNameOrLineEnd(lines, name + 1)) {
        const size_t colon = pastBlanks(name + MessageName.size());
        if (lines[name - 1] == '\\' || colon >= lines.size() || lines[colon] != ':')
            continue;
        const size_t value = pastBlanks(colon + 1);
        return value < lines.size() && lines[value] == '"' ? std::optional(value + 1) : std::nullopt;
    }
    return std::nullopt;
}

/// Writes the message of the entry at `from`, where it is a string: what most entries hold.
std::optional<Written> writeMessage(std::string_view lines, size_t from, char *out)
{
    const auto string = messageString(lines, from);
    auto written = string ? writeString(lines, *string, out) : std::nullopt;
    if (!written || !written->mayHoldControl)
        return written;
    const std::string_view text(out, static_cast<size_t>(written->out - out));
    if (nextControlByte(text, 0) == text.size())
        return written;
    const QByteArray bare = withoutTerminalControl(text);
    written->out =
        std::copy_n(bare.constData(), std::min(bare.size(), static_cast<qsizetype>(written->read - from)), out);
    return written;
}

/// Writes what patterns are looked for in of any line to `out`, which has room for as many bytes as `line` has; returns where it ends.
char *writeAnyMessage(std::string_view line, char *out)
{
    const auto write = [out, &line](std::string_view text) {
        const std::string_view whole = text.substr(0, line.size());
        return std::copy(whole.begin(), whole.end(), out);
    };
    const JournalEntry entry = journalEntryOf(line);
    if (entry.message.empty() && !entry.whole) // broken off before its message, or within it
        return write(line);
    const QByteArray message = journalMessageOf(entry);
    const QByteArray bare = withoutTerminalControl({message.constData(), static_cast<size_t>(message.size())});
    return write({bare.constData(), static_cast<size_t>(bare.size())});
}

} // namespace

JournalEntry journalEntryOf(std::string_view line)
{
    JournalEntry entry;
    entry.whole = forEachJsonField(withoutFraming(line), [&](const JsonField &field) {
        if (field.name == "MESSAGE") {
            entry.message = field.value;
            entry.messageIsString = field.isString;
        } else {
            entry.setField(field.name, field.value);
        }
        return true;
    });
    return entry;
}

QByteArray journalMessageOf(const JournalEntry &entry)
{
    // A field that is there more than once is an array of its values: ["a","b"], bytes among them as arrays of their own.
    if (!entry.messageIsString && (entry.message.starts_with("[\"") || entry.message.starts_with("[[")))
        return joinedValues(entry.message);
    QByteArray message = entry.messageIsString ? unescapeJson(entry.message) : bytesOfArray(entry.message);
    message.replace('\n', ' ');
    return message;
}

void writeJournalMessages(std::string_view lines, QByteArray &into)
{
    into.resize(static_cast<qsizetype>(lines.size())); // no message is longer than the line that it stands in
    char *out = into.data();
    for (size_t at = 0; at < lines.size();) {
        const auto written = writeMessage(lines, at, out);
        const size_t end = std::min(lines.find('\n', written ? written->read : at), lines.size());
        if (written) {
            out = written->out;
        } else {
            std::string_view line = lines.substr(at, end - at);
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            out = writeAnyMessage(line, out);
        }
        if (end < lines.size())
            *out++ = '\n';
        at = end + 1;
    }
    into.truncate(out - into.constData());
}

} // namespace faultline
