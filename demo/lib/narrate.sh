# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# How the demo speaks: chapters, explanations, and each command shown before it
# runs. Used on the host and in the lab machine; the caller's $prompt says on
# which, its $scratch is a directory for work. Knows nothing of what is told.
#
# shellcheck disable=SC2154

chapter() {
	printf '\n== %s\n\n' "$*"
}

# Lines of explanation, from standard input, and an empty line after them.
explain() {
	sed 's/^./   &/'
	printf '\n'
}

# What a command said, from standard input.
answer() {
	sed '/^$/d; s/^/      /'
}

# show WORD…: a command as it would be typed here. A long one is broken before
# an option, so that each option keeps its value.
show() {
	line=$prompt
	piece=
	for word in "$@"; do
		case $word in
		*[\ \;\&]*) word="'$word'" ;;
		esac
		case $word in
		-*)
			show_piece
			piece=$word
			;;
		*) piece="${piece:+$piece }$word" ;;
		esac
	done
	show_piece
	printf '   %s\n' "$line"
}

show_piece() {
	if [ "$line" != "$prompt" ] &&
		[ $((${#line} + ${#piece})) -gt 72 ]; then
		printf '   %s \\\n' "$line"
		line="         $piece"
	else
		line="$line $piece"
	fi
}

# Show a command, then run it. Not by a pipe, which would hide its status.
run() {
	show "$@"
	"$@" >"$scratch/out" 2>&1 && status=0 || status=$?
	answer <"$scratch/out"
	return "$status"
}

# write VALUE FILE: show a write to sysfs, then do it.
write() {
	show echo "$1" ">" "$2"
	printf '%s\n' "$1" >"$2"
}
