# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# mmkit bench and mmkit exercise.
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

# --- saved and compared
force=
! debugs_itself || force=--force
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
