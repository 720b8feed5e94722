"""Which file each reading by hand is of: the one with its name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kh_nlp.evaluation.gold import GoldReading
from kh_nlp.pipeline import expand
from kh_nlp.reading import FORMATS


@dataclass(frozen=True, slots=True)
class Pairing:
    """Files by the name of their reading; names without a file; names that several files have."""

    files: dict[str, Path]
    missing: tuple[str, ...]
    ambiguous: dict[str, tuple[Path, ...]]


def pair(
    readings: Sequence[GoldReading], folder: Path | str, given: Iterable[Path | str] = ()
) -> Pairing:
    """The file of each reading among ``given`` files and folders, else near ``folder``.

    Near means in the folder of the readings or one beside it, else in one beside its parent: the
    file nearest wins. Of several the first in the order of paths is taken, and all are named in
    ``ambiguous``. Raises InputError for a path that does not exist.
    """
    paths = list(given)
    names = {reading.name for reading in readings}
    rings = [expand(paths)] if paths else _rings(Path(folder).resolve(), names)
    files: dict[str, Path] = {}
    ambiguous: dict[str, tuple[Path, ...]] = {}
    for ring in rings:
        for name in sorted(names - files.keys()):
            found = [path for path in ring if path.stem == name]
            if found:
                files[name] = found[0]
            if len(found) > 1:
                ambiguous[name] = tuple(found)
    return Pairing(files, tuple(sorted(names - files.keys())), ambiguous)


def _rings(folder: Path, names: set[str]) -> list[list[Path]]:
    near = [folder, *_folders(folder.parent)]
    far = _folders(folder.parent.parent)
    return [_files(near, names), _files(far, names)]


def _folders(parent: Path) -> list[Path]:
    try:
        return sorted(p for p in parent.iterdir() if p.is_dir() and not p.name.startswith("."))
    except OSError:
        return []


def _files(folders: Iterable[Path], names: set[str]) -> list[Path]:
    """The files of these formats and names, straight in the folders, each once (links followed)."""
    suffixes = sorted(FORMATS)
    found: dict[Path, None] = {}
    for folder in folders:
        for name in names:
            for path in (folder / f"{name}{suffix}" for suffix in suffixes):
                try:
                    if path.is_file():
                        found[path.resolve()] = None
                except OSError:  # a neighbour without rights is no place of ours
                    continue
    return sorted(found)
