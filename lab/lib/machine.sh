# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# Machine descriptions: turns the files in lab/machines and lab/devices into
# QEMU's arguments and into the places where the guest will find each device.
# Needs common.sh. Knows no single device; those files do.
#
# A description has one item a line:
#   about: TEXT         what it is, for --list
#   disk NAME SIZE      an empty raw disk, for a device's drive=NAME
#   lan NAME            a plug for a network card's netdev=NAME; all plugs are
#                       in one network, which leads nowhere else
#   object ARGUMENT     QEMU's -object, such as memory for a device's memdev=
#   device ARGUMENT     QEMU's -device; a PCI function has id=, bus= and addr=
# In lab/devices, @ stands for the device's name and # for a free slot, in hexadecimal
#
# Slots 01 to 17 of the root bus belong to descriptions, in hexadecimal; 18
# and above hold the lab's own devices.

# The value of KEY= in a -device argument.
property() {
	printf '%s\n' "$2" | tr ',' '\n' | sed -n "s/^$1=//p" | head -n 1
}

# place ARGUMENT FILE: the device's path from the root bus, such as 05.0/00.0,
# looking up the bridges above it in the description FILE.
place() {
	addr=$(property addr "$1" | sed 's/^0x//; s/^\(.\)$/0\1/; s/^\(.\)\./0\1./')
	case $addr in
	*.*) ;;
	*) addr=$addr.0 ;;
	esac
	bus=$(property bus "$1")
	[ "$bus" != pcie.0 ] || {
		echo "$addr"
		return
	}
	above=$(sed -n 's/^device //p' "$2" | grep ",id=$bus\(,\|\$\)" |
		head -n 1)
	[ -n "$above" ] || return 1
	echo "$(place "$above" "$2")/$addr"
}

# use_machine FILE: check the description and write machine.args and devices.places.
# shellcheck disable=SC2094
use_machine() {
	: >"$run/machine.args"
	: >"$run/job/devices.places"
	while read -r kind rest; do
		case $kind in
		'' | \#* | about:) ;;
		disk) add_disk "$rest" ;;
		lan) args machine.args -netdev "hubport,id=$rest,hubid=0" ;;
		object) args machine.args -object "$rest" ;;
		device) add_device "$rest" "$1" ;;
		*) die "$st_setup" "a machine cannot have a line \"$kind\"" \
			"known are about:, disk, lan, object and device" ;;
		esac
	done <"$1"
}

add_disk() {
	name=${1%% *}
	file=$run/$name.raw
	given=$(sed -n "s/^$name=//p" "$run/disks")
	if [ -n "$given" ]; then
		file=$given
	else
		truncate -s "${1##* }" "$file"
	fi
	args machine.args -drive \
		"if=none,id=$name,format=raw,cache=unsafe,file=$(comma "$file")"
}

# QEMU wants a comma in a value doubled.
comma() {
	printf '%s' "$1" | sed 's/,/,,/g'
}

add_device() {
	args machine.args -device "$1"
	[ -n "$(property addr "$1")" ] || return 0
	where=$(place "$1" "$2") || die "$st_setup" \
		"the device \"$1\" is on a bus that nothing provides" \
		"bus= names pcie.0 or the id= of a bridge above"
	echo "$(property id "$1") $where" >>"$run/job/devices.places"
}

# args FILE WORD…: one word a line.
args() {
	file_of_args=$run/$1
	shift
	printf '%s\n' "$@" >>"$file_of_args"
}

# The first slot of the root bus that the description FILE leaves free.
free_slot() {
	for slot in 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f \
		10 11 12 13 14 15 16 17; do
		grep -q "bus=pcie.0,addr=$slot" "$1" || {
			echo "$slot"
			return
		}
	done
	die "$st_setup" "the machine has no free slot left" \
		"use fewer --device"
}

# compose FILE KIND…: append one device of each KIND to the description FILE,
# named by its kind and a number.
compose() {
	file=$1
	shift
	for kind in "$@"; do
		[ -f "$lab/devices/$kind" ] || die "$st_usage" \
			"there is no device \"$kind\"" \
			"lab/vm --list shows all devices"
		n=0
		while grep -q "[ ,=]id=$kind$n\([,ab]\|\$\)" "$file"; do
			n=$((n + 1))
		done
		slot=$(free_slot "$file")
		sed "/^about:/d; /^#/d; s/@/$kind$n/g; s/#/$slot/g" \
			"$lab/devices/$kind" >>"$file"
	done
}

# What --list prints.
list_descriptions() {
	for kind in machines devices; do
		echo "$kind:"
		for file in "$lab/$kind"/*; do
			printf '  %-12s %s\n' "${file##*/}" \
				"$(sed -n 's/^about: //p' "$file" |
					sed "s/@/${file##*/}0/g")"
		done
	done
}
