# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the tests of vmpctl share that need no device: machines made of files,
# what vmpctl answers, and reporting in TAP. In the project's directory. A
# program that wants a new machine for each of its tests says of which tables of
# make-root's, in $tables.

vmpctl=$PWD/build/tests/vmpctl/sanitized/vmpctl
files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
nr=0
nr_failed=0

if [ "${tables-}" ]; then
	VMPCTL_ROOT=$files/root
	export VMPCTL_ROOT
fi

# Making a machine takes longer than copying it.
make_machine() {
	if [ ! -d "$files/made" ]; then
		# No table has a space in its name.
		# shellcheck disable=SC2086
		cat $tables | tests/vmpctl/make-root "$files/made"
		mkdir -p "$files/made/proc/self" "$files/made/proc/net"
		: > "$files/made/proc/net/rtnetlink"
	fi
	rm -rf "$VMPCTL_ROOT"
	cp -a "$files/made" "$VMPCTL_ROOT"
}

# run_test NAME: calls the function NAME; it fails with its first command.
run_test() {
	nr=$((nr + 1))
	[ -z "${tables-}" ] || make_machine
	(set -e; "$1") > "$files/said" 2>&1
	status=$?
	if [ $status -eq 0 ]; then
		echo "ok $nr - $1"
		return
	fi
	nr_failed=$((nr_failed + 1))
	echo "not ok $nr - $1"
	sed 's/^/# /' "$files/said"
	# Nobody is left waiting.
	find "$files" -type p -exec timeout 1 cat {} \; > /dev/null
}

# run_tests: all functions of the program behind its line "# The tests"; fails if
# one does.
run_tests() {
	make -s -f tests/vmpctl/Makefile || exit 3
	tests=$(sed -n '/^# The tests$/,$s/^\([a-z_0-9]*\)() {$/\1/p' "$0")
	# Their names are words.
	# shellcheck disable=SC2086
	set -- $tests
	echo "1..$#"
	for test; do run_test "$test"; done
	[ "$nr_failed" -eq 0 ]
}

# expect STATUS WORDS ARGUMENT…: vmpctl's exit status, and what it says.
expect() {
	expected=$1
	words=$2
	shift 2
	found=0
	said=$("$vmpctl" "$@" 2>&1) || found=$?
	printf '%s\n' "$said"
	[ "$found" -eq "$expected" ] || {
		echo "exit status $found, not $expected"
		return 1
	}
	case $said in
	*"$words"*) ;;
	*)
		echo "it did not say \"$words\""
		return 1
		;;
	esac
}

# holds FILTER ARGUMENT…: does jq find it true of what vmpctl prints?
holds() {
	filter=$1
	shift
	"$vmpctl" "$@" --json > "$files/json" || :
	jq -e "$filter" "$files/json" > /dev/null || {
		cat "$files/json"
		return 1
	}
}

# Members of objects, one a line on stdin: is each in the documentation?
are_documented() {
	sort -u | while read -r member; do
		grep -qF "\`$member\`" docs/vmpctl-json.md || {
			echo "$member is not in docs/vmpctl-json.md"
			exit 1
		}
	done
}
