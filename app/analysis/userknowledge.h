// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace faultline {

/// Where a person's own playbooks, causes and signatures lie, in folders of these names;
/// as QStandardPaths::AppDataLocation says (Linux: ~/.local/share/faultline/faultline). It need not exist.
QString userKnowledgeFolder();

} // namespace faultline
