"""Answers and whole libraries as tables for spreadsheets and programs."""

from kh_nlp.exports.library_tables import FORMATS, TABLES, library_tables, write_library
from kh_nlp.exports.trend_tables import reuse_tables, source_table, trend_tables, words_tables

__all__ = [
    "FORMATS",
    "TABLES",
    "library_tables",
    "reuse_tables",
    "source_table",
    "trend_tables",
    "words_tables",
    "write_library",
]
