// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <string_view>

namespace faultline {

/// Appends what a line of a JUnit report says to a reader: without its elements' tags (of a failure's the message stays) and CDATA marks,
/// references replaced. A line is all it knows, so "<3>" inside CDATA stays and a tag that goes over several lines stays in part. True
/// where anything was taken out.
bool appendXmlText(std::string_view line, QByteArray &into);

} // namespace faultline
