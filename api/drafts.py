"""Drafts: JSON, files, and the page on which one is asked for."""

from __future__ import annotations

from io import BytesIO
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.routes import archive, stored_plan
from api.schemas import answers
from kh_nlp import drafting, wording
from kh_nlp.drafting.docx import save_docx
from kh_nlp.errors import UsageError, naming
from kh_nlp.model import to_dict

router = APIRouter(prefix="/api", default_response_class=JSONResponse)
pages = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Words = Annotated[str, Query(max_length=500, description="Tên kế hoạch.")]
Topic = Annotated[str, Query(max_length=300, description="Chủ đề để tìm, thay cho tên kế hoạch.")]
Issuer = Annotated[str, Query(max_length=300, description="Cơ quan ban hành.")]
Year = Annotated[int, Query(ge=1950, le=2100, description="Năm kế hoạch.")]
Level = Annotated[str, Query(max_length=30, description="Cấp; mặc định đọc từ tên cơ quan.")]
Province = Annotated[str, Query(max_length=100, description="Tỉnh, thành phố.")]
Like = Annotated[
    list[str] | None, Query(max_length=20, description="Mã kế hoạch mẫu; lặp lại được.")
]
Superior = Annotated[
    str | None, Query(max_length=100, description="Mã kế hoạch cấp trên trong thư viện.")
]


LABELS = {
    "title": "Tên kế hoạch",
    "issuer": "Cơ quan ban hành",
    "year": "Năm",
    "province": "Tỉnh, thành phố",
    "level": "Cấp",
    "topic": "Chủ đề khác tên",
    "like": "Mã kế hoạch mẫu",
}
"""The input boxes of the page, which messages of the room are told by."""


@router.get("/draft", summary="Dự thảo kế hoạch, mỗi câu có nguồn", **answers(drafting.Draft))
def draft(
    request: Request,
    issuer: Issuer,
    year: Year,
    title: Words = "",
    topic: Topic = "",
    level: Level = "",
    province: Province = "",
    like: Like = None,
    superior: Superior = None,
    format: Annotated[
        Literal["json", "docx", "md"], Query(description="json, hoặc tệp docx, md.")
    ] = "json",
    sources: Annotated[
        Literal["comments", "annex", "none"], Query(description="Nguồn trong tệp Word.")
    ] = "comments",
) -> Any:
    """Soạn từ các kế hoạch tương tự trong thư viện; không lưu lại gì."""
    made = _made(request, title, issuer, year, topic, level, province, like, superior)
    if format == "json":
        return JSONResponse(to_dict(made))
    if format == "md":
        text = drafting.markdown(made, sources=sources != "none")
        return Response(text, media_type="text/markdown; charset=utf-8", headers=_named("md"))
    content = BytesIO()
    save_docx(made, content, sources=sources)
    return Response(content.getvalue(), media_type=_WORD, headers=_named("docx"))


@pages.get("/draft")
def draft_page(
    request: Request,
    title: Annotated[str, Query(max_length=500)] = "",
    topic: Annotated[str, Query(max_length=300)] = "",
    issuer: Annotated[str, Query(max_length=300)] = "",
    year: Annotated[str, Query(max_length=4)] = "",
    level: Annotated[str, Query(max_length=30)] = "",
    province: Annotated[str, Query(max_length=100)] = "",
    like: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """The form and, once title, issuer and year are given, the draft with its sources."""
    from api.pages import render

    fields = {
        "title": title, "topic": topic, "issuer": issuer, "year": year, "level": level,
        "province": province, "like": like,
    }  # fmt: skip
    models = [plan.strip() for plan in like.split(",") if plan.strip()]
    made, fault = None, None
    if issuer.strip() and (title.strip() or topic.strip()):
        try:
            if not year.strip().isdigit():
                raise UsageError("Hãy ghi năm kế hoạch bằng bốn chữ số.", fields=("year",))
            made = _made(request, title, issuer, int(year), topic, level, province, models, None)
        except UsageError as error:
            fault = _labelled(str(error), error.fields)
    given = {name: value for name, value in fields.items() if value.strip() and name != "like"}
    files = {
        form: f"/api/draft?{urlencode({**given, 'like': models, 'format': form}, doseq=True)}"
        for form in ("docx", "md", "json")
    }
    context: dict[str, Any] = {
        "fields": fields,
        "draft": made,
        "fault": fault,
        "files": files,
        "note": _note,
        "labels": LABELS,
        "labelled": _labelled,
    }
    return render("draft.html", context)


def _made(
    request: Request,
    title: str,
    issuer: str,
    year: int,
    topic: str,
    level: str,
    province: str,
    like: list[str] | None,
    superior: str | None,
) -> drafting.Draft:
    levels = wording.read_levels((level,)) if level.strip() else ()
    asked = drafting.Request(
        title=title,
        issuer=issuer,
        year=year,
        topic=topic.strip() or None,
        level=levels[0] if levels else None,  # type: ignore[arg-type]  # read_levels knows them
        province=province.strip() or None,
        like=tuple(like or ()),
    )
    over = stored_plan(request, superior) if superior else None
    return drafting.draft(archive(request).library, asked, superior=over)


def _labelled(text: str, fields: tuple[str, ...]) -> str:
    """A message of the room with the input boxes that it speaks of."""
    return naming(text, fields, {field: f"ô “{label}”" for field, label in LABELS.items()})


def _note(paragraph: drafting.Paragraph) -> str:
    """What was put in place of the source's words, for the page."""
    return "; ".join(f"“{c.was}” → “{c.now}”" for c in paragraph.changes)


def _named(suffix: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="du-thao.{suffix}"'}
