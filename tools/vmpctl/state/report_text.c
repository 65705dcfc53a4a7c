// SPDX-License-Identifier: GPL-2.0-only
/*
 * A survey of a stream for eyes.
 */
#include <endian.h>
#include <inttypes.h>
#include <stdio.h>

#include "report.h"
#include "words.h"

#define LABEL "%-14s"

static void print_ids(const struct vmp_identity *identity)
{
	uint32_t class_revision = le32toh(identity->class_revision);

	printf(LABEL "%04x:%04x, subsystem %04x:%04x, class %06x, revision %02x\n",
	       "device", le16toh(identity->vendor), le16toh(identity->device),
	       le16toh(identity->subsystem_vendor),
	       le16toh(identity->subsystem_device), class_revision >> 8,
	       class_revision & 0xff);
}

static void print_capabilities(uint64_t capabilities)
{
	const char *comma = "";
	const char *name;
	unsigned int id;

	printf(LABEL, "capabilities");
	for (id = 0; id < 64; id++) {
		if (!(capabilities >> id & 1))
			continue;
		name = words_capability(id);
		if (name)
			printf("%s%s", comma, name);
		else
			printf("%sid %02x", comma, id);
		comma = ", ";
	}
	puts(*comma ? "" : "none");
}

static void print_bars(const struct vmp_identity *identity)
{
	char label[16];
	char size[32];
	uint8_t flags;
	int i;

	for (i = 0; i < VMP_NR_BARS; i++) {
		if (!identity->bar_bytes[i])
			continue;
		flags = identity->bar_flags[i];
		snprintf(label, sizeof(label), "BAR %d", i);
		printf(LABEL "%s%s%s%s\n", label,
		       words_bytes(le64toh(identity->bar_bytes[i]), size,
				   sizeof(size)),
		       flags & 1 ? " of I/O ports" : "",
		       flags & 4 ? ", 64 bit" : "",
		       flags & 8 ? ", prefetchable" : "");
	}
}

/* What is in a file need not be printable. */
static void print_name(const char *name, size_t size)
{
	size_t i;

	for (i = 0; i < size && name[i]; i++)
		putchar(name[i] > ' ' && name[i] <= '~' ? name[i] : '?');
}

static void print_identity(const struct vmp_identity *identity)
{
	printf(LABEL, "backend");
	print_name(identity->backend, sizeof(identity->backend));
	printf(", version %u, for version %u and newer\n",
	       le32toh(identity->backend_version),
	       le32toh(identity->backend_oldest_reader));
	print_ids(identity);
	printf(LABEL "%u MSI and %u MSI-X vectors\n", "interrupts",
	       le16toh(identity->nr_msi), le16toh(identity->nr_msix));
	print_capabilities(le64toh(identity->capabilities));
	print_bars(identity);
}

static void print_run(const struct survey_run *run, const char *checksum)
{
	char name[32];

	printf("%12" PRIu64 "  %-14s %9" PRIu64 " %12" PRIu64 "  %s%s\n",
	       run->offset, words_record(run->type, name, sizeof(name)),
	       run->count, run->bytes, checksum,
	       run->flags & VMP_RECORD_MANDATORY ? "" : ", optional");
}

static void print_damaged_record(const struct survey *survey)
{
	struct survey_run run = {
		.offset = survey->damage_offset,
		.type = survey->reader.type,
		.flags = survey->reader.flags,
		.count = 1,
		.bytes = survey->reader.length,
	};

	print_run(&run, survey->reader.part == VMP_STREAM_REFUSED ?
			"bad" : "cut off");
}

static void print_runs(const struct survey *survey)
{
	unsigned int i;

	if (!survey->has_header)
		return;
	printf("\n%12s  %-14s %9s %12s  %s\n", "offset", "record", "how often",
	       "bytes", "checksum");
	for (i = 0; i < survey->nr_runs; i++)
		print_run(&survey->runs[i], "good");
	if (survey->nr_runs_left_out)
		printf("%12s  and so on, %" PRIu64 " times another type\n", "",
		       survey->nr_runs_left_out);
	if (survey->is_in_record)
		print_damaged_record(survey);
}

static void print_verdict(const struct survey *survey, const char *path)
{
	if (survey->complaint)
		printf("%s%s %s, at byte %" PRIu64 ": it is of no use\n",
		       survey->has_header ? "\n" : "", path, survey->complaint,
		       survey->damage_offset);
	else
		printf("\n%s is whole: %" PRIu64 " bytes, %" PRIu64 " records\n",
		       path, survey->bytes, survey->nr_records);
}

void report_text(const struct survey *survey, const char *path)
{
	const struct vmp_stream_header *header = &survey->reader.header;

	if (survey->has_header)
		printf(LABEL "%u, for readers of version %u and newer\n",
		       "version", le16toh(header->version),
		       le16toh(header->oldest_reader));
	if (survey->has_identity)
		print_identity(&survey->identity);
	print_runs(survey);
	print_verdict(survey, path);
}
