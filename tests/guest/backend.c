// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every backend must be able to do, whatever its device: its device
 * migrates to itself. What is particular to a device is not tested here.
 *
 * VMP_DEVICES says on which devices of the machine, and which registers of
 * theirs (of 32 bits) show state that must not get lost; what is written to
 * them to have some, a number if not just any; the more, the better:
 *
 *	VMP_DEVICES="DEVICE[,BAR:OFFSET[=VALUE]]... ..."
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "mig_stream.h"
#include "migration.h"
#include "region.h"
#include "suite.h"

#define DEFAULT_DEVICES "edu0,0:0x4,0:0x80,0:0x90 " \
	"ivshmem0,0:0x0,2:0x0,2:0x54320,2:0xffffc"

#define MAX_REGISTERS 8

/* A register that shows state. */
struct place {
	unsigned int bar;
	unsigned int offset;
	uint32_t written;
	uint32_t value;	/* as it read when the state was saved */
};

/* What a device is tested with. */
struct subject {
	char id[32];
	struct client *client;
	struct place places[MAX_REGISTERS];
	unsigned int nr_places;
};

static void parse_place(struct place *place, const char *text, uint32_t value)
{
	place->written = value;
	if (sscanf(text, "%u:%i=%i", &place->bar, (int *)&place->offset,
		   (int *)&place->written) < 2)
		fail_msg("\"%s\" is no BAR:OFFSET", text);
}

static void parse_subject(struct subject *subject, char *text)
{
	char *field = strtok_r(text, ",", &text);

	memset(subject, 0, sizeof(*subject));
	snprintf(subject->id, sizeof(subject->id), "%s", field);
	while ((field = strtok_r(NULL, ",", &text))) {
		if (subject->nr_places == MAX_REGISTERS)
			fail_msg("%s: too many registers", subject->id);
		parse_place(&subject->places[subject->nr_places], field,
			    0x12345677 * (2 * subject->nr_places + 1));
		subject->nr_places++;
	}
}

static void open_subject(struct fixture *fixture, struct subject *subject)
{
	uint64_t flags;

	subject->client = fixture_new(fixture, subject->id);
	if (mig_flags(subject->client, &flags))
		fail_msg("%s does not migrate; is its backend loaded?",
			 subject->id);
	assert_done(config_set_command(subject->client, PCI_COMMAND_MEMORY, 0));
}

/* Runs a test on each device that it is to be run on. */
static void on_each(struct fixture *fixture, void (*test)(struct subject *))
{
	char *devices = strdup(getenv("VMP_DEVICES") ?: DEFAULT_DEVICES);
	struct subject subject;
	char *rest = devices;
	char *one;

	mig_turn_on(fixture);
	while ((one = strtok_r(NULL, " ", &rest))) {
		parse_subject(&subject, one);
		open_subject(fixture, &subject);
		test(&subject);
		client_close(subject.client);
	}
	free(devices);
}

static void go(struct subject *subject, enum mig_state state)
{
	if (mig_go(subject->client, state))
		fail_msg("%s: %s", subject->id, failure_text());
}

/* Of a running device, which then runs on. */
static struct mig_stream save(struct subject *subject)
{
	struct mig_stream stream = mig_save(subject->client);

	go(subject, MIG_RUNNING);
	return stream;
}

static void load(struct subject *subject, const struct mig_stream *stream)
{
	int ret = mig_load(subject->client, stream);

	if (ret)
		fail_msg("%s: its own state was refused: %s", subject->id,
			 strerror(-ret));
	go(subject, MIG_RUNNING);
}

static uint32_t read_place(struct subject *subject, const struct place *place)
{
	return region_read32(subject->client, place->bar, place->offset);
}

/* Brings the registers into a state that the device has not after power-on. */
static void stir(struct subject *subject)
{
	struct place *place = subject->places;
	struct place *end = place + subject->nr_places;

	for (; place < end; place++)
		region_write32(subject->client, place->bar, place->offset,
			       place->written);
	for (place = subject->places; place < end; place++)
		place->value = read_place(subject, place);
}

/* And into another one. */
static void spoil(struct subject *subject)
{
	bool differs = !subject->nr_places;
	unsigned int i;

	for (i = 0; i < subject->nr_places; i++)
		region_write32(subject->client, subject->places[i].bar,
			       subject->places[i].offset,
			       0x76543211 * (2 * i + 1));
	for (i = 0; i < subject->nr_places; i++)
		differs |= read_place(subject, &subject->places[i]) !=
			   subject->places[i].value;
	if (!differs)
		fail_msg("%s: no register shows state", subject->id);
}

static void assert_as_saved(struct subject *subject)
{
	unsigned int i;

	for (i = 0; i < subject->nr_places; i++) {
		const struct place *place = &subject->places[i];
		uint32_t value = read_place(subject, place);

		if (value != place->value)
			fail_msg("%s: %u:%#x reads %#x, when saved %#x",
				 subject->id, place->bar, place->offset, value,
				 place->value);
	}
}

