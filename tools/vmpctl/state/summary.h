/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What save and load say when they are done.
 */
#ifndef VMPCTL_SUMMARY_H
#define VMPCTL_SUMMARY_H

#include "device.h"
#include "survey.h"

/**
 * summary_print() - say on stdout what was done
 * @command: "save" or "load"
 * @text: that in words, with the device's name and the file's to be put in
 * @device: with what
 * @options: as the user wanted it
 * @survey: the stream
 * @took_s: how long, in seconds
 * @is_kept: the device keeps what was loaded; true for save
 */
void summary_print(const char *command, const char *text,
		   const struct device *device, const struct options *options,
		   const struct survey *survey, double took_s, bool is_kept);

#endif /* VMPCTL_SUMMARY_H */
