// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each arc of the state machine does.
 *
 *	RUNNING  <-quiesce, resume->  RUNNING_P2P   <-stop, start->  STOP
 *	PRE_COPY <-quiesce, resume->  PRE_COPY_P2P  -stop, save->    STOP_COPY
 *
 *	RUNNING, RUNNING_P2P  <-precopy, end_save->  PRE_COPY, PRE_COPY_P2P
 *	STOP                  <-save, end_save->     STOP_COPY
 *	STOP                  <-receive, load->      RESUMING
 */

#include <linux/ktime.h>
#include <linux/pci.h>

#include "access.h"
#include "data_file.h"
#include "device.h"
#include "fsm.h"
#include "states.h"
#include "trace.h"

#define STOP	VFIO_DEVICE_STATE_STOP
#define RUN	VFIO_DEVICE_STATE_RUNNING
#define COPY	VFIO_DEVICE_STATE_STOP_COPY
#define RESUME	VFIO_DEVICE_STATE_RESUMING
#define P2P	VFIO_DEVICE_STATE_RUNNING_P2P
#define PRE	VFIO_DEVICE_STATE_PRE_COPY
#define PRE_P2P	VFIO_DEVICE_STATE_PRE_COPY_P2P

static int call(struct vmp_migration *mig, int (*op)(struct vmp_device *dev))
{
	return op ? op(&mig->dev) : 0;
}

static void tell(struct vmp_migration *mig, void (*op)(struct vmp_device *dev))
{
	if (op)
		op(&mig->dev);
}

/* Those who come with the device set's lock may have a page to do DMA with. */
static int call_with_scratch(struct vmp_migration *mig,
			     int (*op)(struct vmp_device *dev))
{
	int ret;

	mig->may_scratch = true;
	ret = call(mig, op);
	mig->may_scratch = false;
	return ret;
}

/* After it the device is in no state that has a name. */
static int broken(struct vmp_migration *mig, int ret)
{
	if (ret) {
		pci_notice_ratelimited(mig->dev.pdev,
				       "migration: the device does not go on: %pe; reset it\n",
				       ERR_PTR(ret));
		vmp_states_abandon(mig);
		WRITE_ONCE(mig->state, VFIO_DEVICE_STATE_ERROR);
	}
	return ret;
}

static int quiesce(struct vmp_migration *mig)
{
	int ret = call(mig, mig->backend->quiesce);

	if (!ret)
		return 0;

	pci_notice_ratelimited(mig->dev.pdev,
			       "migration: the device does not come to rest: %pe\n",
			       ERR_PTR(ret));
	broken(mig, call(mig, mig->backend->resume));
	return ret;
}

static int resume(struct vmp_migration *mig)
{
	int ret = broken(mig, call(mig, mig->backend->resume));

	if (ret || !mig->is_kick_due)
		return ret;

	mig->is_kick_due = false;
	vmp_irqs_kick(&mig->irqs);
	return 0;
}

static int stop(struct vmp_migration *mig)
{
	int ret = call(mig, mig->backend->stop);

	if (!ret)
		vmp_silence_begin(mig);
	return ret;
}

static int start(struct vmp_migration *mig)
{
	vmp_silence_end(mig);
	mig->is_kick_due = true;
	return broken(mig, call(mig, mig->backend->start));
}

static int precopy(struct vmp_migration *mig)
{
	int ret = vmp_data_file_create(mig, true);

	if (ret)
		return ret;

	if (mig->backend->tracks_dirty)
		vmp_dirty_narrow(mig);
	ret = call(mig, mig->backend->precopy_begin);
	if (ret)
		vmp_states_abandon(mig);
	return ret;
}

static int end_save(struct vmp_migration *mig)
{
	vmp_states_abandon(mig);
	return 0;
}

static int save(struct vmp_migration *mig)
{
	int ret = vmp_data_file_create(mig, true);

	if (ret)
		return ret;

	ret = call_with_scratch(mig, mig->backend->save_begin);
	if (ret)
		vmp_states_abandon(mig);
	return ret;
}

