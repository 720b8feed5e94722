"""A file to its text in reading order, every character of which still knows where it came from."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from kh_nlp.model import Format
from kh_nlp.reading import archive
from kh_nlp.reading.composing import Reading, TextLine, compose
from kh_nlp.reading.extract import Options
from kh_nlp.reading.files import FORMATS, decoded_text, digest, exists, extract_file
from kh_nlp.reading.plain import extract_text

__all__ = [
    "FORMATS",
    "Options",
    "Reading",
    "TextLine",
    "archive",
    "decoded_text",
    "digest",
    "exists",
    "read_file",
    "read_text",
]


def read_file(path: Path, options: Options | None = None) -> Reading:
    """Read one file. Raises InputError with one clear line when nothing can be read from it."""
    extract, sha = extract_file(path, options or Options())
    return compose(extract, str(path), sha)


def read_text(text: str, name: str = "văn bản.txt", format: Format = "text") -> Reading:
    """Read text that is already at hand as if it stood in a file called ``name``."""
    sha = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return compose(extract_text(text, format), name, sha)
