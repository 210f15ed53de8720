// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <functional>
#include <string_view>

namespace faultline {

/// A field of a JSON object that stands on one line.
struct JsonField {
    std::string_view name;  ///< As written, without quotes; escapes in names do not occur in the formats read here.
    std::string_view value; ///< As written; a string without its quotes, escapes still inside.
    bool isString = false;
};

/// Walks the top level of an object without building it; nested values are given whole. `field` returns false to stop.
/// True where the object was whole (or the walk was stopped), false where it breaks off: what came before was given.
bool forEachJsonField(std::string_view line, const std::function<bool(const JsonField &)> &field);

/// The closing quote of the string that begins at `at`, just past its opening quote; npos where it stays open.
size_t jsonStringEnd(std::string_view text, size_t at);

/// The text of a JSON string given without its quotes: escapes resolved, lone surrogates as U+FFFD, broken escapes as they stand.
QByteArray unescapeJson(std::string_view text);
/// Appends it.
void appendUnescapedJson(std::string_view text, QByteArray &into);
/// Writes it to `out`, which has room for as many bytes as `text` has, and returns where it ends.
char *unescapeJson(std::string_view text, char *out);

} // namespace faultline
