/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stream that carries a device's state: its layout, a writer and a
 * reader. Pure C: the kernel module, vmpctl, unit tests and the fuzzer share
 * it. What the records mean to a device is the backends' business.
 *
 *	header, then records, the first IDENTITY, the last END:
 *
 *	+--------+----------+--------+-----+--------+-----+
 *	| header | IDENTITY | record | ... | record | END |
 *	+--------+----------+--------+-----+--------+-----+
 *	record:  type, flags, length, crc32c | payload
 *
 * All numbers are little-endian. Checksums are CRC-32C as RFC 3720 has it, so
 * zeros do not pass for a record. man/vfio-mdev-pci-stream.5 is the document.
 */
#ifndef VMP_MIGRATION_STREAM_H
#define VMP_MIGRATION_STREAM_H

#include <linux/types.h>
#ifdef __KERNEL__
#include <linux/build_bug.h>
#else
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#endif

#define VMP_STREAM_MAGIC "VMPSTATE"
#define VMP_STREAM_MAGIC_BYTES 8
/* What this writer writes, and the oldest reader that understands it. */
#define VMP_STREAM_VERSION 1
#define VMP_STREAM_OLDEST_READER 1

/* Payload of one record at most; checked before anything is stored. */
#define VMP_STREAM_RECORD_MAX_BYTES (1024 * 1024)

/**
 * struct vmp_stream_header - how a stream begins
 * @magic: VMP_STREAM_MAGIC, without its NUL
 * @version: version of the format that the writer wrote
 * @oldest_reader: the oldest version whose readers can read it
 * @header_bytes: size of this header
 * @flags: none yet, zero
 * @reserved: zero
 * @crc32c: of the fields above
 *
 * These 32 bytes are the same in every version.
 */
struct vmp_stream_header {
	__u8 magic[VMP_STREAM_MAGIC_BYTES];
	__le16 version;
	__le16 oldest_reader;
	__le32 header_bytes;
	__le32 flags;
	__le32 reserved[2];
	__le32 crc32c;
};

static_assert(sizeof(struct vmp_stream_header) == 32, "a wire format");

/* A reader that does not know the record's type must refuse the stream. */
#define VMP_RECORD_MANDATORY 0x1

/**
 * enum vmp_stream_type - what a record holds
 * @VMP_RECORD_IDENTITY: &struct vmp_identity, first and once
 * @VMP_RECORD_CONFIG: config space that a VMM does not restore
 * @VMP_RECORD_END: &struct vmp_stream_end, last and once
 * @VMP_RECORD_BACKEND: the first of the numbers that backends give
 */
enum vmp_stream_type {
	VMP_RECORD_IDENTITY = 1,
	VMP_RECORD_CONFIG = 2,
	VMP_RECORD_END = 3,
	VMP_RECORD_BACKEND = 0x100,
};

/**
 * struct vmp_record_header - what precedes each record's payload
 * @type: &enum vmp_stream_type, or a backend's
 * @flags: VMP_RECORD_MANDATORY
 * @length: bytes of payload, at most VMP_STREAM_RECORD_MAX_BYTES
 * @crc32c: of the three fields above and the payload
 */
struct vmp_record_header {
	__le32 type;
	__le32 flags;
	__le32 length;
	__le32 crc32c;
};

static_assert(sizeof(struct vmp_record_header) == 16, "a wire format");

#define VMP_BACKEND_NAME_BYTES 16
#define VMP_NR_BARS 6

/**
 * struct vmp_identity - from what device a stream comes
 * @backend: name of the backend, filled up with NULs, at least one
 * @backend_version: version of what the backend wrote
 * @backend_oldest_reader: the oldest version of the backend that can read it
 * @vendor: PCI vendor id
 * @device: PCI device id
 * @subsystem_vendor: PCI subsystem vendor id
 * @subsystem_device: PCI subsystem id
 * @class_revision: class code, and the revision in the lowest byte
 * @nr_msi: MSI vectors that the function has
 * @nr_msix: MSI-X vectors that the function has
 * @capabilities: a bit for each id of the capabilities it has, below 64
 * @bar_bytes: size of each BAR, zero for none
 * @bar_flags: the low four bits of each BAR's register: I/O, 64 bit,
 *	prefetchable
 * @reserved: zero
 */
struct vmp_identity {
	char backend[VMP_BACKEND_NAME_BYTES];
	__le32 backend_version;
	__le32 backend_oldest_reader;
	__le16 vendor;
	__le16 device;
	__le16 subsystem_vendor;
	__le16 subsystem_device;
	__le32 class_revision;
	__le16 nr_msi;
	__le16 nr_msix;
	__le64 capabilities;
	__le64 bar_bytes[VMP_NR_BARS];
	__u8 bar_flags[VMP_NR_BARS];
	__u8 reserved[26];
};

static_assert(sizeof(struct vmp_identity) == 128, "a wire format");

/**
 * struct vmp_stream_end - how a stream ends
 * @nr_records: records before this one
 * @bytes: bytes of the stream before this record
 * @digest: crc32c of the crc32c fields of the header and of those records, in
 *	their order; finds records that were lost, repeated or put in another
 *	order
 * @reserved: zero
 *
 * A digest of all bytes would do that worse: a CRC is blind to what is followed
 * by its own CRC, as records without a payload are, and costs a second pass.
 */
struct vmp_stream_end {
	__le64 nr_records;
	__le64 bytes;
	__le32 digest;
	__le32 reserved;
};

static_assert(sizeof(struct vmp_stream_end) == 24, "a wire format");

