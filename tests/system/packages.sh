#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG
# TIMEOUT: 1200
# The Debian packages: they build, lintian has nothing to say, and installing,
# upgrading and purging them in a clean system leaves it as it was.
# shellcheck disable=SC2317  # ok() calls the functions
. "$(dirname "$0")/lib.sh"
. tests/vm/lib.sh	# the archive's address
trap - ERR

[ "$(id -u)" -eq 0 ] || skip_all "a root file system to install into needs root"
for tool in dpkg-buildpackage dh dh_dkms lintian mmdebstrap; do
	command -v $tool >/dev/null || skip_all "$tool is not installed; run: tests/setup packages"
done
plan 13

# The files of the checkout, not what was built in it.
build_packages() { # DIR VERSION
	mkdir -p "$1"
	git ls-files -co --exclude-standard | tar -c -T - | tar -x -C "$1" --one-top-level=mmkit
	sed -i "1s/(.*)/($2)/" "$1/mmkit/debian/changelog"
	(cd "$1/mmkit" && dpkg-buildpackage -us -uc -b)
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
needs='dkms adduser udev libbpf1 libedit2 libjson-c5 libkmod2 libncursesw6 libsmartcols1 libtracefs1'
echo "deb [signed-by=$KEYRING] $(archive_uri) $release main" >"$WORK/sources.list"
ok "a clean system" mmdebstrap --mode=root --variant=apt \
	--include="${needs// /,}" "$release" "$root" "$WORK/sources.list"

inside() {
	chroot "$root" env DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

# Every file with its content, but for what package tools note for themselves.
state() {
	(cd "$root" && find etc usr var -xdev \( -path var/lib/dpkg -o -path var/log \
		-o -path var/cache -o -name '*-' \) -prune -o -type f -print0 |
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
like "DKMS has the source" "$(inside dkms status 2>/dev/null)" 'mmkit/0\.1.*added'
like "there is a group for the devices" "$(inside getent group mmkit)" '^mmkit:'
ok "they upgrade" install_packages "$WORK/two"
# shellcheck disable=SC2086  # names
ok "they purge" inside dpkg -P $packages
rm -rf "$root"/tmp/debs/*
state >"$WORK/after"
is "nothing is left behind" "$(diff "$WORK/before" "$WORK/after")" ''
finish
