// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCI functions as the host's sysfs shows them.
 * Nothing here knows VFIO.
 */
#include "pci.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "failure.h"
#include "sysfs.h"

void pci_driver_name(char *name, size_t size, const char *address)
{
	sysfs_link_name(name, size, PCI_DEVICES "/%s/driver", address);
}

bool pci_is_bound_to(const char *address, const char *driver)
{
	char name[64];

	pci_driver_name(name, sizeof(name), address);
	return strcmp(name, driver) == 0;
}

int pci_override(const char *address, const char *driver)
{
	return sysfs_write(driver ? driver : "\n",
			   PCI_DEVICES "/%s/driver_override", address);
}

/* The turn is over when this is closed; -1 if there is no group. */
static int wait_for_turn(const char *address)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/iommu_group", address);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (fd >= 0 && flock(fd, LOCK_EX))
		if (errno != EINTR)
			abort();
	return fd;
}

int pci_bind_in_turn(const char *address, const char *driver)
{
	int turn = wait_for_turn(address);
	int ret = sysfs_write(address, PCI_DRIVERS "/%s/bind", driver);

	if (turn >= 0)
		close(turn);
	return ret;
}

int pci_bind(const char *address, const char *driver)
{
	char text[512];
	int ret;

	ret = pci_override(address, driver);
	if (ret)
		return ret;
	ret = pci_bind_in_turn(address, driver);
	if (!ret)
		return 0;
	/* Clearing must not replace the text of what failed. */
	snprintf(text, sizeof(text), "%s", failure_text());
	pci_override(address, NULL);
	failure_repeat(text);
	return ret;
}

/*
 * Whether the kernel warns of any driver that ends SR-IOV while it is unbound, as
 * vfio-pci-core does: pci_stop_and_remove_bus_device() of 7.2 has lockdep see to
 * pci_rescan_remove_lock, which sriov_numvfs_store() takes, and unbinding does not.
 * 6.12 does not look, and has that lock for one file alone, so that its kind in
 * kallsyms is a small letter.
 */
static bool warns_of_unbinding_with_vfs(void)
{
	bool is_shared = false;
	char line[512];
	char name[128];
	FILE *symbols;
	char kind;

	if (!sysfs_exists("/proc/lockdep"))
		return false;
	symbols = fopen("/proc/kallsyms", "re");
	if (!symbols)
		abort();
	while (fgets(line, sizeof(line), symbols)) {
		if (sscanf(line, "%*s %c %127s", &kind, name) == 2 &&
		    !strcmp(name, "pci_rescan_remove_lock"))
			is_shared = isupper(kind);
	}
	fclose(symbols);
	return is_shared;
}

int pci_prepare_unbind(const char *address)
{
	long long nr_vfs;

	if (sysfs_read_number(&nr_vfs, PCI_DEVICES "/%s/sriov_numvfs",
			      address) ||
	    !nr_vfs || !warns_of_unbinding_with_vfs())
		return 0;
	return sysfs_write("0", PCI_DEVICES "/%s/sriov_numvfs", address);
}

int pci_unbind(const char *address)
{
	char driver[64];
	int ret;

	pci_driver_name(driver, sizeof(driver), address);
	if (driver[0]) {
		ret = pci_prepare_unbind(address);
		if (!ret)
			ret = sysfs_write(address, PCI_DRIVERS "/%s/unbind", driver);
		if (ret)
			return ret;
	}
	return pci_override(address, NULL);
}

int pci_group(const char *address)
{
	char name[32];

	if (sysfs_link_name(name, sizeof(name), PCI_DEVICES "/%s/iommu_group",
			    address))
		return -ENODEV;
	return atoi(name);
}

int pci_read_config(const char *address, unsigned int offset, void *data,
		    size_t size)
{
	char path[PATH_MAX];
	ssize_t got;
	int error;
	int fd;

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/config", address);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failure_set(errno, "cannot open %s", path);
	got = pread(fd, data, size, offset);
	error = got < 0 ? errno : EIO;
	close(fd);
	if (got != (ssize_t)size)
		return failure_set(error, "cannot read %zu bytes at %#x of %s",
				   size, offset, path);
	return 0;
}

uint16_t pci_read_config16(const char *address, unsigned int offset)
{
	uint16_t value;

	if (pci_read_config(address, offset, &value, sizeof(value)))
		return 0xffff;
	return value;
}

int pci_write_config16(const char *address, unsigned int offset,
		       uint16_t value)
{
	char path[PATH_MAX];
	ssize_t written;
	int error;
	int fd;

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/config", address);
	if (sysfs_is_verbose)
		fprintf(stderr, "# %#x to %#x of %s\n", value, offset, path);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return failure_set(errno, "cannot open %s", path);
	written = pwrite(fd, &value, sizeof(value), offset);
	error = written < 0 ? errno : EIO;
	close(fd);
	if (written != sizeof(value))
		return failure_set(error, "cannot write to %#x of %s", offset,
				   path);
	return 0;
}

/* A list of at most 48 capabilities, as many as fit. */
unsigned int pci_find_capability(const char *address, uint8_t id)
{
	uint8_t header[2] = { 0, 0 };
	unsigned int left = 48;
	unsigned int at;

	at = pci_read_config16(address, PCI_CAPABILITY_LIST) & 0xfc;
	while (at && left--) {
		if (pci_read_config(address, at, header, sizeof(header)))
			return 0;
		if (header[0] == id)
			return at;
		at = header[1] & 0xfc;
	}
	return 0;
}

int pci_set_command(const char *address, uint16_t bits, bool value)
{
	uint16_t command = pci_read_config16(address, PCI_COMMAND);

	return pci_write_config16(address, PCI_COMMAND,
				  value ? command | bits : command & ~bits);
}

uint32_t pci_read_id(const char *address, const char *file)
{
	long long number;

	if (sysfs_read_number(&number, PCI_DEVICES "/%s/%s", address, file))
		return UINT32_MAX;
	return number;
}
