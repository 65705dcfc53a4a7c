// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that are reported dirty, by a type1 container and by the device's own
 * log, and pages that edu wrote: those whose content has changed.
 */
#include "check.h"
#include "dirty.h"
#include "edu.h"
#include "measures.h"
#include "result.h"

#define IOVA 0x200000
#define NR_PAGES DIRTY_MAX_PAGES
#define MAX_WRITES 16

/* Old machines' edu cannot reach the last byte of its buffer. */
#define BUFFER_BYTES 4000
#define CONTENT 0xa5

/* A row of writes, all of a length, evenly apart */
struct writes {
	const char *name;
	unsigned int nr_writes;
	unsigned int first;	/* byte of the memory */
	unsigned int apart;	/* bytes */
	unsigned int length;	/* bytes */
};

static const struct writes rows[] = {
	{ "nothing", 0, 0, 0, 0 },
	{ "one byte", 1, 5 * 4096, 0, 1 },
	{ "one page's most", 1, 9 * 4096, 0, BUFFER_BYTES },
	{ "across the border of two pages", 1, 21 * 4096 - 8, 0, 16 },
	{ "the same page, 4 times", 4, 30 * 4096, 512, 512 },
	{ "each fourth page", 16, 0, 4 * 4096, BUFFER_BYTES },
};

/* What tells which pages were written since it was asked last */
struct tracker {
	const char *name;
	bool (*is_offered)(struct client *client);
	int (*start)(struct client *client);
	int (*get)(struct client *client, uint64_t *pages);
};

static bool type1_is_offered(struct client *client)
{
	return client->space->path->access == ACCESS_GROUP;
}

static int type1_start(struct client *client)
{
	return dirty_start(client->space);
}

static int type1_get(struct client *client, uint64_t *pages)
{
	return dirty_get(client->space, IOVA, NR_PAGES, pages);
}

static bool log_is_offered(struct client *client)
{
	return !client_probe_feature(client, VFIO_DEVICE_FEATURE_SET |
				     VFIO_DEVICE_FEATURE_DMA_LOGGING_START);
}

static int log_start(struct client *client)
{
	return dirty_log_start(client, IOVA, NR_PAGES);
}

static int log_get(struct client *client, uint64_t *pages)
{
	*pages = 0;
	return dirty_log_get(client, IOVA, NR_PAGES, pages);
}

static const struct tracker trackers[] = {
	{ "type1", type1_is_offered, type1_start, type1_get },
	{ "device log", log_is_offered, log_start, log_get },
};

/* Pages whose content is not as it was */
static uint64_t take_changed(uint8_t *memory)
{
	uint64_t changed = 0;
	unsigned int i;

	for (i = 0; i < NR_PAGES * BENCH_PAGE_BYTES; i++)
		if (memory[i])
			changed |= 1ULL << (i / BENCH_PAGE_BYTES);
	memset(memory, 0, NR_PAGES * BENCH_PAGE_BYTES);
	return changed;
}

static void report(const struct tracker *tracker, const char *state,
		   const char *name, uint64_t reported, uint64_t written)
{
	result_begin("dirty");
	result_text("tracker", tracker->name);
	result_text("state", state);
	result_text("written", name);
	result_number("mapped_pages", NR_PAGES);
	result_number("written_pages", __builtin_popcountll(written));
	result_number("reported_pages", __builtin_popcountll(reported));
	result_end();
	/* Whatever it costs, none may be missed. */
	assert_int_equal(written & ~reported, 0);
}

static void write_row(struct client *client, const struct tracker *tracker,
		      const char *state, const struct writes *row,
		      uint8_t *memory)
{
	uint64_t reported;
	unsigned int i;

	for (i = 0; i < row->nr_writes; i++)
		assert_done(edu_copy(client, EDU_TO_MEMORY,
				     IOVA + row->first + i * row->apart,
				     row->length));
	assert_done(tracker->get(client, &reported));
	report(tracker, state, row->name, reported, take_changed(memory));
}

static void compare(struct fixture *fixture, struct client *client,
		    const struct tracker *tracker)
{
	uint8_t *memory = fixture_memory(fixture, NR_PAGES * BENCH_PAGE_BYTES);
	uint64_t ignored;
	size_t i;

	assert_done(space_map(client->space, memory,
			      NR_PAGES * BENCH_PAGE_BYTES, IOVA));
	memset(memory, CONTENT, BENCH_PAGE_BYTES);
	assert_done(edu_copy(client, EDU_FROM_MEMORY, IOVA, BUFFER_BYTES));
	memset(memory, 0, BENCH_PAGE_BYTES);
	assert_done(tracker->start(client));
	write_row(client, tracker, "RUNNING", &rows[0], memory);
	write_row(client, tracker, "RUNNING", &rows[1], memory);
	assert_done(mig_go(client, MIG_PRE_COPY));
	/* What it was before PRE_COPY may be reported once more. */
	assert_done(tracker->get(client, &ignored));
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		write_row(client, tracker, "PRE_COPY", &rows[i], memory);
	assert_done(mig_go(client, MIG_STOP_COPY));
	write_row(client, tracker, "STOP_COPY", &rows[0], memory);
	assert_done(mig_go(client, MIG_RUNNING));
	assert_done(space_unmap(client->space, NR_PAGES * BENCH_PAGE_BYTES,
				IOVA));
}

static void report_absence(const struct tracker *tracker)
{
	result_begin("not_offered");
	result_text("tracker", tracker->name);
	result_end();
}

void dirty_pages_are_compared(struct fixture *fixture)
{
	const struct kind *kind = fixture->data;
	struct function *function = mig_create(fixture, kind->source);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(trackers); i++) {
		/* Each begins with a container that knows of no other. */
		struct client *client = fixture_open(fixture, function);

		assert_done(edu_start(client));
		if (trackers[i].is_offered(client))
			compare(fixture, client, &trackers[i]);
		else
			report_absence(&trackers[i]);
		client_close(client);
		space_close(client->space);
	}
}
