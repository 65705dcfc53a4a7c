# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A machine that is started twice and keeps its configuration on a disk, for
# boot-first.test and boot-second.test. Needs lib.sh.

# What the second start is to find: the first device has its mdev again, the
# second one is wrapped again and has none.
# shellcheck disable=SC2034
{
	auto=$(address edu0)
	manual=$(address edu1)
	auto_uuid=7f3c2a64-9f0e-4c55-8d5e-0d3f6c1b2a40
	manual_uuid=7f3c2a64-9f0e-4c55-8d5e-0d3f6c1b2a41
}

disk=/dev/vda
kept=/run/kept

# The disk's own driver, as an initramfs would load it.
find_disk() {
	modprobe -a virtio_blk ext4
	wait_for 20 test -b $disk
}

open_disk() {
	find_disk
	mkdir -p $kept
	mount $disk $kept
	for directory in mdevctl.d driverctl.d; do
		mkdir -p "/etc/$directory"
		[ -d "$kept/$directory" ] || cp -a "/etc/$directory" $kept
		mount --bind "$kept/$directory" "/etc/$directory"
	done
}

close_disk() {
	umount /etc/mdevctl.d /etc/driverctl.d $kept
}

# A function's units that udev wants started, which is systemd's affair: the lab
# has none. The unit says what to do with the instance, %I, that its name holds.
start_wanted_units() {
	wanted=$(udevadm info --query property "$pci/$1" |
		sed -n 's/^SYSTEMD_WANTS=//p')
	for unit in $wanted; do
		instance=$(echo "${unit#*@}" | sed 's/\.service$//; s|-|/|')
		eval "$(sed -n "s|%I|$instance|; s/^ExecStart=//p" \
			"/lib/systemd/system/${unit%%@*}@.service")"
	done
}

# start_devices: what a machine does with its devices when it starts.
start_devices() {
	mend_the_rule
	"$LAB_DIR/guest/start-udev" --coldplug
	start_wanted_units "$auto"
	start_wanted_units "$manual"
	udevadm settle --timeout=60
}
