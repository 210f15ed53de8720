// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QVariant>

#include <map>

namespace faultline {

/// Values for the placeholders of causes: names of columns and fields, raw values.
using PlaceholderValues = std::map<QString, QVariant>;

/// Fills {name}, {name:format} and {name|text}; formats are bytes, kb (value in KiB), duration (ns), seconds, percent, count. Values are
/// capped and escaped for Markdown. A placeholder without a value gives its text, or "unknown".
QString fillPlaceholders(const QString &markdown, const PlaceholderValues &values);

/// What is wrong with the placeholders of a line: unknown formats, braces left open.
QStringList placeholderProblems(const QString &line);

} // namespace faultline
