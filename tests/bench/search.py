#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures searches of a large log beside `rg -c` with the same expressions, in one run.

What is timed of Faultline is the search of a log that is open, on all cores (rg searches one file on one core); of rg the whole
program, which starts in a few milliseconds. Both take turns, so that what else the machine does falls on both; the table shows
medians.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench import into_page_cache, parser_for, prepare

TARGET_RATIO = 1.5


def main() -> int:
    parser = parser_for(__doc__)
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()

    log = prepare(arguments, arguments.folder, "github-tests", int(arguments.gigabytes * 1e9))
    into_page_cache(log)
    searches = Path(__file__).parent / "searches.txt"
    lines = searches.read_text().splitlines()
    print(f"{log.stat().st_size / 1e9:.2f} GB, {os.cpu_count()} cores, {arguments.rounds} rounds")

    # One process that has read the log and answers when asked: a line of it for each search.
    ours = subprocess.Popen(
        [arguments.binaries / "tests/bench/benchsearch", log, searches, str(arguments.rounds)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    faultline = {line: [] for line in lines}
    ripgrep = {line: [] for line in lines}
    counts = {}
    for _ in range(arguments.rounds):
        for line in lines:
            ours.stdin.write("\n")
            ours.stdin.flush()
            answer = ours.stdout.readline().split()
            if len(answer) != 2:
                sys.exit("bench: benchsearch ended early")
            faultline[line].append(float(answer[0]))
            command = ["rg", "-c", *(["-F"] if line[0] == "l" else []), "-e", line[2:], log]
            begin = time.monotonic()
            told = subprocess.run(command, capture_output=True, text=True)
            ripgrep[line].append(time.monotonic() - begin)
            counts[line] = (int(answer[1]), int(told.stdout or 0))
    ours.stdin.close()
    ours.wait()

    worst = 0.0
    print(f"\n{'seconds':>10}{'rg -c':>10}{'ratio':>8}{'lines':>10}{'rg':>10}  expression")
    for line in lines:
        mine, theirs = statistics.median(faultline[line]), statistics.median(ripgrep[line])
        worst = max(worst, mine / theirs)
        print(f"{mine:>10.3f}{theirs:>10.3f}{mine / theirs:>8.2f}{counts[line][0]:>10}{counts[line][1]:>10}  {line[2:]}")
    print(f"\ntarget: at most {TARGET_RATIO} times rg: {'met' if worst <= TARGET_RATIO else 'missed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
