#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: debug-*
# TIMEOUT: 43200
# Pairs of what may happen at the same time, at every moment ("make races"): ROUNDS of
# each, or as many as there are in SECONDS_EACH, or of PAIR, which may be "quick" or
# "slow". tests/system/map.sh has them in short.
# On a kernel with KCSAN no data race may be reported but one that is planted.
. "$(dirname "$0")/lib.sh"
KERNEL=${KERNEL:-debug-6.1}
. "$(dirname "$0")/boot.sh"

ROUNDS=${ROUNDS:-200000}
SECONDS_EACH=${SECONDS_EACH:-60}
program races
# Most of a round that unloads a module or takes a CPU away is spent in the kernel's own
# waits for a grace period. On debug kernels, which are slow, an expedited one is soon said
# to stall.
[[ $KERNEL != stock-* ]] || export APPEND="rcupdate.rcu_expedited=1 ${APPEND:-}"
items=("races $ROUNDS $SECONDS_EACH ${PAIR:-all} ${SEED:-1} ${MOMENT:-}")
if [[ $KERNEL = kcsan-* ]]; then
	# Those are looked for below. In that kernel the modules alone are watched, and one
	# access of 2 instead of 4000, so a race planted must be seen.
	export EXPECT_LOG='KCSAN: data-race' APPEND="kcsan.skip_watch=2 ${APPEND:-}"
	external tests/system/racy "the module with a race builds"
	items+=(kcsan.sh racy.sh)
fi
case ${PAIR:-all} in
all | quick) pairs=16 ;;
slow) pairs=3 ;;
*) pairs=1 ;;
esac
LOG=$WORK/log TIMEOUT=${TIMEOUT:-$((900 + (${SECONDS_EACH%.*} + 20) * pairs))} \
	in_guest "${items[@]}"

if [[ $KERNEL = kcsan-* ]]; then
	races=$(tr -d '\r' <"$WORK/log" | grep -o 'KCSAN: data-race in .*' |
		grep -v ' racy_counter ' | sort | uniq -c) || true
	ok "the log has the planted race" grep -q 'data-race in racy_counter ' "$WORK/log"
	is "no data race but the planted one" "$races" ''
fi
end
