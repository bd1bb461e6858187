# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# mmkit memblock, on a machine that was booted with
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

# --- locked down, once and for all: memblock is not shown any more
lock_down confidentiality
json 0 --json memblock observe
tr -d '\n ' <$T.out | grep -q '"source":"firmware"'
result $? "observe does not show it"
run 0 memblock observe
has '^memblock cannot be seen: the kernel is locked down'
run 1 memblock claim -a 0x10000000 -b 16M
says 'locked down'
