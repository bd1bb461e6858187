# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# Tracepoints that are off beside none: at most two instructions for each that a path
# passes. A page and an object by ioctl pass alloc and free, a touched page fault, and
# one of the pager's, of which there are more than it has frames, evict as well.
T=/tmp/trace

# shellcheck source=cli.sh
. /extra/cli.sh

rows="ioctl/page/1 ioctl/kmalloc map/touch/page map/touch/dirty map/touch/vmalloc
	map/touch/pager"
measure() { # FILE
	# shellcheck disable=SC2086  # one word each
	run 0 --json bench run $rows --rounds 15
	cp $T.out "$1"
}

measure /tmp/with
run 0 unload
insmod /extra/without/mmkit_core.ko
for area in pages heap map bench; do
	insmod /extra/without/mmkit_$area.ko
done
grep -q "^mmkit_bench " /proc/modules && [ ! -e /sys/kernel/tracing/events/mmkit/mmkit_fault ]
result $? "the modules without tracepoints are loaded"
measure /tmp/without
for row in $rows; do
	case $row in
	ioctl/* | map/touch/pager) most=4 ;;
	*) most=2 ;;
	esac
	with=$(cost /tmp/with "$row")
	without=$(cost /tmp/without "$row")
	echo "# $row: $with thousandths with tracepoints, $without without"
	[ "$without" -gt 0 ] && [ "$with" -le $((without + most * 1000)) ]
	result $? "$row: its tracepoints cost at most $most instructions"
done
