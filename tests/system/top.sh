#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1
# LONG: stock-* debug-*
# TIMEOUT: 900
# mmkit top: what it reads against the kernel's files, and its screen in a tmux.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

command -v tmux >/dev/null || skip_all "tmux is not installed; run: tests/setup check"
PROGS=tmux in_guest top.sh >"$WORK/tap"
grep -v '^json ' "$WORK/tap" || true
by_schema 2
end
