# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# How a test of the lab is said and counted. The tests stand in judge, parts,
# programs, builds, start and machines.

nr_passed=0
nr_failed=0

# test_that NAME COMMAND…: one test, which passes if COMMAND does. What it
# printed is shown if it fails.
test_that() {
	name=$1
	shift
	number=$((nr_passed + nr_failed + 1))
	if "$@" >"$work/said" 2>&1; then
		nr_passed=$((nr_passed + 1))
		echo "ok $number - $name"
	else
		nr_failed=$((nr_failed + 1))
		echo "not ok $number - $name"
		sed 's/^/# /' "$work/said" | tail -n 15
	fi
}

# The exit status that COMMAND must have, and words that it must say.
exits() {
	wanted=$1 words=$2
	shift 2
	status=0
	"$@" >"$work/output" 2>&1 </dev/null || status=$?
	tail -n 12 "$work/output"
	[ "$status" -eq "$wanted" ] || {
		echo "exit status $status, not $wanted"
		return 1
	}
	grep -q -e "$words" "$work/output" || {
		echo "nothing is said like \"$words\""
		return 1
	}
}
