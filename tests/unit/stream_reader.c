// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the reader takes and what it refuses, however the bytes arrive; the
 * streams are made by vfio-mdev-pci-stream(5), not by the writer.
 */
#include "unit.h"

#include "expect.h"

static void whole_stream_is_taken(void **state)
{
	struct image image = good_image();
	struct reading reading = reading_of(&image);

	(void)state;
	assert_int_equal(reading.nr_records, NR_GOOD_RECORDS);
	expect_whole(reading, &image);
	image_free(&image);
}

static void stream_cut_anywhere_is_taken_in_two_pieces(void **state)
{
	struct image image = good_image();
	size_t cut;

	(void)state;
	for (cut = 1; cut < image.length; cut++)
		expect_whole(reading_of_two(&image, cut), &image);
	image_free(&image);
}

static void stream_is_taken_in_pieces_of_every_length(void **state)
{
	struct image image = good_image();
	size_t piece;

	(void)state;
	for (piece = 1; piece < image.length; piece++)
		expect_whole(reading_of_equal(&image, piece), &image);
	image_free(&image);
}

static void beginning_of_a_stream_is_neither_whole_nor_refused(void **state)
{
	struct image image = good_image();
	struct reading reading;
	struct judgement expected;
	struct image part;

	(void)state;
	for (part = image, part.length = 0; part.length < image.length;
	     part.length++) {
		reading = reading_of(&part);
		expected = image_judge(part.bytes, part.length,
				       RECORD_MAX_BYTES);
		assert_int_equal(reading.verdict, 0);
		assert_int_equal(reading.nr_records, expected.nr_records);
		reading_free(&reading);
	}
	image_free(&image);
}

static void stream_with_any_bit_wrong_is_never_whole(void **state)
{
	struct image image = good_image();
	struct reading reading;
	size_t bit;

	(void)state;
	for (bit = 0; bit < image.length * 8; bit++) {
		image.bytes[bit / 8] ^= 1 << bit % 8;
		reading = reading_of(&image);
		assert_int_equal(reading.verdict,
				 image_judge(image.bytes, image.length,
					     RECORD_MAX_BYTES).verdict);
		/* A length that is wrong may ask for more than there is. */
		assert_true(reading.verdict <= 0);
		assert_true(reading.nr_records < NR_GOOD_RECORDS);
		reading_free(&reading);
		image.bytes[bit / 8] ^= 1 << bit % 8;
	}
	image_free(&image);
}

/* Also of a payload, where nothing else tells. */
static void damaged_record_is_called_so(void **state)
{
	static const size_t places[] = {
		RECORD_TYPE, RECORD_FLAGS + 3, RECORD_CRC, RECORD_BYTES,
	};
	struct image image = good_image();
	size_t identity = image_offset(&image, 0);
	size_t config = image_offset(&image, CONFIG_RECORD);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		image.bytes[config + places[i]] ^= 0x10;
		expect_refusal(&image, -EBADMSG, "a damaged record");
		image.bytes[config + places[i]] ^= 0x10;
		image.bytes[identity + places[i]] ^= 0x10;
		expect_refusal(&image, -EBADMSG, "a damaged record");
		image.bytes[identity + places[i]] ^= 0x10;
	}
	image_free(&image);
}

static void damaged_header_is_called_so(void **state)
{
	struct image image = good_image();

	(void)state;
	image.bytes[0] = 'W';
	expect_refusal(&image, -EBADMSG, "does not begin as a stream does");
	image.bytes[0] = 'V';
	image.bytes[HEADER_VERSION] = 2;
	expect_refusal(&image, -EBADMSG, "a damaged header");
	image_free(&image);
}

/* A stream of some records of the good one, with its end as it was. */
static struct image image_of_records(const struct image *good, const int *order)
{
	struct image image = image_new();
	size_t at;

