"""Files to plans, in parallel; one bad file never stops the rest."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from kh_nlp.errors import InputError, KhError
from kh_nlp.model import Plan
from kh_nlp.parsing import parse
from kh_nlp.reading import FORMATS, read_file

_FEW = 16  # below this many files starting processes costs more than it saves


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: a plan, or one Vietnamese line that says why not."""

    path: Path
    plan: Plan | None
    error: str | None


def expand(paths: Iterable[Path | str]) -> list[Path]:
    """Files as given, folders as the readable files below them (sorted), each file once.

    Hidden files and a folder's own README are left out. Raises InputError for a path that does not
    exist or a folder without read rights.
    """
    found: dict[Path, None] = {}
    for given in paths:
        path = Path(given)
        try:
            if not path.is_dir():
                if not path.exists():
                    raise InputError(f"{path}: không tìm thấy tệp hoặc thư mục.")
                found[path] = None
                continue
            for file in sorted(_walk(path)):
                found[file] = None
        except PermissionError:
            raise InputError(f"{path}: không có quyền đọc thư mục.") from None
    return list(found)


def _walk(folder: Path) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        raise error

    for root, folders, names in os.walk(folder, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            file = Path(root) / name
            hidden = name.startswith((".", "~$"))
            if not hidden and file.suffix.lower() in FORMATS and file.stem.upper() != "README":
                yield file


def read_plan(path: Path | str, *, allow_secret: bool = False) -> Plan:
    """Read and parse one file. Raises InputError (one Vietnamese line) when that is impossible."""
    return parse(read_file(Path(path)), allow_secret=allow_secret)


def read_plans(
    paths: Sequence[Path | str], workers: int | None = None, *, allow_secret: bool = False
) -> Iterator[Outcome]:
    """Outcomes of all files in the order given; ``workers`` processes (default: one a core)."""
    files = [Path(path) for path in paths]
    count = workers if workers is not None else min(os.cpu_count() or 1, len(files) // _FEW + 1)
    if count <= 1:
        for path in files:
            yield _outcome(path, allow_secret)
        return
    with ProcessPoolExecutor(max_workers=count) as pool:
        yield from pool.map(_outcome, files, [allow_secret] * len(files), chunksize=4)


def _outcome(path: Path, allow_secret: bool) -> Outcome:
    try:
        return Outcome(path, read_plan(path, allow_secret=allow_secret), None)
    except KhError as error:
        return Outcome(path, None, str(error))
    except Exception as error:
        # A fault of ours must not cost the user the other files; the line names it plainly.
        return Outcome(path, None, f"{path}: lỗi khi phân tích ({type(error).__name__}: {error}).")
