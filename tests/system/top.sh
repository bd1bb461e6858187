#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1
# LONG: stock-* debug-*
# TIMEOUT: 900
# mmkit top: what it reads against the kernel's files, and its screen in a tmux.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

for tool in tmux strace; do
	command -v $tool >/dev/null || skip_all "$tool is not installed; run: tests/setup check"
done
PROGS="tmux strace" in_guest top.sh >"$WORK/tap"
grep -v '^json ' "$WORK/tap" || true
by_schema 2
# A kernel that debugs itself says nothing about what it costs.
if [[ $KERNEL = stock-* ]]; then
	ICOUNT=1 PROGS=tmux in_guest top_cost.sh
fi
end
