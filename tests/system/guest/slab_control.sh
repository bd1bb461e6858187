# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# The area's control file, and what only a debug kernel shows.
T=/tmp/slab
D=/sys/kernel/debug/mmkit/slab

# shellcheck source=cli.sh
. /extra/cli.sh

# --- a reserve is served when nothing else is
for over in cache kmalloc pages; do
	json 0 --json slab guarantee --over $over --fail refuse
	if debug_kernel; then
		json 0 --json slab guarantee --over $over
		holds "$(number taken) == 8 && $(number from_reserve) == 8 && $(number failures) >= 9" \
			"the mempool over $over serves its reserve while every allocation fails"
		run 0 slab guarantee --over $over
		has '^the guarantee was kept'
		grep -q '^0$' /sys/kernel/debug/failslab/probability
		result $? "and nothing fails afterwards"
	else
		run 77 slab guarantee --over $over
		says 'CONFIG_FAULT_INJECTION'
	fi
done
run 0 slab guarantee --reserve 8 --count 3 --fail refuse
run 2 slab guarantee --reserve 0

# --- the control file takes the same
: >$T.err
echo 'create ctl -b 300 -a 64 -x ctor' >$D/control
says_control '^handle [0-9]+$'
cache=$(new_handle)
echo "alloc $cache -c 20 -x bulk" >$D/control
says_control 'handle [0-9]+: 20 objects'
objects=$(new_handle)
typed <<END
describe $cache|^freeptr 304 outside$
slabs $cache|^held [0-9]+ full [0-9]+ used 20 of .
objects $objects -N 2|^1: slab 0x[0-9a-f]+ slot [0-9]+ offset [0-9]+
users $cache|^handle $objects: objects, 20 live
END
listed() { # REGEX NAME
	grep -qE "$1" $D/objects
	result $? "objects lists $2"
}
listed '^  mmkit-[0-9]+-ctl: bytes 300' it
# made LINE: the line makes something; prints its handle.
made() {
	echo "$1" >$D/control
	says_control '^handle [0-9]+$' >&3
	new_handle
}
exec 3>&1
pool=$(made 'pool -O kmalloc -b 200 -r 4')
typed <<END
take $pool -c 6 -x refuse|^taken 4 of 6, 4 of them from the reserve, in it 0, held 4, failures [0-9]+$
give $pool -c 3|^to the reserve 3, in it 3, held 1$
END
plain=$(made 'create plain -b 300')
lru=$(made "lru $plain")
typed <<END
add $lru -c 10|^added 10$
stat $lru|^added 10 live [0-9]+ taken [0-9]+ counts [0-9]+ scans [0-9]+ scanned [0-9]+$
END
listed '^  over kmalloc: reserve 3 of 4, taken 1 of [0-9]+, failures [0-9]+$' "a pool"
listed '^  of mmkit-[0-9]+-plain: added 10 live [0-9]+ counts' "an LRU"
safe=$(made 'create safe -b 64 -x typesafe_by_rcu')
if echo "reuse $safe -r 3" 2>/dev/null >$D/control; then
	says_control '^rounds 3 reused [0-9]+ in_grace [0-9]+ stale ([0-9]+) caught \1 safe [0-9]+$'
else
	zcat /proc/config.gz | grep -q ^CONFIG_SLUB_RCU_DEBUG=y
	result $? "reuse is refused where freed objects wait for a grace period"
fi
typed <<END
free $pool|^done$
free $lru|^done$
destroy $plain|^done$
destroy $safe|^done$
END
exec 3>&-
refuses "create" "create x -b 0" "create x -b 10 -x nosuch" "destroy $cache" "destroy 999" \
	"alloc 999" "alloc $cache -c 0" "free $objects -f 20" "pool -O cache -C $cache" \
	"take $objects" "lru $cache" "reuse $cache" "stat $cache" "nosuch"
typed <<END
free $objects -f 3 -N 1|^done$
objects $objects -f 2 -N 2|^3: freed$
free $objects -x bulk|^> free $objects
destroy $cache|^done$
END
! grep -q '^session ' $D/objects
result $? "and nothing is left"
! grep -q mmkit- /proc/slabinfo
result $? "nor in /proc/slabinfo"
