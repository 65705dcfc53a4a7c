// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel's log gained since a moment.
 * Judging the whole log of a run is the lab's business.
 */
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "wait.h"

#define TEXT_SIZE (512 * 1024)

struct wanted {
	struct kmsg *log;
	const char *texts[3];
};

int kmsg_open(struct kmsg *log)
{
	memset(log, 0, sizeof(*log));
	log->fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log->fd < 0)
		return failure_set(errno, "cannot open /dev/kmsg");
	if (lseek(log->fd, 0, SEEK_END) < 0)
		return failure_set(errno, "cannot seek in /dev/kmsg");
	log->text = calloc(1, TEXT_SIZE);
	if (!log->text)
		abort();
	return 0;
}

void kmsg_close(struct kmsg *log)
{
	if (!log->text)
		return;
	close(log->fd);
	free(log->text);
	memset(log, 0, sizeof(*log));
}

/* A record is "priority,number,time,flag;text", then lines of properties. */
static void add_record(struct kmsg *log, char *record)
{
	char *text = strchr(record, ';');
	char *end;
	int priority;

	if (!text)
		return;
	end = strchr(text, '\n');
	if (end)
		*end = '\0';
	priority = atoi(record) & 7;
	if (log->used + strlen(text) + 4 < TEXT_SIZE)
		log->used += sprintf(log->text + log->used, "%d%s\n",
				     priority, text);
}

static void read_records(struct kmsg *log)
{
	char record[8192];
	ssize_t got;

	for (;;) {
		got = read(log->fd, record, sizeof(record) - 1);
		/* EPIPE: records were overwritten before we read them. */
		if (got < 0 && errno == EPIPE)
			continue;
		if (got <= 0)
			return;
		record[got] = '\0';
		add_record(log, record);
	}
}

static bool line_holds(const char *line, const char *end, const char *text)
{
	const char *at;

	if (!text)
		return true;
	at = strstr(line, text);
	return at && at < end;
}

const char *kmsg_find(struct kmsg *log, const char *first, const char *second,
		      const char *third)
{
	const char *line = log->text;
	const char *end;

	read_records(log);
	while ((end = strchr(line, '\n'))) {
		if (line_holds(line, end, first) &&
		    line_holds(line, end, second) &&
		    line_holds(line, end, third))
			return line;
		line = end + 1;
	}
	return NULL;
}

static bool is_logged(void *arg)
{
	struct wanted *wanted = arg;

	return kmsg_find(wanted->log, wanted->texts[0], wanted->texts[1],
			 wanted->texts[2]);
}

int kmsg_wait_for(struct kmsg *log, const char *first, const char *second,
		  const char *third)
{
	struct wanted wanted = { log, { first, second, third } };

	if (wait_for(is_logged, &wanted, WAIT_LIMIT_MS))
		return 0;
	return failure_set(ETIMEDOUT,
			   "the kernel's log has no line with '%s' '%s' '%s'",
			   first, second ? second : "", third ? third : "");
}
