# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Sourced by what makes tables of results: the words of jq for it, and how the
# tables come into a document. $work is a directory for what is in between,
# and $show not empty if the tables are to be printed, too.

# Three digits, without an exponent; and the shape of a table.
# shellcheck disable=SC2016
common='
def short: if . >= 100 then round elif . >= 10 then (. * 10 | round / 10)
	elif . >= 1 then (. * 100 | round / 100) else (. * 1000 | round / 1000) end
	| tostring;
def ms: . / 1e6 | short;
def median: sort | .[length / 2 | floor];
def size: if . < 1024 then "\(.) B" elif . < 1048576 then (. / 1024 | short) + " KiB"
	else (. / 1048576 | short) + " MiB" end;
def row: "| " + join(" | ") + " |";
def table(head; rows): (head | row), (head | map("---") | row), (rows | row);
def rows(measure): .[] | .machine.kernel as $kernel | .results[]
	| select(.measure == measure) | . + {kernel: $kernel};
# In the order in which they were measured
def in_order(name): reduce .[] as $r ([]; if index([$r | name]) then . else . + [$r | name] end);
'

# shellcheck disable=SC2034
machine_table='
table(["kernel", "release", "QEMU", "CPUs of the computer", "its load, 1 is one busy CPU"];
	.[].machine | [.kernel, .release, .qemu, (.cpus | tostring), (.load | tostring)])
'

# make_table SUBJECT NAME FILTER: of all results of SUBJECT; newest kernel first,
# as in the text.
make_table() {
	find bench/results -name "$1-[0-9]*.json" | sort -rV |
		xargs jq -s -r "$common $3" > "$work/$2"
	[ -z "$show" ] || { echo; echo "$2"; cat "$work/$2"; }
}

# fill DOCUMENT: into $work/document, with the tables between their marks; those
# that somebody else makes stay. A mark without an end is a mistake.
fill() {
	awk -v work="$work" '
	/^<!-- end: / { inside = 0 }
	!inside { print }
	/^<!-- begin: / {
		while ((getline line < (work "/" $3)) > 0) {
			inside = 1
			print line
		}
	}
	END { exit inside }
	' "$1" > "$work/document"
}

# fill_or_check CHECK DOCUMENT: writes it, or says what differs if CHECK is not
# empty, and fails if anything does.
fill_or_check() {
	fill "$2"
	if [ -n "$1" ]; then
		diff -u "$2" "$work/document"
	else
		cat "$work/document" > "$2"
	fi
}
