"""Trends and text reuse: JSON, files, the figure, and their pages."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.routes import Levels, Provinces, archive
from api.schemas import answers
from kh_nlp import exports, tables, wording
from kh_nlp import trends as room
from kh_nlp.errors import UsageError
from kh_nlp.model import to_dict
from kh_nlp.trends import ReuseAnswer, TrendAnswer, WordsAnswer

router = APIRouter(prefix="/api", default_response_class=JSONResponse)
pages = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Answer = TypeVar("Answer")

SHOWN = 12
_KEPT = 32
"""Answers kept in memory: they are worked out from all plans, and a page asks for its figure."""

_kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_guard = Lock()

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "png": "image/png",
    "svg": "image/svg+xml",
    "html": "text/html; charset=utf-8",
}
# A figure brings its own styles; as an image or a saved file it loads nothing else.
_FIGURE_POLICY = {"svg": "default-src 'none'; style-src 'unsafe-inline'"}

Of = Annotated[
    list[str] | None,
    Query(
        max_length=20,
        description="topic, form, body, document, replaced, abolished, hoặc cụm từ; lặp lại được.",
    ),
]
By = Annotated[str, Query(max_length=40, description="year, level, province; nối bằng dấu phẩy.")]
Measure = Annotated[
    Literal["plans", "units", "text"] | None,
    Query(description="Tỷ lệ kế hoạch, đơn vị, dung lượng."),
]
Compare = Annotated[
    list[str] | None,
    Query(max_length=2, description="Hai năm, khoảng năm, cấp hoặc tỉnh để so sánh."),
]
Sides = Annotated[
    list[str],
    Query(min_length=2, max_length=2, description="Hai bên: năm, khoảng năm, cấp hoặc tỉnh."),
]
Years = Annotated[
    str | None, Query(max_length=20, description="2024, 2023:2026, 2023: hoặc :2026.")
]
Seed = Annotated[int, Query(ge=0, le=2**31, description="Hạt giống ngẫu nhiên.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="Số nội dung.")]
Form = Annotated[
    Literal["json", "xlsx", "csv", "parquet", "png", "svg", "html"],
    Query(description="json; số liệu xlsx, csv, parquet; hình png, svg, html."),
]


@router.get("/trends", summary="Nội dung tăng, giảm theo năm, cấp, tỉnh", **answers(TrendAnswer))
def trend_answer(
    request: Request,
    of: Of = None,
    by: By = "year",
    measure: Measure = None,
    compare: Compare = None,
    year: Years = None,
    level: Levels = None,
    province: Provinces = None,
    limit: Limit = SHOWN,
    seed: Seed = room.SEED,
    format: Form = "json",
) -> Any:
    """Tỷ lệ với khoảng tin cậy, kiểm định thay đổi có hiệu chỉnh; `format` cho tệp và hình."""
    found = _trends(request, of, by, measure, compare, year, level, province, limit, seed, format)
    if format == "json":
        return JSONResponse(to_dict(found))
    if format in room.FIGURES:
        data = room.drawn_as(room.figure(found, wording.level_name), format)
    else:
        data = tables.written(exports.trend_tables(found), format)
    headers = {"Content-Security-Policy": _FIGURE_POLICY[format]} if format == "svg" else {}
    if format not in ("svg", "png"):
        headers["Content-Disposition"] = f'attachment; filename="xu-huong.{format}"'
    return Response(data, media_type=_TYPES[format], headers=headers)


@router.get("/words", summary="Từ ngữ phân biệt hai nhóm kế hoạch", **answers(WordsAnswer))
def telling_words(
    request: Request, compare: Sides,
    limit: Limit = 30, seed: Seed = room.SEED,
) -> Any:  # fmt: skip
    """Log-odds với tiên nghiệm Dirichlet; kiểm định hoán vị trên kế hoạch."""
    library = archive(request).library
    sides = wording.read_sides((compare[0], compare[1]))
    key = ("words", tuple(compare), limit, seed)
    return JSONResponse(
        to_dict(
            _remembered(
                request,
                key,
                lambda: room.telling_words(
                    room.chosen_plans(library), sides, limit=limit, seed=seed
                ),
            )
        )
    )


@router.get("/reuse", summary="Đoạn văn lấy lại của kế hoạch khác", **answers(ReuseAnswer))
def reuse(
    request: Request,
    plan: Annotated[str | None, Query(max_length=100, description="Mã kế hoạch.")] = None,
    source: Annotated[
        str,
        Query(alias="from", max_length=60, description="above, same, elsewhere, below hoặc all."),
    ] = "above",
    limit: Limit = 100,
) -> Any:
    """Mỗi cặp kế hoạch với các đoạn đặt cạnh nhau, số ngày sau, phần tự viết."""
    return JSONResponse(to_dict(_reuse(request, plan, source, limit)))


@pages.get("/trends")
def trend_page(
    request: Request,
    of: Annotated[str, Query(max_length=200)] = "topic",
    by: Annotated[str, Query(max_length=40)] = "year",
    measure: Annotated[str, Query(max_length=10)] = "",
    first: Annotated[str, Query(max_length=100)] = "",
    second: Annotated[str, Query(max_length=100)] = "",
    level: Annotated[str, Query(max_length=30)] = "",
    province: Annotated[str, Query(max_length=100)] = "",
    year: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The figure, the table of shares, and links to the files."""
    from api.pages import render

    compare = [first, second] if first.strip() and second.strip() else None
    given: list[tuple[str, str]] = [("of", of), ("by", by), ("measure", measure)]
    given += [("level", level), ("province", province), ("year", year)]
    given += [("compare", side) for side in compare or ()]
    asked = urlencode([(name, value) for name, value in given if value.strip()])
    answer = _trends(
        request, [of], by, wording.read_measure(measure or None), compare, year or None,
        [level] if level else None, [province] if province else None, SHOWN, room.SEED, "svg",
    )  # fmt: skip
    return render(
        "trends.html",
        {
            "answer": answer,
            "title": room.title(answer),
            "measure_name": room.MEASURES[answer.measure],
            "fields": {"of": of, "by": by, "measure": measure, "first": first, "second": second,
                       "level": level, "province": province, "year": year},
            "kinds": {kind: room.OF[kind] for kind in room.KINDS if kind != "word"},
            "groups": [_group(answer, at) for at in range(len(answer.groups))],
            "change_words": room.change_words,
            "percent": _percent,
            "shown": room.shown,
            "figure": f"/api/trends?{asked}&format=svg" if _drawable() and answer.labels else None,
            "files": {form: f"/api/trends?{asked}&format={form}"
                      for form in ("xlsx", "csv", "parquet", "json", "png", "svg", "html")},
        },
    )  # fmt: skip


