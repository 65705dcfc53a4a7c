// SPDX-License-Identifier: GPL-2.0-only
/*
 * What doctor looks at.
 */
#include "checks.h"

#include <errno.h>
#include <inttypes.h>
#include <libkmod.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "describe.h"
#include "inventory.h"
#include "sysroot.h"
#include "verdict.h"

/* What a small guest has: all of it is locked in memory. */
#define SMALL_GUEST_BYTES (1024LL * 1024 * 1024)

__attribute__((format(printf, 4, 5)))
static struct finding found(const char *code, enum grade grade,
			    const char *remedy, const char *format, ...)
{
	struct finding finding = { .code = code, .grade = grade };
	va_list args;

	snprintf(finding.remedy, sizeof(finding.remedy), "%s", remedy);
	va_start(args, format);
	vsnprintf(finding.text, sizeof(finding.text), format, args);
	va_end(args);
	return finding;
}

static struct finding check_iommu(void)
{
	struct names groups = sysroot_list("/sys/kernel/iommu_groups");
	char line[1024];
	size_t nr = groups.nr;
	bool is_asked;

	names_free(&groups);
	if (nr)
		return found("iommu", GRADE_GOOD, "",
			     "the IOMMU is on: %zu groups", nr);
	sysroot_read(line, sizeof(line), "/proc/cmdline");
	is_asked = strstr(line, "intel_iommu=on") || strstr(line, "amd_iommu");
	if (is_asked)
		return found("iommu", GRADE_BAD,
			     "enable VT-d or AMD-Vi in the firmware's setup",
			     "there are no IOMMU groups, though the kernel was told to make them");
	return found("iommu", GRADE_BAD,
		     "add intel_iommu=on to GRUB_CMDLINE_LINUX in /etc/default/grub; update-grub; reboot",
		     "there are no IOMMU groups: the IOMMU is off");
}

static void read_release(char *release, size_t size)
{
	sysroot_read(release, size, "/proc/sys/kernel/osrelease");
}

/* gzopen() reads what is not compressed, too. */
static gzFile open_config(const char *release)
{
	char path[PATH_MAX];
	gzFile file = NULL;

	if (!sysroot_path(path, "/boot/config-%s", release))
		file = gzopen(path, "re");
	if (!file && !sysroot_path(path, "/proc/config.gz"))
		file = gzopen(path, "re");
	return file;
}

static struct finding check_kernel(void)
{
	static const char *const options[] = {
		"CONFIG_VFIO_MDEV=", "CONFIG_VFIO_PCI_CORE=",
	};
	bool has[2] = { false, false };
	char release[80];
	char line[256];
	gzFile file;
	size_t i;

	read_release(release, sizeof(release));
	file = open_config(release);
	if (!file)
		return found("kernel", GRADE_NOTE, "",
			     "how the kernel %s was configured cannot be read",
			     release);
	while (gzgets(file, line, sizeof(line))) {
		for (i = 0; i < 2; i++) {
			if (!strncmp(line, options[i], strlen(options[i])))
				has[i] = true;
		}
	}
	gzclose(file);
	for (i = 0; i < 2; i++) {
		if (!has[i])
			return found("kernel", GRADE_BAD,
				     "apt install linux-image-amd64",
				     "the kernel %s was built without %sm",
				     release, options[i]);
	}
	return found("kernel", GRADE_GOOD, "",
		     "the kernel %s has what is needed", release);
}

static bool has_module(const char *release, const char *name)
{
	char path[PATH_MAX];
	/* What modprobe.d says of the machine is not of a root for tests. */
	const char *none = NULL;
	struct kmod_list *list = NULL;
	struct kmod_ctx *kmod;
	bool is_found;

	if (sysroot_path(path, "/lib/modules/%s", release))
		return false;
	kmod = kmod_new(path, *sysroot() ? &none : NULL);
	if (!kmod)
		return false;
	is_found = !kmod_module_new_from_lookup(kmod, name, &list) && list;
	kmod_module_unref_list(list);
	kmod_unref(kmod);
	return is_found;
}

static struct finding check_module(void)
{
	char release[80];

