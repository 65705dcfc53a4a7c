# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What the demos have in common on the host's side: options, the lab machine and
# its end, files and their end. Needs common.sh and narrate.sh; the caller has a
# function usage, and sets $demo, $top, $stage (its directory below build/).
#
# shellcheck disable=SC2034,SC2154

prompt='host$'
kernel=6.12
keep=
work=
machine_pid=

parse() {
	for word in "$@"; do
		case $word in
		--keep) keep=1 ;;
		-h | --help)
			usage
			exit 0
			;;
		*)
			die "$st_usage" "there is no option $word" \
				"$0 --help shows what can be said"
			;;
		esac
	done
}

# Whatever ends the demo, no machine and no file stays.
clean_up() {
	if [ -n "$machine_pid" ]; then
		kill -TERM "$machine_pid" 2>/dev/null || :
		wait "$machine_pid" 2>/dev/null || :
	fi
	[ -z "$work" ] || [ -n "$keep" ] || rm -rf "$work"
}

interrupted() {
	trap '' INT TERM HUP
	clean_up
	trap - EXIT
	printf '\n'
	say "interrupted; the machine is gone"
	exit "$st_interrupted"
}

set_up() {
	chapter "0. Set up"
	explain <<-END
	What the demo needs of Debian's packages is installed where it is missing.
	Then the module is built for the kernel that the lab machine will run.
	END
	show lab/setup
	"$top/lab/setup" || exit "$st_setup"
	command -v mdevctl >/dev/null ||
		die "$st_setup" "mdevctl is not installed" \
			"apt-get install mdevctl"
	show module/build-for "$kernel"
	module=$("$top/module/build-for" "$kernel") ||
		die "$st_setup" "the module could not be built" \
			"the compiler's messages above say why"
	module=$(printf '%s\n' "$module" | grep '/vfio-mdev-pci\.ko$')
	place=$("$top/lab/kernel" get "$kernel") || exit "$st_setup"
}

make_work() {
	trap interrupted INT TERM HUP
	trap clean_up EXIT
	mkdir -p "$top/build/$stage"
	work=$(mktemp -d "$top/build/$stage/XXXXXX")
}

# run_machine OPTION… -- COMMAND…: in the lab machine, until it ends.
#
# One processor: QEMU 10.0.2, which Debian 12 has, may crash when one emulated
# processor changes the memory map, as binding does, while another uses it; and
# a nested guest gets stuck when another processor is emulated in turn.
run_machine() {
	set -- lab/vm --kernel "$kernel" --module "$module" --cpus 1 \
		--out "$work/lab" "$@"
	show "$@"
	(cd "$top" && exec "$@") &
	machine_pid=$!
	wait "$machine_pid" && status=0 || status=$?
	machine_pid=
	[ "$status" -ne "$st_interrupted" ] || interrupted
	[ "$status" -eq 0 ] || fail "the lab machine did not do its part"
}

fail() {
	keep=1
	printf '\n'
	die "$st_failed" "FAILED: $1" "the machine's log is in $work"
}
