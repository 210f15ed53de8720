// SPDX-License-Identifier: GPL-3.0-or-later
// Samples: resources/playbooks resources/signatures resources/causes
#include "models/playbooks/playbook.h"
#include "models/signatures/signature.h"

#include <cstdint>

using namespace faultline;

/// Playbooks and signatures that a stranger wrote. The parsers take turns by the input's size, so that each sees every kind of sample.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    if (size % 2 == 0)
        static_cast<void>(parsePlaybook(bytes, QStringLiteral("input.md")));
    else
        static_cast<void>(parseSignatures(bytes, QStringLiteral("input.yaml")));
    return 0;
}
