// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeps a stopped device from raising message interrupts and from DMA. INTx is
 * left alone: a level that is raised stays raised, so none is lost, and what
 * masks it is vfio-pci-core's own.
 */

#include <linux/pci.h>

#include "access.h"
#include "device.h"
#include "silence.h"

void vmp_silence_begin(struct vmp_migration *mig)
{
	u16 command;

	pci_read_config_word(mig->core->pdev, PCI_COMMAND, &command);
	mig->silence.is_on = true;
	mig->silence.has_master = command & PCI_COMMAND_MASTER;
	if (mig->silence.has_master)
		vmp_access_clear_command(mig, PCI_COMMAND_MASTER);
}

void vmp_silence_end(struct vmp_migration *mig)
{
	if (mig->silence.is_on && mig->silence.has_master)
		vmp_access_set_command(mig, PCI_COMMAND_MASTER);
	mig->silence.is_on = false;
}

/*
 * A reset restores what it has found, which is not what the user has set. It
 * may have memory_lock, so this must not take it.
 */
void vmp_silence_forget(struct vmp_migration *mig)
{
	struct pci_dev *pdev = mig->core->pdev;
	u16 command;

	if (mig->silence.is_on && mig->silence.has_master) {
		pci_read_config_word(pdev, PCI_COMMAND, &command);
		pci_write_config_word(pdev, PCI_COMMAND,
				      command | PCI_COMMAND_MASTER);
	}
	mig->silence.is_on = false;
}

void vmp_silence_suspend(struct vmp_migration *mig)
{
	if (mig->silence.is_on && mig->silence.has_master)
		vmp_access_set_command(mig, PCI_COMMAND_MASTER);
}

void vmp_silence_continue(struct vmp_migration *mig)
{
	if (mig->silence.is_on)
		vmp_silence_begin(mig);
}
