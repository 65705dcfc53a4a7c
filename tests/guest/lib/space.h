/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An I/O address space of the client and the two ways to have one: a VFIO
 * group in a container, or an iommufd. Devices in it are in client.h.
 */
#ifndef LIB_SPACE_H
#define LIB_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a client reaches devices. */
enum access_mode {
	ACCESS_GROUP,	/* /dev/vfio/<group> in a type1 container */
	ACCESS_CDEV,	/* /dev/vfio/devices/vfio<N> bound to an iommufd */
};

struct space_ops;

/* The ways to a device that kernels have; an access mode can have several. */
enum space_way {
	WAY_TYPE1,	/* group, /dev/vfio/vfio, the type1 IOMMU */
	WAY_TYPE1V2,	/* group, /dev/vfio/vfio, the type1v2 IOMMU */
	WAY_IOMMUFD,	/* group, /dev/iommu in the container's place */
	WAY_CDEV,	/* the device's own node, /dev/iommu */
};

/**
 * struct space_path - What is to be known of one way to a device
 * @name: As tests name it
 * @access: The access mode it belongs to
 * @ops: What differs between the access modes
 * @container: The node of the container or iommufd
 * @major: What /proc/devices calls the nodes of groups or devices
 * @iommu_type: What the container is set to; 0 with ACCESS_CDEV
 */
struct space_path {
	const char *name;
	enum access_mode access;
	const struct space_ops *ops;
	const char *container;
	const char *major;
	int iommu_type;
};

/* Indexed by enum space_way. */
extern const struct space_path space_paths[];

/**
 * struct space - One I/O address space
 * @path: The way it is reached
 * @access: The access mode that @path belongs to
 * @fd: The container or the iommufd
 * @group_fd: The group; -1 with ACCESS_CDEV
 * @ioas_id: The iommufd's address space; 0 with ACCESS_GROUP
 * @binds_only: With ACCESS_CDEV: devices are opened without being attached
 */
struct space {
	const struct space_path *path;
	enum access_mode access;
	int fd;
	int group_fd;
	uint32_t ioas_id;
	bool binds_only;
};

/**
 * struct space_ops - What differs between the access modes
 * @open: Open the space for the function at an address; 0 or a -errno
 * @open_device: Open the device of a name in the space; its fd or a -errno
 * @map: Map memory; 0 or a -errno
 * @unmap: Unmap memory; 0 or a -errno
 */
struct space_ops {
	int (*open)(struct space *space, const char *address);
	int (*open_device)(struct space *space, const char *name);
	int (*map)(struct space *space, void *memory, size_t bytes,
		   uint64_t iova);
	int (*unmap)(struct space *space, size_t bytes, uint64_t iova);
};

extern const struct space_ops space_group_ops;
extern const struct space_ops space_cdev_ops;

/**
 * space_way() - The way that tests go who only care for the access mode
 * @access: The mode
 *
 * Return: The way.
 */
enum space_way space_way(enum access_mode access);

/**
 * space_is_offered() - Whether this kernel has a way to devices
 * @way: The way
 *
 * Return: Whether it has.
 */
bool space_is_offered(enum space_way way);

/**
 * space_open() - Open an address space for a function
 * @space: The space
 * @way: How to reach it
 * @address: The function; its group is the one opened with ACCESS_GROUP
 *
 * Return: 0 or the -errno of the step that failed; -EBUSY if the group is
 * open already.
 */
int space_open(struct space *space, enum space_way way, const char *address);

/**
 * space_open_device() - Open a device in the space
 * @space: The space
 * @name: What the kernel is asked for: a UUID, a PCI address, either with
 *        " vf_token=<uuid>" behind it. With ACCESS_CDEV, which knows no names,
 *        the sysfs directory of this name leads to the device's node.
 *
 * Return: The device's fd, or the -errno of the step that refused.
 */
int space_open_device(struct space *space, const char *name);

/**
 * space_attach() - Attach a device to the space, with ACCESS_CDEV
 * @space: The space, to whose iommufd the device is bound
 * @fd: The device
 *
 * Return: 0 or a -errno.
 */
int space_attach(struct space *space, int fd);

/**
 * space_detach() - Undo space_attach(), or what opening has done of it
 * @fd: The device
 *
 * Return: 0 or a -errno.
 */
int space_detach(int fd);

/**
 * space_map() - Let devices of the space reach memory, to read and to write
 * @space: The space
 * @memory: Whole pages
 * @bytes: How many
 * @iova: Where the devices see them
 *
 * Return: 0 or a -errno.
 */
int space_map(struct space *space, void *memory, size_t bytes, uint64_t iova);

/**
 * space_unmap() - Take memory from the devices of the space
 * @space: The space
 * @bytes: As mapped
 * @iova: As mapped
 *
 * Return: 0 or a -errno.
 */
int space_unmap(struct space *space, size_t bytes, uint64_t iova);

/**
 * space_close() - Close an address space, after the devices in it
 * @space: The space; may be closed already
 */
void space_close(struct space *space);

#endif
