# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# The area's control file, and what only a debug kernel has at boot.
T=/tmp/memblock
D=/sys/kernel/debug/mmkit/memblock

# shellcheck source=cli.sh
. /extra/cli.sh

# --- real calls at boot, where the kernel has them
if grep -q ' mmkit_memblock_boot$' /proc/kallsyms; then
	verified memblock boot
	run 0 memblock boot
	has '^alloc +1M +0x[0-9a-f]+0000 ok +0x[0-9a-f]+0000 ok +256 +0$'
	has '^reserve +64K +0x20000000 ok +0x20000000 ok +12 +4$'
	# In the midst of memory nobody takes again what was freed; at its top, others do.
	has '^free +8M +0x[0-9a-f]+ ok +0x[0-9a-f]+ ok'
	has '^free +16K +0x20004000 ok'
	has '^reserve +4K +0x20000000 EBUSY'
	has '^free +4K +0x100000 EPERM'
	has '^alloc +100G +0x0 ENOMEM +0x0 ENOMEM'
	# What it allocated is reserved in the kernel's map, and in the page's flags.
	base=$(sed -n 's/^alloc  *1M  *\(0x[0-9a-f]*\) ok.*/\1/p' $T.out)
	mmkit memblock observe --rows 0 --json | tr -d '\n ' | tr '{' '\n' >/tmp/regions
	awk -v b="$((base))" -F '[:,]' '/^"base"/ && $2 + 0 <= b && b + 1048576 <= $2 + $4 { n++ } END { exit n < 2 }' /tmp/regions
	result $? "the megabyte at $base is in memory and reserved"
	json 0 --json memblock boot
	echo boot >$D/control
	grep -q '^1 alloc bytes 0x100000 base 0x' $D/control
	result $? "control says it, too"
else
	run 77 memblock boot
	says 'CONFIG_MMKIT_MEMBLOCK_BOOT'
fi

# --- the control file takes the same
: >$T.err
typed <<'END'
set -f 16|^done$
add -a 1M -b 1G -n 0|^done$
alloc -b 1M -A 64K|^address 0x40000000$
mark -a 2M -b 1M -f nomap|^done$
query -w is_map_memory -a 2M|^is_map_memory: 0$
regions -l free|^2 of 2 free$
END
grep -q '^ reserved\[0x0\].*0x0000000000100000 bytes flags: 0x0$' $D/sandboxes
result $? "sandboxes shows it in the kernel's format"
typed <<'END'
query -w is_map_memory -a 1M|^is_map_memory: 1$
clear -a 2M -b 1M -f nomap|^done$
query -w is_map_memory -a 2M|^is_map_memory: 1$
reserve -a 4M -b 1M|^done$
query -w is_region_reserved -a 4M -b 4K|^is_region_reserved: 1$
query -w is_region_memory -a 1M -b 1G|^is_region_memory: 1$
query -w is_region_memory -a 0 -b 1M|^is_region_memory: 0$
query -w overlaps_memory -a 0 -b 2M|^overlaps_memory: 1$
regions -l free_reverse|^2 of 2 free_reverse$
regions -l mem_ranges|^1 of 1 mem_ranges$
regions -l pfn_ranges|^\[0x100000-0x400fffff\] node 0 flags 0x0$
free -a 4M -b 1M|^done$
query -w is_region_reserved -a 4M -b 4K|^is_region_reserved: 0$
set_node -a 1M -b 1M -n 1|^done$
regions -l memory|^\[0x100000-0x1fffff\] node 1 flags 0x0$
set_node_reserved -a 0x40000000 -b 1M -n 1|^done$
regions -l reserved|^\[0x40000000-0x400fffff\] node 1 flags 0x0$
remove -a 1M -b 1M|^done$
regions -l memory|^\[0x200000-0x400fffff\] node 0 flags 0x0$
trim -b 2M|^done$
regions -l memory|^\[0x200000-0x3fffffff\] node 0 flags 0x0$
cap -a 2M -b 512M|^done$
regions -l memory|^\[0x200000-0x201fffff\] node 0 flags 0x0$
limit -b 256M|^done$
regions -l memory|^\[0x200000-0x101fffff\] node 0 flags 0x0$
limit_map -b 128M|^done$
regions -l memory|^\[0x200000-0x81fffff\] node 0 flags 0x0$
END
refuses "add -n 5000 -b 1" "mark -b 1 -f none" "trim -b 3" "alloc -b 10G" \
	"claim -a 0x1000 -b 4K" "probe 9" "release 9" "observe -m 0x1000"
echo 'claim -a 0x10000000 -b 16M' >$D/control
says_control '^handle [0-9]+: 16777216 bytes$'
handle=$(new_handle)
grep -q 'mmkit carve-out' /proc/iomem
result $? "the claim is in /proc/iomem"
grep -q '\[0x10000000-0x10ffffff\]' $D/objects
result $? "and in objects"
echo "probe $handle" >$D/control
says_control '^16777216 bytes held'
echo "release $handle" >$D/control
! grep -q 'mmkit carve-out' /proc/iomem
result $? "and gone when it is released"
echo 'claim -a 0x10000000 -b 16M -f offer' >$D/control
says_control '^handle [0-9]+: 16777216 bytes$'
handle=$(new_handle)
run 0 map run -s io --size 16K --touch all
echo "release $handle" >$D/control
! grep -q 'mmkit carve-out' /proc/iomem
result $? "what a store took and gave back can be released"
echo 'set -f 16' >$D/control
