# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# The interactive shell of a machine on the user's own terminal: a virtio
# console in raw mode, so that every key, Ctrl-C too, goes to the guest. Needs
# common.sh and qemu.sh. What the shell in the guest says is in guest/shellrc.

# Ctrl-], as telnet and virsh have it; then x ends the machine.
lab_escape=29

write_shell_job() {
	cp "$lab/guest/shellrc" "$run/job/shellrc"
	{
		printf 'LAB_TERM=%s\n' "$(quote "${TERM:-vt100}")"
		printf 'LAB_SIZE=%s\n' "$(quote "$(terminal_size)")"
		printf 'LAB_ACCEL=%s\n' "$accel"
	} >>"$run/job/job.env"
}

# ROWS COLUMNS of the user's terminal; what cannot be known is 24 80.
terminal_size() {
	size=$(stty size 2>/dev/null) || size=
	case $size in
	'' | 0\ * | *\ 0) echo 24 80 ;;
	*) echo "$size" ;;
	esac
}

shell_args() {
	mkfifo "$run/size.in" "$run/size.out"
	args qemu.args -echr "$lab_escape" \
		-chardev stdio,id=terminal,mux=on,signal=off \
		-device virtconsole,bus=ports.0,chardev=terminal
	port_args size pipe,path=size
}

# A new size of the user's window becomes the guest's.
tell_size() {
	terminal_size >"$run/size.in"
}

# Runs until the guest is off, with the terminal as QEMU's own.
run_shell() {
	say "booting $release with $accel; exit or Ctrl-D ends the machine,\
 Ctrl-] x kills it"
	terminal=$(stty -g)
	exec 3<&0 4>&1
	start_qemu
	trap tell_size WINCH
	wait_for_end
	trap - WINCH
	restore_terminal
}

# QEMU puts the terminal back by itself, unless it was killed.
restore_terminal() {
	[ -z "${terminal:-}" ] || stty "$terminal" </dev/tty 2>/dev/null || :
	terminal=
}
