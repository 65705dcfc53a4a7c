// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stream that carries a device's state: a writer and a reader. Pure C,
 * for the kernel module and user space alike.
 */

#include "stream.h"
#include "stream_env.h"

#define RECORD_HEAD offsetof(struct vmp_record_header, crc32c)

static void account(struct vmp_stream_writer *writer, const void *data,
		    size_t length)
{
	writer->digest = vmp_crc32c(writer->digest, data, length);
	writer->bytes += length;
}

size_t vmp_stream_begin(struct vmp_stream_writer *writer, void *buffer)
{
	struct vmp_stream_header header = {
		.version = cpu_to_le16(VMP_STREAM_VERSION),
		.oldest_reader = cpu_to_le16(VMP_STREAM_OLDEST_READER),
		.header_bytes = cpu_to_le32(sizeof(header)),
	};

	memcpy(header.magic, VMP_STREAM_MAGIC, VMP_STREAM_MAGIC_BYTES);
	header.crc32c = cpu_to_le32(vmp_crc32c(0, &header, sizeof(header)));
	memcpy(buffer, &header, sizeof(header));

	memset(writer, 0, sizeof(*writer));
	account(writer, buffer, sizeof(header));
	return sizeof(header);
}

static __u32 record_crc(const struct vmp_record_header *record,
			const void *payload, size_t length)
{
	return vmp_crc32c(vmp_crc32c(0, record, RECORD_HEAD), payload, length);
}

size_t vmp_stream_seal(struct vmp_stream_writer *writer, void *buffer,
		       __u32 type, __u32 flags, size_t length)
{
	struct vmp_record_header record = {
		.type = cpu_to_le32(type),
		.flags = cpu_to_le32(flags),
		.length = cpu_to_le32(length),
	};

	record.crc32c = cpu_to_le32(record_crc(&record, buffer + sizeof(record),
					       length));
	memcpy(buffer, &record, sizeof(record));
	account(writer, buffer, sizeof(record) + length);
	writer->nr_records++;
	return sizeof(record) + length;
}

size_t vmp_stream_finish(struct vmp_stream_writer *writer, void *buffer)
{
	struct vmp_stream_end end = {
		.nr_records = cpu_to_le64(writer->nr_records),
		.bytes = cpu_to_le64(writer->bytes),
		.digest = cpu_to_le32(writer->digest),
	};

	memcpy(buffer + sizeof(struct vmp_record_header), &end, sizeof(end));
	return vmp_stream_seal(writer, buffer, VMP_RECORD_END,
			       VMP_RECORD_MANDATORY, sizeof(end));
}

void vmp_stream_reader_init(struct vmp_stream_reader *reader, void *payload,
			    size_t capacity)
{
	memset(reader, 0, sizeof(*reader));
	reader->payload = payload;
	reader->capacity = capacity;
}

static int refuse(struct vmp_stream_reader *reader, int error,
		  const char *complaint)
{
	reader->part = VMP_STREAM_REFUSED;
	reader->complaint = complaint;
	return error;
}

static void expect(struct vmp_stream_reader *reader, enum vmp_stream_part part)
{
	reader->part = part;
	reader->have = 0;
}

static int check_header(struct vmp_stream_reader *reader)
{
	struct vmp_stream_header copy = reader->header;

	copy.crc32c = 0;
	if (memcmp(copy.magic, VMP_STREAM_MAGIC, VMP_STREAM_MAGIC_BYTES))
		return refuse(reader, -EBADMSG, "does not begin as a stream does");
	if (le32_to_cpu(reader->header.crc32c) !=
	    vmp_crc32c(0, &copy, sizeof(copy)))
		return refuse(reader, -EBADMSG, "has a damaged header");
	if (le16_to_cpu(copy.oldest_reader) > VMP_STREAM_VERSION ||
	    le16_to_cpu(copy.version) < le16_to_cpu(copy.oldest_reader) ||
	    !copy.oldest_reader)
		return refuse(reader, -EPROTONOSUPPORT,
			      "is of a version that is not known here");
	if (le32_to_cpu(copy.header_bytes) != sizeof(copy) || copy.flags ||
	    copy.reserved[0] || copy.reserved[1])
		return refuse(reader, -EPROTONOSUPPORT,
			      "has a header with unknown fields");

	reader->digest = vmp_crc32c(0, &reader->header, sizeof(copy));
	reader->record_digest = reader->digest;
	reader->bytes = sizeof(copy);
	expect(reader, VMP_STREAM_RECORD);
	return 0;
}

/* Before a byte of the payload is taken. */
static int check_record(struct vmp_stream_reader *reader)
{
	bool is_first = !reader->nr_records;

	reader->type = le32_to_cpu(reader->record.type);
	reader->flags = le32_to_cpu(reader->record.flags);
	reader->length = le32_to_cpu(reader->record.length);
	if (reader->length > reader->capacity ||
	    reader->length > VMP_STREAM_RECORD_MAX_BYTES)
		return refuse(reader, -EMSGSIZE, "has a record that is too large");
	if (is_first != (reader->type == VMP_RECORD_IDENTITY))
		return refuse(reader, -EBADMSG,
			      "does not say first, and once, whose state it is");
	if (reader->flags & ~VMP_RECORD_MANDATORY)
		return refuse(reader, -EBADMSG, "has a record with unknown flags");

	reader->crc = vmp_crc32c(0, &reader->record, RECORD_HEAD);
	reader->record_digest = vmp_crc32c(reader->digest, &reader->record,
					   sizeof(reader->record));
	expect(reader, VMP_STREAM_PAYLOAD);
	return 0;
}

