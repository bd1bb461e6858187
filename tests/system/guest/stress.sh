# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# stress.sh SECONDS: fio, trinity and stress-ng on mmkit's devices, and its tests beside.
SECONDS_EACH=$1
HELD=/sys/kernel/debug/mmkit/info/limits
TOTAL=/sys/module/mmkit_core/parameters/total_bytes
T=/tmp/stress
# shellcheck source=cli.sh
. /extra/cli.sh

# What all sessions hold: bytes and handles.
held() {
	sed -n 's/.* used \([0-9]*\)$/\1/p' $HELD | tr '\n' ' '
}

# given_back NAME: what they hold is what they held before.
given_back() {
	: >$T.err
	held >$T.out
	[ "$(cat $T.out)" = "$before" ]
	result $? "$1"
}

# told NAME: how long the part that ends here took, for whoever sets SECONDS. The log
# of a machine that does not come to the end has it, too.
told() {
	local now
	now=$(cut -d. -f1 /proc/uptime)
	echo "# $1: $((now - began)) s"
	echo "mmkit-test: stress: $1: $((now - began)) s" >/dev/kmsg
	began=$now
}

before=$(held)
began=$(cut -d. -f1 /proc/uptime)

# --- fio: each block carries its checksum, through mappings of every kind of memory
fio_on() { # STRATEGY [OPTION...]
	local strategy=$1
	shift
	MMKIT_STRATEGY=$strategy MMKIT_BYTES=4194304 MMKIT_FRAMES=64 \
		LD_PRELOAD=/extra/store_open.so fio --name="$strategy" --thread \
		--filename=/dev/mmkit/map --ioengine=mmap --size=4m --bs=4k --rw=randwrite \
		--fallocate=none --invalidate=0 --verify=crc32c --verify_fatal=1 \
		--do_verify=1 --output=$T.out "$@" >$T.err 2>&1
}

for strategy in page populate vmalloc pfn dirty huge shmem pager; do
	fio_on $strategy
	result $? "fio: $strategy: what was written is read back"
	sed -n 's/^ *\(write\|read\): /# &/p' $T.out | cut -c1-100
done
# Over and over: what was in no frame is in the swap, and comes back.
fio_on pager --loops="$SECONDS_EACH"
result $? "fio: pager: $SECONDS_EACH times"
sed -n 's/^ *\(write\|read\): /# &/p' $T.out | cut -c1-100
given_back "fio has left nothing"
told fio

# --- whoever finds the devices may use them, but not all of the memory
total=$(cat $TOTAL)
echo 67108864 >$TOTAL
[ "$(cat $TOTAL)" = 67108864 ]
result $? "all of them together get 64 MiB"
ulimit -v 400000
chmod 666 /dev/mmkit/*
mkdir -m 777 /tmp/work
cd /tmp/work || exit 1

# trinity ends by itself, or is told to; by a signal of its own it may not. That is what
# sockets and perf's files make of it before its first call; they are none of ours.
calls='-c ioctl -c mmap -c munmap -c mremap -c madvise -c mprotect -c msync -c mlock -c read
	-c write -c pread64 -c lseek -c poll -c dup -c close -c fcntl'
# shellcheck disable=SC2086  # words
as_nobody timeout -s INT -k 10 "$SECONDS_EACH" trinity -q -l off -C 4 -V /dev/mmkit \
	--disable-fds=sockets --disable-fds=perf $calls >$T.out 2>$T.err
rc=$?
[ $rc -eq 0 ] || [ $rc -eq 124 ]
result $? "trinity calls the devices (status $rc)"
tail -n 4 $T.out | tr -d '\033' | sed 's/^/# /' | cut -c1-120
told trinity

# stress SECONDS NAME COMMAND...: stress-ng is one of its words; what it counted.
stress() {
	local seconds=$1 name=$2
	shift 2
	"$@" --timeout "$seconds" --metrics-brief --temp-path /tmp/work >$T.out 2>$T.err
	result $? "stress-ng: $name"
	grep -hE 'fail|skip|error|metrc.* [0-9]' $T.out $T.err | sed 's/^/# /' | cut -c1-120
}

for dev in /dev/mmkit/*; do
	stress $((SECONDS_EACH / 4 + 1)) "--dev on $dev" \
		as_nobody stress-ng --dev 2 --dev-file "$dev"
done
# It is kept for machines that may be lost, as this one may.
stress "$SECONDS_EACH" "--bad-ioctl on all that it may open" \
	as_nobody stress-ng --pathological --bad-ioctl 2
given_back "they have left nothing"
told stress-ng
chmod 600 /dev/mmkit/*
ulimit -v unlimited
echo "$total" >$TOTAL

# --- the tests, on a machine that is busy with memory as far as they leave it time
nice -n 19 stress-ng --timeout 0 --temp-path /tmp/work --mmap 1 --mmap-bytes 16M --mremap 1 \
	--mremap-bytes 8M --madvise 1 --vm 1 --vm-bytes 32M --fork 1 --fault 1 \
	>$T.bg 2>&1 &
stress=$!
for program in dispatch session map map_race pager 'races 100 2'; do
	# shellcheck disable=SC2086  # words
	/extra/$program >$T.tap 2>$T.err
	rc=$?
	grep -A 8 '^not ok' $T.tap >$T.out
	result $rc "$program beside stress-ng: $(grep -c '^ok' $T.tap) tests"
	told "$program"
done
kill -0 $stress
result $? "it was busy to the end"
kill -INT $stress
wait $stress
grep -hE 'fail|error' $T.bg | sed 's/^/# /' | cut -c1-120
given_back "in the end all is given back"

# --- modules
if stress-ng --help | grep -q -- '--module-name'; then
	rmmod mmkit_heap
	stress "$SECONDS_EACH" "a module comes and goes" \
		stress-ng --module 1 --module-name mmkit_heap
	rmmod mmkit_heap 2>/dev/null
	modprobe mmkit_heap
	result $? "and can be loaded after it"
	told modules
else
	echo "ok - stress-ng: a module comes and goes # SKIP $(stress-ng --version | cut -d' ' -f1-3) has no --module"
fi
