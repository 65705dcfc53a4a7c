/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bytes that go through data files, and the records they are made of. It
 * is written from man/vfio-mdev-pci-stream.5, with nothing of the driver's but
 * the names in its header.
 */
#ifndef LIB_MIG_STREAM_H
#define LIB_MIG_STREAM_H

#include "migration.h"

#include "../../../module/migration/stream.h"

#define MIG_MAX_RECORDS 256

/* What a read or write of a data file asks for, where it does not matter. */
#define MIG_PIECE (64 * 1024)

/**
 * struct mig_stream - A stream, or a part of one
 * @bytes: It, allocated; NULL if @length is 0
 * @length: Bytes
 */
struct mig_stream {
	uint8_t *bytes;
	size_t length;
};

/**
 * struct mig_record - A record in a stream
 * @offset: Of its header in the stream
 * @length: Bytes with the header
 * @type: Its type
 */
struct mig_record {
	size_t offset;
	size_t length;
	uint32_t type;
};

/**
 * struct mig_records - All records of a stream
 * @records: In their order
 * @nr_records: How many
 */
struct mig_records {
	struct mig_record records[MIG_MAX_RECORDS];
	unsigned int nr_records;
};

/**
 * mig_stream_free() - Free a stream
 * @stream: The stream; empty afterwards
 */
void mig_stream_free(struct mig_stream *stream);

/**
 * mig_stream_copy() - Copy a stream
 * @stream: The stream
 *
 * Return: The copy, to be freed.
 */
struct mig_stream mig_stream_copy(const struct mig_stream *stream);

/**
 * mig_stream_append() - Add bytes to a stream
 * @stream: The stream
 * @bytes: The bytes
 * @length: How many
 */
void mig_stream_append(struct mig_stream *stream, const void *bytes,
		       size_t length);

/**
 * mig_stream_read() - Read a data file until there is no more
 * @stream: What is read is added to it
 * @data_fd: The data file
 * @piece: Bytes that each read asks for
 *
 * Return: 0 at the end of the stream, or a -errno: -ENOMSG at its end for now.
 */
int mig_stream_read(struct mig_stream *stream, int data_fd, size_t piece);

/**
 * mig_stream_write() - Write a stream into a data file
 * @stream: The stream
 * @data_fd: The data file
 * @piece: Bytes that each write gives
 *
 * Return: 0 or the -errno of the write that failed.
 */
int mig_stream_write(const struct mig_stream *stream, int data_fd,
		     size_t piece);

/**
 * mig_save() - Have a running device's state as a stream
 * @client: The device; is in STOP_COPY afterwards. Fails the test.
 *
 * Return: The stream, to be freed.
 */
struct mig_stream mig_save(struct client *client);

/**
 * mig_load() - Load a stream into a device
 * @client: The device, in any state without a session; is in STOP afterwards
 *	    if it succeeds
 * @stream: The stream
 *
 * Return: 0 or the -errno of the write or of the arc that refused it.
 */
int mig_load(struct client *client, const struct mig_stream *stream);

/**
 * mig_move() - Move the state of a device to another, which then runs
 * @source: The device; is in STOP afterwards
 * @target: The other. Fails the test.
 */
void mig_move(struct client *source, struct client *target);

/**
 * mig_stream_walk() - Find the records of a stream
 * @stream: The stream, a whole one. Fails the test if it is not as documented:
 *	    its header, lengths, checksums, counts and digest.
 *
 * Return: The records.
 */
struct mig_records mig_stream_walk(const struct mig_stream *stream);

/**
 * mig_stream_seal() - Make all checksums, counts and the digest right again
 * @stream: The stream, of which only the lengths need be right
 */
void mig_stream_seal(struct mig_stream *stream);

/**
 * mig_stream_payload() - A record's payload
 * @stream: The stream
 * @record: The record
 *
 * Return: Where in @stream it is.
 */
void *mig_stream_payload(struct mig_stream *stream,
			 const struct mig_record *record);

/**
 * mig_stream_insert() - Put a record into a stream
 * @stream: The stream; not sealed
 * @offset: Before what
 * @type: The record's type
 * @flags: Its flags
 * @length: Bytes of payload, all zeros
 */
void mig_stream_insert(struct mig_stream *stream, size_t offset, uint32_t type,
		       uint32_t flags, uint32_t length);

/**
 * mig_stream_cut() - Take a part out of a stream
 * @stream: The stream; not sealed
 * @offset: Where
 * @length: Bytes
 */
void mig_stream_cut(struct mig_stream *stream, size_t offset, size_t length);

#endif
