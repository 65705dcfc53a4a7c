// SPDX-License-Identifier: GPL-2.0-only
/*
 * How wrap and unwrap begin.
 */
#include "work.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "function/select.h"
#include "interrupt.h"
#include "sysroot.h"

/* An mdev that was removed half-way is known by the record alone. */
static enum status find(struct machine *machine, const char *name)
{
	char bdf[16];

	machine->inventory = inventory_read();
	if (is_uuid(name) && !sysroot_has(MDEV_DEVICES "/%s", name) &&
	    record_find(name, bdf, sizeof(bdf)))
		name = bdf;
	return select_function(&machine->inventory, name, &machine->fn);
}

static enum status refuse_lock(const struct command *command, const char *bdf,
			       int error)
{
	char next[120];

	if (error == EWOULDBLOCK)
		return fail(STATUS_UNREACHABLE,
			    "wait until it has ended, then try again",
			    "another vmpctl, or what it has started, is at work on %s",
			    bdf);
	snprintf(next, sizeof(next),
		 "only root may: sudo vmpctl %s %s (--dry-run shows to anybody what it would do)",
		 command->name, bdf);
	if (error != EACCES && error != EPERM)
		snprintf(next, sizeof(next),
			 "is it a directory, with space in it?");
	return fail(STATUS_UNREACHABLE, next,
		    "cannot write to /run/vmpctl: %s", strerror(error));
}

static enum status lock(struct machine *machine, const struct command *command)
{
	char bdf[16];

	memcpy(bdf, machine->fn->bdf, sizeof(bdf));
	machine->lock = record_lock(bdf);
	if (machine->lock < 0)
		return refuse_lock(command, bdf, -machine->lock);
	interrupt_catch();
	/* Whoever had the lock may have changed all of it. */
	inventory_free(&machine->inventory);
	return find(machine, bdf);
}

static enum status read_record(struct machine *machine, struct job *job)
{
	const char *bdf = machine->fn->bdf;
	int ret = record_read(&job->record, bdf);
	char next[100];

	*job = (struct job) { .fn = *machine->fn, .record = job->record };
	job->has_record = job->record.doing != DOING_NOTHING;
	job->done = json_array();
	if (!ret)
		return STATUS_DONE;
	snprintf(next, sizeof(next), "if it is of no use, rm /run/vmpctl/%s",
		 bdf);
	return fail(STATUS_UNREACHABLE, next,
		    "cannot read /run/vmpctl/%s, which says what it had: %s",
		    bdf, ret == -EBADMSG ? "it makes no sense" :
		    strerror(-ret));
}

enum status work_begin(struct machine *machine, struct job *job,
		       const struct command *command, const char *name,
		       bool is_dry)
{
	enum status status;

	machine->lock = -1;
	*job = (struct job) { .has_record = false };
	status = find(machine, name);
	if (!status && !is_dry)
		status = lock(machine, command);
	if (!status)
		status = read_record(machine, job);
	if (status)
		work_end(machine, job);
	return status;
}

void work_end(struct machine *machine, struct job *job)
{
	json_decref(job->done);
	inventory_free(&machine->inventory);
	if (machine->lock >= 0)
		close(machine->lock);
}