static void reset(struct subject *subject)
{
	assert_done(client_reset(subject->client));
	assert_done(config_set_command(subject->client, PCI_COMMAND_MEMORY, 0));
	spoil(subject);
}

static void assert_same_stream(const struct subject *subject,
			       const struct mig_stream *one,
			       const struct mig_stream *other)
{
	size_t at = 0;

	if (one->length != other->length)
		fail_msg("%s: the stream had %zu bytes, and then %zu",
			 subject->id, one->length, other->length);
	while (at < one->length && one->bytes[at] == other->bytes[at])
		at++;
	if (at < one->length)
		fail_msg("%s: the streams differ from byte %zu on", subject->id,
			 at);
}

static void check_reset_and_load(struct subject *subject)
{
	struct mig_stream before;
	struct mig_stream after;

	stir(subject);
	before = save(subject);
	reset(subject);
	load(subject, &before);
	assert_as_saved(subject);
	after = save(subject);
	assert_same_stream(subject, &before, &after);
	mig_stream_free(&before);
	mig_stream_free(&after);
}

static void state_is_the_same_after_a_reset_and_a_load(struct fixture *fixture)
{
	on_each(fixture, check_reset_and_load);
}

static void check_rollback(struct subject *subject)
{
	struct mig_stream before;
	struct mig_stream after;

	stir(subject);
	before = save(subject);
	assert_as_saved(subject);
	after = save(subject);
	assert_same_stream(subject, &before, &after);
	mig_stream_free(&before);
	mig_stream_free(&after);
}

static void saving_leaves_the_device_as_it_was(struct fixture *fixture)
{
	on_each(fixture, check_rollback);
}

static void check_precopy(struct subject *subject)
{
	struct mig_stream live = {};
	struct mig_stream before;
	struct mig_stream after;

	stir(subject);
	before = save(subject);

	go(subject, MIG_PRE_COPY);
	assert_refused(mig_stream_read(&live, subject->client->data_fd,
				       MIG_PIECE), ENOMSG);
	go(subject, MIG_STOP_COPY);
	assert_done(mig_stream_read(&live, subject->client->data_fd,
				    MIG_PIECE));
	go(subject, MIG_RUNNING);

	reset(subject);
	load(subject, &live);
	assert_as_saved(subject);
	after = save(subject);
	assert_same_stream(subject, &before, &after);
	mig_stream_free(&live);
	mig_stream_free(&before);
	mig_stream_free(&after);
}

static void state_saved_while_it_ran_is_the_same(struct fixture *fixture)
{
	on_each(fixture, check_precopy);
}

static void assert_refused_and_recovered(struct subject *subject,
					 struct mig_stream stream,
					 const char *what)
{
	if (!mig_load(subject->client, &stream))
		fail_msg("%s: a stream %s was taken", subject->id, what);
	assert_done(client_reset(subject->client));
	go(subject, MIG_RUNNING);
	assert_done(config_set_command(subject->client, PCI_COMMAND_MEMORY, 0));
}

static void check_refusals(struct subject *subject)
{
	struct mig_stream stream;
	struct mig_stream part;
	struct mig_stream after;
	unsigned int eighth;
	size_t at;

	stir(subject);
	stream = save(subject);
	for (eighth = 0; eighth < 8; eighth++) {
		at = stream.length * eighth / 8;
		part = stream;
		part.length = at;
		assert_refused_and_recovered(subject, part, "cut short");
		stream.bytes[at] ^= 0x10;
		assert_refused_and_recovered(subject, stream,
					     "with a wrong bit");
		stream.bytes[at] ^= 0x10;
	}

	spoil(subject);
	load(subject, &stream);
	assert_as_saved(subject);
	after = save(subject);
	assert_same_stream(subject, &stream, &after);
	mig_stream_free(&stream);
	mig_stream_free(&after);
}

static void damaged_state_is_refused_and_the_good_one_taken(
	struct fixture *fixture)
{
	on_each(fixture, check_refusals);
}

static void check_pauses(struct subject *subject)
{
	int i;

	stir(subject);
	for (i = 0; i < 20; i++) {
		go(subject, MIG_STOP);
		go(subject, MIG_RUNNING);
	}
	assert_as_saved(subject);
}

static void device_can_be_paused_again_and_again(struct fixture *fixture)
{
	on_each(fixture, check_pauses);
}

static const struct test tests[] = {
	TEST(state_is_the_same_after_a_reset_and_a_load),
	TEST(saving_leaves_the_device_as_it_was),
	TEST(state_saved_while_it_ran_is_the_same),
	TEST(damaged_state_is_refused_and_the_good_one_taken),
	TEST(device_can_be_paused_again_and_again),
};

SUITE("backend", tests)
