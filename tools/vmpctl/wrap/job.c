// SPDX-License-Identifier: GPL-2.0-only
/*
 * A function on its way from one driver to another. What the steps are is not
 * decided here.
 */
#include "job.h"

#include <stdio.h>
#include <string.h>

#include "interrupt.h"

void job_look(struct job *job)
{
	char bdf[sizeof(job->fn.bdf)];

	memcpy(bdf, job->fn.bdf, sizeof(bdf));
	function_read(&job->fn, bdf);
}

json_t *job_plan(const struct job *job, const struct way *way)
{
	json_t *array = json_array();
	char text[160];
	size_t i;

	for (i = 0; i < way->nr; i++) {
		if (way->step[i].plan(job, text, sizeof(text)))
			json_array_append_new(array, json_string(text));
	}
	return array;
}

enum status job_note(struct job *job, enum doing doing, const char *step)
{
	int ret;

	job->record.doing = doing;
	snprintf(job->record.step, sizeof(job->record.step), "%s", step);
	ret = record_write(&job->record, job->fn.bdf);
	if (ret)
		return fail(STATUS_FAILED, "is there space in /run?",
			    "cannot write what %s had down in /run/vmpctl: %s",
			    job->fn.bdf, strerror(-ret));
	return STATUS_DONE;
}

enum status job_go(struct job *job, const struct way *way, bool is_patient)
{
	enum status status = STATUS_DONE;
	const struct step *step;
	char text[160];
	size_t i;

	for (i = 0; !status && i < way->nr; i++) {
		step = &way->step[i];
		if (!is_patient && interrupt_came())
			return STATUS_INTERRUPTED;
		job_look(job);
		if (!step->plan(job, text, sizeof(text)))
			continue;
		status = job_note(job, way->doing, step->name);
		if (!status)
			status = step->run(job);
		if (!status && job->done)
			json_array_append_new(job->done, json_string(text));
	}
	job_look(job);
	return status;
}
