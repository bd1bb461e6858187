#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Of what gcov tells of each object, a line of JSON: how many basic blocks and how many
lines of each folder of modules/ were run, and the lines with a block that was not.

usage: coverage.py SOURCE-PREFIX MISSED [WANT] <GCOV'S LINES
Exit status 1 if less than WANT percent of the lines were run.
"""
import collections
import json
import sys

# Not of the product: bugs on purpose.
LEFT_OUT = ("modules/bugs/",)


def ours(path, prefix):
    path = path.removeprefix(prefix)
    if not path.startswith("modules/") or path.startswith(LEFT_OUT):
        return None
    return path


def read(stream, prefix):
    """What is in many objects, of a header or of a suite that includes a unit of a
    module to test it, counts by the best of them."""
    blocks, lines = {}, {}
    for text in stream:
        for file in json.loads(text)["files"]:
            path = ours(file["file"], prefix)
            if not path:
                continue
            for f in file["functions"]:
                key = path, f["name"]
                seen = f["blocks_executed"], f["blocks"]
                blocks[key] = max(blocks.get(key, seen), seen)
            for line in file["lines"]:
                key = path, line["line_number"]
                missed = line["unexecuted_block"]
                name = line.get("function_name", "")
                was = lines.get(key, (True, False))
                lines[key] = missed and was[0], bool(line["count"]) or was[1], name
    return blocks, lines


def add_up(each):
    """By folder, and of all: how many were run, and there are."""
    run, there = collections.Counter(), collections.Counter()
    for path, executed, nr in each:
        for name in path.split("/")[1], "all":
            run[name] += executed
            there[name] += nr
    return run, there


def table(blocks, lines):
    of_blocks = add_up((path, *seen) for (path, _), seen in blocks.items())
    of_lines = add_up((path, run, 1) for (path, _), (_, run, _) in lines.items())
    names = sorted(of_blocks[1], key=lambda name: (name == "all", name))
    for name in names:
        print(f"{name:<10}" + ",".join(
            f"{run[name]:6} of {there[name]:6} {what}, {percent(run, there, name):5.1f} %"
            for what, (run, there) in (("lines", of_lines), ("blocks", of_blocks))))
    return percent(*of_lines, "all")


def percent(run, there, name):
    return 100 * run[name] / there[name] if there[name] else 100


def main(prefix, missed, want=0):
    blocks, lines = read(sys.stdin, prefix)
    if not blocks:
        sys.exit("tests/coverage: gcov knows no code of " + prefix)
    with open(missed, "w", encoding="utf-8") as out:
        for (path, number), (is_missed, run, name) in sorted(lines.items()):
            if is_missed:
                print(f"{path}:{number} {name}{', in part' if run else ''}", file=out)
    reached = table(blocks, lines)
    print(f"lines with a block that was not run: {missed}")
    return int(reached < float(want))


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
