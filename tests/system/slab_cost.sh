#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1
# LONG: stock-*
# TIMEOUT: 900
# What an object costs when there are a million of them, in instructions and in
# bytes: on a machine whose clock counts instructions.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program slab_cost

ICOUNT=1 in_guest slab_cost
end
