"""Sample plans in every format an office keeps: Word, web page, PDF, scan, text."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kh_nlp.pipeline import expand
from kh_nlp.reading import FORMATS as FORMATS_READ

from .composing import compose
from .layout import Layout
from .pages import RenderingError, convert, image_pdf, office_program, page_images

__all__ = [
    "FORMATS",
    "Layout",
    "Look",
    "RenderingError",
    "compose",
    "fingerprint",
    "render",
    "text_files",
]

FORMATS = {
    "docx": ".docx",
    "docx-numbered": ".numbered.docx",
    "doc": ".doc",
    "html-word": ".word.html",
    "html-site": ".site.html",
    "pdf": ".pdf",
    "scan": ".scan.pdf",
    "txt": ".txt",
    "txt-wrapped": ".wrapped.txt",
    "md": ".md",
}
"""Formats and how the names of their files end."""

_TEXT = ("text", "markdown")
_OF_OFFICE = ("doc", "pdf", "scan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How scans look: ``noise`` 0..1, ``seed`` of its chance, ``dpi``; ``png``: a file a page too.

    ``numbered``: Word files, and what is made of them, have labels that Word computes.
    """

    noise: float = 0.5
    seed: int = 0
    dpi: int = 300
    png: bool = False
    numbered: bool = False


def fingerprint() -> str:
    """Changes with the code of this package, so that files made by an older one are made anew."""
    folder = Path(__file__).parent
    code = b"".join(file.read_bytes() for file in sorted(folder.glob("*.py")))
    return hashlib.sha256(code).hexdigest()[:16]


def text_files(paths: Iterable[Path]) -> list[Path]:
    """The files given and the text and Markdown files of the folders given.

    Raises kh_nlp's InputError for one that does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        inside = [file for file in expand([path]) if FORMATS_READ.get(file.suffix.lower()) in _TEXT]
        found.update(dict.fromkeys(inside if path.is_dir() else expand([path])))
    return list(found)


def render(
    sources: Sequence[Path], formats: Sequence[str], folder: Path, look: Look | None = None
) -> list[Path]:
    """Every source in every format, as files in ``folder``, in the order of sources and formats.

    Raises RenderingError (a program or package is missing, two sources would be one file) and
    kh_nlp's InputError (a source cannot be read), each with one Vietnamese line.
    """
    chosen = look or Look()
    stems = [source.stem for source in sources]
    twice = next((stem for stem in stems if stems.count(stem) > 1), None)
    if twice:
        raise RenderingError(f"Hai tệp nguồn cùng tên “{twice}”: hãy tạo vào hai thư mục.")
    if any(name in _OF_OFFICE for name in formats) and office_program() is None:
        convert([], "pdf", folder)  # says what is missing before anything is written
    folder.mkdir(parents=True, exist_ok=True)
    layouts = [compose(source) for source in sources]
    for layout in layouts:
        for name in formats:
            if name not in _OF_OFFICE:
                (folder / f"{layout.name}{FORMATS[name]}").write_bytes(_write(layout, name, chosen))
    with tempfile.TemporaryDirectory(prefix="kh-render-") as temporary:
        work = Path(temporary)
        if any(name in _OF_OFFICE for name in formats):
            _office(layouts, formats, folder, work, chosen)
    return [folder / f"{layout.name}{FORMATS[name]}" for layout in layouts for name in formats]


def _write(layout: Layout, name: str, look: Look) -> bytes:
    from . import text, web

    if name in ("docx", "docx-numbered"):
        return _word(layout, look.numbered or name == "docx-numbered")
    writers: dict[str, Callable[[Layout], str]] = {
        "html-word": web.word_page,
        "html-site": web.site_page,
        "txt": text.clean_text,
        "txt-wrapped": text.wrapped_text,
        "md": text.markdown,
    }
    return writers[name](layout).encode()


def _word(layout: Layout, numbering: bool) -> bytes:
    from .word import word_file

    try:
        return word_file(layout, numbering=numbering)
    except ImportError:
        raise RenderingError("Chưa có python-docx: cài bằng pip install python-docx") from None


def _office(
    layouts: Sequence[Layout], formats: Sequence[str], folder: Path, work: Path, look: Look
) -> None:
    files = []
    for layout in layouts:
        file = work / f"{layout.name}.docx"
        file.write_bytes(_word(layout, look.numbered))
        files.append(file)
    for kind in ("doc", "pdf"):
        if kind in formats or (kind == "pdf" and "scan" in formats):
            convert(files, kind, work)
            if kind in formats:
                for file in files:
                    shutil.copyfile(file.with_suffix(f".{kind}"), folder / f"{file.stem}.{kind}")
    if "scan" in formats:
        for file in files:
            _scan(file.with_suffix(".pdf"), folder, look)


def _scan(pdf: Path, folder: Path, look: Look) -> None:
    from .noise import jpeg, png, scanned

    pages: list[tuple[bytes, int, int]] = []
    for number, page in enumerate(page_images(pdf, look.dpi), 1):
        image = scanned(page, look.noise, look.seed, number, look.dpi)
        height, width = image.shape
        pages.append((jpeg(image, look.noise), width, height))
        if look.png:
            (folder / f"{pdf.stem}.scan-{number:02d}.png").write_bytes(png(image))
    (folder / f"{pdf.stem}{FORMATS['scan']}").write_bytes(image_pdf(pages, look.dpi))
