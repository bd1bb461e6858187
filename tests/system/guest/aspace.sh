# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# mmkit aspace and the area's control file.
T=/tmp/aspace
D=/sys/kernel/debug/mmkit/aspace

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

# --- the control file takes the same
says_control() { # REGEX
	cat $D/control >$T.out 2>$T.err
	grep -qE -- "$1" $T.out
	result $? "control says: $1"
}
: >$T.err
echo 'regions -x count' >$D/control
says_control '^[0-9a-f]+-[0-9a-f]+ r-xp text '
says_control '^pages [0-9]+ .* young '
echo 'walk 0x1000' >$D/control
says_control '^pgd\[0\] '
echo 'walk -a direct 1M' >$D/control
says_control '^pfn 0x100 '
echo 'range -a 0 -e 0x7ffffffff000' >$D/control
says_control '^pages 34359738367 hole '
echo 'pages -a 0 -N 2' >$D/control
says_control '^hole level 0$'
echo 'tables -N 3' >$D/control
says_control '^[0-9]+ tables, [0-9]+ bytes, '
grep -qE '^vmalloc +[0-9]+$' $D/kernel
result $? "kernel lists the areas"
! grep -qE 'ff[0-9a-f]{10}' $D/kernel
result $? "and no address"
for bad in "regions -N 0" "regions -p -1" "walk 0x800000000000000" "range -a 1 -e 4096" \
	"pages -a 1" "tables -a 4096 -e 4096" "walk -a nosuch 0" "nosuch"; do
	! echo "$bad" 2>/dev/null >$D/control
	result $? "control refuses: $bad"
done
