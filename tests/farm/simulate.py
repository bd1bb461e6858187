#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""simulate.py [--machines N,N] [--store GBIT] [--assign SECONDS] [--tick SECONDS]
[--cached SHARE] COSTS: a farm, second by second, on paper.

COSTS is what "tests/lava/results --costs" printed of jobs that ran: name, bytes of
artefacts, seconds to boot, seconds to run, bytes of log. Each machine takes jobs of that
mix without end: it waits until the scheduler, which looks every --tick seconds and spends
--assign seconds on each job it hands out, gives it one; fetches the artefacts over the
store's one link, which all that fetch share alike; boots; runs. What --cached says is
fetched from a worker's own cache and costs the link nothing.
"""
import argparse
import heapq
import random


class Link:
    """A link shared alike by all that use it: each unit of virtual time is a byte for
    every one of them, so who finishes first can be kept in a heap."""

    def __init__(self, rate):
        self.rate, self.virtual, self.at = rate, 0.0, 0.0
        self.flows, self.busy, self.carried = [], 0.0, 0.0

    def advance(self, now):
        if self.flows:
            self.virtual += (now - self.at) * self.rate / len(self.flows)
            self.busy += now - self.at
        self.at = now

    def start(self, now, size, machine):
        self.advance(now)
        self.carried += size
        heapq.heappush(self.flows, (self.virtual + size, machine))

    def next(self):
        if not self.flows:
            return float("inf")
        left = max(0.0, self.flows[0][0] - self.virtual)
        return self.at + left * len(self.flows) / self.rate

    def finish(self, now):
        self.advance(now)
        return heapq.heappop(self.flows)[1]


class Farm:
    def __init__(self, args, jobs, machines):
        self.args, self.jobs, self.machines = args, jobs, machines
        self.random = random.Random(1)
        self.link = Link(args.store * 1e9 / 8)
        self.events, self.idle = [], []
        self.current = [None] * machines
        self.since = [0.0] * machines
        self.done, self.waited, self.fetched, self.worked = 0, 0.0, 0.0, 0.0
        self.scheduler_busy = 0.0
        # They are not switched on together, or they would stay in step.
        mean = sum(job["boot"] + job["run"] for job in jobs) / len(jobs)
        for machine in range(machines):
            self.since[machine] = self.random.uniform(0, mean)
            heapq.heappush(self.events, (self.since[machine], machine, "on"))

    def assign(self, now):
        """One look of the scheduler's; returns when it looks again."""
        end = now
        waiting, self.idle = self.idle, []
        for machine in waiting:
            end += self.args.assign
            heapq.heappush(self.events, (end, machine, "fetch"))
        self.scheduler_busy += end - now
        return max(now + self.args.tick, end)

    def event(self, now, machine, what):
        if what == "on":
            self.idle.append(machine)
        elif what == "fetch":
            self.waited += now - self.since[machine]
            job = self.current[machine] = self.random.choice(self.jobs)
            self.since[machine] = now
            size = 1.0 if self.random.random() < self.args.cached else job["bytes"]
            self.link.start(now, size, machine)
        elif what == "fetched":
            self.fetched += now - self.since[machine]
            job = self.current[machine]
            self.since[machine] = now
            heapq.heappush(self.events, (now + job["boot"] + job["run"], machine, "end"))
        else:
            self.worked += now - self.since[machine]
            self.done += 1
            self.since[machine] = now
            self.idle.append(machine)

    def run(self, until):
        now, look = 0.0, 0.0
        while now < until:
            first = self.events[0][0] if self.events else float("inf")
            now = min(look, first, self.link.next())
            if now == look:
                look = self.assign(now)
            elif now == first:
                self.event(*heapq.heappop(self.events))
            else:
                self.event(now, self.link.finish(now), "fetched")
        return self

    def row(self, until):
        total = self.waited + self.fetched + self.worked
        mean = sum(j["boot"] + j["run"] for j in self.jobs) / len(self.jobs)
        share = [100 * part / total for part in (self.worked, self.fetched, self.waited)]
        return (
            f"{self.machines:8} {3600 * self.done / until:9.0f} "
            f"{self.done * mean / (until * self.machines) * 100:7.1f} "
            f"{share[1]:6.1f} {share[2]:6.1f} {100 * self.link.busy / until:6.1f} "
            f"{self.link.carried * 8 / until / 1e9:7.2f} "
            f"{100 * self.scheduler_busy / until:6.1f}"
        )


def read_costs(path):
    jobs = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, size, boot, run, log = line.rsplit(None, 4)
                jobs.append({"name": name, "bytes": float(size), "boot": float(boot),
                             "run": float(run), "log": float(log)})
    return jobs


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--machines", default="2,100,1000,10000")
    parser.add_argument("--store", type=float, default=10, metavar="GBIT")
    parser.add_argument("--assign", type=float, default=0.02, metavar="SECONDS")
    parser.add_argument("--tick", type=float, default=20, metavar="SECONDS")
    parser.add_argument("--cached", type=float, default=0, metavar="SHARE")
    parser.add_argument("--hours", type=float, default=2)
    parser.add_argument("costs")
    args = parser.parse_args()
    jobs, until = read_costs(args.costs), args.hours * 3600
    print(f"store {args.store:g} Gbit/s, {args.assign:g} s to assign a job, a look every "
          f"{args.tick:g} s, {100 * args.cached:g} % cached, {len(jobs)} kinds of job")
    print("MACHINES    JOBS/H  WORK-% FETCH-% WAIT-% LINK-%  GBIT/S SCHED-%")
    for machines in map(int, args.machines.split(",")):
        print(Farm(args, jobs, machines).run(until).row(until))


if __name__ == "__main__":
    main()
