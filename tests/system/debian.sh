# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Our Debian packages, and a clean Debian of this release to install them into: sourced by
# the scripts that test them, after lib.sh.
. tests/vm/lib.sh	# the archive's address
trap - ERR

root=$WORK/root

[ "$(id -u)" -eq 0 ] || skip_all "a root file system to install into needs root"
for tool in dpkg-buildpackage dpkg-scanpackages dh dh_dkms lintian mmdebstrap mke2fs qemu-system-x86_64; do
	command -v $tool >/dev/null || skip_all "$tool is not installed; run: tests/setup packages"
done

# The files of the checkout, not what was built in it.
build_packages() { # DIR VERSION
	mkdir -p "$1"
	git ls-files -co --exclude-standard | tar -c -T - | tar -x -C "$1" --one-top-level=mmkit
	sed -i "1s/(.*)/($2)/" "$1/mmkit/debian/changelog"
	(cd "$1/mmkit" && dpkg-buildpackage -us -uc)
}

# clean_system PACKAGE...: a root file system in $root, with what ours need, PACKAGEs, and
# a kernel with its headers, so that DKMS has something to build for.
clean_system() {
	local release needs='dkms adduser udev kmod mount openssl gcc libc6-dev initramfs-tools
		linux-image-amd64 linux-headers-amd64 libbpf1 libedit2 libjson-c5 libkmod2
		libncursesw6 libsmartcols1 libtracefs1'

	release=$(. /etc/os-release && echo "$VERSION_CODENAME")
	echo "deb [signed-by=$KEYRING] $(archive_uri) $release main" >"$WORK/sources.list"
	# What it mounts and, on a busy machine, fails to unmount again goes with its namespace.
	unshare --mount --propagation private mmdebstrap --mode=root --variant=apt \
		--include="$(xargs <<<"$needs $*" | tr ' ' ,)" "$release" "$root" "$WORK/sources.list"
}

# inside COMMAND...: in $root.
inside() {
	# shellcheck disable=SC2016  # the inner shell's
	unshare --mount --propagation private bash -euc '
		mount -t proc proc "$1/proc"
		exec chroot "$@"' bash "$root" env DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
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

# boot_system SCRIPT: $root as a machine, with its own kernel, initramfs and udev. In the
# place of systemd, which takes minutes where it is emulated, SCRIPT runs after the mounts
# that systemd makes. What it prints goes to $WORK/said, the kernel's log to
# $WORK/console. SECONDS_= is how long it may take. One CPU: emulated, two now and then
# trip over code that the kernel patches.
boot_system() {
	local kernel

	kernel=$(ls "$root/lib/modules")
	cat >"$root/tmp/init" <<'EOF'
#!/bin/bash
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
mount -t debugfs debugfs /sys/kernel/debug
mount -t tracefs tracefs /sys/kernel/tracing
mount -t cgroup2 cgroup2 /sys/fs/cgroup
read -r controllers </sys/fs/cgroup/cgroup.controllers
for c in $controllers; do
	echo "+$c" >/sys/fs/cgroup/cgroup.subtree_control
done
mkdir -p /dev/shm
mount -t tmpfs shm /dev/shm
/lib/systemd/systemd-udevd --daemon
bash /tmp/script 2>&1 </dev/null | cat >/dev/ttyS1
sync
echo o >/proc/sysrq-trigger
sleep 60
EOF
	printf '%s\n' "$1" >"$root/tmp/script"
	chmod +x "$root/tmp/init"
	mke2fs -q -t ext4 -d "$root" "$WORK/disk" 4G || return
	rm "$root"/tmp/{init,script}
	timeout --foreground -k 5 "${SECONDS_:-900}" qemu-system-x86_64 -nodefaults -display none -monitor none -no-reboot \
		-M q35 -accel tcg -cpu max -m 1G \
		-kernel "$root/boot/vmlinuz-$kernel" -initrd "$root/boot/initrd.img-$kernel" \
		-append "console=ttyS0 panic=-1 root=/dev/vda rw init=/tmp/init" \
		-drive "if=none,id=d,format=raw,file=$WORK/disk" -device virtio-blk-pci,drive=d \
		-serial "file:$WORK/console" -serial "file:$WORK/said" || return
	rm -f "$WORK/disk"
}

# boots_well SCRIPT: two tests; the system boots and ends, and its kernel has no complaint.
# Sets SAID.
boots_well() {
	: >"$WORK/said"
	: >"$WORK/console"
	ok "the system boots and ends" boot_system "$1"
	why "$(tail -n 40 "$WORK/console")"
	SAID=$(tr -d '\r' <"$WORK/said")
	ok "the kernel had nothing to complain of" tests/vm/scan-log "$WORK/console"
}
