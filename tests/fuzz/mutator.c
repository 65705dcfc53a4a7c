// SPDX-License-Identifier: GPL-2.0-only
/*
 * How libFuzzer changes streams: it knows records, and makes checksums right
 * afterwards, most of the time. Bytes that were changed at random would never
 * get past the first checksum.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "image.h"

#define MAX_RECORDS 64

/* A stream taken apart; what is behind its last whole record is its tail. */
struct parts {
	struct image stream;
	size_t at[MAX_RECORDS + 1];
	unsigned int nr;
};

static struct parts take_apart(const uint8_t *data, size_t length)
{
	struct parts parts = { .stream = image_new() };
	size_t bytes;

	image_append(&parts.stream, data, length);
	parts.at[0] = HEADER_BYTES;
	while (parts.nr < MAX_RECORDS) {
		bytes = image_record_bytes(&parts.stream, parts.at[parts.nr]);
		if (!bytes)
			break;
		parts.at[parts.nr + 1] = parts.at[parts.nr] + bytes;
		parts.nr++;
	}
	return parts;
}

static void copy_record(struct image *to, const struct parts *parts,
			unsigned int record)
{
	image_append(to, parts->stream.bytes + parts->at[record],
		     parts->at[record + 1] - parts->at[record]);
}

/* The records, but for one that is gone, twice there, or exchanged. */
static struct image rearrange(const struct parts *parts, unsigned int what)
{
	struct image image = image_new();
	unsigned int one = rand() % parts->nr;
	unsigned int other = rand() % parts->nr;
	unsigned int record;
	unsigned int i;

	image_append(&image, parts->stream.bytes, HEADER_BYTES);
	for (i = 0; i < parts->nr; i++) {
		record = i;
		if (what == 2 && i == one)
			record = other;
		if (what == 2 && i == other)
			record = one;
		if (what == 0 && i == one)
			continue;
		copy_record(&image, parts, record);
		if (what == 1 && i == one)
			copy_record(&image, parts, other);
	}
	image_append(&image, parts->stream.bytes + parts->at[parts->nr],
		     parts->stream.length - parts->at[parts->nr]);
	return image;
}

/* One more record in front of another, of types that matter. */
static struct image insert(const struct parts *parts)
{
	static const uint32_t types[] = {
		0, TYPE_IDENTITY, TYPE_CONFIG, TYPE_END, 4, TYPE_BACKEND,
		TYPE_BACKEND + 31, 0xffffffff,
	};
	static const uint32_t lengths[] = { 0, 1, 15, 24, 128, 136, 137, 300 };
	static const uint8_t zeros[300];
	struct image image = image_new();
	size_t at = parts->at[rand() % (parts->nr + 1)];

	image_append(&image, parts->stream.bytes, at);
	image_record(&image, types[rand() % 8], rand() % 3, zeros,
		     lengths[rand() % 8]);
	image_append(&image, parts->stream.bytes + at,
		     parts->stream.length - at);
	return image;
}

/* A number of a header or of an end, one bit or all of it. */
static void change_number(struct image *image, const struct parts *parts)
{
	static const uint32_t values[] = {
		0, 1, 2, 3, 16, 24, 128, 0x10000, 0xfffff, 0x100000, 0x100001,
		0x80000000, 0xffffffff,
	};
	unsigned int record = rand() % (parts->nr + 1);
	size_t at = record == parts->nr ? 0 : parts->at[record];
	size_t room = record == parts->nr ? HEADER_BYTES :
		      parts->at[record + 1] - at;

	if (room > RECORD_BYTES + END_BYTES)
		room = RECORD_BYTES + END_BYTES;
	at += rand() % (room / 4) * 4;
	if (rand() % 2)
		image->bytes[at + rand() % 4] ^= 1 << rand() % 8;
	else
		put32(image->bytes + at, values[rand() % 13]);
}

static struct image change(const struct parts *parts)
{
	unsigned int what = rand() % 6;
	struct image image;

	if (what < 3)
		return rearrange(parts, what);
	if (what == 3)
		return insert(parts);
	image = image_new();
	image_append(&image, parts->stream.bytes, parts->stream.length);
	change_number(&image, parts);
	return image;
}

static struct image mutate_bytes(const uint8_t *data, size_t length,
				 size_t most)
{
	struct image image = image_new();
	uint8_t *copy = malloc(most);

	if (!copy)
		abort();
	memcpy(copy, data, length);
	length = LLVMFuzzerMutate(copy, length, most);
	image_append(&image, copy, length);
	free(copy);
	return image;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t length, size_t most,
			       unsigned int seed)
{
	struct parts parts;
	struct image image;

	srand(seed);
	parts = take_apart(data, length);
	if (length < HEADER_BYTES || !parts.nr || !(rand() % 4))
		image = mutate_bytes(data, length, most);
	else
		image = change(&parts);
	image_free(&parts.stream);

	switch (rand() % 8) {
	case 0:
		break;
	case 1:
		image_fix_checksums(&image);
		break;
	default:
		image_fix_end(&image);
	}
	if (image.length > most)
		image.length = most;
	memcpy(data, image.bytes, image.length);
	length = image.length;
	image_free(&image);
	return length;
}
