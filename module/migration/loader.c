// SPDX-License-Identifier: GPL-2.0-only
/*
 * The receiving half of a data file: takes a stream apart, and has the backend
 * load what is in it.
 *
 * All of the stream is hostile. Bounds, checksums and order are stream.c's;
 * what records there may be, and how many, is checked here by the backend's
 * table; what is in them, by the backend.
 */

#include <linux/bitops.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "access.h"
#include "config.h"
#include "device.h"
#include "loader.h"
#include "stream.h"
#include "trace.h"

/* Each kind of record has a bit in a word that says what came. */
static_assert(VMP_MAX_RECORD_TYPES <= 32);

/* A record that waits for the end. */
struct staged {
	void *data;
	u32 length;
};

/**
 * struct vmp_loader - a stream that is being received
 * @reader: what the format keeps
 * @seen: a bit for each of the backend's types that came
 * @staged: records of the backend's that wait, by type
 * @config: the VMP_RECORD_CONFIG, which waits too
 * @is_refused: the stream is no good
 * @payload: where @reader puts a record's payload
 */
struct vmp_loader {
	struct vmp_stream_reader reader;
	u32 seen;
	struct staged staged[VMP_MAX_RECORD_TYPES];
	struct staged config;
	bool is_refused;
	u8 payload[VMP_STREAM_RECORD_MAX_BYTES] __aligned(8);
};

struct vmp_loader *vmp_loader_create(const struct vmp_migration *mig)
{
	struct vmp_loader *loader;

	loader = kvzalloc(sizeof(*loader), GFP_KERNEL_ACCOUNT);
	if (loader)
		vmp_stream_reader_init(&loader->reader, loader->payload,
				       sizeof(loader->payload));
	return loader;
}

void vmp_loader_destroy(struct vmp_loader *loader)
{
	int i;

	if (!loader)
		return;

	for (i = 0; i < VMP_MAX_RECORD_TYPES; i++)
		kvfree(loader->staged[i].data);
	kvfree(loader->config.data);
	kvfree(loader);
}

static int refuse(struct vmp_migration *mig, int ret, const char *reason)
{
	pci_notice_ratelimited(mig->dev.pdev, "the stream %s\n", reason);
	trace_vmp_refusal(mig->dev.pdev, reason, ret);
	return ret;
}

static int stage(struct vmp_loader *loader, struct staged *staged)
{
	staged->length = loader->reader.length;
	staged->data = kvmalloc(max(staged->length, 1U), GFP_KERNEL_ACCOUNT);
	if (!staged->data)
		return -ENOMEM;

	memcpy(staged->data, loader->payload, staged->length);
	return 0;
}

static u32 oldest_readable(const struct vmp_backend *backend)
{
	return backend->oldest_readable ?: backend->version;
}

static int take_identity(struct vmp_loader *loader, struct vmp_migration *mig)
{
	struct vmp_identity ours;
	const char *mismatch;
	char reason[64];

	if (loader->reader.length != sizeof(ours))
		return refuse(mig, -EINVAL, "has an identity of a wrong size");

	vmp_config_identify(mig, &ours);
	mismatch = vmp_identity_mismatch((void *)loader->payload, &ours,
					 oldest_readable(mig->backend));
	if (!mismatch)
		return 0;

	snprintf(reason, sizeof(reason), "is another device's: %s differs",
		 mismatch);
	return refuse(mig, -EINVAL, reason);
}

static int take_config(struct vmp_loader *loader, struct vmp_migration *mig)
{
	if (loader->config.data)
		return refuse(mig, -EINVAL, "has config space twice");
	if (vmp_config_check(mig, loader->payload, loader->reader.length))
		return refuse(mig, -EINVAL, "has config space that makes no sense");

	return stage(loader, &loader->config);
}

static int load(struct vmp_migration *mig, u32 type, const struct staged *staged)
{
	struct vmp_record record = {
		.type = type,
		.length = staged->length,
		.data = staged->data,
	};
	int ret = mig->backend->load(&mig->dev, &record);

	if (ret)
		return refuse(mig, ret, "has a record that the backend refuses");
	return 0;
}

static int take_backend(struct vmp_loader *loader, struct vmp_migration *mig)
{
	u32 type = loader->reader.type - VMP_RECORD_BACKEND;
	const struct vmp_record_type *known = &mig->backend->records[type];
	struct staged now = { loader->payload, loader->reader.length };
	bool is_again = loader->seen & BIT(type);

	if (now.length < known->min_bytes || now.length > known->max_bytes)
		return refuse(mig, -EINVAL, "has a record of a wrong size");

	loader->seen |= BIT(type);
	if (known->flags & VMP_RECORD_MANY)
		return load(mig, type, &now);
	if (is_again)
		return refuse(mig, -EINVAL, "has a record twice");
	return stage(loader, &loader->staged[type]);
}

static int take_record(struct vmp_loader *loader, struct vmp_migration *mig)
{
	u32 type = loader->reader.type;

	if (type == VMP_RECORD_IDENTITY)
		return take_identity(loader, mig);
	if (type == VMP_RECORD_CONFIG)
		return take_config(loader, mig);
	if (type == VMP_RECORD_END)
		return 0;
	if (type >= VMP_RECORD_BACKEND &&
	    type - VMP_RECORD_BACKEND < mig->backend->nr_records)
		return take_backend(loader, mig);
	if (loader->reader.flags & VMP_RECORD_MANDATORY)
		return refuse(mig, -EINVAL,
			      "has a record that must be known, and is not");
	return 0;
}

int vmp_loader_feed(struct vmp_loader *loader, struct vmp_migration *mig,
		    const void *data, size_t length)
{
	size_t used;
	int ret = 0;

	lockdep_assert_held(&mig->lock);

	if (loader->is_refused)
		return -EINVAL;

	while (length && ret >= 0) {
		ret = vmp_stream_feed(&loader->reader, data, length, &used);
		data += used;
		length -= used;
		if (ret < 0)
			refuse(mig, ret, loader->reader.complaint);
		else if (ret > 0)
			ret = take_record(loader, mig);
	}

	loader->is_refused = ret < 0;
	return min(ret, 0);
}

static const char *whats_missing(const struct vmp_loader *loader,
				 const struct vmp_backend *backend)
{
	unsigned int type;

	if (loader->is_refused)
		return "was refused before";
	if (loader->reader.part != VMP_STREAM_ENDED)
		return "is not complete";
	if (!loader->config.data)
		return "has no config space";
	for (type = 0; type < backend->nr_records; type++) {
		if (!(backend->records[type].flags & VMP_RECORD_OPTIONAL) &&
		    !(loader->seen & BIT(type)))
			return "lacks a record";
	}
	return NULL;
}

int vmp_loader_finish(struct vmp_loader *loader, struct vmp_migration *mig,
		      bool *has_begun)
{
	const char *missing = whats_missing(loader, mig->backend);
	unsigned int type;
	int ret;

	lockdep_assert_held(&mig->lock);

	*has_begun = false;
	if (missing)
		return refuse(mig, -EINVAL, missing);

	*has_begun = true;
	for (type = 0; type < mig->backend->nr_records; type++) {
		if (!loader->staged[type].data)
			continue;
		ret = load(mig, type, &loader->staged[type]);
		if (ret)
			return ret;
	}

	vmp_config_load(mig, loader->config.data, loader->config.length);
	return 0;
}
