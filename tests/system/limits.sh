#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: stock-6.1 debug-6.1 stock-newest debug-7
# TIMEOUT: 900
# As much as there may be: 10000 sessions, 65000 mappings, 1000000 handles, and modules that
# go under load. On a debug kernel it is 50000 handles, whose every object costs a kilobyte
# more, and 5000 mappings, of which every one takes milliseconds there.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program limits
HANDLES=1000000 MAPS=65000
[[ $KERNEL != debug-* ]] || HANDLES=50000 MAPS=5000
MEM=2G in_guest "limits $HANDLES $MAPS"
end
