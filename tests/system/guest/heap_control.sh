# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# The area's control file.
T=/tmp/heap
D=/sys/kernel/debug/mmkit/heap

# shellcheck source=cli.sh
. /extra/cli.sh

# --- the control file takes the same
: >$T.err
echo 'alloc -a kmalloc -b 300 -c 4' >$D/control
says_control 'handle [0-9]+: 4 objects'
handle=$(new_handle)
typed <<END
realloc $handle -f 1 -b 4000|^moved$
realloc $handle -f 0 -b 500|^in place$
describe $handle -f 1 -N 1|^bytes 4000 usable 4096 .* slab contiguous
END
grep -qE '^  1: bytes 4000 usable 4096' $D/objects
result $? "objects lists it"
typed <<END
free $handle -f 2 -N 1|^done$
describe $handle -f 2 -N 1|^freed$
END
! grep -q '^  2: ' $D/objects && grep -q '^  3: ' $D/objects
result $? "and not what was freed"
echo 'alloc -a kmalloc -b 8 -c 40' >$D/control
says_control 'handle [0-9]+: 40 objects'
many=$(new_handle)
grep -q '^  31: ' $D/objects && ! grep -q '^  32: ' $D/objects && grep -qx '  and 8 more' $D/objects
result $? "nor more than a screen"
grep -qE '^kmalloc_max +4194304$' $D/limits
result $? "limits are there"
refuses "alloc -b 0" "alloc -a nosuch -b 1" "alloc -b 5M" "realloc $handle -f 9 -b 1" \
	"free 999" "alloc -a vmalloc -b 1 -x atomic" "nosuch"
typed <<END
free $handle -x sensitive|^> free $handle
free $many|^done$
END
! grep -q '^session .* heap ' $D/objects
result $? "and nothing is left"
