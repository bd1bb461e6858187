#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1
# LONG: stock-*
# TIMEOUT: 900
# What a walk of 1 GiB costs beside reading pagemap and kpageflags, in instructions.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program aspace_cost
ICOUNT=1 MEM=2G APPEND=mitigations=off in_guest aspace_cost
end
