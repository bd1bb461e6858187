#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What user space was promised: every struct, command, flag and enumerator of the
# ioctl interface, for 64-bit and 32-bit callers, as docs/ABI/ioctl.txt has them; and
# the functions of libmmkit as mmkit.h and debian/libmmkit0.symbols have them.
#   tests/host/abi.sh --update     write docs/ABI/ioctl.txt anew
. "$(dirname "$0")/../system/lib.sh"

CC=${CC:-gcc}
ABI=docs/ABI/ioctl.txt

# Every header there is, however many: none has to be named here.
includes() {
	(cd modules/uapi && printf '#include <%s>\n' mmkit/*.h)
}

# object BITS: its debug information has all types, used or not.
object() {
	includes | "$CC" -m"$1" -g -fno-eliminate-unused-debug-types -Imodules/uapi \
		-x c -c -o "$WORK/$1.o" -
}

# "struct.field offset size", and "struct size".
structs() { # BITS
	pahole "$WORK/$1.o" | awk '
		/^(struct|union) mmkit_[a-z0-9_]+ \{/ { name = $2; depth = 1; next }
		!name { next }
		/\{$/ { depth++; next }
		/^\t+}/ { depth-- }
		match($0, /\/\* +[0-9]+ +[0-9]+ \*\//) {
			split(substr($0, RSTART), at, " +")
			line = substr($0, 1, RSTART - 1)
			sub(/__attribute__.*/, "", line)
			sub(/;.*/, "", line)
			sub(/ +$/, "", line)
			sub(/\[.*/, "", line)
			n = split(line, word, /[ \t*]+/)
			print name "." word[n], at[2], at[3]
		}
		/\/\* size: / { if (depth == 1) { sub(/,/, "", $3); print name, $3 } }
		/^}/ { name = "" }'
}

# "NAME value" of each macro that is a number. The values are read out of the object:
# not every machine runs programs of 32 bits.
macros() { # BITS
	includes | "$CC" -Imodules/uapi -dM -E - | sed -n 's/^#define \(MMKIT_[A-Z0-9_]*\) .*/\1/p' |
		sort >"$WORK/names"
	{
		includes
		echo '__attribute__((section(".values"), used))'
		echo 'static const unsigned long long values[] = {'
		sed 's/$/,/' "$WORK/names"
		echo '};'
	} >"$WORK/macros.c"
	"$CC" -m"$1" -Imodules/uapi -c -o "$WORK/macros.o" "$WORK/macros.c"
	objcopy -O binary -j .values "$WORK/macros.o" "$WORK/values"
	od -An -v -tx8 -w8 "$WORK/values" | paste -d' ' "$WORK/names" - |
		while read -r name value; do
			printf '%s %#x\n' "$name" "0x$value"
		done
}

enumerators() { # BITS
	readelf --debug-dump=info "$WORK/$1.o" | awk '
		/DW_TAG_/ { is = /DW_TAG_enumerator/ }
		is && /DW_AT_name/ { name = $NF }
		is && /DW_AT_const_value/ && name ~ /^MMKIT_/ { print name, $NF }'
}

layout() { # BITS
	object "$1"
	{
		structs "$1"
		macros "$1"
		enumerators "$1"
	} | LC_ALL=C sort -u
}

if [ "${1:-}" = --update ]; then
	layout 64 >"$WORK/ioctl.txt"
	cp "$WORK/ioctl.txt" "$ABI"
	exit
fi

for tool in pahole readelf nm objcopy; do
	command -v $tool >/dev/null || skip_all "$tool is not installed; run: tests/setup host"
done
plan 10

for bits in 64 32; do
	layout $bits >"$WORK/layout.$bits" 2>"$WORK/err" || diag "$(cat "$WORK/err")"
	is "$bits bits: nothing that was promised has moved or gone" \
		"$(LC_ALL=C comm -13 "$WORK/layout.$bits" "$ABI")" ''
	is "$bits bits: nothing is new without having been written down (--update)" \
		"$(LC_ALL=C comm -23 "$WORK/layout.$bits" "$ABI")" ''
	# What the compiler puts between or behind fields would be the kernel's memory.
	is "$bits bits: no struct has padding" \
		"$(pahole "$WORK/$bits.o" | awk '/XXX|padding:/')" ''
done
ok "every header has something in it" test "$(wc -l <"$ABI")" -gt 500

declared() {
	"$CC" -std=gnu11 -E -P -Imodules/uapi -Itools/lib/include tools/lib/include/mmkit.h |
		tr '\n' ' ' | grep -oE '\bmmkit_[a-z0-9_]+ ?\(' | tr -d ' (' | LC_ALL=C sort -u
}
make -s -C tools O="$WORK/tools" "$WORK/tools/libmmkit.so.0" >"$WORK/err" 2>&1 ||
	diag "$(cat "$WORK/err")"
nm -D --defined-only "$WORK/tools/libmmkit.so.0" | awk '$2 ~ /[TDRB]/ { print $3 }' |
	LC_ALL=C sort >"$WORK/exported"
is "the library exports what its header declares, and nothing else" \
	"$(sed 's/@.*//' "$WORK/exported")" "$(declared)"
is "and its package says so" "$(sed -n 's/^ \(mmkit_[^ ]*\) .*/\1/p' debian/libmmkit0.symbols)" \
	"$(sed 's/@@/@/' "$WORK/exported")"
is "its name is that of its ABI" \
	"$(readelf -d "$WORK/tools/libmmkit.so.0" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')" libmmkit.so.0
finish
