#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# Each area once, by command, with what it prints held against /proc.
T=/tmp/smoke
# shellcheck source=cli.sh
. /extra/cli.sh

agree() { # WORD...: the command succeeds and the kernel's files say the same
	run 0 --verify "$@"
	has '^verified: yes'
}

run 0 info
run 0 doctor
agree pages alloc -o 3 -c 4
agree pages zones
agree pages buddy
agree pages frag
run 0 pages drain
agree map run -s page --size 1M --touch all
agree heap alloc -a kmalloc -b 100
agree heap alloc -a vmalloc -b 1M
run 0 heap choose --size 64K
agree slab create t -b 300 -x typesafe_by_rcu,ctor
agree aspace regions --rss
agree aspace walk stack
run 0 aspace map
has 'vmalloc'
if [ "$(uname -m)" = x86_64 ]; then
	agree memblock observe
else
	echo "ok - mmkit memblock observe # SKIP memblock is found on x86-64 only"
fi
run 0 bench run pages/order/0
for round in 1 2 3; do
	mmkit unload >"$T".out 2>"$T".err && mmkit load >>"$T".out 2>>"$T".err
	result $? "round $round of unload and load"
done
