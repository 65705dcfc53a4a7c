# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# A file system of another release of Debian in a directory, made by debootstrap
# and filled by that release's own apt. Needs common.sh and apt.sh. What for is
# its users' affair: sid.sh compiles in one, lab/userland makes those that
# machines have as their own.

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# bootstrap SUITE DIR [PACKAGE,PACKAGE…]: the least that Debian is, and packages
# that debootstrap can put in by itself. It writes DIR.log.
bootstrap() {
	need debootstrap
	as_root rm -rf "$2"
	PATH=$PATH:/usr/sbin as_root debootstrap --variant=minbase \
		${3:+--include="$3"} "$1" "$2" "$lab_mirror" >"$2.log" 2>&1 ||
		die "$st_setup" "debootstrap could not make $2" \
			"$2.log says why"
	as_root rm -rf "$2"/var/cache/apt/archives/*.deb
}

# add_packages SUITE DIR PACKAGE…: by the release's apt, which chooses between
# alternatives better than debootstrap does. No daemon is started.
add_packages() {
	suite_entries "$1" | as_root tee "$2/etc/apt/sources.list" >/dev/null
	printf '#!/bin/sh\nexit 101\n' |
		as_root tee "$2/usr/sbin/policy-rc.d" >/dev/null
	as_root chmod 755 "$2/usr/sbin/policy-rc.d"
	as_root cp /etc/resolv.conf "$2/etc/resolv.conf"
	root=$2
	shift 2
	# shellcheck disable=SC2016
	as_root unshare --mount sh -eu -c '
		root=$1
		shift
		mount -t proc proc "$root/proc"
		mount --rbind /dev "$root/dev"
		export DEBIAN_FRONTEND=noninteractive LC_ALL=C
		# A mirror may stand still for longer than sid thinks right.
		chroot "$root" apt-get -q \
			-o Acquire::Check-Valid-Until=false update
		chroot "$root" apt-get -q -y --no-install-recommends install "$@"
		chroot "$root" apt-get clean
	' sh "$root" "$@" >>"$root.log" 2>&1 ||
		die "$st_setup" "apt could not fill $root" "$root.log says why"
}
