/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The receiving half of a data file: takes a stream apart, and has the backend
 * load what is in it. Knows nothing of files.
 */
#ifndef VMP_MIGRATION_LOADER_H
#define VMP_MIGRATION_LOADER_H

#include <linux/types.h>

struct vmp_loader;
struct vmp_migration;

/**
 * vmp_loader_create() - begin to receive
 * @mig: migration of an open, stopped device
 *
 * Context: Under the state lock.
 * Return: a loader, or NULL without memory.
 */
struct vmp_loader *vmp_loader_create(const struct vmp_migration *mig);

/**
 * vmp_loader_destroy() - forget what was received
 * @loader: the loader, or NULL
 *
 * Context: Process context.
 */
void vmp_loader_destroy(struct vmp_loader *loader);

/**
 * vmp_loader_feed() - the next bytes of the stream
 * @loader: the loader
 * @mig: the migration it was created for
 * @data: bytes in the kernel
 * @length: how many
 *
 * Context: Under the state lock.
 * Return: 0 if all were taken; -errno if the stream is refused, with a line in
 *	the kernel log that says why. From then on it is refused for good.
 */
int vmp_loader_feed(struct vmp_loader *loader, struct vmp_migration *mig,
		    const void *data, size_t length);

/**
 * vmp_loader_finish() - load what has waited for the end of the stream
 * @loader: the loader
 * @mig: the migration it was created for
 * @has_begun: gets whether the device may have changed
 *
 * Context: Under the state lock, with the device set's lock held.
 * Return: 0; -EINVAL if the stream is not whole, or was refused; what the
 *	backend's load returned.
 */
int vmp_loader_finish(struct vmp_loader *loader, struct vmp_migration *mig,
		      bool *has_begun);

#endif /* VMP_MIGRATION_LOADER_H */
