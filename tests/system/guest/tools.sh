# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# The CLI end to end. Documents for the host to hold against the schema go out as
# lines "json COMMAND<tab>DOCUMENT"; the host makes a test of each.
T=/tmp/tools

# shellcheck source=cli.sh
. /extra/cli.sh

# --- JSON of every command
for command in info 'info --leaks' doctor 'pages list' 'pages zones' 'pages buddy' \
	'pages frag' 'pages alloc -o 3 -c 4 -g KERNEL' 'pages alloc -H bulk -c 20' \
	'pages alloc -H exact -b 12K' 'pages alloc -o 2 -s -g HIGHUSER_MOVABLE' \
	'pages alloc -o 2 -g COMP,ZERO' 'pages fragment -o 4 -b 4M' 'pages compact' \
	'pages drain -o 4' 'pages draw' 'pages draw --from 0x1000 --to 0x1100 --svg /tmp/draw.svg' \
	'pages tree 0x1000' 'pages tree 0x1000 -o 3 --svg /tmp/tree.svg' 'map strategies' 'map run' \
	'map run -s page --size 64K --touch every:4 --write' \
	'map run --size 64K --private --write' 'map run --size 32K --fork' \
	'map run --size 64K --shrink 16K' 'map run --size 64K --readonly' \
	'map set --size 64K' 'map get'; do
	# shellcheck disable=SC2086  # words
	json 0 --json $command
done
for command in 'pages alloc -o 3' 'pages alloc -H bulk -c 32' 'pages zones' 'pages buddy' \
	'pages frag' 'pages draw' 'map run --size 256K --touch all'; do
	# shellcheck disable=SC2086  # words
	verified $command
done

# --- drawings: the picture has what the document has
is_drawn() { # NAME GOT WANT
	[ "$2" -eq "$3" ]
	result $? "$1: $2 of $3"
}
run 0 --json pages draw --from 0x1000 --to 0x1100 --svg $T.svg
is_drawn "a page is a cell when there is room" "$(grep -c '"pfn"' $T.out)" 256
is_drawn "the SVG's shapes have the cells' width" \
	"$(sed -n 's/.*<rect x=.* width="\([0-9]*\)\.0" height="9\.0".*/\1/p' $T.svg |
		awk '{ n += ($1 + 1) / 10 } END { print n }')" 256
cat >$T.run <<'END'
pages alloc -o 4 -c 4
pages draw
END
run 0 --json run $T.run
is_drawn "pages of this session's are seen as such" \
	"$(tr -d '\n ' <$T.out | sed -n "s/.*{\"state\":\"thissession's\",\"pages\":\([0-9]*\),.*/\1/p")" 64
pfn=$(mmkit run - <<'END' | awk '$1 == "0" { print $2; exit }'
pages alloc -o 9
END
)
run 0 pages tree "$pfn" -o 9
has "^$pfn order 9: "
run 0 --json pages tree "$pfn" -o 9 --svg $T.svg
is_drawn "a node is a square" "$(grep -c 'rx="2"' $T.svg)" "$(grep -c '"depth"' $T.out)"
run 1 pages draw --svg /nosuch/draw.svg
says 'a path that can be written'

# --- status 1, 2 and 77, in text and in JSON
run 1 pages free 1
json 1 --json pages alloc -c 60000000
json 1 --json pages describe 7
json 1 --json map run -s nosuch
for usage in nosuch 'pages nosuch' 'pages alloc --nosuch' 'pages alloc -o x' 'pages alloc -o' \
	'pages alloc extra' 'pages alloc -g NOSUCH' 'map run --touch nosuch' 'map run --size 1Q' \
	'map run --size -1' 'run' 'run a b'; do
	# shellcheck disable=SC2086  # words
	json 2 --json $usage
	# shellcheck disable=SC2086
	run 2 $usage
	says .
	! grep -q . $T.out
	result $? "stdout is empty: $usage"
done
# What the kernel refuses with EINVAL is named: the line before it is the mistake.
while IFS='|' read -r words message; do
	# shellcheck disable=SC2086  # words
	json 2 --json $words
	# shellcheck disable=SC2086
	run 2 $words
	says "$message"
