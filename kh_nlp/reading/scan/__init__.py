"""Scans: page images read by tesseract, their ruled tables by the grid.

``extract_image`` reads PNG, JPEG and TIFF; ``ocr_pdf`` reads pages of a PDF and ``place`` hands
them to the reader of PDF files. Finished pages are kept (``cache``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kh_nlp.errors import InputError
from kh_nlp.reading.extract import OCR_OFF, Extract, ExtractBuilder, Options
from kh_nlp.reading.files import File
from kh_nlp.reading.scan.cache import clear
from kh_nlp.reading.scan.images import MAX_PAGES, count_pages, load_page
from kh_nlp.reading.scan.labels import settle_labels
from kh_nlp.reading.scan.pages import PageLayout
from kh_nlp.reading.scan.placing import place
from kh_nlp.reading.scan.rendering import render_page
from kh_nlp.reading.scan.tesseract import tesseract_missing
from kh_nlp.reading.scan.workers import read_pages

__all__ = ["PageLayout", "clear", "extract_image", "ocr_pdf", "place", "tesseract_missing"]


def extract_image(file: File, options: Options) -> Extract:
    """Lines and tables of a PNG, JPEG or TIFF file, each image of it a page.

    Raises InputError without tesseract, with ``options.ocr`` off, or when no page can be read.
    """
    if not options.ocr:
        raise InputError(f"{file.path}: {OCR_OFF}")
    count = count_pages(file)
    builder = ExtractBuilder("scan", wrapped=True)
    if count > MAX_PAGES:
        builder.warn(f"Tệp có hơn {MAX_PAGES} trang; chỉ đọc {MAX_PAGES} trang đầu.")
        count = MAX_PAGES
    sources = {index: partial(load_page, file.data, index) for index in range(count)}
    layouts = read_pages(file, sources, options)
    for index, layout in enumerate(settle_labels([layouts[page] for page in range(count)])):
        place(layout, builder, index + 1)
    if not builder.items:
        raise InputError(f"{file.path}: không nhận dạng được chữ nào trong bản quét.")
    return builder.extract()


def ocr_pdf(file: File, pages: Sequence[int], options: Options) -> dict[int, PageLayout]:
    """Layouts of some pages of a PDF, counted from 0; ``place`` hands each to a builder.

    A page is rendered at 300 dpi, or its image taken as it is where it fills the page and is no
    coarser.
    Raises InputError without tesseract, with ``options.ocr`` off, or when no page can be read.
    """
    order = sorted(set(pages))
    if not order:
        return {}
    layouts = read_pages(file, {i: partial(render_page, file.data, i) for i in order}, options)
    settled = settle_labels([layouts[index] for index in order])
    return dict(zip(order, settled, strict=True))
