// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reader of module/migration/stream.h, fed with a whole stream in pieces.
 */
#include "reading.h"

#include <stdlib.h>
#include <string.h>

static void keep_record(struct reading *reading)
{
	const struct vmp_stream_reader *reader = &reading->reader;

	image_record(&reading->records, reader->type, reader->flags,
		     reader->payload, reader->length);
	reading->nr_records++;
}

/* A reader's answer to one piece. */
static int feed(struct reading *reading, const uint8_t *piece, size_t length)
{
	size_t used;
	int ret;

	do {
		ret = vmp_stream_feed(&reading->reader, piece, length, &used);
		if (used > length)
			abort();
		if (ret == 1)
			keep_record(reading);
		else if (!ret && used != length)
			abort();
		piece += used;
		length -= used;
	} while (ret >= 0 && length);
	return ret < 0 ? ret : 0;
}

struct reading reading_of_pieces(const void *stream, size_t length,
				 size_t capacity,
				 size_t (*next_piece)(size_t most, void *arg),
				 void *arg)
{
	struct reading reading = { .records = image_new() };
	void *payload = malloc(capacity);
	const uint8_t *next = stream;
	size_t bytes;
	void *piece;

	vmp_stream_reader_init(&reading.reader, payload, capacity);
	while (length && !reading.verdict) {
		bytes = next_piece(length, arg);
		piece = malloc(bytes);
		memcpy(piece, next, bytes);
		reading.verdict = feed(&reading, piece, bytes);
		free(piece);
		next += bytes;
		length -= bytes;
	}
	if (!reading.verdict)
		reading.verdict = reading.reader.part == VMP_STREAM_ENDED;
	reading.reader.payload = NULL;
	free(payload);
	return reading;
}

static size_t all(size_t most, void *arg)
{
	(void)arg;
	return most;
}

struct reading reading_of(const struct image *image)
{
	return reading_of_pieces(image->bytes, image->length, RECORD_MAX_BYTES,
				 all, NULL);
}

static size_t until_cut(size_t most, void *arg)
{
	size_t *cut = arg;
	size_t bytes = *cut && *cut < most ? *cut : most;

	*cut = 0;
	return bytes;
}

struct reading reading_of_two(const struct image *image, size_t cut)
{
	return reading_of_pieces(image->bytes, image->length, RECORD_MAX_BYTES,
				 until_cut, &cut);
}

static size_t equal(size_t most, void *arg)
{
	size_t *bytes = arg;

	return *bytes < most ? *bytes : most;
}

struct reading reading_of_equal(const struct image *image, size_t piece)
{
	return reading_of_pieces(image->bytes, image->length, RECORD_MAX_BYTES,
				 equal, &piece);
}

void reading_free(struct reading *reading)
{
	image_free(&reading->records);
}

int reading_verdict(const struct image *image)
{
	struct reading reading = reading_of(image);

	reading_free(&reading);
	return reading.verdict;
}
