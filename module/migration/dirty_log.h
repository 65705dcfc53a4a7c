/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A set of pages, for VFIO's device logging: what was written since the last
 * report. Who adds to it and who reports it is in dirty.c.
 */
#ifndef VMP_MIGRATION_DIRTY_LOG_H
#define VMP_MIGRATION_DIRTY_LOG_H

#include <linux/types.h>
#include <linux/xarray.h>

/* Pages that one chunk of the log has bits for. */
#define VMP_DIRTY_CHUNK_PAGES 2048

/**
 * struct vmp_dirty_log - a set of pages
 * @chunks: bitmaps of VMP_DIRTY_CHUNK_PAGES bits each, by page number divided
 *	by that; only those with a bit set
 * @nr_chunks: how many
 * @is_on: pages are added, not ignored
 * @is_full: there was no memory for a page, so that each page counts as in the
 *	set, until the log is stopped
 */
struct vmp_dirty_log {
	struct xarray chunks;
	unsigned int nr_chunks;
	bool is_on;
	bool is_full;
};

/**
 * vmp_dirty_log_init() - the log is off and empty
 * @log: log to initialise
 *
 * Context: Any.
 */
void vmp_dirty_log_init(struct vmp_dirty_log *log);

/**
 * vmp_dirty_log_stop() - turn the log off, and forget what is in it
 * @log: the log
 *
 * Context: Process context; the caller serializes.
 */
void vmp_dirty_log_stop(struct vmp_dirty_log *log);

/**
 * vmp_dirty_log_add() - a page was written
 * @log: the log; ignores the page while it is off
 * @page: number of the page
 *
 * Context: Process context, may sleep; the caller serializes.
 */
void vmp_dirty_log_add(struct vmp_dirty_log *log, unsigned long page);

/**
 * vmp_dirty_log_next() - where is the next page?
 * @log: the log
 * @first: first page to look at
 * @last: last page to look at
 *
 * Context: The caller serializes.
 * Return: number of a chunk with a page in it, the lowest from @first on that
 *	begins at @last or below; ULONG_MAX if there is none.
 */
unsigned long vmp_dirty_log_next(struct vmp_dirty_log *log, unsigned long first,
				 unsigned long last);

/**
 * vmp_dirty_log_take() - take the pages of a chunk that are in a range
 * @log: the log
 * @chunk: number of the chunk
 * @first: first bit of the chunk
 * @last: last bit of the chunk
 * @pages: VMP_DIRTY_CHUNK_PAGES bits, of which those of the pages are set and
 *	the others stay
 *
 * Context: The caller serializes.
 */
void vmp_dirty_log_take(struct vmp_dirty_log *log, unsigned long chunk,
			unsigned int first, unsigned int last,
			unsigned long *pages);

#endif /* VMP_MIGRATION_DIRTY_LOG_H */
