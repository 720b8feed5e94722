"""The pages, rendered on the server; they need no script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path as File
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api import layout
from api.chips import chips
from api.marking import highlighted
from api.routes import QUERY_LENGTH, archive, chosen_reranker, cited_document, stored_plan
from kh_nlp import wording
from kh_nlp.errors import UsageError
from kh_nlp.library import Library, PlanSummary, today
from kh_nlp.search import CitedDocument, CoverAnswer
from kh_nlp.summaries import Length, aspect_names, summarize_plan

SUMMARY = 8
"""Sentences of the summary on the page of a plan."""
_STEP = 20

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
_templates = Environment(
    loader=FileSystemLoader(File(__file__).resolve().parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals.update(
    LEVELS=wording.LEVELS,
    COVERAGE=wording.COVERAGE,
    ORIGINS=wording.ORIGINS,
    STATUSES=wording.STATUSES,
    day=wording.day,
    shown_path=wording.shown_path,
    unit_name=wording.unit_name,
    body_start=wording.body_start,
    document_name=wording.document_name,
    plan_url=layout.plan_url,
    document_url=layout.document_url,
    highlighted=highlighted,
    query_length=QUERY_LENGTH,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of a filter: how many plans have it, and whether it is chosen."""

    value: str
    name: str
    plans: int
    chosen: bool


@router.get("/")
def search_page(
    request: Request,
    q: Annotated[str, Query(max_length=QUERY_LENGTH)] = "",
    kind: Annotated[str, Query(max_length=20)] = "",
    since: Annotated[str, Query(alias="from", max_length=4)] = "",
    until: Annotated[str, Query(alias="to", max_length=4)] = "",
    level: Annotated[list[str] | None, Query(max_length=10)] = None,
    province: Annotated[str, Query(max_length=100)] = "",
    issuer: Annotated[str, Query(max_length=300)] = "",
    n: Annotated[int, Query(ge=1, le=200)] = _STEP,
    literal: bool = False,
    without: Annotated[list[str] | None, Query(max_length=20)] = None,
    apply: Annotated[list[str] | None, Query(max_length=20)] = None,
    rerank: bool = False,
) -> Response:
    """Search with filters; without a query, what the library holds."""
    from kh_nlp.search import cited_documents, covers, search

    library = archive(request).library
    plans = library.plans()
    levels = wording.read_levels(level or ())
    context: dict[str, Any] = {
        "q": q.strip(),
        "plans": plans,
        "kinds": _choices(((k, wording.UNITS[k]) for k in ("section", "task")), {}, (kind,)),
        "since": _years(plans, since),
        "until": _years(plans, until),
        "levels": _named(plans, "level", levels, wording.LEVELS),
        "provinces": _named(plans, "province", (province,)),
        "issuers": _named(plans, "issuer", (issuer,)),
        "answer": None,
        "coverage": None,
        "documents": (),
        "more": None,
        "chips": (),
        "literal": None,
        "rerank": rerank,
        "can_rerank": request.app.state.reranker is not None,
    }
    if not context["q"]:
        context["documents"] = cited_documents(library, 8)
        return _page("search.html", context)
    answer = search(
        library,
        context["q"],
        kinds=wording.read_kinds((kind,)),
        years=wording.read_years(f"{since}:{until}" if since or until else None),
        levels=levels,
        provinces=_given(province),
        issuers=_given(issuer),
        limit=n,
        understanding=not literal,
        without=without or (),
        apply=apply or (),
        reranker=chosen_reranker(request, rerank),
    )
    fields = [(k, v) for k, v in request.query_params.multi_items() if k != "n"]
    context["chips"] = chips(answer.understood, fields)
    if context["chips"]:
        context["literal"] = "/?" + urlencode([*fields, ("literal", "1")])
    if len(answer.hits) == n < 200:
        context["more"] = "/?" + urlencode([*fields, ("n", str(min(200, n + _STEP)))])
    coverage = covers(library, context["q"])
    if _names_a_document(coverage):
        context |= {"coverage": coverage, "documents": _known(library, coverage.keys)}
    context["answer"] = answer
    return _page("search.html", context)


