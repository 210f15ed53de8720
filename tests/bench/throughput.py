#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures how fast each kind of file is read, on one core and without the analysis of what it holds, beside peers.

The files of lines are made by benchlog, the others here from a fixed seed. The peers (promtool, go tool pprof) take turns with
Faultline in the same run and are left out where missing.
"""

import json
import random
import re
import shutil
import statistics
import subprocess
import time
from pathlib import Path

from bench import into_page_cache, parser_for, prepare

MEGABYTE = 1_000_000
# What each kind of file must reach, in MB/s of one core.
TARGETS = {"lines": 500, "journal-json": 250, "query-range": 300, "xml": 50, "yaml": 10}
PEER_RATIO = 5  # exposition and pprof: so many times as fast as the peer
# Files of lines: how benchlog names them. Half of the lines of github-tests are of tests; else one in a thousand says something.
LINES = ["github", "github-tests", "gitlab", "iso", "syslog", "journal-short", "dmesg", "journal-json"]


def write_range(file, size: int):
    """query_range: matrices of a thousand samples each."""
    chance = random.Random(2)
    file.write(b'{"status":"success","data":{"resultType":"matrix","result":[')
    number = 0
    while file.tell() < size:
        values = ",".join(f'[{1_777_888_800 + 15 * i},"{chance.randrange(10**9)}"]' for i in range(1000))
        labels = json.dumps({"__name__": "container_memory_working_set_bytes", "pod": f"api-{number}", "container": "app"})
        file.write(f'{"," if number else ""}{{"metric":{labels},"values":[{values}]}}'.encode())
        number += 1
    file.write(b"]}}\n")


def write_junit(file, size: int):
    chance = random.Random(3)
    file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n')
    number = 0
    while file.tell() < size:
        file.write(f'<testsuite name="suite{number}" tests="200" timestamp="2026-05-04T10:00:00">\n'.encode())
        for case in range(200):
            head = f'<testcase classname="pkg.Suite{number}" name="case_{case}" time="0.{chance.randrange(1000):03}"'
            if case == 7 and number % 10 == 0:
                file.write(f'{head}><failure message="expected 4, got 5">at suite.py:{case}</failure></testcase>\n'.encode())
            elif case % 20 == 0:
                file.write(f'{head}><system-out><![CDATA[{"request served in time. " * 8}]]></system-out></testcase>\n'.encode())
            else:
                file.write(f"{head}/>\n".encode())
        file.write(b"</testsuite>\n")
        number += 1
    file.write(b"</testsuites>\n")


def write_pods(file, size: int):
    """kubectl get pods -o yaml"""
    file.write(b"apiVersion: v1\nitems:\n")
    number = 0
    while file.tell() < size:
        file.write(f"""- apiVersion: v1
  kind: Pod
  metadata:
    name: api-{number}
    namespace: ci
    uid: {number:032x}
    labels:
      app: api
  spec:
    nodeName: node-{number % 50}
    containers:
    - name: app
      image: registry/app:1
      resources:
        limits: {{cpu: 500m, memory: 320Mi}}
        requests: {{cpu: 100m, memory: 64Mi}}
  status:
    phase: Running
    startTime: "2026-05-04T10:00:00Z"
    conditions:
    - type: Ready
      status: "True"
      lastTransitionTime: "2026-05-04T10:00:05Z"
    containerStatuses:
    - name: app
      ready: true
      restartCount: 0
      state:
        running:
          startedAt: "2026-05-04T10:00:03Z"