@pages.get("/reuse")
def reuse_page(
    request: Request,
    plan: Annotated[str, Query(max_length=100)] = "",
    source: Annotated[str, Query(alias="from", max_length=60)] = "above",
) -> Response:
    """Pairs of plans with their passages side by side."""
    from api.layout import plan_url
    from api.pages import render

    return render(
        "reuse.html",
        {
            "answer": _reuse(request, plan or None, source, 50),
            "relations": wording.RELATIONS,
            "reused": wording.REUSED,
            "source": source,
            "pieces": _pieces,
            "plan_url": plan_url,
        },
    )


def _trends(
    request: Request,
    of: list[str] | None,
    by: str,
    measure: room.Measure | None,
    compare: list[str] | None,
    year: str | None,
    level: list[str] | None,
    province: list[str] | None,
    limit: int,
    seed: int,
    form: str,
) -> TrendAnswer:
    library = archive(request).library
    wanted = room.read_of(of or ())
    if wanted == ("word",):
        raise UsageError("Xét mọi từ ngữ cần nhiều thời gian; hãy dùng lệnh: kh trends --of word")
    if compare and len(compare) != 2:
        raise UsageError("So sánh cần đúng hai bên.")
    pair = (compare[0], compare[1]) if compare else None
    how = measure or room.usual_measure(wanted)
    levels = wording.read_levels(level or ())
    names = tuple(name for name in province or () if name.strip())
    key = (wanted, by, how, pair, year, levels, names, limit, seed)

    def made() -> TrendAnswer:
        plans = room.chosen_plans(
            library, years=wording.read_years(year), levels=levels, provinces=names
        )
        return room.trends(
            room.labelled(library, wanted, plans),
            of=", ".join(wanted),
            by=wording.read_dimensions(by),
            measure=how,
            compare=wording.read_sides(pair) if pair else None,
            limit=limit,
            seed=seed,
            level_name=wording.level_name,
        )

    answer = _remembered(request, key, made)
    words = room.command(
        [("--by", by), *(("--of", word) for word in wanted), ("--measure", measure),
         ("--compare", None), ("--year", year), *(("--level", code) for code in levels),
         *(("--province", name) for name in names),
         ("--limit", limit if limit != SHOWN else None),
         ("--seed", seed if seed != room.SEED else None),
         ("--out", f"xu-huong.{form}")], pair)  # fmt: skip
    return replace(answer, provenance=room.provenance(library, words, seed))


def _reuse(request: Request, plan: str | None, source: str, limit: int) -> ReuseAnswer:
    relations = wording.read_relations(source)
    library = archive(request).library
    return _remembered(
        request,
        ("reuse", plan, relations, limit),
        lambda: room.reuse(library, plan=plan, relations=relations, limit=limit),
    )


def _remembered(request: Request, key: tuple[Any, ...], made: Callable[[], Answer]) -> Answer:
    """The answer for this content of the library, worked out once."""
    place = archive(request)
    whole = (str(place.folder), room.library_hash(place.library), *key)
    with _guard:
        if whole in _kept:
            _kept.move_to_end(whole)
            found: Answer = _kept[whole]
            return found
    answer = made()
    with _guard:
        _kept[whole] = answer
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return answer


def _drawable() -> bool:
    """Whether figures can be drawn here (extra ``research``)."""
    from importlib.util import find_spec

    return find_spec("matplotlib") is not None


def _group(answer: TrendAnswer, at: int) -> str:
    group = answer.groups[at]
    parts = [str(group.year)] if group.year is not None else []
    parts += [wording.level_name(group.level)] if group.level else []
    parts += [group.province] if group.province else []
    return ", ".join(parts) or "Không rõ"


def _percent(value: float) -> str:
    return f"{value * 100:.{0 if value >= 0.1 or not value else 1}f}".replace(".", ",")


def _pieces(side: Any) -> list[tuple[str, bool]]:
    """A passage cut into (words, whether the other side has them not)."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in side.changed:
        pieces += [(side.text[at:start], False), (side.text[start:end], True)]
        at = end
    return [(text, new) for text, new in [*pieces, (side.text[at:], False)] if text]
