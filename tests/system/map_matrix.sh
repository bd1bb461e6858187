#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1
# LONG: stock-* debug-*
# TIMEOUT: 300
# mmkit map matrix against tests/cases/map_matrix.txt.
. "$(dirname "$0")/lib.sh"

plan 4

# shellcheck disable=SC2016  # the dollars are the kernel's
APPEND='memmap=16M$0x20000000 mmkit_memblock.carveout=16M$0x20000000' SWAP=16M \
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

# The rows for this kernel.
expected() {
	awk -v kernel="$KERNEL" '
		/^#/ || !NF { next }
		/^\[/ { gsub(/[][]/, " "); mine = index($0, " " kernel " "); other = !mine; next }
		other { next }
		mine && !($1 in now) { now[$1] = 1; delete row[$1] }
		{ row[$1] = row[$1] $0 "\n" }
		END { for (name in row) printf "%s", row[name] }' \
		tests/cases/map_matrix.txt | LC_ALL=C sort
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
unlike "every cell has its reason" "$found" '^no reason'
finish
