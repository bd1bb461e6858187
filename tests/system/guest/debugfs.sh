# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# debugfs with nothing but echo and cat: every verb of the control files, what
# they answer, what they refuse, and the files that can only be read.
D=/sys/kernel/debug/mmkit
T=/tmp/debugfs
PAGES=$D/pages/control
MAP=$D/map/control

# shellcheck source=tap.sh
. /extra/tap.sh

# says NAME FILE REGEX: some line of the file is that.
says() {
	cat "$2" >$T.out 2>$T.err
	grep -qE -- "$3" $T.out
	result $? "$1"
}

# silent NAME FILE REGEX: no line is.
silent() {
	cat "$2" >$T.out 2>$T.err
	! grep -qE -- "$3" $T.out
	result $? "$1"
}

# does CONTROL COMMAND REGEX: it works, and the answer has such a line.
does() {
	: >$T.out
	if echo "$2" 2>$T.err >"$1"; then
		says "$2" "$1" "$3"
	else
		result 1 "$2"
	fi
}

# refuses CONTROL COMMAND ERROR-TEXT ERROR-NAME
refuses() {
	: >$T.out
	if echo "$2" >"$1" 2>$T.err; then
		result 1 "refuses: $2"
		return
	fi
	grep -q "$3" $T.err
	result $? "refuses: $2 ($3)"
	[ -z "$4" ] || says "and says so: $4" "$1" "^failed: (-?$4|-[0-9]+)$"
}

mode() { # FILE MODE
	stat -c %a "$D/$1" >$T.out 2>$T.err
	grep -qx "$2" $T.out
	result $? "$1 has mode $2"
}

for f in info/limits info/sessions info/leaks info/registry pages/zones pages/objects map/stores; do
	mode $f 400
	! echo x 2>$T.err >$D/$f
	result $? "$f takes no write"
done
mode pages/control 600
mode map/control 600

# --- pages
says "the control file explains itself: alloc" $PAGES '^alloc \[-o ORDER\] \[-c COUNT\] .*-H buddy\|bulk\|exact\|contig'
says "free" $PAGES '^free HANDLE \[-f FIRST\] \[-N COUNT\] \[-t STRIDE\]$'
says "describe" $PAGES '^describe HANDLE'
says "zones" $PAGES '^zones$'
says "fragment" $PAGES '^fragment \[-o ORDER\]'
does $PAGES 'alloc -o 3 -c 4 -g KERNEL' '^handle 1: 4 blocks$'
does $PAGES 'alloc -o 1 -c 2 -s split' '^handle 2: 4 blocks$'
does $PAGES 'alloc -H bulk -c 100 -g HIGHUSER_MOVABLE,ZERO' '^handle 3: 100 blocks$'
does $PAGES 'alloc -H exact -b 12K -c 2' '^handle 4: 2 blocks$'
does $PAGES '  alloc   -g GFP_ATOMIC|__GFP_COMP  -n 0 -o 2  ' '^handle 5: 1 blocks$'
says "objects lists them" $D/pages/objects '^session [0-9]+ handle 1 blocks 131072 bytes$'
says "each block" $D/pages/objects '^  0: pfn 0x[0-9a-f]+ order 3 node 0 zone [A-Za-z0-9]+ type [A-Za-z]+ ref 1 map 0 flags 0x[0-9a-f]+ buddy 0x[0-9a-f]+'
says "not more than a screen" $D/pages/objects '^  and 68 more$'
does $PAGES 'describe 1 -N 2' '^pfn 0x[0-9a-f]+ order 3 '
[ "$(grep -c ^pfn $PAGES)" = 2 ]
result $? "describes as many as were asked for"
does $PAGES 'describe 0 -f 256 -N 4 -t 8' '^pfn 0x118 '
does $PAGES 'free 1 -f 1 -N 2' '^done$'
does $PAGES 'describe 1' '^no page$'
does $PAGES 'free 1' '^done$'
refuses $PAGES 'free 1' 'No such file' ENOENT
refuses $PAGES 'describe 1' 'No such file' ENOENT
does $PAGES 'zones' '^Node 0, zone DMA32$'
[ "$(grep -o '^Node.*' $D/pages/zones)" = \
	"$(sed 's/^\(Node.*zone\) *\([^ ]*\).*/\1 \2/' /proc/buddyinfo)" ]
