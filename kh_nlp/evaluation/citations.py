"""Figures of citations apart: documents, mentions, spans, keys, dates, issuers, roles, names.

Two kinds of hand-made readings are compared: plans read by hand (``kh_nlp.evaluation.gold``), and
documents in which every mention was marked by position (``Marks``), committed as numbers and
offsets without their sentences.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from kh_nlp.citations import cite, document_key, same_document
from kh_nlp.errors import InputError
from kh_nlp.evaluation.documents import citations_figure, issuer_figure, roles_figure
from kh_nlp.evaluation.figures import Fault, Figure, f1, of_checks, share
from kh_nlp.evaluation.gold import GoldCitation, GoldReading
from kh_nlp.evaluation.likeness import number_key, words_key
from kh_nlp.evaluation.parsing import PlanScore
from kh_nlp.model import Citation, Header, Plan

CITATION_FIGURES: dict[str, str] = {
    "documents": "Văn bản: số và ngày (F1)",
    "mentions": "Số lần viện dẫn (F1)",
    "precision": "Vị trí: độ chính xác",
    "recall": "Vị trí: độ bao phủ",
    "spans": "Vị trí (F1)",
    "keys": "Khóa văn bản trùng khớp",
    "dates": "Ngày ban hành",
    "issuers": "Cơ quan ban hành",
    "roles": "Căn cứ (F1)",
    "resolved": "Tên gọi dẫn tới văn bản",
}
"""Every figure by its machine name, in the order shown, with its Vietnamese name."""

Slice = Literal["clean", "damaged"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One mention marked by hand: the printed number at ``start``..``end`` of the text."""

    start: int
    end: int
    number: str
    issued_on: str | None


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A document with all its marks up to ``limit`` characters; ``own`` is its own number."""

    name: str
    text: str
    own: str | None
    limit: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class CitationReport:
    """The figures of all plans and marked documents."""

    plans: tuple[PlanScore, ...]

    def means(self, part: Slice | None = None) -> dict[str, float]:
        """Mean of each figure over the plans that have it, of one slice or of all."""
        values: dict[str, list[float]] = {}
        for plan in self.plans:
            if part is None or plan.damaged == (part == "damaged"):
                for name, figure in plan.figures.items():
                    values.setdefault(name, []).append(figure.value)
        return {n: sum(values[n]) / len(values[n]) for n in CITATION_FIGURES if n in values}


def evaluate_citations(
    readings: Iterable[GoldReading],
    plans: Mapping[str, tuple[Path | str, Plan]],
    marked: Iterable[MarkedText] = (),
) -> CitationReport:
    """Figures of all readings that speak of citations, then of the marked documents.

    All marked documents are one row, "marks". A reading without a plan counts as one in which
    nothing was found.
    """
    scores = []
    for gold in readings:
        if gold.citations is None:
            continue
        path, plan = plans.get(gold.name, (None, None))
        figures = score_citations(plan.citations if plan else (), gold)
        scores.append(PlanScore(gold.name, str(path) if path else None, gold.damaged, figures))
    if documents := list(marked):
        names = ", ".join(document.name for document in documents)
        scores.append(PlanScore("marks", names, False, score_marks(documents)))
    return CitationReport(tuple(scores))


def score_citations(found: Sequence[Citation], gold: GoldReading) -> dict[str, Figure]:
    """The figures of one plan's citations against its reading, in the order of the table."""
    expected = gold.citations or ()
    figures = {
        "documents": citations_figure(found, expected),
        "mentions": _mentions(found, expected),
        "keys": _keys(found, expected, (gold.header or {}).get("province")),
        "dates": _dates(found, expected),
        "issuers": issuer_figure(found, expected),
        "roles": roles_figure(found, expected),
        "resolved": _resolved(found, gold.named),
    }
    return {name: figure for name, figure in figures.items() if figure is not None}


def _numbers(found: Iterable[Citation]) -> Counter[str]:
    return Counter(number_key(c.number) for c in found if c.number)


def _mentions(found: Iterable[Citation], expected: Iterable[GoldCitation]) -> Figure | None:
    """F1 over mentions: each number counts as often as both sides have it."""
    if any(document.mentions is None for document in expected):
        return None
    mine, wanted = _numbers(found), Counter[str]()
    for document in expected:
        wanted[number_key(document.number)] += document.mentions or 0
    faults = [
        Fault(where=number, expected=str(wanted[number]), found=str(mine[number]))
        for number in sorted(mine | wanted)
        if mine[number] != wanted[number]
    ]
    hits = (mine & wanted).total()
    return Figure(value=f1(hits, mine.total(), wanted.total()), faults=tuple(faults))


def _keys(
    found: Iterable[Citation], expected: Iterable[GoldCitation], province: str | None
) -> Figure | None:
    """Share of the documents whose key is the one that the reading's own facts make.

    A reading gives no province to a commune; ``same_document`` lets such keys meet.
    """
    first: dict[tuple[str, str | None], str | None] = {}
    for citation in found:
        if citation.number:
            key = citation.document.key if citation.document else None
            first.setdefault((number_key(citation.number), citation.issued_on), key)
    checks: list[Fault | None] = []
    for document in expected:
        wanted = document_key(
            document.kind, document.number, document.issued_on, document.issuer, province
        )
        if wanted is None:
            continue
        mine = first.get((number_key(document.number), document.issued_on))
        right = mine is not None and same_document(mine, wanted)
        checks.append(None if right else Fault(where=document.number, expected=wanted, found=mine))
    return of_checks(checks) if checks else None


