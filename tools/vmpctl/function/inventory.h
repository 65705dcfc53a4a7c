/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's PCI functions, as sysfs shows them.
 */
#ifndef VMPCTL_INVENTORY_H
#define VMPCTL_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WRAPPER "vfio-mdev-pci"
#define PCI_DEVICES "/sys/bus/pci/devices"
#define MDEV_DEVICES "/sys/bus/mdev/devices"

/* In struct function: it has no IOMMU group. */
#define NO_GROUP (-1)

/**
 * struct function - a PCI function; what cannot be read is 0 or ""
 * @bdf: its address, with domain
 * @vendor: PCI ids, as everywhere
 * @device: likewise
 * @subsystem_vendor: likewise
 * @subsystem_device: likewise
 * @class_code: class, subclass and programming interface
 * @revision: likewise
 * @is_bridge: it has another header than an endpoint's
 * @group: number of its IOMMU group, or NO_GROUP
 * @driver: its driver
 * @override: the only driver that it may have
 * @reset_methods: how the kernel can reset it, words with spaces between
 * @numa_node: -1 if it belongs to none
 * @nr_vfs: SR-IOV: how many VFs are enabled
 * @max_vfs: SR-IOV: how many could be
 * @physical: SR-IOV: address of the function whose VF it is
 * @uuid: its mdev
 */
struct function {
	char bdf[16];
	uint16_t vendor;
	uint16_t device;
	uint16_t subsystem_vendor;
	uint16_t subsystem_device;
	uint32_t class_code;
	uint8_t revision;
	bool is_bridge;
	int group;
	char driver[64];
	char override[64];
	char reset_methods[80];
	int numa_node;
	unsigned int nr_vfs;
	unsigned int max_vfs;
	char physical[16];
	char uuid[40];
};

/**
 * struct inventory - all functions
 * @function: sorted by address
 * @nr: how many
 */
struct inventory {
	struct function *function;
	size_t nr;
};

/* Has @text the form of a UUID? */
bool is_uuid(const char *text);

/* Read what sysfs says of @bdf now. */
void function_read(struct function *fn, const char *bdf);

/* Read all. To be freed. */
struct inventory inventory_read(void);

void inventory_free(struct inventory *inventory);

/* The name of its mdev type, by its ids, as module/mdev.c makes it. */
void function_type(const struct function *fn, char *type, size_t size);

/* Is it bound to our driver? */
bool function_is_bound(const struct function *fn);

/* Do two different functions share an IOMMU group? */
bool function_is_beside(const struct function *fn,
			const struct function *other);

#endif /* VMPCTL_INVENTORY_H */
