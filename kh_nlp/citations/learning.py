"""Rows of a registry learnt from what the plans of a library print."""

from __future__ import annotations

from collections.abc import Iterable

from kh_nlp.citations.identifying import same_title
from kh_nlp.citations.keys import document_key
from kh_nlp.citations.registry import Entry, Evidence, Registry, load_registry
from kh_nlp.model import Citation


def learn(
    cited: Iterable[tuple[str, Citation]], *, plans: int = 2, registry: Registry | None = None
) -> tuple[Entry, ...]:
    """Documents that ``registry`` lacks and that at least ``plans`` plans print alike.

    ``cited`` are citations with the id of their plan. A document is learnt only where number, full
    date, issuer and title are printed, and where all plans that print its title mean one subject;
    of titles that run on the shortest is kept. Each row quotes its mentions as evidence, by plan
    id. In the order of first mention.
    """
    known = registry if registry is not None else load_registry()
    seen: dict[str, dict[str, Citation]] = {}
    for plan, citation in cited:
        document = citation.document
        complete = citation.number and citation.issued_on and citation.issuer and citation.title
        if document is None or not complete or known.by_key(document.key) is not None:
            continue
        seen.setdefault(document.key, {}).setdefault(plan, citation)
    rows = (_row(key, mentions) for key, mentions in seen.items() if len(mentions) >= plans)
    return tuple(row for row in rows if row is not None)


def _row(key: str, mentions: dict[str, Citation]) -> Entry | None:
    shortest = min(mentions.values(), key=lambda citation: len(citation.title or ""))
    agree = all(
        same_title(shortest.title, other.title) or shortest.title == other.title
        for other in mentions.values()
    )
    if not agree or len({citation.issued_on for citation in mentions.values()}) != 1:
        return None
    kind, number, issued_on = shortest.kind, shortest.number, shortest.issued_on
    if not (kind and number and issued_on and shortest.issuer and shortest.title):
        return None
    # A year inside the number is the whole date of a key, see ``document_key``.
    if document_key(kind, number, issued_on, shortest.issuer) is None:
        return None
    return Entry(
        key=key,
        kind=kind,
        number=number,
        issued_on=issued_on,
        issuer=shortest.issuer,
        title=shortest.title[0].upper() + shortest.title[1:],
        evidence=tuple(Evidence(plan, citation.text) for plan, citation in mentions.items()),
    )
