#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1
# TIMEOUT: 900
# ALONE
# What mmkit bench measures in instructions: as by hand, twice the same, the
# targets, and nothing of ours worse than tests/bench-baseline.json by 3 %. After a
# change that is meant to be: tests/bench-baseline.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

tests/vm/build "$KERNEL" >/dev/null
cp -r tests/system/hand "$WORK/hand"
ok "the module written by hand builds" tests/vm/build --external \
	"$WORK/hand" "$KERNEL" modules
cp "$WORK"/hand/*.ko "$GUEST" || true

ICOUNT=1 in_guest bench_icount.sh >"$WORK/tap"
grep -v '^baseline ' "$WORK/tap" || true

sed -n 's/^baseline //p' "$WORK/tap" >"$WORK/now.json"
rc=0
build/tools/mmkit bench compare tests/bench-baseline.json "$WORK/now.json" --ours \
	>"$WORK/compared" 2>&1 || rc=$?
result "$rc" "nothing of ours is more than 3 % worse than tests/bench-baseline.json" ||
	diag "$(grep -E ' worse$|^Not the same|^mmkit' "$WORK/compared")
if that is meant to be: tests/bench-baseline"
end
