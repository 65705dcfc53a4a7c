# SPDX-License-Identifier: GPL-2.0-only
# Asks the kernel's headers, not its version, what they offer: Debian's stable
# kernels carry backports. Each probe is: flag, header, text to look for.

vmp-probe = $(if $(shell grep -sF '$(3)' $(srctree)/include/linux/$(2)),-DVMP_HAVE_$(1))

ccflags-y += $(call vmp-probe,BIND_IOMMUFD,vfio.h,(*bind_iommufd))
ccflags-y += $(call vmp-probe,DETACH_IOAS,vfio.h,(*detach_ioas))
ccflags-y += $(call vmp-probe,PASID_ATTACH_IOAS,vfio.h,(*pasid_attach_ioas))
ccflags-y += $(call vmp-probe,MATCH_TOKEN_UUID,vfio.h,(*match_token_uuid))
ccflags-y += $(call vmp-probe,GET_REGION_INFO_CAPS,vfio.h,(*get_region_info_caps))
ccflags-y += $(call vmp-probe,PCI_DEVICE_OPS,vfio_pci_core.h,struct vfio_pci_device_ops {)
ccflags-y += $(call vmp-probe,CDEV_OPENED,vfio.h,bool vfio_device_cdev_opened)
ccflags-y += $(call vmp-probe,DISABLE_IDLE_D3,vfio_pci_core.h,disable_idle_d3:1)
ccflags-y += $(call vmp-probe,NOINTXMASK,vfio_pci_core.h,nointxmask:1)
ccflags-y += $(call vmp-probe,CRC32C_IN_CRC32,crc32.h,u32 crc32c)
ccflags-y += $(call vmp-probe,GET_DATA_SIZE,vfio.h,(*migration_get_data_size))
ccflags-y += $(call vmp-probe,IOVA_BITMAP_OF_IOMMUFD,iova_bitmap.h,(CONFIG_IOMMUFD_DRIVER))
ccflags-y += $(call vmp-probe,EVENTFD_SIGNAL_ONE,eventfd.h,void eventfd_signal(struct eventfd_ctx *ctx))
ccflags-y += $(call vmp-probe,ASSIGN_STR_OF_ONE,../trace/stages/stage6_event_callback.h,__assign_str(dst))
ccflags-y += $(call vmp-probe,IOMMUFD_DEVICE,vfio.h,struct iommufd_device *iommufd_device;)
ccflags-y += $(call vmp-probe,GET_IOMAP,vfio_pci_core.h,vfio_pci_core_get_iomap)
ccflags-y += $(call vmp-probe,SETUP_BARMAP,vfio_pci_core.h,vfio_pci_core_setup_barmap)
ccflags-y += $(call vmp-probe,IOMMU_MAP_ATOMIC,iommu.h,iommu_map_atomic)
