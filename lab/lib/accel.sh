# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# Which accelerator to use. /dev/kvm may exist and yet not run a stock kernel,
# so the answer comes from booting one, once each time this computer starts.
# Needs common.sh, initramfs.sh and qemu.sh.

# The guest of the probe does nothing but say that it is there.
write_probe() {
	mkdir -p "$1/tree/bin" "$1/tree/dev"
	cp "$(command -v busybox)" "$1/tree/bin/busybox"
	cat >"$1/tree/init" <<-'END'
	#!/bin/busybox sh
	/bin/busybox mount -t devtmpfs devtmpfs /dev
	echo lab-probe-is-up >/dev/console
	/bin/busybox poweroff -f
	END
	chmod 755 "$1/tree/init"
	pack "$1/tree" "$1/initrd"
}

# The same processor and interrupt controller as a real run with KVM.
boot_probe() {
	timeout -k 1 20 "$lab_qemu" -nodefaults -no-user-config -display none \
		-no-reboot -smp 2 -m 512M -machine q35 \
		-accel kvm,kernel-irqchip=split -cpu "$(cpu_model kvm)" \
		-device intel-iommu,intremap=on,caching-mode=on \
		-kernel "$image" -initrd "$1/initrd" \
		-append "console=ttyS0 quiet panic=-1 intel_iommu=on" \
		-serial "file:$1/console" >/dev/null 2>&1 </dev/null
	grep -q lab-probe-is-up "$1/console" 2>/dev/null
}

kvm_boots() {
	[ -r /dev/kvm ] && [ -w /dev/kvm ] || return 1
	say "trying whether KVM boots the kernel $release (at most 20 s)"
	probe=$(mktemp -d "${TMPDIR:-/tmp}/lab-probe.XXXXXX")
	write_probe "$probe"
	answer=0
	boot_probe "$probe" || answer=1
	rm -rf "$probe"
	return "$answer"
}

find_accel() {
	[ ! -s "$answer_file" ] || return 0
	rm -rf "$lab_cache/accel"
	mkdir -p "$lab_cache/accel"
	accel=tcg
	! kvm_boots || accel=kvm
	echo "$accel" >"$answer_file"
}

# Replace the accelerator "auto" by the one that works. The answer holds until
# this computer starts again, or another QEMU comes.
choose_accel() {
	[ "$accel" = auto ] || return 0
	read -r boot_id </proc/sys/kernel/random/boot_id
	answer_file=$lab_cache/accel/$boot_id-$qemu_version
	[ -s "$answer_file" ] || with_lock accel find_accel
	read -r accel <"$answer_file"
}
