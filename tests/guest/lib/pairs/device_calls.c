// SPDX-License-Identifier: GPL-2.0-only
/*
 * What any open device can be asked for, by its client and by its owner.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "device.h"
#include "dirty.h"
#include "irq.h"
#include "pci.h"
#include "region.h"
#include "setting.h"
#include "sysfs.h"
#include "wait.h"

#define BAR0 VFIO_PCI_BAR0_REGION_INDEX

#define PAGE_BYTES 4096

/* Of a read or write that vfio does in one piece */
static int whole(int got, size_t size)
{
	return got < 0 || got == (int)size ? got : -ENODATA;
}

static int read_config(void)
{
	uint32_t value;

	return whole(region_read(pairs_subject.client,
				 VFIO_PCI_CONFIG_REGION_INDEX,
				 pairs_round() % 64 * 4, &value, sizeof(value)),
		     sizeof(value));
}

/* Bus mastering is turned off and on. */
static int write_command(void)
{
	uint16_t command;
	int ret;

	ret = whole(region_read(pairs_subject.client,
				VFIO_PCI_CONFIG_REGION_INDEX, PCI_COMMAND,
				&command, sizeof(command)), sizeof(command));
	return ret < 0 ? ret : config_write(pairs_subject.client, PCI_COMMAND,
					    sizeof(command),
					    command ^ PCI_COMMAND_MASTER);
}

static int size_a_bar(void)
{
	int ret;

	ret = config_write(pairs_subject.client, PCI_BASE_ADDRESS_0, 4,
			   UINT32_MAX);
	return ret ? ret : config_write(pairs_subject.client,
					PCI_BASE_ADDRESS_0, 4, 0xf0000000);
}

static int read_register(void)
{
	uint32_t value;

	return whole(region_read(pairs_subject.client, BAR0, pairs_subject.reg,
				 &value, sizeof(value)), sizeof(value));
}

static int write_register(void)
{
	uint32_t value = pairs_round();

	return whole(region_write(pairs_subject.client, BAR0,
				  pairs_subject.reg, &value, sizeof(value)),
		     sizeof(value));
}

/* A page that is not there then is read with EFAULT, and no signal. */
static int map_and_touch(void)
{
	uint32_t value;
	size_t bytes;
	void *map;
	int ret = 0;

	map = region_map(pairs_subject.client, BAR0, &bytes);
	if (!map)
		return -errno;
	if (write(pairs_subject.pipe[1], map, sizeof(value)) < 0)
		ret = failure_set(errno, "cannot read what is mapped");
	else if (read(pairs_subject.pipe[0], &value, sizeof(value)) < 0)
		abort();
	munmap(map, bytes);
	return ret;
}

static int reset(void)
{
	return client_reset(pairs_subject.client);
}

static int ask_for_interrupts(void)
{
	struct vfio_irq_info info;

	return irq_query(pairs_subject.client,
			 pairs_round() % (VFIO_PCI_MSIX_IRQ_INDEX + 1), &info);
}

static int ask_for_regions(void)
{
	union region_info region;

	return region_query(pairs_subject.client,
			    pairs_round() % (VFIO_PCI_CONFIG_REGION_INDEX + 1),
			    &region);
}

/*
 * A reset by sysfs restores messages, which a client of vfio-pci may be about to
 * turn off: pci_reset_function() then finds none, and Linux ends in an oops
 * (__pci_restore_msi_state() of 6.12, with vfio-pci alone as well). So one waits
 * for the other.
 */
static pthread_rwlock_t messages = PTHREAD_RWLOCK_INITIALIZER;

static int tie(unsigned int index)
{
	int ret;

	pthread_rwlock_rdlock(&messages);
	ret = irq_connect(pairs_subject.client, index, 0, &pairs_subject.event,
			  1);
	if (!ret)
		ret = irq_disable(pairs_subject.client, index);
	pthread_rwlock_unlock(&messages);
	return ret;
}

