"""Summaries and comparisons as JSON, shaped as ``kh summarize`` and ``kh compare`` print them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse

from api.routes import Issuers, Levels, Provinces, Question, archive, stored_plan
from api.schemas import answers
from kh_nlp.model import to_dict
from kh_nlp.summaries import (
    Comparison,
    Length,
    Summary,
    compare,
    summarize_plan,
    summarize_query,
)
from kh_nlp.wording import read_levels, read_years

router = APIRouter(prefix="/api", default_response_class=JSONResponse)

PlanId = Annotated[str, Path(max_length=200, description="Mã kế hoạch.")]
Sentences = Annotated[int | None, Query(ge=1, le=200, description="Số câu nhiều nhất.")]
Words = Annotated[int | None, Query(ge=1, le=20_000, description="Số chữ (tiếng) nhiều nhất.")]


@router.get("/plans/{plan_id}/summary", summary="Tóm tắt một kế hoạch", **answers(Summary))
def plan_summary(
    request: Request, plan_id: PlanId, sentences: Sentences = None, words: Words = None
) -> Any:
    """Các câu nguyên văn nói được nhiều nhất về kế hoạch, mỗi câu kèm vị trí."""
    plan = stored_plan(request, plan_id)
    return JSONResponse(to_dict(summarize_plan(plan, Length(sentences=sentences, words=words))))


@router.get("/summary", summary="Tóm tắt câu trả lời qua nhiều kế hoạch", **answers(Summary))
def query_summary(
    request: Request,
    q: Question,
    sentences: Sentences = None,
    words: Words = None,
    level: Levels = None,
    province: Provinces = None,
    issuer: Issuers = None,
    year: Annotated[str | None, Query(max_length=20, description="2024 hoặc 2023:2026.")] = None,
) -> Any:
    """Các câu nguyên văn trả lời câu hỏi, mỗi câu kèm kế hoạch và vị trí."""
    found = summarize_query(
        archive(request).library,
        q,
        Length(sentences=sentences, words=words),
        years=read_years(year),
        levels=read_levels(level or ()),
        provinces=province or (),
        issuers=issuer or (),
    )
    return JSONResponse(to_dict(found))


@router.get("/compare", summary="So sánh hai kế hoạch", **answers(Comparison))
def comparison(
    request: Request,
    a: Annotated[str, Query(max_length=64, description="Mã kế hoạch thứ nhất.")],
    b: Annotated[str, Query(max_length=64, description="Mã kế hoạch thứ hai.")],
) -> Any:
    """Mục, nhiệm vụ, văn bản viện dẫn nào thêm, bớt, đổi giữa hai kế hoạch."""
    found = compare(stored_plan(request, a), stored_plan(request, b))
    return JSONResponse(to_dict(found))
