#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1
# LONG: stock-7.2
# TIMEOUT: 1500
# DKMS as a user has it, for two kernels at once: add, build and install, a kernel
# that comes later, one that is too old, one that goes, remove; and what it built,
# signed with a key of the user's own, is loaded in a VM. For stock-7.2 it is the
# DKMS of Debian 13, in the root that its modules are built in.
. "$(dirname "$0")/lib.sh"

KERNEL=${KERNEL:-stock-6.1}
[ "$(id -u)" -eq 0 ] || skip_all "DKMS and its folders are root's"
case $KERNEL in
stock-7.2)
	new=stock-newest
	root=$(tests/vm/build --root "$KERNEL" dkms openssl)
	;;
*)
	command -v dkms >/dev/null || skip_all "dkms is not installed; run: tests/setup check"
	new=stock-6.12 root=/
	;;
esac
plan "$([ "$KERNEL" = stock-6.1 ] && echo 25 || echo 31)"

[ -d "$root/lib/modules" ] || mkdir "$root/lib/modules"
old=$KERNEL
read -r _ old_rel old_dir < <(tests/vm/build --kernel "$old")
read -r _ new_rel new_dir < <(tests/vm/build --kernel $new)

# A machine of our own: what DKMS writes to is replaced in a mount namespace, and
# the namespace stays while this test runs. Its MOK is a pair of our own, as
# docs/packages.md makes one.
mkdir -p "$WORK"/{dkms,src,etc/framework.conf.d,modules/"$old_rel",modules/"$new_rel"}
ln -s "$old_dir" "$WORK/modules/$old_rel/build"
ln -s "$new_dir" "$WORK/modules/$new_rel/build"
openssl req -new -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=mmkit test MOK/' \
	-outform DER -keyout "$WORK/etc/mok.key" -out "$WORK/etc/mok.der" 2>/dev/null
cat >"$WORK/etc/framework.conf" <<'EOF'
mok_signing_key=/etc/dkms/mok.key
mok_certificate=/etc/dkms/mok.der
EOF
machine() { # COMMAND...
	# shellcheck disable=SC2016  # the inner shell's
	unshare --mount --propagation private bash -euc '
		work=$1 root=$2 cache=$3 top=$4
		shift 4
		mount --bind "$work/dkms" "$root/var/lib/dkms"
		mount --bind "$work/src" "$root/usr/src"
		mount --bind "$work/modules" "$root/lib/modules"
		mount --bind "$work/etc" "$root/etc/dkms"
		[ "$root" != / ] || exec "$@"
		mkdir -p "$root$cache" "$root$top"
		mount --bind "$cache" "$root$cache"
		mount --bind "$top" "$root$top"
		mount -t proc proc "$root/proc"
		exec chroot "$root" env -C "$top" "$@"' bash \
		"$WORK" "$root" "${MMKIT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mmkit}/kernels" \
		"$TOP" "$@"
}

installed() { # RELEASE: the modules that DKMS put there
	find "$WORK/modules/$1/updates" -name 'mmkit_*.ko*' -printf '%f\n' 2>/dev/null |
		sed 's/\.ko.*//' | sort | xargs
}

count() { # STATE: for how many kernels DKMS says so
	machine dkms status 2>/dev/null | grep -c "mmkit/.*: $1" || true
}

# What the build for a VM makes, but for test suites and deliberate bugs.
modules=$(sed -n 's/^obj-.*+= *\(mmkit_[a-z]*\)\.o$/\1/p' modules/Kbuild |
	grep -v _bugs | sort | xargs)

diag "$(machine dkms --version)"
ok "make dkms-install" machine make dkms-install KVER="$old_rel"
is "every module is there" "$(installed "$old_rel")" "$modules"
is "and for no other kernel" "$(installed "$new_rel")" ""
ok "a kernel that comes later is served by autoinstall" \
	machine /etc/kernel/postinst.d/dkms "$new_rel"
