// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <span>
#include <string_view>

namespace faultline {

/// Appends what a line of a test report says to a reader: without the tags of the elements named (of a failure's the message stays) and CDATA marks,
/// references replaced. A line is all it knows, so "<3>" inside CDATA stays and a tag that goes over several lines stays in part. True
/// where anything was taken out.
bool appendXmlText(std::string_view line, std::span<const std::string_view> tags, QByteArray &into);

} // namespace faultline
