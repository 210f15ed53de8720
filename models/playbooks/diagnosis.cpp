// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/diagnosis.h"

using namespace Qt::StringLiterals;

namespace faultline {

QLatin1StringView verdictStatusName(VerdictStatus status)
{
    switch (status) {
    case VerdictStatus::Confirmed: return "confirmed"_L1;
    case VerdictStatus::Likely: return "likely"_L1;
    case VerdictStatus::Possible: break;
    }
    return "possible"_L1;
}

} // namespace faultline
