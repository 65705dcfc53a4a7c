// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls of an administrator: writes to the files that the driver has in sysfs,
 * and to those of the PCI core's that come to it.
 *
 * Not written: new_id with ids that a device of the machine has, so that no
 * other test's device changes hands; the PCI core's remove, which is for
 * random_faults.c; numa_node, which taints the kernel.
 */
#include <errno.h>

#include "check.h"
#include "fuzz.h"
#include "mdev.h"
#include "pci.h"
#include "sysfs.h"

/* What sysfs may be told; the first ones are what some file wants. */
static const char * const texts[] = {
	"0", "1", "1", "0", "Y", "n", "on", "off", "auto", "default", "flr",
	"bus", "pm flr", "dead beef", "dead beef 0 0 0 0 0 0", DRIVER_NAME, "none",
	"", "\n", " ", "2", "-1", "0x1", "4", "8", "65535", "65536", "4294967296",
	"18446744073709551616", "1 1", "%s%n", "\xff\xfe", "../../x",
	"00000000-0000-0000-0000-000000000000",
	"00000000-0000-0000-0000-00000000000g",
	"11111111-2222-3333-4444-555555555555",
	"11111111-2222-3333-4444-555555555555x",
	"111111112222333344445555555555555555",
	"0000:ff:1f.7", "zzzz:zz:zz.z",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

/* Below the function's directory. */
static const char * const function_files[] = {
	"vfio_mdev_pci/nointxmask", "vfio_mdev_pci/disable_vga",
	"vfio_mdev_pci/disable_idle_d3", "vfio_mdev_pci/hot_reset_siblings",
	"vfio_mdev_pci/nointxmask_effective", "vfio_mdev_pci/migration_arcs",
	"vfio_mdev_pci/migration_state", "vfio_mdev_pci/migration_backend",
	"sriov_numvfs", "sriov_drivers_autoprobe", "reset", "reset_method",
	"power/control", "d3cold_allowed", "driver_override",
};

/* Of the driver and its module. */
static const char * const driver_files[] = {
	"/sys/bus/pci/drivers/" DRIVER_NAME "/new_id",
	"/sys/bus/pci/drivers/" DRIVER_NAME "/remove_id",
	"/sys/bus/pci/drivers/" DRIVER_NAME "/bind",
	"/sys/bus/pci/drivers/" DRIVER_NAME "/unbind",
	"/sys/bus/mdev/drivers/" DRIVER_NAME "/bind",
	"/sys/module/vfio_mdev_pci/parameters/ids",
	"/sys/module/vfio_mdev_pci/parameters/nointxmask",
	"/sys/module/vfio_mdev_pci/parameters/disable_vga",
	"/sys/module/vfio_mdev_pci/parameters/disable_idle_d3",
	"/sys/module/vfio_mdev_pci/parameters/hot_reset_siblings",
	"/sys/module/vfio_mdev_pci/parameters/migration",
};

#define CHOOSE(array, number) ((array)[(number) % ARRAY_SIZE(array)])

/* The counts want what the kernel said as ioctl() says it. */
static long as_call(int ret)
{
	if (ret >= 0)
		return 0;
	errno = -ret;
	return -1;
}

static long write_function_file(struct fuzz_target *target,
				const struct fuzz_operation *operation,
				struct fuzz_lane_memory *memory,
				const uint64_t *numbers)
{
	(void)operation;
	(void)memory;
	return as_call(sysfs_write(CHOOSE(texts, numbers[1]),
				   PCI_DEVICES "/%s/%s", target->address,
				   CHOOSE(function_files, numbers[0])));
}

/* A setting that is set, so that more than refusals is seen. */
static long write_setting(struct fuzz_target *target,
			  const struct fuzz_operation *operation,
			  struct fuzz_lane_memory *memory,
			  const uint64_t *numbers)
{
	(void)operation;
	(void)memory;
	return as_call(sysfs_write(numbers[1] & 1 ? "1" : "0",
				   PCI_DEVICES "/%s/%s", target->address,
				   function_files[numbers[0] % 4]));
}

static long write_driver_file(struct fuzz_target *target,
			      const struct fuzz_operation *operation,
			      struct fuzz_lane_memory *memory,
			      const uint64_t *numbers)
{
	(void)target;
	(void)operation;
	(void)memory;
	return as_call(sysfs_write(CHOOSE(texts, numbers[1]), "%s",
				   CHOOSE(driver_files, numbers[0])));
}

/* By its own name, by one of the texts', or by its own with something more. */
static long create_it(struct fuzz_target *target,
		      const struct fuzz_operation *operation,
		      struct fuzz_lane_memory *memory, const uint64_t *numbers)
{
	char type[128];

	(void)operation;
	(void)memory;
	if (numbers[0] & 3)
		return as_call(mdev_create_now(target->address, target->uuid));
	mdev_type_name(type, sizeof(type), target->address);
	return as_call(sysfs_write(CHOOSE(texts, numbers[1]), PCI_DEVICES
				   "/%s/mdev_supported_types/%s/create",
				   target->address, type));
}

static long remove_mdev(struct fuzz_target *target,
			const struct fuzz_operation *operation,
			struct fuzz_lane_memory *memory,
			const uint64_t *numbers)
{
	(void)operation;
	(void)memory;
	return as_call(sysfs_write(numbers[0] & 3 ? "1" :
				   CHOOSE(texts, numbers[1]),
				   MDEV_DEVICES "/%s/remove", target->uuid));
}

static long unbind_it(struct fuzz_target *target,
		      const struct fuzz_operation *operation,
		      struct fuzz_lane_memory *memory, const uint64_t *numbers)
{
	(void)operation;
	(void)memory;
	(void)numbers;
	pci_prepare_unbind(target->address);
	return as_call(sysfs_write(target->address, PCI_DRIVERS "/"
				   DRIVER_NAME "/unbind"));
}

static long bind_it(struct fuzz_target *target,
		    const struct fuzz_operation *operation,
		    struct fuzz_lane_memory *memory, const uint64_t *numbers)
{
	(void)operation;
	(void)memory;
	(void)numbers;
	return as_call(sysfs_write(target->address, PCI_DRIVERS "/"
				   DRIVER_NAME "/bind"));
}

/* All that the driver shows. */
static long read_files(struct fuzz_target *target,
		       const struct fuzz_operation *operation,
		       struct fuzz_lane_memory *memory,
		       const uint64_t *numbers)
{
	static const char * const none[] = { NULL };
	static const char * const directories[] = {
		"vfio_mdev_pci", "mdev_supported_types", "vfio-dev",
	};

	(void)operation;
	(void)memory;
	return as_call(sysfs_read_tree(none, PCI_DEVICES "/%s/%s",
				       target->address,
				       CHOOSE(directories, numbers[0])));
}

static long read_mdev(struct fuzz_target *target,
		      const struct fuzz_operation *operation,
		      struct fuzz_lane_memory *memory,
		      const uint64_t *numbers)
{
	static const char * const none[] = { NULL };

	(void)operation;
	(void)memory;
	(void)numbers;
	return as_call(sysfs_read_tree(none, MDEV_DEVICES "/%s/",
				       target->uuid));
}

#define ADMINS(name_, run_, weight_, ...) \
	{ .name = (name_), .run = (run_), .is_admins = true, \
	  .weight = (weight_), .fields = { __VA_ARGS__ } }

const struct fuzz_operation fuzz_sysfs_operations[] = {
	ADMINS("write_function_file", write_function_file, 6,
	       { FUZZ_FILE }, { FUZZ_TEXT }),
	ADMINS("write_setting", write_setting, 2,
	       { FUZZ_FILE }, { FUZZ_TEXT }),
	ADMINS("write_driver_file", write_driver_file, 3,
	       { FUZZ_FILE }, { FUZZ_TEXT }),
	ADMINS("create", create_it, 4, { FUZZ_TEXT }, { FUZZ_TEXT }),
	ADMINS("remove", remove_mdev, 3, { FUZZ_TEXT }, { FUZZ_TEXT }),
	ADMINS("unbind", unbind_it, 1),
	ADMINS("bind_driver", bind_it, 2),
	ADMINS("read_files", read_files, 2, { FUZZ_FILE }),
	ADMINS("read_mdev", read_mdev, 1),
	{ }
};
