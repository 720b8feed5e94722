"""Routes that change the library: only with ``kh serve --allow-edit``, only from this machine."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Body, Depends, Path, Request
from fastapi.responses import JSONResponse
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


def _local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