is "every module is there too" "$(installed "$new_rel")" "$modules"
is "both are installed" "$(count installed)" 2
status=0
machine dkms build "mmkit/0.1" -k 5.10.0-1-amd64 --kernelsourcedir "$old_dir" \
	>"$WORK/too-old" 2>&1 || status=$?
is "a kernel that is too old is passed over, not failed" "$status" 77
like "and said to be" "$(cat "$WORK/too-old")" 'BUILD_EXCLUSIVE'

serial() { # of our certificate, as modinfo writes it
	openssl x509 -inform DER -in "$WORK/etc/mok.der" -noout -serial |
		sed 's/serial=//; s/../&:/g; s/:$//'
}

boot() { # KERNEL RELEASE
	local extra=$WORK/extra-$1 out

	mkdir "$extra"
	find "$WORK/modules/$2/updates" -name 'mmkit_*.ko*' -exec cp {} "$extra" \;
	find "$extra" -name '*.xz' -exec xz -d {} +
	is "$1: they are this kernel's" \
		"$(modinfo -F vermagic "$extra/mmkit_core.ko" | cut -d' ' -f1)" "$2"
	is "$1: each is signed by the user's key" \
		"$(for ko in "$extra"/*.ko; do modinfo -F signer "$ko"; done | sort -u)" \
		'mmkit test MOK'
	is "$1: which is that very key" \
		"$(for ko in "$extra"/*.ko; do modinfo -F sig_key "$ko"; done | sort -u)" "$(serial)"
	# shellcheck disable=SC2016  # the guest's shell
	out=$(KERNEL=$1 NOLOAD=1 EXTRA=$extra SMP=1 tests/vm/run '
		insmod /extra/mmkit_core.ko
		for ko in /extra/mmkit_*.ko; do
			[ $ko = /extra/mmkit_core.ko ] || insmod $ko
		done
		cut -d" " -f1 /proc/modules | grep mmkit | sort | xargs
		mmkit pages alloc -o 3 --verify' 2>"$WORK/err") || diag "$(cat "$WORK/err")"
	is "$1: they load" "$(head -n 1 <<<"$out")" "$modules"
	like "$1: and work" "$out" '^verified: yes'
}
boot "$old" "$old_rel"
boot $new "$new_rel"

ok "a kernel that goes takes its modules along" machine /etc/kernel/prerm.d/dkms "$old_rel"
is "every one" "$(installed "$old_rel")" ""
is "and no other kernel's" "$(installed "$new_rel")" "$modules"
ok "make dkms-remove" machine make dkms-remove
is "no module is left" "$(installed "$old_rel")$(installed "$new_rel")" ""
is "nor a word in DKMS" "$(machine dkms status 2>/dev/null)" ""
is "nor a file" "$(find "$WORK/src" "$WORK/dkms" -path '*mmkit-0*' -o -path '*dkms/mmkit*')" ""

again() {
	# Somebody was interrupted after "dkms add".
	machine sh -c 'mkdir /usr/src/mmkit-0.1 && cp dkms.conf /usr/src/mmkit-0.1 &&
		dkms add mmkit/0.1' >"$WORK/said" 2>&1 || diag "$(cat "$WORK/said")"
	ok "make dkms-install, of what was added before" \
		machine make dkms-install KVER="$new_rel"
	is "does what it should" "$(installed "$new_rel")" "$modules"
	# What was built before is not what is there now.
	find "$WORK/dkms" "$WORK/modules" -name 'mmkit_heap.ko*' -exec truncate -s 0 {} +
	ok "make dkms-install, of what was built before" \
		machine make dkms-install KVER="$new_rel"
	is "builds it again" "$(find "$WORK/dkms" "$WORK/modules" -name 'mmkit_heap.ko*' -empty)" ""
	ok "make dkms-remove" machine make dkms-remove
	is "nothing is left" \
		"$(find "$WORK/src" "$WORK/dkms" -path '*mmkit-0*' -o -path '*dkms/mmkit*')" ""
}
[ "$KERNEL" = stock-6.1 ] || again
finish
