# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the tests of vmpctl wrap and unwrap share: what can be in a machine that is
# made of files, and vmpctl in the background. Sourced in the project's directory.
#
# Not every program needs all of it.
# shellcheck disable=SC2034

tables="tests/vmpctl/machine.table tests/vmpctl/wrap.table"
# shellcheck source=tests/vmpctl/lib.sh
. tests/vmpctl/lib.sh
sys=$VMPCTL_ROOT/sys
pci=$sys/bus/pci/devices
wrapped=7f3c2a64-9f0e-4c55-8d5e-0d3f6c1b2a20
uuid=7f3c2a64-9f0e-4c55-8d5e-0d3f6c1b2a21

# Its disk, its card, what has no driver, and what is wrapped.
nvme=0000:03:00.0
card=0000:04:00.0
plain=0000:00:01.0
plain_type=vfio-mdev-pci-1234:11e8:1af4:1100:00ff00:02
ours=0000:00:02.0

# make_file TYPE NUMBER DIRECTORY NAME: what stands in DIRECTORY has a file, a
# block or char device, which is called NAME in /dev.
make_file() {
	mkdir -p "$sys/$3" "$sys/dev/$1"
	echo "$2" > "$sys/$3/dev"
	printf 'MAJOR=%s\nMINOR=%s\nDEVNAME=%s\n' "${2%:*}" "${2#*:}" "$4" \
		> "$sys/$3/uevent"
	ln -s "../../$3" "$sys/dev/$1/$2"
}

# make_block NAME NUMBER DIRECTORY: a block device that stands below DIRECTORY.
make_block() {
	mkdir -p "$sys/$3/$1/holders" "$sys/class/block"
	make_file block "$2" "$3/$1" "$1"
	ln -s "../../$3/$1" "$sys/class/block/$1"
}

# has_open PROCESS NAME FILE…
has_open() {
	mkdir -p "$VMPCTL_ROOT/proc/$1/fd"
	echo "$2" > "$VMPCTL_ROOT/proc/$1/comm"
	process=$1
	shift 2
	for file; do
		fd=$(find "$VMPCTL_ROOT/proc/$process/fd" | wc -l)
		ln -s "$file" "$VMPCTL_ROOT/proc/$process/fd/$fd"
	done
}

make_disk() {
	make_block nvme0n1 259:0 devices/pci/$nvme/nvme/nvme0
	make_block nvme0n1p1 259:1 devices/pci/$nvme/nvme/nvme0/nvme0n1
	make_block nvme0n1p2 259:2 devices/pci/$nvme/nvme/nvme0/nvme0n1
}

# mount_line NUMBER POINT SOURCE [TYPE]; a backslash stays one.
mount_line() {
	printf '%s\n' "29 1 $1 / $2 rw,relatime shared:1 - ${4-ext4} $3 rw" \
		>> "$VMPCTL_ROOT/proc/self/mountinfo"
}

# make_interface NAME NUMBER DIRECTORY: a network interface in DIRECTORY.
make_interface() {
	mkdir -p "$sys/$3/$1" "$sys/class/net"
	ln -s "../../$3/$1" "$sys/class/net/$1"
	echo "$2" > "$sys/$3/$1/ifindex"
	echo "$2" > "$sys/$3/$1/iflink"
	echo 1 > "$sys/$3/$1/type"
}

make_card() {
	make_interface eth7 7 devices/pci/$card/net
}

# put_above UPPER NUMBER LOWER: an interface that is made of LOWER.
put_above() {
	make_interface "$1" "$2" devices/virtual/net
	ln -s "$sys/class/net/$1" "$sys/class/net/$3/upper_$1"
}

# route INTERFACE ADDRESS/LENGTH [WORD]…: see routes.c. The kernel has it.
route() {
	number=$(cat "$sys/class/net/$1/ifindex")
	shift
	build/tests/vmpctl/routes "$number" "$@" \
		>> "$VMPCTL_ROOT/proc/net/rtnetlink"
}

# tcp_line FILE ADDRESS:PORT ADDRESS:PORT STATE, as in /proc/net
tcp_line() {
	echo "   0: $2 $3 $4 00000000:00000000 00:00000000 00000000     0 0 1 1" \
		>> "$VMPCTL_ROOT/proc/net/$1"
}

