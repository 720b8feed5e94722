"""Routes that change the library: only with ``kh serve --allow-edit``, only from this machine."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Body, Depends, Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from api.routes import archive, stored_plan
from kh_nlp.model import to_dict


def from_this_machine(request: Request) -> None:
    """Refuse other machines, and pages of other sites open in a browser on this one.

    The ``Host`` header is checked because a foreign name may be made to point to 127.0.0.1, and
    the ``Origin`` because a foreign page may send requests to localhost.

    Raises:
        HTTPException: 403.
    """
    client = request.client.host if request.client else ""
    hosts = [client, request.url.hostname or ""]
    if origin := request.headers.get("origin"):
        hosts.append(urlsplit(origin).hostname or "")
    if not all(_local(host) for host in hosts):
        raise HTTPException(403, "Chỉ sửa được thư viện từ chính máy này.")


router = APIRouter(prefix="/api", dependencies=[Depends(from_this_machine)])


@router.post("/plans", summary="Thêm tệp hoặc thư mục trên máy này vào thư viện")
def ingest(
    request: Request, paths: Annotated[list[str], Body(embed=True, min_length=1, max_length=1000)]
) -> Any:
    """Nhận đường dẫn trên máy chủ; trả về số kế hoạch thêm, cập nhật, không đổi, lỗi."""
    from kh_nlp.library import ingest as take_in

    report = take_in(archive(request).library, paths)
    failed = [{"path": path, "error": line} for path, line in report.failed]
    return JSONResponse(to_dict(report) | {"failed": failed})


@router.delete("/plans/{plan_id}", summary="Xóa một kế hoạch khỏi thư viện")
def remove(request: Request, plan_id: Annotated[str, Path(max_length=200)]) -> Any:
    """Tệp gốc giữ nguyên."""
    stored = stored_plan(request, plan_id)
    return JSONResponse({"removed": archive(request).library.remove([stored.plan_id])})


class CorrectionRequest(BaseModel):
    """One thing to correct, with one or more of its fields; see `kh edit --help`."""

    model_config = ConfigDict(extra="forbid")

    target: Literal["header", "section", "task", "citation"]
    action: Literal["set", "remove", "add"] = "set"
    ref: str | None = Field(None, max_length=500, description="Số hoặc mã: II.1, t3, 76/NQ-CP.")
    values: dict[str, Any] = Field(
        default_factory=dict, max_length=20, description="Trường → giá trị đúng; null: không rõ."
    )
    start: str | int | None = Field(
        None, alias="from", description="Những chữ đầu của đoạn, hoặc vị trí trong văn bản."
    )
    end: str | int | None = Field(
        None, alias="to", description="Những chữ cuối của đoạn, hoặc vị trí trong văn bản."
    )
    by: str = Field(min_length=1, max_length=100, description="Người sửa.")
    note: str | None = Field(None, max_length=2000, description="Lý do.")


@router.post("/plans/{plan_id}/corrections", summary="Sửa chỗ máy đọc sai", status_code=201)
def correct(
    request: Request, plan_id: Annotated[str, Path(max_length=200)], wanted: CorrectionRequest
) -> Any:
    """Sửa phần đầu, mục, nhiệm vụ hoặc viện dẫn; sửa đổi được giữ khi nạp lại tệp."""
    from kh_nlp.library import Edit
    from kh_nlp.library import correct as put

    stored = stored_plan(request, plan_id)
    edit = Edit(
        target=wanted.target,
        action=wanted.action,
        ref=wanted.ref,
        values=wanted.values,
        start=wanted.start,
        end=wanted.end,
    )
    library = archive(request).library
    made = put(library, stored.plan_id, [edit], by=wanted.by, note=wanted.note)
    return JSONResponse({"plan": stored.plan_id, "corrections": to_dict(made)}, 201)


@router.get("/plans/{plan_id}/corrections", summary="Các sửa đổi của một kế hoạch")
def corrections(request: Request, plan_id: Annotated[str, Path(max_length=200)]) -> Any:
    """Ai, lúc nào, sửa gì, vì sao, còn hiệu lực không; kể cả sửa đổi đã hoàn tác."""
    from kh_nlp.library import corrections as listed

    stored = stored_plan(request, plan_id)
    found = listed(archive(request).library, stored.plan_id)
    return JSONResponse({"plan": stored.plan_id, "corrections": to_dict(found)})


@router.delete("/plans/{plan_id}/corrections/{number}", summary="Hoàn tác một sửa đổi")
def undo(
    request: Request,
    plan_id: Annotated[str, Path(max_length=200)],
    number: Annotated[int, Path(ge=1)],
    by: Annotated[str, Query(min_length=1, max_length=100, description="Người hoàn tác.")],
) -> Any:
    """Sửa đổi vẫn ở trong danh sách, kèm người và lúc hoàn tác."""
    from kh_nlp.library import undo as take_back

    stored = stored_plan(request, plan_id)
    taken = take_back(archive(request).library, stored.plan_id, number, by=by)
    return JSONResponse({"plan": stored.plan_id, "corrections": [to_dict(taken)]})


def _local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