static int tie_message(void)
{
	return tie(VFIO_PCI_MSI_IRQ_INDEX);
}

static int tie_message_x(void)
{
	return tie(VFIO_PCI_MSIX_IRQ_INDEX);
}

static int tie_line(void)
{
	struct client *client = pairs_subject.client;
	int ret;

	ret = irq_connect(client, VFIO_PCI_INTX_IRQ_INDEX, 0,
			  &pairs_subject.event, 1);
	if (!ret)
		ret = irq_act(client, VFIO_PCI_INTX_IRQ_INDEX,
			      VFIO_IRQ_SET_ACTION_MASK, 0, 1);
	if (!ret)
		ret = irq_act(client, VFIO_PCI_INTX_IRQ_INDEX,
			      VFIO_IRQ_SET_ACTION_UNMASK, 0, 1);
	return ret ? ret : irq_disable(client, VFIO_PCI_INTX_IRQ_INDEX);
}

static int tie_request(void)
{
	const int none = -1;

	return irq_connect(pairs_subject.client, VFIO_PCI_REQ_IRQ_INDEX, 0,
			   pairs_round() & 1 ? &pairs_subject.event : &none, 1);
}

static bool is_asleep(void *unused)
{
	char status[16];

	(void)unused;
	return !sysfs_read(status, sizeof(status), PCI_DEVICES
			   "/%s/power/runtime_status", pairs_subject.address) &&
	       !strcmp(status, "suspended");
}

/* Each fourth time it falls asleep, if nothing wakes it. */
static int sleep_and_wake(void)
{
	int ret;

	ret = client_set_feature(pairs_subject.client,
				 VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY, NULL, 0);
	if (ret)
		return ret;
	if (pairs_round() % 4 == 3)
		wait_for(is_asleep, NULL, 10);
	return client_set_feature(pairs_subject.client,
				  VFIO_DEVICE_FEATURE_LOW_POWER_EXIT, NULL, 0);
}

