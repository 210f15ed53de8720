#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes incidents whose clocks are off by known offsets and drifts, and holds the program's placement against what was made.

    synthetic.py PROGRAM [--seed N] [--incidents N]

Of each incident the journal tells true times. The kernel's log counts from boot by a clock that drifts; part of its lines stand in the
journal too, some of those at wrong times. The job's log is skewed; the pod's description and the memory of its cgroup tell of the same kill.
Every line of the kernel's and the job's log has a true time, kept here. At least 99 % need to lie within time +- error as the program says,
and the middle error of each kind of log needs to be below 2 s.
"""
import argparse, datetime, json, os, random, statistics, subprocess, sys, tempfile

SHARE = 0.99
MIDDLE_S = 2.0
UTC = datetime.timezone.utc


def stamp(at, form="%Y-%m-%dT%H:%M:%S"):
    return datetime.datetime.fromtimestamp(at, UTC).strftime(form)


def github(at):
    return f"{stamp(int(at))}.{int(at % 1 * 1e7):07d}Z"


class Incident:
    """Files by name, and the true time of each line of the logs that the program has to place."""

    def __init__(self, chance):
        self.chance = chance
        self.files = {}
        self.truth = {}
        start = 1_770_000_000 + chance.randrange(20_000_000) + chance.random()
        self.length = chance.uniform(1_800, 4 * 3600)
        self.kill = start + self.length * chance.uniform(0.5, 0.9)
        self.start = start
        self.drift = chance.choice([-1, 1]) * chance.uniform(0, 3e-4)
        self.boot = start - chance.uniform(3_600, 40 * 86_400)
        self.skew = chance.choice([-1, 1]) * chance.choice([0, chance.uniform(8, 300), chance.uniform(3_600, 11 * 3_600)])
        self.pid = chance.randrange(2_000, 60_000)
        self.cgroup = f"/kubepods/burstable/pod{chance.getrandbits(64):016x}"
        self.kernel_and_journal()
        self.job()
        self.pod()
        self.memory()

    def since_boot(self, at):
        return (at - self.start) / (1 + self.drift) + (self.start - self.boot)

    def kernel_and_journal(self):
        killed = [
            f"oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg={self.cgroup},"
            f"task_memcg={self.cgroup},task=replay,pid={self.pid},uid=0",
            f"Memory cgroup out of memory: Killed process {self.pid} (replay) total-vm:812340kB, anon-rss:255000kB, "
            f"file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:600kB oom_score_adj:0",
        ]
        told = [(self.kill + n * 2e-5, text, True) for n, text in enumerate(killed)]
        for n in range(self.chance.randrange(60, 160)):
            text = f"device veth{self.chance.getrandbits(32):08x} entered promiscuous mode"
            told.append((self.start + self.chance.random() * self.length, text, n % 2 == 0))
        kernel, journal, truth = [], [], []
        for at, text, shared in sorted(told):
            kernel.append(f"[{self.since_boot(at):12.6f}] {text}\n")
            truth.append(at)
            if not shared:
                continue
            wrong = text.startswith("device") and self.chance.random() < 0.15
            heard = self.start + self.chance.random() * self.length if wrong else at + self.chance.uniform(0, 0.005)
            journal.append({"__REALTIME_TIMESTAMP": str(int(heard * 1e6)), "_HOSTNAME": "node-1", "PRIORITY": "6",
                            "_TRANSPORT": "kernel", "SYSLOG_IDENTIFIER": "kernel", "MESSAGE": text})
        journal.sort(key=lambda entry: int(entry["__REALTIME_TIMESTAMP"]))
        self.files["dmesg.txt"] = "".join(kernel)
        self.files["journal.json"] = "".join(json.dumps(entry) + "\n" for entry in journal)
        self.truth["dmesg.txt"] = truth

    def job(self):
        begin = self.kill - self.chance.uniform(60, 600)
        told = [(begin, "Current runner version: '2.328.0'"), (begin + 0.1, "##[group]Run ./build.sh"), (begin + 0.2, "./build.sh"),
                (begin + 0.3, "##[endgroup]")]
        told += [(begin + 1 + (self.kill - begin - 1) * n / 40, f"unpacking part {n} of 40") for n in range(40)]
        told += [(self.kill + 0.02, f"build.sh: line 3: {self.pid} Killed                  ./replay"),
                 (self.kill + 0.05, "##[error]Process completed with exit code 137.")]
        self.files["ci.log"] = "".join(f"{github(at + self.skew)} {text}\n" for at, text in told)
        self.truth["ci.log"] = [at for at, _ in told]

    def pod(self):
        form = "%a, %d %b %Y %H:%M:%S +0000"
        began, ended = int(self.kill - 700), int(self.kill + 0.2)
        self.files["describe.txt"] = f"""Name:             replay-1
