"""JSON routes that read the library; the shapes are those of ``kh … --json``."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.archive import Archive
from api.schemas import answers
from kh_nlp.checking import CheckAnswer, check_answer
from kh_nlp.embedding import Reranker
from kh_nlp.errors import InputError, UsageError
from kh_nlp.library import today
from kh_nlp.model import Plan, to_dict
from kh_nlp.search import CitedDocument, CoverAnswer, SearchAnswer

QUERY_LENGTH = 500
"""Longest query in characters; longer ones are refused, not cut."""
FILE_SIZE = 20_000_000
"""Largest file in bytes that ``POST /api/parse`` reads."""

router = APIRouter(prefix="/api", default_response_class=JSONResponse)

Question = Annotated[
    str, Query(min_length=1, max_length=QUERY_LENGTH, description="Câu hỏi, có dấu hoặc không dấu.")
]
_MANY = 50  # values of one filter
Kinds = Annotated[
    list[str] | None, Query(max_length=_MANY, description="section, task hoặc plan; lặp lại được.")
]
Levels = Annotated[
    list[str] | None,
    Query(
        max_length=_MANY,
        description="central, province, province_agency, district, commune; lặp lại được.",
    ),
]
Provinces = Annotated[
    list[str] | None, Query(max_length=_MANY, description="Tên tỉnh, thành phố; lặp lại được.")
]
Issuers = Annotated[
    list[str] | None, Query(max_length=_MANY, description="Cơ quan ban hành; lặp lại được.")
]
Agencies = Annotated[
    list[str] | None,
    Query(max_length=_MANY, description="Cơ quan chủ trì hoặc phối hợp; lặp lại được."),
]
Understandings = Annotated[
    list[str] | None,
    Query(
        max_length=_MANY,
        description="year, province, place, level, issuer, agency, phrase, exclude, spelling: "
        "`without` không suy ra loại này, `apply` lọc cả khi mới gợi ý; lặp lại được.",
    ),
]


def archive(request: Request) -> Archive:
    """The archive that this application was made for."""
    found: Archive = request.app.state.archive
    return found


def chosen_reranker(request: Request, wanted: bool) -> Reranker | None:
    """The cross-encoder of this server where one is wanted.

    Raises:
        UsageError: the server was started without one.
    """
    if not wanted:
        return None
    found: Reranker | None = request.app.state.reranker
    if found is None:
        raise UsageError(
            "Máy chủ này chưa có mô hình xếp lại; người chạy máy chủ chọn bằng "
            "kh serve --rerank TÊN hoặc biến KH_RERANKER."
        )
    return found


def stored_plan(request: Request, plan_id: str) -> Plan:
    """The plan with this id.

    Raises:
        HTTPException: 404, there is none.
    """
    try:
        return archive(request).library.plan(plan_id)
    except UsageError as error:
        raise HTTPException(404, str(error)) from None


def cited_document(request: Request, key: str) -> CitedDocument:
    """The document with this key and every place that cites it.

    Raises:
        HTTPException: 404, no plan cites it.
    """
    from kh_nlp.search import cited_by

    try:
        return cited_by(archive(request).library, key)
    except UsageError as error:
        raise HTTPException(404, str(error)) from None


@router.get("/search", summary="Tìm mục và nhiệm vụ trả lời câu hỏi", **answers(SearchAnswer))
def search(
    request: Request,
    q: Question,
    kind: Kinds = None,
    year: Annotated[
        str | None, Query(max_length=20, description="2024, 2023:2026, 2023: hoặc :2026.")
    ] = None,
    level: Levels = None,
    province: Provinces = None,
    issuer: Issuers = None,
    agency: Agencies = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Số kết quả.")] = 10,
    literal: Annotated[bool, Query(description="Không suy ra bộ lọc từ câu hỏi.")] = False,
    without: Understandings = None,
    apply: Understandings = None,
    this_year: Annotated[
        int | None, Query(ge=1950, le=2100, description="Năm nay, để hiểu “2 năm gần đây”.")
    ] = None,
    everyday: Annotated[bool, Query(description="Thêm từ hành chính.")] = False,
    explain: Annotated[bool, Query(description="Kèm vì sao ở mỗi kết quả.")] = False,
    rerank: Annotated[
        bool, Query(description="Xếp lại 50 kết quả đầu bằng mô hình mà máy chủ đã chọn.")
    ] = False,
) -> Any:
    """Tìm lai (từ khóa và ngữ nghĩa); các bộ lọc áp dụng trong khi tìm."""
    from kh_nlp.search import search as ask
    from kh_nlp.wording import read_kinds, read_levels, read_years

    answer = ask(
        archive(request).library,
        _question(q),
        kinds=read_kinds(kind or ()),
        years=read_years(year),
        levels=read_levels(level or ()),
        provinces=_given(province),
        issuers=_given(issuer),
        agencies=_given(agency),
        limit=limit,
        understanding=not literal,
        without=_given(without),
        apply=_given(apply),
        this_year=this_year,
        everyday=everyday,
        explain=explain,
        reranker=chosen_reranker(request, rerank),
    )
    return JSONResponse(to_dict(answer))


@router.get("/covers", summary="Kế hoạch nào đề cập một văn bản, đề án", **answers(CoverAnswer))
def covers(request: Request, q: Question) -> Any:
    """Trả lời theo khóa (cites), theo tên (names) và theo nghĩa (treats), kèm bằng chứng."""
    from kh_nlp.search import covers as ask

    return JSONResponse(to_dict(ask(archive(request).library, _question(q))))


@router.get("/plans", summary="Các kế hoạch trong thư viện")
def plans(request: Request) -> Any:
    """Liệt kê kế hoạch, không kèm toàn văn."""
    return JSONResponse({"plans": to_dict(archive(request).library.plans())})


@router.get("/plans/{plan_id}", summary="Một kế hoạch", **answers(Plan))
def plan(
    request: Request, plan_id: Annotated[str, Path(max_length=200, description="Mã kế hoạch.")]
) -> Any:
    """Toàn bộ bản ghi của một kế hoạch, như `kh parse` in ra; `today` là tên gọi hiện nay."""
    found = stored_plan(request, plan_id)
    return JSONResponse({**to_dict(found), "today": to_dict(today(found))})


@router.get("/citations", summary="Văn bản được viện dẫn, nhiều nhất trước")
def citations(
    request: Request, limit: Annotated[int, Query(ge=1, le=10_000, description="Số văn bản.")] = 100
) -> Any:
    """Mỗi văn bản kèm số kế hoạch và số lần viện dẫn."""
    from kh_nlp.search import cited_documents

    documents = cited_documents(archive(request).library, limit)
    return JSONResponse({"documents": to_dict(documents)})


@router.get("/citations/{key:path}", summary="Ai viện dẫn một văn bản", **answers(CitedDocument))
def citation(
    request: Request, key: Annotated[str, Path(max_length=500, description="Khóa văn bản.")]
) -> Any:
    """Văn bản theo khóa, với mọi chỗ viện dẫn."""
    return JSONResponse(to_dict(cited_document(request, key)))


@router.post(
    "/parse",
    summary="Phân tích một tệp gửi lên, không lưu lại",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string"}}},
        }
    },
    **answers(Plan),
)
async def parse(
    request: Request,
    name: Annotated[str, Query(max_length=200, description="Tên tệp, để biết định dạng.")] = (
        "ke-hoach.txt"
    ),
) -> Any:
    """Thân yêu cầu là nội dung tệp (.txt, .md). Tệp tạm được xóa ngay sau khi đọc."""
    from starlette.concurrency import run_in_threadpool

    return JSONResponse(to_dict(await run_in_threadpool(_parse, await _body(request), name)))


@router.post(
    "/check",
    summary="Tìm lỗi trong dự thảo gửi lên, không lưu lại",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string"}}},
        }
    },
    **answers(CheckAnswer),
)
async def check(
    request: Request,
    name: Annotated[str, Query(max_length=200, description="Tên tệp, để biết định dạng.")] = (
        "du-thao.txt"
    ),
    superior: Annotated[
        str | None, Query(max_length=100, description="Mã kế hoạch cấp trên trong thư viện.")
    ] = None,
    source: Annotated[
        list[str] | None,
        Query(max_length=_MANY, description="Mã kế hoạch nguồn trong thư viện; lặp lại được."),
    ] = None,
) -> Any:
    """Thân yêu cầu là nội dung tệp dự thảo; so với thư viện của máy chủ."""
    from starlette.concurrency import run_in_threadpool

    content = await _body(request)

    def answer() -> CheckAnswer:
        return check_answer(
            _parse(content, name),
            library=archive(request).library,
            superior=stored_plan(request, superior) if superior else None,
            sources=[stored_plan(request, plan) for plan in source] if source else None,
        )

    return JSONResponse(to_dict(await run_in_threadpool(answer)))


async def _body(request: Request) -> bytes:
    """The body of the request, refused before it is held in memory when it is too large."""
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > FILE_SIZE:
            raise InputError(f"Tệp lớn hơn {FILE_SIZE // 1_000_000} MB.")
        pieces.append(piece)
    return b"".join(pieces)


def _parse(content: bytes, name: str) -> Plan:
    import dataclasses
    import tempfile
    from pathlib import Path as File

    from kh_nlp.pipeline import read_plan
    from kh_nlp.reading import FORMATS

    shown = File(name.replace("\\", "/")).name or "ke-hoach.txt"
    with tempfile.TemporaryDirectory(prefix="kh-") as folder:
        # The file keeps only the ending of its name: the name itself comes from outside.
        suffix = File(shown).suffix.lower()
        path = File(folder) / f"upload{suffix if suffix in FORMATS else '.txt'}"
        path.write_bytes(content)
        try:
            parsed: Plan = read_plan(path)
        except InputError as error:
            raise type(error)(str(error).replace(str(path), shown)) from None
    source = dataclasses.replace(parsed.source, path=shown)
    return dataclasses.replace(parsed, source=source)


def _question(query: str) -> str:
    if not query.strip():
        raise UsageError("Câu hỏi trống.")
    return query


def _given(values: list[str] | None) -> tuple[str, ...]:
    return tuple(value for value in values or () if value.strip())
