// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmpctl inspect: what is in a file, and whether it is good.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "command.h"
#include "input.h"
#include "report.h"
#include "survey.h"

static enum status inspect(const char *path, bool is_json)
{
	struct survey *survey = survey_create();
	enum status status = STATUS_FAILED;
	struct input input;

	if (!survey)
		return fail(STATUS_FAILED, NULL, "there is no memory left");

	status = input_open(&input, path);
	if (status == STATUS_DONE)
		status = input_survey(&input, survey);
	if (status == STATUS_DONE || status == STATUS_REFUSED)
		(is_json ? report_json : report_text)(survey, path);
	input_close(&input);
	free(survey);
	return status;
}

static enum status run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	bool is_json = false;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case 'j':
			is_json = true;
			break;
		case 'h':
			fputs(inspect_command.usage, stdout);
			return STATUS_DONE;
		default:
			return fail_usage(&inspect_command, "\"%s\" is no option",
					  argv[optind - 1]);
		}
	}
	if (argc - optind != 1)
		return fail_usage(&inspect_command, "it takes one FILE");
	return inspect(argv[optind], is_json);
}

const struct command inspect_command = {
	.name = "inspect",
	.about = "show what is in a file, and whether it is good",
	.usage =
	"Usage: vmpctl inspect [--json] FILE\n"
	"\n"
	"Shows whose state is in FILE, its records, and whether all checksums\n"
	"are right. Needs no device and no privilege.\n"
	"\n"
	"  --json   print a JSON object\n"
	"\n"
	"Exit status: 0 if FILE is whole and good, 1 if it is damaged or cut\n"
	"off (it says where), 3 if it cannot be opened, 4 if it cannot be read.\n",
	.run = run,
};
