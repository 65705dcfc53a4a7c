/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is in a stream, gathered while it passes, in memory that does not grow
 * with it.
 */
#ifndef VMPCTL_SURVEY_H
#define VMPCTL_SURVEY_H

#include <stdbool.h>
#include <stdint.h>

#include "migration/stream.h"

/* Runs that are kept; a stream made to annoy may have millions. */
#define SURVEY_MAX_RUNS 1000

/**
 * struct survey_run - records of one type that follow each other
 * @offset: of the first one in the stream, in bytes
 * @type: their type
 * @flags: their flags
 * @count: how many
 * @bytes: of all their payloads
 * @crc32c: checksum of the first one
 */
struct survey_run {
	uint64_t offset;
	uint32_t type;
	uint32_t flags;
	uint64_t count;
	uint64_t bytes;
	uint32_t crc32c;
};

/**
 * struct survey - a stream as far as it has come
 * @reader: the reader that judges it
 * @has_header: the header is there and good
 * @has_identity: so is the identity
 * @identity: the identity
 * @bytes: bytes that came
 * @nr_records: records that are good
 * @nr_runs: runs in @runs
 * @nr_runs_left_out: runs for which there was no room
 * @runs: the first runs
 * @complaint: what is wrong, a sentence without its subject; NULL if nothing is
 * @damage_offset: where, in bytes: the start of the header or record, or of
 *	what is behind the end
 * @is_in_record: a record is what is wrong, and @reader has its header
 * @payload: of the reader
 */
struct survey {
	struct vmp_stream_reader reader;
	bool has_header;
	bool has_identity;
	struct vmp_identity identity;
	uint64_t bytes;
	uint64_t nr_records;
	unsigned int nr_runs;
	uint64_t nr_runs_left_out;
	struct survey_run runs[SURVEY_MAX_RUNS];
	const char *complaint;
	uint64_t damage_offset;
	bool is_in_record;
	unsigned char payload[VMP_STREAM_RECORD_MAX_BYTES];
};

/* Begin. Return: a survey, to be freed with free(); NULL without memory. */
struct survey *survey_create(void);

/* More bytes came. Return: whether all is well so far. */
bool survey_feed(struct survey *survey, const void *data, size_t length);

/* No more bytes will come. Return: whether the stream is good and whole. */
bool survey_finish(struct survey *survey);

#endif /* VMPCTL_SURVEY_H */
