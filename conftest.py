"""How a run is spread over processes: what is slow to make is made once, long files come first."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from support_samples import whole_library
from support_shared import VARIABLE
from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).resolve().parent
NOTEBOOKS = "notebooks"

LONGEST = (
    "tests/test_search_gold.py",
    "tests/test_embedding.py",
    NOTEBOOKS,
    "tests/test_search_seeds.py",
)
"""What takes longest, in the order of starting: a long file that starts last would let the other
processes wait for it. The first makes the library of all samples, which the notebooks want; the
second wants no library."""


def group(nodeid: str) -> str:
    """What one process runs as a whole: a file; all notebooks, which write to one library."""
    file = nodeid.split("::", 1)[0]
    return NOTEBOOKS if file.startswith(f"{NOTEBOOKS}/") else file


class Scheduling(LoadFileScheduling):
    """Files in the order of the collection, notebooks as one."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def pytest_configure(config: pytest.Config) -> None:
    """A folder for this run, which goes with it."""
    if VARIABLE not in os.environ:  # workers get it from the process that starts them
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix="kh-tests-")
        config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(VARIABLE), ignore_errors=True))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling | None:
    """``--dist loadfile`` in this order: pytest-xdist's own is by the number of tests of a file."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """``LONGEST`` first."""
    missing = [name for name in LONGEST if not (ROOT / name).exists()]
    assert not missing, f"LONGEST names what is not there: {missing}"
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(group(item.nodeid), len(order)))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """The library that the notebooks make knows the vectors that the tests have made."""
    if group(item.nodeid) == NOTEBOOKS:
        folder = ROOT / "indexes" / "notebooks"
        if not folder.exists():
            folder.mkdir(parents=True)
            shutil.copy(whole_library() / "vectors.sqlite", folder)
