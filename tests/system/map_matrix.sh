#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1
# LONG: stock-* debug-*
# TIMEOUT: 1200
# mmkit map matrix against tests/cases/map_matrix.txt.
. "$(dirname "$0")/lib.sh"

plan 5

# shellcheck disable=SC2016  # the dollars are the kernel's
APPEND='memmap=16M$0x20000000 mmkit_memblock.carveout=16M$0x20000000' SWAP=16M TIMEOUT=1000 \
	vm 'swapoff /dev/vda && mmkit map matrix --disk /dev/vda --json'
is "the matrix runs" "$STATUS" 0

# rows: "operation result strategy,..." of the answer, in the order of the file.
rows() {
	python3 -c '
import json, sys
rows = {}
for cell in json.load(sys.stdin)["result"]["cells"]:
    key = cell["operation"], cell["shown"]
    rows.setdefault(key, []).append(cell["strategy"])
    if not cell["why"] or not cell["decides"]:
        print("no reason:", cell)
for (operation, shown), names in sorted(rows.items()):
    print(operation, shown, ",".join(names))'
}

# The rows for this kernel; of an operation that a later section has, its rows.
expected() {
	awk -v kernel="$KERNEL" '
		/^#/ || !NF { next }
		/^\[/ { gsub(/[][]/, " "); mine = index($0, " " kernel " "); other = !mine
			split("", now); next }
		other { next }
		mine && !($1 in now) { now[$1] = 1; delete row[$1] }
		{ row[$1] = row[$1] $0 "\n" }
		END { for (name in row) printf "%s", row[name] }' \
		tests/cases/map_matrix.txt | LC_ALL=C sort
}

# What docs/map.md says of 6.1, a line for each cell; "X (`page`: Y)" is Y for page.
documented() {
	# shellcheck disable=SC2016  # they are markdown's
	python3 -c '
import re, sys
shown = {"SIGBUS": "BUS", "left out": "left-out"}
names = None
for line in sys.stdin:
    cells = [cell.strip() for cell in line.split("|")[1:-1]]
    if line.startswith("| operation | `page`"):
        names = [re.findall(r"`(\w+)`", cell) for cell in cells[1:-1]]
    elif not cells:
        names = None
    elif names and cells[0][0] != "-":
        for column, cell in zip(names, cells[1:-1]):
            but = dict(re.findall(r"`(\w+)`: (\w+)", cell))
            for name in column:
                one = but.get(name, cell.split(" (")[0])
                print(cells[0], shown.get(one, one), name)' <docs/map.md | LC_ALL=C sort
}

# The same of the rows.
cells() {
	KERNEL=stock-6.1 expected | awk '{ n = split($3, name, ",")
		for (i = 1; i <= n; i++) print $1, $2, name[i] }' | LC_ALL=C sort
}

found=$(rows <<<"$OUT") || true
is "every cell is as expected" "$found" \
	"$(expected)"
case $KERNEL in
*-6.*) resizes=vma_to_resize ;;
*) resizes=check_prep_vma ;;
esac
is "what decides is called as in this kernel" \
	"$(grep -A9 '"operation": "mremap-grow"' <<<"$OUT" | sed -n 's/.*"decides": "\(.*\)".*/\1/p' | sort -u)" \
	"$resizes"
is "docs/map.md has the same table" "$(documented)" "$(cells)"
unlike "every cell has its reason" "$found" '^no reason'
finish
