// SPDX-License-Identifier: GPL-2.0-only
/*
 * Backend for QEMU's "ivshmem-plain": memory in BAR 2, which several machines
 * share, and two registers. The memory may be large, so it is sent while the
 * guest runs: first all of it, then again and again what differs from what was
 * sent. Nothing but a comparison can tell: the guest writes it without us, and
 * so may others, in other machines.
 */

#include <linux/mm.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <vmp/backend.h>

#define REGISTERS_BAR 0
#define INTR_MASK 0x00
#define INTR_STATUS 0x04 /* cleared by reading */
#define MEMORY_BAR 2

#define PIECE_BYTES 4096 /* is compared, and sent if it differs */
#define CALL_PIECES 1024 /* are looked at in one call; then others have a turn */
#define RECORD_PIECES 16 /* with content that fit in a record */

enum record_type { MEMORY, REGISTERS };

struct memory {
	__le64 offset;
	__le64 bytes;
	__u8 content[RECORD_PIECES * PIECE_BYTES]; /* or none: zeros */
};

struct registers {
	__le32 intr_mask;
	__le32 intr_status;
};

#define HEAD_BYTES offsetof(struct memory, content)

static_assert(HEAD_BYTES == 16);
static_assert(sizeof(struct registers) == 8);

struct ivshmem {
	u64 position; /* where in the memory this pass is */
	u64 sent_bytes; /* in this pass */
	u64 sent_before_bytes; /* in the pass before */
	bool is_first; /* this is the first pass */
	u64 *sent; /* hash of each piece as it was sent; 0 if it was not */
	siphash_key_t key; /* so that nobody can make contents with one hash */
};

static void begin_pass(struct ivshmem *iv)
{
	iv->position = 0;
	iv->sent_before_bytes = iv->sent_bytes;
	iv->sent_bytes = 0;
}

/* The next part of this pass: neighbours that differ, all zeros or none of them. */
static int next_part(struct vmp_device *dev, struct vmp_record *record)
{
	u64 end = vmp_bar_bytes(dev, MEMORY_BAR);
	struct memory *memory = record->data;
	struct ivshmem *iv = dev->priv;
	u64 start = iv->position;
	bool is_content = false;
	u64 found = 0;
	int i;

	for (i = 0; i < CALL_PIECES && iv->position < end &&
	     !(is_content && found == sizeof(memory->content)); i++) {
		void *piece = memory->content + (is_content ? found : 0);
		size_t bytes = min_t(u64, PIECE_BYTES, end - iv->position);
		u64 *sent = iv->sent ? &iv->sent[iv->position / PIECE_BYTES] : NULL;
		bool has_content, differs;
		u64 hash;

		vmp_copy_from_bar(dev, MEMORY_BAR, iv->position, piece, bytes);
		hash = sent ? siphash(piece, bytes, &iv->key) ?: 1 : 0;
		differs = !sent || *sent != hash;
		has_content = differs && memchr_inv(piece, 0, bytes);
		if (found && (!differs || has_content != is_content))
			break;

		if (differs && !found) {
			start = iv->position;
			is_content = has_content;
		}
		if (differs && sent)
			*sent = hash;
		found += differs ? bytes : 0;
		iv->position += bytes;
	}
	iv->sent_bytes += found;
	memory->offset = cpu_to_le64(start);
	memory->bytes = cpu_to_le64(found);
	record->length = HEAD_BYTES + (is_content ? found : 0);
	return found || iv->position < end;
}

