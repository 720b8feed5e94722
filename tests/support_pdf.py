"""PDFs written by hand and what is read of them, for the tests of reading PDFs."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from kh_nlp.reading import Options
from kh_nlp.reading.extract import Extract
from kh_nlp.reading.files import File
from kh_nlp.reading.lines import Line
from kh_nlp.reading.pdf import extract_pdf
from kh_nlp.reading.reflow import reflow
from kh_nlp.reading.tables import Row

NO_OCR = Options(ocr=False)
A4 = "0 0 595 842"

Objects = list[bytes]


def file(data: bytes, name: str = "kế hoạch.pdf") -> File:
    return File(path=Path(name), data=data, sha256=sha256(data).hexdigest())


def pdf(
    pages: Sequence[str],
    *,
    box: str = A4,
    page: str = "",
    more: Sequence[bytes] = (),
    trailer: bytes = b"",
) -> bytes:
    """A PDF of pages in Times (F1) and its bold (F2); ``more`` are objects 5 and following."""
    first = 5 + len(more)
    kids = " ".join(f"{first + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Bold >>",
        *more,
    ]
    for content in pages:
        data = zlib.compress(content.encode("latin-1"))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents {len(objects) + 2} 0 R "
            f"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> {page} >>".encode()
        )
        objects.append(
            b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(data), data)
        )
    out, places = bytearray(b"%PDF-1.5\n"), list[int]()
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def put(x: float, y: float, text: str, size: float = 14, font: str = "F1") -> str:
    return f"BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET\n"


def column(x: float, top: float, lines: Sequence[str], pitch: float = 19, size: float = 14) -> str:
    return "".join(put(x, top - k * pitch, text, size) for k, text in enumerate(lines))


def ruled(xs: Sequence[float], ys: Sequence[float]) -> str:
    """Lines of a grid, each between two neighbours, as Word draws them."""
    out = [f"{a} {y} m {b} {y} l S\n" for y in ys for a, b in pairwise(xs)]
    out += [f"{x} {a} m {x} {b} l S\n" for x in xs for a, b in pairwise(ys)]
    return "".join(out)


def read(data: bytes, options: Options = NO_OCR) -> Extract:
    return extract_pdf(file(data), options)


def lines(extract: Extract) -> list[str]:
    return [item.text for item in extract.items if isinstance(item, Line)]


def rows(extract: Extract) -> list[list[str]]:
    return [
        [" ".join(line.text for line in cell) for cell in item.cells]
        for item in extract.items
        if isinstance(item, Row)
    ]


def paragraphs(extract: Extract) -> list[str]:
    found = reflow(extract.items, extract.wrapped, marked=extract.marked)
    return [" ".join(line.text for line in paragraph.lines) for paragraph in found]
