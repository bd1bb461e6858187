# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Building this checkout for one kernel, and the guest's root file system.
# Needs lib.sh and a kernel chosen by kernel().

# fresh STAMP PATH...: true when nothing under the paths is newer than STAMP.
# Folders count, so a removed file is seen too.
fresh() {
	local stamp=$1

	shift
	[ -e "$stamp" ] && [ -z "$(find "$@" -newer "$stamp" -print -quit 2>&1)" ]
}

# build_modules DIR [MAKE-ARGUMENT...]: modules/ for the chosen kernel, in DIR, a
# copy of the sources, so that two kernels never share an object file.
build_modules() {
	modules_fresh "$@" || locked "$1/.lock" modules_make "$@"
}

modules_fresh() {
	local dir=$1

	shift
	# shellcheck disable=SC2046  # a list of paths without blanks
	[ "$(cat "$dir/.for" 2>/dev/null)" = "$K_DIR $*" ] &&
		(cd "$TOP" && fresh "$dir/.stamp" $(module_sources) "$K_DIR/Module.symvers")
}

module_sources() {
	local dir

	echo Kbuild Kconfig modules
	for dir in tests/kunit tests/cases; do
		[ ! -d "$TOP/$dir" ] || echo "$dir"
	done
}

# kernel_make DIR ARGUMENT...: make with the toolchain the kernel wants.
kernel_make() {
	local ROOT_DIRS=$1

	shift
	if [ -n "$K_ARCH" ]; then
		in_root make ARCH="$K_ARCH" CROSS_COMPILE="$K_TRIPLET-" "$@"
	elif [ -n "$K_ROOT" ]; then
		in_root make "$@"
	else
		make ${K_UM:+ARCH=um} ${K_LLVM:+LLVM="$K_LLVM"} "$@"
	fi
}

# compile ARGUMENT...: the C compiler for programs of the kernel's machine.
compile() {
	local ROOT_DIRS=$TOP:$BUILD

	if [ -n "$K_ARCH" ]; then
		# shellcheck disable=SC2016  # the inner shell's
		in_root sh -c 'cd "$1" && shift && exec "$@"' sh "$PWD" \
			"$K_TRIPLET-gcc-12" "$@"
	else
		gcc "$@"
	fi
}

modules_make() {
	local dir=$1 src rc=0

	# Another run may have done it while this one waited for the lock.
	! modules_fresh "$@" || return 0
	shift
	src=$(module_sources)
	say "building modules for $K_NAME"
	touch "$dir/.new"
	# Of another kernel, or by other rules, nothing that was made stays.
	[ "$(cat "$dir/.for" 2>/dev/null)" = "$K_DIR $*" ] || rm -rf "$dir/src"
	# Else what was made stays, have.h as well, and what differs is written now, newer
	# than what was made of it, even where it is an older version.
	# shellcheck disable=SC2086
	(cd "$TOP" && rsync -rlpR --checksum --delete --exclude='*.o' --exclude='*.ko' \
		--exclude='*.mod' --exclude='*.mod.c' --exclude='*.gcno' --exclude='.*' \
		--exclude=/modules/compat/have.h $src "$dir/src/")
	kernel_make "$dir" -s -j"$(nproc)" -C "$K_DIR" M="$dir/src" "$@" modules \
		>"$dir/make.log" 2>&1 || rc=$?
	# What modules_btf() makes up for: no finding.
	grep -v -e '^Skipping BTF generation' -e "^make\(\[[0-9]*\]\)\?: \(Entering\|Leaving\)" \
		"$dir/make.log" >&2 || true
	[ "$rc" -eq 0 ] ||
		die 125 "the modules do not build for $K_NAME ($K_DIR); the errors are above"
	modules_btf "$dir"
	echo "$K_DIR $*" >"$dir/.for"
	mv "$dir/.new" "$dir/.stamp"
}

# Debian's headers for 6.1 have no vmlinux, and kbuild leaves BTF out without one. The
# kernel has BTF all the same, and its image has what that of a module stands on.
modules_btf() {
	local base=$K_IMAGE.btf ko

	if [ -z "$K_MODS" ] || [ -e "$K_DIR/vmlinux" ] || ! command -v pahole >/dev/null; then
		return 0
	fi
	[ -e "$base" ] || image_btf "$base"
	[ -s "$base" ] || return 0
	while read -r ko; do
		pahole -J --btf_gen_floats --btf_base "$base" "$ko"
	done < <(find "$1/src" -name '*.ko' -newer "$1/.new")
}

