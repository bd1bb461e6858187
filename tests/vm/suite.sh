# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Packages of another Debian suite than the system's, and a root of another
# release to build in. Needs lib.sh.

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# The archive that this system itself uses, as it is configured here; its security
# updates come from elsewhere.
# shellcheck disable=SC2016  # the dollars are apt's
archive_uri() {
	local uri

	uri=$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' |
		sed -n 's/^Debian //p' | grep -v security | head -n 1)
	[ -n "$uri" ] || die 125 "apt here knows no Debian archive, or never read" \
		"its lists; run: apt-get update"
	echo "$uri"
}

# suite NAME: from here on packages are those of suite NAME, by lists of our own.
suite() {
	local dir=$CACHE/apt-$1${K_ARCH:+-$K_ARCH}

	command -v apt-get >/dev/null ||
		die 125 "kernels of Debian's $1 need apt; give your own kernel's" \
			"build tree: KERNEL=/path/to/build-tree"
	[ -e "$KEYRING" ] ||
		die 125 "$KEYRING is missing; run: apt-get install debian-archive-keyring"
	mkdir -p "$dir/lists/partial" "$dir/archives/partial"
	K_SUITE=$1
	APT_OPTS=(-o "Dir::Etc::SourceList=$dir/sources.list"
		-o Dir::Etc::SourceParts=/dev/null -o Dir::Etc::Preferences=/dev/null
		-o Dir::Etc::PreferencesParts=/dev/null -o "Dir::State::Lists=$dir/lists"
		-o "Dir::Cache=$dir" -o Debug::NoLocking=1)
	# What has to run here, to build for there, is named with its own machine.
	[ -z "$K_ARCH" ] || APT_OPTS+=(-o "APT::Architecture=$K_ARCH"
		-o "APT::Architectures::=$K_ARCH" -o APT::Architectures::=amd64)
	[ "$(id -u)" -ne 0 ] || APT_OPTS+=(-o APT::Sandbox::User=root)
	[ -s "$dir/sources.list" ] ||
		echo "deb [signed-by=$KEYRING] $(archive_uri) $1 main" >"$dir/sources.list"
}

# newest PATTERN: the newest package whose whole name matches, or nothing.
newest() {
	apt-cache "${APT_OPTS[@]}" pkgnames | { grep -xE -- "$1" || true; } | sort -V | tail -n 1
}

# --- a root of another release ------------------------------------------------

# as_root COMMAND...
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo -- "$@"
	else
		die 125 "building for $K_NAME needs root, for a root file system of" \
			"its Debian release; run this as root"
	fi
}

# toolchain SUITE: the chosen kernel's modules are built in a root of SUITE, because
# its headers come with programs that this release's C library cannot run.
toolchain() {
	K_ROOT=$CACHE/roots/$1
	root_have "$1" make gcc libc6-dev libelf1t64 pahole
}

# machine ARCH RELEASE: the kernel is of another kind of machine. Packages are of
# RELEASE; modules, tools and tests are cross-compiled in a root of their own: a
# cross compiler cannot be installed beside gcc-multilib, nor ARCH's libraries
# without telling the system's dpkg of ARCH.
machine() {
	local lib

	K_ARCH=$1
	case $1 in
	arm64) K_TRIPLET=aarch64-linux-gnu K_QEMU=qemu-system-aarch64 ;;
	*) die 125 "$K_NAME is for $1, which is not a machine known here" ;;
	esac
	need arm64 "$K_QEMU"
	suite "$2"
	K_ROOT=$CACHE/roots/$2-$1
	set -- "$2" make "gcc-12-$K_TRIPLET" "binutils-$K_TRIPLET" libelf1 \
		pahole pkg-config scdoc "busybox-static:$1"
	for lib in libc6 libjson-c libedit libsmartcols libkmod libncurses \
		libtraceevent libtracefs libbpf; do
		set -- "$@" "$lib-dev:$K_ARCH"
	done
	root_have "$@"
}

# root_have RELEASE PACKAGE...: K_ROOT is a root of RELEASE with PACKAGEs.
root_have() {
	if [ ! -e "$K_ROOT/.mmkit-complete" ] || [ -n "${UPDATE:-}" ]; then
		need kernels mmdebstrap
		locked "$K_ROOT.lock" root_make "$@"
	fi
}

root_make() {
	local sources=$K_ROOT.list release=$1 packages

	[ -n "${UPDATE:-}" ] || [ ! -e "$K_ROOT/.mmkit-complete" ] || return 0
	shift
	packages=$(IFS=,; echo "$*")
	mkdir -p "$(dirname "$K_ROOT")"
	echo "deb [signed-by=$KEYRING] $(archive_uri) $release main" >"$sources"
	as_root rm -rf --one-file-system "$K_ROOT"
	say "making a root of Debian's $release, to build in: once, about 2 minutes"
	# What it mounts in there, and is killed before it unmounts, goes with its namespace.
	quietly "$K_ROOT.log" "making a root of $release" as_root unshare --mount \
		--propagation private mmdebstrap --mode=root --variant=apt \
		${K_ARCH:+--architectures=amd64,"$K_ARCH"} --include="$packages" \
		"$release" "$K_ROOT" "$sources"
	as_root touch "$K_ROOT/.mmkit-complete"
}

# root_add PACKAGE...: what else the root is to have, by its own package tools.
root_add() {
	local package missing=()

	for package; do
		[ -e "$K_ROOT/var/lib/dpkg/info/$package.list" ] || missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	say "adding ${missing[*]} to $K_ROOT"
	# shellcheck disable=SC2016  # for the inner shell
	quietly "$K_ROOT.log" "adding ${missing[*]}" as_root unshare --mount \
		--propagation private bash -euc '
		mount -t proc proc "$1/proc"
		cp -L /etc/resolv.conf "$1/etc/resolv.conf"
		export DEBIAN_FRONTEND=noninteractive
		chroot "$1" apt-get -qq update
		chroot "$1" apt-get -qq -y --no-install-recommends install "${@:2}"' \
		bash "$K_ROOT" "${missing[@]}"
}

# in_root COMMAND...: run COMMAND in the kernel's root, as whoever runs this, with
# the folders that hold kernels and builds where they are outside. The mounts live
# in a namespace of their own and go with it; objtool wants /proc.
in_root() {
	# shellcheck disable=SC2016  # for the inner shell
	as_root unshare --mount --propagation private bash -euc '
		root=$1 user=$2 IFS=:
		for dir in $3; do
			mkdir -p "$root$dir"
			mount --bind "$dir" "$root$dir"
		done
		mount -t proc proc "$root/proc"
		shift 3
		exec chroot --userspec="$user" "$root" "$@"' bash \
		"$K_ROOT" "$(id -u):$(id -g)" "$CACHE/kernels:$ROOT_DIRS" "$@"
}
