# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What is on the disk and where, as the host, the lab machine and the nested
# guest all know it: pure definitions, also for the nested guest's busybox.
#
# shellcheck disable=SC2034

block_bytes=65536

# The known data, random, that the host writes before anything starts.
known_at=0
known_blocks=128

# The new data, that the nested guest writes: lines of 32 bytes.
new_at=512
new_blocks=32
new_lines=$((new_blocks * block_bytes / 32))
seed_bytes=24

# new_data SEED: the new data, which the host can make too. The number of the
# line comes before the seed, so that no two blocks and no two runs are alike.
new_data() {
	yes "$1" 2>/dev/null | head -n "$new_lines" | cat -n
}

# sha256: of standard input, the number alone.
sha256() {
	sha256sum | cut -d ' ' -f 1
}