# image_btf FILE: the BTF of the kernel's image alone, empty where none is found. After
# the kernel comes what xz does not know.
image_btf() {
	local at raw

	at=$(LC_ALL=C grep -aboP '\xfd7zXZ\x00' "$K_IMAGE" | head -n 1 | cut -d: -f 1) || true
	raw=$(mktemp "$1.XXXXXX")
	[ -z "$at" ] ||
		{ tail -c "+$((at + 1))" "$K_IMAGE" | xz -dc >"$raw"; } 2>/dev/null || true
	if readelf -SW "$raw" 2>/dev/null | grep -q ' \.BTF '; then
		objcopy -j .BTF --set-section-flags .BTF=readonly "$raw" 2>/dev/null
	else
		: >"$raw"
	fi
	mv "$raw" "$1"
}

# build_tools: the user-space side, once for all kernels of a machine. Sets TOOLS to
# the folder, or to nothing in a checkout without tools.
build_tools() {
	TOOLS=
	[ -e "$TOP/tools/Makefile" ] || return 0
	TOOLS=$BUILD/tools${K_ARCH:+-$K_ARCH}
	tools_fresh || locked "$TOOLS/.lock" tools_make
}

tools_fresh() {
	(cd "$TOP" && fresh "$TOOLS/.stamp" tools modules/uapi)
}

tools_make() {
	! tools_fresh || return 0
	say "building tools${K_ARCH:+ for $K_ARCH}"
	touch "$TOOLS/.new"
	tools_build -s -j"$(nproc)" -C "$TOP/tools" O="$TOOLS" ARCHIVES=1 >&2 ||
		die 125 "the tools do not build; the errors are above"
	mv "$TOOLS/.new" "$TOOLS/.stamp"
}

tools_build() {
	local ROOT_DIRS=$TOP:$BUILD

	if [ -n "$K_ARCH" ]; then
		in_root env PKG_CONFIG_LIBDIR="/usr/lib/$K_TRIPLET/pkgconfig" \
			make CC="$K_TRIPLET-gcc-12" "$@"
	else
		make "$@"
	fi
}

# --- the guest's files --------------------------------------------------------

# Modules of the kernel's own that a run may want; they bring what they need.
STOCK_MODULES='virtio_pci virtio_blk virtio_console zram lzo lzo-rle lz4 zstd
	zsmalloc loop ext4 crc32c_generic crc32c-intel udmabuf dm-mod hwpoison-inject'

# add_program ROOT FILE [NAME]: copy a program and the libraries it names.
add_program() {
	local root=$1 file=$2 name=${3:-}

	mkdir -p "$root/usr/bin"
	cp -L "$file" "$root/usr/bin/${name:-$(basename "$file")}"
	add_needed "$root" "$file"
}

# add_needed ROOT FILE: copy the libraries that a program or a library names.
add_needed() {
	local root=$1 file=$2 lib

	if [ -n "$K_ARCH" ]; then
		foreign_libraries "$root" "$file"
		return
	fi
	# A static program or a script has no libraries; ldd fails on it.
	{ LD_LIBRARY_PATH=$TOOLS ldd "$file" 2>/dev/null || true; } |
		{ grep -oE '(=> )?/[^ ]+ \(0x' || true; } | sed -E 's/^=> //; s/ \(0x$//' |
		while read -r lib; do
			add_library "$root" "$lib"
		done
	if { LD_LIBRARY_PATH=$TOOLS ldd "$file" 2>/dev/null || true; } | grep -q 'not found'; then
		die 125 "$file needs a library that is not here: $(ldd "$file" | grep 'not found')"
	fi
}

# foreign_libraries ROOT FILE: ldd would run the program; what it names is looked
# for in the root it was built in, and so on from there.
foreign_libraries() {
	local root=$1 lib from

	for lib in $({ readelf -Wdl "$2" 2>/dev/null || true; } |
		sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p; s/.*interpreter: \(.*\)\]/\1/p'); do
		[ ! -e "$root/usr/lib/$(basename "$lib")" ] || continue
		from=$TOOLS/$lib
		[ -e "$from" ] || from=$K_ROOT/usr/lib/$K_TRIPLET/$(basename "$lib")
		[ -e "$from" ] || die 125 "$2 needs $lib, which is not in $K_ROOT"
		mkdir -p "$root/usr/lib"
		cp -L "$from" "$root/usr/lib/"
		foreign_libraries "$root" "$from"
	done
}