""".encode())
        number += 1
    file.write(b"kind: List\nmetadata: {}\n")


def write_exposition(file, size: int):
    chance = random.Random(4)
    number = 0
    while file.tell() < size:
        file.write(f"# HELP app_requests_{number}_total Requests served.\n# TYPE app_requests_{number}_total counter\n".encode())
        for code in range(500):
            labels = f'handler="/api/v1/things/{code}",method="GET",instance="10.0.{code % 256}.7:9090"'
            file.write(f"app_requests_{number}_total{{{labels}}} {chance.randrange(10**7)}\n".encode())
        number += 1


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def write_pprof(file, size: int):
    """A CPU profile (profile.proto): 20,000 functions, stacks of 30 frames."""
    chance = random.Random(5)
    strings = ["", "samples", "count", "cpu", "nanoseconds"] + [f"example.com/app/pkg{i % 97}.function{i}" for i in range(20_000)]
    value_type = lambda kind, unit: b"\x08" + varint(kind) + b"\x10" + varint(unit)
    file.write(field(1, value_type(1, 2)) + field(1, value_type(3, 4)))
    file.write(field(11, value_type(3, 4)) + b"\x60" + varint(10_000_000))
    file.write(b"\x48" + varint(1_777_888_800 * 10**9) + b"\x50" + varint(30 * 10**9))
    for identifier in range(1, 20_001):
        file.write(field(5, b"\x08" + varint(identifier) + b"\x10" + varint(identifier + 4)))
        line = b"\x08" + varint(identifier) + b"\x10" + varint(identifier % 900 + 1)
        file.write(field(4, b"\x08" + varint(identifier) + b"\x18" + varint(0x400000 + identifier * 16) + field(4, line)))
    for text in strings:
        file.write(field(6, text.encode()))
    while file.tell() < size:
        batch = []
        for _ in range(5000):
            stack = b"".join(varint(chance.randrange(1, 20_001)) for _ in range(30))
            count = chance.randrange(1, 9)
            batch.append(field(2, field(1, stack) + field(2, varint(count) + varint(count * 10_000_000))))
        file.write(b"".join(batch))


OTHERS = {
    "range.json": write_range,
    "report.xml": write_junit,
    "pods.yaml": write_pods,
    "metrics.prom": write_exposition,
    "cpu.pprof": write_pprof,
}
SIZES = {"metrics.prom": 200, "cpu.pprof": 100, "pods.yaml": 20, "report.xml": 100}


def make(arguments) -> dict[str, Path]:
    """All files by their names."""
    folder = arguments.folder / "throughput"
    files = {dialect: prepare(arguments, folder, dialect, arguments.megabytes * MEGABYTE) for dialect in LINES}
    for name, write in OTHERS.items():
        files[name] = folder / name
        if not files[name].exists():
            with open(folder / "making", "wb") as file:
                write(file, SIZES.get(name, arguments.megabytes) * MEGABYTE)
            (folder / "making").rename(files[name])
    return files


def import_speed(program: Path, path: Path) -> tuple[float, float, str]:
    """MB/s of processor time, processor seconds, and what it was taken for."""
    text = subprocess.run([program, path], check=True, capture_output=True, text=True).stdout
    found = re.search(r"(\S+) \S+ s, of them (\S+) s of a processor: (\d+) MB/s", text)
    return float(found[3]), float(found[2]), found[1]


def peer_seconds(command: list, given: Path | None) -> float:
    begin = time.monotonic()
    with open(given or "/dev/null", "rb") as file:
        subprocess.run(command, stdin=file, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.monotonic() - begin


def main():
    parser = parser_for(__doc__)
    parser.add_argument("--megabytes", type=int, default=300, help="of each file of lines")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()

    files = make(arguments)
    program = arguments.binaries / "tests/bench/benchimport"
    peers = {
        "metrics.prom": (["promtool", "check", "metrics"], True),
        "cpu.pprof": (["go", "tool", "pprof", "-raw", str(files["cpu.pprof"])], False),
    }
    kinds = {"journal-json": "journal-json", "range.json": "query-range", "report.xml": "xml", "pods.yaml": "yaml"}

    print(f"{'file':<18}{'MB':>5}  {'taken for':<20}{'MB/s':>7}{'target':>8}{'peer s / own s':>17}")
    for name, path in files.items():
        runs, peer_runs = [], []
        into_page_cache(path)
        for _ in range(arguments.rounds):
            runs.append(import_speed(program, path))
            if name in peers and shutil.which(peers[name][0][0]):
                command, reads = peers[name]
                peer_runs.append(peer_seconds(command, path if reads else None))
        speed = statistics.median(run[0] for run in runs)
        seconds = statistics.median(run[1] for run in runs)
        target = "" if name in peers else str(TARGETS[kinds.get(name, "lines")])
        peer = f"{statistics.median(peer_runs):.2f} / {seconds:.2f} = {statistics.median(peer_runs) / seconds:.1f}" if peer_runs else ""
        print(f"{name:<18}{path.stat().st_size // MEGABYTE:>5}  {runs[0][2]:<20}{speed:>7.0f}{target:>8}{peer:>17}", flush=True)
    print(f"Targets in MB/s of one core; of the last two files: {PEER_RATIO} times as fast as the peer")


if __name__ == "__main__":
    main()
