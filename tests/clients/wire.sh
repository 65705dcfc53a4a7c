# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The wire between two machines of the lab, one of which has the guest's source
# and the other its target: addresses, and words from one to the other.

# Other files use them.
# shellcheck disable=SC2034
{
	source_ip=10.7.0.1
	target_ip=10.7.0.2
	guest_port=4400
}
word_port=4000

# In seconds: until the other machine is up, and its guest.
other_limit=600

# plug_in IP: this machine's end of the wire.
plug_in() {
	modprobe virtio_net
	# There is no other network card.
	card=$(basename /sys/bus/virtio/drivers/virtio_net/virtio*/net/*)
	busybox ip addr add "$1/24" dev "$card"
	busybox ip link set "$card" up
}

# tell FILE: until the other machine has heard it.
tell() {
	timeout $other_limit busybox nc -l -p $word_port < "$1" > /dev/null
}

has_told() {
	timeout 20 busybox nc "$1" $word_port < /dev/null > /tmp/heard &&
		[ -s /tmp/heard ]
}

# hear IP: waits for a word of the other machine's, and prints it.
hear() {
	wait_for $other_limit has_told "$1"
	cat /tmp/heard
}
