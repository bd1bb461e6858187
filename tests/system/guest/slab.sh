# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# mmkit slab.
T=/tmp/slab

# shellcheck source=cli.sh
. /extra/cli.sh

# --- each kind of cache, against the kernel's files
# With every checker on, a cache is some hundred times as slow to create.
sizes="8 20 300 5000"
! debug_kernel || sizes=300
for flags in hwcache_align reclaim_account account typesafe_by_rcu poison red_zone \
	store_user ctor poison,red_zone,store_user red_zone,ctor typesafe_by_rcu,ctor \
	hwcache_align,red_zone,poison,store_user,ctor; do
	for size in $sizes; do
		verified slab create t -b "$size" -x $flags
	done
done
for align in 16 64 512 4096; do
	verified slab create t -b 300 -a $align
	verified slab create t -b 300 -a $align --ctor
done
verified slab create t -b 1M --ctor
verified slab create t -b 300 -u 8 -U 100
tr -d '\n ' <$T.out | grep -q '"merged":false'
result $? "one with a region for user copies is not merged"
if mmkit slab create t -b 300 -x no_merge >$T.out 2>$T.err; then
	verified slab create t -b 304 -x no_merge
	tr -d '\n ' <$T.out | grep -q '"merged":false'
	result $? "NO_MERGE is not merged"
else
	run 77 slab create t -b 300 -x no_merge
	says EOPNOTSUPP
fi

# --- merging: with which cache, as /proc/slabinfo and sysfs have it
cat >/tmp/session <<'END'
slab create one -b 1432
slab create two -b 1432 --verify
slab alloc 2 -c 5
slab describe 2 --verify
END
run 0 run /tmp/session
if debug_kernel; then
	has '^merged: no$'	# KASAN's caches are not
else
	has '^merged: yes, with mmkit-[0-9]+-one$'
fi

# --- failures say why
run 1 slab create 'a b' -b 10
says EINVAL
run 2 slab create t
run 2 slab create t -b 2M
run 1 slab create t -b 10 -a 3
says EINVAL
run 1 slab create t -b 10 -u 5 -U 6
says EINVAL
run 2 slab create t -b 10 -x nosuch
run 2 slab create
run 1 slab describe 1
says ENOENT
run 1 slab alloc 1
says ENOENT
run 2 slab alloc 0
json 1 --json slab describe 1

# --- one session
cat >/tmp/session <<'END'
slab create foo -b 300 --ctor
slab alloc 1 -c 100 -x bulk
slab slabs 1 --verify
slab objects 2 -N 5 --verify
slab free 2 -t 2 -N 50
slab shrink 1 --verify
expect-fail=EBUSY slab destroy 1
expect-fail=ENOENT slab free 2 -f 0 -N 1
expect-fail=EINVAL slab free 2 -f 90 -N 11
expect-fail=EINVAL slab alloc 1 -g ZERO
expect-fail=EINVAL slab pool -C 1
slab describe 1 --verify
slab free 2 -x bulk
slab destroy 1
slab create bar -b 100
slab pool -C 1 -r 4 -R 40
slab take 2 -c 5
slab take 2 -c 5 -x refuse
expect-fail=EDEADLK slab take 2 -c 5 -g KERNEL
expect-fail=EDQUOT slab take 2 -c 40
slab give 2 -c 2
slab give 2
slab lru 1
slab add 3 -c 1000
slab stat 3
slab describe 1
expect-fail=EBUSY slab destroy 1
slab free 3
slab free 2
slab destroy 1
END
run 0 run /tmp/session
has '^handle 2: 100 object'
has '^taken 4 of 5, 4 of them from the reserve, after 5 failures'
has '^2 filled the reserve up'
has '^added 1000: 1000 are there'
says 'the cache is used by handle 2 \(objects, 75 live\)'
says 'used by handle 2 \(pool, 4 live\), handle 3 \(lru, 1000 live\)'
run 0 --json run /tmp/session
while read -r line; do
	printf 'json run /tmp/session\t%s\n' "$line"
done <$T.out

# --- what pages are freed decides how many slabs stay
pattern() { # ORDER
	verified slab pattern --order "$1" --nth 4
	held=$(number held) needed=$(number needed) before=$(number held_before)
}
pattern lifo
holds "$held <= $needed + 2" "freed in reverse, what is left is packed"
pattern fifo
holds "$held <= $needed + 2" "so is it freed in order"
pattern random
holds "$held >= 2 * $needed" "freed at random, it holds slabs that it does not need"
pattern nth
holds "$held == $before" "every fourth freed, it holds them all"

# --- pictures
verified slab draw --size 300 --align 64 --ctor --svg /tmp/slab.svg
tr -d '\n ' <$T.out | grep -q '"merged":false'
result $? "the cache that is drawn is its own"
holds "$(number slots) == $(number per_slab)" "as many slots as /proc/slabinfo says"
holds "$(number stride) == $(number object_bytes)" "and as large"
tail -n 1 /tmp/slab.svg | grep -q '</svg>'
result $? "it is drawn as SVG"
run 0 slab draw --size 300 --align 64 --ctor
has '^The bytes of a slot$'
has '^The slots of the slabs$'
has 'pointer to the next free one'
! grep '|' $T.out | tr -d '\200-\277' | grep -qE '.{81}'
result $? "the picture fits into 80 columns"
LANG=C mmkit slab draw --size 20 -x red_zone,poison,store_user >$T.out 2>$T.err
! LC_ALL=C grep -q '[^ -~]' $T.out
result $? "and is ASCII where the locale is not UTF-8"
has 'red zone before it'
verified slab draw --size 20 -x red_zone,poison,store_user -c 100
run 1 slab draw --svg /nosuch/slab.svg
says 'a path that can be written'

# --- an object becomes another one under a reader
if zcat /proc/config.gz 2>/dev/null | grep -q ^CONFIG_SLUB_RCU_DEBUG=y; then
	run 77 slab reuse
	says 'CONFIG_SLUB_RCU_DEBUG'
else
	json 0 --json slab reuse --rounds 500
	# One that moves to another CPU in between finds other objects there.
	reused=$(number reused)
	holds "$reused >= 450 && $(number in_grace) == $reused" \
		"they were reused in the reader's grace period"
	holds "$(number stale) == $reused && $(number caught) == $reused && $(number safe) == $reused" \
		"and each was found out"
fi

# --- the kernel takes back what it may
json 0 --json slab pressure
holds "$(number taken) > 0 && $(number added) == $(number live) + $(number taken)" \
	"the kernel took objects back, and the counts add up"
holds "$(number scanned) >= $(number taken) && $(number scans) > 0 && $(number hits) > 0" \
	"by the shrinker, at the cgroup's limit"
holds "$(number ooms) == 0 && $(number charged) <= 8 << 20" "within the limit and without the OOM killer"
run 2 slab pressure --size 8
[ -z "$(ls -d /sys/fs/cgroup/mmkit-* 2>/dev/null)" ]
result $? "its cgroup is gone"
