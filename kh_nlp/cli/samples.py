"""The sample plans, wherever this copy of kh_nlp lies, and the place of their library."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kh_nlp.errors import InputError

_PACKAGE = Path(__file__).resolve().parents[1]


def sample_folder() -> Path:
    """The folder of sample plans: inside an installed package, else ``corpus/`` of the checkout.

    Raises:
        InputError: neither is there.
    """
    for folder in (_PACKAGE / "samples", _checkout() / "corpus"):
        if any(folder.glob("*.txt")) or any(folder.glob("*.md")):
            return _relative(folder)
    raise InputError("Bản cài đặt này không kèm kế hoạch mẫu.")


def sample_files() -> list[Path]:
    """The six sample plans of the demonstration: one a year, so that it is quickly at hand."""
    return sorted(sample_folder().glob("0[1-6]-*"))


def demo_folder() -> Path:
    """``indexes/demo`` in a checkout, else a folder in the user's cache."""
    if (_checkout() / "pyproject.toml").is_file():
        return _relative(_checkout() / "indexes" / "demo")
    if sys.platform == "darwin":
        cache = Path.home() / "Library" / "Caches"
    elif os.name == "nt":
        cache = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "kh_nlp" / "demo"


def _checkout() -> Path:
    return _PACKAGE.parent


def _relative(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
