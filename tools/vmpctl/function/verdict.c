// SPDX-License-Identifier: GPL-2.0-only
/*
 * Can a function be wrapped, and if not, why. The driver decides this again,
 * in module/admission.c, and in the same words.
 */
#include "verdict.h"

#include <string.h>

#define INTEL 0x8086

/* vfio_pci_dev_in_denylist() in drivers/vfio/pci/vfio_pci.c; Intel's all. */
static const uint16_t denylist[] = {
	0x19e2, 0x19e3,	/* QAT_C3XXX and its VF */
	0x37c8, 0x37c9,	/* QAT_C62X and its VF */
	0x0435, 0x0443,	/* QAT_DH895XCC and its VF */
	0x0b25,		/* DSA_SPR0 */
	0x0cfe,		/* IAX_SPR0 */
};

/* They leave the group's DMA to its user: driver_managed_dma in the kernel. */
static const char *const harmless_drivers[] = { "pcieport", "pci-stub" };

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static bool is_bridge(const struct inventory *inventory,
		      const struct function *fn)
{
	(void)inventory;
	return fn->is_bridge;
}

static bool is_denylisted(const struct inventory *inventory,
			  const struct function *fn)
{
	size_t i;

	(void)inventory;
	for (i = 0; fn->vendor == INTEL && i < NR(denylist); i++) {
		if (denylist[i] == fn->device)
			return true;
	}
	return false;
}

static bool has_vfs(const struct inventory *inventory,
		    const struct function *fn)
{
	(void)inventory;
	/* Of what is bound to us, they are enabled afterwards. */
	return fn->nr_vfs && !function_is_bound(fn);
}

static bool lacks_group(const struct inventory *inventory,
			const struct function *fn)
{
	(void)inventory;
	return fn->group == NO_GROUP;
}

static bool has_ordinary_neighbour(const struct inventory *inventory,
				   const struct function *fn)
{
	size_t i;

	for (i = 0; i < inventory->nr; i++) {
		if (function_is_beside(fn, &inventory->function[i]) &&
		    driver_is_ordinary(inventory->function[i].driver))
			return true;
	}
	return false;
}

static const struct {
	bool (*applies)(const struct inventory *inventory,
			const struct function *fn);
	struct obstacle obstacle;
} rules[MAX_OBSTACLES] = {
	{ is_bridge, { "bridge", "it is a bridge, not an endpoint" } },
	{ is_denylisted, { "denylist",
	  "vfio-pci's denylist names it: unsafe with untrusted users" } },
	{ has_vfs, { "vfs",
	  "its SR-IOV VFs are enabled; write 0 to sriov_numvfs first" } },
	{ lacks_group, { "no_iommu_group",
	  "it has no IOMMU group; is the IOMMU enabled (intel_iommu=on)?" } },
	{ has_ordinary_neighbour, { "shared_group",
	  "another function of its IOMMU group has an ordinary driver" } },
};

const char *state_word(enum state state)
{
	static const char *const words[] = {
		[STATE_FREE] = "yes",
		[STATE_REFUSED] = "no",
		[STATE_BOUND] = "bound",
		[STATE_WRAPPED] = "wrapped",
	};

	return words[state];
}

bool driver_is_ordinary(const char *driver)
{
	size_t i;

	if (!*driver || strstr(driver, "vfio"))
		return false;
	for (i = 0; i < NR(harmless_drivers); i++) {
		if (!strcmp(driver, harmless_drivers[i]))
			return false;
	}
	return true;
}

struct verdict verdict_of(const struct inventory *inventory,
			  const struct function *fn)
{
	struct verdict verdict = { .state = STATE_FREE };
	size_t i;

	for (i = 0; i < NR(rules); i++) {
		if (rules[i].applies(inventory, fn))
			verdict.obstacle[verdict.nr++] = rules[i].obstacle;
	}
	if (*fn->uuid)
		verdict.state = STATE_WRAPPED;
	else if (function_is_bound(fn))
		verdict.state = STATE_BOUND;
	else if (verdict.nr)
		verdict.state = STATE_REFUSED;
	return verdict;
}
