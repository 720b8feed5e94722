"""Tasks of all plans and the coverage report: JSON, files for Excel, and their pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.routes import QUERY_LENGTH, Issuers, Levels, Provinces, Question, archive
from api.schemas import answers
from kh_nlp import tables, wording
from kh_nlp.errors import UsageError
from kh_nlp.model import to_dict
from kh_nlp.search import CoverReport, TaskAnswer, covers, read_due, report, tasks

router = APIRouter(prefix="/api", default_response_class=JSONResponse)
pages = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

SHOWN = 100
"""Rows on the page of tasks; the files hold all."""

Form = Annotated[
    Literal["json", "xlsx", "csv"], Query(description="json, hoặc tệp xlsx, csv cho Excel.")
]
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
Bodies = Annotated[list[str] | None, Query(max_length=50, description="Tên cơ quan; lặp lại được.")]
Due = Annotated[
    str | None, Query(max_length=30, description="2026, 2026-Q1, 2026-01 hoặc 2026-01:2026-03.")
]
Years = Annotated[
    str | None, Query(max_length=20, description="2024, 2023:2026, 2023: hoặc :2026.")
]
About = Annotated[str | None, Query(max_length=200, description="Cụm từ có trong nhiệm vụ.")]
By = Annotated[
    Literal["year", "province", "level"] | None,
    Query(description="Đếm theo year, province hoặc level."),
]


@router.get("/tasks", summary="Nhiệm vụ của mọi kế hoạch, theo thời hạn", **answers(TaskAnswer))
def task_list(
    request: Request,
    agency: Bodies = None,
    partner: Bodies = None,
    due: Due = None,
    level: Levels = None,
    province: Provinces = None,
    year: Years = None,
    issuer: Issuers = None,
    about: About = None,
    limit: Annotated[int | None, Query(ge=1, le=100_000, description="Số dòng.")] = None,
    format: Form = "json",
) -> Any:
    """Lọc theo cơ quan chủ trì, phối hợp, thời hạn, nơi ban hành; `format` cho tệp Excel."""
    answer = tasks(
        archive(request).library,
        agencies=agency or (),
        partners=partner or (),
        due=read_due(due),
        levels=wording.read_levels(level or ()),
        provinces=province or (),
        years=wording.read_years(year),
        issuers=issuer or (),
        about=about,
        limit=limit,
    )
    if format == "json":
        return JSONResponse(to_dict(answer))
    return table_file([tables.task_table(answer)], "nhiem-vu", format)


@router.get("/coverage", summary="Bảng bao phủ của một văn bản, đề án", **answers(CoverReport))
def coverage_report(request: Request, q: Question, by: By = None, format: Form = "json") -> Any:
    """Mỗi kế hoạch: viện dẫn, nêu tên, có nội dung liên quan hay không; đếm theo `by`."""
    found = _report(request, q, by)
    if format == "json":
        return JSONResponse(to_dict(found))
    return table_file(tables.coverage_tables(found), "bao-phu", format)


@pages.get("/tasks")
def task_page(
    request: Request,
    agency: Annotated[str, Query(max_length=200)] = "",
    partner: Annotated[str, Query(max_length=200)] = "",
    due: Annotated[str, Query(max_length=30)] = "",
    level: Annotated[str, Query(max_length=30)] = "",
    province: Annotated[str, Query(max_length=100)] = "",
    year: Annotated[str, Query(max_length=20)] = "",
    issuer: Annotated[str, Query(max_length=300)] = "",
    about: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The table of tasks with its filters and links to the files."""
    from api.pages import render

    fields = {
        "agency": agency, "partner": partner, "due": due, "level": level, "province": province,
        "year": year, "issuer": issuer, "about": about,
    }  # fmt: skip
    answer = tasks(
        archive(request).library,
        agencies=(agency,),
        partners=(partner,),
        due=read_due(due),
        levels=wording.read_levels((level,)),
        provinces=(province,),
        years=wording.read_years(year),
        issuers=(issuer,),
        about=about,
        limit=SHOWN,
    )
    given = {name: value for name, value in fields.items() if value.strip()}
    context = {
        "fields": fields,
        "answer": answer,
        "due_words": wording.due_words,
        "files": {form: "/api/tasks?" + urlencode({**given, "format": form}) for form in _TYPES},
    }
    return render("tasks.html", context)


@pages.get("/coverage")
def coverage_page(
    request: Request,
    q: Annotated[str, Query(max_length=QUERY_LENGTH)],
    by: Literal["year", "province", "level"] = "year",
) -> Response:
    """The coverage report as a page."""
    from api.pages import render

    found = _report(request, q, by)
    context = {
        "report": found,
        "groups": tables.group_table(found),
        "q": q,
        "by": by,
        "files": {
            form: "/api/coverage?" + urlencode({"q": q, "by": by, "format": form})
            for form in _TYPES
        },
    }
    return render("coverage.html", context)


def _report(request: Request, query: str, by: str | None) -> CoverReport:
    if not query.strip():
        raise UsageError("Câu hỏi trống.")
    library = archive(request).library
    return report(covers(library, query), library.plans(), by)


def table_file(found: Sequence[tables.Table], name: str, form: str) -> Response:
    """Sheets as a file to save."""
    return Response(
        tables.written(found, form),
        media_type=_TYPES[form],
        headers={"Content-Disposition": f"attachment; filename={quote(f'{name}.{form}')}"},
    )
