# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# The small file system that a guest starts from: busybox, guest/init and just
# the modules that reach the host's files. Needs common.sh. What happens once
# the host's root is mounted is guest/start's affair.

# What guest/init needs, whatever the kernel has built in.
lab_boot_modules="virtio_pci virtio_console 9pnet_virtio 9p overlay"

# modules_in_order MODULES-DIR RELEASE NAME…: files, dependencies first.
modules_in_order() {
	base=${1%/lib/modules/*}
	base=${base%/usr}
	rel=$2
	shift 2
	for name in "$@"; do
		PATH=$PATH:/sbin:/usr/sbin modprobe -d "$base" -S "$rel" \
			--show-depends "$name" 2>/dev/null ||
			return 1
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# Old busybox insmod knows no compressed modules: unpack them here, once.
copy_module() {
	case $1 in
	*.ko.xz) xz -dc "$1" ;;
	*.ko.zst) zstd -qdc "$1" ;;
	*.ko.gz) gzip -dc "$1" ;;
	*) cat "$1" ;;
	esac >"$2"
}

# pack DIR FILE: a cpio archive of what is in DIR. Not compressed: the guest
# would take longer to unpack it than to read it.
pack() {
	(cd "$1" && find . | busybox cpio -o -H newc 2>/dev/null) >"$2"
}

# build_initramfs MODULES-DIR RELEASE FILE, with the lock held.
build_initramfs() {
	tree=$lab_cache/initramfs/new
	rm -rf "$tree"
	mkdir -p "$tree/bin" "$tree/modules"
	# shellcheck disable=SC2086
	modules_in_order "$1" "$2" $lab_boot_modules >"$tree/list" || {
		rm -rf "$tree"
		die "$st_setup" "the kernel $2 cannot mount the host's files" \
			"it needs these modules: $lab_boot_modules"
	}
	n=10
	while read -r ko; do
		name=${ko##*/}
		copy_module "$ko" "$tree/modules/$n-${name%%.ko*}.ko"
		n=$((n + 1))
	done <"$tree/list"
	rm "$tree/list"
	cp "$(command -v busybox)" "$tree/bin/busybox"
	cp "$lab/guest/init" "$tree/init"
	chmod 755 "$tree/init"
	# Another clone's may be in use; one of yesterday's is not.
	find "$lab_cache/initramfs" -name "$2-*.cpio" -mmin +1440 -delete
	pack "$tree" "$3.new"
	mv "$3.new" "$3"
	rm -rf "$tree"
}

# Set $initramfs to the file for this kernel, made anew when its parts change.
get_initramfs() {
	key=$(stat -c '%n %Y' "$1/modules.dep" "$lab/guest/init" \
		"$lab/lib/initramfs.sh" "$(command -v busybox)" | cksum |
		cut -d ' ' -f 1)
	initramfs=$lab_cache/initramfs/$2-$key.cpio
	[ -e "$initramfs" ] && return
	mkdir -p "$lab_cache/initramfs"
	with_lock initramfs build_initramfs "$1" "$2" "$initramfs"
}
