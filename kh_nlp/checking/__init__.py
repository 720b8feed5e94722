"""Faults of a draft: what was left over from its sources, what is out of date, what is missing."""

from kh_nlp.checking.checking import check, unchecked
from kh_nlp.checking.records import Finding, Kind, Severity

__all__ = ["Finding", "Kind", "Severity", "check", "unchecked"]
