// SPDX-License-Identifier: GPL-2.0-only
/*
 * What somebody who knows the format can do to a stream, and what must become
 * of it then. Doing it is up to migration_stream.c, damage without knowledge,
 * too.
 */
#include "mig_craft.h"

#include <endian.h>
#include <stddef.h>

#include "check.h"

#define HEADER_BYTES sizeof(struct vmp_stream_header)
#define RECORD_BYTES sizeof(struct vmp_record_header)

/* Types that nobody has */
#define UNKNOWN_TYPE 0x77
#define UNKNOWN_BACKEND_TYPE (VMP_RECORD_BACKEND + 31)

static const struct mig_record *find(const struct mig_records *all,
				     uint32_t type)
{
	unsigned int i;

	for (i = 0; i < all->nr_records; i++)
		if (all->records[i].type == type)
			return &all->records[i];
	fail_msg("the stream has no record of type %#x", type);
	return NULL;
}

static const struct mig_record *last(const struct mig_records *all)
{
	return &all->records[all->nr_records - 1];
}

static const struct mig_record *config(const struct mig_records *all)
{
	return find(all, VMP_RECORD_CONFIG);
}

/* A record of the backend's of which there may be one only */
static const struct mig_record *state(const struct mig_records *all)
{
	return last(all) - 1;
}

static struct vmp_record_header *head(struct mig_stream *stream,
				      const struct mig_record *record)
{
	return (void *)(stream->bytes + record->offset);
}

static void repeat(struct mig_stream *stream, const struct mig_record *record)
{
	struct mig_stream copy = mig_stream_copy(stream);

	mig_stream_insert(stream, record->offset, record->type,
			  VMP_RECORD_MANDATORY,
			  record->length - RECORD_BYTES);
	memcpy(stream->bytes + record->offset, copy.bytes + record->offset,
	       record->length);
	mig_stream_free(&copy);
}

static void drop(struct mig_stream *stream, const struct mig_record *record)
{
	mig_stream_cut(stream, record->offset, record->length);
}

/* With the one behind it */
static void swap(struct mig_stream *stream, const struct mig_record *record)
{
	struct mig_stream copy = mig_stream_copy(stream);
	uint8_t *to = stream->bytes + record->offset;

	memcpy(to, copy.bytes + record[1].offset, record[1].length);
	memcpy(to + record[1].length, copy.bytes + record->offset,
	       record->length);
	mig_stream_free(&copy);
}

static void repeat_config(struct mig_stream *stream,
			  const struct mig_records *all)
{
	repeat(stream, config(all));
}

static void repeat_state(struct mig_stream *stream,
			 const struct mig_records *all)
{
	repeat(stream, state(all));
}

static void repeat_identity(struct mig_stream *stream,
			    const struct mig_records *all)
{
	repeat(stream, &all->records[0]);
}

static void repeat_end(struct mig_stream *stream,
		       const struct mig_records *all)
{
	repeat(stream, last(all));
}

static void drop_config(struct mig_stream *stream,
			const struct mig_records *all)
{
	drop(stream, config(all));
}

static void drop_state(struct mig_stream *stream,
		       const struct mig_records *all)
{
	drop(stream, state(all));
}

static void drop_identity(struct mig_stream *stream,
			  const struct mig_records *all)
{
	drop(stream, &all->records[0]);
}

static void drop_end(struct mig_stream *stream,
		     const struct mig_records *all)
{
	drop(stream, last(all));
}

static void drop_all(struct mig_stream *stream, const struct mig_records *all)
{
	(void)all;
	mig_stream_cut(stream, 0, stream->length);
}

static void swap_first_two(struct mig_stream *stream,
			   const struct mig_records *all)
{
	swap(stream, &all->records[0]);
}

static void swap_config(struct mig_stream *stream,
			const struct mig_records *all)
{
	swap(stream, config(all));
}

static void swap_last_two(struct mig_stream *stream,
			  const struct mig_records *all)
{
	swap(stream, state(all));
}

static void set_length(struct mig_stream *stream,
		       const struct mig_record *record, uint32_t length)
{
	head(stream, record)->length = htole32(length);
}

static void lengthen_too_far(struct mig_stream *stream,
			     const struct mig_records *all)
{
	set_length(stream, state(all), VMP_STREAM_RECORD_MAX_BYTES + 1);
}