Namespace:        ci
Node:             node-1/10.0.0.7
Start Time:       {stamp(began, form)}
Status:           Failed
Containers:
  replay:
    Container ID:  containerd://{self.chance.getrandbits(256):064x}
    Image:         replay:1
    State:          Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Started:      {stamp(began, form)}
      Finished:     {stamp(ended, form)}
    Ready:          False
    Restart Count:  0
    Limits:
      memory:  256Mi
Events:          <none>
"""

    def memory(self):
        values, at = [], self.kill - 600 + self.chance.random()
        while at < self.kill + 120:
            values.append([round(at, 3), str(int(4e7 + 2.1e8 * max(0, at - self.kill + 600) / 600 if at < self.kill else 2e6))])
            at += 1
        metric = {"__name__": "container_memory_working_set_bytes", "id": self.cgroup, "pod": "replay-1", "container": "replay",
                  "namespace": "ci"}
        self.files["memory.json"] = json.dumps(
            {"status": "success", "data": {"resultType": "matrix", "result": [{"metric": metric, "values": values}]}})


def rows(program, folder, sql):
    done = subprocess.run([program, "query", folder, "--format", "json", sql], capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"{sql}\nexit {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def judge(program, incident, number, seed):
    """Name of a log -> (lines within, lines, errors in seconds)."""
    with tempfile.TemporaryDirectory(prefix="clocks-") as folder:
        for name, text in incident.files.items():
            with open(os.path.join(folder, name), "w", newline="\n") as file:
                file.write(text)
        lines = rows(program, folder, "SELECT sources.path AS path, lines.line AS line, lines.time AS time, "
                     "(SELECT max(error_ns) FROM segments WHERE segments.source = lines.source) AS error "
                     "FROM lines JOIN sources ON sources.id = lines.source")
        result = {}
        for name, truth in incident.truth.items():
            told = {row["line"]: row for row in lines if os.path.basename(row["path"]) == name}
            within, errors = 0, []
            for line, at in enumerate(truth, 1):
                row = told.get(line)
                if not row or row["time"] is None:
                    continue
                errors.append(row["error"] / 1e9)
                # A microsecond more: the times were written rounded.
                within += abs(row["time"] / 1e9 - at) <= row["error"] / 1e9 + 2e-6
            result[name] = (within, len(truth), errors)
            if within < len(truth):
                clocks = rows(program, folder, "SELECT * FROM sources")
                how = next((c for c in clocks if os.path.basename(c["path"]) == name), {})
                print(f"seed {seed} incident {number}: {name} {within}/{len(truth)} (skew {incident.skew:.1f} s, "
                      f"drift {incident.drift * 1e6:.0f} ppm, {incident.length:.0f} s): {how}")
        return result


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("program")
    options.add_argument("--seed", type=int, default=20_261)
    options.add_argument("--incidents", type=int, default=12)
    asked = options.parse_args()
    totals = {}
    for number in range(asked.incidents):
        incident = Incident(random.Random(f"{asked.seed}/{number}"))
        for name, (within, count, errors) in judge(asked.program, incident, number, asked.seed).items():
            total = totals.setdefault(name, [0, 0, []])
            total[0] += within
            total[1] += count
            total[2] += errors
    failed = False
    for name, (within, count, errors) in totals.items():
        middle = statistics.median(errors) if errors else float("inf")
        failed |= within < SHARE * count or middle >= MIDDLE_S
        print(f"{name:10} {within} of {count} within ({within / count:.4f}), middle error {middle:.3f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
