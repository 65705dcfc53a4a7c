# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# Chroots of Debian's releases for the tests of the packages: how one is made,
# and how commands run in it without a trace in it or on this computer. Needs
# the lab's common.sh, apt.sh and chroot.sh.

# chroot_prepare SUITE ROOT SCRIPT: a chroot with security updates in which
# SCRIPT, for sh, has installed what is wanted. It is made anew after a month, or
# for another SCRIPT.
chroot_prepare() {
	if [ -n "$(find "$2.script" -mtime -30 2>/dev/null)" ] &&
		printf '%s\n' "$3" | cmp -s - "$2.script"; then
		return 0
	fi
	say "making a chroot of Debian $1 (some minutes)"
	mkdir -p "$(dirname "$2")"
	rm -f "$2.script"
	bootstrap "$1" "$2"
	suite_entries "$1" | as_root tee "$2/etc/apt/sources.list" >/dev/null
	chroot_run "$2" "" sh -euc "
		printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
		chmod 755 /usr/sbin/policy-rc.d
		apt-get -qq update
		apt-get -q -y full-upgrade
		$3" >>"$2.log" 2>&1 || die "$st_setup" \
		"cannot install what the chroot $2 needs" "$2.log says why"
	printf '%s\n' "$3" >"$2.script"
}

# chroot_run ROOT LAYER COMMAND…: in ROOT, to which all changes go, or, if LAYER
# is not empty, to that directory's upper/. Mounts and processes are in
# namespaces of their own: none is left, however this ends. No initramfs is made.
chroot_run() {
	# shellcheck disable=SC2016
	as_root unshare --mount --pid --fork --kill-child sh -eu -c '
		root=$1 layer=$2
		shift 2
		if [ -n "$layer" ]; then
			mkdir -p "$layer/upper" "$layer/work" "$layer/root"
			mount -t overlay -o "lowerdir=$root,upperdir=$layer/upper,workdir=$layer/work" \
				overlay "$layer/root"
			root=$layer/root
		fi
		mount --rbind /dev "$root/dev"
		mount -t proc proc "$root/proc"
		exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
			INITRD=No chroot "$root" "$@"
	' sh "$@"
}
