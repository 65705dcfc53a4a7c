# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Nested guests that are migrated: starts QEMU with one, talks to its monitor,
# reads what the guest's driver has counted. Needs lib.sh; the tests are in
# migration*.test.
#
# A guest NAME has its files in $vms/NAME/: console, qmp (all that its monitor
# said), said (QEMU's own messages), pid, keeper, asked (a number).
# $vms/before is what was last seen of the guest's counts, wherever it was.

vms=/tmp/vm
nested=$(cd "$(dirname "$0")/../.." && pwd)/build/tests/nested
nested=$nested/${VMP_NESTED:-$(uname -r)}

# Where guests go to; the port is another each time.
target=127.0.0.1

# In seconds; emulation on a busy computer takes its time.
answer_limit=60
boot_limit=180
work_limit=120
migration_limit=180

# A device that goes on has done so many operations more.
some_operations=12

# As in the demo: QEMU emulates AMD's virtualisation too, and a guest in it is
# ten times as fast as one that is emulated twice.
accelerator() {
	for module in kvm_amd kvm_intel; do
		modprobe -q $module || continue
		[ ! -c /dev/kvm ] || { echo kvm; return; }
	done
	echo tcg
}

# uuid_of ID: each device of the machine has a mdev of its own.
uuid_of() {
	printf '7f3c2a64-9f0e-4c55-8d5e-%.12s\n' \
		"$(printf '%s' "$1" | sha256sum)"
}

# lend ID…: a mdev of each device that has none.
lend() {
	for id; do
		[ ! -e "$mdevs/$(uuid_of "$id")" ] || continue
		wrap "$(address "$id")"
		create "$(address "$id")" "$(uuid_of "$id")"
	done
}

# What makes an emulated start quicker, as in lab/lib/qemu.sh; and no modules
# of security.
lean_start="mitigations=off nokaslr no_timer_check random.trust_cpu=on \
nohz=off highres=off lsm= audit=0"

# start_vm NAME "ID…" ARGUMENT…: QEMU with a guest that has the mdevs of the
# devices, in this order. Returns when its monitor answers. QEMU does not start
# with a device that cannot be migrated, unless $enable_migration is auto.
start_vm() {
	vm=$vms/$1
	ids=$2
	shift 2
	rm -rf "$vm"
	mkdir -p "$vm"
	mkfifo "$vm/to-monitor"
	slot=8
	for id in $ids; do
		set -- "$@" -device "vfio-pci,sysfsdev=$mdevs/$(uuid_of "$id"),\
addr=$slot.0,enable-migration=${enable_migration:-on}"
		slot=$((slot + 1))
	done
	# Neither end closes when somebody has said something.
	sleep infinity <> "$vm/to-monitor" &
	echo $! > "$vm/keeper"
	qemu-system-x86_64 -nodefaults -no-reboot -display none \
		-machine q35 -cpu max -accel "$(accelerator)" -m 128 \
		-kernel "$nested/vmlinuz" -initrd "$nested/root.cpio" \
		-append "console=ttyS0 quiet panic=-1 $lean_start" \
		-serial "file:$vm/console" -qmp stdio "$@" \
		< "$vm/to-monitor" > "$vm/qmp" 2> "$vm/said" &
	echo $! > "$vm/pid"
	wait_for $answer_limit grep -q QMP "$vm/qmp" || {
		cat "$vm/said"
		return 1
	}
	qmp "${vm##*/}" qmp_capabilities > /dev/null
}

# A process that has ended but was not waited for runs no program.
is_there() {
	readlink "/proc/$(cat "$vms/$1/pid" 2> /dev/null)/exe" > /dev/null
}

is_gone() {
	! is_there "$1"
}

has_answered() {
	grep -q "\"id\": $2[,}]" "$vms/$1/qmp" || ! is_there "$1"
}

# qmp NAME COMMAND [ARGUMENTS]: prints the answer; fails if it is an error.
qmp() {
	asked=$(($(cat "$vms/$1/asked" 2> /dev/null || echo 0) + 1))
	echo $asked > "$vms/$1/asked"
	printf '{"execute": "%s", "arguments": %s, "id": %s}\n' \
		"$2" "${3:-{\}}" $asked > "$vms/$1/to-monitor"
	wait_for $answer_limit has_answered "$1" $asked || return 1
	answer=$(grep "\"id\": ${asked}[,}]" "$vms/$1/qmp") || {
		echo "$1 is gone, without an answer to $2" >&2
		cat "$vms/$1/said" >&2
		return 1
	}
	case $answer in
	*'"error":'*)
		printf '%s: %s\n' "$2" "$answer" >&2
		return 1
		;;
	esac
	printf '%s\n' "$answer"
}

# kill_vm NAME
kill_vm() {
	is_there "$1" || return 0
	kill -KILL "$(cat "$vms/$1/pid")" "$(cat "$vms/$1/keeper")"
	wait_for 20 is_gone "$1"
}

