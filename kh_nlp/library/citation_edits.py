"""Citations changed and added by hand, and the documents that they then mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kh_nlp.citations import cite, document_key, load_registry
from kh_nlp.library.outline_edits import owner_at
from kh_nlp.model import Citation, Document, Plan


def cited_again(plan: Plan, citation: Citation, values: Mapping[str, Any]) -> Citation:
    """``citation`` with corrected fields; a person is sure (``confidence`` 1).

    ``key`` names the document outright; otherwise the document follows from number, date and body.
    """
    fields = {name: value for name, value in values.items() if name != "key"}
    fresh = replace(citation, **fields, confidence=1.0)
    if "key" in values:
        key = values["key"]
        return replace(fresh, document=_document(plan, fresh, key) if key else None)
    if not {"kind", "number", "issued_on", "issuer"} & set(fields):
        if fresh.document is None or fresh.document.origin == "registry":
            return fresh
        return replace(fresh, document=replace(fresh.document, title=fresh.title))
    province = plan.header.province
    key = document_key(fresh.kind, fresh.number, fresh.issued_on, fresh.issuer, province)
    return replace(fresh, document=_document(plan, fresh, key) if key else None)


def new_citation(plan: Plan, start: int, end: int, values: Mapping[str, Any]) -> Citation:
    """The citation ``plan.text[start:end]``: fields as its words say, then as ``values`` say."""
    words = plan.text[start:end]
    read = cite(words, header=plan.header, basis=None)
    holder = owner_at(plan, start)
    note = next((n for n in plan.notes if n.start <= start < n.end), None)
    section = note.section if note else holder.id if holder else None
    opening = any(b.kind == "opening" and b.start <= start < b.end for b in plan.blocks)
    if len(read) == 1:
        base = read[0]
    else:
        base = Citation(
            text=words, kind=None, number=None, issued_on=None, issuer=None, title=None,
            role="reference", relation="dẫn chiếu", section=None, start=0, end=0, confidence=1.0,
        )  # fmt: skip
    base = replace(
        base,
        text=words,
        start=start,
        end=end,
        section=section,
        role="basis" if opening else "reference",
        relation="căn cứ" if opening else base.relation,
        confidence=1.0,
    )
    return cited_again(plan, base, values) if values else base


def _document(plan: Plan, citation: Citation, key: str) -> Document:
    """What is known of ``key``: by the registry, by another mention here, else by this one."""
    if entry := load_registry().by_key(key):
        return entry.document()
    for other in plan.citations:
        if other.start != citation.start and other.document and other.document.key == key:
            return other.document
    return Document(
        key=key,
        number=citation.number,
        issued_on=citation.issued_on,
        issuer=citation.issuer,
        title=citation.title,
    )
