# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# The frequency of an emulated processor's time-stamp counter. Linux measures it
# as it boots, in 10 to 50 ms by the PIT; on a busy host the result was wrong by
# up to a factor of 14, and then all of the guest's times and time limits are. So
# the guest is told. Needs common.sh.

# With -icount it counts QEMU's nanoseconds; else it is this computer's, which is
# measured once each time it starts.
tsc_khz() {
	[ -z "$icount" ] || {
		echo 1000000
		return
	}
	answer=$lab_cache/tsc/$(cat /proc/sys/kernel/random/boot_id)
	[ -s "$answer" ] || with_lock tsc measure_tsc "$answer"
	cat "$answer"
}

measure_tsc() {
	[ ! -s "$1" ] || return 0
	need cc
	rm -rf "$lab_cache/tsc"
	mkdir -p "$lab_cache/tsc"
	cc -O2 -o "$lab_cache/tsc/measure" "$lab/lib/tsc.c" ||
		die "$st_setup" "cannot compile $lab/lib/tsc.c"
	"$lab_cache/tsc/measure" >"$1.new"
	mv "$1.new" "$1"
}
