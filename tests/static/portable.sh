#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What is one kind of machine's own is in files named for it, *_x86.[ch] or *_arm64.[ch];
# docs/ABI is as the kernel's own tool wants it.
. "$(dirname "$0")/../system/lib.sh"

plan 7

# Instructions, registers, bits of page-table entries and functions that no other
# machine has.
foreign='\basm\b *(volatile|goto|\()|__asm__|<asm/(msr|tsc|desc|cpufeature|processor-flags|pgtable_types|page_types)'
foreign+='|\brdtsc|\bread_cr[0-9]|\bwrite_cr[0-9]|\bnative_|\b_PAGE_[A-Z]|\bpte_flags\('
foreign+='|\blookup_address|\bpage_level_(mask|size)|\bcpu_feature_enabled|\bboot_cpu_'
foreign+='|\bpgtable_l5_enabled|\btsc_khz|0xffff[89a-f][0-9a-f]{11}'

# Without comments, of which some tell of x86.
code() { # FILE
	gcc -fpreprocessed -dD -E -P -x c "$1" 2>/dev/null
}

found() { # FILE...
	local file

	for file; do
		code "$file" | grep -nE "$foreign" | sed "s|^|$file:|"
	done
}

files() { # IN: those that are not named for a machine
	find "$1" -name '*.[ch]' ! -name '*.mod.c' ! -name '*_x86.[ch]' ! -name '*_arm64.[ch]' \
		! -path '*/compat/probes/*' | sort
}

printf 'int f(void)\n{\n\treturn read_cr3_pa(); /* asm */\n}\n' >"$WORK/bad.c"
like "it would be found" "$(found "$WORK/bad.c")" 'bad.c:3:'
mapfile -t modules < <(files modules)
ok "there is something to look at" test ${#modules[@]} -gt 100
is "no module has it outside of files named for a machine" "$(found "${modules[@]}")" ''

# A choice between machines is made where another file is taken in, nowhere else.
is "CONFIG_X86 is asked only to take such a file in" \
	"$(grep -rn -A1 'CONFIG_X86' modules --include='*.[ch]' | grep -v '_x86\.[ch][:-]' |
		grep -vE '#if(def)? .*CONFIG_X86|^--|#include "[a-z]*_x86\.h"|mmkit_[a-z_]*\(' || true)" ''

# User space has no Kbuild to choose files: there it asks the compiler, and has
# something for other machines too.
asked() {
	grep -lE '__x86_64__|__i386__' -r "$@" --include='*.[ch]'
}
is "programs that ask for x86 have an answer for others" \
	"$(for f in $(asked tools); do grep -q '^#else' "$f" || echo "$f"; done)" ''

abi=$(QUIET=1 tests/vm/build --source linux-source-6.1)/scripts/get_abi.pl
is "docs/ABI is in the kernel's format" "$("$abi" validate --dir docs/ABI/testing 2>&1)" ''
mkdir "$WORK/abi"
printf 'What:\t\t/dev/mmkit/x\nDate:\t\ttoday\nNonsense:\n' >"$WORK/abi/x"
like "whose tool does find what is not" "$("$abi" validate --dir "$WORK/abi" 2>&1)" .
finish
