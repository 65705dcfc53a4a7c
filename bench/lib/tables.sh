# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Sourced by what makes tables of results: the words of jq for it, and how tables
# and numbers come into a document. $show is not empty if the tables are to be
# printed, too, $check if nothing is to be written. Needs work.sh.

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
# So many digits behind the point
def fixed($digits): pow(10; $digits) as $unit | (. * $unit | round | tostring)
	| ("0000" + .)[-([$digits + 1, length] | max):] | .[:-$digits] + "." + .[-$digits:];
# A number of the text
def value(name; number): "\(name)\t\(number)";
'

# shellcheck disable=SC2034
machine_table='
table(["kernel", "release", "QEMU", "CPUs of the computer", "its load, 1 is one busy CPU"];
	.[].machine | [.kernel, .release, .qemu, (.cpus | tostring), (.load | tostring)])
'

# read_table_options "$@": sets $show and $check.
read_table_options() {
	show=
	check=
	case ${1-} in
	'') ;;
	--show) show=1 ;;
	--check) check=1 ;;
	-h | --help) usage; exit 0 ;;
	*) misuse "there is no option $1" ;;
	esac
	[ $# -le 1 ] || misuse "one option is enough"
}

# results_of_kernels SUBJECT: the files, newest kernel first, as in the text.
results_of_kernels() {
	find bench/results -name "$1-[0-9]*.json" | sort -rV
}

# make_table SUBJECT NAME FILTER: of all results of SUBJECT.
make_table() {
	results_of_kernels "$1" | xargs -r jq -s -r "$common $3" > "$work/table-$2"
	[ -z "$show" ] || { echo; echo "$2"; cat "$work/table-$2"; }
}

# make_values SUBJECT FILTER: numbers of the text, a line of value() each.
make_values() {
	results_of_kernels "$1" | xargs -r jq -s -r "$common $2" >> "$work/values"
}

# value NAME NUMBER: of the text
value() {
	printf '%s\t%s\n' "$1" "$2" >> "$work/values"
}

# fill DOCUMENT: into $work/document, with each table between its marks
# <!-- begin: NAME --> and <!-- end: NAME -->, and each number of the text between
# <!--=NAME--> and <!--/-->. What nobody makes, or has no end, is a mistake.
fill() {
	touch "$work/values"
	awk -v work="$work" -v document="$1" '
	function complain(text) {
		printf "%s:%d: %s\n", document, FNR, text > "/dev/stderr"
		failed = 1
	}
	function with_values(line,   done, name) {
		while (match(line, /<!--=[a-z0-9-]+-->[^<]*<!--\/-->/)) {
			name = substr(line, RSTART + 5)
			sub(/-->.*/, "", name)
			if (!(name in values))
				complain("nobody makes the number " name)
			done = done substr(line, 1, RSTART - 1) "<!--=" name "-->" \
				values[name] "<!--/-->"
			line = substr(line, RSTART + RLENGTH)
		}
		if (line ~ /<!--=/)
			complain("a number without an end")
		return done line
	}
	BEGIN {
		while ((getline line < (work "/values")) > 0) {
			split(line, part, "\t")
			values[part[1]] = part[2]
		}
	}
	/^<!-- end: / { inside = "" }
	!inside { print with_values($0) }
	/^<!-- begin: / {
		inside = $3
		nr_lines = 0
		while ((getline line < (work "/table-" $3)) > 0) {
			nr_lines++
			print line
		}
		if (!nr_lines)
			complain("nobody makes the table " $3)
	}
	END {
		if (inside)
			complain("the table " inside " has no end")
		exit failed
	}
	' "$1" > "$work/document"
}

# typed_numbers FILE: fails, and says where, if text has a number that is neither
# of a table nor between the marks of fill().
typed_numbers() {
	awk -v file="$1" '
	/^<!-- begin: / { inside = 1 }
	!inside {
		text = $0
		gsub(/<!--=[^<]*-->[^<]*<!--\/-->|<!--[^>]*-->/, " ", text)
		gsub(/`[^`]*`|\]\([^)]*\)/, " ", text)
		if (match(" " text, /[^A-Za-z0-9_][0-9][^ ]*/)) {
			printf "%s:%d: a number that no result gives: %s\n", file, FNR,
				substr(text, RSTART, RLENGTH - 1)
			failed = 1
		}
	}
	/^<!-- end: / { inside = 0 }
	END { exit failed }
	' "$1" >&2
}

# fill_or_check DOCUMENT: writes it, or says what differs if $check is not empty,
# and fails if anything does.
fill_or_check() {
	fill "$1"
	if [ -n "$check" ]; then
		diff -u "$1" "$work/document"
	else
		put_file "$work/document" "$1"
	fi
}