	if (sysroot_has("/sys/module/vfio_mdev_pci"))
		return found("module", GRADE_GOOD, "",
			     WRAPPER " is loaded");
	read_release(release, sizeof(release));
	if (has_module(release, WRAPPER))
		return found("module", GRADE_NOTE, "modprobe " WRAPPER,
			     WRAPPER " is installed, but not loaded");
	return found("module", GRADE_BAD, "apt install vfio-mdev-pci-dkms",
		     WRAPPER " is not installed for the kernel %s", release);
}

static struct finding check_memlock(void)
{
	FILE *file = sysroot_open("/proc/self/limits");
	char line[160];
	int64_t bytes = -1;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "Max locked memory %" SCNd64, &bytes) == 1)
			break;
	}
	if (file)
		fclose(file);
	if (bytes < 0 || bytes >= SMALL_GUEST_BYTES)
		return found("memlock", GRADE_GOOD, "",
			     "memory of guests can be locked");
	return found("memlock", GRADE_NOTE,
		     "ulimit -l unlimited (or memlock in /etc/security/limits.d)",
		     "who is not root may lock %" PRId64 " KiB; a guest's whole memory is locked",
		     bytes / 1024);
}

static struct finding check_permissions(void)
{
	char path[PATH_MAX];

	if (sysroot_path(path, "/dev/vfio/vfio") || access(path, F_OK))
		return found("permissions", GRADE_NOTE,
			     "modprobe vfio_iommu_type1",
			     "there is no /dev/vfio/vfio yet");
	if (access(path, R_OK | W_OK))
		return found("permissions", GRADE_BAD,
			     "chmod 0666 /dev/vfio/vfio",
			     "you may not open /dev/vfio/vfio: %s",
			     strerror(errno));
	return found("permissions", GRADE_GOOD, "",
		     "/dev/vfio/vfio can be opened");
}

/* Opening a function fails if one beside it has an ordinary driver. */
static const struct function *
find_hindrance(const struct inventory *inventory, const struct function *fn)
{
	const struct function *other;
	size_t i;

	for (i = 0; i < inventory->nr; i++) {
		other = &inventory->function[i];
		if (function_is_beside(fn, other) &&
		    driver_is_ordinary(other->driver))
			return other;
	}
	return NULL;
}

static struct finding check_groups(void)
{
	struct inventory inventory = inventory_read();
	const struct function *other = NULL;
	const struct function *fn = NULL;
	struct finding finding;
	char remedy[120];
	size_t i;

	for (i = 0; i < inventory.nr && !other; i++) {
		fn = &inventory.function[i];
		if (function_is_bound(fn))
			other = find_hindrance(&inventory, fn);
	}
	if (!other) {
		finding = found("groups", GRADE_GOOD, "",
				"nothing is in the way of what is wrapped");
	} else {
		snprintf(remedy, sizeof(remedy),
			 "vmpctl wrap %s", other->bdf);
		finding = found("groups", GRADE_BAD, remedy,
				"%s cannot be opened: %s in its group %d has the driver %s",
				fn->bdf, other->bdf, fn->group, other->driver);
	}
	inventory_free(&inventory);
	return finding;
}

/* What list says of each, here of the first. */
static struct finding check_unfinished(void)
{
	struct inventory inventory = inventory_read();
	struct finding finding = found("unfinished", GRADE_GOOD, "",
				       "nothing that wrap or unwrap began is unfinished");
	char remedy[60];
	char text[200];
	size_t i;

	for (i = 0; i < inventory.nr && finding.grade == GRADE_GOOD; i++) {
		if (!*describe_unfinished(&inventory.function[i], text,
					  sizeof(text)))
			continue;
		snprintf(remedy, sizeof(remedy), "vmpctl unwrap %s",
			 inventory.function[i].bdf);
		finding = found("unfinished", GRADE_BAD, remedy, "%s: %s",
				inventory.function[i].bdf, text);
	}
	inventory_free(&inventory);
	return finding;
}

struct finding (*const checks[])(void) = {
	check_iommu,
	check_kernel,
	check_module,
	check_memlock,
	check_permissions,
	check_groups,
	check_unfinished,
};

const size_t nr_checks = sizeof(checks) / sizeof(checks[0]);
