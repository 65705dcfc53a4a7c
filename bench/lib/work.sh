# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Sourced by every script here, which sets $me to its name: how it is misused,
# and how it ends. Whatever ends it, nothing that it began goes on or is left
# half made.

# misuse TEXT: before anything has begun.
misuse() {
	echo "$me: $1" >&2
	echo "$me --help shows what can be said" >&2
	exit 2
}

# Makes the directory $work, below $place if that is set.
begin_work() {
	helper=
	unfinished=
	trap end_work EXIT
	trap 'exit 130' INT TERM HUP
	work=$(mktemp -d "${place:-${TMPDIR:-/tmp}}/bench.XXXXXX")
}

# The helper cleans up itself, which may take it a moment.
end_work() {
	trap '' INT TERM HUP
	[ -z "$helper" ] || kill -TERM "$helper" 2> /dev/null || :
	wait
	rm -rf "${work:?}" ${unfinished:+"$unfinished"}
}

# start COMMAND…: begins it as the helper. It is told if this script ends,
# even by a signal that cannot be caught; a terminal's Ctrl-C does not reach it.
start() {
	setpriv --pdeathsig TERM "$@" &
	helper=$!
}

# finish: waits for the helper, and returns its exit status.
finish() {
	finished=0
	wait "$helper" || finished=$?
	helper=
	return "$finished"
}

# put_file SOURCE FILE: FILE is what it was until it is all of SOURCE.
put_file() {
	mkdir -p "$(dirname "$2")"
	unfinished=$2.unfinished
	cp "$1" "$unfinished"
	mv "$unfinished" "$2"
	unfinished=
}
