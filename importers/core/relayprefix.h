// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace faultline {

/// How long the prefix is that a tool, which runs other programs and passes their lines on, writes before a line; 0 where there is none.
/// Read are those of
/// BuildKit ("#11 1.311 "), docker compose, foreman and Earthly ("web-1  | "), pnpm ("packages/ui build: "), turbo ("web:build: "),
/// lerna ("@acme/web: "), concurrently and Ant ("[web] ", "   [javac] "), Drone and Woodpecker ("[build:3] "),
/// kubectl logs --prefix ("[pod/a/b] "), Packer and Vagrant ("    default: "), and Terraform's provisioners ("x.y (local-exec): ").
size_t relayPrefixLength(std::string_view payload);

} // namespace faultline
