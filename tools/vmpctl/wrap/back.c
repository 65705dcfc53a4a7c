// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way back: from an mdev, or half-way to one, to the driver that was there.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "job.h"
#include "memory.h"
#include "modules.h"
#include "occupancy.h"
#include "patient.h"
#include "sysroot.h"

/* What --persist has left, or has left before the machine was started again. */
static bool is_remembered(const struct job *job)
{
	return job->has_record ? job->record.is_persistent :
				 memory_has_override(job->fn.bdf);
}

static bool plan_undefine(const struct job *job, char *text, size_t size)
{
	snprintf(text, size, "have mdevctl forget the mdev of %s",
		 job->fn.bdf);
	return is_remembered(job) && !job->had_definition &&
	       memory_has_definition(job->fn.bdf);
}

static enum status undefine(struct job *job)
{
	return memory_undefine(job->fn.bdf);
}

static bool plan_remove(const struct job *job, char *text, size_t size)
{
	snprintf(text, size, "remove the mdev %s", job->fn.uuid);
	return *job->fn.uuid;
}

static enum status fail_in_use(const struct job *job)
{
	char users[160];

	if (!occupancy_of(&job->fn, users, sizeof(users)))
		snprintf(users, sizeof(users), "somebody");
	return fail(STATUS_FAILED,
		    "end who uses it, then vmpctl unwrap again",
		    "the mdev of %s is in use by %s", job->fn.bdf, users);
}

/*
 * The removal of an mdev that is in use waits for its user, and cannot be taken
 * back; so nobody may open it from now on.
 */
static enum status remove_mdev(struct job *job)
{
	int fd = occupancy_hold(&job->fn);
	int ret;

	if (fd == -EBUSY)
		return fail_in_use(job);
	ret = patient_write("1", MDEV_DEVICES "/%s/remove", job->fn.uuid);
	if (fd >= 0)
		close(fd);
	if (ret == -ETIMEDOUT)
		return fail_in_use(job);
	job_look(job);
	if (*job->fn.uuid)
		return fail(STATUS_FAILED, "vmpctl unwrap again",
			    "cannot remove the mdev %s: %s", job->fn.uuid,
			    patient_error(ret ? ret : -EAGAIN));
	return STATUS_DONE;
}

static bool plan_forget(const struct job *job, char *text, size_t size)
{
	snprintf(text, size, "have driverctl forget " WRAPPER " for %s",
		 job->fn.bdf);
	return is_remembered(job) && !job->had_override &&
	       memory_has_override(job->fn.bdf);
}

static enum status forget(struct job *job)
{
	return memory_forget_override(job->fn.bdf);
}

/* What was ours before we came is nobody's: it is not to be ours afterwards. */
static const char *unless_ours(const char *driver)
{
	return strcmp(driver, WRAPPER) ? driver : "";
}

static bool plan_restore(const struct job *job, char *text, size_t size)
{
	const char *before = unless_ours(job->record.override);

	snprintf(text, size, *before ? "set the driver_override of %s to %s" :
		 "clear the driver_override of %s", job->fn.bdf, before);
	return !strcmp(job->fn.override, WRAPPER);
}

static enum status restore_override(struct job *job)
{
	const char *before = unless_ours(job->record.override);
	int ret = patient_write(*before ? before : "\n",
				PCI_DEVICES "/%s/driver_override",
				job->fn.bdf);

	if (ret)
		return fail(STATUS_FAILED, "vmpctl unwrap again",
			    "cannot restore the driver_override of %s: %s",
			    job->fn.bdf, patient_error(ret));
	return STATUS_DONE;
}

static bool plan_unbind(const struct job *job, char *text, size_t size)
{
	snprintf(text, size, "unbind %s from " WRAPPER, job->fn.bdf);
	return function_is_bound(&job->fn);
}

static enum status unbind_ours(struct job *job)
{
	int ret = patient_write(job->fn.bdf,
				"/sys/bus/pci/drivers/" WRAPPER "/unbind");

	job_look(job);
	if (function_is_bound(&job->fn))
		return fail(STATUS_FAILED, "vmpctl unwrap again",
			    "cannot unbind %s from " WRAPPER ": %s",
			    job->fn.bdf, patient_error(ret ? ret : -EBUSY));
	return STATUS_DONE;
}

/* Nobody knows which it had if it was ours when we came: the kernel chooses. */
static bool is_kernels_choice(const struct job *job)
{
	return !strcmp(job->record.driver, WRAPPER);
}

static bool plan_rebind(const struct job *job, char *text, size_t size)
{
	if (is_kernels_choice(job))
		snprintf(text, size, "bind %s to what the kernel finds for it",
			 job->fn.bdf);
	else
		snprintf(text, size, "bind %s to %s", job->fn.bdf,
			 job->record.driver);
	/* In a plan it has ours yet. */
	return *job->record.driver &&
	       !*unless_ours(job->fn.driver);
}

/* The parameter ids= and the file new_id make the kernel choose ours. */
static enum status check_choice(struct job *job)
{
	job_look(job);
	if (!function_is_bound(&job->fn))
		return STATUS_DONE;
	return fail(STATUS_FAILED,
		    "take its ids out of the parameter ids= and write them to the driver's remove_id, then vmpctl unwrap again",
		    "the kernel gives %s to " WRAPPER " again, by its ids",
		    job->fn.bdf);
}

static enum status rebind(struct job *job)
{
	static const char drivers[] = "/sys/bus/pci/drivers";
	const char *driver = job->record.driver;
	int ret;

	if (is_kernels_choice(job)) {
		modules_load_for(job->fn.bdf);
		/* No driver may be there for it, which is no failure. */
		patient_write(job->fn.bdf, "/sys/bus/pci/drivers_probe");
		return check_choice(job);
	}
	if (!sysroot_has("%s/%s", drivers, driver))
		modules_load_for(job->fn.bdf);
	ret = patient_write(job->fn.bdf, "%s/%s/bind", drivers, driver);
	job_look(job);
	if (*job->fn.driver)
		return STATUS_DONE;
	return fail(STATUS_FAILED,
		    "the kernel's log may say why; vmpctl unwrap tries it again",
		    "%s does not take %s back: %s", driver, job->fn.bdf,
		    patient_error(ret ? ret : -ENODEV));
}

/* The first three lead back to a function that is bound, but has no mdev. */
static const struct step steps[] = {
	{ "undefine", plan_undefine, undefine },
	{ "remove", plan_remove, remove_mdev },
	{ "forget", plan_forget, forget },
	{ "restore", plan_restore, restore_override },
	{ "unbind", plan_unbind, unbind_ours },
	{ "rebind", plan_rebind, rebind },
};

const struct way way_back = {
	.doing = DOING_UNWRAP,
	.step = steps,
	.nr = sizeof(steps) / sizeof(steps[0]),
};

const struct way way_back_to_ours = {
	.doing = DOING_UNWRAP,
	.step = steps,
	.nr = 3,
};