static int precopy_begin(struct vmp_device *dev)
{
	struct ivshmem *iv = dev->priv;
	u64 nr = DIV_ROUND_UP_ULL(vmp_bar_bytes(dev, MEMORY_BAR), PIECE_BYTES);

	get_random_bytes(&iv->key, sizeof(iv->key));
	iv->is_first = true;
	iv->sent_bytes = 0;
	begin_pass(iv);
	/* As much as the user likes: it is his, and what lacks is his affair. */
	iv->sent = kvcalloc(nr, sizeof(*iv->sent), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
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

/* What was not sent before, or differs now that the device is stopped. */
static int save_begin(struct vmp_device *dev)
{
	begin_pass(dev->priv);
	return 0;
}

static int save(struct vmp_device *dev, struct vmp_record *record)
{
	struct registers *registers = record->data;
	u32 status;

	if (record->type == MEMORY)
		return next_part(dev, record);

	status = vmp_read32(dev, REGISTERS_BAR, INTR_STATUS);
	vmp_write32(dev, REGISTERS_BAR, INTR_STATUS, status);
	registers->intr_status = cpu_to_le32(status);
	registers->intr_mask = cpu_to_le32(vmp_read32(dev, REGISTERS_BAR, INTR_MASK));
	record->length = sizeof(*registers);
	return 1;
}

static void save_end(struct vmp_device *dev)
{
	struct ivshmem *iv = dev->priv;

	kvfree(iv->sent);
	iv->sent = NULL;
}

/* As much as is left of the first pass; then as much as in other passes. */
static void get_sizes(struct vmp_device *dev, struct vmp_sizes *sizes)
{
	struct ivshmem *iv = dev->priv;
	u64 all = vmp_bar_bytes(dev, MEMORY_BAR);
	u64 changing = max(iv->sent_bytes, iv->sent_before_bytes);

	sizes->precopy_bytes = iv->is_first ? all - iv->position : changing;
	sizes->stopped_bytes = sizeof(struct registers) +
			       (iv->sent && !iv->is_first ? changing : all);
}

static int load_memory(struct vmp_device *dev, const struct memory *memory, size_t length)
{
	u64 all = vmp_bar_bytes(dev, MEMORY_BAR);
	u64 offset = le64_to_cpu(memory->offset);
	u64 bytes = le64_to_cpu(memory->bytes);
	size_t now;

	if (bytes > all || offset > all - bytes ||
	    bytes > (length ? length : CALL_PIECES * PIECE_BYTES) || bytes < length)
		return -EINVAL;
	if (length)
		vmp_copy_to_bar(dev, MEMORY_BAR, offset, memory->content, length);
	for (bytes -= length; bytes; bytes -= now, offset += now) {
		now = min_t(u64, bytes, PAGE_SIZE);
		vmp_copy_to_bar(dev, MEMORY_BAR, offset, page_address(ZERO_PAGE(0)), now);
	}
	return 0;
}

static int load(struct vmp_device *dev, const struct vmp_record *record)
{
	const struct registers *registers = record->data;

	if (record->type == MEMORY)
		return load_memory(dev, record->data, record->length - HEAD_BYTES);
	vmp_write32(dev, REGISTERS_BAR, INTR_MASK, le32_to_cpu(registers->intr_mask));
	vmp_write32(dev, REGISTERS_BAR, INTR_STATUS, le32_to_cpu(registers->intr_status));
	return 0;
}

/* It does no DMA. Nor can anybody stop the others that share the memory. */
static int quiesce(struct vmp_device *dev)
{
	return 0;
}

/*
 * The memory has no content after power-on: it belongs to all that share it,
 * and they may be using it. So it stays as it is. What a load that was broken
 * off has left there, the next one overwrites, as each sends all of it.
 */
static int reset(struct vmp_device *dev)
{
	vmp_write32(dev, REGISTERS_BAR, INTR_MASK, 0);
	vmp_read32(dev, REGISTERS_BAR, INTR_STATUS);
	return 0;
}

static const struct pci_device_id ids[] = { { PCI_DEVICE(0x1af4, 0x1110) }, {} };

static const struct vmp_record_type records[] = {
	[MEMORY] = { HEAD_BYTES, sizeof(struct memory), VMP_RECORD_MANY },
	[REGISTERS] = { sizeof(struct registers), sizeof(struct registers) },
};

static const struct vmp_backend ivshmem_backend = {
	.name = "ivshmem",
	.owner = THIS_MODULE,
	.ids = ids,
	.version = 1,
	.priv_bytes = sizeof(struct ivshmem),
	.records = records,
	.nr_records = ARRAY_SIZE(records),
	.bars = BIT(REGISTERS_BAR) | BIT(MEMORY_BAR),
	.tracks_dirty = true,
	.quiesce = quiesce,
	.precopy_begin = precopy_begin,
	.precopy = precopy,
	.save_begin = save_begin,
	.save = save,
	.save_end = save_end,
	.get_sizes = get_sizes,
	.load = load,
	.reset = reset,
};

module_vmp_backend(ivshmem_backend);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Migration of QEMU's device ivshmem-plain, for vfio-mdev-pci");
VMP_BACKEND_ALIAS("00001AF4", "00001110");
