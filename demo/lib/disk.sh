# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The disk image, on the host's side: made before the lab machine starts, read
# after it has ended. Needs data.sh. Never looks at what a guest says.
#
# shellcheck disable=SC2154

disk_bytes=$((64 * 1024 * 1024))

# make_disk FILE: the known data, then nothing.
make_disk() {
	head -c $((known_blocks * block_bytes)) /dev/urandom >"$1"
	truncate -s "$disk_bytes" "$1"
}

# disk_sha256 FILE AT BLOCKS: the checksum of a part.
disk_sha256() {
	dd if="$1" bs="$block_bytes" skip="$2" count="$3" status=none | sha256
}

# expect_disk BEFORE SEED FILE: the whole disk as it should be in the end.
expect_disk() {
	cp "$1" "$3"
	new_data "$2" | dd of="$3" bs="$block_bytes" seek="$new_at" \
		conv=notrunc iflag=fullblock status=none
}
