#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: stock-6.1 debug-6.1
# TIMEOUT: 600
# What a few things cost in instructions, a test each, for a farm that keeps such
# figures from run to run. bench_icount.sh is what judges them.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

ICOUNT=1 in_guest measures.sh
end
