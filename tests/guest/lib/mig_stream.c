// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bytes that go through data files, and the records they are made of.
 */
#include "mig_stream.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

/* CRC-32C, bits reversed (RFC 3720, 12.1) */
#define CRC32C_POLYNOMIAL 0x82f63b78

#define HEADER_BYTES sizeof(struct vmp_stream_header)
#define RECORD_BYTES sizeof(struct vmp_record_header)

void mig_stream_free(struct mig_stream *stream)
{
	free(stream->bytes);
	*stream = (struct mig_stream) {};
}

static void resize(struct mig_stream *stream, size_t length)
{
	stream->bytes = realloc(stream->bytes, length ? length : 1);
	if (!stream->bytes)
		abort();
	stream->length = length;
}

void mig_stream_append(struct mig_stream *stream, const void *bytes,
		       size_t length)
{
	size_t at = stream->length;

	resize(stream, at + length);
	memcpy(stream->bytes + at, bytes, length);
}

struct mig_stream mig_stream_copy(const struct mig_stream *stream)
{
	struct mig_stream copy = {};

	mig_stream_append(&copy, stream->bytes, stream->length);
	return copy;
}

int mig_stream_read(struct mig_stream *stream, int data_fd, size_t piece)
{
	size_t before;
	ssize_t got;

	do {
		before = stream->length;
		resize(stream, before + piece);
		got = read(data_fd, stream->bytes + before, piece);
		stream->length = before + (got > 0 ? got : 0);
	} while (got > 0);
	return got ? failure_set(errno, "cannot read the data file") : 0;
}

int mig_stream_write(const struct mig_stream *stream, int data_fd, size_t piece)
{
	size_t done = 0;
	ssize_t got;

	while (done < stream->length) {
		size_t left = stream->length - done;

		got = write(data_fd, stream->bytes + done,
			    left < piece ? left : piece);
		if (got < 0)
			return failure_set(errno, "cannot write byte %zu of %zu to the data file",
					   done, stream->length);
		if (!got)
			fail_msg("the data file took no byte at %zu", done);
		done += got;
	}
	return 0;
}

struct mig_stream mig_save(struct client *client)
{
	struct mig_stream stream = {};

	assert_done(mig_go(client, MIG_STOP_COPY));
	assert_done(mig_stream_read(&stream, client->data_fd, MIG_PIECE));
	return stream;
}

int mig_load(struct client *client, const struct mig_stream *stream)
{
	int ret;

	assert_done(mig_go(client, MIG_RESUMING));
	ret = mig_stream_write(stream, client->data_fd, MIG_PIECE);
	return ret ? ret : mig_go(client, MIG_STOP);
}

void mig_move(struct client *source, struct client *target)
{
	struct mig_stream stream = mig_save(source);

	assert_done(mig_go(source, MIG_STOP));
	assert_done(mig_load(target, &stream));
	assert_done(mig_go(target, MIG_RUNNING));
	mig_stream_free(&stream);
}

static uint32_t crc32c(uint32_t crc, const void *data, size_t length)
{
	static uint32_t table[256];
	const uint8_t *byte = data;
	uint32_t value;
	int i, bit;

	for (i = 0; !table[255] && i < 256; i++) {
		value = i;
		for (bit = 0; bit < 8; bit++)
			value = value >> 1 ^
				(value & 1 ? CRC32C_POLYNOMIAL : 0);
		table[i] = value;
	}
	crc = ~crc;
	while (length--)
		crc = crc >> 8 ^ table[(crc ^ *byte++) & 0xff];
	return ~crc;
}

static struct vmp_record_header *header_at(const struct mig_stream *stream,
					   size_t offset)
{
	return (void *)(stream->bytes + offset);
}

/* Over the fields before the checksum, and the payload */
static uint32_t record_crc(const struct vmp_record_header *header)
{
	uint32_t crc = crc32c(0, header, offsetof(typeof(*header), crc32c));

	return crc32c(crc, header + 1, le32toh(header->length));
}

static uint32_t header_crc(const struct mig_stream *stream)
{
	return crc32c(0, stream->bytes,
		      offsetof(struct vmp_stream_header, crc32c));
}

void *mig_stream_payload(struct mig_stream *stream,
			 const struct mig_record *record)
{
	return stream->bytes + record->offset + RECORD_BYTES;
}

/* Relies on nothing but the records' lengths. */
static struct mig_records find_records(const struct mig_stream *stream)
{
	struct mig_records all = {};
	size_t offset = HEADER_BYTES;

