// SPDX-License-Identifier: GPL-2.0-only
/*
 * What goes across with an ivshmem: a megabyte of memory, sent while its users
 * write to it, and again only where they did.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "background.h"
#include "mig_stream.h"
#include "region.h"
#include "suite.h"
#include "wait.h"

#define REGISTERS VFIO_PCI_BAR0_REGION_INDEX
#define MEMORY VFIO_PCI_BAR2_REGION_INDEX
#define INTR_MASK 0x00

#define MEMORY_BYTES (1UL << 20)
#define PAGE_BYTES 4096UL
#define NR_PAGES (MEMORY_BYTES / PAGE_BYTES)

/* What a page of content may take in the stream on top of itself */
#define RECORD_OVERHEAD 64UL

/* Configuration, registers, the end */
#define REST_BYTES 1024UL

struct ivshmem {
	struct client *client;
	uint8_t *memory;
};

static struct ivshmem open_ivshmem(struct fixture *fixture, const char *id)
{
	struct ivshmem ivshmem = { .client = mig_new(fixture, id) };
	size_t bytes;

	ivshmem.memory = region_map(ivshmem.client, MEMORY, &bytes);
	assert_that(ivshmem.memory, "%s", failure_text());
	assert_int_equal(bytes, MEMORY_BYTES);
	return ivshmem;
}

static void close_ivshmem(struct ivshmem *ivshmem)
{
	munmap(ivshmem->memory, MEMORY_BYTES);
}

/* Device memory is not for memcpy()'s widest accesses. */
static void fill_randomly(struct ivshmem *ivshmem)
{
	static uint8_t content[MEMORY_BYTES];
	size_t i;

	for (i = 0; i < MEMORY_BYTES; i += 256)
		assert_int_equal(getrandom(content + i, 256, 0), 256);
	for (i = 0; i < MEMORY_BYTES / 8; i++)
		((volatile uint64_t *)ivshmem->memory)[i] =
			((uint64_t *)content)[i];
}

static void fill_with(struct ivshmem *ivshmem, uint64_t value)
{
	size_t i;

	for (i = 0; i < MEMORY_BYTES / 8; i++)
		((volatile uint64_t *)ivshmem->memory)[i] = value;
}

static void assert_same_memory(const struct ivshmem *one,
			       const struct ivshmem *other)
{
	size_t i;

	for (i = 0; i < MEMORY_BYTES / 8; i++)
		assert_that(((volatile uint64_t *)one->memory)[i] ==
			    ((volatile uint64_t *)other->memory)[i],
			    "the memory differs at %#zx", i * 8);
}

static size_t read_for_now(struct client *client, struct mig_stream *stream)
{
	size_t before = stream->length;

	assert_refused(mig_stream_read(stream, client->data_fd, MIG_PIECE),
		       ENOMSG);
	return stream->length - before;
}

static size_t read_the_rest(struct client *client, struct mig_stream *stream)
{
	size_t before = stream->length;

	assert_done(mig_go(client, MIG_STOP_COPY));
	assert_done(mig_stream_read(stream, client->data_fd, MIG_PIECE));
	assert_done(mig_go(client, MIG_STOP));
	return stream->length - before;
}

static void memory_and_registers_go_across(struct fixture *fixture)
{
	struct ivshmem source = open_ivshmem(fixture, "ivshmem0");
	struct ivshmem target = open_ivshmem(fixture, "ivshmem1");

	fill_randomly(&source);
	fill_with(&target, 0x5a5a5a5a5a5a5a5a);
	assert_done(region_write32(source.client, REGISTERS, INTR_MASK,
				   0x12345678));
	mig_move(source.client, target.client);
	assert_same_memory(&source, &target);
	assert_int_equal(region_read32(target.client, REGISTERS, INTR_MASK),
			 0x12345678);
	close_ivshmem(&source);
	close_ivshmem(&target);
}

static void zeros_cost_nothing_and_replace_what_was_there(struct fixture *fixture)
{
	struct ivshmem source = open_ivshmem(fixture, "ivshmem0");
	struct ivshmem target = open_ivshmem(fixture, "ivshmem1");
	struct mig_stream stream;

	fill_with(&source, 0);
	/* A page, and a byte at each end */
	source.memory[0] = 1;
	source.memory[MEMORY_BYTES / 2] = 2;
	source.memory[MEMORY_BYTES - 1] = 3;
	fill_randomly(&target);
	stream = mig_save(source.client);
	assert_true(stream.length < 4 * (PAGE_BYTES + RECORD_OVERHEAD) +
		    REST_BYTES);
	assert_done(mig_load(target.client, &stream));
	assert_same_memory(&source, &target);
	close_ivshmem(&source);
	close_ivshmem(&target);
	mig_stream_free(&stream);
}

