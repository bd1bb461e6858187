#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1 debug-6.1
# LONG: stock-* debug-*
# TIMEOUT: 900
# /dev/mmkit/memblock: every command and every refusal; the CLI and the control
# file; this boot observed, replayed and drawn; carve-outs; real calls at boot,
# where the kernel has them; the JSON by the schema.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program memblock
program memblock -m32

export APPEND=$MEMBLOCK_BOOT
# Where nothing was asked for, two nodes.
[[ $KERNEL = debug-* ]] || export NUMA=${NUMA:-2}
in_guest memblock memblock32 memblock_control.sh long:memblock.sh >"$WORK/tap"
grep -v '^json ' "$WORK/tap" || true

by_schema 10

# The textbook's module ends in modpost, and by that error alone.
cp -r examples/memblock-textbook "$WORK/textbook"
if [[ $KERNEL = stock-* ]]; then
	rc=0
	QUIET=1 tests/vm/build --external "$WORK/textbook" "$KERNEL" modules \
		>"$WORK/make" 2>&1 || rc=$?
	ok "the textbook's module compiles" test -e "$WORK/textbook/textbook.o"
	ok "and is no module" test "$rc" -ne 0 -a ! -e "$WORK/textbook/textbook.ko"
	is "for modpost misses two functions, and says nothing else" \
		"$(sed -n 's/^ERROR: modpost: //p' "$WORK/make" | grep -o 'memblock_.*' |
			sed -E "s/^([a-z_]+)[\"'] .*undefined!\$/\1/" | sort | xargs)" \
		"memblock_alloc_try_nid memblock_free"
fi
end
