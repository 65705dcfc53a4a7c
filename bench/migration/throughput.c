// SPDX-License-Identifier: GPL-2.0-only
/*
 * How fast a stopped device's state goes out of the source's data file and
 * into the target's, and how fast as many bytes go through a pipe.
 */
#include "check.h"
#include "measures.h"
#include "result.h"

static void report(const struct kind *kind, const struct cost *cost)
{
	result_begin("throughput");
	result_text("device", kind->name);
	result_number("state_bytes", kind->memory_bytes);
	result_number("stream_bytes", cost->bytes);
	result_number("save_ns", cost->save_ns);
	result_number("load_ns", cost->load_ns);
	result_number("pipe_ns", cost->pipe_ns);
	result_end();
}

void stream_is_compared_with_a_pipe(struct fixture *fixture)
{
	struct pair pair = pair_open(fixture);
	struct pipe pipe;
	unsigned int i;

	pipe_open(&pipe);
	for (i = 0; i < pair.kind->nr_copies; i++) {
		struct cost cost = {};

		pair_fill(&pair);
		assert_done(mig_go(pair.source, MIG_STOP_COPY));
		assert_done(mig_go(pair.target, MIG_RESUMING));
		pair_send_all(&pair, &cost, &pipe);
		assert_done(mig_go(pair.target, MIG_RUNNING));
		assert_done(mig_go(pair.source, MIG_RUNNING));
		pair_assert_same(&pair);
		report(pair.kind, &cost);
	}
	pipe_close(&pipe);
}