result $? "zones has the zones of /proc/buddyinfo"
does $PAGES 'fragment -o 4 -b 4M' '^handle 1: 64 blocks of order 4 broken$'
says "limits counts what is held" $D/info/limits '^total_handles   [0-9]+ used 5$'
says "sessions names the holder" $D/info/sessions '^ *[0-9]+ pages +5 +[0-9]+  '
for h in 1 2 3 4 5; do
	echo "free $h" >$PAGES
done
silent "objects is empty when all is freed" $D/pages/objects handle
refuses $PAGES 'alloc -o 11' 'Invalid argument' EINVAL
refuses $PAGES 'alloc -o 99999999999' 'range' ERANGE
refuses $PAGES 'alloc -o' 'Invalid argument' EINVAL
refuses $PAGES 'alloc -x 1' 'Invalid argument' EINVAL
refuses $PAGES 'alloc 7' 'Invalid argument' EINVAL
refuses $PAGES 'alloc -g NOSUCH' 'Invalid argument' EINVAL
refuses $PAGES 'alloc -g KERNEL,' 'Invalid argument' EINVAL
refuses $PAGES 'alloc -c 60000000' 'quota' EDQUOT
refuses $PAGES 'alloc -b 99999999999999999999 -H exact' 'range' ERANGE
refuses $PAGES 'alloc -b 18014398509481985K -H exact' 'range' ERANGE
refuses $PAGES 'nosuch' 'Invalid argument' EINVAL
says "an unknown verb is answered with those there are" $PAGES '^fragment '
refuses $PAGES '' 'Invalid argument'
long=$(printf '%0300d' 0)
refuses $PAGES "alloc -o $long" 'Invalid argument'
silent "a line that is too long leaves the last answer" $PAGES 0000000

# --- map
does $MAP 'set -b 64K' '^done$'
does $MAP 'get' '^strategy page bytes 65536 maps 0 opens 0 faults 0 sigbus 0$'
says "stores lists it" $D/map/stores '^session [0-9]+ strategy page bytes 65536 maps 0 faults 0 sigbus 0$'
does $MAP 'describe -f 14 -N 8' '^pfn 0x'
[ "$(grep -c ^pfn $MAP)" = 2 ]
result $? "describe ends with the store"
does $MAP 'set -b 64K -s dirty' '^done$'
does $MAP 'log' '^0 of 16: $'
does $MAP 'log -f 14 -c 1' '^0 of 2: $'
refuses $MAP 'log -f 16' 'Invalid argument' EINVAL
does $MAP 'set -b 8K -s page' '^done$'
refuses $MAP 'log' 'not supported' EOPNOTSUPP
refuses $MAP 'set -b 8K -s nosuch' 'No such file' ENOENT
refuses $MAP 'set -b 8K -s 0123456789012345678901234567890123' 'too long' ENAMETOOLONG
refuses $MAP 'set -b 1000' 'Invalid argument' EINVAL
refuses $MAP 'set -b 1024G' 'quota' EDQUOT
refuses $MAP 'set -b 2048G' 'Invalid argument' EINVAL
refuses $MAP 'describe -f 2' 'Invalid argument' EINVAL
does $MAP 'get' '^strategy page bytes 8192 '
does $MAP 'set -b 0' '^done$'
says "registry lists areas" $D/info/registry '^area +pages +.'
says "allocators" $D/info/registry '^allocator +alloc_pages +.'
says "and strategies" $D/info/registry '^strategy +page +.'

# --- no addresses
for f in info/limits info/sessions info/leaks info/registry pages/zones pages/objects pages/control map/stores map/control; do
	silent "no kernel address in $f" $D/$f 'ffff[0-9a-f]{8}'
done
