#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1
# LONG: stock-* debug-*
# TIMEOUT: 900
# The CLI in a guest: what it prints, its exit status, its JSON by the schema.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

# PROGS is a list of the host's programs, for the guest.
PROGS='setpriv script' in_guest tools.sh >"$WORK/tap"
grep -v '^json ' "$WORK/tap" || true

by_schema 41

# Completion: sourced by a shell, it knows the commands and their options.
complete_words() { # WORD...
	bash -c '. tools/completions/mmkit.bash
		COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
		f=$(complete -p mmkit | sed "s/.*-F \([^ ]*\).*/\1/")
		"$f" mmkit "${@: -1}" "${@: -2:1}"; printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}
PATH=$(realpath "${MMKIT_BUILD:-build}")/tools:$PATH
like "completion offers commands" "$(complete_words mmkit pa)" '^pages *$'
like "verbs" "$(complete_words mmkit pages al)" '^alloc *$'
like "flags that are still possible" "$(complete_words mmkit pages alloc -g KERNEL,N)" '^KERNEL,NOWARN'
unlike "and no others" "$(complete_words mmkit pages alloc -g KERNEL,N)" 'NOWAIT'
like "values after =" "$(complete_words mmkit pages alloc --how = bud)" '^buddy'
like "options" "$(complete_words mmkit pages alloc --or)" '^--order'
for words in "report -o" "map run --svg" "map run --svg =" "run" "bug explain" \
	"map matrix --disk" "memblock replay" "report" "bench compare"; do
	# shellcheck disable=SC2086  # words
	is "a file after: $words" "$(complete_words mmkit $words READ)" README.md
done
is "a folder, which is not the end of a path" "$(complete_words mmkit report -o tes)" 'tests/'
like "of folders alone" "$(complete_words mmkit load -d t)" '^tests/$'
unlike "no file" "$(complete_words mmkit load -d R)" .

# By its long name or its letter, in the page of the command or, for all, of mmkit.
undocumented() {
	local command verb verbs letter name pages=tools/man

	for command in $(mmkit help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
		[[ $command != help && $command != close ]] || continue
		verbs=$(mmkit help "$command" | sed -n '/^Verbs:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
		for verb in ${verbs:-''}; do
			# shellcheck disable=SC2086  # there may be none
			mmkit help "$command" $verb |
				sed -nE 's/^  (-(.),|   ) --([a-z-]+).*/\3 \2/p' |
				while read -r name letter; do
					grep -qE -- "\*(--$name${letter:+|-$letter})\*" \
						"$pages/mmkit-$command.1.scd" "$pages/mmkit.1.scd" ||
						echo "$command $verb --$name"
				done
		done
	done
}
is "every option is in a manual page" "$(undocumented)" ''

mkdir "$WORK/a[1]"
touch "$WORK/a[1]/b*c"
is "a pattern that is typed is a name" "$(complete_words mmkit run "$WORK/a[1]/b*")" \
	"$WORK/a[1]/b*c"

# What bash is to do with the words.
option() { # WORD...
	bash -uc '. "$0"; compopt() { echo "$2"; }
		COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mmkit' \
		"$TOP/tools/completions/mmkit.bash" "$@" 2>&1
}
is "bash quotes a path" "$(option mmkit run READ)" filenames
is "and reads what is quoted or begins with ~" "$(option mmkit run \'READ; option mmkit run \~/)" \
	$'default\ndefault'
is "a command is none, where a folder has its name" "$(cd modules && option mmkit pag)" ''
is "nor is nothing" "$(option mmkit run /nosuch/)" ''

# In mmkit shell, on a terminal.
mkdir "$WORK/a dir"
cp tests/host/reports/list.txt "$WORK/a dir/b\"cé"
typed() { # KEYS
	(cd "$WORK" && printf '%b' "$1" | HOME=$WORK XDG_STATE_HOME=$WORK TERM=vt100 \
		LC_ALL=C.UTF-8 script -qec "mmkit shell" /dev/null) | tr -d '\0'
}
tab=$(typed 'bug explain a\\ d\tb\t\nquit\n')
like "Tab quotes a path" "$tab" 'bug explain a\\ dir/b\\"cé '
like "and the line takes it" "$tab" 'list_del corruption'
unlike "nothing is put in after a backslash" "$(typed 'bug explain a\\\t\nquit\n')" ' dir'
like "which ends no line" "$(printf '%s' "info\\" | mmkit run - 2>&1)" 'nothing follows the backslash'
end
