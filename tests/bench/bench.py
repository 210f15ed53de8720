#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures `faultline analyze` on a large log, beside ripgrep with the same patterns and lnav, in one run.

The programs take turns, so that what else the machine does falls on all of them; the table shows medians.
"""

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TARGET_SECONDS = 3.0
TARGET_MEGABYTES = 200
SEED = 1


def prepare(arguments, folder: Path, what: str = "log") -> tuple[Path, Path]:
    """The log (benchlog's `what`) and the patterns, made anew only if their makers changed."""
    maker = arguments.binaries / "tests/bench/benchlog"
    patterns = folder / "patterns.txt"
    patterns.write_bytes(subprocess.run([maker, "patterns", arguments.signatures], check=True, capture_output=True).stdout)
    size = int(arguments.gigabytes * 1e9)
    state = hashlib.sha256(maker.read_bytes())
    for file in sorted(arguments.signatures.glob("*.yaml")):
        state.update(file.read_bytes())
    log = folder / f"ci-{what}-{size}-{state.hexdigest()[:12]}.log"
    if not log.exists():
        for old in folder.glob(f"ci-{what}-*"):
            old.unlink()
        begin = time.monotonic()
        making = folder / "ci-making"
        with making.open("wb") as into:
            subprocess.run([maker, what, arguments.signatures, str(size), str(SEED)], check=True, stdout=into)
        making.rename(log)
        print(f"wrote {log} in {time.monotonic() - begin:.1f} s")
    return log, patterns


def measure(command: list, home: str) -> tuple[float, float, int]:
    """Wall seconds, peak resident megabytes and exit status of one run."""
    # lnav keeps its settings and what it read before; each run begins without.
    environment = os.environ | {"HOME": home, "XDG_CONFIG_HOME": f"{home}/.config", "QT_QPA_PLATFORM": "offscreen"}
    begin = time.monotonic()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
    )
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"bench: {command[0]} ended with {process.returncode}: {message.decode(errors='replace')[-800:]}")
    return seconds, usage.ru_maxrss / 1024, process.returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", type=Path, required=True, help="the build folder of the release preset")
    parser.add_argument("--signatures", type=Path, required=True, help="the folder of the shipped signatures")
    parser.add_argument("--folder", type=Path, required=True, help="where the log is kept")
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without-lnav", action="store_true")
    arguments = parser.parse_args()

    arguments.folder.mkdir(parents=True, exist_ok=True)
    log, patterns = prepare(arguments, arguments.folder)
    with log.open("rb") as file:  # into the page cache, for all alike
        while file.read(1 << 24):
            pass

    commands = {
        "faultline analyze": [arguments.binaries / "app/faultline", "analyze", log],
        "rg -c -f patterns": ["rg", "-c", "-f", patterns, log],
        "lnav -n": ["lnav", "-n", "-q", log],
    }
    if arguments.without_lnav:
        del commands["lnav -n"]
    for name, command in list(commands.items()):
        if not shutil.which(command[0]):
            print(f"{name}: not installed, left out")
            del commands[name]

    counted = subprocess.run(["rg", "-c", "-f", patterns, log], capture_output=True, text=True)
    lines = sum(1 for _ in log.open("rb"))
    print(f"{log.stat().st_size / 1e9:.2f} GB, {lines} lines, {counted.stdout.strip() or 0} hit a pattern, "
          f"{len(patterns.read_text().splitlines())} patterns, {os.cpu_count()} cores, {arguments.rounds} rounds")

    results = {name: [] for name in commands}
    for _ in range(arguments.rounds):
        for name, command in commands.items():
            with tempfile.TemporaryDirectory() as home:
                results[name].append(measure(command, home))

    first = None
    print(f"\n{'program':<20}{'median s':>10}{'fastest s':>11}{'slowest s':>11}{'peak MB':>10}{'time ratio':>12}")
    for name, runs in results.items():
        seconds = [run[0] for run in runs]
        median, memory = statistics.median(seconds), max(run[1] for run in runs)
        first = first or (median, memory)
        print(f"{name:<20}{median:>10.2f}{min(seconds):>11.2f}{max(seconds):>11.2f}{memory:>10.0f}{median / first[0]:>12.2f}")

    good = first[0] <= TARGET_SECONDS * arguments.gigabytes and first[1] <= TARGET_MEGABYTES
    print(f"\ntarget for faultline: {TARGET_SECONDS * arguments.gigabytes:.1f} s and {TARGET_MEGABYTES} MB: {'met' if good else 'missed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
