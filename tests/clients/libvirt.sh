# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Hosts in one machine, as libvirt sees it, and guests that it gives mdevs to or
# migrates from one host to the other. Needs lib.sh and vm.sh; the tests are in
# libvirt.test and migration-libvirt.test.
#
# A host NAME is a libvirtd with a hostname, a UUID and files of its own, those
# in $hosts/NAME/: libvirtd.log, pid, and what it finds at $own_places. The
# guest's console is $vms/NAME/console, whoever reads it.

hosts=/run/hosts
own_places="etc/libvirt run/libvirt var/lib/libvirt var/cache/libvirt
var/log/libvirt"
descriptions=$(cd "$(dirname "$0")" && pwd)/nested
domain=$descriptions/domain.xml

# In seconds: libvirtd starts QEMU, twice, to learn what it can.
libvirtd_limit=600
libvirt_limit=300

# host_uri NAME: how virsh reaches the host's libvirtd.
host_uri() {
	echo "qemu+unix:///system?socket=$hosts/$1/run/libvirt/libvirt-sock"
}

# on NAME COMMAND…: has virsh do it at the host. virsh complains of the
# absence of polkit, which nothing here needs.
on() {
	at=$1
	shift
	timeout $((libvirt_limit * ${VMP_PATIENCE:-1})) virsh -q -c "$(host_uri "$at")" "$@"
}

# Whose QEMU is; and if that is not root, libvirt gives it the files it needs.
qemu_user=root

# configure DIRECTORY NAME: no security model, cgroups, logging daemon nor
# polkit; a machine of the lab has none.
configure() {
	cat > "$1/libvirtd.conf" <<-END
	host_uuid = "$(cat /proc/sys/kernel/random/uuid)"
	auth_unix_ro = "none"
	auth_unix_rw = "none"
	log_outputs = "3:file:$hosts/$2/libvirtd.log"
	END
	cat > "$1/qemu.conf" <<-END
	user = "$qemu_user"
	group = "$qemu_user"
	dynamic_ownership = $([ $qemu_user = root ]; echo $?)
	remember_owner = 0
	security_driver = "none"
	cgroup_controllers = []
	namespaces = []
	stdio_handler = "file"
	END
}

# Run in mount and UTS namespaces of its own.
# shellcheck disable=SC2016
live_in='
name=$1
host=$2
shift 2
for place; do
	mount --bind "$host/$place" "/$place"
done
busybox hostname "$name"
exec libvirtd --pid-file "$host/run/libvirtd.pid"'

# Whatever its configuration, libvirtd looks up the user that the package
# libvirt-daemon-system makes.
add_libvirt_user() {
	getent passwd libvirt-qemu > /dev/null || {
		groupadd --system libvirt-qemu
		useradd --system --gid libvirt-qemu libvirt-qemu
	}
}

answers_or_is_down() {
	on "$1" version || host_is_down "$1"
}

# start_host NAME: returns when its libvirtd answers.
start_host() {
	host=$hosts/$1
	for place in $own_places; do
		mkdir -p "$host/$place" "/$place"
	done
	mkdir -p "$vms/$1"
	configure "$host/etc/libvirt" "$1"
	# The machine's own files, which are thrown away.
	echo "127.0.1.1 $1" >> /etc/hosts
	# shellcheck disable=SC2086
	unshare --mount --uts sh -ec "$live_in" sh "$1" "$host" $own_places \
		> "$host/said" 2>&1 &
	echo $! > "$host/pid"
	wait_for $libvirtd_limit answers_or_is_down "$1"
	on "$1" version > /dev/null
}

stop_host() {
	kill "$(cat "$hosts/$1/pid")"
	wait_for "$answer_limit" host_is_down "$1"
}

host_is_down() {
	! readlink "/proc/$(cat "$hosts/$1/pid")/exe"
}

