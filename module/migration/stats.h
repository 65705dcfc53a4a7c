/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was counted of one function's migrations since its mdev was created.
 */
#ifndef VMP_MIGRATION_STATS_H
#define VMP_MIGRATION_STATS_H

#include <linux/atomic.h>

/**
 * enum vmp_stat - what is counted
 * @VMP_STAT_ARCS: arcs of the state machine that were taken
 * @VMP_STAT_ERRORS: arcs that failed, and streams that were refused
 * @VMP_STAT_RESETS: resets of the device while an mdev exists
 * @VMP_STAT_SAVED_BYTES: bytes of streams that users read
 * @VMP_STAT_LOADED_BYTES: bytes of streams that users wrote
 * @VMP_STAT_DIRTY_PAGES: pages that the device was said to write
 * @VMP_STAT_TRAPPED: accesses to trapped registers
 * @VMP_NR_STATS: how many there are
 */
enum vmp_stat {
	VMP_STAT_ARCS,
	VMP_STAT_ERRORS,
	VMP_STAT_RESETS,
	VMP_STAT_SAVED_BYTES,
	VMP_STAT_LOADED_BYTES,
	VMP_STAT_DIRTY_PAGES,
	VMP_STAT_TRAPPED,
	VMP_NR_STATS,
};

/**
 * struct vmp_stats - the counters
 * @count: by &enum vmp_stat
 */
struct vmp_stats {
	atomic64_t count[VMP_NR_STATS];
};

/**
 * vmp_stats_add() - count
 * @stats: the counters
 * @stat: which
 * @count: how much more
 *
 * Context: Any.
 */
static inline void vmp_stats_add(struct vmp_stats *stats, enum vmp_stat stat,
				 u64 count)
{
	atomic64_add(count, &stats->count[stat]);
}

#endif /* VMP_MIGRATION_STATS_H */
