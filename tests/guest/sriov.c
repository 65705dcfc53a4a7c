// SPDX-License-Identifier: GPL-2.0-only
/*
 * A wrapped function with SR-IOV: its virtual functions come to the driver as
 * well, each opens as an mdev of its own, and VF tokens guard them.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "check.h"
#include "irq.h"
#include "region.h"
#include "suite.h"
#include "sysfs.h"
#include "wait.h"

#define NR_VFS 2

#define TOKEN "8d5c2a70-6f3b-4f0e-9c1d-2b4a6c8e0f12"
#define OTHER_TOKEN "8d5c2a70-6f3b-4f0e-9c1d-2b4a6c8e0f13"

#define NO_TOKEN_BY_NODE "VF tokens go with names, and a node has none"

/* STATUS of an igb VF; DEVICE id of an igb VF (82576) */
#define VF_REG_STATUS 0x08
#define VF_DEVICE 0x10ca

static const uint8_t token_bytes[16] = {
	0x8d, 0x5c, 0x2a, 0x70, 0x6f, 0x3b, 0x4f, 0x0e,
	0x9c, 0x1d, 0x2b, 0x4a, 0x6c, 0x8e, 0x0f, 0x12,
};

/* A VF goes with its PF, so the fixture need not put it back. */
static void get_vf(const struct function *pf, int number, struct function *vf)
{
	memset(vf, 0, sizeof(*vf));
	snprintf(vf->id, sizeof(vf->id), "vf%d", number);
	assert_done(sysfs_link_name(vf->address, sizeof(vf->address),
				    PCI_DEVICES "/%s/virtfn%d", pf->address,
				    number));
	mdev_new_uuid(vf->uuid);
}

static int set_nr_vfs(const struct function *pf, int nr)
{
	char text[8];

	snprintf(text, sizeof(text), "%d", nr);
	return sysfs_write(text, PCI_DEVICES "/%s/sriov_numvfs", pf->address);
}

static struct function *wrap_pf_with_vfs(struct fixture *fixture,
					 struct function vfs[NR_VFS])
{
	struct function *pf = fixture_create(fixture, "igb0");
	int i;

	assert_done(set_nr_vfs(pf, NR_VFS));
	for (i = 0; i < NR_VFS; i++)
		get_vf(pf, i, &vfs[i]);
	return pf;
}

