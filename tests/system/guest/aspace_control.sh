# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# The area's control file.
T=/tmp/aspace
D=/sys/kernel/debug/mmkit/aspace

# shellcheck source=cli.sh
. /extra/cli.sh

# --- the control file takes the same
: >$T.err
echo 'regions -x count' >$D/control
says_control '^[0-9a-f]+-[0-9a-f]+ r-xp text '
says_control '^pages [0-9]+ .* young '
typed <<'END'
walk 0x1000|^pgd\[0\] .
walk -a direct 1M|^pfn 0x100 .
range -a 0 -e 0x7ffffffff000|^pages 34359738367 hole .
pages -a 0 -N 2 -x clear|^hole level 0$
tables -N 3|^[0-9]+ tables, [0-9]+ bytes, .
context|^cpu [0-9]+ cr3 0x[0-9a-f]+ pcid [0-9]+$
context -p 1|^root 0x[0-9a-f]+ id [0-9]+$
END
grep -qE '^vmalloc +[0-9]+$' $D/kernel
result $? "kernel lists the areas"
! grep -qE 'ff[0-9a-f]{10}' $D/kernel
result $? "and no address"
refuses "regions -N 0" "regions -p -1" "walk 0x800000000000000" "range -a 1 -e 4096" \
	"pages -a 1" "tables -a 4096 -e 4096" "walk -a nosuch 0" "context -p -1" \
	"nosuch"
