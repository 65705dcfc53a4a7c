/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reader of module/migration/stream.h, fed with a whole stream in pieces.
 */
#ifndef UNIT_READING_H
#define UNIT_READING_H

#include <stdbool.h>

#include "image.h"
#include "migration/stream.h"

/**
 * struct reading - what came of it
 * @verdict: 1 if the stream is whole, 0 if there should be more, or -errno
 * @reader: the reader afterwards
 * @nr_records: records that the reader gave
 * @records: those records in the form that they had
 */
struct reading {
	int verdict;
	struct vmp_stream_reader reader;
	unsigned int nr_records;
	struct image records;
};

/**
 * reading_of_pieces() - feed a stream
 * @stream: the stream
 * @length: bytes of it
 * @capacity: room that the reader has for a payload
 * @next_piece: how long the next piece shall be, of at most so many bytes
 * @arg: for next_piece
 *
 * Each piece is at the end of memory of its own, so that sanitizers see when
 * the reader goes too far.
 *
 * Return: what came of it; reading_free() frees it.
 */
struct reading reading_of_pieces(const void *stream, size_t length,
				 size_t capacity,
				 size_t (*next_piece)(size_t most, void *arg),
				 void *arg);

/* In one piece, with room for the largest records. */
struct reading reading_of(const struct image *image);

/* In two pieces, cut at an offset. */
struct reading reading_of_two(const struct image *image, size_t cut);

/* In pieces of one length. */
struct reading reading_of_equal(const struct image *image, size_t piece);

void reading_free(struct reading *reading);

/* Only the verdict of reading_of(). */
int reading_verdict(const struct image *image);

#endif /* UNIT_READING_H */
