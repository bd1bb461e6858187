# SPDX-License-Identifier: GPL-2.0-only
"""farm.py wait [SECONDS]|results [--cases|--json]: what LAVA's server says of its jobs, over its
API. Runs where LAVA's programs are: tests/farm/mmkit-farm hands it over."""
import json
import re
import signal
import subprocess
import sys
import time
import xmlrpc.client

import yaml

TRIES = 3  # of a job that is lost with its worker
with open("/root/.config/lavacli.yaml", encoding="utf-8") as config:
    identity = yaml.safe_load(config)["default"]
api = xmlrpc.client.ServerProxy(
    identity["uri"].replace("://", f"://{identity['username']}:{identity['token']}@"),
    use_builtin_types=True, allow_none=True,
)


class Job:
    """A job of the server's, with its results so far."""

    def __init__(self, number, workers):
        shown = api.scheduler.jobs.show(number)
        self.number, self.state, self.health = number, shown["state"], shown["health"]
        self.name = shown["description"]
        match = re.fullmatch(r"mmkit (\S+) (\S+) boot (\d+)", self.name)
        self.suite, self.kernel, self.boot = match.groups() if match else (self.name, "-", "-")
        self.worker = workers.get(shown["device"], "")
        self.seconds = None
        if shown["start_time"] and shown["end_time"]:
            self.seconds = (shown["end_time"] - shown["start_time"]).total_seconds()
        self.cases, self.error = [], None
        if shown["start_time"]:
            self.read(yaml.load(api.results.get_testjob_results_yaml(number),
                                Loader=yaml.CSafeLoader) or [])

    def read(self, results):
        for case in results:
            metadata = case["metadata"] or {}
            if case["suite"] == self.suite:
                self.cases.append((case, metadata))
            elif case["suite"] == "lava" and case["name"] == "job":
                self.error = metadata.get("error_msg", "")

    def ended(self):
        return self.state == "Finished"

    def lost(self):
        """Whoever ran it never said how it ended."""
        return self.ended() and self.health == "Incomplete" and self.error is None

    def passed(self):
        return self.ended() and self.health == "Complete"

    def count(self, result):
        return sum(case["result"] == result for case, _ in self.cases)


def read_jobs():
    workers = {d["hostname"]: api.scheduler.devices.show(d["hostname"])["worker"]
               for d in api.scheduler.devices.list()}
    numbers, start = [], 0
    while True:
        part = api.scheduler.jobs.list(None, None, start, 100)
        numbers += [int(job["id"]) for job in part]
        if len(part) < 100:
            return [Job(number, workers) for number in sorted(numbers)]
        start += 100


def later(jobs, job):
    """The same job's next try."""
    return next((j for j in jobs if j.name == job.name and j.number > job.number), None)


def give_up(job):
    """LAVA waits for a worker for ever; that its job is lost is for who runs it to say."""
    print(f"job {job.number} is lost: {job.worker} went away", flush=True)
    fail = subprocess.run(["lava-server", "manage", "jobs", "fail", str(job.number)],
                          capture_output=True, text=True, check=False)
    if fail.returncode:
        sys.exit(fail.stderr)


def again(jobs, job):
    if later(jobs, job) or sum(j.name == job.name for j in jobs) >= TRIES:
        return False
    number = api.scheduler.jobs.resubmit(job.number)
    print(f"job {job.number} is tried again, as job {number}", flush=True)
    return True


def wait(limit="inf"):
    end = time.monotonic() + float(limit)
    while time.monotonic() < end:
        offline = {name for name in api.scheduler.workers.list()
                   if api.scheduler.workers.show(name)["state"] == "Offline"}
        jobs = read_jobs()
        for job in jobs:
            if not job.ended() and job.worker in offline and job.state != "Submitted":
                give_up(job)
        tried = [again(jobs, job) for job in jobs if job.lost()]
        if all(job.ended() for job in jobs) and not any(tried):
            return table(jobs)
        time.sleep(2)
    print(f"not all have ended after {limit} s", flush=True)
    table(jobs)
    return False


def note(jobs, job):
    if not job.ended():
        return ""
    if job.lost():
        following = later(jobs, job)
        return f"lost with {job.worker}" + (f", again as {following.number}" if following else "")
    return job.error or ""


def rows(jobs):
    for job in jobs:
        result = {True: "passed", False: "failed"}[job.passed()]
        yield {
            "job": job.number, "kernel": job.kernel, "suite": job.suite, "boot": job.boot,
            "worker": job.worker or "-",
            "result": "lost" if job.lost() else result if job.ended() else job.state.lower(),
            "pass": job.count("pass"), "fail": job.count("fail"), "skip": job.count("skip"),
            "seconds": "-" if job.seconds is None else round(job.seconds),
            "note": note(jobs, job),
        }


def case_name(case, metadata):
    """LAVA's own name has no blanks; the test's is beside it."""
    beside = {key: value for extra in metadata.get("extra") or [] for key, value in extra.items()}
    return beside.get("test_case_id", case["name"])


def cases(jobs):
    for job in jobs:
        for case, metadata in job.cases:
            value = case["measurement"]
            value = "" if value in (None, "", "None") else f" # {value} {case['unit']}"
            print(f"{job.number} {case['result']} {case_name(case, metadata)}{value}")
    return all(job.passed() or later(jobs, job) for job in jobs)


def table(jobs):
    """Status 0: whatever was submitted has passed, if not at once."""
    lines = list(rows(jobs))
    if lines:
        heads = list(lines[0])
        cells = [[head.upper() for head in heads]]
        cells += [[str(line[head]) for head in heads] for line in lines]
        width = [max(len(cell) for cell in column) for column in zip(*cells)]
        for line in cells:
            print("  ".join(
                cell.rjust(w) if head in ("job", "pass", "fail", "skip", "seconds")
                else cell.ljust(w) for cell, w, head in zip(line, width, heads)).rstrip())
    return all(job.passed() or job.lost() and later(jobs, job) for job in jobs)


def results(how=""):
    jobs = read_jobs()
    # Who reads may have had enough. Not earlier: the server's end may close, too.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if how == "--json":
        print(json.dumps(list(rows(jobs)), indent=1))
        return all(job.passed() or job.lost() and later(jobs, job) for job in jobs)
    return cases(jobs) if how == "--cases" else table(jobs)


if __name__ == "__main__":
    sys.exit(0 if {"wait": wait, "results": results}[sys.argv[1]](*sys.argv[2:]) else 1)
