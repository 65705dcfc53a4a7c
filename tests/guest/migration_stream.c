// SPDX-License-Identifier: GPL-2.0-only
/*
 * Streams that are not good: cut off, damaged, put together by somebody who
 * knows the format, another device's. None of them gets into a device; the
 * state stays RESUMING or becomes ERROR, a reset helps, and a good stream is
 * loaded then. The format is that of man/vfio-mdev-pci-stream.5.
 */
#include <endian.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>

#include "mig_craft.h"
#include "region.h"
#include "suite.h"

#define HEADER_BYTES sizeof(struct vmp_stream_header)
#define RECORD_BYTES sizeof(struct vmp_record_header)

#define MEMORY_BAR VFIO_PCI_BAR2_REGION_INDEX

#define MINUTES_S (30 * 60)

/* No reset does, and whoever had it before may have filled it. */
static void clear_memory(struct client *client)
{
	static const uint8_t zeros[1 << 20];

	assert_int_equal(region_write(client, MEMORY_BAR, 0, zeros,
				      sizeof(zeros)), sizeof(zeros));
}

/*
 * A good stream: of ivshmem, with some of its memory in use, but so little that
 * the stream is short.
 */
static struct mig_stream save_good(struct client *client, const char *id)
{
	struct mig_stream stream;
	uint8_t piece[4096];
	size_t i;

	for (i = 0; i < sizeof(piece); i++)
		piece[i] = 1 + i * 7 % 255;
	if (!strncmp(id, "ivshmem", 7)) {
		clear_memory(client);
		assert_int_equal(region_write(client, MEMORY_BAR, 0x8000,
					      piece, sizeof(piece)),
				 sizeof(piece));
	}
	stream = mig_save(client);
	assert_done(mig_go(client, MIG_RUNNING));
	return stream;
}

static bool is_honest(int error)
{
	return error == -EINVAL || error == -EBADMSG || error == -EMSGSIZE ||
	       error == -EPROTONOSUPPORT;
}

/* The device is in RESUMING; returns whether it was accepted. */
static bool offer(struct client *client, const struct mig_stream *stream,
		  enum mig_fate fate, const char *what)
{
	int ret = mig_stream_write(stream, client->data_fd, MIG_PIECE);

	assert_that(fate != MIG_BY_WRITE || ret, "%s: was written", what);
	if (!ret)
		ret = mig_go(client, MIG_STOP);
	assert_that((fate == MIG_ACCEPTED) == !ret, "%s: %s", what,
		    ret ? failure_text() : "was accepted");
	assert_that(!ret || is_honest(ret), "%s: %s", what, failure_text());
	return !ret;
}

static void check_fate(struct client *client, const struct mig_stream *stream,
		       enum mig_fate fate, const char *what)
{
	uint8_t byte = 0;
	int state;

	assert_done(mig_go(client, MIG_RESUMING));
	if (offer(client, stream, fate, what)) {
		assert_done(mig_go(client, MIG_RUNNING));
		return;
	}
	state = mig_state(client);
	assert_that(state == MIG_RESUMING || state == MIG_ERROR,
		    "%s: the state is %s", what, mig_state_name(state));
	/* No way out but one */
	if (fate == MIG_BY_WRITE)
		assert_true(mig_stream_write(&(struct mig_stream) { &byte, 1 },
					     client->data_fd, 1) < 0);
	assert_true(mig_go(client, MIG_RUNNING) < 0);
	assert_done(client_reset(client));
	mig_assert_state(client, MIG_RUNNING, what);
}

static void assert_loads(struct client *client, const struct mig_stream *stream)
{
	assert_done(mig_load(client, stream));
	assert_done(mig_go(client, MIG_RUNNING));
}

/* Which bytes of a stream a sweep looks at, and how many bits of each */
struct sweep {
	const char *id;
	size_t head_step;	/* in the header, and in headers of records */
	size_t step;		/* elsewhere */
	bool has_all_bits;
};

static bool is_in_a_header(const struct mig_records *all, size_t at)
{
	unsigned int i;

	for (i = 0; i < all->nr_records; i++)
		if (at >= all->records[i].offset &&
		    at < all->records[i].offset + RECORD_BYTES)
			return true;
	return at < HEADER_BYTES;
}

static bool is_chosen(const struct sweep *sweep, const struct mig_records *all,
		      size_t at)
{
	return at % (is_in_a_header(all, at) ? sweep->head_step :
		     sweep->step) == 0;
}

