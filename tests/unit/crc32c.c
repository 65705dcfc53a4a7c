// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRC-32C in user space, against RFC 3720 and a computation bit by bit.
 */
#include "unit.h"

#include <stdlib.h>

#include "crc32c.h"
#include "image.h"
#include "migration/stream_env.h"

typedef uint32_t (*crc_function)(uint32_t crc, const void *data, size_t length);

static const crc_function functions[] = {
	vmp_crc32c,
	vmp_crc32c_by_table,
	vmp_crc32c_by_instruction,
};

static size_t nr_functions(void)
{
	return ARRAY_SIZE(functions) - !vmp_crc32c_has_instruction();
}

/* As the RFC has it: begun with ones, inverted in the end. */
static void expect_crc(const void *data, size_t length, uint32_t expected)
{
	size_t i;

	for (i = 0; i < nr_functions(); i++)
		assert_int_equal((uint32_t)~functions[i](~0u, data, length),
				 expected);
	assert_int_equal(image_crc(data, length), expected);
}

/* The patterns and sums of RFC 3720, B.4; there, sums are shown by bytes. */
static void patterns_of_rfc_3720_have_its_sums(void **state)
{
	static const uint8_t scsi_read[48] = {
		[0] = 0x01, [1] = 0xc0, [16] = 0x14, [22] = 0x04, [27] = 0x14,
		[31] = 0x18, [32] = 0x28, [40] = 0x02,
	};
	uint8_t data[32];
	int i;

	(void)state;
	memset(data, 0, sizeof(data));
	expect_crc(data, sizeof(data), 0x8a9136aa);
	memset(data, 0xff, sizeof(data));
	expect_crc(data, sizeof(data), 0x62a8ab43);
	for (i = 0; i < 32; i++)
		data[i] = i;
	expect_crc(data, sizeof(data), 0x46dd794e);
	for (i = 0; i < 32; i++)
		data[i] = 31 - i;
	expect_crc(data, sizeof(data), 0x113fdb5c);
	expect_crc(scsi_read, sizeof(scsi_read), 0xd9963a56);
}

/* The customary check value of a CRC, and that of nothing. */
static void digits_and_nothing_have_their_sums(void **state)
{
	(void)state;
	expect_crc("123456789", 9, 0xe3069283);
	expect_crc(NULL, 0, 0);
}

static void all_lengths_and_alignments_agree(void **state)
{
	static uint8_t data[80];
	size_t start;
	size_t length;

	(void)state;
	srandom(1);
	for (start = 0; start < sizeof(data); start++)
		data[start] = random();
	for (start = 0; start < 16; start++) {
		for (length = 0; length <= 64; length++)
			expect_crc(data + start, length,
				   image_crc(data + start, length));
	}
}

static void sum_may_be_taken_in_pieces(void **state)
{
	static const uint8_t data[] = "a sum that is taken in two pieces";
	uint32_t crc;
	size_t cut;
	size_t i;

	(void)state;
	for (i = 0; i < nr_functions(); i++) {
		for (cut = 0; cut <= sizeof(data); cut++) {
			crc = functions[i](~0u, data, cut);
			crc = functions[i](crc, data + cut, sizeof(data) - cut);
			assert_int_equal((uint32_t)~crc,
					 image_crc(data, sizeof(data)));
		}
	}
}

/* As crc32c() of the kernel: no inversion, so nothing but zeros sums to zero. */
static void no_inversion_is_done_for_the_caller(void **state)
{
	static const uint8_t zeros[24];
	size_t i;

	(void)state;
	for (i = 0; i < nr_functions(); i++)
		assert_int_equal(functions[i](0, zeros, sizeof(zeros)), 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(patterns_of_rfc_3720_have_its_sums),
	cmocka_unit_test(digits_and_nothing_have_their_sums),
	cmocka_unit_test(all_lengths_and_alignments_agree),
	cmocka_unit_test(sum_may_be_taken_in_pieces),
	cmocka_unit_test(no_inversion_is_done_for_the_caller),
};

UNIT_MAIN(tests)
