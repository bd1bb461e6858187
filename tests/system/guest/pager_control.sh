# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# The pager by the area's control file.
T=/tmp/pager
D=/sys/kernel/debug/mmkit/map

# shellcheck source=cli.sh
. /extra/cli.sh

# --- the control file takes the same
echo 'set -b 65536 -s pager' >$D/control
echo 'pager -f 4 -p lru' >$D/control
echo 'paged' >$D/control
cat $D/control >$T.out
has '^frames 4 policy lru swap [a-z]+ resident 0 '
! echo 'pager -f 0' 2>/dev/null >$D/control
result $? "control refuses no frame"
! echo 'pager -f 4 -p opt' 2>/dev/null >$D/control
result $? "control refuses a policy that is none"
cat $D/stores >$T.out
has '^session [0-9]+ strategy pager bytes 65536 '
echo 'set -b 0' >$D/control
