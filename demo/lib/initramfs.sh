# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The nested guest's root: busybox, guest/nested-init, and Linux's nvme driver
# as the kernel's package has it. Uses the lab's packer; what the guest does is
# nested-init's affair. The caller's $demo is our directory.
#
# shellcheck disable=SC2154

# nested_initramfs MODULES-DIR RELEASE DIR FILE: DIR is for work.
nested_initramfs() {
	mkdir -p "$3/bin" "$3/modules" "$3/proc" "$3/sys" "$3/dev"
	cp "$(command -v busybox)" "$3/bin/busybox"
	cp "$demo/guest/nested-init" "$3/init"
	chmod 755 "$3/init"
	cp "$demo/lib/data.sh" "$3/data.sh"
	modules_in_order "$1" "$2" nvme >"$3.modules"
	n=10
	while read -r ko; do
		name=${ko##*/}
		copy_module "$ko" "$3/modules/$n-${name%%.ko*}.ko"
		n=$((n + 1))
	done <"$3.modules"
	pack "$3" "$4"
}
