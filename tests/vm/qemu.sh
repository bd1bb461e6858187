# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# The machine: its QEMU command line, its life and the verdict on it.
# Needs lib.sh and build.sh.

vm_defaults() {
	KERNEL=${KERNEL:-stock-6.1} MEM=${MEM:-1G} SMP=${SMP:-2}
	TIMEOUT=${TIMEOUT:-120} APPEND=${APPEND:-} EXTRA=${EXTRA:-}
	SWAP=${SWAP:-} NUMA=${NUMA:-} ICOUNT=${ICOUNT:-} PROGS=${PROGS:-}
	NOLOAD=${NOLOAD:-} SIGN=${SIGN:-} KMEMLEAK=${KMEMLEAK:-} LOG=${LOG:-}
	PLUGIN=${PLUGIN:-} SILENCE=${SILENCE:-90} COVER=${COVER:-}
	EXPECT_LOG=${EXPECT_LOG:-} EXPECT_TAINT=${EXPECT_TAINT:-0}
	[ "$ICOUNT" != 0 ] || ICOUNT=
	[ "$NOLOAD" != 0 ] || NOLOAD=
	[ "$SIGN" != 0 ] || SIGN=
	[ "$SWAP" != 0 ] || SWAP=
	[ -z "$COVER" ] || mkdir -p "$COVER" 2>/dev/null ||
		die 125 "COVER=$COVER is no folder that can be written"
	[[ $ICOUNT =~ ^1?$ ]] || die 125 "ICOUNT=$ICOUNT is neither 0 nor 1"
	[[ $SWAP =~ ^([0-9]+[KMG])?$ ]] || die 125 "SWAP=$SWAP is not a size such as 64M"
	[[ $EXPECT_TAINT =~ ^[0-9]+$ ]] ||
		die 125 "EXPECT_TAINT=$EXPECT_TAINT is not a number, a mask of taint bits"
	check_expect_log
	[ -z "$LOG" ] || : 2>/dev/null >>"$LOG" || die 125 "LOG=$LOG cannot be written"
	[ -z "$EXTRA" ] || [ -d "$EXTRA" ] || die 125 "EXTRA=$EXTRA is not a folder"
	[[ $TIMEOUT =~ ^[0-9]+$ ]] || die 125 "TIMEOUT=$TIMEOUT is not a number of seconds"
	[[ $SILENCE =~ ^[0-9]+$ ]] || die 125 "SILENCE=$SILENCE is not a number of seconds"
	[[ $SMP =~ ^[1-9][0-9]*$ ]] || die 125 "SMP=$SMP is not a number of CPUs"
	[[ $MEM =~ ^[0-9]+[MG]$ ]] || die 125 "MEM=$MEM is not a size such as 512M or 2G"
	[[ $NUMA =~ ^[0-9]*$ ]] || die 125 "NUMA=$NUMA is not a number of nodes"
	T=
}

# A pattern that grep refuses would let every complaint of the kernel pass.
check_expect_log() {
	local rc=0

	[ -n "$EXPECT_LOG" ] || return 0
	grep -qE -- "$EXPECT_LOG" </dev/null 2>/dev/null || rc=$?
	[ "$rc" -le 1 ] || die 125 "EXPECT_LOG=$EXPECT_LOG is not a regular expression"
}

# vm_begin: a private folder, gone however we end, and a QEMU gone with it.
vm_begin() {
	local signal

	T=$(mktemp -d "${TMPDIR:-/tmp}/mmkit-vm.XXXXXX")
	NONCE=$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
	LOGFILE=$T/log
	QPID=
	trap vm_end EXIT
	for signal in INT TERM HUP; do
		# shellcheck disable=SC2064
		trap "exit $((128 + $(kill -l "$signal")))" "$signal"
	done
}

vm_end() {
	trap '' INT TERM HUP
	if [ -n "$QPID" ]; then
		kill "$QPID" 2>/dev/null || true
		wait "$QPID" 2>/dev/null || true
	fi
	if [ -n "$T" ]; then
		# Readers of the streams, when we end before the streams did.
		for job in $(jobs -p); do
			kill "$job" 2>/dev/null || true
		done
		rm -rf "$T"
	fi
}

quote() {
	printf "'%s'" "${1//\'/\'\\\'\'}"
}

