#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1 debug-6.1
# LONG: stock-* debug-* stock-6.1-arm64
# TIMEOUT: 1200
# The core: rules of every command, from 64-bit and 32-bit callers; who may do what;
# sessions, quotas, info; modules that go; where there is fault injection, every
# allocation fails.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

for p in dispatch session allowed; do
	program "$p"
	program "$p" -m32
done
program unload
program failnth

# What is free is filled with a mark, so that it shows where it gets out.
[[ $KERNEL = debug-* ]] || export APPEND="page_poison=1 init_on_alloc=0 slub_debug=P ${APPEND:-}"
# vmalloc_user() takes no __GFP_NOWARN, and kmemleak speaks of its own allocations.
[[ $KERNEL != debug-* ]] ||
	export EXPECT_LOG='failnth: vmalloc error|kmemleak: Cannot allocate a scan area'
TIMEOUT=1000 in_guest dispatch dispatch32 session session32 allowed allowed32 \
	unload failnth
end
