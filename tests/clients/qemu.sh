# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# QEMU without a guest: machines that get devices and never run, to see whether
# it takes them. Needs lib.sh. With a guest: vm.sh.

# machine ARGUMENT…: QEMU without more than it needs, its monitor on stdio; as
# what $become makes of it, if that is set. It is exec, so that the process that
# is started is the one to be killed.
machine() {
	# shellcheck disable=SC2086
	exec timeout $((120 * ${VMP_PATIENCE:-1})) ${become-} \
		qemu-system-x86_64 -nodefaults -display none -machine q35 \
		-accel tcg -m 64 -qmp stdio "$@"
}

# qemu DEVICE-OPTIONS…: realizes each device in a machine that never runs, and
# prints QMP's answers, the machine's PCI devices among them.
qemu() {
	for options; do
		set -- "$@" -device "vfio-pci,$options"
		shift
	done
	printf '%s\n' '{"execute": "qmp_capabilities"}' \
		'{"execute": "query-pci"}' '{"execute": "quit"}' |
		(machine -S "$@")
}

# start_machine ARGUMENT…: a machine in the background, which end_machine ends.
# What its monitor says goes to /tmp/machine.
start_machine() {
	rm -f /tmp/to-machine
	mkfifo /tmp/to-machine
	machine "$@" < /tmp/to-machine > /tmp/machine 2>&1 &
	echo $! > /tmp/machine.pid
	exec 3> /tmp/to-machine
	wait_for 60 grep -q QMP /tmp/machine || {
		cat /tmp/machine
		return 1
	}
	echo '{"execute": "qmp_capabilities"}' >&3
}

end_machine() {
	echo '{"execute": "quit"}' >&3
	wait "$(cat /tmp/machine.pid)"
	rm /tmp/machine.pid
}

# expect_functions COUNT ADDRESS FILE: in FILE, what the guest sees has COUNT
# functions with the ids of the one at ADDRESS.
expect_functions() {
	jq -es --argjson count "$1" \
		--argjson vendor "$(($(cat "$pci/$2/vendor")))" \
		--argjson device "$(($(cat "$pci/$2/device")))" '
		[.[] | .return | select(type == "array") | .[].devices[].id |
		select(.vendor == $vendor and .device == $device)] |
		length == $count' "$3"
}

# vfio_files PATTERN: what the machine in the background has open of VFIO's.
vfio_files() {
	find "/proc/$(pgrep -P "$(cat /tmp/machine.pid)" qemu)/fd" \
		-lname "$1" -exec readlink {} + | sort -u
}
