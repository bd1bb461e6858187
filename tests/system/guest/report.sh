# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# mmkit report, and the verbs that were made for it. The page goes out as a line
# "html NAME<tab>BASE64", for a browser on the host.
T=/tmp/report

# shellcheck source=cli.sh
. /extra/cli.sh

# --- usage
run 2 report
says 'where to\? --output FILE.html, or --json'
run 2 report --diff /tmp/none
run 1 report --diff /tmp/none /tmp/none
says 'No such file'
echo '{"schema": "mmkit/1", "command": "info", "result": {}}' >$T.json
run 1 report --quick -o /tmp/none.html $T.json
says 'no document that a report has a place for'
run 1 report --quick -o /tmp/none.html /none.json
says '/none.json: No such file'
run 1 bench compare /none.json /none.json
says '/none.json: No such file'
run 1 map policies --trace @/none --frames 2
says '/none: No such file'
run 1 report --diff $T.json $T.json
says 'no report of mmkit'
run 1 report --quick -o /none/none.html
says 'No such file'

# Of a machine without the modules: what is not known is called that.
mmkit unload >$T.out 2>$T.err
mmkit report --quick -o /tmp/bare.html >$T.out 2>$T.err
mmkit load >>$T.out 2>>$T.err
tr '\n' ' ' </tmp/bare.html | grep -q 'Why did the last high-order allocation fail.*Not known: mmkit_pages was not loaded'
result $? 'a report without the modules does not say that nothing failed'
mmkit pages why >$T.out
has "^The kernel's log tells of no failure"

# --- documents of other commands
mmkit --json map matrix --strategy page >/tmp/matrix.json
mmkit --json lab run cow >/tmp/lab.json
mmkit --json exercise kmalloc -c 2000 >/tmp/exercise.json 2>$T.err ||
	result 1 "exercise: $(cat $T.err)"

# --- before and after: in between blocks are broken up, and one could not be had
mmkit report --quick -o - >/tmp/before.html 2>$T.err
grep -q '^</html>$' /tmp/before.html
result $? '-o - is standard output'
for quota in session_bytes total_bytes; do
	echo $((4 << 30)) >/sys/module/mmkit_core/parameters/$quota
done
orders=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)
{
	echo "pages fragment -o 9 -b ${orders}K --rows 1"
	echo 'expect-fail=ENOMEM pages alloc -o 10 -c 60'
	echo 'pages why -o 10'
	echo 'report --quick -o /tmp/after.html /tmp/matrix.json /tmp/lab.json /tmp/exercise.json'
} >$T.mm
run 0 run $T.mm
says 'no free block of that size can be had now \(ENOMEM\): .*DMA32: '
has "This session's last failure: 60 of order 10, gfp KERNEL"
has 'fragmented|scarce|watermark'
has 'written to /tmp/after.html \([0-9]+ bytes\)'
printf 'json report\t%s\n' "$(sed -n '/id="mmkit-report"/ { n; p }' /tmp/after.html)"
! sed -n '/id="mmkit-report"/ { n; p }' /tmp/after.html | grep -q '"absent":"'
result $? 'every part was there'
[ "$(wc -c </tmp/after.html)" -lt $((2 << 20)) ]
result $? "a page is smaller than 2 MiB ($(wc -c </tmp/after.html))"
! grep -qE '(src|href)="[^#]|url\(|@import' /tmp/after.html
result $? 'it refers to nothing outside of itself'
run 0 report --diff /tmp/before.html /tmp/after.html --rows 0
has '^zone +0 DMA32 +free '
has '^verdict +0 DMA32 '
json 0 --json report --diff /tmp/before.html /tmp/after.html
run 0 report --diff /tmp/before.html /tmp/before.html
has ' figures of both compared, 0 changed'

# --- why, and who
json 0 --json --verify pages why
json 0 --json pages why -o 3
run 0 pages why -o 3
has '^ +0 DMA32 +available '
json 0 --json aspace who all
# What the kernel's own log tells of somebody else's failure, and not what anybody
# can write there.
echo 'me: page allocation failure: order:3, mode:0x0(NONE)' >/dev/kmsg
run 0 --json pages why
tr -d '\n ' <$T.out | grep -q '"kernel_log":null'
result $? "no failure is in the log yet"
insmod /extra/complain.ko 2>/dev/null
json 0 --json pages why
tr -d '\n ' <$T.out | grep -qE '"kernel_log":\{"by":"insmod","order":10,"mode":"0x[0-9a-f]+\(GFP_KERNEL\|__GFP_NORETRY\)"'
result $? "the kernel told of insmod's: $(tr -d '\n ' <$T.out | grep -o '"kernel_log":{[^}]*}')"
run 0 pages why
has 'insmod'
# A page of a process of our own is told to be its, and only that.
mmkit map run -s page --size 16K --touch all --hold 3600 --quiet &
i=0
until frame=$(mmkit --json aspace who all | tr -d ' \n' |
	sed -n "s/.*\"pid\":$!,[^{}]*\"name\":\"[^\"]*mmkit.map\"[^{}]*\"runs\":\[\[\([0-9]*\),.*/\1/p") &&
	[ -n "$frame" ] || [ $i -ge 50 ]; do
	i=$((i + 1))
	sleep 0.2
done
[ -n "$frame" ]
result $? "who: a mapping of /dev/mmkit/map is found"
run 0 aspace who "${frame:-0}"
has " $! +mmkit +[a-z]+ +0x[0-9a-f]+ +/dev/mmkit/map"
verified aspace who "${frame:-0}"
kill $!
wait
run 0 aspace who 0
has 'no process maps them'
run 2 aspace who nothing
says 'is no page frame number'
run 2 aspace who 5-5
json 0 --json pages draw --cells 64 --runs 50
tr -d '\n ' <$T.out | grep -q '"runs":{"pages_each":[1-9]'
result $? 'runs are as fine as they may be'

# --- drawings that came with it
run 0 map run --size 64K --touch all --events --svg /tmp/faults.svg --rows 1
has 'Events over [0-9]+ us: pages downwards'
grep -q '<title>read' /tmp/faults.svg
result $? 'the timeline is drawn'
run 0 map policies --trace 1,2,3,4,1,2,5,1,2,3,4,5 --frames 3 --no-color
has '^fifo +fffeeee..ee.$'
json 0 --json map policies --trace 1,2,3,4,1,2,5,1,2,3,4,5 --frames 3

run 0 pages drain --svg /tmp/drain.svg --no-color
has '^step 0 +#+$'
has "^step [1-9][0-9]* +[5-9]+$"
grep -q '<title>free, of order 5' /tmp/drain.svg
result $? 'the merging is drawn'

# --- a terminal of 80 columns has room for all of it
export LC_ALL=C
for words in 'pages why' 'pages drain' 'top --once --rows 5' \
	'map policies --pattern zipf --frames 8' 'map run --size 64K --touch all --events'; do
	# shellcheck disable=SC2086  # words
	run 0 $words
	awk 'length > 80 { bad = 1 } END { exit bad }' $T.out
	result $? "80 columns are enough: $words"
done
unset LC_ALL

for page in before after; do
	printf 'html %s\t%s\n' $page "$(base64 /tmp/$page.html | tr -d '\n')"
done
