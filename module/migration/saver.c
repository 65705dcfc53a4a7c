// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sending half of a data file: has the backend save the device's state
 * piece by piece, and makes a stream of it.
 *
 * What is sent, in the order of the parts below. The preamble goes first, and
 * while the device still runs, so that a target that cannot take the state
 * says so before anything was stopped.
 */

#include <linux/slab.h>

#include "config.h"
#include "device.h"
#include "fsm.h"
#include "migration.h"
#include "saver.h"
#include "stream.h"

/**
 * enum part - what comes next in the stream
 * @PREAMBLE: the header and the identity
 * @PRECOPY: what the backend saves of a running device
 * @CONFIG: config space, of the stopped device as all that follows
 * @STATE: what the backend saves of it
 * @END: the end record
 * @DONE: nothing
 */
enum part {
	PREAMBLE,
	PRECOPY,
	CONFIG,
	STATE,
	END,
	DONE,
};

/**
 * struct vmp_saver - a stream that is being made
 * @writer: what the format keeps
 * @part: what comes next
 * @type: kind of record that the backend is asked for
 * @is_preamble: what is ready is the preamble
 * @is_end_untold: there was nothing just now, and the user does not know
 * @at: offset of what is ready in @buffer
 * @length: bytes that are ready
 * @buffer: room for a record of the largest size with its header
 */
struct vmp_saver {
	struct vmp_stream_writer writer;
	enum part part;
	unsigned int type;
	bool is_preamble;
	bool is_end_untold;
	size_t at;
	size_t length;
	u8 buffer[sizeof(struct vmp_record_header) + VMP_RECORD_MAX_BYTES];
};

#define PREAMBLE_BYTES							\
	(sizeof(struct vmp_stream_header) +				\
	 sizeof(struct vmp_record_header) + sizeof(struct vmp_identity))

struct vmp_saver *vmp_saver_create(void)
{
	return kvzalloc(sizeof(struct vmp_saver), GFP_KERNEL_ACCOUNT);
}

void vmp_saver_destroy(struct vmp_saver *saver)
{
	kvfree(saver);
}

size_t vmp_saver_peek(const struct vmp_saver *saver, const void **data)
{
	*data = saver->buffer + saver->at;
	return saver->length;
}

void vmp_saver_consume(struct vmp_saver *saver, size_t length)
{
	saver->at += length;
	saver->length -= length;
}

void vmp_saver_keep_end(struct vmp_saver *saver)
{
	saver->is_end_untold = true;
}

static void *payload(struct vmp_saver *saver)
{
	return saver->buffer + sizeof(struct vmp_record_header);
}

static void ready(struct vmp_saver *saver, size_t length)
{
	saver->at = 0;
	saver->length = length;
}

static void seal(struct vmp_saver *saver, u32 type, size_t length)
{
	ready(saver, vmp_stream_seal(&saver->writer, saver->buffer, type,
				     VMP_RECORD_MANDATORY, length));
}

static int save_preamble(struct vmp_saver *saver, struct vmp_migration *mig)
{
	size_t length = vmp_stream_begin(&saver->writer, saver->buffer);
	void *record = saver->buffer + length;

	vmp_config_identify(mig, record + sizeof(struct vmp_record_header));
	length += vmp_stream_seal(&saver->writer, record, VMP_RECORD_IDENTITY,
				  VMP_RECORD_MANDATORY,
				  sizeof(struct vmp_identity));
	ready(saver, length);
	saver->is_preamble = true;
	saver->part = PRECOPY;
	return 0;
}

static bool is_good(const struct vmp_backend *backend,
		    const struct vmp_record *record)
{
	return record->type < backend->nr_records &&
	       record->length >= backend->records[record->type].min_bytes &&
	       record->length <= backend->records[record->type].max_bytes;
}

/* One piece of the backend's; 1 if there was one, as it says. */
static int save_piece(struct vmp_saver *saver, struct vmp_migration *mig,
		      int (*save)(struct vmp_device *, struct vmp_record *))
{
	const struct vmp_backend *backend = mig->backend;
	struct vmp_record record = {
		.type = saver->type,
		.data = payload(saver),
	};
	int ret = save(&mig->dev, &record);

	if (ret <= 0)
		return ret;
	if (WARN_ON_ONCE(!is_good(backend, &record)))
		return -EINVAL;

	seal(saver, VMP_RECORD_BACKEND + record.type, record.length);
	return 1;
}

static int save_precopy(struct vmp_saver *saver, struct vmp_migration *mig)
{
	int ret = 0;

	if (mig->state == VFIO_DEVICE_STATE_STOP_COPY) {
		saver->part = CONFIG;
		return 0;
	}
	if (saver->is_end_untold) {
		saver->is_end_untold = false;
		return -ENOMSG;
	}
	if (mig->backend->precopy)
		ret = save_piece(saver, mig, mig->backend->precopy);
	return ret ? min(ret, 0) : -ENOMSG;
}

static int save_config(struct vmp_saver *saver, struct vmp_migration *mig)
{
	seal(saver, VMP_RECORD_CONFIG, vmp_config_save(mig, payload(saver)));
	saver->part = STATE;
	return 0;
}

/* Each kind in turn: once, or until there is none left of it. */
static int save_state(struct vmp_saver *saver, struct vmp_migration *mig)
{
	const struct vmp_backend *backend = mig->backend;
	int ret;

	if (saver->type == backend->nr_records) {
		saver->part = END;
		return 0;
	}

	ret = save_piece(saver, mig, backend->save);
	if (ret < 0)
		return ret; /* who reads on gets what it was */
	if (!ret || !(backend->records[saver->type].flags & VMP_RECORD_MANY))
		saver->type++;
	return 0;
}

static int save_end(struct vmp_saver *saver, struct vmp_migration *mig)
{
	ready(saver, vmp_stream_finish(&saver->writer, saver->buffer));
	saver->part = DONE;
	return 0;
}

static int save_nothing(struct vmp_saver *saver, struct vmp_migration *mig)
{
	return -ENODATA;
}

int vmp_saver_refill(struct vmp_saver *saver, struct vmp_migration *mig)
{
	static int (* const save[])(struct vmp_saver *, struct vmp_migration *) = {
		[PREAMBLE] = save_preamble,
		[PRECOPY] = save_precopy,
		[CONFIG] = save_config,
		[STATE] = save_state,
		[END] = save_end,
		[DONE] = save_nothing,
	};
	int ret = 0;

	lockdep_assert_held(&mig->lock);

	saver->is_preamble = false;
	while (!ret && !saver->length)
		ret = save[saver->part](saver, mig);
	return ret;
}

u64 vmp_saver_initial_bytes(const struct vmp_saver *saver)
{
	if (saver->part == PREAMBLE)
		return PREAMBLE_BYTES;

	return saver->is_preamble ? saver->length : 0;
}

u64 vmp_saver_other_bytes(const struct vmp_saver *saver)
{
	return saver->is_preamble ? 0 : saver->length;
}

u64 vmp_saver_overhead_bytes(void)
{
	return PREAMBLE_BYTES + sizeof(struct vmp_record_header) +
	       VMP_CONFIG_MAX_BYTES + VMP_STREAM_END_BYTES;
}