done <<'END'
pages alloc -o 99|--order 99: the largest here is 10
pages drain -o 99|--order 99: the largest here is 10
pages tree 0x1000 -o 99|--order 99: the largest here is 10
pages tree x|'x' is no page frame number
pages draw --cells 0|--cells 0: 1 to 65536 can be drawn
pages draw --from 9 --to 9|no memory from 0x9 to 0x9
pages alloc -g KERNEL,ATOMIC|KERNEL and ATOMIC exclude each other
pages alloc -g HIGHUSER_MOVABLE,DMA|names its zones itself; drop DMA
pages alloc -g NORETRY,RETRY_MAYFAIL|NORETRY and RETRY_MAYFAIL exclude
pages alloc -n 5|no node 5; this machine has 1
pages alloc -b 8K|--bytes goes with --how exact or contig
pages alloc -H exact|--how exact wants --bytes
pages alloc -s -g KERNEL,COMP|--split and COMP exclude each other
pages alloc -c 0|--count: from 1 to 67108864
pages alloc -c 999999999|--count: from 1 to 67108864
pages fragment -b 1M|--bytes 1M is less than one block of order 9 \(2M\)
pages fragment -o 11|--order 11: the largest here is 10
close nonsense|no area 'nonsense'; there are .*pages
pgaes|did you mean 'pages'
pages aloc|did you mean 'alloc'
END
run 0 pages alloc -H exact -b 12K
has '1 block of 12288 bytes'
has '^ *0 0x[0-9a-f]+ +- '
run 0 pages describe --pfn 99999999999
has 'no such page frame'
run 0 help
has '^Usage: mmkit'
run 0 help help
has '^Usage: mmkit'
run 0 help pages alloc
has '^Usage: mmkit pages alloc'
run 0 pages help
has '^Usage: mmkit pages'
run 2
has '^Usage: mmkit'
run 0 map get --help
! grep -q -- --verify $T.out
result $? "map get has no --verify"
run 0 --help
has '^Usage: mmkit'
run 0 --version
has '^mmkit [0-9]'
run 2 pages alloc -H exact -b '64 '
says 'not a size such as'

# --- options of all commands stand before the verb as well
json 0 pages --json zones
run 0 pages --rows 1 describe --pfn 0x1000 -N 4
has '^\.\.\. and [0-9]+ more'
run 2 pages --nosuch zones
says 'there is no option --nosuch'
run 0 pages --help zones
has '^Usage: mmkit pages zones'
run 0 --complete --rows 5 pag
has '^pages$'
run 0 --complete --rows = 5 pages --json zo
has '^zones$'

# --- what could not be written, or read
for words in 'pages buddy' '--json pages buddy' 'help'; do
	# shellcheck disable=SC2086  # words
	mmkit $words >/dev/full 2>$T.err
	[ $? -eq 1 ] && grep -q 'not all of the output could be written' $T.err
	result $? "a full disk is a failure: $words"
done
run 1 run /tmp
says 'Is a directory \(EISDIR\)'
run 1 map policies --trace @/tmp
says 'Is a directory \(EISDIR\)'
echo 'expect-fail:ENOENT pages free 1' >$T.run
run 2 run $T.run
says "there is no command 'expect-fail:ENOENT'"
printf 'pages alloc -c 5000\npages describe 1 -N 6000\n' >$T.run
run 0 --rows 0 run $T.run
has '^ *4999 '
for command in info doctor load unload pages map shell run 'pages alloc' 'pages describe' 'map run'; do
	# shellcheck disable=SC2086
	run 0 $command --help
	has '^Usage: mmkit'
done
# Most kernels keep alloc_contig_pages() to themselves, or are built without it.
contig=77
! mmkit info | grep -q CONTIG_ALLOC || contig=0
run $contig pages alloc -H contig -b 8M
json $contig --json pages alloc -H contig -b 8M

# --- text
run 0 pages alloc -o 3 -c 4
has '0x[0-9a-f]+'
run 0 --quiet pages alloc -o 3 -c 4
! grep -q . $T.out
result $? "--quiet prints nothing"
run 0 pages zones
has 'DMA32'
run 0 pages buddy
has 'Normal|DMA32'
run 0 map run --size 64K --shrink 16K
has 'SIGBUS|BUS_ADRERR|bus'

# --- run FILE and shell: one session
printf 'pages alloc -o 1 -c 4 # a comment\n\npages free 1 --first 1 --nr 2\npages list\npages free 1\nexpect-fail=ENOENT pages free 1\n' >/tmp/good
run 0 run /tmp/good
run 0 run --echo /tmp/good
run 0 --json run /tmp/good
while read -r line; do
	printf 'json run /tmp/good\t%s\n' "$line"
done <$T.out
printf 'pages free 9\npages alloc\n' >/tmp/bad
run 1 run /tmp/bad
run 1 run --keep-going /tmp/bad
has '0x[0-9a-f]+'
printf 'expect-fail pages alloc\n' >/tmp/bad
run 1 run /tmp/bad
printf 'nosuch\n' >/tmp/bad
run 2 run /tmp/bad
run 1 run /tmp/nosuch
printf 'pages alloc -o 2\npages alloc -o 1\npages free 1\npages free 2\nquit\n' >/tmp/typed
mmkit shell </tmp/typed >$T.out 2>$T.err
result $? "shell reads commands from its standard input"
mmkit run - </tmp/good >$T.out 2>$T.err
result $? "run - reads them too"
printf 'map set --size 8K\nmap run\nclose\n' | mmkit run - >$T.out 2>$T.err
has 'mapped 8192 bytes of 8192'
has '^closed map: 0 handles, 8192 bytes'
printf 'pages alloc\npages free 1\nexpect-fail pages free 1\npages free 9\n' | mmkit run - >$T.out 2>$T.err
says '^mmkit: stdin:3: .*handle 1 is free already .*\(expected\)$'
says '^mmkit: stdin:4: .*no such handle'
[ "$(grep -c try: $T.err)" -eq 1 ]
result $? "an expected failure comes without a remedy"
printf 'nosuch\n' | mmkit shell >$T.out 2>$T.err
says 'try: help$'
printf 'pages alloc -c 3\n' | mmkit run - >/dev/null 2>&1
run 0 info --leaks
has 'mmkit'