# The loader looks in a few fixed places; a library from a build folder goes to
# /usr/lib, one of the system keeps its path.
add_library() {
	local root=$1 lib=$2 to

	case $lib in
	/lib* | /usr/lib*) to=$root/usr/${lib#/usr/} to=${to/usr\/\/lib/usr\/lib} ;;
	*) to=$root/usr/lib/$(basename "$lib") ;;
	esac
	[ ! -e "$to" ] || return 0
	mkdir -p "$(dirname "$to")"
	cp -L "$lib" "$to"
}

# pack ROOT FILE: a cpio archive, which the kernel also takes one after another.
pack() {
	(cd "$1" && find . -mindepth 1 | sort | cpio --quiet -o -H newc -R 0:0) >"$2"
}

# build_base: set BASE to the initramfs that every run on this kernel starts from.
build_base() {
	BASE=$K_BUILD/base.cpio
	base_fresh || locked "$K_BUILD/base.lock" base_make
}

base_fresh() {
	[ "$(cat "$K_BUILD/base.for" 2>/dev/null)" = "$K_REL $K_DIR" ] &&
		fresh "$BASE" "$VM/init" "$VM/cover" "$VM/build.sh" "$K_BUILD/modules/.stamp" \
			${TOOLS:+"$TOOLS/.stamp"}
}

base_make() {
	local root tool held

	! base_fresh || return 0
	# Nobody builds what is being copied.
	exec {held}>>"$K_BUILD/modules/.lock"
	flock -s "$held"
	if [ -n "$TOOLS" ]; then
		exec {held}>>"$TOOLS/.lock"
		flock -s "$held"
	fi
	say "packing the guest for $K_NAME"
	root=$(mktemp -d "$K_BUILD/root.XXXXXX")
	# shellcheck disable=SC2064  # the path as it is now
	trap "rm -rf '$root'" EXIT
	touch "$BASE.new"
	chmod 755 "$root"
	mkdir -p "$root"/{dev,proc,sys,tmp,run,root,etc,mmkit,extra,usr/{bin,lib,lib64}}
	ln -s usr/bin "$root/bin"
	ln -s usr/bin "$root/sbin"
	ln -s bin "$root/usr/sbin"
	ln -s usr/lib "$root/lib"
	ln -s usr/lib64 "$root/lib64"
	ln -s /proc/mounts "$root/etc/mtab"
	echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
	echo 'nobody:x:65534:65534:nobody:/:/bin/sh' >>"$root/etc/passwd"
	printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
	cp "$VM/init" "$root/init"
	cp "$VM/cover" "$root/mmkit/cover"
	if [ -n "$K_ARCH" ]; then
		cp "$K_ROOT/bin/busybox" "$root/usr/bin/busybox"
	else
		! ldd "$(command -v busybox)" >/dev/null 2>&1 ||
			die 125 "busybox here is not the static one; run: tests/setup vm"
		cp "$(command -v busybox)" "$root/usr/bin/busybox"
	fi
	# One kind of machine's has what the other's has.
	for tool in $(busybox --list); do
		ln -s busybox "$root/usr/bin/$tool" 2>/dev/null || true
	done
	base_terminfo "$root"
	base_locale "$root"
	base_tools "$root"
	base_modules "$root"
	# The archive must be older than whatever changes while it is made.
	pack "$root" "$BASE.part"
	touch -r "$BASE.new" "$BASE.part"
	mv "$BASE.part" "$BASE"
	rm "$BASE.new"
	echo "$K_REL $K_DIR" >"$K_BUILD/base.for"
}

base_terminfo() {
	local t dir

	for t in linux xterm xterm-256color vt100 vt220 screen screen-256color tmux tmux-256color; do
		for dir in /lib/terminfo /usr/share/terminfo /etc/terminfo; do
			[ -e "$dir/${t:0:1}/$t" ] || continue
			mkdir -p "$1/usr/lib/terminfo/${t:0:1}"
			cp -L "$dir/${t:0:1}/$t" "$1/usr/lib/terminfo/${t:0:1}/"
			break
		done
	done
}

# LANG is C.UTF-8 in there, and programs that draw look the locale up.
base_locale() {
	[ -d /usr/lib/locale/C.utf8 ] || return 0
	mkdir -p "$1/usr/lib/locale"
	cp -r /usr/lib/locale/C.utf8 "$1/usr/lib/locale/"
}

