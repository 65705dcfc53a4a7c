# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Sourced by what measures: runs a program in a machine, and keeps what it
# printed by ./result.h as a file of results. The working directory is the
# project's.

# measure_in KERNEL LOG COMMAND…: runs COMMAND, which starts a machine, shows the
# measures as they end, and leaves what it printed in LOG. Sets $load to this
# computer's load before. The driver must be built.
measure_in() {
	kernel=$1
	log=$2
	shift 2
	read -r load _ < /proc/loadavg
	echo "measuring on $kernel; this computer's load is $load"
	: > "$log"
	"$@" > "$log" 2>&1 &
	measuring=$!
	tail -n +1 -s 0.5 -f --pid="$measuring" "$log" |
		sed -un 's/^ok [0-9]* - /  /p'
	if ! wait "$measuring"; then
		grep -v '^# bench: ' "$log" >&2
		echo "a measure failed on $kernel" >&2
		exit 1
	fi
}

# results_of LOG: the results in it, as an array.
results_of() {
	sed -n 's/^# bench: //p' "$1" | jq -s .
}

# describe_machine KERNEL: on what was measured, $load included.
describe_machine() {
	jq -n --arg kernel "$(basename "$1")" \
		--arg release "$(lab/kernel get "$1" | sed -n "s/^release=//p" | tr -d "'\"")" \
		--arg qemu "$(${LAB_QEMU:-qemu-system-x86_64} --version | sed -n 's/.*version \([0-9.]*\).*/\1/p')" \
		--argjson load "$load" --argjson cpus "$(nproc)" \
		'{kernel: $kernel, release: $release, qemu: $qemu, cpus: $cpus, load: $load}'
}

# write_results FILE: from stdin, an object with the machine and an array of
# results. One result a line, so that a change can be read.
write_results() {
	mkdir -p "${1%/*}"
	jq -r '"{\"licence\": \"SPDX-License-Identifier: GPL-2.0-only\",",
		"\"machine\": \(.machine | tojson), \"results\": [",
		((.results | length) as $n | .results | to_entries[] |
		 "\(.value | tojson)\(if .key + 1 < $n then "," else "" end)"),
		"]}"' > "$1"
	echo "wrote $1"
}

# keep_results FILE KEY: what stands in $work/log, as the results in FILE. If
# $only says that some were chosen, those stay that differ in what KEY, an
# expression of jq's, makes of each, and with them the highest load.
keep_results() {
	echo '{"load": 0, "results": []}' > "$work/old"
	[ ! -s "$1" ] || [ -z "$only" ] ||
		jq '.machine + {results}' "$1" > "$work/old"
	results_of "$work/log" > "$work/new"
	describe_machine "$kernel" > "$work/machine"
	jq --slurpfile old "$work/old" --slurpfile new "$work/new" '
		def key: '"$2"';
		($new[0] | map(key) | unique) as $replaced
		| {machine: (. + {load: ([.load, $old[0].load] | max)}),
		   results: ([$old[0].results[] | select(key as $k | $replaced | index([$k]) | not)] + $new[0])}' \
		"$work/machine" > "$work/json"
	write_results "$1" < "$work/json"
}
