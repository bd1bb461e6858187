#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG
# TIMEOUT: 3600
# Other machines than x86-64: the modules compile with W=1 and without a warning for
# arm64, with pages of 4, 16 and 64 KiB, and for i386, which lacks what docs/ports.md
# says; structs lie on arm64 as user space was promised.
# shellcheck disable=SC2317  # ok() calls the functions
. "$(dirname "$0")/lib.sh"

arm64=stock-6.1-arm64
command -v qemu-system-aarch64 >/dev/null ||
	skip_all "qemu-system-aarch64 is not installed; run: tests/setup arm64"
plan 20

# Deliberate bugs are for x86 with KASAN.
all=$(sed -n 's/^obj-.*+= *\(mmkit_[a-z]*\)\.o$/\1/p' modules/Kbuild | grep -v _bugs |
	sort | xargs)

built() { # DIR
	find "$1" -name 'mmkit_*.ko' -printf '%f\n' | sed 's/\.ko//' | sort | xargs
}

words() { # FILE: what is said of a file of ours
	grep -E 'modules/.*(warning|error):' "$1" || true
}

rc=0
QUIET=1 tests/vm/build --modules "$WORK/stock" $arm64 W=1 >"$WORK/said" 2>&1 || rc=$?
result $rc "they build for Debian's arm64 kernel" || diag "$(tail -n 30 "$WORK/said")"
is "W=1 finds nothing there" "$(words "$WORK/said")" ''
is "every module is there" "$(built "$WORK/stock")" "$all"

# arm64's structs by the same list as x86's.
compiler=$WORK/cc
cat >"$compiler" <<EOF
#!/bin/sh
cd "$TOP" && QUIET=1 MMKIT_BUILD='$WORK' exec tests/vm/build --compile $arm64 "\$@"
EOF
chmod +x "$compiler"
includes=$(cd modules/uapi && printf '#include <%s>\n' mmkit/*.h)
"$compiler" -g -fno-eliminate-unused-debug-types -Imodules/uapi -x c -c \
	-o "$WORK/arm64.o" - <<<"$includes" || diag "the structs do not compile"
gcc -g -fno-eliminate-unused-debug-types -Imodules/uapi -x c -c -o "$WORK/here.o" - \
	<<<"$includes"
for o in arm64 here; do
	pahole "$WORK/$o.o" >"$WORK/$o.structs"
done
ok "there are structs" test "$(wc -l <"$WORK/arm64.structs")" -gt 500
is "on arm64 they lie as they do here" \
	"$(diff "$WORK/arm64.structs" "$WORK/here.structs")" ''

# --- kernels that nobody packages: configured and made ready, never linked

source=$(QUIET=1 tests/vm/build --source linux-source-6.1)

sources() { # DIR: what a module build wants
	mkdir -p "$1"
	git ls-files Kbuild Kconfig modules | tar -c -T - | tar -x -C "$1"
}

# cross MAKE-ARGUMENT...: with arm64's tools.
cross() {
	tests/vm/build --make "$arm64" "$source:$WORK" -s -j"$(nproc)" -C "$source" "$@"
}

native() {
	make -s -j"$(nproc)" -C "$source" ARCH=i386 "$@"
}

ready() { # WITH OUT CONFIG OPTION...: a tree that modules can be built against
	local with=$1 out=$2 config=$3

	shift 3
	mkdir -p "$out"
	$with O="$out" "$config"
	"$source/scripts/config" --file "$out/.config" -e DEBUG_FS -d MODULE_SIG \
		-d SYSTEM_TRUSTED_KEYRING -d DEBUG_INFO_BTF "$@"
	$with O="$out" olddefconfig
	$with O="$out" modules_prepare
}

# Without a kernel there is nothing to link with: modpost only warns.
compile() { # WITH OUT
	$1 O="$2" M="$2.src" W=1 KBUILD_MODPOST_WARN=1 modules
}

port() { # NAME WITH WANT CONFIG OPTION...
	local name=$1 with=$2 want=$3 out=$WORK/$1 rc=0

	shift 3
	ok "$name: a kernel is made ready" ready "$with" "$out" "$@"
	sources "$out.src"
	compile "$with" "$out" >"$WORK/said" 2>&1 || rc=$?
	result $rc "$name: they compile" || diag "$(grep -E 'error|\*\*\*' "$WORK/said" | head -n 30)"
	is "$name: W=1 finds nothing" "$(words "$WORK/said")" ''
	is "$name: which modules there are" "$(built "$out.src")" "$want"
	# modpost cannot tell: what a 32-bit compiler calls for, and no kernel has.
	is "$name: no 64-bit division by the compiler" \
		"$(find "$out.src" -name 'mmkit_*.ko' -exec nm -u {} + | grep -E 'di[34]$' || true)" ''
	rm -rf "$out" "$out.src"
}

# Where the compiler is, a kernel wants a native one as well, and both by their short names.
tests/vm/build --root $arm64 bc bison flex gcc gcc-aarch64-linux-gnu libc6-dev >/dev/null
port arm64-16K cross "$all" defconfig -d ARM64_4K_PAGES -e ARM64_16K_PAGES
port arm64-64K cross "$all" defconfig -d ARM64_4K_PAGES -e ARM64_64K_PAGES
port i386 native "${all/mmkit_aspace /}" i386_defconfig
finish
