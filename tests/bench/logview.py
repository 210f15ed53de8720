#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a log and one ten times as large in the window (benchlogview) and measures the first picture, scrolling, memory and growth."""

import subprocess
import sys

from bench import into_page_cache, parser_for, prepare


def main() -> int:
    parser = parser_for(__doc__)
    parser.add_argument("--gigabytes", type=float, default=1.0, help="of the smaller log")
    arguments = parser.parse_args()
    size = int(arguments.gigabytes * 1e9)
    logs = [prepare(arguments, arguments.folder, "github", size * factor) for factor in (1, 10)]
    for log in logs:
        into_page_cache(log)
    return subprocess.run([arguments.binaries / "tests/bench/benchlogview", *logs], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
