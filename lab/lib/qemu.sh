# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# QEMU itself: finding one that is new enough, the arguments that every
# machine of the lab has, starting it, and making sure that it ends. Needs
# common.sh and machine.sh.

lab_qemu=${LAB_QEMU:-qemu-system-x86_64}
lab_qemu_minimum=10

# Set $qemu_version, or say what to do.
find_qemu() {
	need "$lab_qemu"
	qemu_version=$("$lab_qemu" --version |
		sed -n 's/^QEMU emulator version \([0-9.]*\).*/\1/p')
	[ "${qemu_version%%.*}" -ge "$lab_qemu_minimum" ] ||
		die "$st_setup" "this is QEMU $qemu_version, and the lab needs\
 $lab_qemu_minimum or newer" "run lab/setup, which installs one"
}

# An x86 of today without what costs software emulation time and gives the
# tests nothing. svm stays: nested machines use it.
cpu_model() {
	case $1 in
	kvm) echo host ;;
	*) echo max,-la57 ;;
	esac
}

machine_args() {
	args qemu.args -nodefaults -no-user-config -display none -no-reboot \
		-name "guest=lab" -smp "$cpus" -m "$memory" -machine q35 \
		-cpu "$(cpu_model "$1")"
	case $1 in
	kvm) args qemu.args -accel kvm,kernel-irqchip=split ;;
	# One thread for all CPUs: with one each, QEMU before 10.0.4 crashes when
	# one CPU moves a BAR while another accesses one (iotlb_to_section).
	*) args qemu.args -accel tcg,thread=single ;;
	esac
	[ -z "$icount" ] || args qemu.args -icount "$icount"
	args qemu.args -device intel-iommu,intremap=on,caching-mode=on
}

# Words for the kernel: an IOMMU, a log to judge, an end after a panic; and
# what makes emulation quicker. A periodic tick (nohz, highres), since an
# emulated processor of a busy host was seen to miss a single timer interrupt:
# with one-shot timers it then slept until the end, RCU stalled behind it.
boot_words="console=ttyS0 loglevel=7 panic=-1 intel_iommu=on mitigations=off \
nokaslr no_timer_check random.trust_cpu=on nohz=off highres=off"

# KVM tells its guests by itself.
boot_args() {
	[ "$1" = kvm ] || boot_words="$boot_words tsc_early_khz=$(tsc_khz)"
	args qemu.args -kernel "$image" -initrd "$run/initrd" \
		-append "$boot_words${append:+ $append}"
}

# The host's files, the ports, the console.
lab_device_args() {
	args qemu.args \
		-fsdev "local,id=root,path=/,security_model=none,\
readonly=on,multidevs=remap" \
		-device "virtio-9p-pci,fsdev=root,mount_tag=root,\
disable-legacy=on,bus=pcie.0,addr=18.0" \
		-chardev "file,id=console,path=$(comma "$out/console.log")" \
		-serial chardev:console \
		-device "virtio-serial-pci,id=ports,disable-legacy=on,\
bus=pcie.0,addr=19.0"
	port_args results "file,path=$(comma "$out/results")"
	port_args stderr "file,path=$(comma "$run/stderr")"
	control_args
}

# port_args NAME CHARDEV: a port lab.NAME.
port_args() {
	args qemu.args -chardev "${2%%,*},id=$1${2#"${2%%,*}"}" \
		-device "virtserialport,bus=ports.0,chardev=$1,name=lab.$1"
}

# The guest's way to its own machine's QMP: a monitor that listens on a
# socket, and a port that is connected to that same socket.
control_args() {
	args qemu.args -chardev "socket,id=monitor,server=on,wait=off,\
path=qmp" -mon chardev=monitor,mode=control
	port_args qmp "socket,path=qmp"
}

# One end of a cable between two machines. A socket has a short, absolute name,
# since QEMU starts in $run; what is sent while the other is not there is lost.
# The two ends must not have the same address.
cable_args() {
	mine=$(readlink -m "${cable%%=*}")
	other=$(readlink -m "${cable#*=}")
	rm -f "$mine"
	mac=$(printf '%s' "$mine" | sha256sum |
		sed 's/^\(..\)\(..\)\(..\).*/52:54:00:\1:\2:\3/')
	args qemu.args -netdev "dgram,id=cable,\
local.type=unix,local.path=$(comma "$mine"),\
remote.type=unix,remote.path=$(comma "$other")" \
		-device "virtio-net-pci,netdev=cable,mac=$mac,disable-legacy=on,\
romfile=,bus=pcie.0,addr=1a.0"
}

# Start QEMU with the arguments collected in $run, setting $qemu_pid. It dies
# with this process, whatever kills this process.
start_qemu() {
	set --
	while IFS= read -r word; do
		set -- "$@" "$word"
	done <"$run/qemu.args"
	while IFS= read -r word; do
		set -- "$@" "$word"
	done <"$run/machine.args"
	# The place of a UNIX socket must be short, hence the cd.
	(cd "$run" && exec setpriv --pdeathsig KILL "$lab_qemu" "$@") \
		<&3 >&4 2>>"$run/qemu.log" &
	qemu_pid=$!
}

# Does it still run? A process that ended and was not waited for is a zombie.
qemu_runs() {
	read -r _ _ state _ 2>/dev/null <"/proc/$qemu_pid/stat" || return 1
	[ "$state" != Z ]
}

stop_qemu() {
	[ -n "${qemu_pid:-}" ] || return 0
	kill -KILL "$qemu_pid" 2>/dev/null || :
	wait "$qemu_pid" 2>/dev/null || :
	qemu_pid=
}
