// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long the reader lets records be, and which flags it lets them have.
 */
#include "unit.h"

#include <stdlib.h>

#include "expect.h"

static void identity_of_another_size_is_refused(void **state)
{
	static const uint32_t lengths[] = { 0, 127, 129, 256 };
	static const uint8_t zeros[256];
	struct image image;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		image = image_new();
		image_header(&image, 1, 1);
		image_record(&image, TYPE_IDENTITY, FLAG_MANDATORY, zeros,
			     lengths[i]);
		image_end(&image);
		expect_refusal(&image, -EBADMSG, "an identity of a wrong size");
		image_free(&image);
	}
}

static void record_without_payload_needs_no_further_byte(void **state)
{
	struct vmp_stream_reader reader;
	struct image image = image_new();
	uint8_t payload[IDENTITY_BYTES];
	size_t used;

	(void)state;
	image_header(&image, 1, 1);
	image_identity(&image);
	vmp_stream_reader_init(&reader, payload, sizeof(payload));
	assert_int_equal(vmp_stream_feed(&reader, image.bytes, image.length,
					 &used), 1);
	assert_int_equal(used, image.length);
	image_free(&image);

	image_record(&image, TYPE_BACKEND, 0, NULL, 0);
	assert_int_equal(vmp_stream_feed(&reader, image.bytes, image.length,
					 &used), 1);
	assert_int_equal(used, image.length);
	assert_int_equal(reader.length, 0);
	assert_int_equal(reader.type, TYPE_BACKEND);
	image_free(&image);
}

static size_t most_of_it(size_t most, void *arg)
{
	(void)arg;
	return most;
}

static void expect_by_capacity(const struct image *image, size_t capacity,
			       int verdict)
{
	struct reading reading = reading_of_pieces(image->bytes, image->length,
						   capacity, most_of_it, NULL);

	assert_int_equal(reading.verdict, verdict);
	reading_free(&reading);
}

static void record_larger_than_the_room_is_refused(void **state)
{
	static const uint8_t zeros[201];
	struct image image = image_new();

	(void)state;
	image_header(&image, 1, 1);
	image_identity(&image);
	image_record(&image, TYPE_BACKEND, 0, zeros, sizeof(zeros));
	image_end(&image);
	expect_by_capacity(&image, sizeof(zeros), 1);
	expect_by_capacity(&image, sizeof(zeros) - 1, -EMSGSIZE);
	expect_by_capacity(&image, 0, -EMSGSIZE);
	image_free(&image);
}

/* Before a byte of its payload is there, however large the room. */
static void record_over_the_limit_is_refused(void **state)
{
	static const uint32_t lengths[] = {
		RECORD_MAX_BYTES + 1, 0x7fffffff, 0x80000000, 0xffffffff,
	};
	uint8_t header[RECORD_BYTES] = { 0 };
	struct image image;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		image = image_new();
		image_header(&image, 1, 1);
		image_identity(&image);
		put32(header + RECORD_LENGTH, lengths[i]);
		image_append(&image, header, sizeof(header));
		expect_by_capacity(&image, 2 * RECORD_MAX_BYTES, -EMSGSIZE);
		image_free(&image);
	}
}

static void record_of_the_largest_size_is_taken(void **state)
{
	uint8_t *large = calloc(1, RECORD_MAX_BYTES);
	struct image image = image_new();

	(void)state;
	image_header(&image, 1, 1);
	image_identity(&image);
	image_record(&image, TYPE_BACKEND, 0, large, RECORD_MAX_BYTES);
	image_end(&image);
	expect_whole(reading_of(&image), &image);
	expect_whole(reading_of_equal(&image, 4096), &image);
	image_free(&image);
	free(large);
}

static void record_with_unknown_flags_is_refused(void **state)
{
	struct image image;
	int bit;

	(void)state;
	for (bit = 1; bit < 32; bit++) {
		image = image_new();
		image_header(&image, 1, 1);
		image_identity(&image);
		image_record(&image, TYPE_BACKEND, 1u << bit, NULL, 0);
		image_end(&image);
		expect_refusal(&image, -EBADMSG, "unknown flags");
		image_free(&image);
	}
}

static void end_of_another_size_is_refused(void **state)
{
	static const uint32_t lengths[] = { 0, 16, 23, 25, 32 };
	struct image image;
	uint8_t end[32];
	size_t length;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		image = image_new();
		image_header(&image, 1, 1);
		image_identity(&image);
		image_end(&image);
		length = image_offset(&image, 1);
		memset(end, 0, sizeof(end));
		memcpy(end, image.bytes + length + RECORD_BYTES, END_BYTES);
		image.length = length;
		image_record(&image, TYPE_END, FLAG_MANDATORY, end, lengths[i]);
		expect_refusal(&image, -EBADMSG, "an end of a wrong size");
		image_free(&image);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(identity_of_another_size_is_refused),
	cmocka_unit_test(record_without_payload_needs_no_further_byte),
	cmocka_unit_test(record_larger_than_the_room_is_refused),
	cmocka_unit_test(record_over_the_limit_is_refused),
	cmocka_unit_test(record_of_the_largest_size_is_taken),
	cmocka_unit_test(record_with_unknown_flags_is_refused),
	cmocka_unit_test(end_of_another_size_is_refused),
};

UNIT_MAIN(tests)
