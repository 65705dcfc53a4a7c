// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmpctl load: the state in a file goes into a stopped device.
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
#include "progress.h"
#include "state.h"
#include "summary.h"
#include "survey.h"

#define SEE_LOG "dmesg says what the driver and the backend make of it"

/**
 * struct loading - one run of the command
 * @options: what the user said
 * @device: the device
 * @input: the file
 * @progress: how far it is
 * @survey: what is in the file
 */
struct loading {
	struct options options;
	struct device device;
	struct input input;
	struct progress progress;
	struct survey *survey;
};

/* Before the device is touched, as what it holds is lost then. */
static enum status check_file(struct loading *loading)
{
	enum status status = input_survey(&loading->input, loading->survey);

	if (status == STATUS_REFUSED)
		fail(status, "vmpctl inspect shows what there is of it; nothing was done",
		     "%s %s, at byte %llu", loading->options.path,
		     loading->survey->complaint,
		     (unsigned long long)loading->survey->damage_offset);
	return status ? status : input_rewind(&loading->input);
}

static enum status check_device(const struct loading *loading)
{
	const struct target *target = &loading->device.target;
	const char *mismatch;

	mismatch = target_mismatch(target, &loading->survey->identity);
	if (!mismatch)
		return STATUS_DONE;
	return fail(STATUS_REFUSED,
		    "vmpctl inspect shows whose state it is; nothing was done",
		    "%s is another device's than %s: %s differs",
		    loading->options.path, target->bdf, mismatch);
}

static enum status write_all(struct loading *loading, int data_fd,
			     size_t length)
{
	const unsigned char *next = loading->input.chunk;
	ssize_t written;

	while (length) {
		if (interrupt_came())
			return STATUS_INTERRUPTED;
		written = write(data_fd, next, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return fail(STATUS_REFUSED, SEE_LOG,
				    "the device refuses the state, behind byte %llu: %m",
				    (unsigned long long)loading->progress.bytes);
		progress_add(&loading->progress, written);
		next += written;
		length -= written;
	}
	return STATUS_DONE;
}

static enum status copy(struct loading *loading, int data_fd)
{
	enum status status = STATUS_DONE;
	ssize_t got;

	while (!status) {
		if (interrupt_came())
			return STATUS_INTERRUPTED;
		got = input_read(&loading->input);
		if (!got)
			return STATUS_DONE;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(STATUS_FAILED, NULL, "cannot read %s: %m",
				    loading->options.path);
		status = write_all(loading, data_fd, got);
	}
	return status;
}

/* The last word is the driver's, when the device leaves RESUMING. */
static enum status finish(struct loading *loading)
{
	int ret = state_set(loading->device.owner.fd, VFIO_DEVICE_STATE_STOP,
			    NULL);

	errno = -ret;
	if (ret)
		return fail(STATUS_REFUSED, SEE_LOG,
			    "the device refuses the state: %m");
	return STATUS_DONE;
}

/* There is no way back to what the device held. */
static void give_up(struct loading *loading)
{
	int ret = device_reset(&loading->device);

	errno = -ret;
	if (ret)
		fail(STATUS_FAILED, "reset its machine",
		     "%s cannot be reset: %m", loading->device.target.uuid);
	else if (!loading->device.is_ours)
		fail(STATUS_FAILED,
		     "load a good state before its machine goes on, or reset the machine",
		     "%s was reset, as part of a state had been loaded",
		     loading->device.target.uuid);
}

static enum status load_state(struct loading *loading)
{
	int fd = loading->device.owner.fd;
	enum status status;
	int data_fd;
	int ret;

	progress_begin(&loading->progress, loading->input.bytes);
	ret = state_set(fd, VFIO_DEVICE_STATE_RESUMING, &data_fd);
	errno = -ret;
	if (ret)
		return fail(STATUS_FAILED, SEE_LOG, "cannot load %s: %m",
			    loading->device.target.uuid);

	status = copy(loading, data_fd);
	if (!status)
		status = finish(loading);
	close(data_fd);
	if (status == STATUS_INTERRUPTED)
		fail(status, NULL, "interrupted");
	if (status)
		give_up(loading);
	return status;
}

static enum status load_from_file(struct loading *loading)
{
	bool is_kept = !loading->device.is_ours;
	enum status status;
	double took_s;

	status = check_device(loading);
	if (status)
		return status;
	status = load_state(loading);
	took_s = progress_end(&loading->progress);
	if (!status)
		summary_print("load", is_kept ? "is loaded" :
			      "takes the state, and has lost it again, as nobody has it open",
			      &loading->device, &loading->options,
			      loading->survey, took_s, is_kept);
	return status;
}

static enum status load(struct loading *loading)
{
	enum status status;

	loading->survey = survey_create();
	if (!loading->survey)
		return fail(STATUS_FAILED, NULL, "there is no memory left");

	interrupt_catch();
	status = input_open(&loading->input, loading->options.path);
	if (!status)
		status = check_file(loading);
	if (!status)
		status = device_take(&loading->device, &loading->options);
	if (!status)
		status = device_put_back(&loading->device,
					 load_from_file(loading));
	input_close(&loading->input);
	return status;
}

static enum status run(int argc, char **argv)
{
	struct loading loading = { .survey = NULL };
	enum status status;
	bool has_help;

	status = options_parse(&load_command, argc, argv, &loading.options,
			       &has_help);
	if (status || has_help)
		return status;
	status = load(&loading);
	free(loading.survey);
	return status;
}

const struct command load_command = {
	.name = "load",
	.about = "load the state in a file into a stopped device",
	.usage =
	"Usage: vmpctl load [--pid PID [--fd N]] [--stop] [--json] DEVICE FILE\n"
	"\n"
	"Loads the state in FILE into DEVICE, the UUID of an mdev or the PCI\n"
	"address of a function that vfio-mdev-pci wraps. Whoever has the device\n"
	"open keeps it; it must be stopped (QEMU: stop), and is stopped\n"
	"afterwards. If nobody has it open, this only shows whether the device\n"
	"takes the state. FILE is checked first; what the device held is lost.\n"
	"\n"
	OPTIONS_USAGE
	"\n"
	"Exit status: 0 loaded, 1 FILE is damaged or the device refuses it,\n"
	"2 usage, 3 not possible as things are (nothing was done), 4 failed,\n"
	"130 interrupted.\n",
	.run = run,
};
