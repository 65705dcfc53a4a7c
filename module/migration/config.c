// SPDX-License-Identifier: GPL-2.0-only
/*
 * The function as a PCI function: its identity, and bits of config space.
 *
 * The bits are those that vfio-pci-core lets a guest write, in the device and
 * not in its copy (drivers/vfio/pci/vfio_pci_config.c: NO_VIRT in the tables of
 * permissions), so nothing of that copy has to be told. And those that no VMM
 * writes back: QEMU does the command register, BARs, MSI, MSI-X, and nothing of
 * what is passed through. Not here, though a guest can write it:
 *
 *  - BIST, status bits, and Power Budgeting's selector hold no state;
 *  - PMCSR: a function whose state is loaded is awake;
 *  - payload and read request sizes: virtual, and the host's to choose;
 *  - LTR, OBFF, 10-bit tags, ECRC: what of it works depends on the ports between
 *    the function and memory, and the host has set it up;
 *  - vendor-specific capabilities, which only a backend can understand.
 */

#include <linux/pci.h>
#include <linux/string.h>
#include <linux/vfio_pci_core.h>

#include "config.h"
#include "device.h"
#include "stream.h"

/**
 * struct row - a register with bits that are saved
 * @capability: id of the capability that it is in; 0 for the header
 * @is_extended: an extended capability
 * @min_version: version from which the capability has it, PCI Express only
 * @offset: of the register in the capability
 * @bytes: its size, 1, 2 or 4
 * @mask: the bits
 * @host_mask: bits of @mask that the host has turned off where the way to
 *	memory does not bear them: never turned on by a load
 */
struct row {
	u16 capability;
	bool is_extended;
	u8 min_version;
	u8 offset;
	u8 bytes;
	u32 mask;
	u32 host_mask;
};

/* init_pci_ext_cap_err_perm() */
#define UNCORRECTABLE_MASK						\
	(PCI_ERR_UNC_UND | PCI_ERR_UNC_DLP | PCI_ERR_UNC_SURPDN |	\
	 PCI_ERR_UNC_POISON_TLP | PCI_ERR_UNC_FCP |			\
	 PCI_ERR_UNC_COMP_TIME | PCI_ERR_UNC_COMP_ABORT |		\
	 PCI_ERR_UNC_UNX_COMP | PCI_ERR_UNC_RX_OVER |			\
	 PCI_ERR_UNC_MALF_TLP | PCI_ERR_UNC_ECRC | PCI_ERR_UNC_UNSUP |	\
	 PCI_ERR_UNC_ACSV | PCI_ERR_UNC_INTN | PCI_ERR_UNC_MCBTLP |	\
	 PCI_ERR_UNC_ATOMEG | PCI_ERR_UNC_TLPPRE)
#define CORRECTABLE_MASK						\
	(PCI_ERR_COR_RCVR | PCI_ERR_COR_BAD_TLP | PCI_ERR_COR_BAD_DLLP |	\
	 PCI_ERR_COR_REP_ROLL | PCI_ERR_COR_REP_TIMER |			\
	 PCI_ERR_COR_ADV_NFAT | PCI_ERR_COR_INTERNAL |			\
	 PCI_ERR_COR_LOG_OVER)

