# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-only
# How a guest of the fuzzer is booted: with 1 MiB that nobody uses, to be claimed, and
# with calls of memblock for MMKIT_MEMBLOCK_BOOT to tell of.
FUZZ_BOOT="memmap=1M\$0x20000000 mmkit.memblock=alloc:1M:align=64K,reserve:0x20000000:64K,free:0x20004000:16K,alloc:100G,x reserve_mem=64K:4K:mmkit"
