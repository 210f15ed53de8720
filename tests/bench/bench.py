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

SEED = 1
DIALECTS = ["github", "gitlab", "journal-json", "syslog"]  # names of benchlog


def parser_for(description: str) -> argparse.ArgumentParser:
    """A parser that knows what `./dev bench` tells each bench."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", type=Path, required=True, help="the build folder of the release preset")
    parser.add_argument("--signatures", type=Path, required=True, help="the folder of the shipped signatures")
    parser.add_argument("--folder", type=Path, required=True, help="where the files are kept")
    return parser


def prepare(arguments, folder: Path, dialect: str, size: int) -> Path:
    """A log of about so many bytes (see benchlog), made anew only if its maker or the signatures changed."""
    folder.mkdir(parents=True, exist_ok=True)
    maker = arguments.binaries / "tests/bench/benchlog"
    state = hashlib.sha256(maker.read_bytes())
    for file in sorted(arguments.signatures.glob("*.yaml")):
        state.update(file.read_bytes())
    name = f"{dialect}-{size // 1_000_000}MB"
    log = folder / f"{name}-{state.hexdigest()[:12]}.log"
    if not log.exists():
        for old in folder.glob(f"{name}-*"):
            old.unlink()
        begin = time.monotonic()
        making = folder / "making"
        with making.open("wb") as into:
            subprocess.run([maker, dialect, arguments.signatures, str(size), str(SEED)], check=True, stdout=into)
        making.rename(log)
        print(f"wrote {log} in {time.monotonic() - begin:.1f} s")
    return log


def prepare_patterns(arguments) -> Path:
    """The patterns of all signatures, as other programs take them."""
    patterns = arguments.folder / "patterns.txt"
    maker = arguments.binaries / "tests/bench/benchlog"
    patterns.write_bytes(subprocess.run([maker, "patterns", arguments.signatures], check=True, capture_output=True).stdout)
    return patterns


def into_page_cache(log: Path):
    with log.open("rb") as file:
        while file.read(1 << 24):
            pass


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


def compare(arguments, dialect: str):
    """One table: the log of that dialect read by all programs in turn."""
    log = prepare(arguments, arguments.folder, dialect, int(arguments.gigabytes * 1e9))
    patterns = prepare_patterns(arguments)
    into_page_cache(log)
    commands = {
        "faultline analyze": [arguments.binaries / "app/faultline", "analyze", log],
        "rg -c -f patterns": ["rg", "-c", "-f", patterns, log],
        "lnav -n": ["lnav", "-n", "-q", log],
    }
    if arguments.without_lnav:
        del commands["lnav -n"]
    if arguments.without_rg:
        del commands["rg -c -f patterns"]
    for name, command in list(commands.items()):
        if not shutil.which(command[0]):
            print(f"{name}: not installed, left out")
            del commands[name]

    size = log.stat().st_size
    print(f"\n{dialect}: {size / 1e9:.2f} GB, {len(patterns.read_text().splitlines())} patterns, {os.cpu_count()} cores, "
          f"{arguments.rounds} rounds")
    results = {name: [] for name in commands}
    for _ in range(arguments.rounds):
        for name, command in commands.items():
            with tempfile.TemporaryDirectory() as home:
                results[name].append(measure(command, home))

    first = None
    print(f"{'program':<20}{'median s':>10}{'fastest s':>11}{'slowest s':>11}{'GB/s':>7}{'peak MB':>10}{'time ratio':>12}", flush=True)
    for name, runs in results.items():
        seconds = [run[0] for run in runs]
        median, memory = statistics.median(seconds), max(run[1] for run in runs)
        first = first or median
        print(f"{name:<20}{median:>10.2f}{min(seconds):>11.2f}{max(seconds):>11.2f}{size / 1e9 / median:>7.2f}{memory:>10.0f}"
              f"{median / first:>12.2f}", flush=True)


def main() -> int:
    parser = parser_for(__doc__)
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dialect", choices=DIALECTS, action="append", help="github where none is told; may be told again")
    parser.add_argument("--without-lnav", action="store_true")
    parser.add_argument("--without-rg", action="store_true")
    arguments = parser.parse_args()
    for dialect in arguments.dialect or DIALECTS[:1]:
        compare(arguments, dialect)
    print("\ntargets: 1 GB/s; at most 1.5 times rg, an eighth of lnav; 100 MB of memory at 1 GB, 250 MB at 10 GB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
