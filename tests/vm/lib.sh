# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What run, shell and build share: messages, the cache, and providing a kernel.
#
# Nothing here installs a package or touches the system. Everything fetched or
# built once for all checkouts lives in the cache; everything built from this
# checkout lives in its build folder.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
VM=$TOP/tests/vm
CACHE=${MMKIT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mmkit}
BUILD=${MMKIT_BUILD:-$TOP/build}
# depmod lives in sbin, which is not in an ordinary user's PATH.
PATH=$PATH:/usr/sbin:/sbin
# Under make, its variables would override those of the kernel's own build.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL

say() {
	[ -n "${QUIET:-}" ] || echo "mmkit-vm: $*" >&2
}

warn() {
	echo "mmkit-vm: $*" >&2
}

# die STATUS WHAT...
die() {
	local status=$1

	shift
	warn "$*"
	exit "$status"
}

# A step of ours that fails must never look like the command's own status. Who
# died with 125 has said why.
set -E
trap 'status=$?; [ "$status" -eq 125 ] ||
	warn "internal error: \"$BASH_COMMAND\" gave $status at ${BASH_SOURCE[0]##*/}:$LINENO"
	exit 125' ERR

# need ROLE COMMAND...: a missing program is said with its remedy.
need() {
	local role=$1 cmd

	shift
	for cmd; do
		command -v "$cmd" >/dev/null ||
			die 125 "$cmd is not installed; run: tests/setup $role"
	done
}

# locked FILE COMMAND...: run COMMAND alone among all users of FILE. What COMMAND
# starts inherits the lock, so a build that outlives us keeps it.
locked() {
	local file=$1 fd

	shift
	mkdir -p "$(dirname "$file")"
	exec {fd}>>"$file"
	if ! flock -n "$fd"; then
		say "waiting for another run that holds $file"
		flock "$fd"
	fi
	("$@")
	exec {fd}>&-
}

# quietly LOG LABEL COMMAND...: the output goes to LOG; a terminal sees that
# something happens, and a failure shows the end of the log.
quietly() {
	local log=$1 label=$2 pid rc=0 start=$SECONDS

	shift 2
	"$@" >"$log" 2>&1 &
	pid=$!
	if [ -t 2 ] && [ -z "${QUIET:-}" ]; then
		while kill -0 "$pid" 2>/dev/null; do
			printf '\r\033[Kmmkit-vm: %s: %d s, %d steps' "$label" \
				$((SECONDS - start)) "$(wc -l <"$log")" >&2
			sleep 1
		done
		printf '\r\033[K' >&2
	fi
	wait "$pid" || rc=$?
	if [ "$rc" -ne 0 ]; then
		# With several jobs the error is seldom at the end.
		grep -E '([Ee]rror|not found|\*\*\*)' "$log" | grep -vE '^  [A-Z]+ ' |
			head -n 20 >&2 || tail -n 20 "$log" >&2
		die 125 "$label failed (status $rc); its whole output is $log"
	fi
}

. "$VM/suite.sh"

# --- packages, fetched but never installed ------------------------------------

APT_OPTS=()
[ "$(id -u)" -ne 0 ] || APT_OPTS+=(-o APT::Sandbox::User=root)

# apt's own lists may be missing or stale; a private copy needs no root.
apt_private_lists() {
	local dir=$CACHE/apt

	if [ -z "${K_SUITE:-}" ]; then
		mkdir -p "$dir/lists/partial" "$dir/archives/partial"
		APT_OPTS+=(-o "Dir::State::Lists=$dir/lists" -o "Dir::Cache=$dir"
			-o Debug::NoLocking=1)
	fi
	say "reading the package lists${K_SUITE:+ of $K_SUITE}"
	apt-get "${APT_OPTS[@]}" -qq update >&2
}

# The lists of a suite: those that are there will do, until UPDATE asks for more. The
# names of what is installed here are known without any.
apt_lists() {
	if [ -n "${UPDATE:-}" ] ||
		[ -z "$(apt-get "${APT_OPTS[@]}" indextargets 'Created-By: Packages')" ]; then
		apt_private_lists
	fi
}

