# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# mmkit heap.
T=/tmp/heap

# shellcheck source=cli.sh
. /extra/cli.sh

# --- each function, against the kernel's files
for api in kmalloc kzalloc kmalloc_node kvmalloc vmalloc vzalloc vmalloc_user \
	vmalloc_32 vmalloc_huge vmap alloc_percpu; do
	verified heap alloc -a $api -b 300 -c 3
done
verified heap alloc -a kmalloc_array -b 12 -e 25
verified heap alloc -b 100K
verified heap alloc -a vmalloc -b 20M
verified heap alloc -a vmap -b 20M
verified heap alloc -a vmalloc_huge -b 5M
verified heap alloc -a kvmalloc -b 5M
tr -d '\n ' <$T.out | grep -q '"fell_back":true'
result $? "kvmalloc of 5 MiB fell back"
run 0 heap alloc -a kvmalloc -b 5M -g ZERO
has '^kvmalloc\(\) fell back to vmalloc\(\): 5242880 bytes, gfp ZERO$'
run 0 heap alloc -a kvmalloc -b 4000 -n 0
has '^kvmalloc\(\) got it from kmalloc\(\): 4000 bytes, gfp KERNEL$'
json 0 --json heap sweep --api kvmalloc -g NORETRY
tr -d '\n ' <$T.out | grep -qE '"gfp":"NORETRY".*"fell_back_at":[0-9]+'
result $? "the sweep tells where and with which flags it falls back"
run 1 heap sweep --api vmalloc -g ATOMIC
says EINVAL
json 0 --json heap alloc -b 300 -g ATOMIC -x atomic
json 0 --json heap limits

# The cache: there is one, and it is of the size that is usable.
run 0 heap alloc -b 300
has ' 300 +512 +212 slab +kmalloc(-cg)?-512 '

# --- failures say why
run 1 heap alloc -b 0
says EINVAL
run 1 heap alloc -b 5M
says ERANGE
run 1 heap alloc -a kmalloc_array -b 8 -e 0xffffffffffffffff
says EOVERFLOW
run 1 heap alloc -a vmalloc -b 100G
says EDQUOT
run 1 heap alloc -b 300 -x atomic
says EINVAL
run 2 heap alloc -a nosuch -b 1
run 2 heap free
run 2 heap choose
run 1 heap describe 1
says ENOENT
json 1 --json heap alloc -b 5M

# --- one session
cat >/tmp/session <<'END'
heap alloc -b 300 -c 4
heap realloc 1 -f 1 -b 512
heap realloc 1 -f 1 -b 4000 --verify
heap free 1 -f 2 -t 2
heap describe 1 --verify
heap pfns 1 -f 1 --verify
expect-fail=ENOENT heap pfns 1 -f 2
expect-fail=ENOENT heap realloc 1 -f 2 -b 1
expect-fail=ERANGE heap realloc 1 -f 0 -b 5M
heap free 1 -x sensitive
expect-fail=ENOENT heap free 1
heap alloc -a vmalloc -b 100K
expect-fail=EOPNOTSUPP heap realloc 1 -b 200K
heap pfns 1 --verify
heap free 1
END
run 0 run /tmp/session
has '^handle 1: in place$'
has '^handle 1: moved$'
has '^25 pages in [0-9]+ contiguous'
run 0 --json run /tmp/session
while read -r line; do
	printf 'json run /tmp/session\t%s\n' "$line"
done <$T.out

# --- a sweep finds the caches of /proc/slabinfo, all of them and no others
classes() {
	tr -d '\n ' <$T.out | sed 's/.*"classes":\[\([^]]*\)\].*/\1/' | tr '}' '\n' |
		sed -n 's/.*"bytes":\([0-9]*\),"cache":"\(.*\)"/\2 \1/p' | sort
}
caches() { # PREFIX
	awk -v p="$1" 'index($1, p) == 1 && substr($1, length(p) + 1) ~ /^[0-9]+[kM]?$/ {
		n = substr($1, length(p) + 1)
		if (n ~ /k$/) n *= 1024; else if (n ~ /M$/) n *= 1048576
		print $1, n + 0 }' /proc/slabinfo | sort
}
verified heap sweep --api kmalloc
classes >/tmp/classes
prefix=$(sed -n '1s/[0-9]*[kM]* .*//p' /tmp/classes)
caches "$prefix" >/tmp/caches
# Fewer where the smallest is of 128 bytes.
[ "$(wc -l </tmp/caches)" -ge 7 ] && cmp /tmp/classes /tmp/caches >$T.out 2>&1
result $? "the sweep's $(wc -l </tmp/classes) size classes are the caches $prefix* of /proc/slabinfo"
diff /tmp/classes /tmp/caches | sed 's/^/# /'
run 0 heap sweep --api kmalloc
has '^kmalloc: up to 4194304 bytes; 4194305 is ERANGE: '
has '^    100 %\|'
has '█'
# One byte is left of each character.
! grep '|' $T.out | tr -d '\200-\277' | grep -qE '.{81}'
result $? "the curve fits into 80 columns"
LANG=C mmkit heap sweep --api kmalloc >$T.out 2>$T.err
! LC_ALL=C grep -q '[^ -~]' $T.out
result $? "and is ASCII where the locale is not UTF-8"

# With every checker on, memory is some ten times as slow: let it be less.
[ ! -e /sys/kernel/debug/kmemleak ] ||
	echo 33554432 >/sys/module/mmkit_core/parameters/session_bytes
begin=$(cut -d. -f1 /proc/uptime)
json 0 --json heap sweep --svg /tmp/waste.svg
echo "# a sweep of every function: $(($(cut -d. -f1 /proc/uptime) - begin)) s"
[ "$(grep -c '^<polyline' /tmp/waste.svg)" -eq 12 ] && tail -n 1 /tmp/waste.svg | grep -q '</svg>'
result $? "and is drawn, a curve for each"
! grep -q . $T.err
result $? "without a progress bar where there is no terminal"
# On a terminal, which "script" is, it shows how far it is.
if command -v script >/dev/null; then
	MMKIT_PROGRESS=1 script -qec 'mmkit heap sweep --api kmalloc' /dev/null \
		</dev/null >$T.out 2>$T.err
	tr '\r' '\n' <$T.out | grep -qE '\[#* +\] +[0-9]+% [0-9]+\.[0-9]/s .*kmalloc'
	result $? "and with one on a terminal"
else
	echo "ok - and with one on a terminal # SKIP script is not here"
fi
run 1 heap sweep --api kmalloc --svg /nosuch/waste.svg
says 'a path that can be written'

# --- choosing
chosen() { # API WORD...
	local want=$1
	shift
	json 0 --json heap choose "$@"
	tr -d '\n ' <$T.out | grep -q "\"result\":{\"api\":\"$want\""
	result $? "$want: heap choose $*"
}
chosen kmalloc --size 300
chosen kvmalloc --size 100K
chosen kmalloc --size 100K --context atomic
chosen kmalloc --size 100K --dma
chosen kmalloc --size 100K --contiguous
chosen kvmalloc --size 10M
# vmalloc() may be called where sleeping is not allowed from 6.19 on.
if mmkit heap alloc -a kvmalloc -b 10M -g ATOMIC >/dev/null 2>&1; then
	json 0 --json heap choose --size 10M --context atomic
else
	json 1 --json heap choose --size 10M --context atomic
fi
json 1 --json heap choose --size 10M --dma
json 1 --json heap choose --size 10M --contiguous
