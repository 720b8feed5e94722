"""JSON routes of topics; the shapes are those of ``kh topics --json``."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from api.routes import Levels, Provinces, archive
from api.schemas import answers
from kh_nlp.model import to_dict
from kh_nlp.topics import Discovery, TopicAnswer

router = APIRouter(prefix="/api/topics", default_response_class=JSONResponse)

Years = Annotated[
    str | None, Query(max_length=20, description="2024, 2023:2026, 2023: hoặc :2026.")
]
Limit = Annotated[int, Query(ge=1, le=1000, description="Số kết quả.")]


def _filters(year: str | None, level: list[str] | None, province: list[str] | None) -> Any:
    from kh_nlp.wording import read_levels, read_years

    return {
        "years": read_years(year),
        "levels": read_levels(level or ()),
        "provinces": tuple(name for name in province or () if name.strip()),
    }


@router.get("", summary="Chủ đề của các mục, nhiệm vụ", **answers(TopicAnswer))
def topics(
    request: Request,
    topic: Annotated[
        str | None, Query(max_length=200, description="Mã chủ đề: kèm các mục của chủ đề đó.")
    ] = None,
    year: Years = None,
    level: Levels = None,
    province: Provinces = None,
    limit: Limit = 100,
) -> Any:
    """Số mục, số kế hoạch của mỗi chủ đề trong bộ có sẵn; với `topic` là các mục, rõ nhất trước."""
    from kh_nlp.topics import topics as ask

    answer = ask(
        archive(request).library, topic=topic, limit=limit, **_filters(year, level, province)
    )
    return JSONResponse(to_dict(answer))


@router.get("/discovered", summary="Chủ đề ngoài bộ có sẵn", **answers(Discovery))
def discovered(
    request: Request,
    year: Years = None,
    level: Levels = None,
    province: Provinces = None,
    limit: Limit = 50,
) -> Any:
    """Điểm chung của các mục không thuộc chủ đề nào, nêu bằng cụm từ tiêu biểu."""
    from kh_nlp.topics import discover

    answer = discover(archive(request).library, limit=limit, **_filters(year, level, province))
    return JSONResponse(to_dict(answer))
