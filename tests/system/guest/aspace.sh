# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# mmkit aspace.
T=/tmp/aspace

# shellcheck source=cli.sh
. /extra/cli.sh

# --- against the kernel's files
verified aspace regions
verified aspace regions --rss
verified aspace regions --pid 1 --rss
verified aspace walk stack
verified aspace walk heap
verified aspace walk text
verified aspace walk 0x1000
verified aspace walk --area direct 1M

# --- regions
run 0 aspace regions --rows 0
has '^process 0: [0-9]+ regions$'
has ' text +r-xp /.*mmkit$'
has ' heap +rw-p \[heap\]$'
has ' stack +rw-p \[stack\]$'
json 1 --json aspace regions --pid 2
says_nothing() {
	! grep -q . $T.err
	result $? "stderr is empty"
}
says_nothing
run 1 aspace regions --pid 2
says 'no such process, or it has no address space.*ESRCH'

# --- walks
run 0 aspace walk stack
has '^PGD\[[0-9]+\] [0-9a-f]{16} write user accessed dirty$'
has 'PTE\[[0-9]+\] [0-9a-f]{16} write user .*nx$'
has '^a page of 4K$'
run 0 aspace walk --area direct 1M
has '^PGD\[-\] '
json 0 --json aspace walk --area vmalloc 0
json 0 --json aspace walk 0xffffffff81000000
! tr -d '\n ' <$T.out | grep -q '"address":[0-9]'
result $? "a kernel address is not printed"
run 1 aspace walk 0x800000000000000
says EINVAL
run 2 aspace walk nosuch
run 2 aspace walk
run 2 aspace walk --area nosuch 0

# --- ranges, pages, page tables, the map
verified aspace range heap
verified aspace range --pid 1 stack
verified aspace pages stack
verified aspace pages --pid 1 text
verified aspace pages 0x0+64K
verified aspace tables
verified aspace tables --pid 1
verified aspace map --pid 1
verified aspace context
verified aspace context --pid 1
run 0 aspace context
has '^CR3 of CPU [0-9]+: page frame 0x[0-9a-f]+, PCID [0-9]+$'
run 0 aspace context --pid 1
has '^CR3 holds the root of whoever asks: not this one$'
run 1 aspace context --pid 2
says 'no such process, or it has no address space'
run 0 aspace range stack
has '^[0-9]+ pages, [0-9]+ present:$'
has ' anon [0-9]+'
run 0 aspace range 0-0x7ffffffff000 --parts 64
has '^34359738367 pages, '
json 0 --json aspace range --pid 1 heap --interval 1
run 0 aspace range --pid 1 heap --interval 1
has '^used within 1 second: [0-9]+ pages '
run 0 aspace range stack --clear
run 0 aspace pages stack
has ' anon +4K +0x[0-9a-f]+ .*young'
run 0 aspace tables
has '^PTE +[0-9]+ '
has '^[0-9]+ tables weigh [0-9]+K, '
run 0 aspace tables --list
has '^PGD +0x0 '
run 0 aspace tables --tree
has 'PGD 0: [0-9]+ used'
has '[|`└├].*PTE 0x[0-9a-f]+: [0-9]+ used, [0-9]+ pages'
run 0 aspace map
has '^[45] levels of page tables; '
has '^User half'
has 'vmalloc'
for svg in 'map --pid 1' 'walk stack' 'tables --pid 1'; do
	# shellcheck disable=SC2086  # words
	json 0 --json aspace $svg --svg $T.svg
	grep -q '^</svg>' $T.svg
	result $? "drawn: $svg"
	# shellcheck disable=SC2086
	run 1 aspace $svg --svg /nosuch/x.svg
	says '/nosuch/x.svg'
done
run 0 aspace range stack --parts 4096
run 2 aspace range 0-1T --parts 5000
says 'at most 4096'
run 2 aspace range 2M-1M
run 2 aspace range nonsense
run 2 aspace pages 0+2G
says 'more than the 262144'
run 1 aspace range hugetlb
says 'no region of kind hugetlb'

# --- what does not agree is found: the kernel's files, as they are not
sed 's/^Rss: .*/Rss: 4 kB/' /proc/1/smaps >$T.smaps
mount --bind $T.smaps /proc/1/smaps
run 1 aspace regions --pid 1 --rss --verify
has '^verified: NO'
umount /proc/1/smaps
sed 's/^VmPTE:.*/VmPTE: 4 kB/' /proc/1/status >$T.status
mount --bind $T.status /proc/1/status
run 1 aspace tables --pid 1 --verify
has '^verified: NO'
umount /proc/1/status
