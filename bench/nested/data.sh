# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What is on the disk and where, as the computer that makes it and the nested
# guest know it: random data first, and further behind a copy of it, which the
# guest writes.

piece_bytes=65536
nr_pieces=128
copy_at=512

block_bytes=4096
nr_blocks=$((nr_pieces * piece_bytes / block_bytes))
nr_random=100

sum() {
	sha256sum | cut -d ' ' -f 1
}

sum_of_known() {
	dd if="$1" bs=$piece_bytes count=$nr_pieces 2> /dev/null | sum
}

sum_of_copy() {
	dd if="$1" bs=$piece_bytes skip=$copy_at count=$nr_pieces \
		2> /dev/null | sum
}

# The numbers of blocks in a random order, the same for all: Lehmer's generator.
random_blocks() {
	random=1
	i=0
	while [ $i -lt $nr_random ]; do
		random=$((random * 48271 % 2147483647))
		echo $((random % nr_blocks))
		i=$((i + 1))
	done
}

sum_of_blocks() {
	for block in $(random_blocks); do
		dd if="$1" bs=$block_bytes skip="$block" count=1 2> /dev/null
	done | sum
}

copy_known() {
	dd if="$1" of="$1" bs=$piece_bytes count=$nr_pieces seek=$copy_at \
		conv=notrunc,fsync 2> /dev/null
}

# To where they are already: the copy stays what it is.
copy_blocks() {
	copy_block=$((copy_at * piece_bytes / block_bytes))
	for block in $(random_blocks); do
		dd if="$1" of="$1" bs=$block_bytes count=1 skip="$block" \
			seek=$((copy_block + block)) conv=notrunc,fsync 2> /dev/null
	done
}
