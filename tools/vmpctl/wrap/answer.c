// SPDX-License-Identifier: GPL-2.0-only
/*
 * What wrap and unwrap print.
 */
#include "answer.h"

#include <stdio.h>
#include <string.h>

#include "print_json.h"

static json_t *hazards_json(const struct hazards *hazards)
{
	json_t *array = json_array();
	const struct hazard *hazard;
	size_t i;

	for (i = 0; i < hazards->nr; i++) {
		hazard = &hazards->hazard[i];
		json_array_append_new(array,
				      json_pack("{s:s, s:s, s:o, s:b}",
						"code", hazard->code,
						"address", hazard->bdf,
						"text", json_text(hazard->text),
						"can_be_forced",
						hazard_can_be_forced(hazard)));
	}
	return array;
}

/* Of the mdev that there is, was, or would be. */
static json_t *mdev_json(const struct job *job)
{
	if (*job->fn.uuid)
		return json_text(job->fn.uuid);
	if (!strcmp(job->record.uuid, RECORD_NO_UUID))
		return json_null();
	return json_text(job->record.uuid);
}

void answer_json(const struct answer *answer)
{
	const struct record *record = &answer->job->record;
	const struct function *fn = &answer->job->fn;
	bool is_known = strcmp(record->driver, WRAPPER);

	print_json(json_pack("{s:i, s:s, s:b, s:o, s:o, s:o, s:b, s:b, s:O, s:o}",
			     "version", JSON_SCHEMA_VERSION,
			     "address", fn->bdf,
			     "wrapped", *fn->uuid != 0,
			     "mdev", mdev_json(answer->job),
			     "driver", json_text(fn->driver),
			     "driver_before", is_known ?
			     json_text(record->driver) : json_null(),
			     "persistent", record->is_persistent,
			     "dry_run", !!answer->plan,
			     "steps", answer->plan ? answer->plan :
						     answer->job->done,
			     "hazards", hazards_json(&answer->job->hazards)));
}

void answer_plan(const struct answer *answer)
{
	json_t *text;
	size_t i;

	json_array_foreach(answer->plan, i, text)
		printf("would %s\n", json_string_value(text));
}

/* Each remedy once, below the last hazard that it is for. */
static void print_hazards(const struct hazards *hazards)
{
	const struct hazard *hazard;
	size_t i;

	for (i = 0; i < hazards->nr; i++) {
		hazard = &hazards->hazard[i];
		fprintf(stderr, "  %s: %s\n", hazard->bdf, hazard->text);
		if (i + 1 == hazards->nr || hazard[1].kind != hazard->kind)
			fprintf(stderr, "    -> %s\n", hazard_remedy(hazard));
	}
}

enum status answer_refusal(const struct answer *answer, const char *what)
{
	bool is_choice = !hazards_stop(&answer->job->hazards, true);

	fail(STATUS_REFUSED, NULL,
	     is_choice ? "%s was not %s, as this would be hurt:" :
			 "%s cannot be %s:", answer->job->fn.bdf, what);
	print_hazards(&answer->job->hazards);
	if (is_choice)
		fputs("  with --force it is done nevertheless\n", stderr);
	return STATUS_REFUSED;
}

void answer_forced(const struct answer *answer)
{
	size_t i;

	for (i = 0; i < answer->job->hazards.nr; i++)
		fprintf(stderr, "vmpctl: forced, though %s\n",
			answer->job->hazards.hazard[i].text);
}
