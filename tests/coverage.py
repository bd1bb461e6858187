#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Of what gcov tells of each object, a line of JSON: how many basic blocks of each
folder of modules/ were run, and the lines with one that was not.

usage: coverage.py SOURCE-PREFIX MISSED [WANT] <GCOV'S LINES
Exit status 1 if less than WANT percent were run.
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
                lines[key] = missed and lines.get(key, (True,))[0], name
    return blocks, lines


def table(blocks):
    run, there = collections.Counter(), collections.Counter()
    for (path, _), (executed, all_blocks) in blocks.items():
        for name in path.split("/")[1], "all":
            run[name] += executed
            there[name] += all_blocks
    for name in sorted(there, key=lambda name: (name == "all", name)):
        percent = 100 * run[name] / there[name]
        print(f"{name:<12}{run[name]:6} of {there[name]:6} blocks, {percent:5.1f} %")
    return 100 * run["all"] / there["all"]


def main(prefix, missed, want=0):
    blocks, lines = read(sys.stdin, prefix)
    if not blocks:
        sys.exit("tests/coverage: gcov knows no code of " + prefix)
    with open(missed, "w", encoding="utf-8") as out:
        for (path, number), (is_missed, name) in sorted(lines.items()):
            if is_missed:
                print(f"{path}:{number} {name}", file=out)
    percent = table(blocks)
    print(f"lines with a block that was not run: {missed}")
    return int(percent < float(want))


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
