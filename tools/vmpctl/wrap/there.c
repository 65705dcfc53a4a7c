// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way there: from any driver, or none, to an mdev.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "answer.h"
#include "function/select.h"
#include "memory.h"
#include "modules.h"
#include "patient.h"
#include "sysroot.h"
#include "weigh.h"

/* While a function is only just bound, it has no mdev yet: 5 s. */
#define CREATE_TRIES 50
#define CREATE_PAUSE_NS 100000000

static enum status fail_kernel(const struct job *job, const char *what, int ret)
{
	char next[80];

	snprintf(next, sizeof(next), "the kernel's log says why: dmesg | grep %s",
		 job->fn.bdf);
	return fail(STATUS_FAILED, next, "cannot %s %s: %s", what,
		    job->fn.bdf, patient_error(ret));
}

static bool plan_load(const struct job *job, char *text, size_t size)
{
	(void)job;
	snprintf(text, size, "load the module " WRAPPER);
	return !modules_are_loaded();
}

static enum status load_modules(struct job *job)
{
	(void)job;
	return modules_load();
}

/*
 * While a module was loaded and driverctl told, a disk may have been mounted: what
 * speaks against it is weighed again when the driver is about to lose its device.
 */
static enum status look_again(struct job *job)
{
	const struct answer answer = { .job = job };
	struct inventory inventory = inventory_read();
	const struct function *fn;
	enum status status;

	status = select_function(&inventory, job->fn.bdf, &fn);
	if (!status) {
		weigh_wrapping(&job->hazards, &inventory, fn);
		if (hazards_stop(&job->hazards, job->is_forced))
			status = answer_refusal(&answer, "wrapped");
	}
	inventory_free(&inventory);
	return status;
}

static bool plan_keep(const struct job *job, char *text, size_t size)
{
	snprintf(text, size,
		 "have driverctl bind %s to " WRAPPER " now and at each start",
		 job->fn.bdf);
	return job->record.is_persistent && !memory_has_override(job->fn.bdf);
}

/* driverctl takes it from its driver at once. */
static enum status keep(struct job *job)
{
	enum status status = STATUS_DONE;

	if (!function_is_bound(&job->fn))
		status = look_again(job);
	return status ? status : memory_keep_override(job->fn.bdf);
}

static bool plan_override(const struct job *job, char *text, size_t size)
{
	snprintf(text, size, "set the driver_override of %s to " WRAPPER,
		 job->fn.bdf);
	return !function_is_bound(&job->fn) &&
	       strcmp(job->fn.override, WRAPPER);
}

static enum status override(struct job *job)
{
	int ret = patient_write(WRAPPER, PCI_DEVICES "/%s/driver_override",
				job->fn.bdf);

	return ret ? fail_kernel(job, "set the driver_override of", ret) :
		     STATUS_DONE;
}

static bool plan_unbind(const struct job *job, char *text, size_t size)
{
	snprintf(text, size, "unbind %s from %s", job->fn.bdf, job->fn.driver);
	return *job->fn.driver && !function_is_bound(&job->fn);
}

static enum status unbind_old(struct job *job)
{
	enum status status = look_again(job);
	int ret;

	if (status)
		return status;
	ret = patient_write(job->fn.bdf, PCI_DEVICES "/%s/driver/unbind",
			    job->fn.bdf);
	job_look(job);
	if (!ret && *job->fn.driver && !function_is_bound(&job->fn))
		ret = -EBUSY;
	return ret ? fail_kernel(job, "unbind", ret) : STATUS_DONE;
}

static bool plan_bind(const struct job *job, char *text, size_t size)
{
	snprintf(text, size, "bind %s to " WRAPPER, job->fn.bdf);
	return !function_is_bound(&job->fn);
}

static enum status bind_ours(struct job *job)
{
	int ret = patient_write(job->fn.bdf,
				"/sys/bus/pci/drivers/" WRAPPER "/bind");

	job_look(job);
	if (function_is_bound(&job->fn))
		return STATUS_DONE;
	return fail_kernel(job, "bind", ret ? ret : -ENODEV);
}

static bool plan_create(const struct job *job, char *text, size_t size)
{
	snprintf(text, size, "create the mdev %s", job->record.uuid);
	return !*job->fn.uuid;
}

/* There is one type. Return: 0 or -errno. */
static int create_once(const struct job *job)
{
	static const char types[] = PCI_DEVICES "/%s/mdev_supported_types";
	struct names names = sysroot_list(types, job->fn.bdf);
	int ret = -EAGAIN;

	if (names.nr)
		ret = patient_write(job->record.uuid,
				    PCI_DEVICES "/%s/mdev_supported_types/%s/create",
				    job->fn.bdf, names.name[0]);
	names_free(&names);
	return ret;
}

/* mdevctl may have made it, by a definition; then ours is not made. */
static enum status create_mdev(struct job *job)
{
	const struct timespec pause = { .tv_nsec = CREATE_PAUSE_NS };
	unsigned int i;
	int ret = 0;

	for (i = 0; i < CREATE_TRIES; i++) {
		ret = create_once(job);
		job_look(job);
		if (*job->fn.uuid)
			return STATUS_DONE;
		if (ret != -EAGAIN)
			break;
		nanosleep(&pause, NULL);
	}
	return fail_kernel(job, "create an mdev of", ret ? ret : -ENODEV);
}

static bool plan_define(const struct job *job, char *text, size_t size)
{
	snprintf(text, size, "have mdevctl create it whenever %s is bound",
		 job->fn.bdf);
	return job->record.is_persistent &&
	       !memory_has_definition(job->fn.bdf);
}

static enum status define(struct job *job)
{
	return memory_define(job->fn.bdf, job->fn.uuid);
}

static const struct step steps[] = {
	{ "load", plan_load, load_modules },
	{ "keep", plan_keep, keep },
	{ "override", plan_override, override },
	{ "unbind", plan_unbind, unbind_old },
	{ "bind", plan_bind, bind_ours },
	{ "create", plan_create, create_mdev },
	{ "define", plan_define, define },
};

const struct way way_there = {
	.doing = DOING_WRAP,
	.step = steps,
	.nr = sizeof(steps) / sizeof(steps[0]),
};
