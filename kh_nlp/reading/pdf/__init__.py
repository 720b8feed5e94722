"""PDF files: lines in reading order, ruled tables as tables, notes, no page furniture.

Pages without text, or whose text lost its letters, are given to OCR (``kh_nlp.reading.scan``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kh_nlp.errors import InputError
from kh_nlp.reading.extract import OCR_OFF, Extract, ExtractBuilder, Options
from kh_nlp.reading.files import File
from kh_nlp.reading.pdf.furniture import drop_furniture
from kh_nlp.reading.pdf.opening import MAX_PAGES, is_cut, open_pdf
from kh_nlp.reading.pdf.pages import Page, PageReader, is_damaged
from kh_nlp.reading.pdf.writing import Layout, Writer, join_blocks, measures
from kh_nlp.reading.spread import find_spread_tables
from kh_nlp.reading.tables import Item, Row

if TYPE_CHECKING:
    from kh_nlp.reading.scan import PageLayout

__all__ = ["MAX_PAGES", "extract_pdf"]

_MOST_WORK = 3_000_000
"""Drawn objects and characters of overfull pages after which the rest of a file is left out."""


def extract_pdf(file: File, options: Options) -> Extract:
    """Lines, tables and notes of a PDF file.

    Raises InputError for a file with a password, one that is broken, one with too many pages, and
    for one without any text when ``options.ocr`` is off or finds none.
    """
    pages, left_out = _read(file)
    layouts, fault = _recognised(file, pages, options)
    drop_furniture([page for page in pages if page.number not in layouts])
    builder = ExtractBuilder("pdf", wrapped=True, marked=True)
    _place(builder, pages, layouts)
    builder.pages = len(pages) + len(left_out)
    _warn(builder, file, pages, layouts, fault, left_out)
    if not builder.items:
        if fault:
            raise InputError(f"{file.path}: {fault}")
        raise InputError(f"{file.path}: không có chữ nào trong tệp PDF.")
    if len(layouts) == len(pages):
        builder.format = "scan"
        builder.marked = False
    builder.items = _spread(builder.items)
    return builder.extract()


def _read(file: File) -> tuple[list[Page], list[int]]:
    """All pages, and the numbers of those left out after pages too full to be printed ones."""
    document = open_pdf(file)
    try:
        reader = PageReader(document)
        pages: list[Page] = []
        work = 0
        for number in range(len(document)):
            if work > _MOST_WORK:
                return pages, list(range(number, len(document)))
            pages.append(reader.read(number))
            work += pages[-1].work
        return pages, []
    finally:
        document.close()


def _recognised(
    file: File, pages: Sequence[Page], options: Options
) -> tuple[dict[int, PageLayout], str]:
    """Layouts by OCR of pages without sound text, and why there are none.

    Where there is text, though doubtful, that of OCR is taken if it is better.
    """
    wanted = [page.number for page in pages if page.image or page.doubtful]
    if not wanted:
        return {}, ""
    if not options.ocr:
        return {}, OCR_OFF
    from kh_nlp.reading.scan import ocr_pdf

    try:
        layouts = ocr_pdf(file, wanted, options)
    except InputError as error:
        return {}, str(error).removeprefix(f"{file.path}: ")
    for number in wanted:
        page = pages[number]
        if number in layouts and not page.image and not _better(layouts[number], page):
            del layouts[number]
    return layouts, ""


def _better(layout: PageLayout, page: Page) -> bool:
    """Whether OCR read more, or sound text where that of the file is damaged."""
    from kh_nlp.reading.scan import place

    trial = ExtractBuilder("scan", wrapped=True)
    place(layout, trial, 1)
    lines = trial.extract().text.split("\n")
    words = sum(len(line.split()) for line in lines)
    known = sum(len(line.split()) for line in page.text())
    if is_damaged(page.text()):
        return words > 0.5 * known and not is_damaged(lines)
    return words > 1.3 * known


def _place(
    builder: ExtractBuilder, pages: Sequence[Page], recognised: dict[int, PageLayout]
) -> None:
    layouts = {page.number: Layout(page) for page in pages if page.number not in recognised}
    join_blocks(list(layouts.values()))
    writer = Writer(builder, measures(list(layouts.values())))
    for page in pages:
        if page.number in recognised:
            from kh_nlp.reading.scan import place

            writer.close_table()
            place(recognised[page.number], builder, page.number + 1)
        else:
            writer.page(layouts.pop(page.number))
    writer.close_table()


def _spread(items: list[Item]) -> list[Item]:
    """Tables without rules, whose cells the file has as lines one after the other."""
    last = max((item.table for item in items if isinstance(item, Row)), default=0)
    return find_spread_tables(items, last + 1)


def _warn(
    builder: ExtractBuilder,
    file: File,
    pages: Sequence[Page],
    layouts: dict[int, PageLayout],
    fault: str,
    left_out: Sequence[int],
) -> None:
    images = [page.number for page in pages if page.image and page.number not in layouts]
    doubtful = [page for page in pages if page.doubtful and page.number not in layouts]
    damaged = [page.number for page in doubtful if is_damaged(page.text())]
    replaced = [page.number for page in pages if page.doubtful and page.number in layouts]
    if images:
        builder.warn(f"{_named(images)} chỉ có hình, chưa nhận dạng được: {_reason(fault)}")
    if replaced:
        builder.warn(f"{_named(replaced)} có lớp chữ hỏng hoặc thiếu, đã nhận dạng lại từ hình.")
    if damaged:
        builder.warn(f"{_named(damaged)} có lớp chữ hỏng, được giữ nguyên: {_reason(fault)}")
    if left_out:
        builder.warn(f"{_named(left_out)} chưa được đọc: các trang trước quá nhiều nét vẽ.")
    for page in pages:
        place = f"Trang {page.number + 1}"
        if page.signatures:
            said = "; ".join(page.signatures)
            builder.warn(f"{place}: dòng của chữ ký số không đưa vào văn bản: “{said[:200]}”.")
        if page.bare:
            builder.warn(f"{place}: quá nhiều chữ, chỉ đọc theo thứ tự trong tệp.")
    outside = [page.number for page in pages if page.outside]
    if outside:
        builder.warn(f"{_named(outside)}: chữ nằm ngoài khổ giấy không đưa vào.")
    askew = [page for page in pages if page.skewed]
    if askew:
        shown = " ".join(askew[0].skewed)[:80]
        numbers = [page.number for page in askew]
        builder.warn(f"{_named(numbers)}: chữ in chéo (hình mờ) không đưa vào: “{shown}”.")
    if is_cut(file):
        builder.warn("Tệp PDF thiếu phần cuối, có thể bị cắt cụt.")


def _reason(fault: str) -> str:
    return fault.removeprefix("là bản quét, mà ") or "không đọc được chữ."


def _named(numbers: Sequence[int]) -> str:
    """Page numbers for a warning, neighbours put together: "Trang 2, 5–7"."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    shown = [f"{a + 1}" if a == b else f"{a + 1}–{b + 1}" for a, b in ranges[:12]]
    return "Trang " + ", ".join(shown) + (", …" if len(ranges) > 12 else "")