static int open_again(void)
{
	int fd = space_open_device(pairs_subject.client->space,
				   pairs_subject.uuid);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int map_memory(void)
{
	static uint8_t memory[2 * PAGE_BYTES]
		__attribute__((aligned(PAGE_BYTES)));
	int ret;

	ret = space_map(pairs_subject.client->space, memory, sizeof(memory),
			PAIRS_FREE_IOVA);
	return ret ? ret : space_unmap(pairs_subject.client->space,
				       sizeof(memory), PAIRS_FREE_IOVA);
}

static int ask_what_a_hot_reset_resets(void)
{
	struct hot_reset reset;

	return client_hot_reset_info(pairs_subject.client, &reset,
				     HOT_RESET_MAX);
}

static int detach_and_attach(void)
{
	int ret = space_detach(pairs_subject.client->fd);

	return ret ? ret : space_attach(pairs_subject.client->space,
					pairs_subject.client->fd);
}

static int read_dirty_pages(void)
{
	uint64_t pages[2] = {};

	return dirty_get(pairs_subject.client->space, PAIRS_IOVA,
			 PAIRS_BYTES / DIRTY_PAGE_BYTES, pages);
}

static int owner_changes_a_setting(void)
{
	const char *name = pairs_subject.settings[pairs_round() / 2 %
						  PAIRS_MAX_SETTINGS];

	return name ? setting_write(pairs_subject.address, name,
				    pairs_round() & 1) : 0;
}

static int owner_reads_all_files(void)
{
	static const char * const none[] = { NULL };
	int ret;

	ret = sysfs_read_tree(none, PCI_DEVICES "/%s/" SETTINGS_DIRECTORY,
			      pairs_subject.address);
	if (ret > 0)
		ret = sysfs_read_tree(none, PCI_DEVICES
				      "/%s/mdev_supported_types",
				      pairs_subject.address);
	return ret ? ret : failure_set(ENODATA, "no file can be read");
}

static int owner_resets(void)
{
	int ret;

	pthread_rwlock_wrlock(&messages);
	ret = sysfs_write("1", PCI_DEVICES "/%s/reset", pairs_subject.address);
	pthread_rwlock_unlock(&messages);
	return ret;
}

static int owner_forbids_sleep(void)
{
	int ret = sysfs_write("on", PCI_DEVICES "/%s/power/control",
			      pairs_subject.address);

	return ret ? ret : sysfs_write("auto", PCI_DEVICES "/%s/power/control",
				       pairs_subject.address);
}

/* Not if a backend looks at each access to some of it. */
static bool has_a_bar_to_map(void)
{
	union region_info region;

	return !region_query(pairs_subject.client, BAR0, &region) &&
	       region.info.flags & VFIO_REGION_INFO_FLAG_MMAP &&
	       !region_capability(&region, VFIO_REGION_INFO_CAP_SPARSE_MMAP);
}

static bool has_message_x(void)
{
	struct vfio_irq_info info;

	return !irq_query(pairs_subject.client, VFIO_PCI_MSIX_IRQ_INDEX,
			  &info) && info.count;
}

/* Not on the root bus: no port could reset it. */
static bool has_a_hot_reset(void)
{
	return strncmp(pairs_subject.address, "0000:00:", 8);
}

static bool is_in_a_container(void)
{
	return pairs_subject.client->space->access == ACCESS_GROUP;
}

static bool is_in_an_iommufd(void)
{
	return !is_in_a_container();
}

static bool has_a_reset_of_its_own(void)
{
	return sysfs_exists(PCI_DEVICES "/%s/reset", pairs_subject.address);
}

/*
 * EIO and EFAULT are what memory answers that is reset, asleep or turned off, EAGAIN
 * a VFIO reset's that finds the device locked (pci_try_reset_function()), EINVAL of
 * interrupts that the other call has taken away or tied to another index, and of a
 * sleep that has begun, ENODEV a reset's that needs DMA and finds the device
 * detached; one address is mapped once. By cdev a device has one
 * opener, see vfio_df_open() in the kernel's drivers/vfio/vfio_main.c.
 */
static const struct pair_call calls[] = {
	{ PAIR_CALL(read_config) },
	{ PAIR_CALL(write_command) },
	{ PAIR_CALL(size_a_bar) },
	{ PAIR_CALL(read_register), { EIO } },
	{ PAIR_CALL(write_register), { EIO } },
	{ PAIR_CALL(map_and_touch), { EFAULT }, .is_offered = has_a_bar_to_map },
	{ PAIR_CALL(reset), { EAGAIN, ENODEV, EIO } },
	{ PAIR_CALL(ask_for_interrupts) },
	{ PAIR_CALL(ask_for_regions) },
	{ PAIR_CALL(tie_message), { EINVAL } },
	{ PAIR_CALL(tie_message_x), { EINVAL }, .is_offered = has_message_x },
	{ PAIR_CALL(tie_line), { EINVAL } },
	{ PAIR_CALL(tie_request) },
	{ PAIR_CALL(sleep_and_wake), { EINVAL } },
	{ PAIR_CALL(open_again), .is_offered = is_in_a_container },
	{ PAIR_CALL(detach_and_attach), .is_offered = is_in_an_iommufd },
	{ PAIR_CALL(map_memory), { EEXIST } },
	{ PAIR_CALL(read_dirty_pages), .is_offered = is_in_a_container },
	{ PAIR_CALL(ask_what_a_hot_reset_resets),
	  .is_offered = has_a_hot_reset },
	{ PAIR_CALL(owner_changes_a_setting) },
	{ PAIR_CALL(owner_reads_all_files) },
	{ PAIR_CALL(owner_resets), .is_offered = has_a_reset_of_its_own },
	{ PAIR_CALL(owner_forbids_sleep) },
};

const struct pair_table pairs_device_calls = { calls, ARRAY_SIZE(calls) };
