/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Streams made and judged by vfio-mdev-pci-stream(5) alone, with the offsets
 * and numbers that stand there. Knows nothing of module/migration/stream.h, so
 * that a mistake in it is not made here too.
 */
#ifndef UNIT_IMAGE_H
#define UNIT_IMAGE_H

#include <stddef.h>
#include <stdint.h>

enum {
	HEADER_BYTES = 32,
	HEADER_VERSION = 8,
	HEADER_OLDEST_READER = 10,
	HEADER_HEADER_BYTES = 12,
	HEADER_FLAGS = 16,
	HEADER_RESERVED = 20,
	HEADER_CRC = 28,

	RECORD_BYTES = 16,
	RECORD_TYPE = 0,
	RECORD_FLAGS = 4,
	RECORD_LENGTH = 8,
	RECORD_CRC = 12,
	RECORD_MAX_BYTES = 1048576,

	END_NR_RECORDS = 0,
	END_BYTES_BEFORE = 8,
	END_DIGEST = 16,
	END_RESERVED = 20,
	END_BYTES = 24,

	IDENTITY_BYTES = 128,

	TYPE_IDENTITY = 1,
	TYPE_CONFIG = 2,
	TYPE_END = 3,
	TYPE_BACKEND = 256,

	FLAG_MANDATORY = 1,
};

/**
 * struct image - a stream in memory
 * @bytes: the stream, from malloc()
 * @length: bytes of it
 */
struct image {
	uint8_t *bytes;
	size_t length;
};

/* Numbers in a stream, little-endian. */
void put16(uint8_t *at, uint16_t value);
void put32(uint8_t *at, uint32_t value);
void put64(uint8_t *at, uint64_t value);
uint16_t get16(const uint8_t *at);
uint32_t get32(const uint8_t *at);
uint64_t get64(const uint8_t *at);

/* CRC-32C bit by bit, as RFC 3720 defines it. */
uint32_t image_crc(const void *data, size_t length);

/* An empty image; image_free() frees it. */
struct image image_new(void);
void image_free(struct image *image);

/* Append bytes, a header, a record, the identity below, or the end. */
void image_append(struct image *image, const void *data, size_t length);
void image_header(struct image *image, uint16_t version, uint16_t oldest);
void image_record(struct image *image, uint32_t type, uint32_t flags,
		  const void *payload, uint32_t length);
void image_identity(struct image *image);
void image_end(struct image *image);

/* The payload of image_identity(): of a device that never was. */
extern const uint8_t image_identity_bytes[IDENTITY_BYTES];

/* Bytes of the record at an offset with its header, 0 if it is not whole. */
size_t image_record_bytes(const struct image *image, size_t at);

/* Offset of a record, counted from 0; of the end of the image if behind. */
size_t image_offset(const struct image *image, unsigned int record);

/* Make all checksums right, but not the end's fields. */
void image_fix_checksums(struct image *image);

/* Make the fields of the last record, an end, right, and all checksums. */
void image_fix_end(struct image *image);

/**
 * struct judgement - what a reader should say of a stream
 * @verdict: 1 if it is whole, 0 if it is but a beginning, or -errno
 * @nr_records: records before that
 */
struct judgement {
	int verdict;
	unsigned int nr_records;
};

/* A reader that has the whole stream before it, and room for @capacity. */
struct judgement image_judge(const void *stream, size_t length,
			     size_t capacity);

#endif /* UNIT_IMAGE_H */
