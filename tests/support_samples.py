"""The library of the sample plans, built once for all tests of a run."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"


FIRST = sorted(CORPUS.glob("0[1-6]-*"))
"""The six samples of ``kh demo``: what most tests ask about, small enough to be quick."""

SAMPLES = sorted(path for path in CORPUS.glob("[0-9][0-9]-*.*") if path.suffix in (".txt", ".md"))
"""All sample plans."""


@cache
def sample_library() -> Path:
    """Folder of a library that holds the six samples of ``kh demo``; tests must not change it."""
    return _library(tuple(FIRST))


def _library(files: tuple[Path, ...]) -> Path:
    from kh_nlp.library import Library, ingest

    folder = Path(tempfile.mkdtemp(prefix="kh-samples-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with Library.open(folder / "library", create=True) as library:
        report = ingest(library, files)
    assert len(report.added) == len(files) and not report.failed
    return folder / "library"


def warm_folder(folder: Path) -> Path:
    """A folder for a new library that knows the vectors of the sample plans already."""
    folder.mkdir(parents=True)
    shutil.copy(sample_library() / "vectors.sqlite", folder)
    return folder


def sample(prefix: str) -> Path:
    """The sample file whose name starts with ``prefix``."""
    (path,) = CORPUS.glob(f"{prefix}*")
    return path
