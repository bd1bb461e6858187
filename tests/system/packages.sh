#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG
# TIMEOUT: 3600
# The Debian packages: they build, lintian has nothing to say, and installing,
# upgrading and purging them in a clean system leaves it as it was. That system is
# booted in between, and debian/tests/run loads and uses what DKMS built there.
# shellcheck disable=SC2317  # ok() calls the functions
. "$(dirname "$0")/lib.sh"
. tests/vm/lib.sh	# the archive's address
trap - ERR

[ "$(id -u)" -eq 0 ] || skip_all "a root file system to install into needs root"
for tool in dpkg-buildpackage dpkg-scanpackages dh dh_dkms lintian mmdebstrap mke2fs qemu-system-x86_64; do
	command -v $tool >/dev/null || skip_all "$tool is not installed; run: tests/setup packages"
done
plan 30

# The files of the checkout, not what was built in it.
build_packages() { # DIR VERSION
	mkdir -p "$1"
	git ls-files -co --exclude-standard | tar -c -T - | tar -x -C "$1" --one-top-level=mmkit
	sed -i "1s/(.*)/($2)/" "$1/mmkit/debian/changelog"
	(cd "$1/mmkit" && dpkg-buildpackage -us -uc)
}
ok "the packages build" build_packages "$WORK/one" 0.1
ok "and so does a later version" build_packages "$WORK/two" 0.1+1
packages='libmmkit-dev libmmkit0 mmkit-dkms mmkit-doc mmkit-tools'
is "they are those" \
	"$(cd "$WORK/one" && printf '%s\n' ./*.deb | sed 's|./||; s/_.*//' | grep -v dbgsym | xargs)" \
	"$packages"
# There is no mailing list yet, and of .changes and debug symbols none can be overridden.
is "lintian has nothing to say" \
	"$(lintian --fail-on none "$WORK"/one/*.changes 2>&1 | grep -E '^[EWI]:' |
		grep -v ' bogus-mail-host' || true)" ''
like "the library's package names what it exports" \
	"$(dpkg-deb -c "$WORK"/one/libmmkit0_*.deb)" 'usr/lib/x86_64-linux-gnu/libmmkit.so.0$'

root=$WORK/root
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
# A kernel with its headers, so that DKMS has something to build for.
needs='dkms adduser udev kmod mount openssl gcc libc6-dev man-db bash-completion
	initramfs-tools linux-image-amd64 linux-headers-amd64 libbpf1 libedit2 libjson-c5 libkmod2
	libncursesw6 libsmartcols1 libtracefs1'
echo "deb [signed-by=$KEYRING] $(archive_uri) $release main" >"$WORK/sources.list"
# What it mounts and, on a busy machine, fails to unmount again goes with its namespace.
ok "a clean system" unshare --mount --propagation private mmdebstrap --mode=root --variant=apt \
	--include="$(xargs <<<"$needs" | tr ' ' ,)" "$release" "$root" "$WORK/sources.list"

