# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# Every bug of mmkit_bugs: its detector tells of it, and the tool reads the report. Where
# each begins stands in the log, for the host, which looks for itself.
T=/tmp/bugs
D=/sys/kernel/debug/mmkit/bugs

# shellcheck source=cli.sh
. /extra/cli.sh

! grep -q '^mmkit_bugs ' /proc/modules && ! [ -e $D ]
result $? "mmkit load leaves the bugs out"
json 77 --json bug run list
run 77 bug run list
says 'make bug NAME=list'
run 0 load mmkit_bugs
# Two of them end their thread, and the machine is to go on.
echo 0 >/proc/sys/kernel/panic_on_oops
[ -e $D/control ] && ! [ -e /dev/mmkit/bugs ]
result $? "it has debugfs files and no device"
json 0 --json bug list
tr -d '\n ' <$T.out | grep -o '"name":"[^"]*"' | cut -d'"' -f4 >$T.names
cut -d' ' -f1 $D/list >$T.module
cmp -s $T.names $T.module
result $? "the module and the tool have the same bugs"
echo 'trigger nosuch' >$D/control 2>/dev/null
grep -qE '^failed: -(ENOENT|2)$' $D/control
result $? "a bug that is none is refused"

# lockdep first, which the others switch off; of it RCU before what switches it off
# itself. Those that end their thread last.
for bug in rcu-reader rcu-sleep lock-inversion atomic-sleep refcount list use-after-free \
	double-free slab-bounds vmalloc-bounds stack-bounds slab-overwrite mapped-page leak \
	uninitialised page-twice; do
	echo "mmkit-bug: $bug" >/dev/kmsg
	json 0 --json bug run $bug
	echo $bug
done >$T.all
echo "mmkit-bug: end" >/dev/kmsg
grep -vE '^[a-z-]+$' $T.all
grep -E '^[a-z-]+$' $T.all | sort >$T.done
sort $T.names | cmp -s - $T.done
result $? "each was done"

# The kernel tells of these once: what does not fire is told from what does.
for bug in rcu-reader refcount; do
	json 1 --json bug run $bug
	run 1 bug run $bug
	has '^NOT SEEN: '
done
run 0 bug run use-after-free
has '^done by mmkit_bug_use_after_free\(\) in modules/bugs/object.c$'
has '^    \| KASAN: memory was used that had been freed'
has '^    \| where the object was freed'
[ "$(grep '^    | ' $T.out | awk 'length > 79' | wc -l)" -eq 0 ]
result $? "what is added fits into 80 columns"
dmesg >/tmp/dmesg
json 0 --json bug explain /tmp/dmesg
run 0 bug explain /tmp/dmesg
has '^    \| lockdep: locks are taken in an order'
run 1 bug explain /nosuch
run 2 bug run nosuch
run 2 bug run lis
says "did you mean 'list'"
run 2 bug run
