# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the tests of real clients share: reporting in TAP, finding functions,
# waiting for conditions, and putting everything back. The tests are in *.test.

pci=/sys/bus/pci/devices
mdevs=/sys/bus/mdev/devices
driver=vfio-mdev-pci
stock_driver=vfio-pci
nr_tests=0
nr_failed=0

# address ID: the PCI address of a device of the machine.
address() {
	sed -n "s/^$1 //p" /run/lab/devices | grep .
}

# wait_for SECONDS COMMAND…: until COMMAND succeeds; fails after SECONDS.
wait_for() {
	deadline=$(($(date +%s) + $1 * ${VMP_PATIENCE:-1}))
	shift
	until "$@" > /dev/null 2>&1; do
		if [ "$(date +%s)" -ge "$deadline" ]; then
			echo "waited in vain for: $*"
			return 1
		fi
		sleep 0.1
	done
}

driver_of() {
	basename "$(readlink "$pci/$1/driver")"
}

is_bound_to() {
	[ "$(driver_of "$1")" = "$2" ]
}

type_of() {
	basename "$pci/$1/mdev_supported_types/"*
}

# give ADDRESS DRIVER: give a function to a driver, whoever has it.
give() {
	[ ! -e "$pci/$1/driver" ] || echo "$1" > "$pci/$1/driver/unbind"
	echo "$2" > "$pci/$1/driver_override"
	echo "$1" > /sys/bus/pci/drivers_probe
	is_bound_to "$1" "$2"
}

# wrap ADDRESS: give a function to our driver, whoever has it.
wrap() {
	give "$1" $driver
}

# create ADDRESS UUID
create() {
	echo "$2" > "$pci/$1/mdev_supported_types/$(type_of "$1")/create"
}

expect_equal() {
	[ "$1" = "$2" ] || {
		echo "expected \"$2\", found \"$1\""
		return 1
	}
}

# expect_failure WORDS COMMAND…: COMMAND fails and says WORDS.
expect_failure() {
	words=$1
	shift
	if said=$("$@" 2>&1); then
		echo "succeeded, but should not: $*"
		return 1
	fi
	case $said in
	*"$words"*) ;;
	*)
		echo "failed, but did not say \"$words\": $said"
		return 1
		;;
	esac
}

# machine_hmp COMMAND: gives the monitor of the machine that this runs in a
# command for humans, and prints the answer as JSON.
machine_hmp() {
	exec 4<> /dev/virtio-ports/lab.qmp
	printf '%s\n' '{"execute": "qmp_capabilities"}' \
		"{\"execute\": \"human-monitor-command\", \"arguments\":
		{\"command-line\": \"$1\"}}" >&4
	timeout 20 grep -m 1 '"return": "' <&4
	exec 4>&-
}

# The udev rule of Debian's mdevctl (12, 13) calls /usr/sbin/mdevctl, but the
# package has it in /usr/bin, so autostart never works there; mend that, it is not
# ours.
mend_the_rule() {
	[ -e /usr/sbin/mdevctl ] || ln -s /usr/bin/mdevctl /usr/sbin/mdevctl
}

# Whatever a test left: no machine, mdev, definition, override, nor driver.
put_everything_back() {
	[ ! -s /tmp/machine.pid ] || kill "$(cat /tmp/machine.pid)" || :
	rm -f /tmp/machine.pid
	for mdev in "$mdevs"/*; do
		[ ! -e "$mdev" ] || echo 1 > "$mdev/remove"
	done
	rm -rf /etc/mdevctl.d/*:* /etc/driverctl.d/*
	for device in "/sys/bus/pci/drivers/$driver/"*:* \
		"/sys/bus/pci/drivers/$stock_driver/"*:*; do
		[ -e "$device" ] || continue
		echo > "$device/driver_override"
		basename "$device" > "$device/driver/unbind"
	done
}

# After each test; a program may have its own.
put_back() {
	put_everything_back
}

# run_test NAME: calls the function NAME; it fails with its first command. If
# VMP_TEST names a test, the others are skipped.
run_test() {
	nr_tests=$((nr_tests + 1))
	if [ "${VMP_TEST:-$1}" != "$1" ]; then
		echo "ok $nr_tests - $1 # SKIP not asked for"
		return
	fi
	# A subshell called in a condition would ignore set -e.
	(set -e; "$1") > /tmp/said 2>&1
	status=$?
	put_back > /tmp/put_back 2>&1
	if [ $status -eq 0 ]; then
		echo "ok $nr_tests - $1"
		return
	fi
	nr_failed=$((nr_failed + 1))
	echo "not ok $nr_tests - $1"
	sed 's/^/# /' /tmp/said
}
