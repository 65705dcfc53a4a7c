// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_SET_IRQS in all combinations of index, data, action and range.
 */
#include <string.h>
#include <unistd.h>

#include "irq.h"
#include "survey/subjects.h"

/* As many as the lab's devices have vectors, and some. */
#define NR_EVENTS 80

/* Bytes of data behind the fixed part, however many the range would need. */
#define DATA_BYTES (NR_EVENTS * sizeof(int32_t))

static const struct {
	const char *name;
	uint32_t flags;
} data_types[] = {
	{ "no type", 0 },
	{ "none", VFIO_IRQ_SET_DATA_NONE },
	{ "bool", VFIO_IRQ_SET_DATA_BOOL },
	{ "eventfd", VFIO_IRQ_SET_DATA_EVENTFD },
	{ "bool and eventfd", VFIO_IRQ_SET_DATA_BOOL |
			      VFIO_IRQ_SET_DATA_EVENTFD },
	{ "an unknown type", 1U << 6 },
};

static const struct {
	const char *name;
	uint32_t flags;
} actions[] = {
	{ "no action", 0 },
	{ "mask", VFIO_IRQ_SET_ACTION_MASK },
	{ "unmask", VFIO_IRQ_SET_ACTION_UNMASK },
	{ "trigger", VFIO_IRQ_SET_ACTION_TRIGGER },
	{ "mask and trigger", VFIO_IRQ_SET_ACTION_MASK |
			      VFIO_IRQ_SET_ACTION_TRIGGER },
	{ "an unknown action", 1U << 7 },
};

/* Ranges; is_per_count adds the number of vectors of the index. */
static const struct {
	const char *name;
	uint32_t start;
	uint32_t count;
	bool is_start_per_count;
	bool is_count_per_count;
} ranges[] = {
	{ "0 of them", 0, 0, false, false },
	{ "the first", 0, 1, false, false },
	{ "the second", 1, 1, false, false },
	{ "all", 0, 0, false, true },
	{ "one too many", 0, 1, false, true },
	{ "all from the second", 1, 0, false, true },
	{ "the one behind the last", 0, 1, true, false },
	{ "0 behind the last", 0, 0, true, false },
	{ "2^31 on", 0x80000000, 1, false, false },
	{ "2^32 - 1 on", 0xffffffff, 1, false, false },
	{ "2^32 - 1 of them", 0, 0xffffffff, false, false },
	{ "a sum that overflows", 0xffffffff, 2, false, false },
	{ "both all ones", 0xffffffff, 0xffffffff, false, false },
};

struct set_irqs {
	struct vfio_irq_set set;
	uint8_t data[DATA_BYTES];
};

static void fill_data(struct set_irqs *call, const int *events)
{
	if (call->set.flags & VFIO_IRQ_SET_DATA_EVENTFD)
		memcpy(call->data, events, DATA_BYTES);
	else
		memset(call->data, 1, DATA_BYTES);
}

static void note_ranges(struct survey *survey, uint32_t index,
			unsigned int type, unsigned int action,
			const int *events)
{
	struct vfio_irq_info info = { };
	struct set_irqs call;
	unsigned int i;
	long ret;

	irq_query(survey->client, index, &info);
	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		call.set = (struct vfio_irq_set) {
			.argsz = sizeof(call),
			.flags = data_types[type].flags |
				 actions[action].flags,
			.index = index,
			.start = ranges[i].start + (ranges[i].is_start_per_count ?
						    info.count : 0),
			.count = ranges[i].count + (ranges[i].is_count_per_count ?
						    info.count : 0),
		};
		fill_data(&call, events);
		ret = survey_ioctl(survey, VFIO_DEVICE_SET_IRQS, &call);
		survey_note_result(survey, ret, SURVEY_CALL
				   "set irq index %u, data %s, %s, %s", index,
				   data_types[type].name, actions[action].name,
				   ranges[i].name);
	}
	irq_disable(survey->client, index);
}

/* Data that is no eventfd, and less of it than the range needs. */
static void note_bad_data(struct survey *survey, uint32_t index,
			  const int *events)
{
	struct set_irqs call = {
		.set = {
			.argsz = sizeof(call.set) + sizeof(int32_t),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD |
				 VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = index,
			.count = 1,
		},
	};
	static const int32_t no_events[] = { -1, -2, 0, 0x7fffffff };
	unsigned int i;

	for (i = 0; i < sizeof(no_events) / sizeof(no_events[0]); i++) {
		memcpy(call.data, &no_events[i], sizeof(int32_t));
		survey_note_result(survey,
				   survey_ioctl(survey, VFIO_DEVICE_SET_IRQS,
						&call),
				   SURVEY_CALL
				   "set irq index %u, file %d for an eventfd",
				   index, no_events[i]);
	}
	memcpy(call.data, events, sizeof(int32_t));
	call.set.argsz--;
	survey_note_result(survey,
			   survey_ioctl(survey, VFIO_DEVICE_SET_IRQS, &call),
			   SURVEY_CALL "set irq index %u, data one byte short",
			   index);
	irq_disable(survey->client, index);
}

void survey_irq_calls(struct survey *survey)
{
	int events[NR_EVENTS];
	unsigned int action;
	unsigned int type;
	uint32_t index;
	unsigned int i;

	for (i = 0; i < NR_EVENTS; i++)
		events[i] = event_new();
	for (index = 0; index <= survey->client->info.num_irqs; index++) {
		for (type = 0; type < sizeof(data_types) /
				      sizeof(data_types[0]); type++)
			for (action = 0; action < sizeof(actions) /
						  sizeof(actions[0]); action++)
				note_ranges(survey, index, type, action,
					    events);
		note_bad_data(survey, index, events);
	}
	for (i = 0; i < NR_EVENTS; i++)
		close(events[i]);
}
