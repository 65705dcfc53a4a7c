// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two devices of a kind, and what goes from one to the other, by the clock.
 */
#include "pair.h"

#include <errno.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "region.h"

#define MEMORY_BAR VFIO_PCI_BAR2_REGION_INDEX
#define PAGE_WORDS (BENCH_PAGE_BYTES / sizeof(uint64_t))

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

struct pair pair_open(struct fixture *fixture)
{
	const struct kind *kind = fixture->data;

	return (struct pair) {
		.kind = kind,
		.source = mig_new(fixture, kind->source),
		.target = mig_new(fixture, kind->target),
	};
}

/*
 * BAR 2, only for as long as it takes: what is mapped holds the device, so a
 * measure that failed meanwhile could not put it back.
 */
static uint64_t *map_memory(const struct kind *kind, struct client *client)
{
	size_t bytes;
	uint64_t *memory;

	memory = region_map(client, MEMORY_BAR, &bytes);
	assert_that(memory && bytes == kind->memory_bytes,
		    "BAR 2 of %s cannot be mapped: %s", kind->name,
		    failure_text());
	return memory;
}

/* Marsaglia's xorshift: quick, and nothing that could be compressed */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

void pair_fill(struct pair *pair)
{
	uint64_t nr_words = pair->kind->memory_bytes / sizeof(uint64_t);
	uint64_t state = now_ns() | 1;
	uint64_t *memory;
	uint64_t i;

	if (!nr_words)
		return;
	memory = map_memory(pair->kind, pair->source);
	for (i = 0; i < nr_words; i++)
		memory[i] = next_random(&state);
	munmap(memory, pair->kind->memory_bytes);
}

uint64_t pair_rewrite(struct pair *pair, unsigned int percent)
{
	uint64_t nr_pages = pair->kind->memory_bytes / BENCH_PAGE_BYTES;
	uint64_t nr_rewritten = 0;
	uint64_t *memory;
	uint64_t page;

	if (!nr_pages || !percent)
		return 0;
	memory = map_memory(pair->kind, pair->source);
	for (page = 0; page < nr_pages; page++) {
		/* As in Bresenham's lines: each time the sum passes a hundred */
		if ((page + 1) * percent / 100 == page * percent / 100)
			continue;
		memory[page * PAGE_WORDS] += 1;
		nr_rewritten++;
	}
	munmap(memory, pair->kind->memory_bytes);
	return nr_rewritten;
}

void pair_assert_same(const struct pair *pair)
{
	size_t bytes = pair->kind->memory_bytes;
	uint64_t *source;
	uint64_t *target;
	int difference;

	if (!bytes)
		return;
	source = map_memory(pair->kind, pair->source);
	target = map_memory(pair->kind, pair->target);
	difference = memcmp(source, target, bytes);
	munmap(source, bytes);
	munmap(target, bytes);
	assert_that(!difference, "%s: what came is not what was sent",
		    pair->kind->name);
}

static void write_all(int fd, const uint8_t *bytes, size_t length)
{
	ssize_t done;

	for (; length; bytes += done, length -= done) {
		done = write(fd, bytes, length);
		assert_that(done > 0, "the target takes no more: %s",
			    strerror(errno));
	}
}

/* Adds to @sum_ns what went by since @begun_ns; returns the time. */
static uint64_t add_since(uint64_t begun_ns, uint64_t *sum_ns)
{
	uint64_t ns = now_ns();

	*sum_ns += ns - begun_ns;
	return ns;
}

/* A piece to read, and what came of it: bytes, 0 at the end, or a -errno */
static ssize_t send_piece(struct pair *pair, struct cost *cost,
			  struct pipe *pipe)
{
	static uint8_t piece[PIECE_BYTES];
	uint64_t begun_ns = now_ns();
	ssize_t got = read(pair->source->data_fd, piece, sizeof(piece));
	int error = errno;

	begun_ns = add_since(begun_ns, &cost->save_ns);
	if (got < 0)
		return -error;
	write_all(pair->target->data_fd, piece, got);
	begun_ns = add_since(begun_ns, &cost->load_ns);
	cost->bytes += got;
	if (pipe && got) {
		pipe_copy(pipe, piece, got);
		add_since(begun_ns, &cost->pipe_ns);
	}
	return got;
}

void pair_send_all(struct pair *pair, struct cost *cost, struct pipe *pipe)
{
	ssize_t got;

	do
		got = send_piece(pair, cost, pipe);
	while (got > 0);
	assert_that(!got, "the source gives no more: %s", strerror(-got));
}

static uint64_t left_bytes(const struct client *source)
{
	struct vfio_precopy_info info = { .argsz = sizeof(info) };

	assert_done(mig_precopy_info(source->data_fd, &info));
	return info.initial_bytes + info.dirty_bytes;
}

void pair_send_before_stop(struct pair *pair, struct cost *cost)
{
	ssize_t got;

	do
		got = send_piece(pair, cost, NULL);
	while (got > 0 && left_bytes(pair->source));
	assert_that(got > 0 || got == -ENOMSG, "the source gives no more: %s",
		    strerror(-got));
}

uint64_t timed_go(struct client *client, enum mig_state state)
{
	uint64_t begun_ns = now_ns();

	assert_done(mig_go(client, state));
	return now_ns() - begun_ns;
}
