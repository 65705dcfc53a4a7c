// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmpctl wrap: from any driver to a usable mdev.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "answer.h"
#include "arguments.h"
#include "memory.h"
#include "patient.h"
#include "sysroot.h"
#include "weigh.h"
#include "work.h"

/* What the user has said. */
struct wish {
	const char *uuid;
	bool is_persistent;
	bool is_forced;
	bool is_dry;
	bool is_json;
};

static void set_uuid(char uuid[40], const char *asked)
{
	size_t i;

	for (i = 0; i < 36; i++)
		uuid[i] = tolower((unsigned char)asked[i]);
	uuid[i] = 0;
}

/* The one that is said; else mdevctl's, which comes back after the next start. */
static enum status choose_uuid(char uuid[40], const struct wish *wish,
			       const char *bdf)
{
	if (wish->uuid) {
		set_uuid(uuid, wish->uuid);
		return STATUS_DONE;
	}
	if (memory_find_definition(bdf, uuid, 40))
		return STATUS_DONE;
	if (!sysroot_read(uuid, 40, "/proc/sys/kernel/random/uuid") &&
	    is_uuid(uuid))
		return STATUS_DONE;
	strcpy(uuid, RECORD_NO_UUID);
	return fail(STATUS_UNREACHABLE, "say one: --uuid UUID",
		    "cannot make up a UUID: /proc/sys/kernel/random/uuid has none");
}

/* What was remembered before we came is not forgotten if we fail. */
static void set_memory(struct job *job)
{
	bool is_ours = job->has_record && job->record.is_persistent;

	job->had_override = !is_ours && memory_has_override(job->fn.bdf);
	job->had_definition = !is_ours && memory_has_definition(job->fn.bdf);
}

/* A record of what is not so any more is of no use. */
static enum status set_record(struct job *job, const struct wish *wish)
{
	struct record *record = &job->record;
	enum status status = STATUS_DONE;

	if (record->doing == DOING_DONE && !function_is_bound(&job->fn))
		job->has_record = false;
	set_memory(job);
	if (!job->has_record) {
		*record = (struct record) { .doing = DOING_NOTHING };
		memcpy(record->driver, job->fn.driver, sizeof(record->driver));
		memcpy(record->override, job->fn.override,
		       sizeof(record->override));
	}
	if (*job->fn.uuid)
		memcpy(record->uuid, job->fn.uuid, sizeof(record->uuid));
	else if (wish->uuid || !job->has_record)
		status = choose_uuid(record->uuid, wish, job->fn.bdf);
	record->is_persistent |= wish->is_persistent;
	return status;
}

static enum status check_uuid(const struct job *job, const struct wish *wish)
{
	char next[60];

	if (!wish->uuid)
		return STATUS_DONE;
	snprintf(next, sizeof(next), "vmpctl unwrap %s first", job->fn.bdf);
	if (*job->fn.uuid && strcasecmp(job->fn.uuid, wish->uuid))
		return fail(STATUS_REFUSED, next, "%s has an mdev already, %s",
			    job->fn.bdf, job->fn.uuid);
	if (!*job->fn.uuid && sysroot_has(MDEV_DEVICES "/%s", job->record.uuid))
		return fail(STATUS_REFUSED, "without --uuid, one is made up",
			    "%s is another mdev's UUID", job->record.uuid);
	return STATUS_DONE;
}

static enum status fail_half_way(const struct job *job)
{
	char next[100];

	snprintf(next, sizeof(next),
		 "vmpctl unwrap %s goes back, vmpctl wrap %s goes on",
		 job->fn.bdf, job->fn.bdf);
	return fail(STATUS_FAILED, next, "%s is half-way", job->fn.bdf);
}

/* Go back to what was there before; @status says why. */
static enum status undo(struct job *job, enum status status)
{
	bool was_ours = !strcmp(job->record.driver, WRAPPER);

	if (patient_has_child() ||
	    job_go(job, was_ours ? &way_back_to_ours : &way_back, true) ||
	    record_remove(job->fn.bdf))
		return fail_half_way(job);
	if (status == STATUS_INTERRUPTED)
		return fail(status, NULL, "interrupted; %s is as it was before",
			    job->fn.bdf);
	return fail(status, NULL, "%s is as it was before", job->fn.bdf);
}

/* It was wrapped already, and could not be made to last: it does not. */
static enum status undo_persistence(struct job *job, enum status status)
{
	const char *bdf = job->fn.bdf;

	job->record.is_persistent = false;
	if (patient_has_child() ||
	    (!job->had_definition && memory_has_definition(bdf) &&
	     memory_undefine(bdf)) ||
	    (!job->had_override && memory_has_override(bdf) &&
	     memory_forget_override(bdf)) ||
	    job_go(job, &way_there, true) || job_note(job, DOING_DONE, ""))
		return fail_half_way(job);
	return fail(status, NULL, "%s is wrapped, but not for good", bdf);
}

