/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints of migration: /sys/kernel/tracing/events/vfio_mdev_pci/.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vfio_mdev_pci

#if !defined(VMP_MIGRATION_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VMP_MIGRATION_TRACE_H

#include <linux/pci.h>
#include <linux/tracepoint.h>

#include "compat/trace.h"
#include "fsm.h"

/* An arc of the state machine was taken, or failed. */
TRACE_EVENT(vmp_arc,
	TP_PROTO(struct pci_dev *pdev, enum vfio_device_mig_state from,
		 enum vfio_device_mig_state to, u64 duration_ns, int ret),
	TP_ARGS(pdev, from, to, duration_ns, ret),
	TP_STRUCT__entry(
		__string(device, pci_name(pdev))
		__field(unsigned int, from)
		__field(unsigned int, to)
		__field(u64, duration_ns)
		__field(int, ret)
	),
	TP_fast_assign(
		vmp_assign_str(device, pci_name(pdev));
		__entry->from = from;
		__entry->to = to;
		__entry->duration_ns = duration_ns;
		__entry->ret = ret;
	),
	TP_printk("%s %u->%u duration_ns=%llu ret=%d", __get_str(device),
		  __entry->from, __entry->to, __entry->duration_ns,
		  __entry->ret)
);

/* A piece of a stream was made (save) or taken (load), or failed to be. */
TRACE_EVENT(vmp_piece,
	TP_PROTO(struct pci_dev *pdev, bool is_saving, int ret),
	TP_ARGS(pdev, is_saving, ret),
	TP_STRUCT__entry(
		__string(device, pci_name(pdev))
		__field(bool, is_saving)
		__field(int, ret)
	),
	TP_fast_assign(
		vmp_assign_str(device, pci_name(pdev));
		__entry->is_saving = is_saving;
		__entry->ret = ret;
	),
	TP_printk("%s %s ret=%d", __get_str(device),
		  __entry->is_saving ? "save" : "load", __entry->ret)
);

/* A stream was refused, and why. */
TRACE_EVENT(vmp_refusal,
	TP_PROTO(struct pci_dev *pdev, const char *reason, int ret),
	TP_ARGS(pdev, reason, ret),
	TP_STRUCT__entry(
		__string(device, pci_name(pdev))
		__string(reason, reason)
		__field(int, ret)
	),
	TP_fast_assign(
		vmp_assign_str(device, pci_name(pdev));
		vmp_assign_str(reason, reason);
		__entry->ret = ret;
	),
	TP_printk("%s the stream %s ret=%d", __get_str(device),
		  __get_str(reason), __entry->ret)
);

/* The device was reset, which ended what was under way. */
TRACE_EVENT(vmp_reset,
	TP_PROTO(struct pci_dev *pdev, enum vfio_device_mig_state state),
	TP_ARGS(pdev, state),
	TP_STRUCT__entry(
		__string(device, pci_name(pdev))
		__field(unsigned int, state)
	),
	TP_fast_assign(
		vmp_assign_str(device, pci_name(pdev));
		__entry->state = state;
	),
	TP_printk("%s from state %u", __get_str(device), __entry->state)
);

#endif /* VMP_MIGRATION_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH migration
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
