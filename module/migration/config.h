/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the stream says of the function as a PCI function: its identity, and
 * the bits of config space that guests may set and VMMs do not restore.
 */
#ifndef VMP_MIGRATION_CONFIG_H
#define VMP_MIGRATION_CONFIG_H

#include <linux/types.h>

#include "stream.h"

struct vmp_migration;

/**
 * vmp_config_identify() - whose state it is
 * @mig: migration of an open device
 * @identity: gets the answer
 *
 * Context: Process context.
 */
void vmp_config_identify(const struct vmp_migration *mig,
			 struct vmp_identity *identity);

/* Room that vmp_config_save() wants. */
#define VMP_CONFIG_MAX_BYTES 256

/**
 * vmp_config_save() - the payload of a VMP_RECORD_CONFIG
 * @mig: migration of an open device
 * @payload: VMP_CONFIG_MAX_BYTES of room
 *
 * Context: Process context.
 * Return: bytes written.
 */
size_t vmp_config_save(const struct vmp_migration *mig, void *payload);

/**
 * vmp_config_check() - does the payload make sense for this function?
 * @mig: migration of an open device
 * @payload: of a VMP_RECORD_CONFIG, hostile
 * @length: bytes of it
 *
 * Context: Process context.
 * Return: 0, or -EINVAL.
 */
int vmp_config_check(const struct vmp_migration *mig, const void *payload,
		     size_t length);

/**
 * vmp_config_load() - put it into config space
 * @mig: migration of an open device
 * @payload: as vmp_config_check() has found it good
 * @length: bytes of it
 *
 * Writes only bits that a guest may write through vfio-pci-core.
 *
 * Context: Process context, under the state lock.
 */
void vmp_config_load(const struct vmp_migration *mig, const void *payload,
		     size_t length);

#endif /* VMP_MIGRATION_CONFIG_H */
