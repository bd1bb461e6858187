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

PROGS=script in_guest heap heap32 heap.sh "heap floods" >"$WORK/tap"
grep -v '^json ' "$WORK/tap" || true
# More than 4 GiB: of the second node none can be reached by 32 bits. Without large pages in
# vmalloc space what shrinks there gives back pages, on some kernels.
NUMA=2 MEM=6G APPEND=nohugevmalloc in_guest heap_bound "heap shrinks"

by_schema 15
end
