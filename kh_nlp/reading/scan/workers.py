"""Pages side by side: one thread a worker, each waiting for a tesseract of its own.

Threads are enough, since the work is done by other processes and, between their runs, by OpenCV
outside of Python's lock. There is one more than asked for, so that no core waits while a page is
drawn and straightened, or while the last pages of a file are an odd number.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice

from kh_nlp.errors import InputError
from kh_nlp.reading.extract import OCR_OFF, Options
from kh_nlp.reading.files import File
from kh_nlp.reading.scan.cache import PageCache
from kh_nlp.reading.scan.images import PAGE_PIXELS, PageError
from kh_nlp.reading.scan.pages import PageLayout, read_page
from kh_nlp.reading.scan.tesseract import Gray, TesseractError, stop_all, tesseract_missing

MAX_WORKERS = 8
"""More would need more than 1.5 GB: 64 MB for each tesseract beside the pages themselves."""

_IN_FLIGHT = 72_000_000  # pixels of all pages in memory: about 10 bytes are needed for each


class _Room:
    """Lets pages in as long as there is memory for them; the largest possible page always fits."""

    def __init__(self, pixels: int) -> None:
        self._free = pixels
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, pixels: int) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: self._free >= pixels)
            self._free -= pixels
        try:
            yield
        finally:
            with self._changed:
                self._free += pixels
                self._changed.notify_all()


_room = _Room(_IN_FLIGHT)


def read_pages(
    file: File, sources: Mapping[int, Callable[[], Gray]], options: Options
) -> dict[int, PageLayout]:
    """The layout of each page of ``sources``, which gives the image of a page when it is called.

    Pages read before come from the cache. A page that cannot be read has a ``fault``; when that
    holds for all of them, InputError is raised, as without tesseract or with ``options.ocr`` off.
    """
    if not options.ocr:
        raise InputError(f"{file.path}: {OCR_OFF}")
    missing = tesseract_missing()
    if missing is not None:
        raise InputError(f"{file.path}: là bản quét. {missing}.")
    cache = PageCache(options.cache, file.sha256)
    layouts: dict[int, PageLayout] = {}
    for page in sources:
        known = cache.get(page)
        if known is not None:
            layouts[page] = known
    left = [page for page in sources if page not in layouts]
    done = len(layouts)
    _tell(options, file, done, len(sources))
    for page, layout in _read_all(left, sources, options.workers):
        cache.put(page, layout)
        layouts[page] = layout
        done += 1
        _tell(options, file, done, len(sources))
    if left:
        cache.prune()
    faults = [layout.fault for layout in layouts.values() if layout.fault]
    if faults and len(faults) == len(layouts):
        raise InputError(f"{file.path}: {faults[0]}.")
    return {page: layouts[page] for page in sources}


def _tell(options: Options, file: File, done: int, total: int) -> None:
    if options.progress is not None:
        options.progress(str(file.path), done, total)


def _read_all(
    pages: list[int], sources: Mapping[int, Callable[[], Gray]], workers: int
) -> Iterator[tuple[int, PageLayout]]:
    """Pages as they are finished; two a worker are under way, so that a long file fits."""
    count = max(1, min(workers + 1, MAX_WORKERS, len(pages)))
    queue = iter(pages)
    with ThreadPoolExecutor(max_workers=count, thread_name_prefix="ocr") as pool:
        running = {pool.submit(_one, sources[page]): page for page in _take(queue, 2 * count)}
        try:
            while running:
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                # one that failed comes last: pages read at the same time are not lost with it
                for future in sorted(finished, key=lambda done: done.exception() is not None):
                    yield running.pop(future), future.result()
                    for page in _take(queue, 1):
                        running[pool.submit(_one, sources[page])] = page
        except BaseException:
            for future in running:
                future.cancel()
            stop_all()
            raise


def _take(queue: Iterator[int], count: int) -> list[int]:
    return list(islice(queue, count))


def _one(source: Callable[[], Gray]) -> PageLayout:
    try:
        with _room.taken(PAGE_PIXELS):  # how large the page is shows only when it is there
            gray = source()
        with _room.taken(gray.size):
            return read_page(gray)
    except PageError as error:
        return PageLayout(fault=str(error))
    except TesseractError as error:
        if error.timed_out:
            return PageLayout(fault="nhận dạng quá lâu, đã bỏ qua")
        return PageLayout(fault="tesseract báo lỗi, không nhận dạng được")
