# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# Kernels that the lab builds itself: Debian's source, x86_64_defconfig, and
# the options in kernels/K.config. Needs common.sh, apt.sh and source.sh. Where
# the result is installed is lab/kernel's affair.
#
# In the head of kernels/K.config, "# Series: S" says which of Debian's sources
# (sid: the newest there), and "# Like: K2" that the options of K2 come first.
# What a machine should be like that boots it: "# Memory: M", "# Processors: N",
# and "# Append: WORDS" for its command line; what K does not say, K2 does. With
# "# Make: NAME=VALUE…", K2's and K's, it is built, but not modules for it.
#
# Below the cache's build/K are source/ and objects/, and a file
# source.package that says what source/ was unpacked from. A build that was
# broken off goes on from there.

# shellcheck disable=SC2034
built_cc=gcc-12
built_about_files=2300

is_built_here() {
	[ -f "$lab/kernels/$1.config" ]
}

# built_field K NAME: what the head of its description says of NAME.
built_field() {
	sed -n "s/^# $2: //p" "$lab/kernels/$1.config" | head -n 1
}

built_series() {
	series=$(built_field "$1" Series)
	[ "$series" = sid ] || {
		echo "$series"
		return
	}
	suite_update sid || return
	apt_depends sid linux-source | sed -n 's/^linux-source-//p' | head -n 1
}

# All options of K; where one stands twice the last counts.
fragment() {
	like=$(built_field "$1" Like)
	[ -z "$like" ] || cat "$lab/kernels/$like.config"
	cat "$lab/kernels/$1.config"
}

# What stands for how a kernel is built, to notice that it changed.
fragment_sum() {
	fragment "$1" | grep -e '^CONFIG_' -e '^# CONFIG_' -e '^# Make: ' |
		sha256sum | cut -d' ' -f1
}

# What K's head says of NAME, or else the head of the kernel that K is like.
built_wish() {
	wish=$(built_field "$1" "$2")
	like=$(built_field "$1" Like)
	[ -n "$wish" ] || [ -z "$like" ] || wish=$(built_field "$like" "$2")
	quote "$wish"
}

# The wishes for machines, as lines that a shell can eval.
built_wishes() {
	printf 'wanted_memory=%s\n' "$(built_wish "$1" Memory)"
	printf 'wanted_cpus=%s\n' "$(built_wish "$1" Processors)"
	printf 'wanted_words=%s\n' "$(built_wish "$1" Append)"
}

need_to_build() {
	for tool in make flex bison bc "$built_cc"; do
		command -v "$tool" >/dev/null 2>&1 ||
			die "$st_setup" "building a kernel needs $tool" \
				"run: lab/setup debug"
	done
	for header in gelf.h openssl/ssl.h; do
		[ -e "/usr/include/$header" ] ||
			die "$st_setup" "building a kernel needs $header" \
				"run: lab/setup debug"
	done
}

# lost_options FRAGMENT CONFIG: prints each line of FRAGMENT that CONFIG does
# not keep. An option that is to be off may also not be there at all.
lost_options() {
	awk '
	{ is_off = /^# CONFIG_[A-Za-z0-9_]+ is not set$/ }
	!is_off && !/^CONFIG_/ { next }
	{ option = is_off ? $2 : $0; sub(/=.*/, "", option) }
	FNR == NR { wanted[option] = $0; order[++nr] = option; next }
	{ got[option] = $0 }
	END {
		for (i = 1; i <= nr; i++) {
			want = wanted[order[i]]
			have = got[order[i]]
			if (have != want && !(have == "" && want ~ /^#/))
				print want
		}
	}' "$1" "$2"
}

# kernel_make DIR ARG…: the kernel's make for build directory DIR.
kernel_make() {
	at=$1
	shift
	make -s -C "$at/source" "O=$at/objects" "CC=$built_cc" \
		-j "$(nproc)" "$@"
}

# build_step K DIR ARG…: make; what it says is of interest only if it fails.
build_step() {
	kernel=$1
	log=$2/log
	shift
	kernel_make "$@" >"$log" 2>&1 || {
		tail -n 15 "$log" >&2
		die "$st_setup" "the kernel $kernel cannot be built" \
			"the lines above say why, $log has them all"
	}
}

configure() {
	build_step "$1" "$2" x86_64_defconfig
	fragment "$1" >"$2/fragment"
	cat "$2/fragment" >>"$2/objects/.config"
	build_step "$1" "$2" olddefconfig
	lost=$(lost_options "$2/fragment" "$2/objects/.config")
	[ -z "$lost" ] || {
		printf '%s\n' "$lost" | sed 's/^/  /' >&2
		die "$st_setup" \
			"these options of $1, as in $2/fragment, were not kept" \
			"are they misspelt, or is something missing that they depend on?"
	}
}

# Says every half minute how far it is, until the shell $1 is gone. Holds
# nothing open that others wait for.
report_progress() {
	while sleep 30 >/dev/null 2>&1 && kill -0 "$1" 2>/dev/null; do
		say "$(find "$2" -name '*.o' | wc -l) of about $built_about_files files are compiled"
	done
}

# In the foreground, so that Ctrl-C ends it.
compile() {
	report_progress $$ "$2/objects" 9>&- &
	reporter=$!
	trap 'kill "$reporter" 2>/dev/null' EXIT
	trap 'exit "$st_interrupted"' INT TERM HUP
	# Words without spaces
	# shellcheck disable=SC2046
	build_step "$1" "$2" bzImage modules \
		$(fragment "$1" | sed -n 's/^# Make: //p')
	kill "$reporter" 2>/dev/null || :
	trap - EXIT INT TERM HUP
}

# unpack_for_build DIR PACKAGE-FILE: objects go with the source, since files of
# another version may be older than objects made of this one's.
unpack_for_build() {
	from=$(cat "$1/source.package" 2>/dev/null) || from=
	[ "$from" != "$(basename "$2")" ] || return 0
	rm -rf "$1"
	mkdir -p "$1/objects"
	source_unpack "$2" "$1/source"
	basename "$2" >"$1/source.package"
}

# build_kernel K DIR PACKAGE-FILE: leaves a built tree in DIR/objects.
build_kernel() {
	unpack_for_build "$2" "$3"
	configure "$1" "$2"
	say "building the kernel $1: this takes 12 to 15 minutes on two cores;"
	say "if you break it off it goes on from there the next time"
	compile "$1" "$2"
}
