#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG
# TIMEOUT: 3600
# The Debian packages: they build, lintian has nothing to say, and installing,
# upgrading and purging them in a clean system leaves it as it was. That system is
# booted in between, and debian/tests/run loads and uses what DKMS built there.
. "$(dirname "$0")/lib.sh"
. tests/system/debian.sh

plan 30

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

ok "a clean system" clean_system man-db bash-completion

# Every file with its content, but for what package tools note for themselves, and
# the key that DKMS makes once.
state() {
	(cd "$root" && find etc usr var -xdev \( -path var/lib/dpkg -o -path var/log \
		-o -path var/cache -o -path 'var/lib/dkms/mok.*' -o -name '*-' \) -prune -o -type f -print0 |
		xargs -0 sha256sum && find . -xdev -path ./var/lib/dpkg -prune -o -type d -print) | sort
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
cp debian/tests/{headers,run} "$root/tmp"
ok "the program of the headers' test compiles, links and runs" \
	inside env AUTOPKGTEST_TMP=/tmp sh /tmp/headers

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

# The test as autopkgtest runs it, and who may do what.
# shellcheck disable=SC2016  # the dollars are the machine's
boots_well 'sh /tmp/run && echo "status 0" || echo "status $?"
modprobe mmkit_map
udevadm settle
stat -c "node %G %a" /dev/mmkit/map
setpriv --reuid nobody --regid mmkit --clear-groups mmkit map run -s page --size 16K
echo "a member: $?"
setpriv --reuid nobody --regid nogroup --clear-groups mmkit map run -s page --size 16K
echo "somebody else: $?"
modinfo -F filename mmkit_map
echo "signer $(modinfo -F signer mmkit_map)"'
like "debian/tests/run passes in it" "$SAID" '^status 0$'
like "on blocks it looked up in /proc" "$SAID" '^verified: yes'
like "udev gives the devices to the group" "$SAID" '^node mmkit 660$'
like "who is in it may use them" "$SAID" '^a member: 0$'
like "and nobody else" "$SAID" '^somebody else: 1$'
like "the modules are those that DKMS built" "$SAID" "^/lib/modules/$kernel/updates/dkms/mmkit_map"
like "which signed them" "$SAID" '^signer DKMS module signing key'
ok "they upgrade" install_packages "$WORK/two"
like "DKMS has those of the new version" "$(inside dkms status 2>/dev/null)" \
	"mmkit/0\\.1\\+1, $kernel, x86_64: installed"
is "and no others" "$(inside dkms status 2>/dev/null | grep -c mmkit)" 1
# shellcheck disable=SC2086  # names
ok "they purge" inside dpkg -P $packages
rm -rf "$root"/tmp/{debs/*,headers,program*,run}
is "their modules are gone" "$(find "$root/lib/modules" -name 'mmkit*')" ''
state >"$WORK/after"
is "nothing is left behind" "$(diff "$WORK/before" "$WORK/after")" ''
finish
