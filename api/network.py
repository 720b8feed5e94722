"""JSON routes and files of the citation network; the shapes are those of ``kh cite … --json``."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from api.routes import Levels, Provinces, archive
from api.schemas import answers
from kh_nlp import network as net
from kh_nlp.errors import UsageError
from kh_nlp.model import to_dict

router = APIRouter(prefix="/api/network", default_response_class=JSONResponse)
pages = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Name = Annotated[
    str,
    Query(
        alias="id",
        min_length=1,
        max_length=500,
        description="Khóa văn bản, mã kế hoạch hoặc số, ký hiệu.",
    ),
]
Around = Annotated[
    str | None, Query(max_length=500, description="Chỉ phần quanh kế hoạch, văn bản này.")
]
Years = Annotated[
    str | None, Query(max_length=20, description="2024, 2023:2026, 2023: hoặc :2026.")
]
Depth = Annotated[int, Query(ge=1, le=20, description="Số bước viện dẫn.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="Số kết quả.")]

_TYPES = {
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}


def _network(request: Request) -> net.Network:
    return net.load_network(archive(request).library)


def _part(
    request: Request,
    plan: str | None,
    depth: int,
    year: str | None,
    level: list[str] | None,
    province: list[str] | None,
) -> net.Network:
    from kh_nlp.wording import read_levels, read_years

    whole = _network(request)
    if plan is not None:
        _known(whole, plan)
    return net.select(
        whole,
        around=plan,
        depth=depth,
        years=read_years(year),
        levels=read_levels(level or ()),
        provinces=tuple(name for name in province or () if name.strip()),
    )


def _known(network: net.Network, name: str) -> str:
    try:
        network.find(name)
    except UsageError as error:
        raise HTTPException(404, str(error)) from None
    return name


@router.get("", summary="Mạng viện dẫn thành tệp")
def whole(
    request: Request,
    format: Annotated[
        str, Query(pattern="^(json|graphml|gexf|csv)$", description="json, graphml, gexf, csv.")
    ] = "json",
    plan: Around = None,
    depth: Depth = 1,
    year: Years = None,
    level: Levels = None,
    province: Provinces = None,
) -> Any:
    """Nút là văn bản, cạnh là quan hệ viện dẫn; lọc theo kế hoạch viện dẫn."""
    part = _part(request, plan, depth, year, level, province)
    text = net.exported(part, f".{format}")
    if format == "json":
        return JSONResponse(json.loads(text))
    name = f'attachment; filename="mang-vien-dan.{format}"'
    return Response(text, media_type=_TYPES[format], headers={"Content-Disposition": name})


@router.get("/links", summary="Viện dẫn gì và được ai viện dẫn")
def links(request: Request, name: Name, depth: Depth = 1, limit: Limit = 100) -> Any:
    """Hai chiều, qua một hay nhiều bước."""
    whole = _network(request)
    _known(whole, name)
    return JSONResponse(
        {
            "cites": to_dict(net.cites(whole, name, depth=depth, limit=limit)),
            "cited_by": to_dict(net.cited_by(whole, name, depth=depth, limit=limit)),
        }
    )


@router.get("/chain", summary="Chuỗi căn cứ lên văn bản Trung ương", **answers(net.Place))
def chain(request: Request, name: Name, limit: Limit = 20) -> Any:
    """Đi từ cấp dưới lên cấp trên; kèm số kế hoạch ở bên dưới."""
    whole = _network(request)
    return JSONResponse(to_dict(net.chain(whole, _known(whole, name), limit=limit)))


@router.get(
    "/similar", summary="Kế hoạch cùng căn cứ, văn bản đi cùng nhau", **answers(net.Similar)
)
def similar(request: Request, name: Name, limit: Limit = 10) -> Any:
    """Ghép thư mục (cùng viện dẫn) và đồng viện dẫn (cùng được viện dẫn)."""
    whole = _network(request)
    return JSONResponse(to_dict(net.similar(whole, _known(whole, name), limit=limit)))


@router.get("/top", summary="Văn bản được viện dẫn nhiều nhất", **answers(net.Ranking))
def top(
    request: Request,
    by: Annotated[
        str,
        Query(
            max_length=20,
            description="year, level, province; plans, pagerank, authority hoặc hub.",
        ),
    ] = "plans",
    limit: Limit = 10,
) -> Any:
    """Theo năm, cấp, tỉnh của kế hoạch viện dẫn, hoặc theo một thước đo."""
    return JSONResponse(to_dict(net.top(_network(request), by, limit=limit)))


@router.get("/missing", summary="Văn bản được viện dẫn mà thư viện chưa có")
def missing(
    request: Request,
    minimum: Annotated[int, Query(alias="min", ge=1, description="Ít nhất mấy kế hoạch.")] = 2,
    level: Levels = None,
    limit: Limit = 100,
) -> Any:
    """Nhiều kế hoạch viện dẫn nhất trước."""
    from kh_nlp.wording import read_levels

    levels = read_levels(level or ())
    found = net.missing(_network(request), minimum=minimum, limit=limit, levels=levels)
    return JSONResponse({"documents": to_dict(found)})


@router.get(
    "/stale", summary="Kế hoạch còn viện dẫn văn bản đã bị thay thế", **answers(net.StaleAnswer)
)
def stale(request: Request) -> Any:
    """Chỉ dựa trên điều văn bản nêu rõ; không có thì nói là không kết luận được."""
    return JSONResponse(to_dict(net.stale(_network(request))))


@router.get("/orphans", summary="Kế hoạch không có liên hệ viện dẫn")
def orphans(request: Request) -> Any:
    """Kèm số chỗ viện dẫn chưa xác định được văn bản."""
    return JSONResponse({"plans": to_dict(net.orphans(_network(request)))})


@router.get("/sentences", summary="Những câu viện dẫn một văn bản")
def sentences(request: Request, name: Name, limit: Limit = 200) -> Any:
    """Câu chứa từng chỗ viện dẫn; limit tính theo số kế hoạch."""
    whole = _network(request)
    key = whole.nodes[whole.find(_known(whole, name))].id
    found = net.citing_sentences(archive(request).library, key, limit=limit)
    return JSONResponse({"sentences": to_dict(found)})


@router.get("/line", summary="Dòng căn cứ để chép vào dự thảo", **answers(net.BasisLine))
def line(request: Request, name: Name) -> Any:
    """Chỉ gồm điều các văn bản in ra; điều chưa biết nêu ở missing."""
    _known(_network(request), name)
    return JSONResponse(to_dict(net.basis_line(archive(request).library, name)))


@pages.get("/network")
def picture(
    request: Request,
    plan: Around = None,
    depth: Depth = 1,
    year: Years = None,
    level: Levels = None,
    province: Provinces = None,
) -> Response:
    """The picture of the network. It brings its own style, allowed by its hash and nothing else."""
    part = _part(request, plan, depth, year, level, province)
    page = net.page(part, home="/")
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.S)
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})
