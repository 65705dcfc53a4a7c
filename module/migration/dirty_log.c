// SPDX-License-Identifier: GPL-2.0-only
/*
 * The set of pages behind VFIO's device logging. It grows with the memory that
 * the device wrote, and is charged to whoever made it do so.
 */

#include <linux/bitmap.h>
#include <linux/slab.h>

#include "dirty_log.h"

/*
 * 512 GiB of memory, if all of it was written. As a user may name pages that do
 * not exist, also a bound for what one can make the kernel allocate.
 */
#define MAX_CHUNKS 65536

void vmp_dirty_log_init(struct vmp_dirty_log *log)
{
	xa_init_flags(&log->chunks, XA_FLAGS_ACCOUNT);
	log->nr_chunks = 0;
	log->is_on = false;
	log->is_full = false;
}

static void empty(struct vmp_dirty_log *log)
{
	unsigned long *chunk;
	unsigned long number;

	xa_for_each(&log->chunks, number, chunk)
		bitmap_free(chunk);
	xa_destroy(&log->chunks);
	log->nr_chunks = 0;
}

void vmp_dirty_log_stop(struct vmp_dirty_log *log)
{
	empty(log);
	log->is_on = false;
	log->is_full = false;
}

static unsigned long *add_chunk(struct vmp_dirty_log *log, unsigned long number)
{
	unsigned long *chunk;

	if (log->nr_chunks >= MAX_CHUNKS)
		return NULL;

	chunk = bitmap_zalloc(VMP_DIRTY_CHUNK_PAGES, GFP_KERNEL_ACCOUNT);
	if (!chunk)
		return NULL;

	if (xa_err(xa_store(&log->chunks, number, chunk, GFP_KERNEL))) {
		bitmap_free(chunk);
		return NULL;
	}
	log->nr_chunks++;
	return chunk;
}

void vmp_dirty_log_add(struct vmp_dirty_log *log, unsigned long page)
{
	unsigned long number = page / VMP_DIRTY_CHUNK_PAGES;
	unsigned long *chunk;

	if (!log->is_on || log->is_full)
		return;

	chunk = xa_load(&log->chunks, number);
	if (!chunk)
		chunk = add_chunk(log, number);
	if (!chunk) {
		/* To remember what was reported since takes as much again. */
		empty(log);
		log->is_full = true;
		return;
	}
	__set_bit(page % VMP_DIRTY_CHUNK_PAGES, chunk);
}

unsigned long vmp_dirty_log_next(struct vmp_dirty_log *log, unsigned long first,
				 unsigned long last)
{
	unsigned long number = first / VMP_DIRTY_CHUNK_PAGES;

	if (!xa_find(&log->chunks, &number, last / VMP_DIRTY_CHUNK_PAGES,
		     XA_PRESENT))
		return ULONG_MAX;
	return number;
}

void vmp_dirty_log_take(struct vmp_dirty_log *log, unsigned long chunk,
			unsigned int first, unsigned int last,
			unsigned long *pages)
{
	unsigned long *logged = xa_load(&log->chunks, chunk);
	unsigned int page = first;

	if (!logged)
		return;

	for_each_set_bit_from(page, logged, last + 1) {
		__set_bit(page, pages);
		__clear_bit(page, logged);
	}
	if (!bitmap_empty(logged, VMP_DIRTY_CHUNK_PAGES))
		return;

	xa_erase(&log->chunks, chunk);
	bitmap_free(logged);
	log->nr_chunks--;
}