static int check_end(struct vmp_stream_reader *reader)
{
	struct vmp_stream_end end;

	if (reader->length != sizeof(end))
		return refuse(reader, -EBADMSG, "has an end of a wrong size");

	memcpy(&end, reader->payload, sizeof(end));
	if (le64_to_cpu(end.nr_records) != reader->nr_records ||
	    le64_to_cpu(end.bytes) != reader->bytes ||
	    le32_to_cpu(end.digest) != reader->digest || end.reserved)
		return refuse(reader, -EBADMSG,
			      "ends with a digest that does not match");

	expect(reader, VMP_STREAM_ENDED);
	return 0;
}

static int check_payload(struct vmp_stream_reader *reader)
{
	if (le32_to_cpu(reader->record.crc32c) != reader->crc)
		return refuse(reader, -EBADMSG, "has a damaged record");

	expect(reader, VMP_STREAM_RECORD);
	if (reader->type == VMP_RECORD_END && check_end(reader))
		return -EBADMSG;

	reader->nr_records++;
	reader->bytes += sizeof(reader->record) + reader->length;
	reader->digest = reader->record_digest;
	return 1;
}

/**
 * struct part - how one part of the stream is read
 * @into: where its bytes go
 * @bytes: how many it has
 * @check: called when all are there; 0, 1 for a complete record, or a -errno
 */
struct part {
	void *into;
	size_t bytes;
	int (*check)(struct vmp_stream_reader *reader);
};

static struct part current_part(struct vmp_stream_reader *reader)
{
	switch (reader->part) {
	case VMP_STREAM_HEADER:
		return (struct part) {
			&reader->header, sizeof(reader->header), check_header
		};
	case VMP_STREAM_RECORD:
		return (struct part) {
			&reader->record, sizeof(reader->record), check_record
		};
	default:
		return (struct part) {
			reader->payload, reader->length, check_payload
		};
	}
}

static void take(struct vmp_stream_reader *reader, void *into, const void *data,
		 size_t length)
{
	memcpy(into + reader->have, data, length);
	reader->have += length;
	if (reader->part != VMP_STREAM_PAYLOAD)
		return;

	reader->crc = vmp_crc32c(reader->crc, data, length);
	reader->record_digest = vmp_crc32c(reader->record_digest, data, length);
}

int vmp_stream_feed(struct vmp_stream_reader *reader, const void *data,
		    size_t length, size_t *used)
{
	int ret = 0;

	*used = 0;
	if (reader->part == VMP_STREAM_REFUSED)
		return -EBADMSG;
	if (reader->part == VMP_STREAM_ENDED && length)
		return refuse(reader, -EINVAL, "goes on behind its end");

	while (!ret && reader->part != VMP_STREAM_ENDED) {
		struct part part = current_part(reader);
		size_t bytes = part.bytes - reader->have;

		if (bytes > length - *used)
			bytes = length - *used;
		take(reader, part.into, data + *used, bytes);
		*used += bytes;
		if (reader->have < part.bytes)
			return 0;
		ret = part.check(reader);
	}
	return ret;
}

static const char *first_difference(const struct vmp_identity *theirs,
				    const struct vmp_identity *ours)
{
	static const struct {
		const char *name;
		size_t offset;
		size_t bytes;
	} fields[] = {
#define FIELD(_name, _field) {						\
	.name = _name,							\
	.offset = offsetof(struct vmp_identity, _field),		\
	.bytes = sizeof(((struct vmp_identity *)0)->_field),		\
}
		FIELD("the backend", backend),
		FIELD("the vendor id", vendor),
		FIELD("the device id", device),
		FIELD("the subsystem vendor id", subsystem_vendor),
		FIELD("the subsystem id", subsystem_device),
		FIELD("the class or revision", class_revision),
		FIELD("the number of MSI vectors", nr_msi),
		FIELD("the number of MSI-X vectors", nr_msix),
		FIELD("the set of capabilities", capabilities),
		FIELD("the size of a BAR", bar_bytes),
		FIELD("the type of a BAR", bar_flags),
		FIELD("a field that is not known here", reserved),
#undef FIELD
	};
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (memcmp((const char *)theirs + fields[i].offset,
			   (const char *)ours + fields[i].offset,
			   fields[i].bytes))
			return fields[i].name;
	}
	return NULL;
}

const char *vmp_identity_mismatch(const struct vmp_identity *theirs,
				  const struct vmp_identity *ours,
				  __u32 oldest_readable)
{
	const char *difference = first_difference(theirs, ours);
	__u32 version = le32_to_cpu(theirs->backend_version);

	if (difference)
		return difference;
	if (version < oldest_readable ||
	    le32_to_cpu(theirs->backend_oldest_reader) >
	    le32_to_cpu(ours->backend_version) ||
	    version < le32_to_cpu(theirs->backend_oldest_reader))
		return "the version of the backend";
	return NULL;
}
