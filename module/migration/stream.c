// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stream that carries a device's state: a writer and a reader. Pure C,
 * for the kernel module and user space alike.
 */

#include "stream.h"
#include "stream_env.h"

/* Bytes that are before a crc32c, and covered by it. */
#define HEADER_HEAD offsetof(struct vmp_stream_header, crc32c)
#define RECORD_HEAD offsetof(struct vmp_record_header, crc32c)

/* CRC-32C begins with all ones, and is inverted in the end (RFC 3720, B.4). */
#define CRC_BEGIN (~(__u32)0)

static __le32 crc_end(__u32 crc)
{
	return cpu_to_le32(~crc);
}

static __u32 digest_crc(__u32 digest, __le32 crc)
{
	return vmp_crc32c(digest, &crc, sizeof(crc));
}

static __le32 header_crc(const struct vmp_stream_header *header)
{
	return crc_end(vmp_crc32c(CRC_BEGIN, header, HEADER_HEAD));
}

size_t vmp_stream_begin(struct vmp_stream_writer *writer, void *buffer)
{
	struct vmp_stream_header header = {
		.version = cpu_to_le16(VMP_STREAM_VERSION),
		.oldest_reader = cpu_to_le16(VMP_STREAM_OLDEST_READER),
		.header_bytes = cpu_to_le32(sizeof(header)),
	};

	memcpy(header.magic, VMP_STREAM_MAGIC, VMP_STREAM_MAGIC_BYTES);
	header.crc32c = header_crc(&header);
	memcpy(buffer, &header, sizeof(header));

	writer->nr_records = 0;
	writer->bytes = sizeof(header);
	writer->digest = digest_crc(CRC_BEGIN, header.crc32c);
	return sizeof(header);
}

size_t vmp_stream_seal(struct vmp_stream_writer *writer, void *buffer,
		       __u32 type, __u32 flags, size_t length)
{
	struct vmp_record_header record = {
		.type = cpu_to_le32(type),
		.flags = cpu_to_le32(flags),
		.length = cpu_to_le32(length),
	};
	__u32 crc = vmp_crc32c(CRC_BEGIN, &record, RECORD_HEAD);

	record.crc32c = crc_end(vmp_crc32c(crc, buffer + sizeof(record),
					   length));
	memcpy(buffer, &record, sizeof(record));

	writer->nr_records++;
	writer->bytes += sizeof(record) + length;
	writer->digest = digest_crc(writer->digest, record.crc32c);
	return sizeof(record) + length;
}

size_t vmp_stream_finish(struct vmp_stream_writer *writer, void *buffer)
{
	struct vmp_stream_end end = {
		.nr_records = cpu_to_le64(writer->nr_records),
		.bytes = cpu_to_le64(writer->bytes),
		.digest = crc_end(writer->digest),
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
	const struct vmp_stream_header *header = &reader->header;

	if (memcmp(header->magic, VMP_STREAM_MAGIC, VMP_STREAM_MAGIC_BYTES))
		return refuse(reader, -EBADMSG, "does not begin as a stream does");
	if (header->crc32c != header_crc(header))
		return refuse(reader, -EBADMSG, "has a damaged header");
	if (le16_to_cpu(header->oldest_reader) > VMP_STREAM_VERSION ||
	    le16_to_cpu(header->version) < le16_to_cpu(header->oldest_reader) ||
	    !header->oldest_reader)
		return refuse(reader, -EPROTONOSUPPORT,
			      "is of a version that is not known here");
	if (le32_to_cpu(header->header_bytes) != sizeof(*header) ||
	    header->flags || header->reserved[0] || header->reserved[1])
		return refuse(reader, -EPROTONOSUPPORT,
			      "has a header with unknown fields");

	reader->bytes = sizeof(*header);
	reader->digest = digest_crc(CRC_BEGIN, header->crc32c);
	expect(reader, VMP_STREAM_RECORD);
	return 0;
}

/* Before a byte of the payload is taken; the rest waits for the checksum. */
static int check_record(struct vmp_stream_reader *reader)
{
	reader->type = le32_to_cpu(reader->record.type);
	reader->flags = le32_to_cpu(reader->record.flags);
	reader->length = le32_to_cpu(reader->record.length);
	if (reader->length > reader->capacity ||
	    reader->length > VMP_STREAM_RECORD_MAX_BYTES)
		return refuse(reader, -EMSGSIZE, "has a record that is too large");

	reader->crc = vmp_crc32c(CRC_BEGIN, &reader->record, RECORD_HEAD);
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
	    end.digest != crc_end(reader->digest) || end.reserved)
		return refuse(reader, -EBADMSG,
			      "ends with a digest that does not match");

	expect(reader, VMP_STREAM_ENDED);
	return 0;
}