# --- without privilege, without modules
cat >/tmp/nobody <<'END'
exec mmkit "$@"
END
chmod 755 /tmp/nobody
rc=0
as_nobody mmkit pages alloc >$T.out 2>$T.err || rc=$?
[ $rc -eq 1 ] || [ $rc -eq 77 ]
result $? "nobody is refused (got $rc)"
says 'run it as root, or as one of the group mmkit'
chmod 666 /dev/mmkit/*
rc=0
as_nobody mmkit pages alloc --verify >$T.out 2>$T.err || rc=$?
[ $rc -eq 1 ]
result $? "nobody cannot verify (got $rc)"
has 'verified: not possible'
chmod 600 /dev/mmkit/*

# --- loading, unloading
json 1 --json load session_bytes=1M
run 1 load session_bytes=1M
says 'mmkit_core is loaded already; session_bytes=1M was not applied'
printf 'pages list\nunload\n' | mmkit shell >$T.out 2>$T.err
has '^unloaded mmkit_map$'
says "mmkit_pages: this shell's own session"
says 'try: close$'
run 1 unload pages pagse
says 'pagse: no module of mmkit that is loaded is called so'
run 0 info
run 0 unload
run 1 unload pages
says 'pages: no module of mmkit that is loaded is called so'
run 2 load session_bytes=abc
says 'session_bytes=abc: a plain number of bytes'
run 0 load session_bytes=1M
has 'session_bytes=1048576'
run 1 pages alloc -o 10
says 'mmkit unload, then mmkit load session_bytes=BYTES'
run 0 unload
for command in info 'pages zones' 'map run'; do
	# shellcheck disable=SC2086
	run 77 $command
	says load
	# shellcheck disable=SC2086
	json 77 --json $command
done
run 1 doctor
mv /usr/lib/x86_64-linux-gnu/libkmod.so.2 $T.kmod
for command in load unload doctor; do
	run 1 $command
	says 'apt-get install libkmod2'
done
mv $T.kmod /usr/lib/x86_64-linux-gnu/libkmod.so.2
run 0 load
run 0 info
run 0 doctor

# --- Ctrl-C: the command ends, the session stays
mkfifo /tmp/typing
mmkit_shell() {
	HOME=/tmp script -qec 'mmkit shell' /dev/null </tmp/typing >$T.out 2>$T.err
}
# Until the shell has said it, or the test is lost anyway.
await() {
	local tries=600
	until grep -q "$1" $T.out || [ $((tries -= 1)) -eq 0 ]; do
		sleep 0.1
	done
}
: >$T.out
mmkit_shell &
{
	await 'mmkit>'
	printf 'pages alloc --hold 600\n'
	await 'holds 1 of'
	printf '\003'
	await 'interrupted'
	printf 'half a line\003pages list\nquit\n'
} >/tmp/typing
wait $!
has 'interrupted; the session goes on'
has 'holds 1 of'
! grep -q 'no command .half' $T.out
result $? "a line that is given up does not run"
grep -q 'pages.*list' /tmp/.local/state/mmkit/history
result $? "history is written"

# --- what does not agree is found: the kernel's files, as they are not
head -c 4194304 /dev/zero | tr '\0' '\1' >$T.ones
mount --bind $T.ones /proc/kpagecount
run 1 pages alloc -o 1 --verify
has '^verified: NO'
has '^  mapcount: 0 equal, 2 not'
umount /proc/kpagecount
mount --bind $T.ones /proc/kpageflags
run 1 pages alloc -o 1 --verify
has '^  flags: 0 equal, 2 not'
umount /proc/kpageflags
sed 's/[0-9]* *$/99999/' /proc/buddyinfo >$T.buddy
mount --bind $T.buddy /proc/buddyinfo
run 1 pages buddy --verify
has '^verified: NO'
umount /proc/buddyinfo

# --- modules of another kernel
mkdir $T.old
for module in "/lib/modules/$(uname -r)"/extra/mmkit_*.ko; do
	sed 's/vermagic=[0-9]/vermagic=0/' "$module" >"$T.old/${module##*/}"
done
export MMKIT_MODULES=$T.old
run 1 doctor
has '^vermagic +bad'
unset MMKIT_MODULES
run 0 doctor
