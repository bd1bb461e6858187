#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: debug-*
# TIMEOUT: 7200
# make intree, in the source that KERNEL is built from: the suites pass under
# kunit.py, on UML and on x86-64; gcc and clang with W=1 have nothing to say where
# everything is configured that can be; what calls memblock is built in.
# shellcheck disable=SC2317  # ok() calls the functions
. "$(dirname "$0")/lib.sh"

KERNEL=${KERNEL:-debug-6.1}
LLVM=${LLVM:--19}
for tool in clang"$LLVM" ld.lld"$LLVM" python3 qemu-system-x86_64; do
	command -v "$tool" >/dev/null || skip_all "$tool is not installed; run: tests/setup intree"
done
plan 20

# A tree of links to the source; beside it, for links stay in one file system.
source=$(QUIET=1 tests/vm/build --source "$KERNEL")
tree=$(mktemp -d "$(dirname "$source")/intree.XXXXXX")
SCRATCH+=("$tree")
cp -al "$source/." "$tree"

cc=gcc
if command -v ccache >/dev/null; then
	cc='ccache gcc'
	export CCACHE_DIR=${MMKIT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mmkit}/ccache
fi

named() { # TREE: how often the kernel's own files name mmkit
	grep -c mmkit "$1/drivers/misc/Kconfig" "$1/drivers/misc/Makefile" |
		sed 's/.*://' | xargs
}

ok "it is put there" make -s intree KSRC="$tree"
ok "and again, after a change" make -s intree KSRC="$tree"
is "Kconfig and Makefile name it once" "$(named "$tree")" '1 1'
is "what was linked is as it was" "$(named "$source")" '0 0'

# --- kunit.py, as a maintainer runs it

# The suites by their sources, of which none may stay away.
suites=$(cd tests/kunit && printf 'mmkit_%s\n' ./*_test.c | sed 's|\./||; s/_test.c//' | sort)

passed() { # JSON: suites of mmkit's with a case that passed and none that failed
	python3 -c '
import json, sys

def cases(group):
    for sub in group["sub_groups"]:
        yield from cases(sub)
    for case in group["test_cases"]:
        yield case["status"]

for suite in json.load(open(sys.argv[1]))["sub_groups"]:
    said = set(cases(suite))
    if "PASS" in said and said <= {"PASS", "SKIP"}:
        print(suite["name"])' "$1" | grep '^mmkit_' | sort
}

kunit() { # NAME ARGUMENT...
	local name=$1

	shift
	rm -f "$WORK/json"
	(cd "$tree" && ./tools/testing/kunit/kunit.py run --kunitconfig=drivers/misc/mmkit \
		--build_dir="$tree/$name" --jobs="$(nproc)" --timeout=900 --json="$WORK/json" \
		--make_options="CC=$cc" --make_options="HOSTCC=$cc" "$@") >"$WORK/said" 2>&1 ||
		{ grep -E -A 6 'FAILED|ERROR|error:' "$WORK/said" | head -n 60
		  tail -n 20 "$WORK/said"; return 1; }
}

for arch in um x86_64; do
	ok "kunit.py run on $arch" kunit "$arch" --arch="$arch"
	is "every suite passed there" "$(passed "$WORK/json" 2>&1)" "$suites"
	rm -rf "${tree:?}/$arch"
done

# --- every option that there is, and every warning

kmake() { # OUT ARGUMENT...
	local out=$1

	shift
	make -s -C "$tree" O="$tree/$out" -j"$(nproc)" "$@"
}

configured() { # OUT
	grep -cE '^CONFIG_MMKIT[A-Z_]*=' "$tree/$1/.config"
}

options=$(cat Kconfig modules/memblock/boot/Kconfig | grep -c '^config ')
objects=drivers/misc/mmkit
for by in gcc clang; do
	with=(CC="$cc" HOSTCC="$cc")
	[ "$by" = gcc ] || with=(LLVM="$LLVM")
	ok "$by: allmodconfig" kmake $by "${with[@]}" allmodconfig
	is "$by: every option of mmkit is set" "$(configured $by)" "$options"
	ok "$by: the kernel is made ready" kmake $by "${with[@]}" prepare
	rc=0
	kmake $by "${with[@]}" W=1 $objects/ >"$WORK/said" 2>&1 || rc=$?
	result "$rc" "$by: it compiles with W=1" || diag "$(tail -n 40 "$WORK/said")"
	is "$by: and no warning is of a file of ours" \
		"$(grep -E "$objects/.*(warning|error)" "$WORK/said" || true)" ''
	like "$by: what calls memblock at boot is built in" \
		"$(ar t "$tree/$by/$objects/built-in.a" 2>&1)" 'modules/memblock/boot/boot\.o$'
done
finish