apt_field() { # PACKAGE FIELD
	apt-cache "${APT_OPTS[@]}" show --no-all-versions "$1" 2>/dev/null |
		sed -n "s/^$2: //p" | head -n 1
}

# apt_known PACKAGE: make sure that apt knows it, reading lists when it does not.
apt_known() {
	command -v apt-get >/dev/null ||
		die 125 "$1 is a Debian package and this system has no apt;" \
			"give your own kernel's build tree: KERNEL=/path/to/build-tree"
	[ -z "$(apt_field "$1" Version)" ] || return 0
	apt_private_lists || true
	[ -n "$(apt_field "$1" Version)" ] ||
		die 125 "apt does not know the package $1; is there a network," \
			"and is this the Debian release the kernel belongs to?"
}

# fetch DIR PACKAGE...: download into DIR.
fetch() {
	local dir=$1

	shift
	say "fetching $*"
	mkdir -p "$dir"
	(cd "$dir" && apt-get "${APT_OPTS[@]}" -qq download "$@" >&2) && return
	# The archive has moved on since the lists were read.
	apt_private_lists
	(cd "$dir" && apt-get "${APT_OPTS[@]}" -qq download "$@" >&2) ||
		die 125 "could not download $*; is there a network?"
}

# --- kernels ------------------------------------------------------------------
# A definition, kernels/NAME, is a file that defines kernel_provide(), which
# calls one of the provide_* functions below or sets the four variables itself:
#   K_REL    what uname -r will print
#   K_IMAGE  the file QEMU boots
#   K_DIR    the tree external modules are built against
#   K_MODS   a folder holding lib/modules/$K_REL, or empty
# Before that it may call suite() and toolchain(), or machine(), of suite.sh. K_TCG says
# how several CPUs are emulated: "multi" threads of the host, if it says nothing, or a
# "single" one; K_WORDS what this kernel wants on its command line; K_LLVM, as make's
# LLVM=, that clang of that version builds it and the modules for it (on this machine's
# system and for its kind of machine); K_UM that it is a program of this machine, user-mode
# Linux; K_PATCH patches of its source, in the same folder; K_CORE a word for the make of the
# kernel alone, which those for its modules do not see.

# provide_debian RELEASE-PREFIX IMAGE HEADERS: Debian's own kernel. The names are
# those of meta packages, or patterns of which the newest package counts.
provide_debian() {
	local home=$CACHE/kernels/$K_NAME

	if [ ! -e "$home/current/.complete" ] || [ -n "${UPDATE:-}" ]; then
		locked "$home/lock" debian_fetch "$home" "$@"
	fi
	home=$(readlink -f "$home/current")
	K_REL=$(cat "$home/release")
	K_IMAGE=$home/root/boot/vmlinuz-$K_REL
	[ -e "$K_IMAGE" ] || K_IMAGE=$home/root/lib/modules/$K_REL/vmlinuz
	K_DIR=$home/root/usr/src/linux-headers-$K_REL
	K_MODS=$home/root
}

