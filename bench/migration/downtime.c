// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long neither source nor target runs: from the moment at which a VMM has
 * stopped its CPUs until the target is RUNNING. It is added up of what each side
 * takes: here, one after the other, what two hosts would do at the same time.
 */
#include "check.h"
#include "measures.h"
#include "result.h"

/* What happens before the stop */
struct precopy {
	const char *name;
	bool is_there;
	unsigned int percent;	/* of the pages, rewritten after they were sent */
};

static const struct precopy precopies[] = {
	{ "without", false, 0 },
	{ "0 % rewritten", true, 0 },
	{ "1 % rewritten", true, 1 },
	{ "10 % rewritten", true, 10 },
};

/* Parts of a migration, and of its downtime */
struct parts {
	struct cost before;	/* while the source runs */
	struct cost after;	/* when it does not */
	uint64_t stop_ns;	/* source: to STOP_COPY */
	uint64_t start_ns;	/* target: from RESUMING to RUNNING */
	uint64_t nr_rewritten;
};

static void send_before_stop(struct pair *pair, unsigned int percent,
			     struct parts *parts)
{
	assert_done(mig_go(pair->source, MIG_PRE_COPY));
	pair_send_before_stop(pair, &parts->before);
	parts->nr_rewritten = pair_rewrite(pair, percent);
}

/* In QEMU's order: its CPUs stop, then the device */
static void migrate(struct pair *pair, const struct precopy *precopy,
		    struct parts *parts)
{
	assert_done(mig_go(pair->target, MIG_RESUMING));
	if (precopy->is_there)
		send_before_stop(pair, precopy->percent, parts);
	parts->stop_ns = timed_go(pair->source, precopy->is_there ?
				  MIG_PRE_COPY_P2P : MIG_RUNNING_P2P);
	parts->stop_ns += timed_go(pair->source, MIG_STOP_COPY);
	pair_send_all(pair, &parts->after, NULL);
	parts->start_ns = timed_go(pair->target, MIG_RUNNING);
	assert_done(mig_go(pair->source, MIG_RUNNING));
	pair_assert_same(pair);
}

static void report(const struct pair *pair, const struct precopy *precopy,
		   const struct parts *parts)
{
	const struct cost *after = &parts->after;

	result_begin("downtime");
	result_text("device", pair->kind->name);
	result_number("state_bytes", pair->kind->memory_bytes);
	result_text("precopy", precopy->name);
	result_number("rewritten_pages", parts->nr_rewritten);
	result_number("bytes_before", parts->before.bytes);
	result_number("bytes_after", after->bytes);
	result_number("stop_ns", parts->stop_ns);
	result_number("save_ns", after->save_ns);
	result_number("load_ns", after->load_ns);
	result_number("start_ns", parts->start_ns);
	result_number("downtime_ns", parts->stop_ns + after->save_ns +
		      after->load_ns + parts->start_ns);
	result_end();
}

void downtime_is_added_up(struct fixture *fixture)
{
	struct pair pair = pair_open(fixture);
	size_t i;

	pair_fill(&pair);
	for (i = 0; i < ARRAY_SIZE(precopies); i++) {
		struct parts parts = {};

		/* What has no memory has no pages to be rewritten. */
		if (precopies[i].percent && !pair.kind->memory_bytes)
			continue;
		migrate(&pair, &precopies[i], &parts);
		report(&pair, &precopies[i], &parts);
	}
}