static void lengthen_to_the_limit(struct mig_stream *stream,
				  const struct mig_records *all)
{
	set_length(stream, state(all), 0xffffffff);
}

static void lengthen_to_overflow(struct mig_stream *stream,
				 const struct mig_records *all)
{
	set_length(stream, &all->records[0], 0xfffffff0);
}

static void lengthen_state(struct mig_stream *stream,
			   const struct mig_records *all)
{
	const struct mig_record *record = state(all);

	mig_stream_insert(stream, record->offset + record->length, 0, 0, 0);
	set_length(stream, record, record->length);
}

static void shorten_state(struct mig_stream *stream,
			  const struct mig_records *all)
{
	const struct mig_record *record = state(all);

	mig_stream_cut(stream, record->offset + record->length - 1, 1);
	set_length(stream, record, record->length - RECORD_BYTES - 1);
}

static void empty_state(struct mig_stream *stream,
			const struct mig_records *all)
{
	const struct mig_record *record = state(all);

	mig_stream_cut(stream, record->offset + RECORD_BYTES,
		       record->length - RECORD_BYTES);
	set_length(stream, record, 0);
}

/* Sets a record's length, and gives it so many bytes. */
static void resize(struct mig_stream *stream, const struct mig_record *record,
		   uint32_t length)
{
	size_t payload = record->length - RECORD_BYTES;

	mig_stream_cut(stream, record->offset + RECORD_BYTES + length,
		       payload - length);
	set_length(stream, record, length);
}

static void shorten_identity(struct mig_stream *stream,
			     const struct mig_records *all)
{
	resize(stream, &all->records[0], 8);
}

static void shorten_end(struct mig_stream *stream,
			const struct mig_records *all)
{
	resize(stream, last(all), 8);
}

static void shorten_config(struct mig_stream *stream,
			   const struct mig_records *all)
{
	resize(stream, config(all), 7);
}

/* Its first entry begins with the number of a register. */
static void set_unknown_register(struct mig_stream *stream,
				 const struct mig_records *all)
{
	uint8_t *entry = mig_stream_payload(stream, config(all));

	entry[0] = 0xff;
	entry[1] = 0xff;
}

static void add_optional(struct mig_stream *stream,
			 const struct mig_records *all)
{
	unsigned int i;

	/* Before each but the first */
	for (i = all->nr_records - 1; i > 0; i--)
		mig_stream_insert(stream, all->records[i].offset,
				  i % 2 ? UNKNOWN_TYPE : UNKNOWN_BACKEND_TYPE,
				  0, i * 100);
}

static void add_optional_first(struct mig_stream *stream,
			       const struct mig_records *all)
{
	mig_stream_insert(stream, all->records[0].offset, UNKNOWN_TYPE, 0, 8);
}

static void add_mandatory(struct mig_stream *stream,
			  const struct mig_records *all)
{
	mig_stream_insert(stream, last(all)->offset, UNKNOWN_TYPE,
			  VMP_RECORD_MANDATORY, 8);
}

static void add_mandatory_of_backend(struct mig_stream *stream,
				     const struct mig_records *all)
{
	mig_stream_insert(stream, config(all)->offset, UNKNOWN_BACKEND_TYPE,
			  VMP_RECORD_MANDATORY, 0);
}

static void set_unknown_flag(struct mig_stream *stream,
			     const struct mig_records *all)
{
	head(stream, config(all))->flags |= htole32(0x80);
}

static void go_on_by_a_byte(struct mig_stream *stream,
			    const struct mig_records *all)
{
	(void)all;
	mig_stream_append(stream, "", 1);
}

static void go_on_by_a_record(struct mig_stream *stream,
			      const struct mig_records *all)
{
	(void)all;
	mig_stream_insert(stream, stream->length, UNKNOWN_TYPE, 0, 16);
}

static void send_twice(struct mig_stream *stream,
		       const struct mig_records *all)
{
	struct mig_stream copy = mig_stream_copy(stream);

	(void)all;
	mig_stream_append(stream, copy.bytes, copy.length);
	mig_stream_free(&copy);
}

static struct vmp_stream_header *header(struct mig_stream *stream)
{
	return (void *)stream->bytes;
}

