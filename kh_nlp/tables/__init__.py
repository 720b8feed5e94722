"""Answers as tables with Vietnamese heads, and tables as files."""

from kh_nlp.tables.answers import coverage_tables, group_table, task_table
from kh_nlp.tables.clusters import cluster_tables
from kh_nlp.tables.files import KINDS, Cell, Table, write, written
from kh_nlp.tables.summaries import aspect_sheet, comparison_tables, summary_table
from kh_nlp.tables.topics import discovery_table, topic_tables

__all__ = [
    "KINDS",
    "Cell",
    "Table",
    "aspect_sheet",
    "cluster_tables",
    "comparison_tables",
    "coverage_tables",
    "discovery_table",
    "group_table",
    "summary_table",
    "task_table",
    "topic_tables",
    "write",
    "written",
]
