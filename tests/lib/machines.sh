# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The machines that parts of a check run in: what each kernel wants, for how long
# it may run, and what may be skipped on it. To be sourced beside parts.sh; wants
# $full, which is --full or empty.

# The kernels that the lab builds to find mistakes.
is_debug() {
	case $1 in
	debug*) return 0 ;;
	*) return 1 ;;
	esac
}

# Races are looked for in the programs that do several things at once.
counts_lines() {
	is_debug "$1" && [ "$1" != debug-races ]
}

# How many seconds a machine may run. Debug kernels are several times as slow.
limit_of() {
	limit=2400
	[ -z "$full" ] || limit=9000
	! is_debug "$1" || limit=$((limit * 3))
	echo "$limit"
}

# For a debug kernel's command line.
end_at_findings=panic_on_warn=1

# machine KERNEL [OPTION…] -- COMMAND…: in a machine that has every device, or in
# another, by an option.
machine() {
	kernel=$1
	limit=$(limit_of "$kernel")
	options=(--kernel "$kernel" --machine full --tap)
	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	if is_debug "$kernel"; then
		options+=(--append "$end_at_findings")
		set -- env VMP_PATIENCE=4 "$@"
	fi
	lab/vm --timeout "$limit" "${options[@]}" -- "$@"
}

# judge_skips KERNEL TABLE: in the log of part $name. A kernel that somebody built
# may lack what it likes.
judge_skips() {
	kernel=$1
	[ ! -d "$kernel" ] || return 0
	tests/guest/judge-skips "$kernel" "$2" "$out/$name.log"
}

# guest KERNEL TABLE [OPTION…] -- COMMAND…; in part $name. TABLE is of the tests
# that are skipped.
guest() {
	table=$2
	kernel=$1
	shift 2
	machine "$kernel" "$@" && judge_skips "$kernel" "$table"
}

# The kernel of the guest that is migrated under KERNEL: what it is to find is in
# the kernel below it, so a quick one will do.
nested_kernel() {
	if is_debug "$1"; then echo 6.12; else echo "$1"; fi
}

# Of KERNEL, in the names of parts and files.
label_of() {
	printf '%s' "${1#/}" | tr / _
}

# with_guests "CLIENT…" KERNEL [OPTION…]: QEMU's guests get stuck with more than
# one processor below them.
with_guests() {
	clients=$1
	kernel=$2
	shift 2
	nested=$(lab/kernel release "$(nested_kernel "$kernel")")
	# shellcheck disable=SC2086
	machine "$kernel" --cpus 1 "$@" -- env VMP_NESTED="$nested" \
		tests/clients/run $clients
}
