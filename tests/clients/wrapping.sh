# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the tests of vmpctl wrap and unwrap share: a disk with its own driver, what
# is to be found afterwards, and putting back. Needs lib.sh.
#
# Not every test needs all of it.
# shellcheck disable=SC2034

vmpctl=$(cd "$(dirname "$0")/../.." && pwd)/build/tools/vmpctl
nvme=$(address nvme0)
card=$(address e1000e0)
edu=$(address edu0)
nic=$(address nic0)
uuid=7f3c2a64-9f0e-4c55-8d5e-0d3f6c1b2a70
mark="what was on the disk"

as_nobody() {
	setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"
}

ip() {
	/run/lab/busybox ip "$@"
}

# disk ADDRESS: the name of its disk, which is its subsystem's.
disk() {
	controller=$(basename "$pci/$1"/nvme/nvme*)
	for link in /sys/class/nvme-subsystem/*/"$controller"; do
		for entry in "${link%/*}"/nvme*n*; do
			[ -e "$entry/queue" ] || continue
			echo "${entry##*/}"
			return
		done
	done
	return 1
}

has_disk() {
	test -b "/dev/$(disk "$1")"
}

with_its_own_driver() {
	modprobe nvme
	[ -e "$pci/$nvme/driver" ] || echo "$nvme" > /sys/bus/pci/drivers_probe
	wait_for 30 is_bound_to "$nvme" nvme
	wait_for 30 has_disk "$nvme"
}

# What no driver and no reset must touch.
write_mark() {
	printf '%s' "$mark" | dd of="/dev/$(disk "$nvme")" bs=512 seek=8 \
		conv=fsync,sync 2> /dev/null
}

# As before: driver, override, disk and what is on it; nothing is left.
expect_as_before() {
	is_bound_to "$nvme" nvme
	expect_equal "$(cat "$pci/$nvme/driver_override")" "(null)"
	wait_for 30 has_disk "$nvme"
	expect_equal "$(dd if="/dev/$(disk "$nvme")" bs=512 skip=8 count=1 \
		iflag=direct 2> /dev/null | tr -d '\0')" "$mark"
	expect_equal "$(ls $mdevs)" ""
	[ ! -e "/run/vmpctl/$nvme" ]
}

expect_wrapped() {
	is_bound_to "$nvme" $driver
	expect_equal "$(ls $mdevs)" "$1"
	expect_equal "$("$vmpctl" show --json "$nvme" |
		jq -r '"\(.wrap) \(.driver_before) \(.unfinished)"')" \
		"wrapped nvme null"
}

# expect_status STATUS WORDS COMMAND…
expect_status() {
	expected=$1
	words=$2
	shift 2
	found=0
	said=$("$@" 2>&1) || found=$?
	echo "$said"
	expect_equal "$found" "$expected"
	case $said in
	*"$words"*) ;;
	*)
		echo "did not say \"$words\""
		return 1
		;;
	esac
}

# What was tried before in this machine may have left backends.
unload_the_driver() {
	for module in vmp_edu vmp_ivshmem vfio_mdev_pci; do
		[ ! -d /sys/module/$module ] || rmmod $module
	done
}

# Whatever a test left.
put_back() {
	umount /run/mounted
	swapoff -a
	ip route del default
	put_everything_back
	for function in "$nvme" "$card" "$edu"; do
		echo > "$pci/$function/driver_override"
	done
	ip route del default table 100
	ip link del vlan5
	rm -rf /run/vmpctl /run/go /etc/modprobe.d/a-slow.conf
	modprobe $driver
	rm -rf /run/mounted
}
