// SPDX-License-Identifier: GPL-2.0-only
/*
 * Streams of other versions than the writer's, and the first one, for ever.
 */
#include "unit.h"

#include <stdio.h>

#include "image.h"
#include "migration/stream.h"
#include "reading.h"

static struct image image_of_version(uint16_t version, uint16_t oldest)
{
	struct image image = image_new();

	image_header(&image, version, oldest);
	image_identity(&image);
	image_end(&image);
	return image;
}

static void expect_verdict(uint16_t version, uint16_t oldest, int verdict)
{
	struct image image = image_of_version(version, oldest);

	assert_int_equal(reading_verdict(&image), verdict);
	image_free(&image);
}

static void later_version_for_this_reader_is_read(void **state)
{
	(void)state;
	expect_verdict(2, 1, 1);
	expect_verdict(0xffff, 1, 1);
}

static void later_version_for_later_readers_is_refused(void **state)
{
	(void)state;
	expect_verdict(2, 2, -EPROTONOSUPPORT);
	expect_verdict(0xffff, 0xffff, -EPROTONOSUPPORT);
	expect_verdict(3, 0x0100, -EPROTONOSUPPORT);
}

static void versions_that_make_no_sense_are_refused(void **state)
{
	(void)state;
	expect_verdict(0, 0, -EPROTONOSUPPORT);
	expect_verdict(1, 0, -EPROTONOSUPPORT);
	expect_verdict(0, 1, -EPROTONOSUPPORT);
	expect_verdict(1, 2, -EPROTONOSUPPORT);
}

/* As a caller skips what it does not know, if the writer allows it. */
static void unknown_record_of_a_later_version_says_if_it_may_be_skipped(
	void **state)
{
	static const uint32_t types[] = { 4, 255, 0xffffffff };
	struct image image = image_new();
	struct reading reading;
	size_t at;
	size_t i;

	(void)state;
	image_header(&image, 2, 1);
	image_identity(&image);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		image_record(&image, types[i], 0, "news", 4);
		image_record(&image, types[i], FLAG_MANDATORY, "news", 4);
	}
	image_end(&image);
	reading = reading_of(&image);
	assert_int_equal(reading.verdict, 1);
	assert_int_equal(reading.nr_records, 2 + 2 * ARRAY_SIZE(types));
	for (i = 0; i < 2 * ARRAY_SIZE(types); i++) {
		at = image_offset(&image, 1 + i) - HEADER_BYTES;
		assert_int_equal(get32(reading.records.bytes + at + RECORD_TYPE),
				 types[i / 2]);
		assert_int_equal(get32(reading.records.bytes + at +
				       RECORD_FLAGS),
				 i % 2 ? VMP_RECORD_MANDATORY : 0);
	}
	reading_free(&reading);
	image_free(&image);
}

static void header_with_anything_new_in_it_is_refused(void **state)
{
	static const size_t fields[] = {
		HEADER_HEADER_BYTES, HEADER_HEADER_BYTES + 3, HEADER_FLAGS,
		HEADER_FLAGS + 3, HEADER_RESERVED, HEADER_RESERVED + 7,
	};
	struct image image = image_of_version(2, 1);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		image.bytes[fields[i]] ^= 1;
		image_fix_end(&image);
		assert_int_equal(reading_verdict(&image), -EPROTONOSUPPORT);
		image.bytes[fields[i]] ^= 1;
	}
	image_free(&image);
}

static struct image golden_image(void)
{
	struct image image = image_new();
	uint8_t buffer[4096];
	ssize_t got;
	FILE *file;

	/* tests/unit/run makes it of tests/unit/data/stream-1.hex. */
	file = fopen(UNIT_DATA "/stream-1", "rb");
	assert_non_null(file);
	while ((got = fread(buffer, 1, sizeof(buffer), file)) > 0)
		image_append(&image, buffer, got);
	fclose(file);
	return image;
}

/* A file that somebody kept since version 1; it never changes. */
static void golden_stream_of_version_1_is_read(void **state)
{
	static const struct {
		uint32_t type;
		uint32_t flags;
		uint32_t length;
	} expected[] = {
		{ VMP_RECORD_IDENTITY, VMP_RECORD_MANDATORY, 128 },
		{ VMP_RECORD_BACKEND, VMP_RECORD_MANDATORY, 16 },
		{ VMP_RECORD_BACKEND, VMP_RECORD_MANDATORY, 16 },
		{ VMP_RECORD_CONFIG, VMP_RECORD_MANDATORY, 6 },
		{ VMP_RECORD_BACKEND + 1, 0, 0 },
		{ VMP_RECORD_BACKEND + 31, VMP_RECORD_MANDATORY, 1 },
		{ VMP_RECORD_END, VMP_RECORD_MANDATORY, 24 },
	};
	struct image image = golden_image();
	struct reading reading = reading_of(&image);
	const uint8_t *record = reading.records.bytes;
	size_t i;

	(void)state;
	assert_int_equal(reading.verdict, 1);
	assert_int_equal(reading.nr_records, ARRAY_SIZE(expected));
	for (i = 0; i < ARRAY_SIZE(expected); i++) {
		assert_int_equal(get32(record + RECORD_TYPE), expected[i].type);
		assert_int_equal(get32(record + RECORD_FLAGS),
				 expected[i].flags);
		assert_int_equal(get32(record + RECORD_LENGTH),
				 expected[i].length);
		record += RECORD_BYTES + expected[i].length;
	}
	assert_memory_equal(reading.records.bytes + RECORD_BYTES,
			    image_identity_bytes, IDENTITY_BYTES);
	assert_memory_equal(reading.records.bytes + 2 * RECORD_BYTES +
			    IDENTITY_BYTES, "the first state ", 16);
	reading_free(&reading);
	image_free(&image);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(later_version_for_this_reader_is_read),
	cmocka_unit_test(later_version_for_later_readers_is_refused),
	cmocka_unit_test(versions_that_make_no_sense_are_refused),
	cmocka_unit_test(unknown_record_of_a_later_version_says_if_it_may_be_skipped),
	cmocka_unit_test(header_with_anything_new_in_it_is_refused),
	cmocka_unit_test(golden_stream_of_version_1_is_read),
};

UNIT_MAIN(tests)
