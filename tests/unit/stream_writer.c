// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the writer writes, byte for byte against vfio-mdev-pci-stream(5).
 */
#include "unit.h"

#include <stdlib.h>

#include "image.h"
#include "migration/stream.h"

/* A writer, and what it wrote. */
struct written {
	struct vmp_stream_writer writer;
	struct image image;
};

static void begin(struct written *written)
{
	uint8_t header[HEADER_BYTES];

	memset(header, 0xee, sizeof(header));
	written->image = image_new();
	assert_int_equal(vmp_stream_begin(&written->writer, header),
			 HEADER_BYTES);
	image_append(&written->image, header, sizeof(header));
}

static void seal(struct written *written, uint32_t type, uint32_t flags,
		 const void *payload, size_t length)
{
	uint8_t *record = malloc(RECORD_BYTES + length);

	memset(record, 0xee, RECORD_BYTES);
	if (length)
		memcpy(record + RECORD_BYTES, payload, length);
	assert_int_equal(vmp_stream_seal(&written->writer, record, type, flags,
					 length), RECORD_BYTES + length);
	image_append(&written->image, record, RECORD_BYTES + length);
	free(record);
}

static void finish(struct written *written)
{
	uint8_t end[RECORD_BYTES + END_BYTES];

	memset(end, 0xee, sizeof(end));
	assert_int_equal(VMP_STREAM_END_BYTES, sizeof(end));
	assert_int_equal(vmp_stream_finish(&written->writer, end), sizeof(end));
	image_append(&written->image, end, sizeof(end));
}

static void expect_image(struct written *written, struct image *expected)
{
	assert_int_equal(written->image.length, expected->length);
	assert_memory_equal(written->image.bytes, expected->bytes,
			    expected->length);
	image_free(&written->image);
	image_free(expected);
}

/* Written down by hand; the sums are of an independent program. */
static void header_is_these_bytes(void **state)
{
	static const uint8_t bytes[HEADER_BYTES] = {
		'V', 'M', 'P', 'S', 'T', 'A', 'T', 'E',
		0x01, 0x00, 0x01, 0x00, 0x20, 0x00, 0x00, 0x00,
		[28] = 0xf8, 0x69, 0xe5, 0x06,
	};
	struct written written;

	(void)state;
	begin(&written);
	assert_memory_equal(written.image.bytes, bytes, sizeof(bytes));
	image_free(&written.image);
}

static void record_is_these_bytes(void **state)
{
	static const uint8_t bytes[] = {
		0x02, 0x01, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00,
		0x03, 0x00, 0x00, 0x00, 0x00, 0x65, 0x4f, 0xb1,
		'a', 'b', 'c',
	};
	struct written written;

	(void)state;
	begin(&written);
	seal(&written, TYPE_BACKEND + 2, FLAG_MANDATORY, "abc", 3);
	assert_int_equal(written.image.length, HEADER_BYTES + sizeof(bytes));
	assert_memory_equal(written.image.bytes + HEADER_BYTES, bytes,
			    sizeof(bytes));
	image_free(&written.image);
}

static void stream_is_as_the_man_page_says(void **state)
{
	struct image expected = image_new();
	struct written written;

	(void)state;
	begin(&written);
	seal(&written, TYPE_IDENTITY, FLAG_MANDATORY, image_identity_bytes,
	     IDENTITY_BYTES);
	seal(&written, TYPE_CONFIG, FLAG_MANDATORY, "config", 6);
	seal(&written, TYPE_BACKEND, FLAG_MANDATORY, "state", 5);
	seal(&written, TYPE_BACKEND + 7, 0, "a hint", 6);
	finish(&written);

	image_header(&expected, 1, 1);
	image_identity(&expected);
	image_record(&expected, TYPE_CONFIG, FLAG_MANDATORY, "config", 6);
	image_record(&expected, TYPE_BACKEND, FLAG_MANDATORY, "state", 5);
	image_record(&expected, TYPE_BACKEND + 7, 0, "a hint", 6);
	image_end(&expected);
	expect_image(&written, &expected);
}

static void stream_without_records_has_an_end(void **state)
{
	struct image expected = image_new();
	struct written written;

	(void)state;
	begin(&written);
	finish(&written);

	image_header(&expected, 1, 1);
	image_end(&expected);
	expect_image(&written, &expected);
}

static void record_may_be_empty_or_of_the_largest_size(void **state)
{
	uint8_t *large = malloc(RECORD_MAX_BYTES);
	struct image expected = image_new();
	struct written written;

	(void)state;
	assert_int_equal(VMP_STREAM_RECORD_MAX_BYTES, RECORD_MAX_BYTES);
	memset(large, 0x5a, RECORD_MAX_BYTES);
	begin(&written);
	seal(&written, TYPE_BACKEND, FLAG_MANDATORY, NULL, 0);
	seal(&written, 0xffffffff, 0, large, RECORD_MAX_BYTES);
	finish(&written);

	image_header(&expected, 1, 1);
	image_record(&expected, TYPE_BACKEND, FLAG_MANDATORY, NULL, 0);
	image_record(&expected, 0xffffffff, 0, large, RECORD_MAX_BYTES);
	image_end(&expected);
	free(large);
	expect_image(&written, &expected);
}

static void writer_can_begin_again(void **state)
{
	struct image expected = image_new();
	struct written written;

	(void)state;
	begin(&written);
	seal(&written, TYPE_BACKEND, 0, "of the first stream", 19);
	image_free(&written.image);
	begin(&written);
	finish(&written);

	image_header(&expected, 1, 1);
	image_end(&expected);
	expect_image(&written, &expected);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(header_is_these_bytes),
	cmocka_unit_test(record_is_these_bytes),
	cmocka_unit_test(stream_is_as_the_man_page_says),
	cmocka_unit_test(stream_without_records_has_an_end),
	cmocka_unit_test(record_may_be_empty_or_of_the_largest_size),
	cmocka_unit_test(writer_can_begin_again),
};

UNIT_MAIN(tests)
