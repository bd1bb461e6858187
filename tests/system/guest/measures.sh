# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# A few costs as TAP with what was measured: "ok - NAME # VALUE UNIT".
mmkit --json bench run core/nothing pages/order/0 heap/kmalloc/64 slab/alloc \
	ioctl/nothing map/touch/page >/tmp/bench.json || exit 1
tr -d '\n ' </tmp/bench.json >/tmp/bench
unit=$(sed -n 's/.*"unit":"\([a-z]*\)".*/\1/p' /tmp/bench)
tr '{' '\n' </tmp/bench |
	sed -n 's/^"id":"\([^"]*\)",.*"cost":\([0-9]*\),.*/\1 \2/p' >/tmp/costs
while read -r id cost; do
	printf 'ok - %s # %d.%03d %s\n' "$id" $((cost / 1000)) $((cost % 1000)) "$unit"
done </tmp/costs
[ "$(wc -l </tmp/costs)" -ge 6 ] || echo "not ok - six benchmarks were measured"
