# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# mmkit memblock and the area's control file, on a machine that was booted with
# memblock=debug and a carve-out of 16 MiB.
T=/tmp/memblock
D=/sys/kernel/debug/mmkit/memblock

# shellcheck source=cli.sh
. /extra/cli.sh

# A document on each line.
jsons() {
	while read -r line; do
		printf 'json %s\t%s\n' "$*" "$line"
	done <$T.out
}

# --- observed, against the kernel's other files
verified memblock observe
tr -d '\n ' <$T.out | grep -q '"source":"memblock"'
result $? "and it is memblock's own"
run 0 memblock observe --rows 0 --svg /tmp/memory.svg
has 'first MiB'
has 'kernel image'
has 'initrd'
has 'struct pages'
has 'page tables'
has 'carve-out'
! sed 's/[\x80-\xbf]//g' $T.out | grep -qE '.{81}'
result $? "in 80 columns"
tail -n 1 /tmp/memory.svg | grep -q '</svg>'
result $? "the drawing is there"
for what in memory reserved 'kernel image' initrd carve-out; do
	grep -q "$what" /tmp/memory.svg
	result $? "the drawing has: $what"
done
run 1 memblock observe --svg /nosuch/memory.svg

# Who may not see it gets the firmware's map, and is told so.
echo 2 >/proc/sys/kernel/kptr_restrict
json 0 --json memblock observe
tr -d '\n ' <$T.out | grep -q '"source":"firmware"'
result $? "without addresses it is the firmware's map"
run 0 memblock observe
has "^memblock cannot be seen: /proc/kallsyms does not show"
has "firmware's map \(not memblock's\)"
echo 0 >/proc/sys/kernel/kptr_restrict

# By the control file, with addresses that anybody can look up.
address() { sed -n "s/^\([0-9a-f]*\) [a-zA-Z] $1\$/0x\1/p" /proc/kallsyms; }
echo "observe -m $(address memblock) -a $(address memblock_memory_init_regions) -r $(address memblock_reserved_init_regions)" >$D/control
grep -q 'regions of memory' $D/control
result $? "control observes, too"
mmkit memblock observe --rows 0 | grep -cE '^0(x[0-9a-f]+)?-0x' >/tmp/lines
[ "$(grep -cE '^ (memory|reserved)\[' $D/observed)" -ge "$(cat /tmp/lines)" ]
result $? "and the file observed has as many regions"
! grep -i ffff $D/observed | grep -qi 'ffff[8-f][0-9a-f]\{11\}'
result $? "and no kernel address"

# --- replayed
json 0 --json memblock replay --svg /tmp/growth.svg
number() { tr -d "\n " <$T.out | sed -n "s/.*\"$1\":\([0-9][0-9]*\).*/\1/p"; }
[ "$(number compared)" -ge 40 ] && [ "$(number compared)" = "$(number equal)" ]
result $? "every address of this boot is predicted: $(number equal) of $(number compared)"
[ "$(number dumps)" -ge 2 ] && [ "$(number dumps)" = "$(number dumps_equal)" ]
result $? "so are the dumps: $(number dumps_equal) of $(number dumps)"
tr -d '\n ' <$T.out | grep -q '"final":{"compared":true,"equal":true'
result $? "the final map is the kernel's"
[ "$(number unannounced)" = 0 ]
result $? "no allocation is left unexplained"
tail -n 1 /tmp/growth.svg | grep -q '</svg>'
result $? "the growth is drawn"
run 0 memblock replay
has '^CALLER +CALLS +BYTES'
has '^setup_log_buf|^early_alloc'
dmesg >/tmp/log
run 0 memblock replay /tmp/log
has 'final map: not compared'
# One address that the kernel did not choose is found.
awk '/memblock_reserve: .* memblock_alloc_range_nid/ && ++n == 5 {
	sub(/reserve: \[0x0000000/, "reserve: [0x0000001"); sub(/-0x0000000/, "-0x0000001") } { print }' /tmp/log >/tmp/lie
