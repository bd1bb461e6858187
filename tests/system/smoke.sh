#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-*
# LONG: stock-6.1-arm64
# TIMEOUT: 300
# Every kernel there is: the modules load, each area does what it is for and says
# the same as /proc, and nothing is left behind.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program truth

# One CPU: emulated, two now and then trip over code that the kernel patches.
SMP=1 in_guest smoke.sh truth
end
