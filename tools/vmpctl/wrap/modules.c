// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel modules, looked for and loaded, as modprobe does it.
 */
#include "modules.h"

#include <errno.h>
#include <libkmod.h>
#include <stdio.h>
#include <string.h>

#include "function/inventory.h"
#include "patient.h"
#include "sysroot.h"

static const struct {
	const char *name;
	const char *directory;
	/* Some kernels open devices without it, by iommufd. */
	bool is_optional;
} modules[] = {
	{ "vfio_iommu_type1", "/sys/module/vfio_iommu_type1", true },
	{ WRAPPER, "/sys/module/vfio_mdev_pci", false },
};

#define NR_MODULES (sizeof(modules) / sizeof(modules[0]))

/* Return: 0 or -errno; -ENOENT if there is none of that name or alias. */
static int load_now(const char *name)
{
	struct kmod_list *list = NULL;
	struct kmod_list *entry;
	struct kmod_module *module;
	struct kmod_ctx *kmod;
	int ret = -ENOENT;
	int one;

	/* A root for tests is not the running kernel's. */
	if (*sysroot())
		return -EXDEV;
	kmod = kmod_new(NULL, NULL);
	if (!kmod)
		return -ENOMEM;
	/* Our own words say it. */
	kmod_set_log_priority(kmod, 0);
	if (kmod_module_new_from_lookup(kmod, name, &list) < 0)
		list = NULL;
	kmod_list_foreach(entry, list) {
		module = kmod_module_get_module(entry);
		one = kmod_module_probe_insert_module(module,
						      KMOD_PROBE_APPLY_BLACKLIST_ALIAS_ONLY,
						      NULL, NULL, NULL, NULL);
		/* Positive: the blacklist has it. */
		ret = one > 0 ? -EPERM : one;
		kmod_module_unref(module);
	}
	kmod_module_unref_list(list);
	kmod_unref(kmod);
	return ret;
}

/* What a driver does when it is loaded may take as long as a probe. */
static int load(const char *name)
{
	return patient_call(load_now, name);
}

bool modules_are_loaded(void)
{
	size_t i;

	for (i = 0; i < NR_MODULES; i++) {
		if (!modules[i].is_optional &&
		    !sysroot_has("%s", modules[i].directory))
			return false;
	}
	return true;
}

enum status modules_load(void)
{
	size_t i;
	int ret;

	for (i = 0; i < NR_MODULES; i++) {
		if (sysroot_has("%s", modules[i].directory))
			continue;
		ret = load(modules[i].name);
		if (!ret ||
		    (modules[i].is_optional && !patient_has_child()))
			continue;
		return fail(STATUS_FAILED,
			    ret == -EKEYREJECTED ?
			    "Secure Boot is on: sign it, see docs/installing.md" :
			    "vmpctl doctor says what is missing; dmesg may say more",
			    "cannot load the module %s: %s", modules[i].name,
			    ret == -ENOENT ? "it is not installed for this kernel" :
			    patient_error(ret));
	}
	return STATUS_DONE;
}

void modules_load_for(const char *bdf)
{
	char alias[256];

	if (!sysroot_read(alias, sizeof(alias), PCI_DEVICES "/%s/modalias",
			  bdf))
		load(alias);
}
