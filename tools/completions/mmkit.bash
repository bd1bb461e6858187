# SPDX-License-Identifier: GPL-2.0-only
# Bash completion of mmkit. Commands, verbs, options and their values come from
# the program's own tables (mmkit --complete), so they cannot go out of date.

_mmkit()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}

	COMPREPLY=()
	case $prev in
	-d | --dir)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	esac
	if [[ ${COMP_WORDS[*]:1:2} == "bug explain" && $COMP_CWORD -gt 2 && $cur != -* ]] ||
		[[ ${COMP_WORDS[1]} == run && $COMP_CWORD -gt 1 && $cur != -* ]]; then
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
	fi
	mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" --complete \
		"${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}

complete -F _mmkit mmkit
