#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1
# TIMEOUT: 1800
# The VM runner itself: what a command prints and how it ends come back as they
# were, and no kind of broken guest can pass for a success.
# shellcheck disable=SC2016  # what is quoted here is for the guest to expand
. "$(dirname "$0")/lib.sh"

plan 48

# The modules only where they are asked for.
export NOLOAD=1
# The runner's files of this script, so that none left behind is another's.
export TMPDIR=$WORK/tmp
mkdir "$TMPDIR"

# --- status and streams
vm 'exit 7'
is "a command's own status comes back" "$STATUS" 7
like "the machine is said in one line on stderr" "$ERR" \
	"^mmkit-vm: $KERNEL \(6\.1\..*\), (TCG|KVM), 2 CPUs, 1G\$"
QUIET=1 vm 'echo out; echo err >&2; kill -9 $$'
is "stdout is stdout" "$OUT" out
is "stderr is stderr, and QUIET adds nothing" "$ERR" err
is "a command killed by a signal says so" "$STATUS" 137

# Every byte, both ways, and enough of them to fill every buffer on the path.
mkdir "$WORK/extra"
LC_ALL=C awk 'BEGIN { for (i = 0; i < 256; i++) printf "%c", i }' >"$WORK/extra/bytes"
head -c 300000 /dev/urandom >"$WORK/extra/many"
EXTRA=$WORK/extra QUIET=1 vm 'cat /extra/bytes; cat /extra/many >&2'
is "all 256 byte values are there to begin with" "$(wc -c <"$WORK/extra/bytes")" 256
ok "stdout is byte for byte" cmp "$WORK/extra/bytes" "$WORK/out"
ok "stderr is byte for byte, 300000 of them" cmp "$WORK/extra/many" "$WORK/err"
is "and the command ended well" "$STATUS" 0

SECONDS=0
vm 'sleep 1000 & test ! -t 1 && test ! -t 2 && echo again >/dev/stdout && echo "a  $HOME '"'b'"' \"c\""'
is "no terminal, /dev/stdout reopens, quoting survives" "$OUT" $'again\na  /root \'b\' "c"'
is "a process left behind does not hold the run up" "$STATUS $((SECONDS < 500))" "0 1"

# --- broken guests
vm 'echo before; sleep 1; echo c >/proc/sysrq-trigger; sleep 10'
is "a panic is not a success" "$STATUS" 125
like "and is called one" "$ERR" 'the guest panicked; kernel log: /'
is "what was said a second before it is kept" "$OUT" before
TIMEOUT=60 vm 'echo on; echo "last words" >/dev/kmsg; sleep 1000'
is "a hang ends at TIMEOUT" "$STATUS" 124
like "and is called one" "$ERR" 'no end after 60 s'
like "with what its kernel said last" "$ERR" 'last words'
SILENCE=5 APPEND='rdinit=/none root=/dev/none rootwait' vm true
is "a kernel that falls silent before its init is given up" "$STATUS" 124
is "after a second try" "$(grep -c 'had not reached its init; once more' <<<"$ERR")" 1
like "and is called one" "$ERR" 'never reached its init: .* nothing for 5 s, twice'
APPEND='rdinit=/none root=/dev/none rootwait' TIMEOUT=8 vm true
like "as is one that TIMEOUT ends" "$STATUS $(tr '\n' ' ' <<<"$ERR")" \
	'^124 .*never reached its init in 8 s'
vm 'echo o >/proc/sysrq-trigger; sleep 10'
is "a guest that powers off by itself is not a success" "$STATUS" 125
vm 'echo "mmkit-end 0 status=0 taint=0" >/dev/ttyS3; poweroff -f'
is "a final line that is not this run's does not count" "$STATUS" 125
vm 'echo "BUG: not really" >/dev/kmsg'
is "a complaint in the kernel log is not a success" "$STATUS" 126
like "and is shown" "$ERR" 'BUG: not really'
vm 'echo "BUG: not really" >/dev/kmsg; exit 3'
is "a failing command keeps its status beside a complaint" "$STATUS" 3
EXPECT_LOG='(' vm true
is "a pattern that is none is refused, not taken for nothing found" "$STATUS" 125
SWAP=abc vm true
is "and so is a size that is none" "$STATUS" 125
LOG=$WORK/none/log vm true
is "and a log that cannot be kept" "$STATUS" 125
vm 'echo 64 >/proc/sys/kernel/tainted'
is "an unexpected taint is not a success" "$STATUS" 126
EXPECT_LOG='BUG: not' EXPECT_TAINT=64 vm \
	'echo "BUG: not really" >/dev/kmsg; echo 64 >/proc/sys/kernel/tainted'
is "unless both were expected" "$STATUS" 0

