/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is measured. Each measure prints its results, see result.h.
 */
#ifndef BENCH_MEASURES_H
#define BENCH_MEASURES_H

#include "pair.h"

/**
 * every_arc_is_timed() - Duration of each arc, as the driver's tracepoint has it
 * @fixture: Of a kind of device
 */
void every_arc_is_timed(struct fixture *fixture);

/**
 * stream_is_compared_with_a_pipe() - Throughput of saving and of loading
 * @fixture: Of a kind of device
 */
void stream_is_compared_with_a_pipe(struct fixture *fixture);

/**
 * downtime_is_added_up() - How long nobody runs, with PRE_COPY and without
 * @fixture: Of a kind of device
 */
void downtime_is_added_up(struct fixture *fixture);

/**
 * dirty_pages_are_compared() - Pages reported, and pages that edu wrote
 * @fixture: Of edu
 */
void dirty_pages_are_compared(struct fixture *fixture);

#endif
