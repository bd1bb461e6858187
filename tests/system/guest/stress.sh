# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# stress.sh SECONDS: fio, trinity and stress-ng on mmkit's devices, and its tests beside.
SECONDS_EACH=$1
HELD=/sys/kernel/debug/mmkit/info/limits

result() {
	if [ "$1" -eq 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2"
	fi
}

# Whoever it is, of no group and without capabilities.
as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# What all sessions hold: bytes and handles.
held() {
	sed -n 's/.* used \([0-9]*\)$/\1/p' $HELD | tr '\n' ' '
}

before=$(held)

# --- fio: each block carries its checksum, through mappings of every kind of memory
fio_on() { # STRATEGY [OPTION...]
	local strategy=$1
	shift
	MMKIT_STRATEGY=$strategy MMKIT_BYTES=4194304 MMKIT_FRAMES=64 \
		LD_PRELOAD=/extra/store_open.so fio --name="$strategy" --thread \
		--filename=/dev/mmkit/map --ioengine=mmap --size=4m --bs=4k --rw=randwrite \
		--fallocate=none --invalidate=0 --verify=crc32c --verify_fatal=1 \
		--do_verify=1 --output=/tmp/fio.out "$@"
}

for strategy in page populate vmalloc pfn dirty huge shmem pager; do
	fio_on $strategy >/tmp/fio.err 2>&1
	result $? "fio: $strategy: what was written is read back"
	sed -n 's/^ *\(write\|read\): /# &/p' /tmp/fio.out | cut -c1-100
	grep -h . /tmp/fio.err | sed 's/^/# /' | head -n 5
done
# Over and over: what was in no frame is in the swap, and comes back.
fio_on pager --loops="$SECONDS_EACH" >/tmp/fio.err 2>&1
result $? "fio: pager: $SECONDS_EACH times"
sed -n 's/^ *\(write\|read\): /# &/p' /tmp/fio.out | cut -c1-100
[ "$(held)" = "$before" ]
result $? "fio has left nothing"

# --- whoever finds the devices may use them, but not all of the memory
echo 64M >/sys/module/mmkit_core/parameters/total_bytes
ulimit -v 400000
chmod 666 /dev/mmkit/*
mkdir -m 777 /tmp/work
cd /tmp/work || exit 1

# trinity ends by itself, or is told to; by a signal of its own it may not.
calls='-c ioctl -c mmap -c munmap -c mremap -c madvise -c mprotect -c msync -c mlock -c read
	-c write -c pread64 -c lseek -c poll -c dup -c close -c fcntl'
# shellcheck disable=SC2086  # words
as_nobody timeout -s INT -k 10 "$SECONDS_EACH" trinity -q -l off -C 4 -V /dev/mmkit $calls \
	>/tmp/trinity.out 2>&1
rc=$?
[ $rc -eq 0 ] || [ $rc -eq 124 ]
result $? "trinity calls the devices (status $rc)"
tail -n 4 /tmp/trinity.out | tr -d '\033' | sed 's/^/# /' | cut -c1-120

stress() { # NAME OPTION...
	local name=$1 rc=0
	shift
	stress-ng --timeout "$SECONDS_EACH" --metrics-brief --temp-path /tmp/work "$@" \
		>/tmp/stress.out 2>&1 || rc=$?
	[ $rc -eq 0 ]
	result $? "stress-ng: $name (status $rc)"
	grep -E 'metrc|fail|skip|error' /tmp/stress.out | sed 's/^/# /' | cut -c1-120
}

for dev in /dev/mmkit/*; do
	as_nobody stress-ng --timeout $((SECONDS_EACH / 4 + 1)) --temp-path /tmp/work \
		--dev 2 --dev-file "$dev" >/tmp/stress.out 2>&1
	result $? "stress-ng: --dev on $dev"
	grep -E 'fail|skip|error' /tmp/stress.out | sed 's/^/# /' | cut -c1-120
done
as_nobody stress-ng --timeout "$SECONDS_EACH" --temp-path /tmp/work --bad-ioctl 2 \
	>/tmp/stress.out 2>&1
result $? "stress-ng: --bad-ioctl on all that it may open"
[ "$(held)" = "$before" ]
result $? "they have left nothing"
chmod 600 /dev/mmkit/*
ulimit -v unlimited
echo 0 >/sys/module/mmkit_core/parameters/total_bytes

# --- the tests, on a machine that is busy with memory
stress-ng --timeout 0 --temp-path /tmp/work --mmap 1 --mmap-bytes 16M --mremap 1 \
	--mremap-bytes 8M --madvise 1 --vm 1 --vm-bytes 32M --fork 1 --fault 1 \
	>/tmp/stress.bg 2>&1 &
stress=$!
for program in dispatch session map map_race pager 'races 100 5'; do
	# shellcheck disable=SC2086  # words
	/extra/$program >/tmp/tap 2>/tmp/err
	result $? "$program beside stress-ng: $(grep -c '^ok' /tmp/tap) tests"
	grep -A 8 '^not ok' /tmp/tap | sed 's/^/# /'
done
kill -INT $stress
wait $stress
grep -E 'fail|error' /tmp/stress.bg | sed 's/^/# /' | cut -c1-120
[ "$(held)" = "$before" ]
result $? "in the end all is given back"

# --- modules
depmod -a 2>/dev/null
rmmod mmkit_heap
stress "modules come and go" --module 1 --module-name mmkit_heap
rmmod mmkit_heap 2>/dev/null
insmod "/lib/modules/$(uname -r)/extra/mmkit_heap.ko"
result $? "and can be loaded after it"