/* Open a name in a space, close it again; 0 or the -errno. */
static int try_name(struct space *space, const char *format, const char *name)
{
	char text[256];
	int fd;

	snprintf(text, sizeof(text), format, name);
	fd = space_open_device(space, text);
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static void vfs_come_to_the_driver_of_their_pf(struct fixture *fixture)
{
	struct function vfs[NR_VFS];
	struct function *pf = wrap_pf_with_vfs(fixture, vfs);
	char override[64];
	char type[96];
	int i;

	for (i = 0; i < NR_VFS; i++) {
		assert_true(pci_is_bound_to(vfs[i].address, DRIVER_NAME));
		assert_done(sysfs_read(override, sizeof(override), PCI_DEVICES
				       "/%s/driver_override",
				       vfs[i].address));
		assert_string_equal(override, DRIVER_NAME);
		mdev_type_name(type, sizeof(type), vfs[i].address);
		assert_true(sysfs_exists(PCI_DEVICES
					 "/%s/mdev_supported_types/%s",
					 vfs[i].address, type));
	}
	assert_done(set_nr_vfs(pf, 0));
	assert_false(sysfs_exists(PCI_DEVICES "/%s", vfs[0].address));
}

static void vf_is_a_device_of_its_own(struct fixture *fixture)
{
	struct function vfs[NR_VFS];
	struct function *pf = wrap_pf_with_vfs(fixture, vfs);
	struct client *client;
	char name[128];
	uint32_t status;

	assert_int_not_equal(pci_group(vfs[0].address),
			     pci_group(pf->address));
	assert_done(mdev_create(vfs[0].address, vfs[0].uuid));
	snprintf(name, sizeof(name), "%s vf_token=" TOKEN, pf->uuid);
	fixture_open_in(fixture, fixture_space(fixture, pf), name);
	snprintf(name, sizeof(name), "%s vf_token=" TOKEN, vfs[0].uuid);
	client = fixture_open_in(fixture, fixture_space(fixture, &vfs[0]),
				 name);
	/* A VF's own vendor and device id registers read as all ones. */
	assert_int_equal(config_read(client, PCI_VENDOR_ID, 2), 0x8086);
	assert_int_equal(config_read(client, PCI_DEVICE_ID, 2), VF_DEVICE);
	status = region_read32(client, VFIO_PCI_BAR0_REGION_INDEX,
			       VF_REG_STATUS);
	assert_int_not_equal(status, UINT32_MAX);
}

static void vf_wants_the_token_its_pf_was_opened_with(struct fixture *fixture)
{
	struct function vfs[NR_VFS];
	struct function *pf = wrap_pf_with_vfs(fixture, vfs);
	struct space *space;
	char name[128];

	assert_done(mdev_create(vfs[0].address, vfs[0].uuid));
	snprintf(name, sizeof(name), "%s vf_token=" TOKEN, pf->uuid);
	fixture_open_in(fixture, fixture_space(fixture, pf), name);
	space = fixture_space(fixture, &vfs[0]);
	assert_refused(try_name(space, "%s", vfs[0].uuid), EACCES);
	assert_refused(try_name(space, "%s vf_token=" OTHER_TOKEN,
				vfs[0].uuid), EACCES);
	assert_refused(try_name(space, "%s vf_token=" OTHER_TOKEN,
				vfs[0].address), EACCES);
	assert_done(try_name(space, "%s vf_token=" TOKEN, vfs[0].uuid));
	assert_done(try_name(space, "%s vf_token=" TOKEN, vfs[0].address));
}

static void vf_wants_the_token_its_pfs_user_set(struct fixture *fixture)
{
	struct function vfs[NR_VFS];
	struct function *pf = wrap_pf_with_vfs(fixture, vfs);
	struct client *client;
	struct space *space;

	assert_done(mdev_create(vfs[1].address, vfs[1].uuid));
	client = fixture_open(fixture, pf);
	assert_done(client_set_feature(client,
				       VFIO_DEVICE_FEATURE_PCI_VF_TOKEN,
				       token_bytes, sizeof(token_bytes)));
	space = fixture_space(fixture, &vfs[1]);
	assert_refused(try_name(space, "%s", vfs[1].uuid), EACCES);
	assert_refused(try_name(space, "%s vf_token=" OTHER_TOKEN,
				vfs[1].uuid), EACCES);
	assert_done(try_name(space, "%s vf_token=" TOKEN, vfs[1].uuid));
}

static void pf_wants_the_token_while_its_vf_is_open(struct fixture *fixture)
{
	struct function vfs[NR_VFS];
	struct function *pf = wrap_pf_with_vfs(fixture, vfs);
	struct space *space = fixture_space(fixture, pf);
	char name[128];

	assert_done(mdev_create(vfs[0].address, vfs[0].uuid));
	assert_done(try_name(space, "%s vf_token=" TOKEN, pf->uuid));
	snprintf(name, sizeof(name), "%s vf_token=" TOKEN, vfs[0].uuid);
	fixture_open_in(fixture, fixture_space(fixture, &vfs[0]), name);
	assert_refused(try_name(space, "%s", pf->uuid), EACCES);
	assert_refused(try_name(space, "%s vf_token=" OTHER_TOKEN, pf->uuid),
		       EACCES);
	assert_done(try_name(space, "%s vf_token=" TOKEN, pf->uuid));
}

static void vf_without_an_mdev_opens_with_no_token(struct fixture *fixture)
{
	struct function vfs[NR_VFS];
	struct function *pf = wrap_pf_with_vfs(fixture, vfs);
	struct space *space;

	assert_done(try_name(fixture_space(fixture, pf),
			     "%s vf_token=" TOKEN, pf->uuid));
	space = fixture_space(fixture, &vfs[0]);
	assert_refused(try_name(space, "%s vf_token=" TOKEN, vfs[0].address),
		       ENODEV);
	assert_refused(try_name(space, "%s", vfs[0].address), ENODEV);
}

static void unbinding_the_pf_waits_for_the_vfs_client(struct fixture *fixture)
{
	struct function vfs[NR_VFS];
	struct function *pf = wrap_pf_with_vfs(fixture, vfs);
	int request = fixture_event(fixture);
	struct background *unbind;
	struct client *client;
	char name[128];

	assert_done(mdev_create(vfs[0].address, vfs[0].uuid));
	assert_done(try_name(fixture_space(fixture, pf),
			     "%s vf_token=" TOKEN, pf->uuid));
	snprintf(name, sizeof(name), "%s vf_token=" TOKEN, vfs[0].uuid);
	client = fixture_open_in(fixture, fixture_space(fixture, &vfs[0]),
				 name);
	assert_done(irq_connect(client, VFIO_PCI_REQ_IRQ_INDEX, 0, &request,
				1));
	unbind = fixture_unbind(fixture, pf);
	assert_true(event_wait(request, WAIT_LIMIT_MS));
	assert_false(background_is_done(unbind));
	client_close(client);
	assert_done(background_wait(unbind, WAIT_LIMIT_MS));
	assert_false(sysfs_exists(PCI_DEVICES "/%s", vfs[0].address));
	assert_false(mdev_exists(vfs[0].uuid));
}

static const struct test tests[] = {
	TEST(vfs_come_to_the_driver_of_their_pf),
	GROUP_TEST(vf_is_a_device_of_its_own, NO_TOKEN_BY_NODE),
	GROUP_TEST(vf_wants_the_token_its_pf_was_opened_with,
		   NO_TOKEN_BY_NODE),
	GROUP_TEST(vf_wants_the_token_its_pfs_user_set, NO_TOKEN_BY_NODE),
	GROUP_TEST(pf_wants_the_token_while_its_vf_is_open, NO_TOKEN_BY_NODE),
	GROUP_TEST(vf_without_an_mdev_opens_with_no_token, NO_TOKEN_BY_NODE),
	GROUP_TEST(unbinding_the_pf_waits_for_the_vfs_client,
		   NO_TOKEN_BY_NODE),
};

SUITE("sriov", tests)
