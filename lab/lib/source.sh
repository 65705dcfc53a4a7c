# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# The sources of Debian's kernels, from its linux-source packages. Needs
# common.sh and apt.sh. Builds nothing.

# source_package SERIES: prints the package file that holds it, downloaded if
# need be. To be called with the kernel store's lock held.
source_package() {
	for suite in host bookworm trixie sid; do
		[ "$suite" = host ] || suite_update "$suite" || continue
		[ -n "$(apt_candidate "$suite" "linux-source-$1")" ] || continue
		apt_fetch "$suite" "linux-source-$1" ||
			die "$st_setup" "cannot download linux-source-$1" \
				"is the network there? try: apt-get update"
		echo "$deb"
		return
	done
	die "$st_setup" "no Debian package holds the source of a kernel $1" \
		"try: apt-get update"
}

# source_unpack PACKAGE-FILE DIR [FILE…]: all of it, or only FILEs.
source_unpack() {
	name=$(basename "$1")
	name=${name%%_*}
	package=$1
	dir=$2
	shift 2
	# Each FILE becomes its name in the archive.
	for file in "$@"; do
		set -- "$@" "$name/$file"
		shift
	done
	say "unpacking the source of ${name#linux-source-}"
	mkdir -p "$dir"
	dpkg-deb --fsys-tarfile "$package" |
		tar -xO "./usr/src/$name.tar.xz" |
		tar -xJ -C "$dir" --strip-components=1 "$@" ||
		die "$st_setup" "cannot unpack $package" \
			"is the disk full? or remove that file, and try again"
}
