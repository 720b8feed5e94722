"""Word files: .docx from its own XML, old .doc through LibreOffice or catdoc."""

from kh_nlp.reading.word.catdoc import extract_doc
from kh_nlp.reading.word.docx import extract_docx

__all__ = ["extract_doc", "extract_docx"]
