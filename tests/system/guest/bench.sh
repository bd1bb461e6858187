# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# mmkit bench, mmkit exercise and the area's control file.
T=/tmp/bench
D=/sys/kernel/debug/mmkit/bench

# shellcheck source=cli.sh
. /extra/cli.sh

# --- measuring
json 0 --json bench list
has '"id": "pages/order/0"'
has '"id": "map/touch/page"'
has '"id": "registry/alloc/alloc_pages/4096"'
json 0 --json bench run core pages/order/0 ioctl/nothing map/touch/populate \
	map/touch/sigbus describe/ioctl/64 aspace memblock/alloc/16
has '"cost": [0-9]+,'
run 0 bench run 'pages/order/[0-3]' 'heap/kmalloc/*' slab/bulk --chart --svg /tmp/kmalloc.svg
has '^heap/kmalloc/4096 +[0-9]+\.[0-9]{3} '
has "^unit: [a-z]+ for each operation; kernel $(uname -r | tr + .), gcc "
has '; config: .*MEMCG'
has ' size, batch, threads$'
[ "$(grep -c '<polyline' /tmp/kmalloc.svg)" -eq 3 ]
result $? "cost against order, size and batch is drawn"
run 0 bench run map/touch/peer-udmabuf --brief
if [ -e /dev/udmabuf ]; then
	has '^map/touch/peer-udmabuf +[0-9]+\.[0-9]{3} '
else
	has 'not run, this kernel has no /dev/udmabuf'
fi
run 1 bench run nosuch
says 'no benchmark is called so'
run 2 bench run pages/order/0 --rounds 6
says 'from 7 to 64'
run 2 bench targets --rounds 5000
says 'from 7 to 64'
run 2 bench targets --save $T.json
says 'there is no option --save'
run 2 bench run
run 0 bench run slab/alloc --threads 2
run 0 bench run slab/alloc --threads 2 --scale --chart --svg /tmp/threads.svg
has '^slab/alloc@2 '
grep -q '<polyline' /tmp/threads.svg
result $? "cost against threads is drawn"

# --- a kernel that debugs itself
if mmkit --json bench run core/nothing | grep -q '"debug": true'; then
	run 1 bench run pages/order/0 --save /tmp/no.json
	says 'debugs itself'
	force=--force
else
	force=
fi

# --- saved and compared
run 0 bench run pages/order core --save /tmp/a.json $force
run 0 bench run pages/order core --save /tmp/a.json $force
[ "$(grep -c '"build"' /tmp/a.json)" -eq 1 ]
result $? "a second run on the same kernel replaces the first"
json 0 --json bench compare /tmp/a.json /tmp/a.json
has '"verdict": "same"'
has '"same_key": true'
# A run without noise, whatever went on beside it, and one in which all took twice as long.
awk '/"cost": / { cost = $2 + 0 } /"(low|high)": / { sub(/[0-9]+/, cost) } { print }' \
	/tmp/a.json >/tmp/quiet.json
mv /tmp/quiet.json /tmp/a.json
awk '/"(cost|low|high)": / { n = $2; sub(/,/, "", n); sub(/[0-9]+/, n * 2) } { print }' \
	/tmp/a.json >/tmp/b.json
run 1 bench compare /tmp/a.json /tmp/b.json
has '^pages/order/3 .* 2\.000 worse$'
run 0 bench compare /tmp/a.json /tmp/b.json --threshold 150
run 0 bench compare /tmp/b.json /tmp/a.json
has ' 0\.500 better$'
run 0 bench compare /tmp/a.json /tmp/b.json --ours
# Measured by another compiler: ratios, of what has one.
sed 's/"compiler": ".*"/"compiler": "0.0"/' /tmp/a.json >/tmp/c.json
run 1 bench compare /tmp/a.json /tmp/c.json
says 'nothing that could be compared'
run 2 bench compare /tmp/a.json
says '1 of 2 are there: BEFORE.json AFTER.json'
run 1 bench compare /tmp/a.json /dev/null
says 'no file of figures'
run 1 bench compare /tmp/a.json /tmp/nosuch
says ENOENT

