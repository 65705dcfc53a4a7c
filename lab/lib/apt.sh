# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# Debian packages: which exist, and how to get one without installing it.
# Needs common.sh. Does not know what a kernel is.
#
# A "source" is `host` (the machine's own apt) or a Debian suite's code name.
# Suites have apt directories of their own in the cache, so that a kernel of
# another release can be had without touching the machine's configuration.

lab_mirror=${LAB_MIRROR:-http://deb.debian.org/debian}
lab_security_mirror=${LAB_SECURITY_MIRROR:-http://deb.debian.org/debian-security}
lab_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# apt_in SOURCE TOOL ARGS…
apt_in() {
	apt_source=$1
	shift
	if [ "$apt_source" = host ]; then
		"$@"
	else
		APT_CONFIG=$lab_cache/apt/$apt_source/apt.conf "$@"
	fi
}

suite_entries() {
	case $1 in
	sid) echo "$lab_mirror sid" ;;
	*)
		echo "$lab_mirror $1"
		echo "$lab_security_mirror $1-security"
		;;
	esac | while read -r uri suite; do
		echo "deb [arch=amd64 signed-by=$lab_keyring] $uri $suite main"
	done
}

suite_conf() {
	cat <<-END
	Dir::State "$1/state";
	Dir::State::status "$1/status";
	Dir::Cache "$1/cache";
	Dir::Etc::sourcelist "$1/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	APT::Sandbox::User "root";
	APT::Architecture "amd64";
	APT::Architectures "amd64";
	END
}

# Make a suite's package lists usable; they are fetched again after a day,
# since a mirror forgets old versions.
suite_update() {
	dir=$lab_cache/apt/$1
	mkdir -p "$dir/state/lists/partial" "$dir/cache/archives/partial"
	: >>"$dir/status"
	suite_entries "$1" >"$dir/sources.list"
	suite_conf "$dir" >"$dir/apt.conf"
	if [ -n "$(find "$dir/updated" -mmin -1440 2>/dev/null)" ]; then
		return 0
	fi
	say "fetching the package lists of Debian $1"
	apt_in "$1" apt-get -qq update || return 1
	touch "$dir/updated"
}

# Names of packages that start with PREFIX and can be downloaded.
apt_names() {
	apt_in "$1" apt-cache pkgnames "$2"
}

apt_candidate() {
	apt_in "$1" apt-cache policy "$2" |
		awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'
}

# What PACKAGE depends on, one name a line.
apt_depends() {
	apt_in "$1" apt-cache depends "$2" |
		awk '$1 == "Depends:" { print $2 }'
}

# apt_fetch SOURCE PACKAGE: leave the package file in the cache and set $deb.
# To be called with the kernel store's lock held.
apt_fetch() {
	mkdir -p "$lab_cache/debs"
	version=$(apt_candidate "$1" "$2")
	[ -n "$version" ] || return 1
	file=$(apt_in "$1" apt-cache show --no-all-versions "$2=$version" |
		awk '$1 == "Filename:" { print $2; exit }')
	# apt-get download writes an epoch's colon as %3a; kernels have none.
	deb=$lab_cache/debs/${file##*/}
	[ ! -s "$deb" ] || return 0
	say "downloading $2 $version"
	part=$lab_cache/debs/part
	rm -rf "$part"
	mkdir "$part"
	# The sandbox user cannot write here; without it apt only warns.
	if ! (cd "$part" && apt_in "$1" apt-get -qq \
		-o APT::Sandbox::User=root download "$2=$version"); then
		rm -rf "$part"
		return 1
	fi
	mv "$part"/*.deb "$deb"
	rm -rf "$part"
}