	image_append(&image, good->bytes, HEADER_BYTES);
	for (; *order >= 0; order++) {
		at = image_offset(good, *order);
		image_append(&image, good->bytes + at,
			     image_offset(good, *order + 1) - at);
	}
	return image;
}

static void records_in_another_order_are_refused(void **state)
{
	/* Of equal lengths; 2 and 3 have no payload. */
	static const int orders[][NR_GOOD_RECORDS + 1] = {
		{ 0, 5, 2, 3, 4, 1, 6, -1 },
		{ 0, 1, 3, 2, 4, 5, 6, -1 },
		{ 0, 2, 1, 3, 4, 5, 6, -1 },
	};
	struct image good = good_image();
	struct image image;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		image = image_of_records(&good, orders[i]);
		assert_int_equal(image.length, good.length);
		expect_refusal(&image, -EBADMSG, "digest");
		image_free(&image);
	}
	image_free(&good);
}

static void repeated_records_are_refused(void **state)
{
	/* Instead of others of the same length, or beside all others. */
	static const int orders[][NR_GOOD_RECORDS + 2] = {
		{ 0, 1, 2, 3, 4, 1, 6, -1 },
		{ 0, 1, 2, 2, 4, 5, 6, -1 },
		{ 0, 1, 3, 3, 4, 5, 6, -1 },
		{ 0, 1, 2, 3, 4, 4, 5, 6, -1 },
		{ 0, 1, 2, 2, 3, 4, 5, 6, -1 },
	};
	struct image good = good_image();
	struct image image;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		image = image_of_records(&good, orders[i]);
		expect_refusal(&image, -EBADMSG, "digest");
		image_free(&image);
	}
	image_free(&good);
}

static void stream_without_any_one_of_its_records_is_not_whole(void **state)
{
	struct image good = good_image();
	int order[NR_GOOD_RECORDS];
	struct image image;
	int lost;
	int i;

	(void)state;
	for (lost = 0; lost < NR_GOOD_RECORDS; lost++) {
		for (i = 0; i < NR_GOOD_RECORDS - 1; i++)
			order[i] = i + (i >= lost);
		order[i] = -1;
		image = image_of_records(&good, order);
		if (lost == 0)
			expect_refusal(&image, -EBADMSG, "whose state it is");
		else if (lost < NR_GOOD_RECORDS - 1)
			expect_refusal(&image, -EBADMSG, "digest");
		else
			assert_int_equal(reading_verdict(&image), 0);
		image_free(&image);
	}
	image_free(&good);
}

static void records_of_another_stream_are_refused(void **state)
{
	struct image good = good_image();
	struct image image = image_new();

	(void)state;
	image_append(&image, good.bytes, image_offset(&good, 1));
	image_record(&image, TYPE_BACKEND, FLAG_MANDATORY, "FIRST", 5);
	image_append(&image, good.bytes + image.length,
		     good.length - image.length);
	assert_int_equal(image.length, good.length);
	expect_refusal(&image, -EBADMSG, "digest");
	image_free(&image);
	image_free(&good);
}

static void identity_comes_first_and_once(void **state)
{
	struct image image = image_new();

	(void)state;
	image_header(&image, 1, 1);
	image_record(&image, TYPE_CONFIG, FLAG_MANDATORY, "config", 6);
	image_identity(&image);
	image_end(&image);
	expect_refusal(&image, -EBADMSG, "whose state it is");
	image_free(&image);

	image_header(&image, 1, 1);
	image_identity(&image);
	image_identity(&image);
	image_end(&image);
	expect_refusal(&image, -EBADMSG, "whose state it is");
	image_free(&image);

	image_header(&image, 1, 1);
	image_end(&image);
	expect_refusal(&image, -EBADMSG, "whose state it is");
	image_free(&image);
}

