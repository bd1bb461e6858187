#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""results.py tap|kcidb|costs DIR...: what LAVA recorded of the jobs in DIRs (job.yaml and
lava.yaml, lava-run's log), as TAP, as one KCIDB document, or what they cost."""
import json
import os
import re
import sys

import yaml


def load(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return yaml.safe_load(file)


def messages(path):
    """The lines of the log that are LAVA's own, each a document of YAML."""
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                value = yaml.load(line, Loader=yaml.CSafeLoader)
            except yaml.YAMLError:
                continue
            if isinstance(value, dict) and "msg" in value:
                yield value


class Job:
    """A job that ran: its cases in their order, and how it ended."""

    def __init__(self, directory):
        definition = load(f"{directory}/job.yaml")
        self.meta = definition["metadata"]
        self.name = f"{self.meta['kernel']} {self.meta['suite']}"
        self.directory = directory
        self.cases, self.result, self.error, self.times = [], "fail", "", {}
        for message in messages(f"{directory}/lava.yaml"):
            if message["lvl"] == "results":
                self.take(message["msg"])
            self.begin = getattr(self, "begin", message["dt"])

    def take(self, result):
        if result["definition"] == self.meta["suite"]:
            # None, as LAVA's log spells it.
            if result.get("measurement") == "null":
                del result["measurement"]
            self.cases.append(result)
        elif result["definition"] == "lava" and result["case"] == "job":
            self.result = result["result"]
            self.error = result.get("error_msg") or ""
        elif "duration" in result:
            name = result["case"]
            self.times[name] = self.times.get(name, 0) + float(result["duration"])

    def spent(self, *actions):
        return sum(self.times.get(action, 0) for action in actions)

    def fetch(self):
        return self.spent("file-download", "http-download")

    def boot(self):
        return self.spent("login-action")

    def run(self):
        return self.spent("lava-test-monitor", "lava-test-interactive")


def case_name(case):
    return case["extra"]["test_case_id"]


def tap(jobs):
    count = 0
    for job in jobs:
        for case in job.cases:
            count += 1
            word = {"fail": "not ok", "unknown": "not ok"}.get(case["result"], "ok")
            note = " # SKIP" if case["result"] == "skip" else ""
            if case.get("measurement") is not None:
                note = f" # {case['measurement']} {case['units']}"
            print(f"{word} {count} - {job.name}: {case_name(case)}{note}")
        count += 1
        good = job.result == "pass"
        print(f"{'ok' if good else 'not ok'} {count} - {job.name}: the job")
        if not good:
            print(f"# {job.error}")
        print(f"# fetched in {job.fetch():.1f} s, booted in {job.boot():.1f} s, "
              f"tested for {job.run():.1f} s")
    print(f"1..{count}")
    return all(job.result == "pass" for job in jobs)


ORIGIN = "mmkit"
STATUS = {"pass": "PASS", "fail": "FAIL", "skip": "SKIP", "unknown": "ERROR"}


def identifier(*parts):
    return ORIGIN + ":" + "-".join(re.sub(r"[^\w.]+", "_", str(p)) for p in parts)


def kcidb_test(job, number, case):
    path = re.sub(r"[^A-Za-z0-9_-]+", "_", case_name(case)).strip("_") or "_"
    test = {
        "id": identifier(job.begin, job.name, job.meta["boot"], number),
        "origin": ORIGIN,
        "build_id": identifier(job.meta["release"], job.meta["kernel"]),
        "path": f"mmkit.{job.meta['suite']}.{path}",
        "comment": case_name(case),
        "status": STATUS[case["result"]],
    }
    if case.get("measurement") is not None:
        test["number"] = {"value": float(case["measurement"]), "unit": case["units"]}
    return test


def kcidb(jobs):
    """What is tested is a distribution's kernel: its release stands for the checkout."""
    checkouts, builds, tests = {}, {}, []
    for job in jobs:
        release, kernel = job.meta["release"], job.meta["kernel"]
        checkout, build = identifier(release), identifier(release, kernel)
        checkouts[checkout] = {"id": checkout, "origin": ORIGIN, "comment": release}
        builds[build] = {
            "id": build, "origin": ORIGIN, "checkout_id": checkout,
            "architecture": "x86_64", "config_name": kernel, "status": "PASS",
        }
        tests += [kcidb_test(job, n, case) for n, case in enumerate(job.cases)]
        tests.append({
            "id": identifier(job.begin, job.name, job.meta["boot"], "job"),
            "origin": ORIGIN, "build_id": build, "path": f"mmkit.{job.meta['suite']}",
            "status": "PASS" if job.result == "pass" else "FAIL",
            "comment": job.error or "the job",
        })
    document = {
        "version": {"major": 5, "minor": 0},
        "checkouts": list(checkouts.values()), "builds": list(builds.values()),
        "tests": tests,
    }
    print(json.dumps(document, indent=1))
    return True


def costs(jobs):
    """For tests/farm/simulate.py: what a job is made of, in bytes and seconds."""
    print("# job, bytes of artefacts, s to boot, s to run, bytes of log")
    for job in jobs:
        parts = [f"{job.directory}/{name}" for name in ("kernel", "initrd.gz", "swap")]
        size = sum(os.path.getsize(part) for part in parts if os.path.exists(part))
        log = os.path.getsize(f"{job.directory}/lava.yaml")
        print(f"{job.name.replace(' ', '/')} {size} {job.boot():.1f} {job.run():.1f} {log}")
    return True


if __name__ == "__main__":
    make = {"tap": tap, "kcidb": kcidb, "costs": costs}[sys.argv[1]]
    sys.exit(0 if make([Job(directory) for directory in sys.argv[2:]]) else 1)
