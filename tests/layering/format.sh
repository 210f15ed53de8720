#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later

# Checks that clang-format 19 has nothing to change; with --fix it changes the files.

set -eu
cd "$(dirname "$0")/../.."
command -v clang-format-19 >/dev/null || { echo "clang-format-19 is not here: run ./dev setup" >&2 && exit 1; }

mode='--dry-run -Werror'
if [ "${1-}" = --fix ]; then mode=-i; fi
# shellcheck disable=SC2086  # the mode is one or two words
find app models importers charts tests \( -name '*.cpp' -o -name '*.h' \) -not -path 'tests/data/*' -print0 |
    xargs -0 -r -P 2 -n 24 clang-format-19 $mode || { echo "run ./dev format" >&2 && exit 1; }
