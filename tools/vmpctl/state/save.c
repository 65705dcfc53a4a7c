// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmpctl save: the state of a stopped device goes into a file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "command.h"
#include "device.h"
#include "input.h"
#include "interrupt.h"
#include "options.h"
#include "output.h"
#include "progress.h"
#include "state.h"
#include "summary.h"
#include "survey.h"

#define SEE_LOG "dmesg says what the driver and the backend make of it"

/**
 * struct saving - one run of the command
 * @options: what the user said
 * @device: the device
 * @output: the file
 * @progress: how far it is
 * @survey: what has come
 * @chunk: CHUNK_BYTES of room
 */
struct saving {
	struct options options;
	struct device device;
	struct output output;
	struct progress progress;
	struct survey *survey;
	unsigned char *chunk;
};

/* To the end, which only a stopped device's data file has. */
static enum status copy(struct saving *saving, int data_fd)
{
	enum status status = STATUS_DONE;
	ssize_t got;

	while (!status && !interrupt_came()) {
		got = read(data_fd, saving->chunk, CHUNK_BYTES);
		if (!got)
			return STATUS_DONE;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(STATUS_FAILED, SEE_LOG,
				    "cannot read the device's state: %m");
		survey_feed(saving->survey, saving->chunk, got);
		status = output_write(&saving->output, saving->chunk, got);
		progress_add(&saving->progress, got);
	}
	return status ? status : STATUS_INTERRUPTED;
}

/* Nobody keeps a file that nobody will be able to load. */
static enum status check(const struct saving *saving)
{
	if (survey_finish(saving->survey))
		return STATUS_DONE;
	return fail(STATUS_REFUSED,
		    "is this vmpctl older than the driver? else it is a bug",
		    "what came out of the device %s, at byte %llu",
		    saving->survey->complaint,
		    (unsigned long long)saving->survey->damage_offset);
}

static enum status save_state(struct saving *saving)
{
	int fd = saving->device.owner.fd;
	enum status status;
	int data_fd;
	int ret;

	progress_begin(&saving->progress, state_data_bytes(fd));
	ret = state_set(fd, VFIO_DEVICE_STATE_STOP_COPY, &data_fd);
	errno = -ret;
	if (ret)
		return fail(STATUS_FAILED, SEE_LOG, "cannot save %s: %m",
			    saving->device.target.uuid);

	status = copy(saving, data_fd);
	close(data_fd);
	ret = state_set(fd, VFIO_DEVICE_STATE_STOP, NULL);
	errno = -ret;
	if (ret && !status)
		status = fail(STATUS_FAILED, SEE_LOG,
			      "%s does not go back to STOP: %m",
			      saving->device.target.uuid);
	return status ? status : check(saving);
}

static enum status save_to_file(struct saving *saving)
{
	enum status status;
	double took_s;

	status = output_open(&saving->output, saving->options.path);
	if (status)
		return status;

	status = save_state(saving);
	took_s = progress_end(&saving->progress);
	if (!status)
		status = output_keep(&saving->output);
	else
		output_drop(&saving->output);
	if (status == STATUS_INTERRUPTED)
		fail(status, NULL, "interrupted; %s was not written",
		     saving->options.path);
	if (!status)
		summary_print("save", "is saved", &saving->device,
			      &saving->options, saving->survey, took_s, true);
	return status;
}

static enum status save(struct saving *saving)
{
	enum status status;

	saving->survey = survey_create();
	saving->chunk = malloc(CHUNK_BYTES);
	if (!saving->survey || !saving->chunk)
		return fail(STATUS_FAILED, NULL, "there is no memory left");

	interrupt_catch();
	status = device_take(&saving->device, &saving->options);
	if (!status)
		status = device_put_back(&saving->device, save_to_file(saving));
	return status;
}

static enum status run(int argc, char **argv)
{
	struct saving saving = { .chunk = NULL };
	enum status status;
	bool has_help;

	status = options_parse(&save_command, argc, argv, &saving.options,
			       &has_help);
	if (status || has_help)
		return status;
	status = save(&saving);
	free(saving.chunk);
	free(saving.survey);
	return status;
}

const struct command save_command = {
	.name = "save",
	.about = "save the state of a stopped device to a file",
	.usage =
	"Usage: vmpctl save [--pid PID [--fd N]] [--stop] [--json] DEVICE FILE\n"
	"\n"
	"Saves the state of DEVICE, the UUID of an mdev or the PCI address of a\n"
	"function that vfio-mdev-pci wraps, to FILE. Whoever has the device open\n"
	"keeps it; it must be stopped (QEMU: stop), and is stopped afterwards. If\n"
	"nobody has it open, what it holds after being opened is saved.\n"
	"FILE is there when it is complete and good, and else as it was.\n"
	"\n"
	OPTIONS_USAGE
	"\n"
	"Exit status: 0 saved, 1 what came is no good, 2 usage, 3 not possible as\n"
	"things are (nothing was done), 4 failed, 130 interrupted.\n",
	.run = run,
};
