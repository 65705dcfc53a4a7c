# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# What every command of the lab shares: messages, exit statuses, the cache.
# Nothing here knows about kernels, machines or QEMU.

lab_cache=${VMP_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/vfio-mdev-pci}

# Exit statuses, one for each verdict; lab/vm --help lists them. Not every
# command uses every one.
# shellcheck disable=SC2034
{
	st_failed=1
	st_usage=2
	st_setup=3
	st_hang=4
	st_panic=5
	st_oops=6
	st_lost_plan=7
	st_no_poweroff=8
	st_interrupted=130
}

# Progress goes to stderr, so that stdout stays the command's answer.
say() {
	printf '%s: %s\n' "$me" "$*" >&2
}

# die STATUS MESSAGE [NEXT-STEP]
die() {
	die_status=$1
	printf '%s: %s\n' "$me" "$2" >&2
	[ $# -lt 3 ] || printf '%s  %s\n' "$(blank "$me:")" "$3" >&2
	exit "$die_status"
}

# As many spaces as the word is long, to align a second line below a first.
blank() {
	printf '%*s' "$((${#1} - 1))" ''
}

# One word, quoted so that a shell reads it back unchanged.
quote() {
	printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
}

need() {
	command -v "$1" >/dev/null 2>&1 ||
		die "$st_setup" "$1 is not installed" \
			"run lab/setup, which installs what the lab needs"
}

# Run a command while holding a lock of the cache: several labs may start at
# once, and only one of them should download or unpack a kernel.
with_lock() {
	lock=$lab_cache/lock/$1
	shift
	mkdir -p "$lab_cache/lock"
	(
		flock -n 9 || {
			say "waiting for another lab that prepares the same"
			flock 9
		}
		"$@"
	) 9>"$lock"
}
