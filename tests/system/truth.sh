#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1 debug-6.1
# LONG: stock-* debug-*
# TIMEOUT: 900
# What mmkit says equals what the kernel says in /proc and in debugfs.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program truth

in_guest truth
end