static void no_stream_with_a_flipped_bit_is_loaded(struct fixture *fixture)
{
	const struct sweep *sweep = fixture->data;
	struct client *client = mig_new(fixture, sweep->id);
	struct mig_stream stream = save_good(client, sweep->id);
	struct mig_records all = mig_stream_walk(&stream);
	unsigned int nr = 0;
	unsigned int bit;
	char what[64];
	size_t at;

	for (at = 0; at < stream.length; at++) {
		if (!is_chosen(sweep, &all, at))
			continue;
		/* Another one each time, if it is not all */
		bit = sweep->has_all_bits ? 0 : nr % 8;
		do {
			snprintf(what, sizeof(what), "bit %u of byte %zu", bit,
				 at);
			stream.bytes[at] ^= 1 << bit;
			check_fate(client, &stream, MIG_IN_THE_END, what);
			stream.bytes[at] ^= 1 << bit;
			nr++;
		} while (sweep->has_all_bits && ++bit < 8);
	}
	print_message("# %u bits of %zu\n", nr, stream.length * 8);
	assert_loads(client, &stream);
	mig_stream_free(&stream);
}

static void no_stream_that_was_cut_off_is_loaded(struct fixture *fixture)
{
	const struct sweep *sweep = fixture->data;
	struct client *client = mig_new(fixture, sweep->id);
	struct mig_stream stream = save_good(client, sweep->id);
	struct mig_records all = mig_stream_walk(&stream);
	struct mig_stream part = stream;
	char what[64];

	for (part.length = 0; part.length < stream.length; part.length++) {
		if (!is_chosen(sweep, &all, part.length))
			continue;
		snprintf(what, sizeof(what), "cut at %zu", part.length);
		check_fate(client, &part, MIG_IN_THE_END, what);
	}
	assert_loads(client, &stream);
	mig_stream_free(&stream);
}

static void resuming_cannot_be_left_before_the_last_byte(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct mig_stream stream = save_good(client, fixture->data);
	struct mig_stream byte = { .length = 1 };
	size_t i;

	assert_done(mig_go(client, MIG_RESUMING));
	for (i = 0; i < stream.length; i++) {
		assert_refused(mig_go(client, MIG_STOP), EINVAL);
		byte.bytes = stream.bytes + i;
		assert_done(mig_stream_write(&byte, client->data_fd, 1));
	}
	assert_done(mig_go(client, MIG_STOP));
	mig_stream_free(&stream);
}

static void crafted_streams_meet_their_fate(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct mig_stream good = save_good(client, fixture->data);
	struct mig_records all = mig_stream_walk(&good);
	unsigned int i;

	for (i = 0; i < mig_nr_crafts; i++) {
		const struct mig_craft *craft = &mig_crafts[i];
		struct mig_stream stream = mig_stream_copy(&good);
		char what[64];

		snprintf(what, sizeof(what), "%s%s", craft->name,
			 craft->is_sealed ? ", sealed" : "");
		craft->craft(&stream, &all);
		if (craft->is_sealed)
			mig_stream_seal(&stream);
		check_fate(client, &stream, craft->fate, what);
		assert_loads(client, &good);
		mig_stream_free(&stream);
	}
	mig_stream_free(&good);
}

/* A field of the identity that must be the target's */
#define FIELD(name_) \
	{ #name_, offsetof(struct vmp_identity, name_) }

static const struct {
	const char *name;
	size_t offset;
} identity_fields[] = {
	FIELD(backend), FIELD(vendor), FIELD(device), FIELD(subsystem_vendor),
	FIELD(subsystem_device), FIELD(class_revision), FIELD(nr_msi),
	FIELD(nr_msix), FIELD(capabilities), FIELD(bar_bytes),
	FIELD(bar_bytes[2]), FIELD(bar_bytes[5]), FIELD(bar_flags),
	FIELD(bar_flags[3]), FIELD(reserved), FIELD(reserved[25]),
};

/* The header and the identity come first, and are enough to refuse. */
static void check_identity(struct client *client, struct mig_stream *stream,
			   const char *what)
{
	struct mig_records all;
	struct mig_stream preamble;

	mig_stream_seal(stream);
	all = mig_stream_walk(stream);
	preamble = (struct mig_stream) { stream->bytes, all.records[1].offset };
	check_fate(client, &preamble, MIG_BY_WRITE, what);
}

static void stream_of_another_device_is_refused_at_once(struct fixture *fixture)
{
	struct client *client = mig_new(fixture, fixture->data);
	struct mig_stream stream = save_good(client, fixture->data);
	struct mig_records all = mig_stream_walk(&stream);
	uint8_t *identity = mig_stream_payload(&stream, &all.records[0]);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(identity_fields); i++) {
		identity[identity_fields[i].offset] ^= 0x10;
		check_identity(client, &stream, identity_fields[i].name);
		identity[identity_fields[i].offset] ^= 0x10;
	}
	mig_stream_seal(&stream);
	assert_loads(client, &stream);
	mig_stream_free(&stream);
}

