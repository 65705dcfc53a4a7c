# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Sourced by what measures: its options, how a program runs in a machine, and
# how what it printed by ./result.h becomes a file of results. The working
# directory is the project's. Needs work.sh.

# Not everybody who measures uses each option.
# shellcheck disable=SC2034

# read_options ALLOWED DEFAULT "$@": sets $only, $out and $runs by the options
# ALLOWED, and $kernels to what follows them, or to DEFAULT.
read_options() {
	allowed=$1
	default=$2
	shift 2
	only=
	out=bench/results
	runs=5
	while [ $# -gt 0 ]; do
		case $1 in
		-h | --help) usage; exit 0 ;;
		-*) read_option "$@"; shift 2 ;;
		*) break ;;
		esac
	done
	kernels=${*:-$default}
}

read_option() {
	case " $allowed " in
	*" $1 "*) ;;
	*) misuse "there is no option $1" ;;
	esac
	[ $# -ge 2 ] || misuse "$1 wants a value"
	case $1 in
	--only) only="$only $2" ;;
	--out) out=$2 ;;
	--runs)
		case $2 in
		'' | *[!0-9]* | 0*) misuse "--runs wants a number, not \"$2\"" ;;
		esac
		runs=$2
		;;
	esac
}

# check_kernels KERNEL…: fetches them if need be.
check_kernels() {
	for kernel in "$@"; do
		lab/kernel get "$kernel" > /dev/null ||
			misuse "\"$kernel\" is no kernel that can be measured"
	done
}

# check_out: whether results can be written.
check_out() {
	mkdir -p "$out" 2> /dev/null || misuse "there can be no directory $out"
	[ -w "$out" ] || misuse "nothing can be written to $out"
}

# check_only PROGRAM NAME…: whether PROGRAM has such measures.
check_only() {
	program=$1
	shift
	"$program" --list > "$work/measures"
	for name in "$@"; do
		grep -qxF -e "$name" "$work/measures" ||
			misuse "there is no measure $name; $program --list names them"
	done
}

# need_module NAME KERNEL [OPTION…]: builds it with OPTIONs of module/build-for
# if it is not there. Else not: others may be using it.
need_module() {
	module=$1
	kernel=$2
	shift 2
	[ -e "build/$(lab/kernel release "$kernel")/$module.ko" ] ||
		module/build-for "$@" "$kernel" > /dev/null
}

need_driver() {
	need_module vfio-mdev-pci "$1"
}

need_empty_mdev() {
	need_module empty_mdev "$1" --source bench/floor
}

# measure_in KERNEL LOG COMMAND…: runs COMMAND, which starts a machine, shows the
# measures as they end, and leaves what it printed in LOG. Sets $load to this
# computer's load before.
measure_in() {
	kernel=$1
	log=$2
	shift 2
	read -r load _ < /proc/loadavg
	echo "measuring on $kernel; this computer's load is $load"
	: > "$log"
	start "$@" > "$log" 2>&1
	tail -n +1 -s 0.5 -f --pid="$helper" "$log" |
		sed -un 's/^ok [0-9]* - /  /p' &
	if ! finish; then
		wait
		grep -v '^# bench: ' "$log" >&2
		echo "$me: a measure failed on $kernel" >&2
		exit 1
	fi
	wait
}

# results_of LOG: the results in it, as an array.
results_of() {
	sed -n 's/^# bench: //p' "$1" | jq -s .
}

# describe_machine KERNEL: on what was measured, $load included.
describe_machine() {
	jq -n --arg kernel "$(basename "$1")" --arg release "$(lab/kernel release "$1")" \
		--arg qemu "$(${LAB_QEMU:-qemu-system-x86_64} --version | sed -n 's/.*version \([0-9.]*\).*/\1/p')" \
		--argjson load "$load" --argjson cpus "$(nproc)" \
		'{kernel: $kernel, release: $release, qemu: $qemu, cpus: $cpus, load: $load}'
}

# write_results FILE: of $work/json, an object with the machine and an array of
# results. One result a line, so that a change can be read.
write_results() {
	jq -r '"{\"licence\": \"SPDX-License-Identifier: GPL-2.0-only\",",
		"\"machine\": \(.machine | tojson), \"results\": [",
		((.results | length) as $n | .results | to_entries[] |
		 "\(.value | tojson)\(if .key + 1 < $n then "," else "" end)"),
		"]}"' "$work/json" > "$work/file"
	put_file "$work/file" "$1"
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
		if $new[0] == [] then error("nothing was measured") else . end
		| ($new[0] | map(key) | unique) as $replaced
		| {machine: (. + {load: ([.load, $old[0].load] | max)}),
		   results: ([$old[0].results[] | select(key as $k | $replaced | index([$k]) | not)] + $new[0])}' \
		"$work/machine" > "$work/json"
	write_results "$1"
}
