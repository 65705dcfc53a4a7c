// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRC-32C (Castagnoli) in user space. State files are up to gigabytes, so
 * eight bytes are taken at once: by the processor's instruction, or by eight
 * tables ("slicing by eight").
 */
#include "crc32c.h"

#include <endian.h>
#include <string.h>

#include "migration/stream_env.h"
#ifdef __x86_64__
#include <nmmintrin.h>
#endif

/* x^32 + x^28 + ... + 1 of RFC 3720, 12.1, bits reversed. */
#define POLYNOMIAL 0x82f63b78

/* tables[n][b]: the checksum of b followed by n bytes of zero. */
static uint32_t tables[8][256];

__attribute__((constructor)) static void make_tables(void)
{
	unsigned int byte;
	uint32_t crc;
	int i;

	for (byte = 0; byte < 256; byte++) {
		crc = byte;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
		tables[0][byte] = crc;
	}
	for (byte = 0; byte < 256; byte++) {
		for (i = 1; i < 8; i++) {
			crc = tables[i - 1][byte];
			tables[i][byte] = crc >> 8 ^ tables[0][crc & 0xff];
		}
	}
}

static uint64_t next_eight(const uint8_t *data)
{
	uint64_t eight;

	memcpy(&eight, data, sizeof(eight));
	return le64toh(eight);
}

uint32_t vmp_crc32c_by_table(uint32_t crc, const void *data, size_t length)
{
	const uint8_t *next = data;
	uint64_t eight;
	int i;

	for (; length >= 8; length -= 8, next += 8) {
		eight = next_eight(next) ^ crc;
		for (crc = 0, i = 0; i < 8; i++)
			crc ^= tables[7 - i][eight >> 8 * i & 0xff];
	}
	while (length--)
		crc = crc >> 8 ^ tables[0][(crc ^ *next++) & 0xff];
	return crc;
}

#ifdef __x86_64__

__attribute__((target("sse4.2")))
uint32_t vmp_crc32c_by_instruction(uint32_t crc, const void *data,
				   size_t length)
{
	const uint8_t *next = data;

	for (; length >= 8; length -= 8, next += 8)
		crc = _mm_crc32_u64(crc, next_eight(next));
	while (length--)
		crc = _mm_crc32_u8(crc, *next++);
	return crc;
}

bool vmp_crc32c_has_instruction(void)
{
	return __builtin_cpu_supports("sse4.2");
}

#else

uint32_t vmp_crc32c_by_instruction(uint32_t crc, const void *data,
				   size_t length)
{
	return vmp_crc32c_by_table(crc, data, length);
}

bool vmp_crc32c_has_instruction(void)
{
	return false;
}

#endif

__u32 vmp_crc32c(__u32 crc, const void *data, size_t length)
{
	if (vmp_crc32c_has_instruction())
		return vmp_crc32c_by_instruction(crc, data, length);
	return vmp_crc32c_by_table(crc, data, length);
}
