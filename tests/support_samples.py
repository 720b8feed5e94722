"""Libraries of the sample plans with real vectors, built once for all tests of a run."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from support_shared import made_once

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"


FIRST = sorted(CORPUS.glob("0[1-6]-*"))
"""The six samples of ``kh demo``: what most tests ask about, small enough to be quick."""

SAMPLES = sorted(path for path in CORPUS.glob("[0-9][0-9]-*.*") if path.suffix in (".txt", ".md"))
"""All sample plans."""


@cache
def sample_library() -> Path:
    """Folder of a library that holds the six samples of ``kh demo``; tests must not change it."""
    return made_once(library_of_demo)


@cache
def whole_library() -> Path:
    """Folder of a library that holds all samples; tests must not change it."""
    return made_once(library_of_all)


def library_of_demo(folder: Path) -> None:
    _fill(folder, FIRST)


def library_of_all(folder: Path) -> None:
    _fill(warm_folder(folder), SAMPLES)


def _fill(folder: Path, files: Sequence[Path]) -> None:
    from kh_nlp.library import Library, ingest

    with Library.open(folder, create=True) as library:
        report = ingest(library, files)
    assert len(report.added) == len(files) and not report.failed


def warm_folder(folder: Path) -> Path:
    """A folder for a new library that knows the vectors of the six samples already."""
    folder.mkdir(parents=True)
    shutil.copy(sample_library() / "vectors.sqlite", folder)
    return folder


def sample(prefix: str) -> Path:
    """The sample file whose name starts with ``prefix``."""
    (path,) = CORPUS.glob(f"{prefix}*")
    return path
