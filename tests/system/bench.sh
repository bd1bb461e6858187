#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1 debug-6.1
# LONG: stock-* debug-*
# TIMEOUT: 900
# /dev/mmkit/bench: every command and every refusal; runs that end, are stopped,
# keep to the quota, charge the caller and survive a CPU that goes; the commands
# bench and exercise; an allocator of one's own; the JSON by the schema.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program bench
program bench -m32

external examples "the examples build against the modules"

NUMA=2 in_guest bench bench32 bench_control.sh long:bench.sh >"$WORK/tap"
grep -v '^json ' "$WORK/tap" || true
by_schema 4
end
