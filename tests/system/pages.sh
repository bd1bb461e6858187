#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1 debug-6.1
# LONG: stock-* debug-* stock-6.1-arm64
# TIMEOUT: 900
# /dev/mmkit/pages: every allocation and every refusal, floods of a small cgroup,
# and a machine with two nodes.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program pages
program pages -m32
program memcg
program numa

in_guest pages pages32 memcg
NUMA=2 in_guest numa
end