# put_virtio NUMBER DRIVER FUNCTION: virtio's device behind a function.
put_virtio() {
	virtio=devices/pci/$3/virtio$1
	mkdir -p "$sys/$virtio" "$sys/bus/virtio/devices" \
		"$sys/bus/virtio/drivers/$2"
	ln -s "../../../$virtio" "$sys/bus/virtio/devices/virtio$1"
	ln -s "$sys/bus/virtio/drivers/$2" "$sys/$virtio/driver"
}

# nfs_line POINT SOURCE SERVER
nfs_line() {
	echo "29 1 0:41 / $1 rw shared:1 - nfs4 $2 rw,vers=4.2,addr=$3,local_lock=none" \
		>> "$VMPCTL_ROOT/proc/self/mountinfo"
}

nothing_was_changed() {
	[ ! -e "$VMPCTL_ROOT/run/vmpctl" ]
	[ "$(cat "$pci/$nvme/driver_override")" = "(null)" ]
}

# put_screen NAME DIRECTORY WHAT
put_screen() {
	mkdir -p "$sys/$2/graphics/$1" "$sys/class/graphics"
	echo "$3" > "$sys/$2/graphics/$1/name"
	ln -s "../../$2/graphics/$1" "$sys/class/graphics/$1"
}

# put_console NUMBER BOUND WHAT
put_console() {
	mkdir -p "$sys/class/vtconsole/vtcon$1"
	echo "$2" > "$sys/class/vtconsole/vtcon$1/bind"
	echo "$3" > "$sys/class/vtconsole/vtcon$1/name"
}

# put_input NUMBER NAME KEY REL ABS: as the kernel prints what it can send.
put_input() {
	usb=devices/pci/0000:05:00.0/usb1/1-1/1-1:1.0/input/input$1
	mkdir -p "$sys/$usb/capabilities" "$sys/class/input"
	ln -sfn "../../$usb" "$sys/class/input/input$1"
	echo "$2" > "$sys/$usb/name"
	echo "$3" > "$sys/$usb/capabilities/key"
	echo "$4" > "$sys/$usb/capabilities/rel"
	echo "$5" > "$sys/$usb/capabilities/abs"
}

# put_record DOING DRIVER
put_record() {
	cat > "$VMPCTL_ROOT/run/vmpctl/$ours" <<END
{"doing": "$1", "driver": "$2", "driver_override": "", "mdev": "$wrapped",
"step": "bind", "persistent": false}
END
}

# put_definition ADDRESS UUID TYPE START: what mdevctl remembers.
put_definition() {
	mkdir -p "$VMPCTL_ROOT/etc/mdevctl.d/$1"
	printf '{"mdev_type": "%s", "start": "%s", "attrs": []}\n' "$3" "$4" \
		> "$VMPCTL_ROOT/etc/mdevctl.d/$1/$2"
}

# put_program NAME: an executable below /usr, whose text comes on stdin.
put_program() {
	mkdir -p "$VMPCTL_ROOT/usr/bin" "$VMPCTL_ROOT/usr/sbin"
	{ echo '#!/bin/sh'; cat; } > "$VMPCTL_ROOT/usr/$1"
	chmod +x "$VMPCTL_ROOT/usr/$1"
}

# until_true COMMAND…: wait for it, 20 s at most.
until_true() {
	tries=0
	until "$@" > /dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 400 ] || {
			echo "waited in vain for: $*"
			return 1
		}
		sleep 0.05
	done
}

until_there() {
	until_true test -e "$1"
}

# make_slow FILE: a file of the kernel's that does not answer before it is told
# to, and then shows what was written.
make_slow() {
	rm -f "$1"
	mkfifo "$1"
}

answer() {
	timeout 20 cat "$1"
}

# waits_in PID STEP: has it begun STEP for the disk, and does a child of it wait?
waits_in() {
	grep -q "\"step\": \"$2\"" "$VMPCTL_ROOT/run/vmpctl/$nvme" &&
		awk -v parent="$1" '$3 == "S" && $4 == parent { found = 1 }
			END { exit !found }' /proc/[0-9]*/stat
}

sleeps() {
	awk '{ exit $3 != "S" }' "/proc/$1/stat"
}

# begin COMMAND…: as from a terminal, in a group of its own: process $begun.
begin() {
	setsid env --default-signal=INT "$vmpctl" "$@" > "$files/plan" 2>&1 &
	begun=$!
}
