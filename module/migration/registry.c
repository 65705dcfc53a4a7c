// SPDX-License-Identifier: GPL-2.0-only
/*
 * The backends that are there, and which is for a function.
 */

#include <linux/err.h>
#include <linux/kmod.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "include/vmp/backend.h"
#include "names.h"
#include "registry.h"
#include "stream.h"
#include "traps.h"

static_assert(VMP_RECORD_MAX_BYTES == VMP_STREAM_RECORD_MAX_BYTES);

struct entry {
	struct list_head node;
	const struct vmp_backend *backend;
};

static LIST_HEAD(backends);
static DEFINE_MUTEX(backends_lock); /* protects backends */

static const char *name_complaint(const struct vmp_backend *backend)
{
	if (!backend->name || !*backend->name)
		return "has no name";
	if (strlen(backend->name) >= VMP_BACKEND_NAME_BYTES)
		return "has a name that is too long";
	return NULL;
}

static const char *ops_complaint(const struct vmp_backend *backend)
{
	if (!backend->ids)
		return "is for no function";
	if (!backend->quiesce || !backend->save || !backend->load)
		return "lacks quiesce, save or load";
	if (!backend->precopy_begin != !backend->precopy)
		return "has only one of precopy_begin and precopy";
	return NULL;
}

static const char *version_complaint(const struct vmp_backend *backend)
{
	if (!backend->version)
		return "has a version of 0";
	if (backend->oldest_reader > backend->version ||
	    backend->oldest_readable > backend->version)
		return "cannot read what it writes";
	return NULL;
}

static const char *records_complaint(const struct vmp_backend *backend)
{
	unsigned int i;

	if (!backend->records || !backend->nr_records ||
	    backend->nr_records > VMP_MAX_RECORD_TYPES)
		return "has no records, or too many kinds of them";
	for (i = 0; i < backend->nr_records; i++) {
		if (backend->records[i].max_bytes > VMP_RECORD_MAX_BYTES ||
		    backend->records[i].min_bytes > backend->records[i].max_bytes)
			return "has a kind of record without a good size";
		if ((backend->records[i].flags & VMP_RECORD_MANY) &&
		    !backend->get_sizes)
			return "has a kind of record of which there are many, and no get_sizes";
	}
	return NULL;
}

static const char *complaint(const struct vmp_backend *backend)
{
	static const char *(* const checks[])(const struct vmp_backend *) = {
		name_complaint,
		ops_complaint,
		version_complaint,
		records_complaint,
		vmp_traps_check,
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		const char *text = checks[i](backend);

		if (text)
			return text;
	}
	return NULL;
}

static struct entry *find_name(const char *name)
{
	struct entry *entry;

	lockdep_assert_held(&backends_lock);

	list_for_each_entry(entry, &backends, node) {
		if (!strcmp(entry->backend->name, name))
			return entry;
	}
	return NULL;
}

int vmp_backend_register(const struct vmp_backend *backend)
{
	const char *text = complaint(backend);
	struct entry *entry;
	int ret = 0;

	if (text) {
		pr_err(VMP_DRIVER_NAME ": the backend \"%s\" %s\n",
		       backend->name ? backend->name : "", text);
		return -EINVAL;
	}

	entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	entry->backend = backend;

	/* Not EEXIST: modprobe, told so by an init, takes the module for loaded. */
	mutex_lock(&backends_lock);
	if (find_name(backend->name))
		ret = -EBUSY;
	else
		list_add_tail(&entry->node, &backends);
	mutex_unlock(&backends_lock);

	if (ret) {
		pr_err(VMP_DRIVER_NAME ": there is a backend \"%s\" already\n",
		       backend->name);
		kfree(entry);
	}
	return ret;
}
EXPORT_SYMBOL_GPL(vmp_backend_register);

void vmp_backend_unregister(const struct vmp_backend *backend)
{
	struct entry *entry;

	mutex_lock(&backends_lock);
	entry = find_name(backend->name);
	if (!WARN_ON_ONCE(!entry))
		list_del(&entry->node);
	mutex_unlock(&backends_lock);
	kfree(entry);
}
EXPORT_SYMBOL_GPL(vmp_backend_unregister);

/* A backend whose module is going counts as none. */
static const struct vmp_backend *find_for(struct pci_dev *pdev)
{
	const struct vmp_backend *found = NULL;
	struct entry *entry;

	lockdep_assert_held(&backends_lock);

	list_for_each_entry(entry, &backends, node) {
		if (!pci_match_id(entry->backend->ids, pdev))
			continue;
		if (found) {
			pci_err(pdev, "both the backends \"%s\" and \"%s\" claim it; unload one\n",
				found->name, entry->backend->name);
			return ERR_PTR(-EBUSY);
		}
		found = entry->backend;
	}
	return found && try_module_get(found->owner) ? found : NULL;
}

static const struct vmp_backend *find_loaded(struct pci_dev *pdev)
{
	const struct vmp_backend *found;

	mutex_lock(&backends_lock);
	found = find_for(pdev);
	mutex_unlock(&backends_lock);
	return found;
}

const struct vmp_backend *vmp_registry_get(struct pci_dev *pdev)
{
	const struct vmp_backend *found = find_loaded(pdev);
	int ret;

	if (found)
		return found;

	/* Whether modprobe found one shows in the list. */
	ret = request_module("vmp:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X",
			     pdev->vendor, pdev->device, pdev->subsystem_vendor,
			     pdev->subsystem_device, pdev->class >> 16,
			     (pdev->class >> 8) & 0xff, pdev->class & 0xff);
	found = find_loaded(pdev);
	/* But if modprobe could not be run, nobody knows whether there is one. */
	return found || ret != -ENOMEM ? found : ERR_PTR(ret);
}

void vmp_registry_put(const struct vmp_backend *backend)
{
	module_put(backend->owner);
}
