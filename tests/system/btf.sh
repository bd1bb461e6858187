#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: stock-*
# TIMEOUT: 600
# The modules bring their types as the kernel has its own, and bpftrace reads the
# tracepoints: what it counts is what mmkit says that it did.
. "$(dirname "$0")/lib.sh"

command -v bpftrace >/dev/null || skip_all "bpftrace is not installed; run: tests/setup trace"
export KERNEL=${KERNEL:-stock-6.1}

plan 6

# 8 pages of 8 blocks, kept and freed; the session ends with the command. bpftrace
# attaches before it starts the command, and is asked for nothing more than a line.
# shellcheck disable=SC2016  # the guest's shell and bpftrace expand these
PROGS=bpftrace MEM=2G SMP=1 TIMEOUT=500 vm '
export BPFTRACE_STRLEN=32
ls /sys/kernel/btf | grep ^mmkit_ | sort | tr "\n" " "; echo
lsmod | sed -n "s/^\(mmkit_[a-z]*\) .*/\1/p" | sort | tr "\n" " "; echo
bpftrace -c "/usr/bin/mmkit pages alloc -o 3 -c 8" -e "
	tracepoint:mmkit:mmkit_alloc { @[args->kind] = sum(args->bytes); }
	tracepoint:mmkit:mmkit_session_open { @opened = count(); }
	tracepoint:mmkit:mmkit_session_close { @closed[args->area] = count(); }" |
	grep "^@" | tr "\n" ";"; echo
bpftrace -c "/usr/bin/mmkit pages alloc -o 0" -e "
	kfunc:mmkit_core:mmkit_charge { @[str(args->session->area->entry.name)] = max(args->bytes); }" |
	grep "^@"'
mapfile -t said <<<"$OUT"
is "the VM ended well" "$STATUS" 0
diag "$ERR"
is "each module has its types" "${said[0]:-}" "${said[1]:-none}"
like "mmkit_alloc: one block list of 8 times 8 pages" "${said[2]:-}" '@\[[a-z]+\]: 262144;'
like "mmkit_session_open: one session" "${said[2]:-}" '@opened: 1;'
like "mmkit_session_close: of /dev/mmkit/pages" "${said[2]:-}" '@closed\[pages\]: 1;'
like "a probe of a module's own function follows its pointers" "${said[3]:-}" '^@\[pages\]: 4096$'

finish