# vm_guest MODE [CMD]: set INITRD to the base and what belongs to this run alone.
vm_guest() {
	local root=$T/root prog v

	mkdir -p "$root/mmkit"
	printf '%s\n' "${2:-}" >"$root/mmkit/cmd"
	MODE=$1 HOST_TERM=${TERM:-dumb} ROWS='' COLS='' DISK=/dev/vda
	[ -z "$K_UM" ] || DISK=/dev/ubda
	if [ -t 0 ]; then
		read -r ROWS COLS < <(stty size)
	fi
	for v in MODE NONCE K_NAME SWAP NOLOAD KMEMLEAK HOST_TERM ROWS COLS EXPECT_LOG \
		EXPECT_TAINT COVER DISK; do
		echo "$v=$(quote "${!v}")"
	done >"$root/mmkit/env"
	[ "$MODE" != console ] || cp "$VM/scan-log" "$VM/tap.awk" "$root/mmkit/"
	if [ -n "$EXTRA" ]; then
		mkdir -p "$root/extra"
		cp -a "$EXTRA/." "$root/extra/"
	fi
	[ -z "$SIGN" ] || sign_modules "$root"
	[ -z "$PROGS" ] || [ -z "$K_ARCH" ] ||
		die 125 "PROGS names programs of this machine, and $K_NAME is for $K_ARCH"
	for prog in $PROGS; do
		v=$(command -v "$prog") ||
			die 125 "PROGS names $prog, which is not here; install or build it"
		add_program "$root" "$v"
	done
	pack "$root" "$T/run.cpio"
	cat "$BASE" "$T/run.cpio" >"$T/initrd"
	rm -rf "$root" "$T/run.cpio"
}

# kvm_works: true when a kernel was seen to boot under KVM on this machine. That
# /dev/kvm opens proves nothing: it can hang a guest in its firmware. The answer
# is kept for as long as the machine is up with the same QEMU.
kvm_works() {
	local key file

	[ -z "$K_ARCH" ] || return 1
	[ -r /dev/kvm ] && [ -w /dev/kvm ] || return 1
	key=$({
		cat /proc/sys/kernel/random/boot_id
		qemu-system-x86_64 --version
		grep -m 1 '^model name' /proc/cpuinfo
	} | sha256sum | cut -c 1-16)
	file=$CACHE/accel/$key
	if [ ! -e "$file" ]; then
		say "trying KVM (once per boot of this machine)"
		mkdir -p "$CACHE/accel"
		# A QEMU that aborts is an answer, and bash has no need to tell of it.
		if kvm_probe 2>/dev/null; then echo kvm; else echo tcg; fi >"$file.$$"
		mv "$file.$$" "$file"
	fi
	[ "$(cat "$file")" = kvm ]
}

kvm_probe() {
	local log=$T/kvm.log i pid

	: >"$log"
	timeout -k 1 15 qemu-system-x86_64 -nodefaults -no-user-config -display none \
		-M q35 -accel kvm -cpu host -m 256M -no-reboot -kernel "$K_IMAGE" \
		-append 'console=ttyS0 earlyprintk=ttyS0 panic=-1' \
		-serial "file:$log" >/dev/null 2>&1 &
	pid=$!
	for ((i = 0; i < 50; i++)); do
		# The firmware's own words prove nothing either.
		if grep -aq 'Linux version' "$log" || ! kill -0 "$pid" 2>/dev/null; then
			break
		fi
		sleep 0.1
	done
	kill "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
	grep -aq 'Linux version' "$log"
}

# vm_numa: split memory and CPUs over NUMA nodes, the last takes the remainder.
vm_numa() {
	local mib each i first last cpus

	mib=$(($(numfmt --from=iec "$MEM") >> 20))
	each=$((mib / NUMA))
	for ((i = 0; i < NUMA; i++)); do
		[ $((i + 1)) -lt "$NUMA" ] || each=$((mib - each * i))
		first=$((i * SMP / NUMA)) last=$(((i + 1) * SMP / NUMA - 1)) cpus=
		[ "$first" -gt "$last" ] || cpus=,cpus=$first-$last
		MACHINE+=(-object "memory-backend-ram,id=m$i,size=${each}M"
			-numa "node,nodeid=$i,memdev=m$i$cpus")
	done
}

# vm_words: what every kernel is told.
vm_words() {
	WORDS="panic=-1 oops=panic ignore_loglevel printk.time=1${K_WORDS:+ $K_WORDS}"
}

