#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: debug-6.1
# TIMEOUT: 43200
# Pairs of what may happen at the same time, at every moment ("make races"): ROUNDS of
# each, or as many as there are in SECONDS_EACH. tests/system/map.sh has them in short.
# On a kernel with KCSAN no data race of mmkit's own may be reported.
. "$(dirname "$0")/lib.sh"
KERNEL=${KERNEL:-debug-6.1}
. "$(dirname "$0")/boot.sh"

ROUNDS=${ROUNDS:-200000}
SECONDS_EACH=${SECONDS_EACH:-60}
program races
items=("races $ROUNDS $SECONDS_EACH ${PAIR:-all} ${SEED:-1} ${MOMENT:-}")
if [[ $KERNEL = kcsan-* ]]; then
	# The kernel's own races are no finding; ours are looked for below. It watches one
	# access of 4000 otherwise.
	export EXPECT_LOG='KCSAN: data-race' APPEND="kcsan.skip_watch=400 ${APPEND:-}"
	items+=(kcsan.sh)
fi
LOG=$WORK/log TIMEOUT=${TIMEOUT:-$((900 + (${SECONDS_EACH%.*} + 20) * 15))} \
	in_guest "${items[@]}"

if [[ $KERNEL = kcsan-* ]]; then
	races=$(tr -d '\r' <"$WORK/log" | grep -o 'KCSAN: data-race in .*' | sort | uniq -c) || true
	unlike "no data race of mmkit's own" "$races" '\[mmkit_'
	diag "kinds of the kernel's: $(grep -c 'KCSAN' < <(grep -v '\[mmkit_' <<<"$races") || true)"
fi
end
