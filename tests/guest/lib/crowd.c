// SPDX-License-Identifier: GPL-2.0-only
/*
 * All functions of a machine that has hundreds.
 */
#include "crowd.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "check.h"
#include "e1000.h"
#include "lab.h"
#include "nvme_admin.h"
#include "region.h"
#include "sysfs.h"

#define NVME_DRIVER "nvme"

/* Identify Controller data structure */
#define IDENTIFY_SERIAL 4
#define IDENTIFY_SERIAL_BYTES 20
#define IDENTIFY_CONTROLLER_ID 78

#define IOVA 0x100000

#define BAR0 VFIO_PCI_BAR0_REGION_INDEX

static struct crowd_member *add(struct crowd *crowd)
{
	assert_true(crowd->nr_members < CROWD_MAX);
	return memset(&crowd->members[crowd->nr_members++], 0,
		      sizeof(crowd->members[0]));
}

static void add_vf(struct crowd *crowd, const struct function *pf,
		   const struct nvme_secondary *secondary)
{
	struct crowd_member *member = add(crowd);
	struct function *vf = &member->function;

	snprintf(vf->id, sizeof(vf->id), "%.16s-vf%u", pf->id, secondary->vf);
	assert_done(sysfs_link_name(vf->address, sizeof(vf->address),
				    PCI_DEVICES "/%s/virtfn%u", pf->address,
				    secondary->vf - 1));
	mdev_new_uuid(vf->uuid);
	/* As the machine's description says */
	snprintf(member->serial, sizeof(member->serial), "vmp-%.16s", pf->id);
	member->number = secondary->controller;
	member->group = pci_group(vf->address);
	assert_done(member->group);
}

/* Without a driver that would come to them by itself */
static void make_vfs(struct fixture *fixture, const struct function *pf)
{
	char number[16];

	assert_done(sysfs_read(number, sizeof(number), PCI_DEVICES
			       "/%s/sriov_totalvfs", pf->address));
	fixture_set(fixture, "0", PCI_DEVICES "/%s/sriov_drivers_autoprobe",
		    pf->address);
	fixture_set(fixture, number, PCI_DEVICES "/%s/sriov_numvfs",
		    pf->address);
}

static void add_vfs_of(struct fixture *fixture, struct crowd *crowd,
		       const struct function *pf)
{
	struct nvme_secondary secondaries[NVME_MAX_SECONDARIES];
	int nr;
	int fd;
	int i;

	if (!pci_is_bound_to(pf->address, NVME_DRIVER))
		assert_done(pci_bind(pf->address, NVME_DRIVER));
	fd = nvme_admin_open(pf->address);
	assert_done(fd);
	make_vfs(fixture, pf);
	nr = nvme_admin_list(fd, secondaries);
	assert_done(nr);
	for (i = 0; i < nr; i++) {
		assert_done(nvme_admin_lend(fd, secondaries[i].controller));
		add_vf(crowd, pf, &secondaries[i]);
	}
	close(fd);
}

/* Takes the devices NAME0, NAME1, ..., and says how many. */
static unsigned int take_all(struct fixture *fixture, const char *name,
			     struct function **functions)
{
	char address[PCI_ADDRESS_SIZE];
	unsigned int nr = 0;
	char id[32];

	for (;;) {
		snprintf(id, sizeof(id), "%s%u", name, nr);
		if (lab_address(address, id))
			break;
		assert_true(nr < FIXTURE_MAX);
		functions[nr++] = fixture_take(fixture, id);
	}
	if (!nr)
		skip_because("this machine has no %s0", name);
	return nr;
}

void crowd_add_vfs(struct fixture *fixture, struct crowd *crowd)
{
	struct function *pfs[FIXTURE_MAX];
	unsigned int nr = take_all(fixture, "nvme", pfs);
	unsigned int i;

	fixture_load(fixture, NVME_DRIVER);
	for (i = 0; i < nr; i++)
		add_vfs_of(fixture, crowd, pfs[i]);
}

void crowd_add_nics(struct fixture *fixture, struct crowd *crowd)
{
	struct function *nics[FIXTURE_MAX];
	unsigned int nr = take_all(fixture, "nic", nics);
	struct crowd_member *member;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		member = add(crowd);
		member->function = *nics[i];
		member->group = pci_group(nics[i]->address);
		member->number = i;
		assert_done(member->group);
	}
}

static bool is_nic(const struct crowd_member *member)
{
	return !member->serial[0];
}

static uint32_t nic_mark(const struct crowd_member *member)
{
	return 0x5a000000 | member->number;
}

static int start_nic(struct crowd_device *device)
{
	int ret = config_set_command(device->client, PCI_COMMAND_MEMORY, 0);

	if (ret)
		return ret;
	return region_write32(device->client, BAR0, E1000_REG_MTA,
			      nic_mark(device->member));
}

int crowd_start(struct crowd_device *device, const struct crowd_member *member,
		struct client *client)
{
	*device = (struct crowd_device) { .member = member, .client = client };
	if (is_nic(member))
		return start_nic(device);
	return nvme_start(&device->nvme, client, IOVA);
}

/* As the machine's description says: 52:54:00:00:01:NN */
static int check_nic(struct crowd_device *device)
{
	const struct crowd_member *member = device->member;
	uint32_t low = region_read32(device->client, BAR0, E1000_REG_RAL);
	uint32_t high = region_read32(device->client, BAR0, E1000_REG_RAH);
	uint32_t mark = region_read32(device->client, BAR0, E1000_REG_MTA);

	if (low == 0x00005452 && (high & 0xffff) == (0x01u | member->number << 8) &&
	    mark == nic_mark(member))
		return 0;
	return failure_set(ENODEV, "%s tells %#x, %#x, %#x",
			   member->function.id, low, high, mark);
}

/* Texts in this structure are filled up with spaces. */
static bool has_serial(const uint8_t *data, const char *serial)
{
	size_t len = strlen(serial);

	return !memcmp(data + IDENTIFY_SERIAL, serial, len) &&
	       (len == IDENTIFY_SERIAL_BYTES ||
		data[IDENTIFY_SERIAL + len] == ' ');
}

static int check_vf(struct crowd_device *device)
{
	const struct crowd_member *member = device->member;
	const uint8_t *data = device->nvme.data;
	unsigned int controller;
	int ret;

	ret = nvme_identify(&device->nvme);
	if (ret)
		return ret;
	controller = data[IDENTIFY_CONTROLLER_ID] |
		     data[IDENTIFY_CONTROLLER_ID + 1] << 8;
	if (controller == member->number && has_serial(data, member->serial))
		return 0;
	return failure_set(ENODEV, "%s is controller %u of %.*s, not %u of %s",
			   member->function.id, controller,
			   IDENTIFY_SERIAL_BYTES, data + IDENTIFY_SERIAL,
			   member->number, member->serial);
}

int crowd_check(struct crowd_device *device)
{
	return is_nic(device->member) ? check_nic(device) : check_vf(device);
}

void crowd_stop(struct crowd_device *device)
{
	if (device->client && !is_nic(device->member))
		nvme_stop(&device->nvme);
}