debian_fetch() {
	local home=$1 prefix=$2 image headers version tmp deb deps

	[ -n "${UPDATE:-}" ] || [ ! -e "$home/current/.complete" ] || return 0
	image=$(debian_package "$3" linux-image-)
	headers=$(debian_package "$4" linux-headers-)
	[[ $image == linux-image-"$prefix"* ]] ||
		die 125 "$3 is ${image:-no package} here, not $prefix*:" \
			"${K_SUITE:-this Debian release} does not carry that kernel"
	version=$(apt_field "$image" Version)
	[ ! -e "$home/$version/.complete" ] || {
		ln -sfn "$version" "$home/current"
		return 0
	}
	# Both come in several packages, the others being dependencies: the headers
	# on all kernels, the image from 7.2 on.
	mapfile -t deps < <({
		apt_field "$headers" Depends
		apt_field "$image" Depends
	} | grep -oE 'linux-(headers|kbuild|base|binary|modules)-[0-9][^ ,]*' | sort -u |
		sed "${K_ARCH:+/^linux-kbuild/s/\$/:amd64/}")
	rm -rf "$home"/tmp.*
	tmp=$(mktemp -d "$home/tmp.XXXXXX")
	fetch "$tmp/debs" "$image" "$headers" "${deps[@]}"
	say "unpacking $image $version"
	for deb in "$tmp"/debs/*.deb; do
		dpkg-deb -x "$deb" "$tmp/root"
	done
	rm -rf "$tmp/debs"
	# Newer packages name the real folder, which /lib only points to.
	[ -e "$tmp/root/lib" ] || ln -s usr/lib "$tmp/root/lib"
	echo "${image#linux-image-}" >"$tmp/release"
	headers_relocate "$tmp/root/usr/src"
	depmod -b "$tmp/root" "${image#linux-image-}"
	: >"$tmp/.complete"
	chmod 755 "$tmp"
	rm -rf "${home:?}/$version"
	mv "$tmp" "$home/$version"
	ln -sfn "$version" "$home/current"
}

# debian_package NAME PREFIX: what the meta package NAME stands for, or the newest
# package that the pattern NAME matches.
debian_package() {
	case $1 in
	*[[*]*)
		apt_lists
		newest "$1"
		;;
	*)
		apt_known "$1"
		apt_field "$1" Depends | grep -oE "$2[0-9][^ ,]*" | head -n 1
		;;
	esac
}

# The packaged Makefile names its other half, and itself, by absolute paths of the
# installed system; find them from where the file is instead.
# shellcheck disable=SC2016  # the dollars are make's
headers_relocate() {
	local f

	for f in "$1"/linux-headers-*/Makefile; do
		sed -i -e 's|^include /usr/src/|include $(dir $(realpath $(lastword $(MAKEFILE_LIST))))../|' \
			-e 's|^KBUILD_OUTPUT=/usr/src/.*|KBUILD_OUTPUT:=$(patsubst %/,%,$(dir $(realpath $(lastword $(MAKEFILE_LIST)))))|' "$f"
	done
}

# vm_source PACKAGE: set K_SRC to the unpacked kernel source of a Debian package.
vm_source() {
	local home=$CACHE/src

	if [ ! -e "$home/$1/.mmkit-complete" ] || [ -n "${UPDATE:-}" ]; then
		need debug xz
		locked "$home/lock" source_fetch "$home" "$1"
	fi
	K_SRC=$(readlink -f "$home/$1")
}