# --- exercising
json 0 --json exercise kmalloc -p hold -b 64-4096 -t 2 -c 5000 --check
has '"corrupt": 0'
has '"frees": 10000'
has '"p999": [0-9]+,'
run 0 exercise alloc_pages -p pipe -b 4096,8192 -t 2 -c 2000 --touch --chart --svg /tmp/x.svg
has '^alloc_pages, pipe, sizes list: 2 threads, 2000 allocations, 2000 frees$'
grep -q '<polyline' /tmp/x.svg
result $? "the latencies are drawn"
json 0 --json exercise alloc_pages -p hold -b 1M -l 32 -c 100 -n 0 -g NOWAIT,NORETRY
has '"gfp": "NOWAIT,NORETRY"'
has '"peak_bytes": 33554432,'
has '"free_during": [0-9]+,'
has '"pcp_after": [0-9]+'
run 0 exercise vmalloc -p ramp -b 4096-65536 -d zipf -c 200 -l 10
printf '64\n128 # a remark\n\n4K\n' >/tmp/trace
run 0 exercise kvmalloc --trace /tmp/trace -c 3000
has 'sizes trace: 1 thread, 3000 allocations'
run 0 exercise kmalloc -p burst -D 100 --watch
says 'allocs/s'
run 2 exercise kmalloc -p pipe -t 3
run 2 exercise kmalloc -b 0
run 2 exercise kmalloc -b 64-32
run 2 exercise kmalloc --trace /dev/null
run 2 exercise kmalloc -g DMA32
run 1 exercise nosuch
says 'no allocator is called so'
run 1 exercise kmalloc -l 1000000 -t 64
says EDQUOT

# Ctrl-C: it frees everything, and what it did is shown.
mmkit exercise alloc_pages -p hold -b 4096 -c 0 >$T.out 2>$T.err &
pid=$!
until grep -qs 'running' $D/objects || ! kill -0 $pid; do :; done
kill -INT $pid
wait $pid
result $? "an interrupted run ends well"
has '^alloc_pages, hold,'
has ' 0 now$'
[ ! -s $D/objects ]
result $? "nothing of it is left"

# --- the control file
verb() { # ERRNO WORD...: what the control file answers; ERRNO is "NAME|NUMBER"
	local want=$1
	shift
	echo "$*" >$D/control 2>/dev/null
	cat $D/control >$T.out
	if [ "$want" = 0 ]; then
		! grep -q '^failed' $T.out
	else
		# By its number where the kernel has no names (CONFIG_SYMBOLIC_ERRNAME).
		grep -qE "^failed: -($want)\$" $T.out
	fi
	result $? "control: $* is ${want}"
}
verb 0 run pages/order -x 0 -r 7 -N 16
has '^pages/order 0: 16 operations, median [0-9]+ ticks'
# Each round takes longer than most timer interrupts are apart, and is shown.
verb 0 run pages/order -x 10 -r 7 -N 16
[ "$(grep -c '^thread 0: [0-9]* ticks, empty ' $T.out)" -eq 7 ] &&
	grep -q '^thread 0: .* ticked' $T.out
result $? "a round that a timer interrupt disturbed says so, and none is left out"
verb 'ENOENT|2' run nosuch -r 7
verb 0 start kmalloc -p random -b 64 -c 500
handle=$(sed -n 's/^handle \([0-9]*\):.*/\1/p' $T.out)
verb 0 status "$handle" -w 1000
has '^done after .* 500 allocs 500 frees'
verb 0 result "$handle"
has '^alloc: 500, ticks min [0-9]+ p50.00 '
verb 0 forget "$handle"
verb 'ENOENT|2' status "$handle"
grep -q '^unit ' $D/info && grep -q '^pages/order ' $D/rows
result $? "debugfs: info and rows"

# --- a module in use stays; a run of the control file's counts
echo "start alloc_pages -p hold -b 4096 -c 0" >$D/control
! rmmod mmkit_bench 2>/dev/null
result $? "while a run is on, the module stays"
handle=$(sed -n 's/^session [0-9]* handle \([0-9]*\) .*/\1/p' $D/objects)
echo "forget $handle" >$D/control
until rmmod mmkit_bench 2>/dev/null; do :; done
result 0 "after it the module goes"
run 77 exercise kmalloc
mmkit load >/dev/null 2>&1

# --- an allocator of one's own is exercised and measured like the rest
if [ -e /extra/mmkit_example_allocator.ko ]; then
	insmod /extra/mmkit_example_allocator.ko
	run 0 exercise example-kmalloc -p random -b 64 -c 1000 --check --chart \
		--svg /tmp/own-latency.svg
	has '^example-kmalloc, random, sizes fixed: 1 thread, 1000 allocations'
	run 0 bench run registry/alloc/example-kmalloc --chart --svg /tmp/own.svg
	has '^registry/alloc/example-kmalloc/64 '
	grep -q '<polyline' /tmp/own-latency.svg &&
		grep -q 'registry/alloc/example-kmalloc' /tmp/own.svg
	result $? "it is drawn like the rest"
	run 0 --complete exercise ''
	has '^example-kmalloc *$'
	has '^alloc_pages *$'
	run 0 bench list registry
	has '^registry/alloc/example-kmalloc/4096 '
	echo "start example-kmalloc -p hold -b 64 -c 0" >$D/control
	! rmmod mmkit_example_allocator 2>/dev/null
	result $? "while it is exercised its module stays"
	handle=$(sed -n 's/^session [0-9]* handle \([0-9]*\) .*/\1/p' $D/objects)
	echo "forget $handle" >$D/control
	rmmod mmkit_example_allocator
	result $? "and goes afterwards"
else
	echo "not ok - the example was not built"
fi