@router.get("/plans/{plan_id}")
def plan_page(
    request: Request,
    plan_id: Annotated[str, Path(max_length=200)],
    mark: Annotated[str, Query(max_length=40, pattern=r"^(\d{1,9}-\d{1,9})?$")] = "",
) -> Response:
    """One plan: outline, tasks, text with its citations."""
    plan = stored_plan(request, plan_id)
    start, _, end = mark.partition("-")
    marks = ((int(start), int(end)),) if mark else ()
    cited: dict[str, list[Any]] = {}
    for citation in plan.citations:
        key = citation.document.key if citation.document else citation.text
        cited.setdefault(key, []).append(citation)
    parts = layout.parts(plan, marks)
    context = {
        "plan": plan,
        "today": wording.today_lines(today(plan)),
        "parts": parts,
        "found": layout.first_mark(parts),
        "cited": list(cited.values()),
        "summary": summarize_plan(plan, Length(sentences=SUMMARY)).sentences,
        "aspects": aspect_names(),
        "numbers": {section.id: section.number for section in plan.sections},
        "link": layout.citation_link,
    }
    return _page("plan.html", context)


@router.get("/documents")
def document_page(request: Request, key: Annotated[str, Query(max_length=500)]) -> Response:
    """One cited document: who cites it, what it cites, its place, and its line of *căn cứ*."""
    from kh_nlp import network as net

    document = cited_document(request, key)
    library = archive(request).library
    whole = net.load_network(library)
    place = net.chain(whole, key, limit=8)
    context = {
        "document": document,
        "line": net.basis_line(library, key),
        "sentences": {(s.plan, s.start): s for s in net.citing_sentences(library, key)},
        "place": place,
        "cited": net.cites(whole, key, limit=60) if place.start.plan else None,
        "together": net.similar(whole, key, limit=5).cocited,
    }
    return _page("document.html", context)


@router.get("/api")
def interface_page(request: Request) -> Response:
    """The JSON routes, from the OpenAPI document."""
    return _page("interface.html", {"paths": request.app.openapi()["paths"]})


def render(template: str, context: dict[str, Any], status: int = 200) -> Response:
    """A page of another module of pages."""
    return _page(template, context, status)


def failure(request: Request, status: int, message: str) -> Response:
    """The page of an error."""
    return _page("failure.html", {"status": status, "message": message}, status)


def _page(template: str, context: dict[str, Any], status: int = 200) -> Response:
    return HTMLResponse(_templates.get_template(template).render(context), status)


def _known(library: Library, keys: Sequence[str]) -> list[CitedDocument]:
    from kh_nlp.search import cited_by

    found: list[CitedDocument] = []
    for key in keys:
        with suppress(UsageError):  # a document of the registry that no plan here cites
            found.append(cited_by(library, key))
    return found


def _names_a_document(coverage: CoverAnswer) -> bool:
    return bool(coverage.keys) or any(p.coverage in ("cites", "names") for p in coverage.plans)


def _named(
    plans: Sequence[PlanSummary],
    attribute: str,
    chosen: Sequence[str],
    names: Any = None,
) -> list[Choice]:
    counts = Counter(value for plan in plans if (value := getattr(plan, attribute)))
    if names is not None:
        return _choices(((code, name) for code, name in names.items()), counts, chosen)
    return _choices(((value, value) for value in sorted(counts)), counts, chosen)


def _choices(
    values: Iterable[tuple[str, str]], counts: dict[str, int], chosen: Sequence[str]
) -> list[Choice]:
    return [
        Choice(value=value, name=name, plans=counts.get(value, 0), chosen=value in chosen)
        for value, name in values
        if not counts or value in counts or value in chosen
    ]


def _years(plans: Sequence[PlanSummary], chosen: str) -> list[Choice]:
    counts = Counter(str(plan.year) for plan in plans if plan.year)
    return _choices(((year, year) for year in sorted(counts, reverse=True)), counts, (chosen,))


def _given(value: str) -> tuple[str, ...]:
    return (value,) if value.strip() else ()
