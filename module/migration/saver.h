/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sending half of a data file: has the backend save the device's state
 * piece by piece, and makes a stream of it. Knows nothing of files.
 */
#ifndef VMP_MIGRATION_SAVER_H
#define VMP_MIGRATION_SAVER_H

#include <linux/types.h>

struct vmp_migration;
struct vmp_saver;

/**
 * vmp_saver_create() - begin to send
 *
 * Context: Process context.
 * Return: a saver, or NULL without memory.
 */
struct vmp_saver *vmp_saver_create(void);

/**
 * vmp_saver_destroy() - forget what was not sent
 * @saver: the saver, or NULL
 *
 * Context: Process context.
 */
void vmp_saver_destroy(struct vmp_saver *saver);

/**
 * vmp_saver_peek() - what is ready to be sent
 * @saver: the saver
 * @data: gets where it is
 *
 * Context: Under the data file's lock.
 * Return: bytes that are ready.
 */
size_t vmp_saver_peek(const struct vmp_saver *saver, const void **data);

/**
 * vmp_saver_consume() - some of what was ready is sent
 * @saver: the saver
 * @length: how many bytes
 *
 * Context: Under the data file's lock.
 */
void vmp_saver_consume(struct vmp_saver *saver, size_t length);

/**
 * vmp_saver_keep_end() - have the end for now told by the next refill
 * @saver: the saver, whose last refill returned -ENOMSG
 *
 * For a read that has bytes to tell of, too. A backend that always has some
 * would never come to an end otherwise.
 *
 * Context: Under the data file's lock.
 */
void vmp_saver_keep_end(struct vmp_saver *saver);

/**
 * vmp_saver_refill() - make the next piece ready, when nothing is
 * @saver: the saver, with nothing ready
 * @mig: migration in a state in which it is saved
 *
 * Context: Under the data file's lock and the state lock.
 * Return: 0 if there is something ready now; -ENOMSG if there is nothing until
 *	the device has written or stopped; -ENODATA at the end of the stream;
 *	what the backend returned.
 */
int vmp_saver_refill(struct vmp_saver *saver, struct vmp_migration *mig);

/**
 * vmp_saver_initial_bytes() - how much is left of what lets the target judge
 *	whether it can take the state
 * @saver: the saver
 *
 * Context: Under the data file's lock.
 * Return: bytes.
 */
u64 vmp_saver_initial_bytes(const struct vmp_saver *saver);

/**
 * vmp_saver_other_bytes() - how much else is ready
 * @saver: the saver
 *
 * Context: Under the data file's lock.
 * Return: bytes.
 */
u64 vmp_saver_other_bytes(const struct vmp_saver *saver);

/**
 * vmp_saver_overhead_bytes() - what a stream has besides the backend's records
 *
 * Context: Any.
 * Return: bytes at most.
 */
u64 vmp_saver_overhead_bytes(void);

#endif /* VMP_MIGRATION_SAVER_H */
