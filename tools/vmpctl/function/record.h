/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is written down of a function while vmpctl has wrapped it: what it had
 * before, and how far it is. A file of root's in /run/vmpctl, of JSON, and
 * another one that is locked by who is at work.
 */
#ifndef VMPCTL_RECORD_H
#define VMPCTL_RECORD_H

#include <stdbool.h>
#include <stddef.h>

/* RFC 9562, 5.9: what is no UUID of anything. */
#define RECORD_NO_UUID "00000000-0000-0000-0000-000000000000"

/**
 * enum doing - what was being done when a record was written
 * @DOING_NOTHING: there is no record
 * @DOING_WRAP: wrapping has begun
 * @DOING_UNWRAP: going back has begun
 * @DOING_DONE: it is wrapped
 */
enum doing {
	DOING_NOTHING,
	DOING_WRAP,
	DOING_UNWRAP,
	DOING_DONE,
};

/**
 * struct record - of one function
 * @doing: how far it is
 * @driver: the driver that it had; "" if none; our own one if nobody knows
 * @override: its driver_override then, likewise
 * @uuid: of its mdev, made or to be made; RECORD_NO_UUID if it has none
 * @is_persistent: driverctl and mdevctl are to remember it
 * @step: the step that was begun last, a word
 */
struct record {
	enum doing doing;
	char driver[64];
	char override[64];
	char uuid[40];
	bool is_persistent;
	char step[16];
};

/*
 * Read the record of @bdf, DOING_NOTHING if there is none. Return: 0 or
 * -errno; -EBADMSG if it makes no sense.
 */
int record_read(struct record *record, const char *bdf);

/*
 * Write it, so that a power cut or a kill leaves the old one or the new one.
 * Return: 0 or -errno.
 */
int record_write(const struct record *record, const char *bdf);

/* There is nothing more to be remembered. Return: 0 or -errno. */
int record_remove(const char *bdf);

/*
 * Keep other vmpctl's off @bdf until the descriptor that is returned, and all
 * copies of it in children, are closed. Return: it, or -errno; -EWOULDBLOCK if
 * another one is at work.
 */
int record_lock(const char *bdf);

/* The address of the function whose record has @uuid. Return: was one found? */
bool record_find(const char *uuid, char *bdf, size_t size);

/* Was something begun and not finished? "wrap" or "unwrap", or "". */
const char *record_unfinished(const struct record *record);

#endif /* VMPCTL_RECORD_H */
