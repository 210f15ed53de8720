// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/types.h"

#include <string_view>

namespace faultline {

/// "##teamcity[name 'value']" or "##teamcity[name key='value' …]" (TeamCity: Service Messages); a single value has an empty key.
struct ServiceMessage {
    QByteArray name;
    Fields attributes; ///< Unescaped.

    QByteArray value(QByteArrayView key) const { return fieldValue(attributes, key); }
};

/// The message that starts at the first "##teamcity[" of the line; nullopt where it is not whole.
std::optional<ServiceMessage> readServiceMessage(std::string_view line);

} // namespace faultline
