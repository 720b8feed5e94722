"""Figures of citations: ``citations``, ``citation_issuer``, ``roles``, ``named``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kh_nlp.evaluation.figures import Fault, Figure, compare_sets, of_checks
from kh_nlp.evaluation.gold import GoldCitation
from kh_nlp.evaluation.likeness import number_key, same_body, words_key
from kh_nlp.model import Citation

Numbered = tuple[str, str | None]
"""A distinct document: its number and date; one number met with two dates is two documents."""


def _key(document: Citation | GoldCitation) -> Numbered:
    return number_key(document.number), document.issued_on


def _shown(key: Numbered) -> str:
    return f"{key[0]} ({key[1] or '–'})"


def _numbered(citations: Iterable[Citation]) -> list[Citation]:
    return [citation for citation in citations if citation.number]


def citations_figure(found: Iterable[Citation], expected: Iterable[GoldCitation]) -> Figure:
    """F1 of the distinct documents by number and date."""
    mine = {_shown(_key(citation)) for citation in _numbered(found)}
    return compare_sets(mine, {_shown(_key(citation)) for citation in expected})


def issuer_figure(found: Iterable[Citation], expected: Iterable[GoldCitation]) -> Figure | None:
    """Share of the documents found whose issuer is the one read; None where none is to compare."""
    first: dict[Numbered, Citation] = {}
    for citation in _numbered(found):
        first.setdefault(_key(citation), citation)
    checks = []
    for wanted in expected:
        mine = first.get(_key(wanted))
        if mine is not None and wanted.issuer:
            fault = Fault(where=wanted.number, expected=wanted.issuer, found=mine.issuer)
            checks.append(None if same_body(mine.issuer, wanted.issuer) else fault)
    return of_checks(checks) if checks else None


def roles_figure(found: Iterable[Citation], expected: Iterable[GoldCitation]) -> Figure | None:
    """F1 of the documents that are a basis (*căn cứ*); None where the reading has none."""
    wanted = {_shown(_key(citation)) for citation in expected if citation.basis}
    if not wanted:
        return None
    basis = {_shown(_key(c)) for c in _numbered(found) if c.role == "basis"}
    return compare_sets(basis, wanted)


def named_figure(found: Iterable[Citation], expected: Sequence[str]) -> Figure | None:
    """Share of the proper names that a citation holds, in its words or in what it resolves to."""
    if not expected:
        return None
    texts = [words_key(_words(citation)) for citation in found]
    checks = [
        None
        if any(words_key(name) in text for text in texts)
        else Fault(where=name, expected=name, found=None)
        for name in expected
    ]
    return of_checks(checks)


def _words(citation: Citation) -> str:
    resolved = citation.document.title if citation.document else None
    return " ".join(filter(None, (citation.title, citation.text, resolved)))
