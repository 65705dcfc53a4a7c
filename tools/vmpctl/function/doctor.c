// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmpctl doctor: is the machine ready, and if not, what mends it.
 */
#include <stdio.h>

#include "arguments.h"
#include "checks.h"
#include "command.h"
#include "print_json.h"
#include "terminal.h"

static const struct {
	const char *word;
	enum colour colour;
} grades[] = {
	[GRADE_GOOD] = { "good", COLOUR_GOOD },
	[GRADE_NOTE] = { "note", COLOUR_NOTE },
	[GRADE_BAD] = { "bad", COLOUR_BAD },
};

#define GRADE_WIDTH 6

static void print_text(const struct finding *finding)
{
	terminal_cell(grades[finding->grade].colour, GRADE_WIDTH,
		      grades[finding->grade].word);
	terminal_wrapped(GRADE_WIDTH, GRADE_WIDTH, finding->text);
	if (*finding->remedy)
		printf("%*s%s\n", 2 * GRADE_WIDTH, "-> ", finding->remedy);
}

static json_t *to_json(const struct finding *finding)
{
	return json_pack("{s:s, s:s, s:o, s:o}", "code", finding->code,
			 "grade", grades[finding->grade].word,
			 "text", json_text(finding->text),
			 "remedy", json_text(finding->remedy));
}

static enum status run(int argc, char **argv)
{
	json_t *array = json_array();
	struct finding finding;
	bool is_json = false;
	bool is_ready = true;
	const struct argument known[] = {
		{ "json", &is_json, NULL },
		{ NULL, NULL, NULL },
	};
	enum status status = STATUS_DONE;
	size_t i;

	if (!arguments_take(&doctor_command, &argc, &argv, known, &status))
		goto out;
	if (argc) {
		status = fail_usage(&doctor_command, "it takes no arguments");
		goto out;
	}
	for (i = 0; i < nr_checks; i++) {
		finding = checks[i]();
		if (finding.grade == GRADE_BAD)
			is_ready = false;
		if (is_json)
			json_array_append_new(array, to_json(&finding));
		else
			print_text(&finding);
	}
	if (is_json)
		print_json(json_pack("{s:i, s:b, s:O}", "version",
				     JSON_SCHEMA_VERSION, "ready", is_ready,
				     "findings", array));
	status = is_ready ? STATUS_DONE : STATUS_REFUSED;
out:
	json_decref(array);
	return status;
}

const struct command doctor_command = {
	.name = "doctor",
	.about = "say whether the machine is ready, and what is to be done",
	.usage =
	"Usage: vmpctl doctor [--json]\n"
	"\n"
	"Looks at the IOMMU, the kernel, the module, limits, permissions and\n"
	"groups, and says of what is wrong what mends it. Needs no privilege.\n"
	"\n"
	"  --json   print a JSON object\n"
	"\n"
	"Exit status: 0 if the machine is ready, 1 if something is wrong.\n",
	.run = run,
};
