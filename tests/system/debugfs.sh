#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1 debug-6.1
# LONG: stock-* debug-*
# TIMEOUT: 900
# What can be done with echo and cat, what tracefs shows, and what is left of it
# when the kernel is locked down.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program trace

in_guest debugfs.sh trace
# For itself, because nothing can take a lockdown back.
in_guest lockdown.sh
end
