// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which functions the driver refuses, with which error and in what words.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "disguise.h"
#include "lab.h"
#include "module.h"
#include "suite.h"
#include "sysfs.h"

#define PF_STUB "pci-pf-stub"

/* The log names the function and says the reason; the function is untouched. */
static void assert_refused_in_words(struct fixture *fixture,
				    const char *address, const char *reason)
{
	assert_done(kmsg_wait_for(&fixture->log, DRIVER_NAME, address,
				  reason));
	assert_false(pci_is_bound_to(address, DRIVER_NAME));
	assert_false(sysfs_exists(PCI_DEVICES "/%s/mdev_supported_types",
				  address));
	assert_false(sysfs_exists(PCI_DEVICES "/%s/vfio-dev", address));
}

static void bridge_is_refused(struct fixture *fixture)
{
	struct function *bridge = fixture_take(fixture, "bridge0");

	assert_refused(pci_bind(bridge->address, DRIVER_NAME), EINVAL);
	assert_refused_in_words(fixture, bridge->address, "bridge");
}

/* Unlike VFIO drivers, pci-pf-stub leaves VFs enabled when it lets go. */
static int enable_vfs_and_leave(const char *address)
{
	int ret;

	ret = sysfs_write("0", PCI_DEVICES "/%s/sriov_drivers_autoprobe",
			  address);
	if (!ret)
		ret = pci_bind(address, PF_STUB);
	if (!ret)
		ret = sysfs_write("2", PCI_DEVICES "/%s/sriov_numvfs",
				  address);
	if (!ret)
		ret = sysfs_write(address, PCI_DRIVERS "/" PF_STUB "/unbind");
	if (!ret)
		ret = pci_override(address, NULL);
	return ret;
}

static int disable_vfs(const char *address)
{
	int ret;

	ret = pci_bind(address, PF_STUB);
	if (!ret)
		ret = sysfs_write("0", PCI_DEVICES "/%s/sriov_numvfs",
				  address);
	if (!ret)
		ret = pci_unbind(address);
	if (!ret)
		ret = sysfs_write("1", PCI_DEVICES
				  "/%s/sriov_drivers_autoprobe", address);
	return ret;
}

static void pf_whose_vfs_are_enabled_is_refused(struct fixture *fixture)
{
	struct function *pf = fixture_take(fixture, "igb0");
	int refusal;

	if (module_load(PF_STUB, NULL))
		skip_because("this kernel has no module " PF_STUB);
	assert_done(enable_vfs_and_leave(pf->address));
	refusal = pci_bind(pf->address, DRIVER_NAME);
	if (refusal)
		assert_done(disable_vfs(pf->address));
	assert_refused(refusal, EBUSY);
	assert_refused_in_words(fixture, pf->address, "VF");
}

/* The address of the first function without an IOMMU group. */
static bool find_groupless(char *address)
{
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	dir = opendir(PCI_DEVICES);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		if (!strchr(entry->d_name, ':'))
			continue;
		/* Header type 0, and one that no driver of ours needs. */
		if (pci_group(entry->d_name) >= 0 ||
		    pci_read_id(entry->d_name, "vendor") != 0x1234)
			continue;
		snprintf(address, PCI_ADDRESS_SIZE, "%.15s", entry->d_name);
		found = true;
	}
	closedir(dir);
	return found;
}

static void function_without_group_is_refused(struct fixture *fixture)
{
	char address[PCI_ADDRESS_SIZE];
	struct function *function;

	if (!find_groupless(address))
		skip_because("each function here has an IOMMU group");
	function = fixture_take_address(fixture, "nogroup", address);
	assert_refused(pci_bind(function->address, DRIVER_NAME), EINVAL);
	assert_refused_in_words(fixture, function->address, "IOMMU group");
}

/* vfio_pci_dev_in_denylist() of the kernel's drivers/vfio/pci/vfio_pci.c */
static void function_that_vfio_pci_denies_is_refused(struct fixture *fixture)
{
	static const unsigned int denied[] = {
		0x0435, 0x0443, 0x0b25, 0x0cfe, 0x19e2, 0x19e3, 0x37c8, 0x37c9,
	};
	struct function *edu = fixture_take(fixture, "edu0");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(denied); i++) {
		char ids[16];
		int refusal;

		snprintf(ids, sizeof(ids), "8086:%04x", denied[i]);
		disguise_put_on(edu->address, denied[i]);
		refusal = pci_bind(edu->address, DRIVER_NAME);
		assert_done(disguise_take_off());
		assert_refused(refusal, EINVAL);
		assert_refused_in_words(fixture, edu->address, ids);
	}
	/* Under its own ids it is welcome, where there is an IOMMU. */
	if (pci_group(edu->address) >= 0)
		assert_done(pci_bind(edu->address, DRIVER_NAME));
}

static const struct test tests[] = {
	TEST(bridge_is_refused),
	TEST(pf_whose_vfs_are_enabled_is_refused),
	TEST(function_without_group_is_refused),
	TEST(function_that_vfio_pci_denies_is_refused),
};

SUITE("refusals", tests)