static void only_what_changed_is_sent_again(struct fixture *fixture)
{
	static const size_t changed[] = { 0, 1, 77, 255 };
	struct ivshmem source = open_ivshmem(fixture, "ivshmem0");
	struct ivshmem target = open_ivshmem(fixture, "ivshmem1");
	struct mig_stream stream = {};
	size_t length;
	size_t i;

	fill_randomly(&source);
	fill_randomly(&target);
	assert_done(mig_go(source.client, MIG_PRE_COPY));
	length = read_for_now(source.client, &stream);
	assert_true(length >= MEMORY_BYTES);
	assert_true(length < MEMORY_BYTES + MEMORY_BYTES / 16 + REST_BYTES);
	assert_int_equal(read_for_now(source.client, &stream), 0);
	/* One byte each is enough. */
	for (i = 0; i < ARRAY_SIZE(changed); i++)
		source.memory[changed[i] * PAGE_BYTES + 99 * i] ^= 1;
	length = read_for_now(source.client, &stream);
	assert_true(length >= ARRAY_SIZE(changed) * PAGE_BYTES);
	assert_true(length <= ARRAY_SIZE(changed) *
		    (PAGE_BYTES + RECORD_OVERHEAD));
	assert_int_equal(read_for_now(source.client, &stream), 0);
	source.memory[5 * PAGE_BYTES] ^= 1;
	length = read_the_rest(source.client, &stream);
	assert_true(length >= PAGE_BYTES);
	assert_true(length <= PAGE_BYTES + RECORD_OVERHEAD + REST_BYTES);
	assert_done(mig_load(target.client, &stream));
	assert_same_memory(&source, &target);
	close_ivshmem(&source);
	close_ivshmem(&target);
	mig_stream_free(&stream);
}

static void second_migration_sends_all_again(struct fixture *fixture)
{
	struct ivshmem source = open_ivshmem(fixture, "ivshmem0");
	struct mig_stream first = {};
	struct mig_stream second = {};

	fill_randomly(&source);
	assert_done(mig_go(source.client, MIG_PRE_COPY));
	read_for_now(source.client, &first);
	assert_done(mig_go(source.client, MIG_RUNNING));
	assert_done(mig_go(source.client, MIG_PRE_COPY));
	read_for_now(source.client, &second);
	assert_int_equal(second.length, first.length);
	close_ivshmem(&source);
	mig_stream_free(&first);
	mig_stream_free(&second);
}

static void what_is_to_come_falls_and_rises_with_what_changed(struct fixture *fixture)
{
	struct ivshmem source = open_ivshmem(fixture, "ivshmem0");
	struct vfio_precopy_info info = { .argsz = sizeof(info) };
	static uint8_t bytes[MEMORY_BYTES / 4];
	unsigned long long before;
	int i;

	fill_randomly(&source);
	assert_done(mig_go(source.client, MIG_PRE_COPY));
	assert_done(mig_precopy_info(source.client->data_fd, &info));
	assert_true(info.initial_bytes + info.dirty_bytes >= MEMORY_BYTES);
	for (i = 0; i < 3; i++) {
		before = info.dirty_bytes;
		assert_true(read(source.client->data_fd, bytes,
				 sizeof(bytes)) > 0);
		assert_done(mig_precopy_info(source.client->data_fd, &info));
		assert_true(info.dirty_bytes < before);
	}
	close_ivshmem(&source);
}

/* Writes to the memory as long as there is one who saves it. */
struct writer {
	uint8_t *memory;
	atomic_bool is_over;
	atomic_ulong nr_written;
};

static int keep_writing(void *arg)
{
	struct writer *writer = arg;
	unsigned int seed = 1;

	while (!atomic_load(&writer->is_over)) {
		size_t at = rand_r(&seed) % (MEMORY_BYTES / 8);

		((volatile uint64_t *)writer->memory)[at] =
			atomic_fetch_add(&writer->nr_written, 1);
	}
	return 0;
}

static void no_write_is_lost_while_memory_is_sent(struct fixture *fixture)
{
	struct ivshmem source = open_ivshmem(fixture, "ivshmem0");
	struct ivshmem target = open_ivshmem(fixture, "ivshmem1");
	struct writer writer = { .memory = source.memory };
	struct mig_stream stream = {};
	struct background *step;
	uint8_t bytes[5000];
	ssize_t got;
	int i;

	fill_randomly(&source);
	step = background_call(keep_writing, &writer);
	assert_done(mig_go(source.client, MIG_PRE_COPY));
	for (i = 0; i < 600; i++) {
		got = read(source.client->data_fd, bytes, sizeof(bytes));
		if (got > 0)
			mig_stream_append(&stream, bytes, got);
	}
	/* Its user is stopped before it is, as a VMM does it. */
	atomic_store(&writer.is_over, true);
	background_finish(step);
	assert_true(writer.nr_written > 1000);
	assert_true(stream.length > MEMORY_BYTES);
	assert_done(mig_go(source.client, MIG_PRE_COPY_P2P));
	read_the_rest(source.client, &stream);
	mig_stream_walk(&stream);
	assert_done(mig_load(target.client, &stream));
	assert_same_memory(&source, &target);
	close_ivshmem(&source);
	close_ivshmem(&target);
	mig_stream_free(&stream);
}

static const struct test tests[] = {
	TEST(memory_and_registers_go_across),
	TEST(zeros_cost_nothing_and_replace_what_was_there),
	TEST(only_what_changed_is_sent_again),
	TEST(second_migration_sends_all_again),
	TEST(what_is_to_come_falls_and_rises_with_what_changed),
	TEST(no_write_is_lost_while_memory_is_sent),
};

SUITE("migration_ivshmem", tests)