source_fetch() {
	local home=$1 pkg=$2 version tmp

	[ -n "${UPDATE:-}" ] || [ ! -e "$home/$pkg/.mmkit-complete" ] || return 0
	apt_known "$pkg"
	version=$(apt_field "$pkg" Version)
	if [ ! -e "$home/${pkg}_$version/.mmkit-complete" ]; then
		rm -rf "$home"/tmp.*
		tmp=$(mktemp -d "$home/tmp.XXXXXX")
		fetch "$tmp" "$pkg"
		say "unpacking $pkg $version"
		dpkg-deb --fsys-tarfile "$tmp"/*.deb |
			tar -xO "./usr/src/$pkg.tar.xz" | tar -xJ -C "$tmp"
		: >"$tmp/$pkg/.mmkit-complete"
		rm -rf "$home/${pkg}_$version"
		mv "$tmp/$pkg" "$home/${pkg}_$version"
		rm -rf "$tmp"
	fi
	ln -sfn "${pkg}_$version" "$home/$pkg"
}

# source_choose PACKAGE: set K_SRC; a pattern stands for the newest that matches.
source_choose() {
	local pkg=$1

	case $pkg in
	*[[*]*)
		apt_lists
		pkg=$(newest "$1")
		[ -n "$pkg" ] || die 125 "${K_SUITE:-Debian} has no package $1"
		;;
	esac
	vm_source "$pkg"
}

# The part of mmkit that only a kernel can hold: kernels built here have it.
BOOT_PART=modules/memblock/boot

# provide_source PACKAGE CONFIG...: a kernel built from Debian's source with
# BOOT_PART, tinyconfig with each CONFIG merged over what came before it. With COVER,
# it is another that has gcov.
provide_source() {
	local configs=("${@:2}") home key

	[ -z "${COVER:-}" ] || needs_qemu "COVER is"
	[ -z "${COVER:-}" ] || configs+=(gcov.config)
	configs=("${configs[@]/#/$VM/kernels/}")
	source_choose "$1"
	need debug gcc make bison flex bc patch
	[ -z "$K_LLVM" ] || need intree "clang$K_LLVM" "ld.lld$K_LLVM" "llvm-ar$K_LLVM"
	key=$({
		basename "$K_SRC"
		"${K_LLVM:+clang}${K_LLVM:-gcc}" --version | head -n 1
		cat "${configs[@]}" "$TOP/$BOOT_PART"/*
		[ -z "$K_CORE" ] || echo "$K_CORE"
		[ -z "$K_PATCH" ] || source_patches
	} | sha256sum | cut -c 1-12)
	home=$CACHE/kernels/$K_NAME/$key
	if [ ! -e "$home/.complete" ]; then
		locked "$home.lock" source_build "$home" "${configs[@]}"
	fi
	K_DIR=$home/src/build
	K_REL=$(cat "$K_DIR/include/config/kernel.release")
	K_IMAGE=$K_DIR/$(source_image)
	K_MODS=
}

# needs_qemu WHAT: refuse it where the kernel is a program.
needs_qemu() {
	[ -z "$K_UM" ] ||
		die 125 "$* for machines that QEMU makes; $K_NAME is a program of this one"
}

# The file in the build tree that is run.
source_image() {
	[ -n "$K_UM" ] && echo linux || echo arch/x86/boot/bzImage
}

# source_overlay DIR: the source with BOOT_PART in it, and K_PATCH. All else are links,
# which cost neither time nor room, and what is edited is replaced.
source_overlay() {
	[ ! -e "$1/.mmkit-overlaid" ] || return 0
	rm -rf "$1"
	mkdir -p "$(dirname "$1")"
	cp -al "$K_SRC" "$1"
	make -s -C "$TOP" intree KSRC="$1" PART="$BOOT_PART"
	[ -z "$K_PATCH" ] || source_patch "$1"
	: >"$1/.mmkit-overlaid"
}

source_patches() {
	local patches

	read -ra patches <<<"$K_PATCH"
	cat "${patches[@]/#/$VM/kernels/}"
}

# Nobody is asked: where one does not fit exactly it is another source.
source_patch() {
	source_patches | patch -s -f -p1 -F0 --no-backup-if-mismatch -r - -d "$1" ||
		die 125 "$K_PATCH: does not apply to $(basename "$K_SRC")"
}

# The tree cannot be renamed once built (its Makefile names its own path), so it
# is built in place under a lock and marked last: an interrupted build resumes.
# From inside its source kbuild calls the compiler by relative paths, so ccache
# knows the files again in another place.
source_build() {
	local home=$1 configs=("${@:2}") ccache='' src=$1/src out=$1/src/build
	local cc=${K_LLVM:+clang}${K_LLVM:-gcc}

	[ ! -e "$home/.complete" ] || return 0
	source_overlay "$src"
	mkdir -p "$out"
	if command -v ccache >/dev/null; then
		ccache='ccache '
		export CCACHE_DIR=$CACHE/ccache
	fi
	export KBUILD_BUILD_USER=mmkit KBUILD_BUILD_HOST=mmkit
	export KBUILD_BUILD_TIMESTAMP=@0
	set -- make -C "$src" O="$out" ${K_UM:+ARCH=um} ${K_LLVM:+LLVM="$K_LLVM"} \
		CC="$ccache$cc" HOSTCC="${ccache}gcc"
	quietly "$home/config.log" "configuring $K_NAME" "$@" tinyconfig
	"$src/scripts/kconfig/merge_config.sh" -m -O "$out" \
		"$out/.config" "${configs[@]}" >>"$home/config.log"
	quietly "$home/config.log" "configuring $K_NAME" "$@" olddefconfig
	config_survived "$src" "$out/.config" "${configs[@]}"
	say "building $K_NAME${COVER:+ with gcov} from $(basename "$K_SRC"): once, 10 minutes or more on 2 cores"
	quietly "$home/build.log" "building $K_NAME" \
		nice "$@" ${K_CORE:+"$K_CORE"} -j"$(nproc)" "$(basename "$(source_image)")" modules
	: >"$home/.complete"
}

# config_survived SOURCE RESULT CONFIG...: a missing dependency drops an option
# silently: find that now, not in a test. Of two lines on one symbol the last counts.
# A line "# gone: CONFIG_X, why" takes back one of an earlier file.
config_survived() {
	local src=$1 result=$2 line name lost=()
	local -A want=()

	shift 2
	while read -r line; do
		case $line in
		'# gone: CONFIG_'*)
			name=${line#'# gone: '} name=${name%%,*}
			config_gone "$src" "$line" "$name" "${want[$name]:-}"
			unset "want[$name]"
			;;
		CONFIG_*) want[${line%%=*}]=$line ;;
		esac
	done < <(cat "$@")
	for line in "${want[@]}"; do
		case $line in
		*=n) ! grep -q "^${line%n}" "$result" || lost+=("$line") ;;
		*) grep -qxF "$line" "$result" || lost+=("$line") ;;
		esac
	done
	[ ${#lost[@]} -eq 0 ] ||
		die 125 "$* ask for what the kernel's configuration does not give:" \
			"${lost[*]}; add what they depend on, or, where the kernel has no" \
			"such symbol, a line \"# gone: CONFIG_X, why\""
}

# config_gone SOURCE LINE SYMBOL WANTED: only what was asked for and is not there
# at all can be gone, and for a reason.
config_gone() {
	[[ $2 == *", "?* ]] || die 125 "\"$2\" gives no reason"
	[ -n "$4" ] || die 125 "\"$2\": no line before it asks for $3"
	! grep -rqE --include='Kconfig*' "^[[:space:]]*(menu)?config ${3#CONFIG_}$" "$1" ||
		die 125 "\"$2\", but $1 has it; add what it depends on"
}

# provide_tree PATH: a kernel somebody has built.
provide_tree() {
	K_DIR=$(cd "$1" && pwd)
	K_IMAGE=$K_DIR/arch/x86/boot/bzImage
	[ -e "$K_DIR/include/config/kernel.release" ] ||
		die 125 "$1 is not a built kernel tree: include/config/kernel.release is missing"
	[ -e "$K_IMAGE" ] ||
		die 125 "$1 has no arch/x86/boot/bzImage; build it there: make bzImage modules"
	K_REL=$(cat "$K_DIR/include/config/kernel.release")
	K_MODS=
}

kernel_names() {
	(cd "$VM/kernels" && find . -type f ! -name '*.config' ! -name '*.patch' -printf '%P\n' | sort)
}

# kernel NAME|PATH: set K_NAME, K_REL, K_IMAGE, K_DIR, K_MODS and K_BUILD, where
# this checkout builds for it.
kernel() {
	K_SUITE='' K_ROOT='' K_ARCH='' K_TRIPLET='' K_QEMU=qemu-system-x86_64 K_TCG=multi K_WORDS='' K_LLVM='' K_CORE='' K_UM='' K_PATCH=''
	case $1 in
	*/*)
		[ -d "$1" ] || die 125 "KERNEL=$1: no such folder"
		provide_tree "$1"
		K_NAME=tree-$(basename "$K_DIR")
		K_BUILD=$BUILD/tree-$(echo "$K_DIR" | sha256sum | cut -c 1-8)
		;;
	*)
		[ -f "$VM/kernels/$1" ] ||
			die 125 "KERNEL=$1 is not known; it is one of:" \
				"$(kernel_names | tr '\n' ' ')or the path of a built kernel tree"
		K_NAME=$1
		K_BUILD=$BUILD/$1
		# shellcheck source=/dev/null
		. "$VM/kernels/$1"
		kernel_provide
		;;
	esac
}