# What a failed test must show; a trap of its subshell.
show_logs() {
	for host in "$hosts"/*/; do
		tail -n 20 "$host/said" "$host/libvirtd.log" \
			"$host/var/log/libvirt/qemu/guest.log" || :
	done 2>&1
}

# describe NAME ID: the domain at the host, with the mdev of the device.
describe() {
	lend "$2"
	sed "s|\$accelerator|$(accelerator | sed 's/tcg/qemu/')|
		s|\$nested|$nested|
		s|\$lean_start|$lean_start|
		s|\$console|$vms/$1/console|
		s|\$emulator|$(command -v qemu-system-x86_64)|
		s|\$mdev|$(uuid_of "$2")|" "$domain" > "$vms/$1.xml"
	! grep -F '$' "$vms/$1.xml" | grep -v 'begins with a'
}

# boot_domain NAME ID: a guest that works with the device.
boot_domain() {
	describe "$1" "$2"
	on "$1" create "$vms/$1.xml"
	wait_for "$boot_limit" has_counted "$1" 1 || {
		cat "$vms/$1/console"
		return 1
	}
	counts "$1" > "$vms/before"
	goes_on "$1"
}

# migrate FROM TO ID ARGUMENT…: to the other host, and to the mdev of the device.
migrate() {
	source=$(host_uri "$1")
	target=$(host_uri "$2")
	xml=$vms/$2.xml
	describe "$2" "$3"
	shift 3
	timeout $((migration_limit * ${VMP_PATIENCE:-1})) \
		virsh --connect "$source" migrate --live guest "$target" \
		--migrateuri tcp://127.0.0.1 --xml "$xml" "$@"
}

domain_state() {
	on "$1" domstate guest
}

domain_is() {
	[ "$(domain_state "$1")" = "$2" ]
}

has_no_domain() {
	! on "$1" list --name | grep -qx guest
}

# fill_in NAME DESCRIPTION: prints it for the domain NAME.
fill_in() {
	sed "s|\$accelerator|$(accelerator | sed 's/tcg/qemu/')|
		s|\$name|$1|
		s|\$nested|$nested|
		s|\$lean_start|$lean_start|
		s|\$console|$vms/$1/console|
		s|\$emulator|$(command -v qemu-system-x86_64)|" "$2"
}

# describe_hostdev ID: the mdev of the device, for a domain, in $vms/ID.xml.
describe_hostdev() {
	mkdir -p "$vms"
	sed "s|\$mdev|$(uuid_of "$1")|" "$descriptions/hostdev.xml" \
		> "$vms/$1.xml"
}

# describe_plain NAME ID…: a domain with the mdevs of the devices, in
# $vms/NAME.xml.
describe_plain() {
	rm -rf "${vms:?}/$1"
	mkdir -p "$vms/$1"
	described=$vms/$1.xml
	fill_in "$1" "$descriptions/plain.xml" | grep -v '</devices>\|</domain>' \
		> "$described"
	shift
	for id; do
		describe_hostdev "$id"
		cat "$vms/$id.xml" >> "$described"
	done
	printf '</devices>\n</domain>\n' >> "$described"
}

# The newest lines of the guest's console, from the mark on.
news_of() {
	tail -n "+$(cat "$vms/$1/mark")" "$vms/$1/console" | tr -d '\r'
}

# From the mark on, N devices have got on with their work, and nothing was wrong
# or lost.
have_worked() {
	news_of "$1" | awk -v nr="$2" -v some="$some_operations" '
	/^load .* operations, .* ms$/ {
		if (!($2 in first))
			first[$2] = $3
		last[$2] = $3
		if ($7 || $9)
			exit failed = 1
	}
	END {
		for (device in first) {
			nr_seen++
			if (last[device] < first[device] + some)
				failed = 1
		}
		exit failed || nr_seen != nr
	}'
}

# works_with NAME N: from now on the guest gets on with its work with N devices.
works_with() {
	# A line of before may yet be written to its end.
	echo $(($(wc -l < "$vms/$1/console") + 2)) > "$vms/$1/mark"
	wait_for "$work_limit" have_worked "$1" "$2" || {
		tail -n 30 "$vms/$1/console"
		return 1
	}
}

is_up() {
	tr -d '\r' < "$vms/$1/console" | grep -qx 'load: up'
}

# boot_plain NAME ID…: returns when the guest is up, and works with the devices.
boot_plain() {
	lent=$1
	shift
	lend "$@"
	describe_plain "$lent" "$@"
	on here create "$vms/$lent.xml"
	wait_for "$boot_limit" is_up "$lent" || {
		cat "$vms/$lent/console"
		return 1
	}
	[ $# -eq 0 ] || works_with "$lent" $#
}
