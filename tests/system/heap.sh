#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1 debug-6.1
# LONG: stock-* debug-* stock-6.1-arm64
# TIMEOUT: 900
# /dev/mmkit/heap: every function and every refusal; the CLI and the control file;
# what a sweep finds against the kernel's own files; the JSON by the schema; and a
# machine with two nodes.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program heap
program heap -m32
program heap_bound

PROGS=script in_guest heap heap32 heap_control.sh long:heap.sh "heap floods" >"$WORK/tap"
grep -v '^json ' "$WORK/tap" || true
# Of more than 4 GiB the second node has none that 32 bits reach; a debug kernel takes minutes
# for so much. Without large pages in vmalloc space what shrinks there gives back pages, on
# some kernels.
[[ $KERNEL = debug-* ]] && mem=1G || mem=6G
NUMA=2 MEM=$mem APPEND=nohugevmalloc in_guest heap_bound "heap shrinks"

by_schema 15
end
