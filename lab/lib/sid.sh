# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# A chroot of Debian sid in the cache, with the compiler that sid's kernel
# wants and nothing else: older compilers cannot build modules for it. Needs
# common.sh, apt.sh and chroot.sh.

sid_root=$lab_cache/sid

# What building a module for release R takes: what its headers and its build
# tools depend on, but for the kernel's own packages.
sid_packages() {
	echo make
	for package in "linux-headers-$1" \
		$(apt_depends sid "linux-headers-$1" | grep '^linux-kbuild-'); do
		apt_depends sid "$package"
	done | grep -v '^linux-' | sort -u
}

# Make the chroot, or make it anew if it is for another compiler.
sid_prepare() {
	suite_update sid ||
		die "$st_setup" "cannot get the package lists of Debian sid" \
			"is the network there?"
	packages=$(sid_packages "$1" | tr '\n' ',')
	packages=${packages%,}
	[ "$(cat "$sid_root.packages" 2>/dev/null)" != "$packages" ] || return 0
	say "making a chroot of Debian sid with its compiler (some minutes)"
	bootstrap sid "$sid_root" "$packages"
	echo "$packages" >"$sid_root.packages"
}

# sid_make RELEASE STORE BUILD DIR ARG…: make in the chroot. The kernels in
# STORE, DIR and the repository are where they always are; the mounts are gone
# when make is.
sid_make() {
	with_lock sid sid_prepare "$1"
	shift
	# shellcheck disable=SC2016
	as_root unshare --mount sh -eu -c '
		root=$1 user=$2 top=$3 store=$4 build=$5 dir=$6
		shift 6
		for path in "$store" "$top" "$dir"; do
			mkdir -p "$root$path"
			mount --rbind "$path" "$root$path"
		done
		mount --bind /dev "$root/dev"
		mount -t proc proc "$root/proc"
		exec chroot --userspec="$user" "$root" \
			make -C "$build" "M=$dir" "$@"
	' sh "$sid_root" "$(id -u):$(id -g)" "${lab%/*}" "$@"
}
