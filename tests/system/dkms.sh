#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# TIMEOUT: 900
# DKMS as a user has it, for two kernels at once: install, a kernel that comes
# later, one that is too old, remove; and what it built is loaded in a VM.
# shellcheck disable=SC2016  # the inner shell's
. "$(dirname "$0")/lib.sh"

[ "$(id -u)" -eq 0 ] || skip_all "DKMS and its folders are root's"
command -v dkms >/dev/null || skip_all "dkms is not installed; run: tests/setup check"
plan 20

[ -d /lib/modules ] || mkdir /lib/modules
old=stock-6.1 new=stock-6.12
read -r _ old_rel old_dir < <(tests/vm/build --kernel $old)
read -r _ new_rel new_dir < <(tests/vm/build --kernel $new)

# A machine of our own: what DKMS writes to is replaced in a mount namespace, and
# the namespace stays while this test runs.
mkdir -p "$WORK"/{dkms,src,modules/"$old_rel",modules/"$new_rel"}
ln -s "$old_dir" "$WORK/modules/$old_rel/build"
ln -s "$new_dir" "$WORK/modules/$new_rel/build"
machine() { # COMMAND...
	unshare --mount --propagation private bash -euc '
		mount --bind "$1/dkms" /var/lib/dkms
		mount --bind "$1/src" /usr/src
		mount --bind "$1/modules" /lib/modules
		shift
		exec "$@"' bash "$WORK" "$@"
}

installed() { # RELEASE: the modules that DKMS put there
	find "$WORK/modules/$1/updates" -name 'mmkit_*.ko*' -printf '%f\n' 2>/dev/null |
		sed 's/\.ko.*//' | sort | xargs
}

# What the build for a VM makes, but for test suites and deliberate bugs.
modules=$(sed -n 's/^obj-.*+= *\(mmkit_[a-z]*\)\.o$/\1/p' modules/Kbuild |
	grep -v _bugs | sort | xargs)

ok "make dkms-install" machine make dkms-install KVER="$old_rel"
is "every module is there" "$(installed "$old_rel")" "$modules"
is "and for no other kernel" "$(installed "$new_rel")" ""
ok "a kernel that comes later is served by autoinstall" \
	machine dkms autoinstall -k "$new_rel"
is "every module is there too" "$(installed "$new_rel")" "$modules"
is "both are installed" \
	"$(machine dkms status 2>/dev/null | grep -c 'mmkit/.*: installed')" 2
status=0
machine dkms build "mmkit/0.1" -k 5.10.0-1-amd64 --kernelsourcedir "$old_dir" \
	>"$WORK/too-old" 2>&1 || status=$?
is "a kernel that is too old is passed over, not failed" "$status" 77
like "and said to be" "$(cat "$WORK/too-old")" 'BUILD_EXCLUSIVE'

boot() { # KERNEL RELEASE
	local extra=$WORK/extra-$1 out

	mkdir "$extra"
	find "$WORK/modules/$2/updates" -name 'mmkit_*.ko' -exec cp {} "$extra" \;
	is "$1: they are this kernel's" \
		"$(modinfo -F vermagic "$extra/mmkit_core.ko" | cut -d' ' -f1)" "$2"
	like "$1: and signed with the machine's key" \
		"$(modinfo -F signer "$extra/mmkit_core.ko")" 'DKMS'
	out=$(KERNEL=$1 NOLOAD=1 EXTRA=$extra tests/vm/run '
		insmod /extra/mmkit_core.ko
		for ko in /extra/mmkit_*.ko; do
			[ $ko = /extra/mmkit_core.ko ] || insmod $ko
		done
		cut -d" " -f1 /proc/modules | grep mmkit | sort | xargs
		mmkit pages alloc -o 3 --verify' 2>"$WORK/err") || diag "$(cat "$WORK/err")"
	is "$1: they load" "$(head -n 1 <<<"$out")" "$modules"
	like "$1: and work" "$out" '^verified: yes'
}
boot $old "$old_rel"
boot $new "$new_rel"

ok "make dkms-remove" machine make dkms-remove
is "no module is left" "$(installed "$old_rel")$(installed "$new_rel")" ""
is "nor a word in DKMS" "$(machine dkms status 2>/dev/null)" ""
is "nor a file" "$(find "$WORK/src" "$WORK/dkms" -path '*mmkit-0*' -o -path '*dkms/mmkit*')" ""
finish