static void end_with_any_field_wrong_is_refused(void **state)
{
	static const size_t fields[] = {
		END_NR_RECORDS, END_NR_RECORDS + 7, END_BYTES_BEFORE,
		END_BYTES_BEFORE + 7, END_DIGEST, END_DIGEST + 3, END_RESERVED,
		END_RESERVED + 3,
	};
	struct image image = good_image();
	size_t end = image_offset(&image, NR_GOOD_RECORDS - 1) + RECORD_BYTES;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		image.bytes[end + fields[i]] ^= 1;
		image_fix_checksums(&image);
		expect_refusal(&image, -EBADMSG, "digest");
		image.bytes[end + fields[i]] ^= 1;
	}
	image_free(&image);
}

static void bytes_behind_the_end_are_refused(void **state)
{
	struct image image = good_image();
	struct image other = good_image();
	size_t i;

	(void)state;
	image_append(&image, "\0", 1);
	expect_refusal(&image, -EINVAL, "behind its end");
	image.length = other.length;
	image_append(&image, other.bytes, other.length);
	image_free(&other);
	for (i = 1; i < image.length; i++) {
		struct reading reading = reading_of_equal(&image, i);

		assert_int_equal(reading.verdict, -EINVAL);
		assert_int_equal(reading.nr_records, NR_GOOD_RECORDS);
		reading_free(&reading);
	}
	image_free(&image);
}

static void refused_reader_takes_nothing_more(void **state)
{
	struct image image = good_image();
	struct vmp_stream_reader reader;
	uint8_t payload[IDENTITY_BYTES];
	size_t used;

	(void)state;
	vmp_stream_reader_init(&reader, payload, sizeof(payload));
	image.bytes[0] = 'W';
	assert_int_equal(vmp_stream_feed(&reader, image.bytes, image.length,
					 &used), -EBADMSG);
	image.bytes[0] = 'V';
	assert_int_equal(vmp_stream_feed(&reader, image.bytes, image.length,
					 &used), -EBADMSG);
	assert_int_equal(used, 0);
	assert_int_equal(vmp_stream_feed(&reader, NULL, 0, &used), -EBADMSG);
	image_free(&image);
}

static void ended_reader_takes_nothing_of_no_length(void **state)
{
	struct image image = good_image();
	struct vmp_stream_reader reader;
	uint8_t payload[IDENTITY_BYTES];
	size_t used;
	size_t at;
	int i;

	(void)state;
	vmp_stream_reader_init(&reader, payload, sizeof(payload));
	assert_int_equal(vmp_stream_feed(&reader, NULL, 0, &used), 0);
	for (at = 0, i = 0; i < NR_GOOD_RECORDS; i++, at += used)
		assert_int_equal(vmp_stream_feed(&reader, image.bytes + at,
						 image.length - at, &used), 1);
	assert_int_equal(at, image.length);
	assert_int_equal(vmp_stream_feed(&reader, NULL, 0, &used), 0);
	assert_int_equal(reader.part, VMP_STREAM_ENDED);
	image_free(&image);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(whole_stream_is_taken),
	cmocka_unit_test(stream_cut_anywhere_is_taken_in_two_pieces),
	cmocka_unit_test(stream_is_taken_in_pieces_of_every_length),
	cmocka_unit_test(beginning_of_a_stream_is_neither_whole_nor_refused),
	cmocka_unit_test(stream_with_any_bit_wrong_is_never_whole),
	cmocka_unit_test(damaged_record_is_called_so),
	cmocka_unit_test(damaged_header_is_called_so),
	cmocka_unit_test(records_in_another_order_are_refused),
	cmocka_unit_test(repeated_records_are_refused),
	cmocka_unit_test(stream_without_any_one_of_its_records_is_not_whole),
	cmocka_unit_test(records_of_another_stream_are_refused),
	cmocka_unit_test(identity_comes_first_and_once),
	cmocka_unit_test(end_with_any_field_wrong_is_refused),
	cmocka_unit_test(bytes_behind_the_end_are_refused),
	cmocka_unit_test(refused_reader_takes_nothing_more),
	cmocka_unit_test(ended_reader_takes_nothing_of_no_length),
};

UNIT_MAIN(tests)