# vm_machine: choose the accelerator; MACHINE is what QEMU is told of the machine and
# WORDS the kernel, whatever runs them.
vm_machine() {
	local cpu=max

	vm_words
	MACHINE=(-M q35) ACCEL=TCG
	[ "$K_ARCH" != arm64 ] || MACHINE=(-M virt) cpu=cortex-a76
	if [ -n "$ICOUNT" ]; then
		ACCEL="TCG counting instructions" SMP=1
		MACHINE+=(-accel tcg -icount "shift=0,sleep=off" -cpu "$cpu")
		WORDS+=" mitigations=off"
	elif kvm_works; then
		ACCEL=KVM
		MACHINE+=(-accel kvm -cpu host)
	else
		MACHINE+=(-accel "tcg,thread=$K_TCG" -cpu "$cpu")
	fi
	# One socket for each CPU: the cores of a socket never span nodes.
	MACHINE+=(-smp "$SMP${NUMA:+,sockets=$SMP}" -m "$MEM")
	[ -z "$NUMA" ] || vm_numa
}

# vm_say_machine: build QEMU, the command line of what runs the kernel.
vm_say_machine() {
	if [ -n "$K_UM" ]; then
		um_command
	else
		qemu_command
	fi
	say "$K_NAME ($K_REL), $ACCEL, $SMP CPUs, $MEM"
}

# um_command: the kernel is the program. vm_guest has told it where its swap is.
um_command() {
	local words

	[ -z "$NUMA$ICOUNT$PLUGIN" ] || needs_qemu "NUMA, ICOUNT and PLUGIN are"
	ACCEL='user mode' SMP=1
	vm_words
	QEMU=("$VM/um" "$T" "$K_IMAGE" "mem=$MEM" "initrd=$T/initrd" "uml_dir=$T/um" umid=um noreboot)
	if [ -n "$SWAP" ]; then
		truncate -s "$SWAP" "$T/swap"
		QEMU+=("ubd0=$T/swap")
	fi
	read -ra words <<<"$WORDS $APPEND"
	QEMU+=("${words[@]}")
}

qemu_command() {
	local i

	vm_machine
	QEMU=("$K_QEMU" -nodefaults -no-user-config -display none
		-monitor none -no-reboot "${MACHINE[@]}")
	if [ -n "$SWAP" ]; then
		truncate -s "$SWAP" "$T/swap"
		QEMU+=(-drive "if=none,id=swap,format=raw,file=$T/swap"
			-device "virtio-blk-pci,drive=swap")
	fi
	if [ -n "$COVER" ]; then
		truncate -s 64M "$T/cover"
		QEMU+=(-drive "if=none,id=cover,format=raw,file=$T/cover"
			-device "virtio-blk-pci,drive=cover,serial=cover")
	fi
	QEMU+=(-kernel "$K_IMAGE" -initrd "$T/initrd" -append "console=ttyS0 $WORDS $APPEND"
		-chardev "file,id=c0,path=$LOGFILE" -chardev "file,id=c3,path=$T/end")
	if [ "$K_ARCH" = arm64 ]; then
		# It has no ISA; four ports on a PCI card bear the same names.
		QEMU+=(-device "pci-serial-4x,chardev1=c0,chardev2=c1,chardev3=c2,chardev4=c3")
	else
		for i in 0 1 2 3; do
			QEMU+=(-device "isa-serial,chardev=c$i,index=$i")
		done
	fi
	[ -z "$PLUGIN" ] || QEMU+=(-plugin "$PLUGIN")
}

vm_start() {
	"$@" </dev/null 2>"$T/qemu.err" &
	QPID=$!
}

# vm_begun: the guest's init runs, which is the first thing that it says.
vm_begun() {
	[ -e "$T/end" ] && grep -aq "^mmkit-begin $NONCE" "$T/end"
}

# vm_wait: until QEMU ends. A kernel that says nothing for SILENCE seconds, its init
# not reached, is given up: STUCK.
vm_wait() {
	local size=-1 now since=$SECONDS

	QSTATUS=0 STUCK=
	while kill -0 "$QPID" 2>/dev/null && ! vm_begun; do
		now=$(stat -c %s "$LOGFILE" 2>/dev/null || true)
		if [ "$now" != "$size" ]; then
			size=$now since=$SECONDS
		elif [ $((SECONDS - since)) -ge "$SILENCE" ]; then
			STUCK=1
			kill "$QPID" 2>/dev/null || true
			break
		fi
		sleep 0.2
	done
	wait "$QPID" || QSTATUS=$?
	QPID=
}

