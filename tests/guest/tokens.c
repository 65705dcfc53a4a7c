// SPDX-License-Identifier: GPL-2.0-only
/*
 * VF tokens between drivers: a physical function and its virtual ones, where
 * one is wrapped and the other is on vfio-pci or its ordinary driver. Both on
 * ours are in sriov.c. The rules: vfio_pci_validate_vf_token() in the kernel's
 * drivers/vfio/pci/vfio_pci_core.c.
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

#define PF "nvme1"
#define ORDINARY_DRIVER "nvme"

#define TOKEN "8d5c2a70-6f3b-4f0e-9c1d-2b4a6c8e0f12"
#define OTHER_TOKEN "8d5c2a70-6f3b-4f0e-9c1d-2b4a6c8e0f13"

#define NO_TOKEN_BY_NODE "VF tokens go with names, and a node has none"

/* A function and by what name its driver has it opened. */
struct party {
	struct function function;
	struct function *taken;	/* the same, if it is the fixture's */
	const char *name;
};

/* Give a function to a driver, ready to be opened. */
static void settle(struct party *party, const char *driver)
{
	const struct function *function = &party->function;
	char current[64];

	pci_driver_name(current, sizeof(current), function->address);
	if (strcmp(current, driver)) {
		assert_done(pci_unbind(function->address));
		assert_done(pci_bind(function->address, driver));
	}
	if (!strcmp(driver, DRIVER_NAME))
		assert_done(mdev_create(function->address, function->uuid));
	party->name = !strcmp(driver, DRIVER_NAME) ? function->uuid :
						     function->address;
}

/*
 * The PF with a driver, and one VF with another. The VF is no function of the
 * fixture's: it goes when the PF's sriov_numvfs is put back.
 */
static void settle_both(struct fixture *fixture, struct party *pf,
			const char *pf_driver, struct party *vf,
			const char *vf_driver)
{
	memset(pf, 0, sizeof(*pf));
	memset(vf, 0, sizeof(*vf));
	fixture_load(fixture, STOCK_DRIVER_NAME);
	fixture_set(fixture, "Y", "/sys/module/vfio_pci/parameters/enable_sriov");
	pf->taken = fixture_bind_to(fixture, PF, pf_driver);
	pf->function = *pf->taken;
	settle(pf, pf_driver);
	/* The ordinary driver would take the VF as well. */
	fixture_set(fixture, "0", PCI_DEVICES "/%s/sriov_drivers_autoprobe",
		    pf->function.address);
	fixture_set(fixture, "1", PCI_DEVICES "/%s/sriov_numvfs",
		    pf->function.address);
	assert_done(sysfs_link_name(vf->function.address,
				    sizeof(vf->function.address),
				    PCI_DEVICES "/%s/virtfn0",
				    pf->function.address));
	mdev_new_uuid(vf->function.uuid);
	settle(vf, vf_driver);
}