static enum status go_there(struct job *job)
{
	bool was_wrapped = *job->fn.uuid && !*record_unfinished(&job->record);
	/* What follows is in force when this is on the disk. */
	enum status status = job_note(job, DOING_WRAP, "begin");

	if (status)
		return status;
	status = job_go(job, &way_there, false);
	if (status && was_wrapped)
		return undo_persistence(job, status);
	if (status)
		return undo(job, status);
	memcpy(job->record.uuid, job->fn.uuid, sizeof(job->record.uuid));
	return job_note(job, DOING_DONE, "");
}

static void print_done(const struct job *job)
{
	const struct record *record = &job->record;
	bool is_new = json_array_size(job->done);

	printf("%s is wrapped%s, its mdev is %s\n", job->fn.bdf,
	       is_new ? "" : " already", job->fn.uuid);
	printf("  vmpctl client %s  prints what QEMU and libvirt are to be told\n",
	       job->fn.uuid);
	printf("  vmpctl unwrap %s  gives it back%s%s\n", job->fn.bdf,
	       *record->driver && strcmp(record->driver, WRAPPER) ? " to " : "",
	       strcmp(record->driver, WRAPPER) ? record->driver : "");
	if (record->is_persistent && memory_has_wrong_rule())
		puts("  ln -s /usr/bin/mdevctl /usr/sbin/mdevctl  is needed once, for udev's rule");
}

/* All that is looked at before something is changed. */
static enum status check(struct answer *answer, struct job *job,
			 const struct machine *machine, const struct wish *wish)
{
	enum status status = check_uuid(job, wish);

	if (!status && wish->is_persistent)
		status = memory_check_definitions(&job->fn, job->record.uuid);
	if (status || !json_array_size(answer->plan))
		return status;
	if (wish->is_persistent)
		status = memory_check();
	if (status)
		return status;
	weigh_wrapping(&job->hazards, &machine->inventory, machine->fn);
	if (hazards_stop(&job->hazards, wish->is_forced))
		return answer_refusal(answer, "wrapped");
	answer_forced(answer);
	return STATUS_DONE;
}

static enum status carry_out(const struct machine *machine, struct job *job,
			     const struct wish *wish)
{
	struct answer answer = { .job = job };
	json_t *plan;
	enum status status;

	job->is_forced = wish->is_forced;
	status = set_record(job, wish);
	plan = job_plan(job, &way_there);
	answer.plan = plan;
	if (!status)
		status = check(&answer, job, machine, wish);
	if (!wish->is_dry) {
		answer.plan = NULL;
		if (!status && (json_array_size(plan) ||
				*record_unfinished(&job->record)))
			status = go_there(job);
	}
	if (wish->is_json)
		answer_json(&answer);
	else if (!status && wish->is_dry)
		answer_plan(&answer);
	if (!status && !wish->is_json && !json_array_size(answer.plan))
		print_done(job);
	json_decref(plan);
	return status;
}

static enum status run_wrap(int argc, char **argv)
{
	struct wish wish = { .uuid = NULL };
	const struct argument known[] = {
		{ "uuid", NULL, &wish.uuid },
		{ "persist", &wish.is_persistent, NULL },
		{ "force", &wish.is_forced, NULL },
		{ "dry-run", &wish.is_dry, NULL },
		{ "json", &wish.is_json, NULL },
		{ NULL, NULL, NULL },
	};
	struct machine machine;
	enum status status;
	struct job job;

	if (!arguments_take(&wrap_command, &argc, &argv, known, &status))
		return status;
	if (argc != 1)
		return fail_usage(&wrap_command, "it takes one device");
	if (wish.uuid && !is_uuid(wish.uuid))
		return fail_usage(&wrap_command, "\"%s\" is no UUID", wish.uuid);
	status = work_begin(&machine, &job, &wrap_command, argv[0], wish.is_dry);
	if (status)
		return status;
	status = carry_out(&machine, &job, &wish);
	work_end(&machine, &job);
	return status;
}

const struct command wrap_command = {
	.name = "wrap",
	.about = "make a function an mdev, whatever driver it has",
	.usage =
	"Usage: vmpctl wrap [--uuid UUID] [--persist] [--force] [--dry-run] [--json]\n"
	"                   DEVICE\n"
	"\n"
	"Takes the function with the PCI address DEVICE from its driver, binds it\n"
	"to vfio-mdev-pci and creates its mdev. vmpctl unwrap goes back. What would\n"
	"hurt, such as a disk that is mounted, is refused, and named.\n"
	"\n"
	"  --uuid UUID   of the mdev; else mdevctl's for it, or one is made up\n"
	"  --persist     also after each start, by driverctl and mdevctl\n"
	"  --force       even if it hurts\n"
	"  --dry-run     only say what would be done\n"
	"  --json        print a JSON object\n",
	.run = run_wrap,
};