def _dates(found: Iterable[Citation], expected: Iterable[GoldCitation]) -> Figure | None:
    """Share of the documents found by number whose date is the one read."""
    dates: dict[str, set[str | None]] = {}
    for citation in found:
        if citation.number:
            dates.setdefault(number_key(citation.number), set()).add(citation.issued_on)
    checks: list[Fault | None] = []
    for document in expected:
        mine = dates.get(number_key(document.number))
        if mine is not None:
            shown = ", ".join(sorted(d or "–" for d in mine))
            fault = Fault(where=document.number, expected=document.issued_on, found=shown)
            checks.append(None if document.issued_on in mine else fault)
    return of_checks(checks) if checks else None


def _resolved(found: Iterable[Citation], named: Sequence[str]) -> Figure | None:
    """Share of the proper names whose citation leads to a document with that name."""
    if not named:
        return None
    titles = [
        words_key(" ".join(filter(None, (c.title, c.text, c.document.title))))
        for c in found
        if c.document is not None
    ]
    return of_checks(
        [
            None
            if any(words_key(name) in title for title in titles)
            else Fault(where=name, expected=name, found=None)
            for name in named
        ]
    )


def score_marks(documents: Iterable[MarkedText]) -> dict[str, Figure]:
    """Precision, recall and F1 of mentions (number equal, places overlap), and of their dates.

    Pooled over all documents, as every mention weighs the same. A document's own number in its
    head counts as no mention; where the text repeats it, it does.
    """
    hits = found_count = marked_count = 0
    missed: list[Fault] = []
    extra: list[Fault] = []
    dates: list[Fault | None] = []
    for document in documents:
        found = _found(document)
        free = set(range(len(found)))
        for mark in document.marks:
            hit = next((i for i in sorted(free) if _meets(found[i], mark)), None)
            if hit is None:
                where = f"{document.name}:{mark.start}"
                missed.append(Fault(where=where, expected=mark.number, found=None))
                continue
            free.discard(hit)
            if mark.issued_on is not None:
                mine = found[hit].issued_on
                fault = Fault(where=mark.number, expected=mark.issued_on, found=mine)
                dates.append(None if mine == mark.issued_on else fault)
        for i in sorted(free):
            where = f"{document.name}:{found[i].start}"
            extra.append(Fault(where=where, expected=None, found=found[i].number))
        hits += len(found) - len(free)
        found_count += len(found)
        marked_count += len(document.marks)
    both = f1(hits, found_count, marked_count)
    return {
        "precision": Figure(value=share(hits, found_count), faults=tuple(extra)),
        "recall": Figure(value=share(hits, marked_count), faults=tuple(missed)),
        "spans": Figure(value=both, faults=(*missed, *extra)),
        "dates": of_checks(dates),
    }


def _found(document: MarkedText) -> list[Citation]:
    """The numbered citations up to the limit, without the number in the document's head."""
    citations = [
        citation
        for citation in cite(document.text, header=Header(), basis=None)
        if citation.number and citation.start < document.limit
    ]
    own = number_key(document.own)
    if citations and number_key(citations[0].number) == own:
        return citations[1:]
    return citations


def _meets(citation: Citation, mark: Mark) -> bool:
    overlap = citation.start < mark.end and mark.start < citation.end
    return overlap and number_key(citation.number) == number_key(mark.number)


def load_marks(marks: Path | str, texts: Path | str) -> list[MarkedText]:
    """The marked documents; ``texts`` are the JSON Lines (``.gz``) that they are drawn from.

    Each line of ``texts`` has ``text`` and may have its own ``number``. Raises InputError for a
    file of another form and for a text that is not the marked one (SHA-256).
    """
    try:
        data = json.loads(Path(marks).read_text("utf-8"))
        with _opened(Path(texts)) as lines:
            rows = [json.loads(line) for line in lines]
        return [_marked(rows, row) for row in data["documents"]]
    except OSError as error:
        raise InputError(f"{error.filename}: không đọc được ({error.strerror}).") from None
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(f"{marks}: không phải tệp đánh dấu hợp lệ ({error}).") from None


def _opened(path: Path) -> Any:
    return gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open("rt")


def _marked(rows: Sequence[Mapping[str, Any]], data: Mapping[str, Any]) -> MarkedText:
    row = rows[data["index"]]
    text = row["text"]
    if hashlib.sha256(text.encode()).hexdigest() != data["sha256"]:
        raise ValueError(f"văn bản {data['index']} không phải văn bản đã đánh dấu")
    return MarkedText(
        name=str(data["index"]),
        text=text,
        own=row.get("number"),
        limit=data["limit"] or len(text),
        marks=tuple(
            Mark(m["start"], m["end"], m["number"], m["issued_on"]) for m in data["mentions"]
        ),
    )
