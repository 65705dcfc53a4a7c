# SPDX-License-Identifier: GPL-2.0-only
# The commands of the project. Each says what it installs and does; what it
# does stands in the script that it calls.

KERNEL ?= 6.1 6.12
DEBUG_KERNEL ?= debug

.PHONY: help setup demo demo-migrate check check-full check-static check-unit \
	check-lab check-guest check-clients check-migration check-mutants \
	check-intree check-debug check-model check-bench bench bench-migration \
	module tests new-backend intree intree-remove deb check-packages clean

help:
	@echo 'make demo            a real guest drives a wrapped NVMe controller'
	@echo 'make demo-migrate    a guest that works with one mdev is migrated to another'
	@echo 'make check           every test that a change must pass; with DEBUG=yes also'
	@echo '                     most of check-debug, unless it passed what is here'
	@echo 'make check-full      those, and the ones that take minutes each'
	@echo 'make check-guest     only the tests of the driver, in emulated machines'
	@echo 'make check-clients   only those with mdevctl, driverctl, libvirt and QEMU'
	@echo 'make check-migration only those in which QEMU migrates guests'
	@echo 'make check-static    only style, documentation, warnings'
	@echo 'make check-unit      only what needs no machine: the stream, vmpctl'
	@echo 'make check-model     only: do the models of locks and resets hold?'
	@echo 'make check-lab       only the tests of the lab and of this check itself'
	@echo 'make check-mutants   only: is each invariant really tested?'
	@echo 'make check-debug     only the guest tests, QEMU by iommufd, migrations and a'
	@echo '                     minute of each fuzzer, on a kernel with KASAN, lockdep'
	@echo '                     (built once); which lines of the module were reached'
	@echo 'make check-intree    only: does it build as part of a kernel?'
	@echo 'make check-packages  only: do the Debian packages install, upgrade, go?'
	@echo 'make check-bench     only: does it cost more than docs/performance.md says?'
	@echo 'make bench           compare costs with vfio-pci, for docs/performance.md'
	@echo 'make bench-migration measure migration, for docs/migration.md'
	@echo 'make module          build vfio-mdev-pci.ko for each KERNEL'
	@echo 'make new-backend NAME=name IDS=vendor:device [DIR=directory]'
	@echo '                     begin a backend, which can migrate a device;'
	@echo '                     see docs/writing-a-backend.md'
	@echo 'make intree KSRC=/path/to/linux'
	@echo '                     put the driver into a kernel source tree;'
	@echo '                     intree-remove takes it out again'
	@echo 'make deb             Debian packages in build/deb: vfio-mdev-pci-dkms,'
	@echo '                     vmpctl'
	@echo 'make clean           remove build/ (kernels stay in the cache)'
	@echo
	@echo 'KERNEL="$(KERNEL)" may name others: sid, debug, a release, a built tree.'
	@echo 'To build for the running kernel alone:'
	@echo '  make -C /lib/modules/$$(uname -r)/build M=$$PWD/module modules'

setup:
	lab/setup

demo:
	demo/run

demo-migrate:
	demo/migrate

check:
	tests/check $(if $(DEBUG),--debug) $(KERNEL)

check-full:
	tests/check --full $(KERNEL)

check-static check-unit check-lab check-guest check-clients check-migration \
check-mutants check-intree check-model check-packages check-bench:
	tests/check --only $(@:check-%=%) $(KERNEL)

check-debug:
	tests/check --only guest,iommufd,migration,fuzz $(DEBUG_KERNEL)

bench: setup
	lab/setup bench
	bench/run

bench-migration: setup
	bench/migration/run

module: setup
	@set -e; for kernel in $(KERNEL); do module/build-for "$$kernel"; done

tests: setup
	$(MAKE) -s -f tests/guest/Makefile

new-backend:
	@tools/new-backend "$(NAME)" "$(IDS)" "$(DIR)"

intree:
	@packaging/intree/intree "$(KSRC)"

intree-remove:
	@packaging/intree/intree --remove "$(KSRC)"

deb:
	lab/setup deb
	packaging/deb

clean:
	rm -rf build
