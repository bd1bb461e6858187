#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1 debug-6.1
# LONG: stock-* debug-*
# TIMEOUT: 2400
# Strategy "pager": textbooks, swaps, held pages, and torture by eight threads for
# 30 seconds. The event ring. PAGER_SECONDS=600 makes it ten minutes ("make torture").
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program pager
program pager -m32
program pager_held
program pager_held -m32
program pager_race
program events
program events -m32

# Debian's kernel zeroes what it allocates; whether mmkit does shows without.
TIMEOUT=${TIMEOUT:-$((600 + ${PAGER_SECONDS:-30} * 2))} \
	APPEND="init_on_alloc=0 ${APPEND:-}" SWAP=16M in_guest pager pager32 pager_held pager_held32 events \
	events32 pager_control.sh long:pager.sh "pager_race ${PAGER_SECONDS:-30}" >"$WORK/tap"
grep -v '^json ' "$WORK/tap" || true
by_schema 15
end