# --- parameters
# Four CPUs, often on half of one.
TIMEOUT=300 SWAP=32M NUMA=2 MEM=512M SMP=4 APPEND=mmkit.word=1 PROGS=comm NOLOAD=0 vm \
	'grep -c vda /proc/swaps; ls -d /sys/devices/system/node/node[0-9] | wc -l; nproc;
	grep -c mmkit.word=1 /proc/cmdline; awk "/MemTotal/ { print (\$2 < 524288) }" /proc/meminfo
	printf "a\nb\n" >1; printf "b\nc\n" >2; comm -12 1 2; comm --version | head -n 1 | grep -c GNU
	mount | cut -d" " -f3,5; lsmod'
is "SWAP, NUMA, SMP, APPEND and MEM arrive" "$(head -n 5 <<<"$OUT" | tr '\n' ' ')" "1 2 4 1 1 "
why "status $STATUS; $ERR"
is "a dynamic program of the host runs in the guest" "$(sed -n 6,7p <<<"$OUT" | tr '\n' ' ')" "b 1 "
is "everything is mounted" "$(grep -cE '^(/proc proc|/sys sysfs|/dev devtmpfs|/sys/kernel/debug debugfs|/sys/kernel/tracing tracefs|/sys/fs/cgroup cgroup2|/tmp tmpfs|/dev/shm tmpfs|/dev/pts devpts)$' <<<"$OUT")" 9
like "without NOLOAD the modules are in" "$OUT" '^mmkit'
LOG=$WORK/kept vm 'lsmod | grep -c ^mmkit; echo "kept line" >/dev/kmsg'
is "NOLOAD leaves them out" "$OUT" 0
like "LOG is the kernel's log" "$(cat "$WORK/kept")" 'Linux version 6\.1\.'
like "to its end" "$(cat "$WORK/kept")" 'kept line$'

# Nanoseconds of the guest's clock for the same work, twice.
work='now() { sed -n "s/^now at \([0-9]*\) .*/\1/p" /proc/timer_list; }
	spin() { i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; }
	spin; a=$(now); spin; echo $(($(now) - a))'
ICOUNT=1 vm "$work"
like "ICOUNT says so" "$ERR" 'TCG counting instructions, 1 CPUs'
is "and ends well" "$STATUS" 0
first=$OUT
ICOUNT=1 vm "$work"
ok "and the same work takes the same time to within 1 % ($first, $OUT)" \
	awk -v a="$first" -v b="$OUT" 'BEGIN { exit !(a > 1000000 && (a - b) ^ 2 < (a / 100) ^ 2) }'

# --- somebody's own kernel: a tree that looks as one does after "make bzImage"
read -r _ release headers < <(tests/vm/build --kernel "$KERNEL")
mkdir -p "$WORK/tree"
cp -as "$headers/." "$WORK/tree/"
mkdir -p "$WORK/tree/arch/x86/boot" "$WORK/tree/include/config"
ln -s "$headers/../../../boot/vmlinuz-$release" "$WORK/tree/arch/x86/boot/bzImage"
echo "$release" >"$WORK/tree/include/config/kernel.release"
# The modules are built for it, the tools are what they are.
mkdir "$WORK/build"
cp -a "${MMKIT_BUILD:-build}/tools" "$WORK/build"
MMKIT_BUILD=$WORK/build KERNEL=$WORK/tree NOLOAD=0 vm 'uname -r; lsmod | grep -c ^mmkit_'
like "a kernel's build tree is a KERNEL, with modules built for it" \
	"$STATUS $OUT" "^0 ${release//./\\.}\$"
rm -rf "$WORK/tree" && mkdir "$WORK/tree"
KERNEL=$WORK/nothing vm true
is "a KERNEL that is not there is refused" "$STATUS" 125
KERNEL=$WORK/tree vm true
like "and one that is not built is told apart" "$ERR" 'is not a built kernel tree'

# --- side by side
tests/vm/run 'echo one; sleep 3' >"$WORK/one" 2>/dev/null &
first=$!
vm 'echo two; sleep 3'
rc=0
wait "$first" || rc=$?
is "two at once do not mix" "$(cat "$WORK/one") $OUT $rc $STATUS" "one two 0 0"

# --- interrupted
tests/vm/run 'sleep 100' >/dev/null 2>&1 &
first=$!
for ((i = 0; i < 600; i++)); do
	! grep -qs '^mmkit-begin' "$TMPDIR"/mmkit-vm.*/end || break
	sleep 0.1
done
ok "its guest has begun" test "$i" -lt 600
kill -TERM "$first"
rc=0
wait "$first" || rc=$?
is "told to stop, it stops" "$rc" 143
is "and nothing is left behind by any of these runs" "$(ls -A "$TMPDIR")" ''

finish