static void be_from_the_future(struct mig_stream *stream,
			       const struct mig_records *all)
{
	(void)all;
	header(stream)->version = htole16(VMP_STREAM_VERSION + 1);
	header(stream)->oldest_reader = htole16(VMP_STREAM_VERSION + 1);
}

static void be_newer_but_readable(struct mig_stream *stream,
				  const struct mig_records *all)
{
	(void)all;
	header(stream)->version = htole16(VMP_STREAM_VERSION + 1);
}

static void have_a_longer_header(struct mig_stream *stream,
				 const struct mig_records *all)
{
	(void)all;
	header(stream)->header_bytes = htole32(HEADER_BYTES + 8);
}

static void have_flags_in_the_header(struct mig_stream *stream,
				     const struct mig_records *all)
{
	(void)all;
	header(stream)->flags = htole32(1);
}

#define CRAFT(craft_, seal_, fate_) \
	{ .name = #craft_, .craft = (craft_), .is_sealed = (seal_), .fate = (fate_) }

const struct mig_craft mig_crafts[] = {
	CRAFT(repeat_config, false, MIG_BY_WRITE),
	CRAFT(repeat_config, true, MIG_BY_WRITE),
	CRAFT(repeat_state, false, MIG_BY_WRITE),
	CRAFT(repeat_state, true, MIG_BY_WRITE),
	CRAFT(repeat_identity, true, MIG_BY_WRITE),
	CRAFT(repeat_end, false, MIG_BY_WRITE),
	CRAFT(repeat_end, true, MIG_BY_WRITE),
	CRAFT(drop_config, false, MIG_BY_WRITE),
	CRAFT(drop_config, true, MIG_IN_THE_END),
	CRAFT(drop_state, false, MIG_BY_WRITE),
	CRAFT(drop_state, true, MIG_IN_THE_END),
	CRAFT(drop_identity, true, MIG_BY_WRITE),
	CRAFT(drop_end, false, MIG_IN_THE_END),
	CRAFT(drop_all, false, MIG_IN_THE_END),
	CRAFT(swap_first_two, true, MIG_BY_WRITE),
	CRAFT(swap_config, false, MIG_BY_WRITE),
	CRAFT(swap_last_two, false, MIG_BY_WRITE),
	CRAFT(lengthen_too_far, false, MIG_BY_WRITE),
	CRAFT(lengthen_to_the_limit, false, MIG_BY_WRITE),
	CRAFT(lengthen_to_overflow, false, MIG_BY_WRITE),
	CRAFT(lengthen_state, true, MIG_BY_WRITE),
	CRAFT(shorten_state, true, MIG_BY_WRITE),
	CRAFT(empty_state, true, MIG_BY_WRITE),
	CRAFT(shorten_identity, true, MIG_BY_WRITE),
	CRAFT(shorten_end, false, MIG_BY_WRITE),
	CRAFT(shorten_end, true, MIG_BY_WRITE),
	CRAFT(shorten_config, true, MIG_BY_WRITE),
	CRAFT(set_unknown_register, true, MIG_BY_WRITE),
	CRAFT(add_optional, true, MIG_ACCEPTED),
	CRAFT(add_optional, false, MIG_BY_WRITE),
	CRAFT(add_optional_first, true, MIG_BY_WRITE),
	CRAFT(add_mandatory, true, MIG_BY_WRITE),
	CRAFT(add_mandatory_of_backend, true, MIG_BY_WRITE),
	CRAFT(set_unknown_flag, true, MIG_BY_WRITE),
	CRAFT(go_on_by_a_byte, false, MIG_BY_WRITE),
	CRAFT(go_on_by_a_record, false, MIG_BY_WRITE),
	CRAFT(send_twice, false, MIG_BY_WRITE),
	CRAFT(be_from_the_future, true, MIG_BY_WRITE),
	CRAFT(be_newer_but_readable, true, MIG_ACCEPTED),
	CRAFT(be_newer_but_readable, false, MIG_BY_WRITE),
	CRAFT(have_a_longer_header, true, MIG_BY_WRITE),
	CRAFT(have_flags_in_the_header, true, MIG_BY_WRITE),
};

const unsigned int mig_nr_crafts = ARRAY_SIZE(mig_crafts);