# Keep the log where the caller asked, else in the build folder, not too many.
vm_keep_log() {
	local kept=${LOG:-}

	if [ -z "$kept" ]; then
		mkdir -p "$BUILD/log"
		kept=$BUILD/log/$(date +%H%M%S)-$K_NAME-${NONCE:0:6}.log
		find "$BUILD/log" -ignore_readdir_race -name '*.log' -printf '%T@ %p\n' | sort -rn |
			tail -n +100 | cut -d' ' -f2- | xargs -r rm -f --
	fi
	tr -d '\r' <"$LOGFILE" >"$kept"
	LOGFILE=$kept
}

# vm_keep_cover: what the guest wrote to its disk for it. A guest that hung or panicked
# did not come so far, one that is locked or has no module has nothing to tell.
vm_keep_cover() {
	[ -n "$COVER" ] || return 0
	if [[ $(tar -tf "$T/cover" 2>/dev/null) != *.gcda* ]]; then
		say "this run does not tell which code it came by"
		return 0
	fi
	mkdir -p "$COVER/$NONCE"
	tar -xf "$T/cover" -C "$COVER/$NONCE"
}

# vm_verdict: exit as the run deserves. The guest's word counts only when it is
# complete, is this run's, and the kernel did not complain.
vm_verdict() {
	local end status taint allowed bad found scanned

	[ -e "$LOGFILE" ] || : >"$LOGFILE"
	vm_keep_log
	vm_keep_cover
	end=$(tr -d '\r' <"$T/end" |
		sed -n "s/^mmkit-end $NONCE status=\([0-9]\+\) taint=\([0-9]\+\)$/\1 \2/p")
	scanned=0
	found=$("$VM/scan-log" ${EXPECT_LOG:+-e "$EXPECT_LOG"} "$LOGFILE") || scanned=$?
	[ "$scanned" -le 1 ] || die 125 "the kernel log could not be read: $LOGFILE"
	if [ -z "$end" ]; then
		vm_incomplete "$found"
	fi
	read -r status taint <<<"$end"
	if [ "$status" -eq 125 ] && grep -aq 'mmkit-init: ' "$LOGFILE"; then
		die 125 "the guest could not start the command:" \
			"$(grep -ao 'mmkit-init: .*' "$LOGFILE" | tail -n 1); kernel log: $LOGFILE"
	fi
	# Out of tree and unsigned, which is what the modules are; TEST when KUnit ran.
	allowed=$((4096 | 8192 | EXPECT_TAINT))
	! grep -aq 'KTAP version' "$LOGFILE" || allowed=$((allowed | 262144))
	bad=$((taint & ~allowed))
	if [ -n "$found" ]; then
		printf '%s\n' "$found" | head -n 20 >&2
		warn "the kernel complained (above; the command's own status was $status);" \
			"the whole log is $LOGFILE"
	elif [ "$bad" -ne 0 ]; then
		warn "the kernel is tainted $taint, of which $bad is not expected" \
			"(the command's own status was $status); kernel log: $LOGFILE"
	else
		exit "$status"
	fi
	[ "$status" -eq 0 ] || exit "$status"
	exit 126
}

# vm_incomplete FOUND: there was no final line; say why as well as one can tell. What
# the kernel said last is often where it hangs.
vm_incomplete() {
	[ -z "$1" ] || printf '%s\n' "$1" | head -n 20 >&2
	tail -n 5 "$LOGFILE" >&2
	if grep -aq 'Kernel panic' "$LOGFILE"; then
		die 125 "the guest panicked; kernel log: $LOGFILE"
	elif [ -n "$STUCK" ]; then
		die 124 "the guest never reached its init: its kernel said nothing for" \
			"$SILENCE s, twice; kernel log: $LOGFILE"
	elif [ "$QSTATUS" -eq 124 ] || [ "$QSTATUS" -eq 137 ]; then
		vm_begun || die 124 "the guest never reached its init in $TIMEOUT s" \
			"(TIMEOUT=seconds); kernel log: $LOGFILE"
		die 124 "no end after $TIMEOUT s: the guest hung or needs longer" \
			"(TIMEOUT=seconds); kernel log: $LOGFILE"
	elif [ ! -s "$LOGFILE" ]; then
		cat "$T/qemu.err" >&2
		die 125 "${QEMU[0]##*/} did not start the guest (status $QSTATUS)"
	fi
	cat "$T/qemu.err" >&2
	die 125 "the guest stopped without saying how the command ended" \
		"(the status of ${QEMU[0]##*/} is $QSTATUS); kernel log: $LOGFILE"
}