/**
 * struct vmp_stream_writer - what a writer keeps between records
 * @nr_records: records written
 * @bytes: bytes written
 * @digest: crc32c of their crc32c fields, not yet inverted
 */
struct vmp_stream_writer {
	__u64 nr_records;
	__u64 bytes;
	__u32 digest;
};

/**
 * vmp_stream_begin() - write the header
 * @writer: writer to begin with
 * @buffer: gets the header, of sizeof(struct vmp_stream_header) bytes
 *
 * Context: Any.
 * Return: bytes written.
 */
size_t vmp_stream_begin(struct vmp_stream_writer *writer, void *buffer);

/**
 * vmp_stream_seal() - write the header of a record whose payload is in place
 * @writer: writer that has begun
 * @buffer: sizeof(struct vmp_record_header) bytes of room, then the payload
 * @type: the record's type
 * @flags: VMP_RECORD_MANDATORY or 0
 * @length: bytes of payload, at most VMP_STREAM_RECORD_MAX_BYTES
 *
 * Context: Any.
 * Return: bytes of the record with its header.
 */
size_t vmp_stream_seal(struct vmp_stream_writer *writer, void *buffer,
		       __u32 type, __u32 flags, size_t length);

/* Bytes that vmp_stream_finish() writes. */
#define VMP_STREAM_END_BYTES \
	(sizeof(struct vmp_record_header) + sizeof(struct vmp_stream_end))

/**
 * vmp_stream_finish() - write the END record
 * @writer: writer that has begun; not to be used again
 * @buffer: VMP_STREAM_END_BYTES of room
 *
 * Context: Any.
 * Return: bytes written.
 */
size_t vmp_stream_finish(struct vmp_stream_writer *writer, void *buffer);

/**
 * enum vmp_stream_part - what a reader waits for
 * @VMP_STREAM_HEADER: the rest of the stream's header
 * @VMP_STREAM_RECORD: the rest of a record's header
 * @VMP_STREAM_PAYLOAD: the rest of a record's payload
 * @VMP_STREAM_ENDED: nothing, the stream is complete
 * @VMP_STREAM_REFUSED: nothing, the stream is bad
 */
enum vmp_stream_part {
	VMP_STREAM_HEADER,
	VMP_STREAM_RECORD,
	VMP_STREAM_PAYLOAD,
	VMP_STREAM_ENDED,
	VMP_STREAM_REFUSED,
};

/**
 * struct vmp_stream_reader - what a reader keeps between pieces
 * @payload: room for a record's payload; the caller's
 * @capacity: bytes of @payload; larger records are refused
 * @part: what is read now
 * @have: bytes of that part that are there
 * @header: the stream's header, as far as it is there
 * @record: the current record's header, as far as it is there
 * @type: type of the record that is complete
 * @flags: its flags
 * @length: bytes of its payload
 * @crc: crc32c of the current record as far as it is there, not yet inverted
 * @nr_records: records that are complete
 * @bytes: bytes of the stream up to the current record
 * @digest: crc32c of their crc32c fields, not yet inverted
 * @complaint: why the stream was refused, a sentence without its subject
 */
struct vmp_stream_reader {
	void *payload;
	size_t capacity;
	enum vmp_stream_part part;
	size_t have;
	struct vmp_stream_header header;
	struct vmp_record_header record;
	__u32 type;
	__u32 flags;
	size_t length;
	__u32 crc;
	__u64 nr_records;
	__u64 bytes;
	__u32 digest;
	const char *complaint;
};

/**
 * vmp_stream_reader_init() - begin to read
 * @reader: reader to begin with
 * @payload: room for the payload of a record, the caller's
 * @capacity: bytes of @payload
 *
 * Context: Any.
 */
void vmp_stream_reader_init(struct vmp_stream_reader *reader, void *payload,
			    size_t capacity);

/**
 * vmp_stream_feed() - read on, at most to the end of a record
 * @reader: reader that has begun
 * @data: the stream's next bytes, cut anywhere
 * @length: how many
 * @used: gets how many were taken; less than @length only if a record is
 *	complete or the stream is refused
 *
 * When a record is complete, the reader has its type, flags, length and
 * payload until the next call. Its checksum is right; IDENTITY came first and
 * once, and is a &struct vmp_identity; an END record was as it should be. What
 * else a payload says is for the caller to check, and whether a record that it
 * does not know is VMP_RECORD_MANDATORY. A stream is whole only if @reader's
 * part is VMP_STREAM_ENDED when there are no more bytes.
 *
 * Context: Any; takes no lock.
 * Return: 1 if a record is complete; 0 if more bytes are needed; -EBADMSG if
 *	the stream is damaged; -EPROTONOSUPPORT if it is of a version that this
 *	reader does not know; -EMSGSIZE if a record is larger than the
 *	capacity; -EINVAL for bytes behind the end. After an error it stays
 *	refused, with the same answer -EBADMSG to everything.
 */
int vmp_stream_feed(struct vmp_stream_reader *reader, const void *data,
		    size_t length, size_t *used);

/**
 * vmp_identity_mismatch() - can the state of one device go to another?
 * @theirs: identity in the stream
 * @ours: identity of the device that shall get it
 * @oldest_readable: the oldest version that our backend can read
 *
 * Context: Any.
 * Return: NULL if it can; else what differs, a noun for a message.
 */
const char *vmp_identity_mismatch(const struct vmp_identity *theirs,
				  const struct vmp_identity *ours,
				  __u32 oldest_readable);

#endif /* VMP_MIGRATION_STREAM_H */
