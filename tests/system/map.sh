#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1 debug-6.1
# LONG: stock-* debug-*
# TIMEOUT: 900
# /dev/mmkit/map: stores and their mappings, alone and at the same time, with a
# strategy of another module beside mmkit's own. Races of two in short; races.sh has
# them in long.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program map
program map_mm
program map_race
program races

external examples "the examples build against the modules"

# Debian's kernel zeroes what it allocates; whether mmkit does shows without.
APPEND="init_on_alloc=0 ${APPEND:-}" SWAP=16M in_guest "example.sh load" map "example.sh unload" map_mm map_race \
	"races 200 0.5"
end
