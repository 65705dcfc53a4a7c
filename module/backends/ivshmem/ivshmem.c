// SPDX-License-Identifier: GPL-2.0-only
/*
 * Backend for QEMU's "ivshmem-plain": memory in BAR 2 that machines share, and
 * two registers. The memory may be large, so it is sent while the guest runs:
 * first all of it, then again and again what has changed.
 *
 * What has changed is found by comparing contents, as nothing else tells: the
 * guest writes the memory without us, and so may others whose it is, too.
 */

#include <linux/mm.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <vmp/backend.h>

#define REGISTERS_BAR 0
#define INTR_MASK 0x00
#define INTR_STATUS 0x04 /* cleared by reading */

#define MEMORY_BAR 2

/* What is compared, and sent if it differs. */
#define PIECE_BYTES 4096
/* Pieces that are looked at in one call, so that others have a turn. */
#define LOOK_PIECES 1024
#define RECORD_PIECES 16

enum record {
	REGISTERS,
	CONTENT,
	ZEROS,
	NR_RECORDS,
};

struct registers {
	__le32 intr_mask;
	__le32 intr_status;
};

/* Memory with something in it. */
struct content {
	__le64 offset;
	__u8 data[RECORD_PIECES * PIECE_BYTES];
};

/* Memory without: zero bytes of it if nothing was found in LOOK_PIECES. */
struct zeros {
	__le64 offset;
	__le64 bytes;
};

static_assert(sizeof(struct registers) == 8);
static_assert(offsetof(struct content, data) == 8);
static_assert(sizeof(struct zeros) == 16);

/**
 * struct ivshmem - what we know of one device
 * @bytes: size of the memory
 * @position: where this pass over the memory has come to
 * @key: of @sent, so that nobody can make contents that look the same
 * @sent: a hash of each piece as it was sent, or 0 if it was not; NULL if it
 *	is sent only once
 * @is_first: this pass is the first
 * @changed: bytes that were sent in this pass so far
 * @changed_before: bytes that were sent in the pass before
 * @is_saved: all is in the stream
 */
struct ivshmem {
	u64 bytes;
	u64 position;
	siphash_key_t key;
	u64 *sent;
	bool is_first;
	u64 changed;
	u64 changed_before;
	bool is_saved;
};

static void begin_pass(struct ivshmem *iv)
{
	iv->position = 0;
	iv->changed_before = iv->changed;
	iv->changed = 0;
}

/* The piece at @position, and whether it is to be sent. */
static bool look(struct vmp_device *dev, void *piece, size_t bytes, u64 *hash)
{
	struct ivshmem *iv = dev->priv;

	vmp_copy_from_bar(dev, MEMORY_BAR, iv->position, piece, bytes);
	if (!iv->sent)
		return true;

	*hash = siphash(piece, bytes, &iv->key) ?: 1;
	return iv->sent[iv->position / PIECE_BYTES] != *hash;
}

/*
 * The next part of this pass: pieces side by side that are all to be sent, and
 * all zeros or all not. Returns 0 at the end of the pass.
 */
static int next_part(struct vmp_device *dev, struct vmp_record *record)
{
	struct ivshmem *iv = dev->priv;
	struct content *content = record->data;
	struct zeros *zeros = record->data;
	u64 start = iv->position;
	u64 part_bytes = 0;
	unsigned int i;

	record->type = ZEROS;
	for (i = 0; i < LOOK_PIECES && iv->position < iv->bytes; i++) {
		size_t bytes = min_t(u64, PIECE_BYTES, iv->bytes - iv->position);
		bool is_content = record->type == CONTENT;
		u8 *piece = content->data + (is_content ? part_bytes : 0);
		bool is_changed, is_zero;
		u64 hash;

		if (is_content && part_bytes == sizeof(content->data))
			break;
		is_changed = look(dev, piece, bytes, &hash);
		is_zero = !memchr_inv(piece, 0, bytes);
		if (part_bytes && (!is_changed || is_zero == is_content))
			break;
		if (is_changed && !part_bytes) {
			start = iv->position;
			record->type = is_zero ? ZEROS : CONTENT;
		}
		if (is_changed) {
			part_bytes += bytes;
			if (iv->sent)
				iv->sent[iv->position / PIECE_BYTES] = hash;
		}
		iv->position += bytes;
	}
	if (!i)
		return 0;

	iv->changed += part_bytes;
	content->offset = cpu_to_le64(start);
	record->length = offsetof(struct content, data) + part_bytes;
	if (record->type == ZEROS) {
		zeros->bytes = cpu_to_le64(part_bytes);
		record->length = sizeof(*zeros);
	}
	return 1;
}

static int precopy_begin(struct vmp_device *dev)
{
	struct ivshmem *iv = dev->priv;

	get_random_bytes(&iv->key, sizeof(iv->key));
	iv->sent = vzalloc(array_size(DIV_ROUND_UP_ULL(iv->bytes, PIECE_BYTES),
				      sizeof(*iv->sent)));
	iv->is_first = true;
	begin_pass(iv);
	return iv->sent ? 0 : -ENOMEM;
}

static int precopy(struct vmp_device *dev, struct vmp_record *record)
{
	struct ivshmem *iv = dev->priv;

	if (next_part(dev, record))
		return 1;
	iv->is_first = false;
	begin_pass(iv);
	return 0;
}

static int save_begin(struct vmp_device *dev)
{
	struct ivshmem *iv = dev->priv;

	iv->is_saved = false;
	begin_pass(iv);
	return 0;
}