/* The data file stays the same; if this fails, so does all of PRE_COPY. */
static int stop_and_save(struct vmp_migration *mig)
{
	int ret = stop(mig);

	if (ret)
		return ret;

	ret = call_with_scratch(mig, mig->backend->save_begin);
	if (ret)
		start(mig);
	return ret;
}

static int receive(struct vmp_migration *mig)
{
	int ret = vmp_data_file_create(mig, false);

	if (ret)
		return ret;

	ret = call(mig, mig->backend->load_begin);
	if (ret)
		vmp_states_abandon(mig);
	return ret;
}

static int load(struct vmp_migration *mig)
{
	bool has_begun;
	int ret;

	mig->may_scratch = true;
	ret = vmp_data_file_load(mig, &has_begun);
	mig->may_scratch = false;

	if (ret && has_begun)
		return broken(mig, ret);
	if (!ret)
		vmp_states_abandon(mig);
	return ret;
}

static int (* const arcs[VMP_NR_STATES][VMP_NR_STATES])(struct vmp_migration *) = {
	[RUN][P2P] = quiesce,
	[P2P][RUN] = resume,
	[P2P][STOP] = stop,
	[STOP][P2P] = start,
	[STOP][COPY] = save,
	[COPY][STOP] = end_save,
	[STOP][RESUME] = receive,
	[RESUME][STOP] = load,
	[RUN][PRE] = precopy,
	[PRE][RUN] = end_save,
	[P2P][PRE_P2P] = precopy,
	[PRE_P2P][P2P] = end_save,
	[PRE][PRE_P2P] = quiesce,
	[PRE_P2P][PRE] = resume,
	[PRE_P2P][COPY] = stop_and_save,
};

static int take(struct vmp_migration *mig, enum vfio_device_mig_state to,
		int reset_seq)
{
	int cookie;
	int ret;

	if (vmp_migration_was_reset(mig, reset_seq))
		return -EAGAIN;

	/* A device that is being reset may seem to be asleep, which is -EIO. */
	cookie = vmp_access_begin(mig);
	ret = cookie;
	if (cookie >= 0) {
		ret = arcs[mig->state][to](mig);
		vmp_access_end(mig, cookie);
	}
	return vmp_migration_was_reset(mig, reset_seq) ? -EAGAIN : ret;
}

int vmp_states_take_arc(struct vmp_migration *mig,
			enum vfio_device_mig_state to, int reset_seq)
{
	enum vfio_device_mig_state from = mig->state;
	ktime_t begin = ktime_get();
	int ret = -EINVAL;

	lockdep_assert_held(&mig->lock);

	if (!WARN_ON_ONCE(!arcs[from][to]))
		ret = take(mig, to, reset_seq);
	trace_vmp_arc(mig->dev.pdev, from, to,
		      ktime_to_ns(ktime_sub(ktime_get(), begin)), ret);
	vmp_stats_add(&mig->stats, ret ? VMP_STAT_ERRORS : VMP_STAT_ARCS, 1);
	if (!ret)
		WRITE_ONCE(mig->state, to);
	return ret;
}

void vmp_states_abandon(struct vmp_migration *mig)
{
	lockdep_assert_held(&mig->lock);

	if (!mig->file)
		return;

	if (vmp_data_file_is_saving(mig))
		tell(mig, mig->backend->save_end);
	else
		tell(mig, mig->backend->load_end);
	vmp_data_file_disable(mig);
}

int vmp_states_reset(struct vmp_migration *mig)
{
	int cookie;
	int ret;

	lockdep_assert_held(&mig->lock);

	cookie = vmp_access_begin(mig);
	if (cookie < 0)
		return cookie;

	ret = call_with_scratch(mig, mig->backend->reset);
	vmp_access_end(mig, cookie);
	return ret;
}

void vmp_states_get_sizes(struct vmp_migration *mig, struct vmp_sizes *sizes)
{
	const struct vmp_backend *backend = mig->backend;
	unsigned int type;

	*sizes = (struct vmp_sizes) {};
	if (backend->get_sizes) {
		backend->get_sizes(&mig->dev, sizes);
		return;
	}

	for (type = 0; type < backend->nr_records; type++)
		sizes->stopped_bytes += sizeof(struct vmp_record_header) +
					backend->records[type].max_bytes;
}
