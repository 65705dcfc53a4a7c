// SPDX-License-Identifier: GPL-2.0-only
/*
 * Streams made and judged by vfio-mdev-pci-stream(5) alone.
 */
#include "image.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const uint8_t image_identity_bytes[IDENTITY_BYTES] = {
	/* 0: backend */ 'u', 'n', 'i', 't',
	/* 16: its version 3, for readers from 2 on */
	[16] = 3, [20] = 2,
	/* 24: vendor, device, subsystem vendor, subsystem device */
	[24] = 0x34, 0x12, 0xe8, 0x11, 0xf4, 0x1a, 0x00, 0x11,
	/* 32: revision 10, class 00ff00 */
	[32] = 0x10, 0x00, 0xff, 0x00,
	/* 36: one MSI vector, no MSI-X; 40: capabilities 1 and 5 */
	[36] = 1, [40] = 0x22,
	/* 48: BAR 0 of 1 MiB, BAR 2 of 4 GiB, 64 bit, prefetchable */
	[48 + 2] = 0x10, [64 + 4] = 1, [96 + 2] = 0xc,
};

void put16(uint8_t *at, uint16_t value)
{
	at[0] = value;
	at[1] = value >> 8;
}

void put32(uint8_t *at, uint32_t value)
{
	put16(at, value);
	put16(at + 2, value >> 16);
}

void put64(uint8_t *at, uint64_t value)
{
	put32(at, value);
	put32(at + 4, value >> 32);
}

uint16_t get16(const uint8_t *at)
{
	return at[0] | at[1] << 8;
}

uint32_t get32(const uint8_t *at)
{
	return get16(at) | (uint32_t)get16(at + 2) << 16;
}

uint64_t get64(const uint8_t *at)
{
	return get32(at) | (uint64_t)get32(at + 4) << 32;
}

