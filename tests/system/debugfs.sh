#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1 debug-6.1
# LONG: stock-* debug-*
# TIMEOUT: 900
# What docs/ABI names is what there is. What can be done with echo and cat, what
# tracefs shows, and what is left of it when the kernel is locked down.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program trace
cp -r docs/ABI/testing "$GUEST/abi"

# What is documented first: the others make files.
in_guest abi.sh debugfs.sh trace
# For itself, because nothing can take a lockdown back.
in_guest lockdown.sh
end
