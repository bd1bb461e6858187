#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: stock-6.12 stock-7.2 stock-newest
# TIMEOUT: 900
# Strategy "iohuge" over a carve-out of 1 GiB, on the kernels that ask a driver for
# entries of that size: one fault maps it, and what mm does to an area in the middle
# of it goes well.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program map_giant

# From 1 GiB on, so that all of it can be one entry; the kernel has the rest.
# shellcheck disable=SC2016  # the dollars are the kernel's
MEM=3G APPEND='memmap=1G$0x40000000 mmkit_memblock.carveout=1G$0x40000000 '"${APPEND:-}" \
	LOG="$WORK/log" in_guest map_giant
unlike "mm took no entry for a broken one" "$(tr -d '\0' <"$WORK/log")" 'bad p[um]d'
end