static uint32_t add_to_crc(uint32_t crc, const uint8_t *data, size_t length)
{
	int bit;

	while (length--) {
		crc ^= *data++;
		for (bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
	}
	return crc;
}

uint32_t image_crc(const void *data, size_t length)
{
	return ~add_to_crc(0xffffffff, data, length);
}

static uint32_t record_crc(const uint8_t *record, uint32_t length)
{
	uint32_t crc = add_to_crc(0xffffffff, record, RECORD_CRC);

	return ~add_to_crc(crc, record + RECORD_BYTES, length);
}

struct image image_new(void)
{
	return (struct image) { NULL, 0 };
}

void image_free(struct image *image)
{
	free(image->bytes);
	*image = image_new();
}

void image_append(struct image *image, const void *data, size_t length)
{
	image->bytes = realloc(image->bytes, image->length + length + 1);
	if (!image->bytes)
		abort();
	if (length)
		memcpy(image->bytes + image->length, data, length);
	image->length += length;
}

void image_header(struct image *image, uint16_t version, uint16_t oldest)
{
	uint8_t header[HEADER_BYTES] = "VMPSTATE";

	put16(header + HEADER_VERSION, version);
	put16(header + HEADER_OLDEST_READER, oldest);
	put32(header + HEADER_HEADER_BYTES, 32);
	put32(header + HEADER_CRC, image_crc(header, HEADER_CRC));
	image_append(image, header, sizeof(header));
}

void image_record(struct image *image, uint32_t type, uint32_t flags,
		  const void *payload, uint32_t length)
{
	size_t at = image->length;
	uint8_t header[RECORD_BYTES];

	put32(header + RECORD_TYPE, type);
	put32(header + RECORD_FLAGS, flags);
	put32(header + RECORD_LENGTH, length);
	image_append(image, header, sizeof(header));
	image_append(image, payload, length);
	put32(image->bytes + at + RECORD_CRC,
	      record_crc(image->bytes + at, length));
}

void image_identity(struct image *image)
{
	image_record(image, TYPE_IDENTITY, FLAG_MANDATORY,
		     image_identity_bytes, IDENTITY_BYTES);
}

size_t image_record_bytes(const struct image *image, size_t at)
{
	size_t left = at < image->length ? image->length - at : 0;
	uint64_t bytes;

	if (left < RECORD_BYTES)
		return 0;
	bytes = RECORD_BYTES + (uint64_t)get32(image->bytes + at + RECORD_LENGTH);
	return bytes > left ? 0 : bytes;
}

size_t image_offset(const struct image *image, unsigned int record)
{
	size_t at = HEADER_BYTES;
	size_t bytes;

	while (record--) {
		bytes = image_record_bytes(image, at);
		if (!bytes)
			return image->length;
		at += bytes;
	}
	return at;
}

void image_fix_checksums(struct image *image)
{
	size_t at = HEADER_BYTES;
	size_t bytes;

	if (image->length < HEADER_BYTES)
		return;
	put32(image->bytes + HEADER_CRC, image_crc(image->bytes, HEADER_CRC));
	while ((bytes = image_record_bytes(image, at))) {
		put32(image->bytes + at + RECORD_CRC,
		      record_crc(image->bytes + at, bytes - RECORD_BYTES));
		at += bytes;
	}
}

/* What an end at @end has to say. */
static void describe(const struct image *image, size_t end, uint8_t *payload)
{
	uint32_t crc = add_to_crc(0xffffffff, image->bytes + HEADER_CRC, 4);
	size_t at = HEADER_BYTES;
	uint64_t nr_records = 0;

	for (; at < end; at += image_record_bytes(image, at)) {
		crc = add_to_crc(crc, image->bytes + at + RECORD_CRC, 4);
		nr_records++;
	}
	put64(payload + END_NR_RECORDS, nr_records);
	put64(payload + END_BYTES_BEFORE, end);
	put32(payload + END_DIGEST, ~crc);
	put32(payload + END_RESERVED, 0);
}

void image_end(struct image *image)
{
	uint8_t payload[END_BYTES];

	describe(image, image->length, payload);
	image_record(image, TYPE_END, FLAG_MANDATORY, payload, END_BYTES);
}

void image_fix_end(struct image *image)
{
	size_t end = image->length;
	size_t at;

	image_fix_checksums(image);
	if (image->length < HEADER_BYTES)
		return;
	for (at = HEADER_BYTES; image_record_bytes(image, at);
	     at += image_record_bytes(image, at))
		end = at;
	if (end == image->length ||
	    get32(image->bytes + end + RECORD_TYPE) != TYPE_END ||
	    get32(image->bytes + end + RECORD_LENGTH) != END_BYTES)
		return;
	describe(image, end, image->bytes + end + RECORD_BYTES);
	image_fix_checksums(image);
}

static int judge_header(const uint8_t *header)
{
	uint16_t version = get16(header + HEADER_VERSION);
	uint16_t oldest = get16(header + HEADER_OLDEST_READER);

	if (memcmp(header, "VMPSTATE", 8) ||
	    get32(header + HEADER_CRC) != image_crc(header, HEADER_CRC))
		return -EBADMSG;
	if (oldest != 1 || version < 1)
		return -EPROTONOSUPPORT;
	if (get32(header + HEADER_HEADER_BYTES) != HEADER_BYTES ||
	    get32(header + HEADER_FLAGS) || get64(header + HEADER_RESERVED))
		return -EPROTONOSUPPORT;
	return 0;
}

/* Is the whole record at @at good? 1 if it is a good end. */
static int judge_record(const struct image *image, size_t at)
{
	const uint8_t *record = image->bytes + at;
	uint32_t length = get32(record + RECORD_LENGTH);
	uint32_t type = get32(record + RECORD_TYPE);
	bool is_identity = type == TYPE_IDENTITY;
	bool is_first = at == HEADER_BYTES;
	uint8_t end[END_BYTES];

	if (get32(record + RECORD_CRC) != record_crc(record, length) ||
	    get32(record + RECORD_FLAGS) > 1 || is_identity != is_first ||
	    (is_identity && length != IDENTITY_BYTES))
		return -EBADMSG;
	if (type != TYPE_END)
		return 0;

	describe(image, at, end);
	if (length != END_BYTES ||
	    memcmp(record + RECORD_BYTES, end, END_BYTES))
		return -EBADMSG;
	return 1;
}

struct judgement image_judge(const void *stream, size_t length, size_t capacity)
{
	struct image image = { (uint8_t *)stream, length };
	struct judgement judgement = { 0, 0 };
	size_t at = HEADER_BYTES;
	size_t bytes;

	if (length < HEADER_BYTES)
		return judgement;

	judgement.verdict = judge_header(stream);
	while (!judgement.verdict && length - at >= RECORD_BYTES) {
		bytes = get32(image.bytes + at + RECORD_LENGTH);
		if (bytes > capacity || bytes > RECORD_MAX_BYTES) {
			judgement.verdict = -EMSGSIZE;
			break;
		}
		if (bytes > length - at - RECORD_BYTES)
			break;
		judgement.verdict = judge_record(&image, at);
		judgement.nr_records += judgement.verdict >= 0;
		at += RECORD_BYTES + bytes;
	}
	if (judgement.verdict == 1 && at < length)
		judgement.verdict = -EINVAL;
	return judgement;
}
