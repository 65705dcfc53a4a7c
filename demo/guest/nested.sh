# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Starts the nested guest, shows its console line by line, and says whether it
# got to the end. Needs narrate.sh and, from the caller, $work, $seed, $scratch.
# Of an mdev it knows nothing but its directory in sysfs.
#
# shellcheck disable=SC2154

# In seconds. Under KVM the guest is up in about 8, in software in up to 150,
# and ends soon after; the rest is patience with a busy computer.
limit_to_start_kvm=120
limit_to_start_tcg=400
limit_to_end=300

# KVM is here even if this machine is emulated in software: QEMU emulates AMD's
# virtualisation too. The nested guest then is ten times as fast as one that is
# emulated by an emulated QEMU.
have_kvm() {
	for module in kvm_amd kvm_intel; do
		modprobe "$module" 2>/dev/null || continue
		[ ! -c /dev/kvm ] || return 0
	done
	return 1
}

# start_nested ACCELERATOR MDEV-DIRECTORY
start_nested() {
	set -- qemu-system-x86_64 -nodefaults -no-reboot -display none \
		-machine q35 -cpu max -accel "$1" -m 256 \
		-kernel "$work/vmlinuz" -initrd "$work/nested.cpio" \
		-append "console=ttyS0 quiet panic=-1 demo_seed=$seed" \
		-serial "file:$scratch/console" \
		-device "vfio-pci,sysfsdev=$2"
	: >"$scratch/console"
	show "$@"
	"$@" 2>"$scratch/qemu" &
	nested_pid=$!
}

# One line of the console, in the demo's own look.
show_line() {
	case $1 in
	'demo: up') is_up=yes ;;
	'demo: done') is_done=yes ;;
	'demo: '*) printf '      (%s)\n' "${1#demo: }" ;;
	'# '*) printf '   nested%s\n' "$1" ;;
	'| '*) printf '      %s\n' "${1#| }" ;;
	?*) printf '      %s\n' "$1" ;;
	esac
}

seconds() {
	cut -d . -f 1 /proc/uptime
}

stop_nested() {
	kill -KILL "$nested_pid" 2>/dev/null || true
	wait "$nested_pid" 2>/dev/null || true
}

# Show the console until the guest has ended or, without being up, took longer
# than LIMIT. A line may be written in parts, so what has no end yet is kept.
follow_nested() {
	is_up='' is_done='' ended='' part='' begin=$(seconds) said=0
	cr=$(printf '\r')
	limit=$1
	while :; do
		if read -r text; then
			show_line "${part}${text%"$cr"}"
			part=''
			[ -z "$is_up" ] || limit=$((limit_to_end + $1))
			continue
		fi
		part=$part$text
		[ -z "$ended" ] || break
		# Once more after the end: what it said last.
		kill -0 "$nested_pid" 2>/dev/null || {
			ended=yes
			continue
		}
		waited=$(($(seconds) - begin))
		if [ "$waited" -gt "$limit" ]; then
			printf '      (no end after %s s)\n' "$waited"
			break
		fi
		if [ -z "$is_up" ] && [ $((waited / 15)) -gt "$said" ]; then
			said=$((waited / 15))
			printf '      (still starting, %s s)\n' "$waited"
		fi
		sleep 0.2
	done <"$scratch/console"
	stop_nested
	answer <"$scratch/qemu"
}

# run_nested MDEV-DIRECTORY: false if the guest did not finish its work. If it
# does not even start under KVM, it gets a second chance in software.
run_nested() {
	if have_kvm; then
		start_nested kvm "$1"
		follow_nested "$limit_to_start_kvm"
		[ -z "$is_up" ] || {
			[ -n "$is_done" ]
			return
		}
		printf '\n'
		explain <<-END
		The nested guest did not start under KVM. Once more without, which
		takes two or three minutes:
		END
	fi
	start_nested tcg "$1"
	follow_nested "$limit_to_start_tcg"
	[ -n "$is_done" ]
}