run 1 memblock replay /tmp/lie
has '^ *LINE CALLER'
echo nothing >/tmp/none
run 77 memblock replay /tmp/none
says 'has no MEMBLOCK configuration'
run 1 memblock replay /nosuch

# --- carve-outs
json 0 --json memblock carveouts
run 0 memblock carveouts
has '^0x10000000-0x10ffffff +16M memmap= +- +Reserved +yes +16M'

# What reserve_mem= took is found and claimed by its name, where there is such.
if grep -q ' reserve_mem_find_by_name$' /proc/kallsyms; then
	has '^0x[0-9a-f]+-0x[0-9a-f]+ +4M reserve_mem= +kept +System RAM +yes +-$'
	echo 'memblock claim -N kept --offer' >/tmp/named
	echo 'map run -s io --size 64K --touch all' >>/tmp/named
	run 0 run /tmp/named
	has '^strategy io: mapped 65536 bytes of 65536'
	run 1 memblock claim -N nosuch
else
	run 77 memblock claim -N kept
	says 'has no reserve_mem='
fi

# A store of the map device takes what a session offers.
cat >/tmp/offer <<'END'
expect-fail=EOPNOTSUPP map set -s io -b 64K
memblock claim -a 0x10000000 -b 16M --offer
map run -s io --size 64K --touch all
map set -s io -b 64K
expect-fail=EBUSY memblock release 1
map set -s page -b 0
memblock release 1
END
run 0 run /tmp/offer
has '^handle 1: 0x10000000-0x10ffffff, offered'
has '^ +0 +0x10000 '
run 0 --json run /tmp/offer
jsons run /tmp/offer
run 1 memblock claim -a 0x20000000 -b 4K
says 'not all of it is Reserved'
run 1 memblock release 1

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

# --- why
json 0 --json memblock why
run 0 memblock why
has 'exported to modules: +no'
has 'code in the init section: yes'

# --- one session
cat >/tmp/session <<'END'
memblock set --reset --resize
memblock add -a 1M -b 255M -n 0
memblock add -a 256M -b 256M -n 1
memblock reserve -a 16M -b 8M
memblock alloc -b 1M -A 64K
memblock alloc -b 1M -A 64K -n 0 -w exact_nid
memblock alloc -w find -b 1M -A 4K -M 0xffffffff
expect-fail=ENOMEM memblock alloc -b 1G
memblock mark -a 64M -b 1M -f nomap
memblock clear -a 64M -b 1M -f nomap
memblock set_node -a 1M -b 1M -n 1
memblock set_node_reserved -b 1G -n 0
memblock query -w node_of -a 300M
memblock query -w is_region_reserved -a 15M -b 2M
memblock regions -l free
memblock free -a 16M -b 4M
memblock remove -a 500M -b 12M
memblock trim -b 4K
expect-fail=EINVAL memblock trim -b 5K
memblock cap -a 2M -b 400M
memblock limit -b 300M
memblock limit_map -b 200M
memblock dump
END
run 0 run /tmp/session
has '^address 0x1ff00000$'
has '^address 0xff00000$'
has '^0x10000000-0x1fefffff +255M +1 -$'
has '^ memory\[0x0\].*\[0x0000000000200000-0x'
run 0 --json run /tmp/session
jsons run /tmp/session
run 2 memblock nosuch
run 2 memblock alloc -w nosuch
json 1 --json memblock alloc -b 1M

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
handle=$(sed -n 's/^handle \([0-9]*\):.*/\1/p' $T.out)
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
handle=$(sed -n 's/^handle \([0-9]*\):.*/\1/p' $T.out)
run 0 map run -s io --size 16K --touch all
echo "release $handle" >$D/control
! grep -q 'mmkit carve-out' /proc/iomem
result $? "what a store took and gave back can be released"
echo 'set -f 16' >$D/control

# --- locked down, once and for all: memblock is not shown any more
lock_down confidentiality
json 0 --json memblock observe
tr -d '\n ' <$T.out | grep -q '"source":"firmware"'
result $? "observe does not show it"
run 0 memblock observe
has '^memblock cannot be seen: the kernel is locked down'
run 1 memblock claim -a 0x10000000 -b 16M
says 'locked down'
