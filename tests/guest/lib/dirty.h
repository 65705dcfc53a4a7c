/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which pages of mapped memory devices wrote, as a client asks for it: by the
 * bitmap of a type1 container, or by a device's own log.
 */
#ifndef LIB_DIRTY_H
#define LIB_DIRTY_H

#include "client.h"

#define DIRTY_PAGE_BYTES 4096ULL

/* So many pages a bitmap is asked for at most. */
#define DIRTY_MAX_PAGES 64

/**
 * dirty_start() - Have a container keep a bitmap
 * @space: The space, a type1 container
 *
 * Return: 0 or a -errno.
 */
int dirty_start(struct space *space);

/**
 * dirty_get() - Get and clear a container's bitmap of a mapping
 * @space: The space
 * @iova: The mapping, as it was mapped
 * @nr_pages: Its pages, DIRTY_MAX_PAGES at most
 * @pages: Gets a bit for each page, the lowest for the first
 *
 * Return: 0 or a -errno.
 */
int dirty_get(struct space *space, uint64_t iova, unsigned int nr_pages,
	      uint64_t *pages);

/**
 * dirty_unmap() - Unmap a mapping, and get its bitmap
 * @space: The space
 * @iova: The mapping, as it was mapped
 * @nr_pages: Its pages, DIRTY_MAX_PAGES at most
 * @pages: As for dirty_get()
 *
 * Return: 0 or a -errno.
 */
int dirty_unmap(struct space *space, uint64_t iova, unsigned int nr_pages,
		uint64_t *pages);

/**
 * dirty_log_start() - Have a device keep a log
 * @client: The device
 * @iova: What memory, as the device sees it
 * @nr_pages: How much
 *
 * Return: 0 or a -errno: -ENOTTY if this kernel or device has none.
 */
int dirty_log_start(struct client *client, uint64_t iova,
		    unsigned int nr_pages);

/**
 * dirty_log_stop() - End a device's log
 * @client: The device
 *
 * Return: 0 or a -errno.
 */
int dirty_log_stop(struct client *client);

/**
 * dirty_log_get() - Get and clear a device's log
 * @client: The device
 * @iova: What memory
 * @nr_pages: DIRTY_MAX_PAGES at most
 * @pages: As for dirty_get(); bits are only ever set
 *
 * Return: 0 or a -errno.
 */
int dirty_log_get(struct client *client, uint64_t iova, unsigned int nr_pages,
		  uint64_t *pages);

#endif