/* The number of a line is in the stream: add at the end only. */
static const struct row rows[] = {
	/* init_pci_cap_basic_perm() */
	{ .offset = PCI_CACHE_LINE_SIZE, .bytes = 1, .mask = 0xff },
	{ .offset = PCI_LATENCY_TIMER, .bytes = 1, .mask = 0xff },
	/* init_pci_cap_pcix_perm() */
	{
		.capability = PCI_CAP_ID_PCIX,
		.offset = PCI_X_CMD,
		.bytes = 2,
		.mask = PCI_X_CMD_DPERR_E | PCI_X_CMD_ERO | PCI_X_CMD_MAX_READ |
			PCI_X_CMD_MAX_SPLIT,
	},
	/* init_pci_cap_exp_perm() */
	{
		.capability = PCI_CAP_ID_EXP,
		.offset = PCI_EXP_DEVCTL,
		.bytes = 2,
		.mask = PCI_EXP_DEVCTL_CERE | PCI_EXP_DEVCTL_NFERE |
			PCI_EXP_DEVCTL_FERE | PCI_EXP_DEVCTL_URRE |
			PCI_EXP_DEVCTL_RELAX_EN | PCI_EXP_DEVCTL_EXT_TAG |
			PCI_EXP_DEVCTL_NOSNOOP_EN,
		/* pci_configure_relaxed_ordering(), _extended_tags() */
		.host_mask = PCI_EXP_DEVCTL_RELAX_EN | PCI_EXP_DEVCTL_EXT_TAG,
	},
	{
		.capability = PCI_CAP_ID_EXP,
		.min_version = 2,
		.offset = PCI_EXP_DEVCTL2,
		.bytes = 2,
		.mask = PCI_EXP_DEVCTL2_COMP_TIMEOUT |
			PCI_EXP_DEVCTL2_COMP_TMOUT_DIS |
			PCI_EXP_DEVCTL2_ATOMIC_REQ |
			PCI_EXP_DEVCTL2_IDO_REQ_EN | PCI_EXP_DEVCTL2_IDO_CMP_EN,
	},
	/* init_pci_ext_cap_err_perm() */
	{
		.capability = PCI_EXT_CAP_ID_ERR,
		.is_extended = true,
		.offset = PCI_ERR_UNCOR_MASK,
		.bytes = 4,
		.mask = UNCORRECTABLE_MASK,
	},
	{
		.capability = PCI_EXT_CAP_ID_ERR,
		.is_extended = true,
		.offset = PCI_ERR_UNCOR_SEVER,
		.bytes = 4,
		.mask = UNCORRECTABLE_MASK,
	},
	{
		.capability = PCI_EXT_CAP_ID_ERR,
		.is_extended = true,
		.offset = PCI_ERR_COR_MASK,
		.bytes = 4,
		.mask = CORRECTABLE_MASK,
	},
};

/**
 * struct entry - a register in the stream
 * @row: which, a number of a line above; in ascending order
 * @reserved: zero
 * @value: its bits, others zero
 */
struct entry {
	__le16 row;
	__le16 reserved;
	__le32 value;
};

static_assert(sizeof(struct entry) == 8, "a wire format");
static_assert(ARRAY_SIZE(rows) * sizeof(struct entry) <= VMP_CONFIG_MAX_BYTES);

/* Where the register is; 0 if there is none. No row is at 0. */
static int find_register(const struct vmp_migration *mig, const struct row *row)
{
	struct pci_dev *pdev = mig->core->pdev;
	int base;

	if (!row->capability)
		return row->offset;

	/* What vfio-pci-core does not show cannot have been written. */
	if (row->is_extended && !mig->core->extended_caps)
		return 0;

	base = row->is_extended ?
	       pci_find_ext_capability(pdev, row->capability) :
	       pci_find_capability(pdev, row->capability);
	if (!base)
		return 0;

	if (row->min_version) {
		u16 flags;

		pci_read_config_word(pdev, base + PCI_EXP_FLAGS, &flags);
		if ((flags & PCI_EXP_FLAGS_VERS) < row->min_version)
			return 0;
	}
	return base + row->offset;
}

static u32 read_register(struct pci_dev *pdev, int pos, unsigned int bytes)
{
	u32 value32 = 0;
	u16 value16 = 0;
	u8 value8 = 0;

	switch (bytes) {
	case 1:
		pci_read_config_byte(pdev, pos, &value8);
		return value8;
	case 2:
		pci_read_config_word(pdev, pos, &value16);
		return value16;
	default:
		pci_read_config_dword(pdev, pos, &value32);
		return value32;
	}
}

static void write_register(struct pci_dev *pdev, int pos, unsigned int bytes,
			   u32 value)
{
	switch (bytes) {
	case 1:
		pci_write_config_byte(pdev, pos, value);
		break;
	case 2:
		pci_write_config_word(pdev, pos, value);
		break;
	default:
		pci_write_config_dword(pdev, pos, value);
		break;
	}
}

size_t vmp_config_save(const struct vmp_migration *mig, void *payload)
{
	struct entry *entry = payload;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		int pos = find_register(mig, &rows[i]);
		u32 value;

		if (!pos)
			continue;

		value = read_register(mig->core->pdev, pos, rows[i].bytes);
		*entry++ = (struct entry){
			.row = cpu_to_le16(i),
			.value = cpu_to_le32(value & rows[i].mask),
		};
	}
	return (void *)entry - payload;
}

static bool is_good(const struct vmp_migration *mig, const struct entry *entry)
{
	u16 row = le16_to_cpu(entry->row);

	return row < ARRAY_SIZE(rows) && !entry->reserved &&
	       !(le32_to_cpu(entry->value) & ~rows[row].mask) &&
	       find_register(mig, &rows[row]);
}

