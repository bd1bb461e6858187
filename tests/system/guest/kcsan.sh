# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# KCSAN was at it, and how much.
T=/tmp/kcsan
# shellcheck source=tap.sh
. /extra/tap.sh

cat /sys/kernel/debug/kcsan >$T.out 2>$T.err
grep -q '^enabled: 1$' $T.out
result $? "KCSAN is on"
awk -F ': *' '$1 == "setup_watchpoints" { n = $2 } END { exit !(n > 0) }' $T.out
result $? "and watched"
sed -n 's/^\(setup_watchpoints\|data_races\): */# \1 /p' $T.out
