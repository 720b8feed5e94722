"""Word files to PDF and .doc by LibreOffice, PDF pages to images, images to a PDF of images."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import uint8
    from numpy.typing import NDArray

    Gray = NDArray[uint8]
    """A page: rows x columns of 0 (black) to 255 (white)."""
else:
    Gray = Any

_FILTERS = {"pdf": "pdf:writer_pdf_Export", "doc": "doc:MS Word 97"}
_TIMEOUT = 120  # seconds to start, and _EACH for every file
_EACH = 20


class RenderingError(Exception):
    """A program or a package is missing or failed; the message is one Vietnamese line."""


def office_program() -> str | None:
    """LibreOffice's command, ``None`` when it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert(files: Sequence[Path], to: str, folder: Path) -> None:
    """All ``files`` to ``pdf`` or ``doc`` in ``folder`` by one run of LibreOffice.

    Raises RenderingError when it is missing, fails or leaves out a file.
    """
    program = office_program()
    if program is None:
        raise RenderingError(
            "Chưa có LibreOffice để tạo PDF, DOC: "
            "cài bằng apt install libreoffice-writer fonts-liberation2"
        )
    with tempfile.TemporaryDirectory(prefix="kh-office-") as profile:
        command = [program, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless"]
        command += ["--convert-to", _FILTERS[to], "--outdir", str(folder), *map(str, files)]
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                timeout=_TIMEOUT + _EACH * len(files),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise RenderingError(f"LibreOffice chạy quá lâu khi tạo {to.upper()}.") from None
    if to == "pdf":
        for made in (folder / f"{file.stem}.pdf" for file in files):
            if made.exists():
                made.write_bytes(_settled(made.read_bytes()))
    left = [file.name for file in files if not (folder / f"{file.stem}.{to}").exists()]
    if left:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise RenderingError(f"LibreOffice không tạo được {to.upper()} từ {left[0]}: {last}")


_MADE = re.compile(rb"(?<=/CreationDate\(D:)\d{14}")


def _settled(data: bytes) -> bytes:
    """A PDF with one fixed day, and with identifiers that follow from its content.

    LibreOffice makes them at random; all keep their length, so that the offsets stay right.
    """
    body, mark, trailer = data.rpartition(b"trailer")
    body = _MADE.sub(b"20200305000000", body)
    digest = hashlib.md5(body, usedforsecurity=False).hexdigest().upper().encode()
    return body + mark + re.sub(rb"(?<=[</])[0-9A-F]{32}\b", digest, trailer)


def page_images(pdf: Path, dpi: int) -> Iterator[Gray]:
    """The pages of a PDF in gray, one after the other."""
    try:
        import pypdfium2
    except ImportError:
        raise RenderingError("Chưa có pypdfium2: cài bằng pip install pypdfium2") from None
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            bitmap = page.render(scale=dpi / 72, grayscale=True)
            pixels = bitmap.to_numpy()
            yield pixels.reshape(pixels.shape[:2]).copy()
            bitmap.close()
            page.close()
    finally:
        document.close()


def image_pdf(pages: Sequence[tuple[bytes, int, int]], dpi: int) -> bytes:
    """A PDF of gray JPEG images (bytes, width, height in pixels), a page each, as scanners write.

    Form: ISO 32000-1, 7.5; the images stand in it as they are (DCTDecode).
    """
    objects: list[bytes] = []
    kids = " ".join(f"{3 + 3 * at} 0 R" for at in range(len(pages)))
    objects.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    for at, (data, width, height) in enumerate(pages):
        first = 3 + 3 * at
        across, down = (f"{side * 72 / dpi:.2f}" for side in (width, height))
        content = f"q {across} 0 0 {down} 0 0 cm /Im Do Q".encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {across} {down}]"
            f" /Contents {first + 1} 0 R"
            f" /Resources << /XObject << /Im {first + 2} 0 R >> >> >>".encode()
        )
        objects.append(_stream("", content))
        objects.append(
            _stream(
                f"/Type /XObject /Subtype /Image /Width {width} /Height {height}"
                " /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode ",
                data,
            )
        )
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n" % (len(objects) + 1)
    return bytes(out) + b"%d\n%%%%EOF\n" % start


def _stream(entries: str, data: bytes) -> bytes:
    return f"<< {entries}/Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"