base_tools() {
	local f

	[ -n "$TOOLS" ] || return 0
	for f in "$TOOLS"/*.so*; do
		[ -e "$f" ] && cp -a "$f" "$1/usr/lib/"
	done
	for f in "$TOOLS"/*; do
		if [ -f "$f" ] && [ -x "$f" ] && [[ $f != *.so* ]]; then
			add_program "$1" "$f"
		fi
	done
	# What the command loads by itself, when it needs it.
	if [ -n "$K_ARCH" ]; then
		f=$K_ROOT/usr/lib/$K_TRIPLET/libkmod.so.2
		cp -L "$f" "$1/usr/lib/"
	else
		f=$(/sbin/ldconfig -p | awk '/libkmod\.so\.2 .*x86-64/ { f = $NF } END { print f }')
		[ -n "$f" ] || die 125 "libkmod is not installed; run: tests/setup vm"
		add_library "$1" "$f"
	fi
	add_needed "$1" "$f"
}

base_modules() {
	local root=$1 to f

	to=$root/usr/lib/modules/$K_REL
	mkdir -p "$to/extra"
	if [ -n "$K_MODS" ]; then
		cp "$K_MODS/lib/modules/$K_REL"/modules.{order,builtin,builtin.modinfo} "$to/"
		stock_modules "$K_MODS/lib/modules/$K_REL" "$to"
	elif [ -e "$K_DIR/modules.builtin" ]; then
		cp "$K_DIR"/modules.{order,builtin} "$to/"
		[ ! -e "$K_DIR/modules.builtin.modinfo" ] ||
			cp "$K_DIR/modules.builtin.modinfo" "$to/"
		tree_modules "$to"
	fi
	for f in $(our_modules); do
		copy_module "$f" "$to/extra/${f##*/}"
	done
	depmod -b "$root" "$K_REL"
}

# copy_module FROM TO: by Debian's headers a module has debug information, as its packages
# have not; it is most of the file, and each boot and each load reads all of it. "strip" knows
# its own machine's files alone.
copy_module() {
	if [ -n "$K_MODS" ] && [ -z "$K_ARCH" ]; then
		strip --strip-debug -o "$2" "$1"
	else
		cp "$1" "$2"
	fi
}

# By modules.order: a .ko whose source has gone stays behind in the folder.
our_modules() {
	local f

	while read -r f; do
		f=$(basename "$f")
		find "$K_BUILD/modules/src" -name "${f%.*}.ko"
	done <"$K_BUILD/modules/src/modules.order"
}

# sign_modules ROOT: ours once more, signed with the key that the kernel was built with.
sign_modules() {
	local to=$1/usr/lib/modules/$K_REL/extra key=$K_DIR/certs/signing_key f hash held

	if [ ! -r "$key.pem" ] || [ ! -x "$K_DIR/scripts/sign-file" ]; then
		die 125 "SIGN: only a kernel that was built here has its key, and $K_NAME has none"
	fi
	hash=$(sed -n 's/^CONFIG_MODULE_SIG_HASH="\(.*\)"$/\1/p' "$K_DIR/.config")
	exec {held}>>"$K_BUILD/modules/.lock"
	flock -s "$held"
	mkdir -p "$to"
	for f in $(our_modules); do
		"$K_DIR/scripts/sign-file" "$hash" "$key.pem" "$key.x509" "$f" "$to/${f##*/}"
	done
	exec {held}>&-
}

# From a packaged kernel: modules.dep says what each wanted module stands on.
stock_modules() {
	local from=$1 to=$2 m f

	for m in $STOCK_MODULES; do
		f=$(grep -E "/${m//[-_]/[-_]}\.ko(\.[a-z]+)?:" "$from/modules.dep" || true)
		for f in ${f/:/}; do
			mkdir -p "$to/$(dirname "$f")"
			cp -u "$from/$f" "$to/$f"
		done
	done
}

# From somebody's build tree: those of the list that were built as modules.
tree_modules() {
	local to=$1 m f

	for m in $STOCK_MODULES; do
		f=$(grep -E "(^|/)${m//[-_]/[-_]}\.(ko|o)$" "$K_DIR/modules.order" || true)
		f=${f#kernel/}
		f=${f%.o}
		[ -n "$f" ] || continue
		f=${f%.ko}.ko
		mkdir -p "$to/kernel/$(dirname "$f")"
		cp "$K_DIR/$f" "$to/kernel/$f"
	done
}

# prepare NAME|PATH: everything a run needs, built only as far as it is stale.
prepare() {
	need vm make gcc rsync cpio busybox depmod flock ldd
	kernel "$1"
	[ -n "$K_UM" ] || need vm "$K_QEMU"
	mkdir -p "$K_BUILD/modules"
	build_modules "$K_BUILD/modules"
	build_tools
	build_base
}
