# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# LAVA from Debian's packages, in a root file system of its own in the cache. Installed
# on the system they would start lava-worker, want systemd and be there for ever; in
# here nothing starts, and removing the folder removes all of it. Sourced after
# tests/vm/lib.sh.

LAVA_PACKAGES=(lava-dispatcher lavacli qemu-system-x86 tftpd-hpa u-boot-tools
	python3-jsonschema)

lava_names() {
	K_NAME=lava K_ARCH='' K_SUITE='' K_ROOT=$CACHE/roots/bookworm-lava
}

# lava_root: set K_ROOT to the root. Of lava-server only the device types are wanted,
# which need neither its database nor its services: it is unpacked, not installed.
lava_root() {
	lava_names
	root_have bookworm "${LAVA_PACKAGES[@]}"
	LAVA_TYPES=$K_ROOT/usr/share/lava-server/device-types
	[ -d "$LAVA_TYPES" ] || locked "$K_ROOT.lock" lava_device_types
}

lava_device_types() {
	local dir

	[ ! -d "$LAVA_TYPES" ] || return 0
	dir=$(mktemp -d)
	fetch "$dir" lava-server
	dpkg-deb -x "$dir"/lava-server_*.deb "$dir/root"
	as_root mkdir -p "$(dirname "$LAVA_TYPES")"
	as_root cp -r "$dir/root/usr/share/lava-server/device-types" "$LAVA_TYPES"
	rm -rf "$dir"
}

# farm_root: the root has lava-server and its database, too, for tests/farm. Nothing that
# is installed in there may start anything.
farm_root() {
	lava_root
	as_root install -m 755 /dev/stdin "$K_ROOT/usr/sbin/policy-rc.d" <<<$'#!/bin/sh\nexit 101'
	locked "$K_ROOT.lock" root_add lava-server postgresql
}

# lava_in DIR COMMAND...: run COMMAND in the root as root, which lava-run must be, with
# DIR where it is outside. Its mounts and processes are in namespaces of their own: what
# it starts and forgets ends with it.
lava_in() {
	# shellcheck disable=SC2016  # for the inner shell
	as_root unshare --mount --pid --fork --kill-child --propagation private bash -euc '
		root=$1 dir=$2
		mount -t proc proc "$root/proc"
		mount --rbind /dev "$root/dev"
		mount -t tmpfs tmp "$root/tmp"
		# Last: it may be in /tmp.
		mkdir -p "$root$dir"
		mount --bind "$dir" "$root$dir"
		shift 2
		export HOME=/root LANG=C.UTF-8
		exec chroot "$root" "$@"' bash "$K_ROOT" "$@"
}