int vmp_config_check(const struct vmp_migration *mig, const void *payload,
		     size_t length)
{
	const struct entry *entries = payload;
	size_t i;

	if (length > VMP_CONFIG_MAX_BYTES || length % sizeof(*entries))
		return -EINVAL;

	for (i = 0; i < length / sizeof(*entries); i++) {
		if (!is_good(mig, &entries[i]))
			return -EINVAL;
		if (i && le16_to_cpu(entries[i].row) <=
			 le16_to_cpu(entries[i - 1].row))
			return -EINVAL;
	}
	return 0;
}

void vmp_config_load(const struct vmp_migration *mig, const void *payload,
		     size_t length)
{
	const struct entry *entries = payload;
	struct pci_dev *pdev = mig->core->pdev;
	size_t i;

	for (i = 0; i < length / sizeof(*entries); i++) {
		const struct row *row = &rows[le16_to_cpu(entries[i].row)];
		u32 wanted = le32_to_cpu(entries[i].value);
		int pos = find_register(mig, row);
		u32 old = read_register(pdev, pos, row->bytes);
		u32 new;

		wanted &= old | ~row->host_mask;
		new = (old & ~row->mask) | wanted;
		if (new != old)
			write_register(pdev, pos, row->bytes, new);
	}
}

/* The device's own list: vfio-pci-core hides some from users. */
static u64 list_capabilities(struct pci_dev *pdev)
{
	unsigned int left = (PCI_CFG_SPACE_SIZE - PCI_STD_HEADER_SIZEOF) /
			    PCI_CAP_SIZEOF;
	u64 capabilities = 0;
	u16 status;
	u16 header;
	u8 pos;

	pci_read_config_word(pdev, PCI_STATUS, &status);
	if (!(status & PCI_STATUS_CAP_LIST))
		return 0;

	pci_read_config_byte(pdev, PCI_CAPABILITY_LIST, &pos);
	while (pos >= PCI_STD_HEADER_SIZEOF && left--) {
		pci_read_config_word(pdev, pos & ~3, &header);
		if ((header & 0xff) < 64)
			capabilities |= BIT_ULL(header & 0xff);
		pos = header >> 8;
	}
	return capabilities;
}

/* The low bits of the BAR's register, from what the PCI core made of them. */
static u8 bar_flags(struct pci_dev *pdev, unsigned int bar)
{
	unsigned long flags = pci_resource_flags(pdev, bar);

	return (flags & IORESOURCE_IO ? PCI_BASE_ADDRESS_SPACE_IO : 0) |
	       (flags & IORESOURCE_MEM_64 ? PCI_BASE_ADDRESS_MEM_TYPE_64 : 0) |
	       (flags & IORESOURCE_PREFETCH ? PCI_BASE_ADDRESS_MEM_PREFETCH : 0);
}

void vmp_config_identify(const struct vmp_migration *mig,
			 struct vmp_identity *identity)
{
	struct pci_dev *pdev = mig->core->pdev;
	unsigned int bar;

	*identity = (struct vmp_identity){
		.backend_version = cpu_to_le32(mig->backend->version),
		.backend_oldest_reader =
			cpu_to_le32(mig->backend->oldest_reader ?:
				    mig->backend->version),
		.vendor = cpu_to_le16(pdev->vendor),
		.device = cpu_to_le16(pdev->device),
		.subsystem_vendor = cpu_to_le16(pdev->subsystem_vendor),
		.subsystem_device = cpu_to_le16(pdev->subsystem_device),
		.class_revision = cpu_to_le32(pdev->class << 8 | pdev->revision),
		.nr_msi = cpu_to_le16(max(pci_msi_vec_count(pdev), 0)),
		.nr_msix = cpu_to_le16(max(pci_msix_vec_count(pdev), 0)),
		.capabilities = cpu_to_le64(list_capabilities(pdev)),
	};
	strscpy(identity->backend, mig->backend->name,
		sizeof(identity->backend));

	for (bar = 0; bar < VMP_NR_BARS; bar++) {
		u64 bytes = pci_resource_len(pdev, bar);

		identity->bar_bytes[bar] = cpu_to_le64(bytes);
		if (bytes)
			identity->bar_flags[bar] = bar_flags(pdev, bar);
	}
}
