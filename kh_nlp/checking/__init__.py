"""Faults of a draft: what was left over from its sources, what is out of date, what is missing."""

from kh_nlp.checking.acts import act_words, acts
from kh_nlp.checking.checking import check, check_answer, unchecked
from kh_nlp.checking.records import CheckAnswer, Finding, Kind, Severity

__all__ = [
    "CheckAnswer",
    "Finding",
    "Kind",
    "Severity",
    "act_words",
    "acts",
    "check",
    "check_answer",
    "unchecked",
]