# shellcheck disable=SC2016  # the inner shell's
inside() {
	unshare --mount --propagation private bash -euc '
		mount -t proc proc "$1/proc"
		exec chroot "$@"' bash "$root" env DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

# Every file with its content, but for what package tools note for themselves, and
# the key that DKMS makes once.
state() {
	(cd "$root" && find etc usr var -xdev \( -path var/lib/dpkg -o -path var/log \
		-o -path var/cache -o -path 'var/lib/dkms/mok.*' -o -name '*-' \) -prune -o -type f -print0 |
		xargs -0 sha256sum && find . -xdev -path ./var/lib/dpkg -prune -o -type d -print) | sort
}

install_packages() { # DIR
	local deb

	mkdir -p "$root/tmp/debs"
	rm -f "$root"/tmp/debs/*
	for deb in "$1"/*.deb; do
		[[ $deb == *dbgsym* ]] || cp "$deb" "$root/tmp/debs/"
	done
	inside sh -c 'dpkg -i /tmp/debs/*.deb'
}

mkdir -p "$root/tmp/debs"
state >"$WORK/before"
ok "they install" install_packages "$WORK/one"
like "the command runs" "$(inside mmkit --version 2>&1)" '^mmkit [0-9]'
kernel=$(ls "$root/lib/modules")
like "DKMS has built the modules" "$(inside dkms status 2>/dev/null)" \
	"mmkit/0\\.1, $kernel, x86_64: installed"
like "there is a group for the devices" "$(inside getent group mmkit)" '^mmkit:'
like "the command is completed" "$(inside bash -c '. /usr/share/bash-completion/bash_completion
	_completion_loader mmkit; complete -p mmkit' 2>&1)" '^complete .*mmkit$'
like "there is a manual" "$(inside man -w mmkit 2>&1)" '/man1/mmkit\.1'
# shellcheck disable=SC2016  # it is what the file says
is "the program of the headers' test compiles, links and runs" \
	"$(cd "$root/tmp" && sed -n 's/^Test-Command: cd "$AUTOPKGTEST_TMP" && //p' \
		"$TOP/debian/tests/control" >t.sh && inside sh -ec 'cd /tmp; . ./t.sh; echo 0' 2>&1)" 0

# The test that autopkgtest-pkg-dkms stands for. It removes and installs the package by
# apt: in a layer over the system, which goes again.
dkms_test() {
	(cd "$root/tmp/debs" && dpkg-scanpackages . 2>/dev/null >Packages)
	mkdir "$WORK"/{upper,work,layer}
	# shellcheck disable=SC2016  # the inner shell's
	unshare --mount --propagation private bash -euc '
		mount -t overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" layer "$2/layer"
		mount -t proc proc "$2/layer/proc"
		rm -f "$2"/layer/etc/apt/sources.list.d/*
		echo "deb [trusted=yes] file:/tmp/debs ./" >"$2/layer/etc/apt/sources.list"
		export PATH=/usr/sbin:/usr/bin:/sbin:/bin
		chroot "$2/layer" apt-get -q update
		chroot "$2/layer" env -C /tmp /usr/lib/dkms/dkms-autopkgtest mmkit-dkms' \
		bash "$root" "$WORK"
}
said=$(dkms_test 2>&1) && rc=0 || rc=$?
result "$rc" "the stock DKMS autopkgtest passes" || diag "$said"
like "and built for the kernel" "$said" "^I: PASS $kernel"
rm -rf --one-file-system "$WORK"/{upper,work,layer}

# Its own kernel and initramfs, its udev, and the test as autopkgtest runs it.
boot_it() {
	cp debian/tests/run "$root/tmp/run"
	cat >"$root/tmp/init" <<'EOF'
#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t debugfs debugfs /sys/kernel/debug
/lib/systemd/systemd-udevd --daemon
{
	sh /tmp/run && echo "status 0" || echo "status $?"
	modprobe mmkit_map
	udevadm settle
	stat -c 'node %G %a' /dev/mmkit/map
	setpriv --reuid nobody --regid mmkit --clear-groups mmkit map run -s page --size 16K
	echo "a member: $?"
	setpriv --reuid nobody --regid nogroup --clear-groups mmkit map run -s page --size 16K
	echo "somebody else: $?"
	modinfo -F filename mmkit_map
	echo "signer $(modinfo -F signer mmkit_map)"
} >/dev/ttyS1 2>&1
sync
echo o >/proc/sysrq-trigger
sleep 60
EOF
	chmod +x "$root/tmp/init"
	mke2fs -q -t ext4 -d "$root" "$WORK/disk" 3G || return
	timeout 900 qemu-system-x86_64 -nodefaults -display none -monitor none -no-reboot \
		-M q35 -accel tcg,thread=multi -cpu max -smp 2 -m 1G \
		-kernel "$root/boot/vmlinuz-$kernel" -initrd "$root/boot/initrd.img-$kernel" \
		-append "console=ttyS0 panic=-1 root=/dev/vda rw init=/tmp/init" \
		-drive "if=none,id=d,format=raw,file=$WORK/disk" -device virtio-blk-pci,drive=d \
		-serial "file:$WORK/console" -serial "file:$WORK/said" || return
	rm -f "$WORK/disk"
}
ok "the system boots and ends" boot_it
said=$(tr -d '\r' <"$WORK/said")
like "debian/tests/run passes in it" "$said" '^status 0$'
like "on blocks it looked up in /proc" "$said" '^verified: yes'
like "udev gives the devices to the group" "$said" '^node mmkit 660$'
like "who is in it may use them" "$said" '^a member: 0$'
like "and nobody else" "$said" '^somebody else: 1$'
like "the modules are those that DKMS built" "$said" "^/lib/modules/$kernel/updates/dkms/mmkit_map"
like "which signed them" "$said" '^signer DKMS module signing key'
unlike "the kernel had nothing to complain of" "$(tr -d '\r' <"$WORK/console")" \
	'BUG:|WARNING:|Oops|Call Trace'
ok "they upgrade" install_packages "$WORK/two"
like "DKMS has those of the new version" "$(inside dkms status 2>/dev/null)" \
	"mmkit/0\\.1\\+1, $kernel, x86_64: installed"
is "and no others" "$(inside dkms status 2>/dev/null | grep -c mmkit)" 1
# shellcheck disable=SC2086  # names
ok "they purge" inside dpkg -P $packages
rm -rf "$root"/tmp/{debs/*,run,init,t*}
is "their modules are gone" "$(find "$root/lib/modules" -name 'mmkit*')" ''
state >"$WORK/after"
is "nothing is left behind" "$(diff "$WORK/before" "$WORK/after")" ''
finish