static int save(struct vmp_device *dev, struct vmp_record *record)
{
	struct ivshmem *iv = dev->priv;
	struct registers *registers = record->data;
	u32 status;

	if (next_part(dev, record))
		return 1;
	if (iv->is_saved)
		return 0;

	status = vmp_read32(dev, REGISTERS_BAR, INTR_STATUS);
	vmp_write32(dev, REGISTERS_BAR, INTR_STATUS, status);
	registers->intr_mask =
		cpu_to_le32(vmp_read32(dev, REGISTERS_BAR, INTR_MASK));
	registers->intr_status = cpu_to_le32(status);
	record->type = REGISTERS;
	record->length = sizeof(*registers);
	iv->is_saved = true;
	return 1;
}

static void save_end(struct vmp_device *dev)
{
	struct ivshmem *iv = dev->priv;

	vfree(iv->sent);
	iv->sent = NULL;
}

static void get_sizes(struct vmp_device *dev, struct vmp_sizes *sizes)
{
	struct ivshmem *iv = dev->priv;
	u64 changing = max(iv->changed, iv->changed_before);

	sizes->precopy_bytes = iv->is_first ? iv->bytes - iv->position : changing;
	sizes->stopped_bytes = sizeof(struct registers) +
			       (iv->sent && !iv->is_first ? changing : iv->bytes);
}

static int load_content(struct vmp_device *dev, const struct content *content, size_t bytes)
{
	struct ivshmem *iv = dev->priv;
	u64 offset = le64_to_cpu(content->offset);

	if (bytes > iv->bytes || offset > iv->bytes - bytes)
		return -EINVAL;
	vmp_copy_to_bar(dev, MEMORY_BAR, offset, content->data, bytes);
	return 0;
}

static int load_zeros(struct vmp_device *dev, const struct zeros *zeros)
{
	struct ivshmem *iv = dev->priv;
	u64 offset = le64_to_cpu(zeros->offset);
	u64 bytes = le64_to_cpu(zeros->bytes);

	if (bytes > iv->bytes || offset > iv->bytes - bytes ||
	    bytes > LOOK_PIECES * PIECE_BYTES)
		return -EINVAL;
	while (bytes) {
		size_t now = min_t(u64, bytes, PAGE_SIZE);

		vmp_copy_to_bar(dev, MEMORY_BAR, offset, page_address(ZERO_PAGE(0)), now);
		offset += now;
		bytes -= now;
	}
	return 0;
}

static int load(struct vmp_device *dev, const struct vmp_record *record)
{
	const struct registers *registers = record->data;

	if (record->type == CONTENT)
		return load_content(dev, record->data,
				    record->length - offsetof(struct content, data));
	if (record->type == ZEROS)
		return load_zeros(dev, record->data);
	vmp_write32(dev, REGISTERS_BAR, INTR_MASK, le32_to_cpu(registers->intr_mask));
	vmp_write32(dev, REGISTERS_BAR, INTR_STATUS, le32_to_cpu(registers->intr_status));
	return 0;
}

/* It does nothing by itself. Whoever else writes the memory is not ours to stop. */
static int quiesce(struct vmp_device *dev)
{
	return 0;
}

/*
 * The memory stays as it is: it has no content after power-on, since it belongs
 * to all that share it, who may be using it. A load writes all of it, so what
 * an aborted one left does not matter to the next.
 */
static int reset(struct vmp_device *dev)
{
	vmp_write32(dev, REGISTERS_BAR, INTR_MASK, 0);
	vmp_read32(dev, REGISTERS_BAR, INTR_STATUS);
	return 0;
}

static void was_reset(struct vmp_device *dev)
{
	struct ivshmem *iv = dev->priv;

	iv->bytes = vmp_bar_bytes(dev, MEMORY_BAR);
}

static int attach(struct vmp_device *dev)
{
	struct ivshmem *iv = kzalloc(sizeof(*iv), GFP_KERNEL);

	if (!iv)
		return -ENOMEM;
	iv->bytes = vmp_bar_bytes(dev, MEMORY_BAR);
	dev->priv = iv;
	return 0;
}

static void detach(struct vmp_device *dev)
{
	kfree(dev->priv);
}

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(0x1af4, 0x1110) },
	{}
};

static const struct vmp_record_type records[NR_RECORDS] = {
	[REGISTERS] = { sizeof(struct registers), sizeof(struct registers) },
	[CONTENT] = {
		.min_bytes = offsetof(struct content, data) + 1,
		.max_bytes = sizeof(struct content),
		.flags = VMP_RECORD_MANY | VMP_RECORD_OPTIONAL,
	},
	[ZEROS] = {
		.min_bytes = sizeof(struct zeros),
		.max_bytes = sizeof(struct zeros),
		.flags = VMP_RECORD_MANY | VMP_RECORD_OPTIONAL,
	},
};

static const struct vmp_backend ivshmem_backend = {
	.name = "ivshmem",
	.owner = THIS_MODULE,
	.ids = ids,
	.version = 1,
	.oldest_reader = 1,
	.oldest_readable = 1,
	.records = records,
	.nr_records = ARRAY_SIZE(records),
	.bars = BIT(REGISTERS_BAR) | BIT(MEMORY_BAR),
	.tracks_dirty = true,
	.attach = attach,
	.detach = detach,
	.quiesce = quiesce,
	.save_begin = save_begin,
	.save = save,
	.precopy_begin = precopy_begin,
	.precopy = precopy,
	.save_end = save_end,
	.get_sizes = get_sizes,
	.load = load,
	.reset = reset,
	.was_reset = was_reset,
};

module_vmp_backend(ivshmem_backend);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Migration of QEMU's device ivshmem-plain, for vfio-mdev-pci");
VMP_BACKEND_ALIAS("00001AF4", "00001110");
