// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/teamcity/servicemessage.h"

#include "importers/core/cursor.h"

#include <QString>

#include <charconv>

namespace faultline {

namespace {

constexpr qsizetype MostValueBytes = 64 * 1024;
constexpr size_t MostAttributes = 32;

void append(QByteArray &value, std::string_view text)
{
    if (value.size() < MostValueBytes)
        value.append(text.data(), static_cast<qsizetype>(text.size()));
}

/// After the opening quote, up to and with the closing one. Escapes: |' |n |r || |[ |] |0xNNNN and |x (next line), |l, |p (separators).
bool takeValue(Cursor &cursor, QByteArray &value)
{
    while (!cursor.atEnd()) {
        const std::string_view rest = cursor.rest();
        const size_t plain = rest.find_first_of("|'");
        if (plain == std::string_view::npos)
            return false;
        append(value, rest.substr(0, plain));
        cursor.reset(cursor.position() + plain + 1);
        if (rest[plain] == '\'')
            return true;
        const char escape = cursor.peek();
        unsigned code = 0;
        const std::string_view digits = cursor.rest().substr(std::min<size_t>(2, cursor.rest().size()));
        if (cursor.rest().starts_with("0x") && digits.size() >= 4
            && std::from_chars(digits.data(), digits.data() + 4, code, 16).ptr == digits.data() + 4) {
            const QByteArray character = QString(QChar(static_cast<char16_t>(code))).toUtf8();
            append(value, std::string_view(character.constData(), static_cast<size_t>(character.size())));
            cursor.reset(cursor.position() + 6);
            continue;
        }
        if (cursor.atEnd())
            return false;
        const char plainText = escape == 'n' || escape == 'x' || escape == 'l' || escape == 'p' ? '\n'
                               : escape == 'r'                                                  ? '\r'
                                                                                                : escape;
        append(value, std::string_view(&plainText, 1));
        cursor.reset(cursor.position() + 1);
    }
    return false;
}

std::string_view takeName(Cursor &cursor)
{
    const std::string_view rest = cursor.rest();
    size_t end = 0;
    const auto isName = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'
               || c == '.';
    };
    while (end < rest.size() && end < 128 && isName(rest[end]))
        ++end;
    cursor.reset(cursor.position() + end);
    return rest.substr(0, end);
}

} // namespace

std::optional<ServiceMessage> readServiceMessage(std::string_view line)
{
    constexpr std::string_view Begin = "##teamcity[";
    const size_t at = line.find(Begin);
    if (at == std::string_view::npos)
        return std::nullopt;
    Cursor cursor(line.substr(at + Begin.size()));
    cursor.blanks();
    const std::string_view name = takeName(cursor);
    if (name.empty())
        return std::nullopt;
    ServiceMessage message{QByteArray(name.data(), static_cast<qsizetype>(name.size())), {}};
    for (;;) {
        cursor.blanks();
        if (cursor.take(']'))
            return message;
        const std::string_view key = takeName(cursor);
        cursor.blanks();
        if (!key.empty() && !cursor.take('='))
            return std::nullopt;
        cursor.blanks();
        QByteArray value;
        if (!cursor.take('\'') || !takeValue(cursor, value) || message.attributes.size() >= MostAttributes)
            return std::nullopt;
        message.attributes.emplace_back(QByteArray(key.data(), static_cast<qsizetype>(key.size())), value);
    }
}

} // namespace faultline