static int check_payload(struct vmp_stream_reader *reader)
{
	bool is_identity = reader->type == VMP_RECORD_IDENTITY;
	bool is_first = !reader->nr_records;

	if (reader->record.crc32c != crc_end(reader->crc))
		return refuse(reader, -EBADMSG, "has a damaged record");
	if (reader->flags & ~VMP_RECORD_MANDATORY)
		return refuse(reader, -EBADMSG, "has a record with unknown flags");
	if (is_first != is_identity)
		return refuse(reader, -EBADMSG,
			      "does not say first, and once, whose state it is");
	if (is_identity && reader->length != sizeof(struct vmp_identity))
		return refuse(reader, -EBADMSG,
			      "has an identity of a wrong size");

	expect(reader, VMP_STREAM_RECORD);
	if (reader->type == VMP_RECORD_END && check_end(reader))
		return -EBADMSG;

	reader->nr_records++;
	reader->bytes += sizeof(reader->record) + reader->length;
	reader->digest = digest_crc(reader->digest, reader->record.crc32c);
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
	/* Either may be NULL then. */
	if (!length)
		return;

	memcpy(into + reader->have, data, length);
	reader->have += length;
	if (reader->part == VMP_STREAM_PAYLOAD)
		reader->crc = vmp_crc32c(reader->crc, data, length);
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
		take(reader, part.into, bytes ? data + *used : NULL, bytes);
		*used += bytes;
		if (reader->have < part.bytes)
			return 0;
		ret = part.check(reader);
	}
	return ret;
}

/* Each goes up to the next; those without a name need not be equal. */
static const struct {
	size_t offset;
	const char *name;
} identity_fields[] = {
	{ offsetof(struct vmp_identity, backend), "the backend" },
	{ offsetof(struct vmp_identity, backend_version), NULL },
	{ offsetof(struct vmp_identity, vendor), "the vendor id" },
	{ offsetof(struct vmp_identity, device), "the device id" },
	{ offsetof(struct vmp_identity, subsystem_vendor),
	  "the subsystem vendor id" },
	{ offsetof(struct vmp_identity, subsystem_device), "the subsystem id" },
	{ offsetof(struct vmp_identity, class_revision),
	  "the class or revision" },
	{ offsetof(struct vmp_identity, nr_msi), "the number of MSI vectors" },
	{ offsetof(struct vmp_identity, nr_msix),
	  "the number of MSI-X vectors" },
	{ offsetof(struct vmp_identity, capabilities),
	  "the set of capabilities" },
	{ offsetof(struct vmp_identity, bar_bytes), "the size of a BAR" },
	{ offsetof(struct vmp_identity, bar_flags), "the type of a BAR" },
	{ offsetof(struct vmp_identity, reserved),
	  "a field that is not known here" },
	{ sizeof(struct vmp_identity), NULL },
};

static const char *first_difference(const void *theirs, const void *ours)
{
	size_t offset;
	size_t bytes;
	int i;

	for (i = 0; identity_fields[i].offset < sizeof(struct vmp_identity);
	     i++) {
		offset = identity_fields[i].offset;
		bytes = identity_fields[i + 1].offset - offset;
		if (identity_fields[i].name &&
		    memcmp(theirs + offset, ours + offset, bytes))
			return identity_fields[i].name;
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
