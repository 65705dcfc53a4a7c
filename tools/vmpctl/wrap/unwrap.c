// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmpctl unwrap: back to the driver that a function had.
 */
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "arguments.h"
#include "memory.h"
#include "weigh.h"
#include "work.h"

/* Is there anything to go back from? */
static bool is_on_the_way(const struct job *job)
{
	return function_is_bound(&job->fn) ||
	       !strcmp(job->fn.override, WRAPPER) ||
	       *record_unfinished(&job->record) ||
	       memory_has_override(job->fn.bdf);
}

/* Who bound it has not told us what it had before: the kernel chooses. */
static void set_record(struct job *job)
{
	struct record *record = &job->record;

	if (job->has_record)
		return;
	memcpy(record->driver, WRAPPER, sizeof(WRAPPER));
	if (*job->fn.uuid)
		memcpy(record->uuid, job->fn.uuid, sizeof(record->uuid));
	else
		strcpy(record->uuid, RECORD_NO_UUID);
}

static enum status go_back(struct job *job)
{
	enum status status = job_note(job, DOING_UNWRAP, "begin");
	char next[60];
	int ret;

	if (!status)
		status = job_go(job, &way_back, false);
	if (status == STATUS_INTERRUPTED) {
		snprintf(next, sizeof(next), "vmpctl unwrap %s goes on",
			 job->fn.bdf);
		return fail(status, next, "interrupted; %s is half-way",
			    job->fn.bdf);
	}
	if (status)
		return status;
	ret = record_remove(job->fn.bdf);
	if (ret)
		return fail(STATUS_FAILED, NULL,
			    "cannot remove /run/vmpctl/%s: %s", job->fn.bdf,
			    strerror(-ret));
	return STATUS_DONE;
}

static void print_done(const struct job *job, bool is_changed)
{
	if (!is_changed)
		printf("%s is not wrapped, there is nothing to be done\n",
		       job->fn.bdf);
	else if (*job->fn.driver)
		printf("%s is back with the driver %s\n", job->fn.bdf,
		       job->fn.driver);
	else
		printf("%s is back, without a driver%s\n", job->fn.bdf,
		       *job->record.driver ? "" : ", as it was");
}

static enum status carry_out(struct job *job, const struct function *fn,
			     bool is_dry, bool is_json)
{
	bool is_wrapped = is_on_the_way(job);
	struct answer answer = { .job = job };
	enum status status = STATUS_DONE;
	json_t *plan;

	set_record(job);
	plan = is_wrapped ? job_plan(job, &way_back) : json_array();
	if (is_wrapped)
		weigh_unwrapping(&job->hazards, fn);
	answer.plan = is_dry ? plan : NULL;
	if (job->hazards.nr)
		status = answer_refusal(&answer, "unwrapped");
	else if (is_wrapped && !is_dry)
		status = go_back(job);
	else if (!is_dry && job->has_record)
		record_remove(job->fn.bdf);
	if (is_json)
		answer_json(&answer);
	else if (!status && json_array_size(answer.plan))
		answer_plan(&answer);
	else if (!status)
		print_done(job, is_wrapped);
	json_decref(plan);
	return status;
}

static enum status run_unwrap(int argc, char **argv)
{
	bool is_json = false;
	bool is_dry = false;
	const struct argument known[] = {
		{ "dry-run", &is_dry, NULL },
		{ "json", &is_json, NULL },
		{ NULL, NULL, NULL },
	};
	struct machine machine;
	enum status status;
	struct job job;

	if (!arguments_take(&unwrap_command, &argc, &argv, known, &status))
		return status;
	if (argc != 1)
		return fail_usage(&unwrap_command, "it takes one device");
	status = work_begin(&machine, &job, &unwrap_command, argv[0], is_dry);
	if (status)
		return status;
	status = carry_out(&job, machine.fn, is_dry, is_json);
	work_end(&machine, &job);
	return status;
}

const struct command unwrap_command = {
	.name = "unwrap",
	.about = "give a function back to the driver that it had",
	.usage =
	"Usage: vmpctl unwrap [--dry-run] [--json] DEVICE\n"
	"\n"
	"Removes the mdev of DEVICE, the address of a wrapped function or the UUID\n"
	"of its mdev, and gives the function back to the driver that it had. What\n"
	"wrap --persist has driverctl and mdevctl remember is forgotten. If the\n"
	"device is in use, it says by whom, and changes nothing.\n"
	"\n"
	"  --dry-run   only say what would be done\n"
	"  --json      print a JSON object\n",
	.run = run_unwrap,
};
