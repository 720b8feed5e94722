"""Folders that are slow to make, made once for all worker processes of a run."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

VARIABLE = "KH_TEST_FOLDER"
"""Names the folder of the run; ``conftest.py`` sets it before the workers start."""


def run_folder() -> Path:
    """The folder of this run; one of its own for a process that pytest did not start."""
    if VARIABLE not in os.environ:
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix="kh-tests-")
        atexit.register(shutil.rmtree, os.environ[VARIABLE], ignore_errors=True)
    return Path(os.environ[VARIABLE])


def made_once(make: Callable[[Path], None]) -> Path:
    """A folder filled by ``make``, a function of a module, for the first process that asks.

    The others wait. It runs in a process of its own, without the ``KH_`` variables: what the test
    that happens to ask first has patched must not get into a folder that all tests share.
    """
    name = f"{make.__module__}.{make.__qualname__}"
    folder = run_folder() / name
    with FileLock(run_folder() / f"{name}.lock"):
        if not folder.exists():
            part = run_folder() / f"{name}.part"  # it gets its name when it is ready
            shutil.rmtree(part, ignore_errors=True)
            code = f"import sys, pathlib, {make.__module__}; {name}(pathlib.Path(sys.argv[1]))"
            known = {key: at for key, at in os.environ.items() if not key.startswith("KH_")}
            done = subprocess.run(
                [sys.executable, "-c", code, part],
                env={**known, VARIABLE: str(run_folder())},
                cwd=Path(__file__).parent,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
            part.rename(folder)
    return folder
