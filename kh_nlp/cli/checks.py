"""Checks of the installation for ``kh doctor``."""

from __future__ import annotations

import importlib.metadata
import platform
import re
import sys

from kh_nlp.errors import KhError
from kh_nlp.library import Finding


def installation() -> list[Finding]:
    """One finding each for Python, the required packages and the encoder."""
    return [
        Finding(ok=sys.version_info >= (3, 11), message=f"Python {platform.python_version()}"),
        _packages(),
        _encoder(),
        *_helpers(),
    ]


def _helpers() -> list[Finding]:
    """The programs that read scans and old Word files; without them the rest works."""
    from kh_nlp.reading.scan import tesseract_missing
    from kh_nlp.reading.word.catdoc import INSTALL, catdoc
    from kh_nlp.reading.word.office import INSTALL as INSTALL_OFFICE
    from kh_nlp.reading.word.office import office

    missing = tesseract_missing()
    return [
        Finding(
            ok=missing is None, optional=True, message=missing or "Đọc được bản quét (tesseract)"
        ),
        Finding(
            ok=bool(office() or catdoc()),
            optional=True,
            message="Đọc được tệp .doc (LibreOffice)"
            if office()
            else f"Đọc được tệp .doc (catdoc; {INSTALL_OFFICE})"
            if catdoc()
            else f"Chưa có catdoc: {INSTALL}.",
        ),
    ]


def _packages() -> Finding:
    required = importlib.metadata.requires("kh-nlp") or []
    core = [line for line in required if "extra ==" not in line]
    names = [re.split(r"[\s<>=!~;\[]", line, maxsplit=1)[0] for line in core]
    missing = []
    for name in names:
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Finding(ok=False, message=f"Thiếu gói: {', '.join(missing)}. Cài lại kh-nlp.")
    return Finding(ok=True, message=f"Đủ {len(names)} gói cần có")


def _encoder() -> Finding:
    from kh_nlp.embedding import load_encoder

    try:
        encoder = load_encoder()
        width = encoder.encode_queries(["kiểm tra"]).shape[1]
    except (KhError, OSError, ImportError) as error:
        return Finding(ok=False, message=f"Bộ mã hóa câu không chạy được: {error}")
    return Finding(ok=True, message=f"Bộ mã hóa câu {encoder.identity} ({width} chiều)")
