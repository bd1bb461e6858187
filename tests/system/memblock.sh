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

# shellcheck disable=SC2016  # the dollar is the kernel's
boot='memblock=debug log_buf_len=8M memmap=16M$0x10000000'
boot+=' mmkit.memblock=alloc:1M:align=64K,alloc:300:node=0,reserve:0x20000000:64K,alloc:8M:align=2M'
boot+=',free:@4,free:0x20004000:16K,reserve:0x20000000:4K,free:0x100000:4K,alloc:100G,alloc:64K:max=32M'
# On kernels from 6.12 on; and where nothing was asked for, two nodes.
boot+=' reserve_mem=4M:2M:kept'
export APPEND=$boot
[[ $KERNEL = debug-* ]] || export NUMA=${NUMA:-2}
in_guest memblock memblock32 memblock.sh >"$WORK/tap"
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
