# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Parts of a check: commands that run side by side, of each of which the whole
# output stays in $out, and whose counts of tests are added up. To be sourced by a
# script with job control (set -m), which traps the signals that end it with
# parts_interrupted, and sets
#
#   out    the directory that their output goes to
#   jobs   how many may run at once

# How many machines this computer can bear: one more than it has processors, as
# each waits now and then.
places() {
	awk -v processors="$(nproc)" '/^MemAvailable:/ {
		by_memory = int($2 / (4 * 1024 * 1024))
		n = by_memory < processors + 1 ? by_memory : processors + 1
		print n < 1 ? 1 : n
	}' /proc/meminfo
}

nr_passed=0
nr_failed=0
nr_skipped=0
failed_parts=()
declare -A running=()

# The last "N passed, N failed[, N skipped]" in a log, as three numbers.
counts() {
	sed -n 's/.*\<\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed\(, \([0-9][0-9]*\) skipped\)\{0,1\}.*/\1 \2 \4/p' "$1" 2> /dev/null |
		tail -n 1
}

# part NAME COMMAND…: begins a part, as soon as there is a place for it.
part() {
	while [ "${#running[@]}" -ge "$jobs" ]; do finish_one; done
	name=$1
	shift
	printf '%-28s begins\n' "$name"
	rm -f "$out/$name.end" "$out/$name.log"
	run_part "$@" &
	running[$!]=$name
	# Bash has nothing to say of it: it would forget a job that it has told of.
	disown
}

# one_ended PID…: has one of these parts ended, or died? Then $ended is that one.
one_ended() {
	for ended; do
		# Of an empty one the numbers are still to come.
		[ ! -s "$out/${running[$ended]}.end" ] || return 0
		kill -0 "$ended" 2> /dev/null || return 0
	done
	return 1
}

# A program in the foreground would be what a terminal's Ctrl-C ends.
pause() {
	sleep 0.2 &
	wait $!
}

# In a process of its own: part $name.
run_part() {
	# The part is told of the end, too, and this waits until it has cleaned up.
	trap : INT TERM HUP
	begin=$(date +%s)
	"$@" > "$out/$name.log" 2>&1 < /dev/null
	echo "$? $(($(date +%s) - begin))" > "$out/$name.end"
}

# Waits for one of the parts that run, and shows what a reader needs of it.
finish_one() {
	until one_ended "${!running[@]}"; do pause; done
	name=${running[$ended]}
	unset "running[$ended]"
	status=3 took=0
	[ ! -e "$out/$name.end" ] || read -r status took < "$out/$name.end"

	read -r passed failed skipped <<< "$(counts "$out/$name.log")"
	passed=${passed:-0} failed=${failed:-0} skipped=${skipped:-0}
	# A part that fails without a failed test did not get to count it; one
	# that passes without a passed test has tested nothing.
	if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
	if [ "$status" -eq 0 ] && [ "$passed" -eq 0 ]; then failed=1; fi

	nr_passed=$((nr_passed + passed))
	nr_failed=$((nr_failed + failed))
	nr_skipped=$((nr_skipped + skipped))
	printf '%-28s%4d passed %3d failed %3d skipped  %4d s\n' "$name" \
		"$passed" "$failed" "$skipped" "$took"
	sed -n 's/^# summary: /    /p' "$out/$name.log"
	if [ "$failed" -ne 0 ]; then
		failed_parts+=("$name")
		complain
	fi
}

complain() {
	echo "    from build/check/$name.log (exit status $status):"
	{ grep -a -A 12 '^not ok' "$out/$name.log" |
		grep -a -v -e '# SKIP' -e '^ok ' | head -n 60
	tail -n 15 "$out/$name.log"; } | sed 's/^/    /'
}

finish_all() {
	while [ "${#running[@]}" -gt 0 ]; do finish_one; done
}

# Each part is a group of processes, so that a terminal's Ctrl-C does not reach
# it, and all of it can be told.
parts_interrupted() {
	trap '' INT TERM HUP
	echo "tests/check: interrupted; ending ${running[*]:-nothing}" >&2
	# Bash tells of all that has ended.
	exec 2> /dev/null
	# The last that began may not have been noted yet.
	for pid in "${!running[@]}" "${!:-}"; do kill -TERM -- "-$pid"; done
	for pid in "${!running[@]}"; do
		while kill -0 "$pid"; do pause; done
	done
	exit 130
}
