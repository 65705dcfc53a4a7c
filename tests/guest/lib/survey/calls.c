// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each call of VFIO's on a device, and the numbers beside, with arguments that
 * are malformed in the same ways. Those with a file of their own are in
 * irq_calls.c, event_calls.c and features.c, too.
 */
#include <errno.h>
#include <string.h>

#include "survey/subjects.h"
#include "survey/unreadable.h"

#define ROOM_BYTES 512

/* How much of an answer is noted. */
#define NOTED_BYTES 64

/* The calls that <linux/vfio.h> numbers from VFIO_BASE, and some beyond. */
#define NR_NUMBERS 40

/* Calls of a device, by number: their name, and the size they ask for. */
static const struct {
	const char *name;
	unsigned int exact;
} calls[NR_NUMBERS] = {
	[7] = { "GET_INFO", 16 },
	[8] = { "GET_REGION_INFO", 32 },
	[9] = { "GET_IRQ_INFO", 16 },
	[10] = { "SET_IRQS", 20 },
	[12] = { "GET_PCI_HOT_RESET_INFO", 12 },
	[13] = { "PCI_HOT_RESET", 12 },
	[14] = { "QUERY_GFX_PLANE", 64 },
	[15] = { "GET_GFX_DMABUF", 4 },
	[16] = { "IOEVENTFD", 32 },
	[17] = { "FEATURE", 8 },
	[18] = { "BIND_IOMMUFD", 16 },
	[19] = { "ATTACH_IOMMUFD_PT", 12 },
	[20] = { "DETACH_IOMMUFD_PT", 8 },
};

/* It has no argument and takes its time; it is in resets.c. */
#define NUMBER_OF_RESET 11

#define ARGSZ_EXACT 0x1000000

static const struct {
	const char *name;
	uint32_t argsz;		/* or added to the exact size */
	uint32_t flags;
	uint32_t third;		/* an index, as often as not */
} shapes[] = {
	{ "argsz 0", 0, 0, 0 },
	{ "argsz 1", 1, 0, 0 },
	{ "argsz 8", 8, 0, 0 },
	{ "argsz one too small", ARGSZ_EXACT - 1, 0, 0 },
	{ "exact argsz", ARGSZ_EXACT, 0, 0 },
	{ "argsz one too large", ARGSZ_EXACT + 1, 0, 0 },
	{ "argsz with room", ROOM_BYTES, 0, 0 },
	{ "argsz 2^31", 0x80000000, 0, 0 },
	{ "argsz all ones", 0xffffffff, 0, 0 },
	{ "all flags", ARGSZ_EXACT, 0xffffffff, 0 },
	{ "flag 31", ARGSZ_EXACT, 0x80000000, 0 },
	{ "index 1", ARGSZ_EXACT, 0, 1 },
	{ "index 100", ARGSZ_EXACT, 0, 100 },
	{ "index 2^31", ARGSZ_EXACT, 0, 0x80000000 },
	{ "index all ones", ARGSZ_EXACT, 0, 0xffffffff },
	{ "all flags and index all ones", ROOM_BYTES, 0xffffffff, 0xffffffff },
};

static const char *call_name(unsigned int number)
{
	return calls[number].name ? calls[number].name : "no call of a device";
}

static void note_shape(struct survey *survey, unsigned int number,
		       unsigned int shape)
{
	uint32_t argument[ROOM_BYTES / 4] = { 0 };
	uint32_t argsz = shapes[shape].argsz;
	unsigned int exact = calls[number].exact ? calls[number].exact : 16;
	long ret;

	if (argsz >= ARGSZ_EXACT - 1 && argsz <= ARGSZ_EXACT + 1)
		argsz += exact - ARGSZ_EXACT;
	argument[0] = argsz;
	argument[1] = shapes[shape].flags;
	argument[2] = shapes[shape].third;
	ret = survey_ioctl(survey, _IO(VFIO_TYPE, VFIO_BASE + number),
			   argument);
	survey_note_answer(survey, ret, argument, NOTED_BYTES, SURVEY_CALL
			   "%u (%s), %s", number, call_name(number),
			   shapes[shape].name);
}

static void note_bad_pointers(struct survey *survey, unsigned int number)
{
	unsigned int exact = calls[number].exact ? calls[number].exact : 16;
	unsigned long request = _IO(VFIO_TYPE, VFIO_BASE + number);
	char *bad = unreadable_page();
	uint32_t argsz = exact;
	char *across = bad - 4;

	survey_note_result(survey, survey_ioctl(survey, request, NULL),
			   SURVEY_CALL "%u (%s), NULL", number,
			   call_name(number));
	survey_note_result(survey, survey_ioctl(survey, request, bad),
			   SURVEY_CALL "%u (%s), unreadable", number,
			   call_name(number));
	survey_note_result(survey, survey_ioctl(survey, request, (void *)-1L),
			   SURVEY_CALL "%u (%s), a kernel's address", number,
			   call_name(number));
	memcpy(across, &argsz, sizeof(argsz));
	survey_note_result(survey, survey_ioctl(survey, request, across),
			   SURVEY_CALL "%u (%s), only argsz readable", number,
			   call_name(number));
}

/* The same numbers with a direction or size encoded, and other drivers'. */
static void note_neighbours(struct survey *survey, unsigned int number)
{
	uint32_t argument[ROOM_BYTES / 4] = { 16 };

	survey_note_result(survey,
			   survey_ioctl(survey,
					_IOWR(VFIO_TYPE, VFIO_BASE + number,
					      uint64_t), argument),
			   SURVEY_CALL "%u with a size in its number", number);
	survey_note_result(survey,
			   survey_ioctl(survey, _IO('V', VFIO_BASE + number),
					argument),
			   SURVEY_CALL "%u of another type", number);
}

void survey_calls(struct survey *survey)
{
	unsigned int number;
	unsigned int shape;

	for (number = 0; number < NR_NUMBERS; number++) {
		note_neighbours(survey, number);
		if (number == NUMBER_OF_RESET)
			continue;
		note_bad_pointers(survey, number);
		for (shape = 0; shape < sizeof(shapes) / sizeof(shapes[0]);
		     shape++)
			note_shape(survey, number, shape);
	}
}