static void version_of_the_backend_must_be_one_that_it_can_read(struct fixture *fixture)
{
	static const struct {
		uint32_t version;
		uint32_t oldest_reader;
	} wrong[] = { { 2, 2 }, { 0, 0 }, { 1, 2 }, { 0xffffffff, 0x80000000 } };
	struct client *client = mig_new(fixture, fixture->data);
	struct mig_stream stream = save_good(client, fixture->data);
	struct mig_records all = mig_stream_walk(&stream);
	struct vmp_identity *identity = mig_stream_payload(&stream,
							   &all.records[0]);
	char what[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		identity->backend_version = htole32(wrong[i].version);
		identity->backend_oldest_reader =
			htole32(wrong[i].oldest_reader);
		snprintf(what, sizeof(what), "version %u for readers from %u",
			 wrong[i].version, wrong[i].oldest_reader);
		check_identity(client, &stream, what);
	}
	/* Written by a newer one, which says that this one can read it. */
	identity->backend_version = htole32(2);
	identity->backend_oldest_reader = htole32(1);
	mig_stream_seal(&stream);
	assert_loads(client, &stream);
	mig_stream_free(&stream);
}

static void stream_of_another_backend_is_refused(struct fixture *fixture)
{
	struct client *edu = mig_new(fixture, "edu0");
	struct client *ivshmem = mig_new(fixture, "ivshmem0");
	struct mig_stream of_edu = save_good(edu, "edu0");
	struct mig_stream of_ivshmem = save_good(ivshmem, "ivshmem0");

	check_fate(edu, &of_ivshmem, MIG_BY_WRITE, "ivshmem's to edu");
	check_fate(ivshmem, &of_edu, MIG_BY_WRITE, "edu's to ivshmem");
	assert_loads(edu, &of_edu);
	assert_loads(ivshmem, &of_ivshmem);
	mig_stream_free(&of_edu);
	mig_stream_free(&of_ivshmem);
}

/*
 * Of edu each costs a reset, which takes it a tenth of a second; all of them
 * on both are for --full.
 */
#define SWEEP(function, name_, limit, is_long_, ...) \
	{ .name = #function name_, .run = (function), .limit_s = (limit), \
	  .is_long = (is_long_), .data = &(const struct sweep) { __VA_ARGS__ } }

static const struct test tests[] = {
	SWEEP(no_stream_that_was_cut_off_is_loaded, "_on_edu", 300, false,
	      "edu0", 8, 300, false),
	SWEEP(no_stream_that_was_cut_off_is_loaded, "_on_ivshmem", 300, false,
	      "ivshmem0", 8, 300, false),
	SWEEP(no_stream_with_a_flipped_bit_is_loaded, "_on_edu", 300, false,
	      "edu0", 8, 300, false),
	SWEEP(no_stream_with_a_flipped_bit_is_loaded, "_on_ivshmem", 300, false,
	      "ivshmem0", 8, 300, false),
	MIG_TEST(resuming_cannot_be_left_before_the_last_byte, "edu"),
	MIG_TEST(resuming_cannot_be_left_before_the_last_byte, "ivshmem"),
	MIG_TEST(crafted_streams_meet_their_fate, "edu"),
	MIG_TEST(crafted_streams_meet_their_fate, "ivshmem"),
	MIG_TEST(stream_of_another_device_is_refused_at_once, "edu"),
	MIG_TEST(stream_of_another_device_is_refused_at_once, "ivshmem"),
	MIG_TEST(version_of_the_backend_must_be_one_that_it_can_read, "edu"),
	MIG_TEST(version_of_the_backend_must_be_one_that_it_can_read, "ivshmem"),
	TEST(stream_of_another_backend_is_refused),
	SWEEP(no_stream_that_was_cut_off_is_loaded, "_anywhere_on_edu",
	      MINUTES_S, true, "edu0", 1, 1, false),
	SWEEP(no_stream_that_was_cut_off_is_loaded, "_anywhere_on_ivshmem",
	      MINUTES_S, true, "ivshmem0", 1, 1, false),
	SWEEP(no_stream_with_a_flipped_bit_is_loaded, "_in_any_byte_on_edu",
	      MINUTES_S, true, "edu0", 1, 1, false),
	SWEEP(no_stream_with_a_flipped_bit_is_loaded, "_anywhere_on_ivshmem",
	      MINUTES_S, true, "ivshmem0", 1, 1, true),
};

SUITE("migration_stream", tests)