	while (offset < stream->length) {
		struct mig_record *record = &all.records[all.nr_records++];
		struct vmp_record_header *header = header_at(stream, offset);

		assert_that(all.nr_records <= MIG_MAX_RECORDS,
			    "the stream has more records than are expected");
		assert_that(offset + RECORD_BYTES <= stream->length,
			    "the stream ends in the header of record %u",
			    all.nr_records - 1);
		record->offset = offset;
		record->length = RECORD_BYTES + le32toh(header->length);
		record->type = le32toh(header->type);
		offset += record->length;
		assert_that(offset <= stream->length,
			    "the stream ends in record %u",
			    all.nr_records - 1);
	}
	return all;
}

static struct vmp_stream_end compute_end(const struct mig_stream *stream,
					 const struct mig_records *all)
{
	const struct vmp_stream_header *header = (void *)stream->bytes;
	const struct mig_record *last = &all->records[all->nr_records - 1];
	uint32_t digest = crc32c(0, &header->crc32c, sizeof(header->crc32c));
	unsigned int i;

	for (i = 0; i < all->nr_records - 1; i++)
		digest = crc32c(digest, &header_at(stream,
						   all->records[i].offset)->crc32c,
				sizeof(header->crc32c));
	return (struct vmp_stream_end) {
		.nr_records = htole64(all->nr_records - 1),
		.bytes = htole64(last->offset),
		.digest = htole32(digest),
	};
}

struct mig_records mig_stream_walk(const struct mig_stream *stream)
{
	const struct vmp_stream_header *header = (void *)stream->bytes;
	struct mig_records all;
	struct vmp_stream_end end;
	unsigned int i;

	assert_true(stream->length > HEADER_BYTES);
	assert_memory_equal(header->magic, "VMPSTATE", 8);
	assert_int_equal(le16toh(header->version), VMP_STREAM_VERSION);
	assert_int_equal(le32toh(header->header_bytes), HEADER_BYTES);
	assert_int_equal(le32toh(header->crc32c), header_crc(stream));
	all = find_records(stream);
	for (i = 0; i < all.nr_records; i++) {
		struct vmp_record_header *record =
			header_at(stream, all.records[i].offset);

		assert_int_equal(le32toh(record->crc32c), record_crc(record));
	}
	assert_true(all.nr_records > 2);
	assert_int_equal(all.records[0].type, VMP_RECORD_IDENTITY);
	assert_int_equal(all.records[i - 1].type, VMP_RECORD_END);
	assert_int_equal(all.records[i - 1].length,
			 RECORD_BYTES + sizeof(end));
	end = compute_end(stream, &all);
	assert_memory_equal(stream->bytes + stream->length - sizeof(end), &end,
			    sizeof(end));
	return all;
}

void mig_stream_seal(struct mig_stream *stream)
{
	struct vmp_stream_header *header = (void *)stream->bytes;
	struct mig_records all = find_records(stream);
	struct mig_record *last = &all.records[all.nr_records - 1];
	struct vmp_stream_end end;
	unsigned int i;

	header->crc32c = htole32(header_crc(stream));
	for (i = 0; i < all.nr_records; i++) {
		struct vmp_record_header *record =
			header_at(stream, all.records[i].offset);

		if (&all.records[i] == last &&
		    last->length == RECORD_BYTES + sizeof(end)) {
			end = compute_end(stream, &all);
			memcpy(record + 1, &end, sizeof(end));
		}
		record->crc32c = htole32(record_crc(record));
	}
}

void mig_stream_insert(struct mig_stream *stream, size_t offset, uint32_t type,
		       uint32_t flags, uint32_t length)
{
	size_t behind = stream->length - offset;
	struct vmp_record_header *header;

	resize(stream, stream->length + RECORD_BYTES + length);
	header = header_at(stream, offset);
	memmove((uint8_t *)(header + 1) + length, header, behind);
	memset(header, 0, RECORD_BYTES + length);
	header->type = htole32(type);
	header->flags = htole32(flags);
	header->length = htole32(length);
	header->crc32c = htole32(record_crc(header));
}

void mig_stream_cut(struct mig_stream *stream, size_t offset, size_t length)
{
	size_t behind = stream->length - offset - length;

	memmove(stream->bytes + offset, stream->bytes + offset + length,
		behind);
	resize(stream, stream->length - length);
}
