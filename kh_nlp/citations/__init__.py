"""Cited documents: finding them in text, telling which document is meant, and knowing its name."""

from kh_nlp.citations.conflicts import date_conflicts
from kh_nlp.citations.keys import document_key, document_kind, same_document, spelled
from kh_nlp.citations.learning import learn
from kh_nlp.citations.mentions import Mention, find_mentions
from kh_nlp.citations.registry import Change, Entry, Evidence, Registry, load_registry
from kh_nlp.citations.replacing import Replaced, replacements
from kh_nlp.citations.resolving import cite

__all__ = [
    "Change",
    "Entry",
    "Evidence",
    "Mention",
    "Registry",
    "Replaced",
    "cite",
    "date_conflicts",
    "document_key",
    "document_kind",
    "find_mentions",
    "learn",
    "load_registry",
    "replacements",
    "same_document",
    "spelled",
]
