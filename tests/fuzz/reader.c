// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must hold of the stream's reader for any bytes: it says what a reader
 * that has the whole stream before it says, in whatever pieces they come, and
 * what it takes the writer writes again byte for byte. libFuzzer calls it, or
 * replay.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "image.h"
#include "migration/stream.h"
#include "reading.h"

/* Room for payloads: more than an input has, and less. */
#define LARGE_CAPACITY 65536
#define SMALL_CAPACITY 136

static void expect(bool is_so, const char *what)
{
	if (is_so)
		return;
	fprintf(stderr, "the reader breaks a promise: %s\n", what);
	abort();
}

static size_t whole(size_t most, void *arg)
{
	(void)arg;
	return most;
}

/* Pieces of any length, most of them short. */
static size_t random_piece(size_t most, void *arg)
{
	uint32_t *seed = arg;
	size_t bytes;

	*seed = *seed * 1664525 + 1013904223;
	bytes = 1 + (*seed >> 24) % (*seed >> 20 & 1 ? 3 : 200);
	return bytes < most ? bytes : most;
}

static bool is_refused(struct vmp_stream_reader reader)
{
	size_t used;

	return reader.part == VMP_STREAM_REFUSED &&
	       vmp_stream_feed(&reader, "x", 1, &used) == -EBADMSG && !used;
}

static void expect_judgement(const struct reading *reading,
			     const struct judgement *expected)
{
	expect(reading->verdict == expected->verdict,
	       "its verdict is the document's");
	expect(reading->nr_records == expected->nr_records,
	       "it gives the records before that");
	expect((reading->verdict < 0) == is_refused(reading->reader),
	       "what it refuses stays refused");
	expect((reading->verdict < 0) == !!reading->reader.complaint,
	       "it says why it refuses");
}

static struct reading read_and_check(const uint8_t *data, size_t length,
				     size_t capacity)
{
	struct judgement expected = image_judge(data, length, capacity);
	struct reading reading = reading_of_pieces(data, length, capacity,
						   whole, NULL);
	uint32_t seed = image_crc(data, length);
	struct reading pieces = reading_of_pieces(data, length, capacity,
						  random_piece, &seed);

	expect_judgement(&reading, &expected);
	expect_judgement(&pieces, &expected);
	expect(reading.records.length == pieces.records.length &&
	       (!reading.records.length ||
		!memcmp(reading.records.bytes, pieces.records.bytes,
			reading.records.length)),
	       "the same records come of whatever pieces");
	reading_free(&pieces);
	return reading;
}

/* What the writer makes of the records is the stream that they came from. */
static void write_again(const struct reading *reading, const uint8_t *data)
{
	uint8_t *records = reading->records.bytes;
	uint8_t end[VMP_STREAM_END_BYTES];
	struct vmp_stream_writer writer;
	uint8_t header[HEADER_BYTES];
	size_t bytes;
	size_t at;

	vmp_stream_begin(&writer, header);
	expect(!memcmp(header, data, sizeof(header)), "the header is the writer's");
	for (at = 0; at + sizeof(end) < reading->records.length; at += bytes) {
		bytes = vmp_stream_seal(&writer, records + at,
					get32(records + at + RECORD_TYPE),
					get32(records + at + RECORD_FLAGS),
					get32(records + at + RECORD_LENGTH));
		expect(!memcmp(records + at, data + HEADER_BYTES + at, bytes),
		       "a record is the writer's");
	}
	expect(vmp_stream_finish(&writer, end) == sizeof(end) &&
	       at + sizeof(end) == reading->records.length,
	       "the end is the last record");
	/* but for its flag, which a writer always sets */
	memcpy(end + RECORD_FLAGS, data + HEADER_BYTES + at + RECORD_FLAGS, 4);
	memcpy(end + RECORD_CRC, data + HEADER_BYTES + at + RECORD_CRC, 4);
	expect(!memcmp(end, data + HEADER_BYTES + at, sizeof(end)),
	       "the end is the writer's");
}

/* Only an identity like the target's, but for versions that go together. */
static void compare_identity(const uint8_t *theirs)
{
	uint32_t oldest = get32(theirs + 20);
	uint32_t version = get32(theirs + 16);
	bool is_equal = !memcmp(theirs, image_identity_bytes, 16) &&
			!memcmp(theirs + 24, image_identity_bytes + 24, 104);
	bool is_readable = version >= 2 && oldest <= 3 && oldest <= version;
	const char *mismatch;

	mismatch = vmp_identity_mismatch((const void *)theirs,
					 (const void *)image_identity_bytes, 2);
	expect(!mismatch == (is_equal && is_readable),
	       "a device's state goes to its like");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct reading reading = read_and_check(data, length, SMALL_CAPACITY);

	reading_free(&reading);
	reading = read_and_check(data, length, LARGE_CAPACITY);
	if (reading.verdict == 1 && get16(data + HEADER_VERSION) == 1)
		write_again(&reading, data);
	if (reading.nr_records)
		compare_identity(reading.records.bytes + RECORD_BYTES);
	reading_free(&reading);
	return 0;
}
