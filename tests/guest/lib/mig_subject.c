// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device that migrates and is made to fail: what it must still be afterwards.
 */
#include "mig_subject.h"

#include <errno.h>
#include <unistd.h>

#include "check.h"
#include "dirty.h"
#include "edu.h"
#include "fail_nth.h"
#include "region.h"

#define BAR0 VFIO_PCI_BAR0_REGION_INDEX
#define MEMORY_BYTES (SUBJECT_PAGES * DIRTY_PAGE_BYTES)

/* More than any stream of these devices takes */
#define ROOM_BYTES (2UL << 20)

#define MARK 0x5eed1234

/* A register, and where there is memory of the device's own */
struct mig_marker {
	const char *id;		/* the device's, its first letters */
	unsigned int reg;
	uint32_t flipped;	/* bits that read inverted */
	unsigned int memory_bar;
};

static const struct mig_marker markers[] = {
	{ "edu", EDU_REG_LIVENESS, UINT32_MAX, 0 },
	{ "ivshmem", 0x00, 0, VFIO_PCI_BAR2_REGION_INDEX },
};

static const struct mig_marker *find_marker(const char *id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(markers); i++) {
		if (!strncmp(id, markers[i].id, strlen(markers[i].id)))
			return &markers[i];
	}
	fail_msg("no register of %s is known", id);
	return NULL;
}

const char *mig_subject_name(const struct mig_subject *subject)
{
	return subject->marker->id;
}

void mig_subject_restart(struct mig_subject *subject)
{
	assert_done(client_reset(subject->client));
	mig_assert_state(subject->client, MIG_RUNNING, "after a reset");
	assert_done(config_set_command(subject->client, PCI_COMMAND_MEMORY |
				       PCI_COMMAND_MASTER, 0));
	assert_done(region_write32(subject->client, BAR0, subject->marker->reg,
				   MARK));
}

void mig_subject_assert_goes_on(struct mig_subject *subject)
{
	assert_done(mig_go(subject->client, MIG_RUNNING));
	assert_int_equal(region_read32(subject->client, BAR0,
				       subject->marker->reg),
			 MARK ^ subject->marker->flipped);
}

/* Pages that exist already, so that none is to be had while all fails. */
static uint8_t *get_room(struct fixture *fixture, size_t bytes)
{
	uint8_t *room = fixture_memory(fixture, bytes);

	memset(room, 0x5a, bytes);
	return room;
}

/* Some of it, so that there are records with content and others */
static void fill_memory(struct mig_subject *subject)
{
	static const uint64_t offsets[] = { 0, 0x80000, 0x81000, 0xff000 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++)
		assert_int_equal(region_write(subject->client,
					      subject->marker->memory_bar,
					      offsets[i], subject->taken,
					      DIRTY_PAGE_BYTES),
				 DIRTY_PAGE_BYTES);
}

struct mig_subject mig_subject_begin(struct fixture *fixture)
{
	const char *id = fixture->data;
	struct mig_subject subject = { .marker = find_marker(id) };

	fail_nth_require();
	subject.client = mig_new(fixture, id);
	subject.memory = get_room(fixture, MEMORY_BYTES);
	subject.taken = get_room(fixture, ROOM_BYTES);
	subject.event = fixture_event(fixture);
	assert_done(space_map(subject.client->space, subject.memory,
			      MEMORY_BYTES, SUBJECT_IOVA));
	mig_subject_restart(&subject);
	if (subject.marker->memory_bar)
		fill_memory(&subject);
	return subject;
}

void mig_subject_keep_stream(struct mig_subject *subject)
{
	mig_subject_restart(subject);
	subject->stream = mig_save(subject->client);
	mig_stream_walk(&subject->stream);
	assert_true(subject->stream.length < ROOM_BYTES);
}

int mig_subject_give(struct mig_subject *subject, size_t piece)
{
	const struct mig_stream *stream = &subject->stream;

	while (subject->nr_given < stream->length) {
		size_t left = stream->length - subject->nr_given;
		ssize_t got = write(subject->client->data_fd,
				    stream->bytes + subject->nr_given,
				    left < piece ? left : piece);

		if (got < 0)
			return -errno;
		subject->nr_given += got;
	}
	return 0;
}

int mig_subject_take(struct mig_subject *subject)
{
	ssize_t got;

	do {
		got = read(subject->client->data_fd,
			   subject->taken + subject->nr_taken, MIG_PIECE);
		if (got > 0)
			subject->nr_taken += got;
	} while (got > 0 && subject->nr_taken + MIG_PIECE <= ROOM_BYTES);
	return got < 0 && errno != ENOMSG ? -errno : 0;
}
