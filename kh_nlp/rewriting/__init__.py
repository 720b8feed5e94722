"""Rewriting of passages and summaries by a language model that the user names, behind a guard.

Off unless configured; nothing leaves the machine otherwise. A rewriting with a number, date,
document or name that its sources do not have is rejected, and the original stands.
"""

from __future__ import annotations

from kh_nlp.rewriting.asking import Model, configured
from kh_nlp.rewriting.guard import check
from kh_nlp.rewriting.making import rewrite
from kh_nlp.rewriting.records import Finding, Rewriting, Task
from kh_nlp.rewriting.summaries import Paragraph, rewrite_summary

__all__ = [
    "Finding",
    "Model",
    "Paragraph",
    "Rewriting",
    "Task",
    "check",
    "configured",
    "rewrite",
    "rewrite_summary",
]
