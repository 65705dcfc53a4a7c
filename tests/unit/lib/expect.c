// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stream that is good, and assertions about what a reader says of one.
 */
#include "unit.h"

#include "expect.h"

struct image good_image(void)
{
	struct image image = image_new();

	image_header(&image, 1, 1);
	image_identity(&image);
	image_record(&image, TYPE_BACKEND, FLAG_MANDATORY, "first", 5);
	image_record(&image, TYPE_BACKEND + 1, FLAG_MANDATORY, NULL, 0);
	image_record(&image, TYPE_BACKEND + 2, 0, NULL, 0);
	image_record(&image, TYPE_CONFIG, FLAG_MANDATORY, "a config", 8);
	image_record(&image, TYPE_BACKEND, FLAG_MANDATORY, "other", 5);
	image_end(&image);
	return image;
}

void expect_whole(struct reading reading, const struct image *image)
{
	assert_int_equal(reading.verdict, 1);
	assert_int_equal(reading.records.length, image->length - HEADER_BYTES);
	assert_memory_equal(reading.records.bytes, image->bytes + HEADER_BYTES,
			    reading.records.length);
	assert_int_equal(reading.reader.bytes, image->length);
	assert_int_equal(reading.reader.nr_records, reading.nr_records);
	reading_free(&reading);
}

void expect_refusal(const struct image *image, int verdict,
		    const char *reason)
{
	struct reading reading = reading_of(image);

	reading_free(&reading);
	assert_int_equal(reading.verdict, verdict);
	assert_int_equal(reading.reader.part, VMP_STREAM_REFUSED);
	assert_non_null(strstr(reading.reader.complaint, reason));
}