kill_vms() {
	for vm in "$vms"/*/; do
		[ ! -d "$vm" ] || kill_vm "$(basename "$vm")"
	done
}

# counts NAME: of each device a line "ADDRESS OPERATIONS INTERRUPTS WRONG LOST
# EXTRA LONGEST-MS", as the guest said last.
counts() {
	tr -d '\r' < "$vms/$1/console" | awk '
	/^load .* operations, .* ms$/ {
		last[$2] = $3 " " $5 " " $7 " " $9 " " $11 " " $15
	}
	END { for (device in last) print device, last[device] }' | sort
}

# Each device that was seen before has done some more, and no count is lost.
has_gone_on() {
	counts "$1" > "$vms/now"
	awk -v some=$some_operations '
	FNR == NR { before[$1] = $2; next }
	$1 in before && $2 >= before[$1] + some { nr++; delete before[$1] }
	END { for (device in before) exit 1; exit !nr }' \
		"$vms/before" "$vms/now"
}

# goes_on NAME: the guest gets on with its work, from where it was last seen.
goes_on() {
	wait_for $work_limit has_gone_on "$1" || {
		echo "before:"
		cat "$vms/before"
		echo "now, on $1:"
		tail -n 5 "$vms/$1/console"
		return 1
	}
	is_right "$1" || return 1
	cp "$vms/now" "$vms/before"
}

# is_right NAME: no wrong result, and an interrupt for every operation but the
# one that may be under way. Devices without interrupts have none at all.
is_right() {
	counts "$1" | awk '
	$4 || $5 || ($3 && $2 - $3 > 1) {
		print "not right: " $0
		failed = 1
	}
	END { exit failed || !NR }'
}

has_counted() {
	[ "$(counts "$1" | wc -l)" -eq "$2" ]
}

# boot NAME ID…: a guest that works with the devices.
boot() {
	booted=$1
	shift
	lend "$@"
	start_vm "$booted" "$*" || return 1
	wait_for $boot_limit has_counted "$booted" $# || {
		cat "$vms/$booted/said" "$vms/$booted/console"
		return 1
	}
	counts "$booted" > "$vms/before"
	goes_on "$booted"
}

# set_capabilities NAME true|false CAPABILITY…
set_capabilities() {
	vm_name=$1
	state=$2
	shift 2
	for capability; do
		qmp "$vm_name" migrate-set-capabilities "{\"capabilities\":
			[{\"capability\": \"$capability\", \"state\": $state}]}" \
			> /dev/null
	done
}


# limit_migration NAME MILLISECONDS BYTES-PER-SECOND: how long the guest may
# stand still, and how fast its memory may go.
limit_migration() {
	qmp "$1" migrate-set-parameters \
		"{\"downtime-limit\": $2, \"max-bandwidth\": $3}" > /dev/null
}

# shellcheck disable=SC2034
{
	fast=1000000000
	slow=300000
}

# await_guest NAME "ID…" [CAPABILITY…]: QEMU that waits for a guest to come, at
# $port.
await_guest() {
	vm_name=$1
	ids=$2
	shift 2
	# shellcheck disable=SC2086
	lend $ids
	start_vm "$vm_name" "$ids" -incoming defer || return 1
	set_capabilities "$vm_name" true "$@"
	port=$(($(cat $vms/port 2> /dev/null || echo 4400) + 1))
	echo $port > $vms/port
	qmp "$vm_name" migrate-incoming \
		"{\"uri\": \"tcp:$target:$port\"}" > /dev/null
}

# send_guest NAME MILLISECONDS BYTES-PER-SECOND [CAPABILITY…]: begins to
# migrate the guest to $port.
send_guest() {
	limit_migration "$1" "$2" "$3"
	vm_name=$1
	shift 3
	set_capabilities "$vm_name" false switchover-ack return-path \
		pause-before-switchover
	set_capabilities "$vm_name" true "$@"
	qmp "$vm_name" migrate "{\"uri\": \"tcp:$target:$port\"}" > /dev/null
}

migration_of() {
	qmp "$1" query-migrate |
		sed -n 's/.*"return": {.*"status": "\([a-z-]*\)".*/\1/p'
}

migration_has_ended() {
	case $(migration_of "$1") in
	completed | cancelled | failed) ;;
	*) return 1 ;;
	esac
}

migration_is() {
	[ "$(migration_of "$1")" = "$2" ]
}

# expect_end NAME STATUS: how the migration ends.
expect_end() {
	wait_for $migration_limit migration_has_ended "$1"
	migration_is "$1" "$2" || {
		qmp "$1" query-migrate
		cat "$vms"/*/said
		return 1
	}
}

is_running() {
	qmp "$1" query-status | grep -q '"status": "running"'
}

# nr_events NAME EVENT
nr_events() {
	grep -c "\"event\": \"$2\"" "$vms/$1/qmp" || :
}

# event_ms NAME EVENT: when it last happened.
event_ms() {
	grep "\"event\": \"$2\"" "$vms/$1/qmp" | tail -n 1 |
		jq '.timestamp | .seconds * 1000 + (.microseconds / 1000 | floor)'
}

# report_migration NAME [WORDS]: what the migration took.
report_migration() {
	qmp "$1" query-migrate | jq -r --arg words "${2-}" '.return |
		"# downtime \(.downtime) ms\($words), " +
		"\(.["total-time"]) ms in all; of the device " +
		"\(.vfio.transferred) bytes, of memory \(.ram.transferred)"'
}

# report FROM TO: that the guest stood still is also seen from outside, from one
# QEMU's event to the other's.
report() {
	still=$(($(event_ms "$2" RESUME) - $(event_ms "$1" STOP)))
	report_migration "$1" " ($still ms from stop to resume)"
}

# migration_file ID WORD: a file of the mdev's function, by the device's ID.
migration_file() {
	cat "$pci/$(address "$1")/vfio_mdev_pci/migration_$2"
}