/* Open a name with a token or NULL, close it again; 0 or the -errno. */
static int try_token(struct space *space, const struct party *party,
		     const char *token)
{
	char text[256];
	int fd;

	snprintf(text, sizeof(text), "%s%s%s", party->name,
		 token ? " vf_token=" : "", token ? token : "");
	fd = space_open_device(space, text);
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static void assert_token_is_wanted(struct space *space,
				   const struct party *party)
{
	assert_refused(try_token(space, party, NULL), EACCES);
	assert_refused(try_token(space, party, OTHER_TOKEN), EACCES);
	assert_done(try_token(space, party, TOKEN));
}

static struct client *open_with_token(struct fixture *fixture,
				      struct space *space,
				      const struct party *party)
{
	char text[256];

	snprintf(text, sizeof(text), "%s vf_token=" TOKEN, party->name);
	return fixture_open_in(fixture, space, text);
}

/* Who opens the PF first sets the token; the VF's user must know it. */
static void assert_tokens_are_kept(struct fixture *fixture,
				   const char *pf_driver,
				   const char *vf_driver)
{
	struct space *pf_space;
	struct space *vf_space;
	struct client *client;
	struct party pf;
	struct party vf;

	settle_both(fixture, &pf, pf_driver, &vf, vf_driver);
	pf_space = fixture_space(fixture, &pf.function);
	vf_space = fixture_space(fixture, &vf.function);
	/* Before anybody set it, the token is one that nobody knows. */
	assert_refused(try_token(vf_space, &vf, NULL), EACCES);
	assert_refused(try_token(vf_space, &vf, TOKEN), EACCES);
	assert_done(try_token(pf_space, &pf, NULL));
	assert_refused(try_token(vf_space, &vf, TOKEN), EACCES);

	client = open_with_token(fixture, pf_space, &pf);
	assert_token_is_wanted(vf_space, &vf);
	client_close(client);
	/* It outlives the PF's user, until the next one sets another. */
	assert_token_is_wanted(vf_space, &vf);

	client = open_with_token(fixture, vf_space, &vf);
	assert_int_equal(config_read(client, PCI_VENDOR_ID, 2),
			 pci_read_id(pf.function.address, "vendor"));
	assert_token_is_wanted(pf_space, &pf);
	client_close(client);
	assert_done(try_token(pf_space, &pf, OTHER_TOKEN));
	assert_refused(try_token(vf_space, &vf, TOKEN), EACCES);
	assert_done(try_token(vf_space, &vf, OTHER_TOKEN));
}

static void wrapped_vf_wants_the_token_of_its_pf_on_vfio_pci(
	struct fixture *fixture)
{
	assert_tokens_are_kept(fixture, STOCK_DRIVER_NAME, DRIVER_NAME);
}

static void vf_on_vfio_pci_wants_the_token_of_its_wrapped_pf(
	struct fixture *fixture)
{
	assert_tokens_are_kept(fixture, DRIVER_NAME, STOCK_DRIVER_NAME);
}

/* What the two above are measured by. */
static void vf_and_pf_on_vfio_pci_keep_the_same_rules(struct fixture *fixture)
{
	assert_tokens_are_kept(fixture, STOCK_DRIVER_NAME, STOCK_DRIVER_NAME);
}

/* A PF of the host's own has no token, so to show one is a mistake. */
static void assert_no_token_is_wanted(struct fixture *fixture,
				      const char *vf_driver)
{
	struct space *space;
	struct party pf;
	struct party vf;

	settle_both(fixture, &pf, ORDINARY_DRIVER, &vf, vf_driver);
	space = fixture_space(fixture, &vf.function);
	assert_done(try_token(space, &vf, NULL));
	assert_refused(try_token(space, &vf, TOKEN), EINVAL);
	assert_done(kmsg_wait_for(&fixture->log, vf.function.address,
				  "VF token incorrectly provided", NULL));
}

static void wrapped_vf_of_an_ordinary_pf_wants_no_token(
	struct fixture *fixture)
{
	assert_no_token_is_wanted(fixture, DRIVER_NAME);
}

static void vf_on_vfio_pci_of_an_ordinary_pf_wants_none_likewise(
	struct fixture *fixture)
{
	assert_no_token_is_wanted(fixture, STOCK_DRIVER_NAME);
}

/* The ordinary driver leaves VFs to sriov_numvfs, not to its unbinding. */
static void vfs_of_an_ordinary_pf_go_when_their_client_has_let_go(
	struct fixture *fixture)
{
	int request = fixture_event(fixture);
	struct background *disabling;
	struct client *client;
	struct party pf;
	struct party vf;

	settle_both(fixture, &pf, ORDINARY_DRIVER, &vf, DRIVER_NAME);
	client = fixture_open(fixture, &vf.function);
	assert_done(irq_connect(client, VFIO_PCI_REQ_IRQ_INDEX, 0, &request,
				1));
	disabling = fixture_keep_step(fixture,
				      background_write("0", PCI_DEVICES
						       "/%s/sriov_numvfs",
						       pf.function.address));
	assert_true(event_wait(request, WAIT_LIMIT_MS));
	assert_false(background_is_done(disabling));
	client_close(client);
	assert_done(background_wait(disabling, WAIT_LIMIT_MS));
	assert_false(sysfs_exists(PCI_DEVICES "/%s", vf.function.address));
	assert_false(mdev_exists(vf.function.uuid));
}

static void assert_unbinding_the_pf_waits(struct fixture *fixture,
					  const char *pf_driver,
					  const char *vf_driver)
{
	int request = fixture_event(fixture);
	struct background *unbinding;
	struct client *client;
	struct party pf;
	struct party vf;

	settle_both(fixture, &pf, pf_driver, &vf, vf_driver);
	client = open_with_token(fixture, fixture_space(fixture, &pf.function),
				 &pf);
	client_close(client);
	client = open_with_token(fixture, fixture_space(fixture, &vf.function),
				 &vf);
	assert_done(irq_connect(client, VFIO_PCI_REQ_IRQ_INDEX, 0, &request,
				1));
	unbinding = fixture_unbind(fixture, pf.taken);
	assert_true(event_wait(request, WAIT_LIMIT_MS));
	assert_false(background_is_done(unbinding));
	/* The VF is its client's until it is closed. */
	assert_int_equal(config_read(client, PCI_VENDOR_ID, 2),
			 pci_read_id(pf.function.address, "vendor"));
	client_close(client);
	assert_done(background_wait(unbinding, WAIT_LIMIT_MS));
	assert_false(sysfs_exists(PCI_DEVICES "/%s", vf.function.address));
	assert_false(mdev_exists(vf.function.uuid));
}

static void unbinding_a_pf_from_vfio_pci_waits_for_its_wrapped_vf(
	struct fixture *fixture)
{
	assert_unbinding_the_pf_waits(fixture, STOCK_DRIVER_NAME, DRIVER_NAME);
}

static void unbinding_a_wrapped_pf_waits_for_its_vf_on_vfio_pci(
	struct fixture *fixture)
{
	assert_unbinding_the_pf_waits(fixture, DRIVER_NAME, STOCK_DRIVER_NAME);
}

static const struct test tests[] = {
	GROUP_TEST(wrapped_vf_wants_the_token_of_its_pf_on_vfio_pci,
		   NO_TOKEN_BY_NODE),
	GROUP_TEST(vf_on_vfio_pci_wants_the_token_of_its_wrapped_pf,
		   NO_TOKEN_BY_NODE),
	GROUP_TEST(vf_and_pf_on_vfio_pci_keep_the_same_rules,
		   NO_TOKEN_BY_NODE),
	GROUP_TEST(wrapped_vf_of_an_ordinary_pf_wants_no_token,
		   NO_TOKEN_BY_NODE),
	GROUP_TEST(vf_on_vfio_pci_of_an_ordinary_pf_wants_none_likewise,
		   NO_TOKEN_BY_NODE),
	TEST(vfs_of_an_ordinary_pf_go_when_their_client_has_let_go),
	GROUP_TEST(unbinding_a_pf_from_vfio_pci_waits_for_its_wrapped_vf,
		   NO_TOKEN_BY_NODE),
	GROUP_TEST(unbinding_a_wrapped_pf_waits_for_its_vf_on_vfio_pci,
		   NO_TOKEN_BY_NODE),
};

SUITE("tokens", tests)
