"""Files to plans, in parallel; one bad file never stops the rest."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from kh_nlp.errors import InputError, KhError
from kh_nlp.model import Plan
from kh_nlp.parsing import Explanation, explain, parse
from kh_nlp.reading import FORMATS, Options, archive, exists, read_file

_FEW = 16  # below this many files starting processes costs more than it saves


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: a plan, or one Vietnamese line that says why not."""

    path: Path
    plan: Plan | None
    error: str | None


def expand(
    paths: Iterable[Path | str], on_error: Callable[[InputError], None] | None = None
) -> list[Path]:
    """Files as given, folders and ZIP archives as the readable files in them (sorted), each once.

    Hidden files and a folder's own README are left out. A path that does not exist or a folder
    without read rights raises InputError, or is handed to ``on_error`` and the rest goes on.
    """

    def refuse(error: InputError) -> None:
        if on_error is None:
            raise error
        on_error(error)

    found: dict[Path, None] = {}
    for given in paths:
        path = Path(given)
        try:
            if path.is_dir():
                found.update(dict.fromkeys(sorted(_walk(path, refuse))))
            elif path.suffix.lower() == archive.SUFFIX and path.is_file():
                found.update(dict.fromkeys(_unzipped(path, refuse)))
            elif exists(path):
                found[path] = None
            else:
                refuse(InputError(f"{path}: không tìm thấy tệp hoặc thư mục."))
        except PermissionError:
            refuse(InputError(f"{path}: không có quyền đọc."))
    return list(found)


def _walk(folder: Path, refuse: Callable[[InputError], None]) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        refuse(InputError(f"{error.filename}: không có quyền đọc thư mục."))

    for root, folders, names in os.walk(folder, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            file = Path(root) / name
            if name.startswith((".", "~$")):
                continue
            if file.suffix.lower() == archive.SUFFIX:
                yield from _unzipped(file, refuse)
            elif _readable(file):
                yield file


def _unzipped(path: Path, refuse: Callable[[InputError], None]) -> Iterator[Path]:
    try:
        inside = archive.members(path)
    except InputError as error:
        refuse(error)
        return
    for file in inside:
        if file.suffix.lower() == archive.SUFFIX:
            refuse(InputError(f"{file}: tệp nén nằm trong tệp nén; hãy giải nén rồi đọc."))
        elif _readable(file):
            yield file


def _readable(file: Path) -> bool:
    return file.suffix.lower() in FORMATS and file.stem.upper() != "README"


def read_plan(
    path: Path | str, *, allow_secret: bool = False, options: Options | None = None
) -> Plan:
    """Read and parse one file. Raises InputError (one Vietnamese line) when that is impossible."""
    return parse(read_file(Path(path), options), allow_secret=allow_secret)


def explain_plan(
    path: Path | str, *, allow_secret: bool = False, options: Options | None = None
) -> tuple[Plan, list[Explanation]]:
    """The plan in one file and why each of its lines was taken for what it is."""
    reading = read_file(Path(path), options)
    plan = parse(reading, allow_secret=allow_secret)
    return plan, explain(reading, plan)


def read_plans(
    paths: Sequence[Path | str],
    workers: int | None = None,
    *,
    allow_secret: bool = False,
    options: Options | None = None,
) -> Iterator[Outcome]:
    """Outcomes of all files in the order given; ``workers`` processes (default: one a core).

    Few files are read one after the other, and the pages of a scan in parallel; many files in
    parallel, and their pages one after the other. ``options.progress`` is called in the first case.
    """
    files = [Path(path) for path in paths]
    chosen = options or Options()
    count = workers if workers is not None else min(os.cpu_count() or 1, len(files) // _FEW + 1)
    if count <= 1:
        for path in files:
            yield _outcome(path, allow_secret, chosen)
        return
    alone = replace(chosen, workers=1, progress=None)
    # spawn: the caller may have threads or an encoder that must not be forked
    with ProcessPoolExecutor(max_workers=count, mp_context=get_context("spawn")) as pool:
        read = partial(_outcome, allow_secret=allow_secret, options=alone)
        yield from pool.map(read, files, chunksize=4)


def _outcome(path: Path, allow_secret: bool, options: Options) -> Outcome:
    try:
        return Outcome(path, read_plan(path, allow_secret=allow_secret, options=options), None)
    except KhError as error:
        return Outcome(path, None, str(error))
    except Exception as error:
        # A fault of ours must not cost the user the other files; the line names it plainly.
        return Outcome(path, None, f"{path}: lỗi khi phân tích ({type(error).__name__}: {error}).")
