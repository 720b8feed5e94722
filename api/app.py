"""The application: routes, pages, security headers and errors.

It works offline: pages load one style sheet of our own, no script, no font, and the interactive
documentation of FastAPI, which loads scripts from elsewhere, is replaced by a page of our own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from api import clusters, drafts, edits, network, pages, routes, summaries, tables, topics, trends
from api.archive import Archive
from api.schemas import describe
from kh_nlp import __version__
from kh_nlp.embedding import Reranker
from kh_nlp.errors import KhError, LibraryError, UsageError

_HERE = Path(__file__).resolve().parent
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_REASONS = {404: "Không có trang này.", 405: "Địa chỉ này không nhận phương thức đó."}


def create_app(
    library: str | Path, *, allow_edit: bool = False, reranker: Reranker | None = None
) -> FastAPI:
    """The application over the library folder ``library``.

    With ``allow_edit`` plans can be added, corrected and removed by requests from this machine.
    ``reranker`` is what ``rerank=true`` turns on; no request can name another one. A
    folder that is no library gives an error answer (503) until it is one.
    """
    app = FastAPI(
        title="kh_nlp",
        version=__version__,
        summary="Tra cứu kho kế hoạch của cơ quan nhà nước",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.archive = Archive(Path(library))
    app.state.allow_edit = allow_edit
    app.state.reranker = reranker
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    app.include_router(routes.router)
    if allow_edit:
        app.include_router(edits.router)
    app.include_router(pages.router)
    app.include_router(network.router)
    app.include_router(topics.router)
    app.include_router(tables.router)
    app.include_router(clusters.router)
    app.include_router(clusters.pages)
    app.include_router(summaries.router)
    app.include_router(tables.pages)
    app.include_router(drafts.router)
    app.include_router(drafts.pages)
    app.include_router(network.pages)
    app.include_router(trends.router)
    app.include_router(trends.pages)
    describe(app)

    @app.middleware("http")
    async def secure(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await call_next(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)  # the picture has a policy of its own
        return response

    @app.exception_handler(KhError)
    async def expected(request: Request, error: KhError) -> Response:
        return _failure(request, _status(error), str(error), error.fields)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return _failure(request, 422, "; ".join(_fault(item) for item in error.errors()))

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        plain = error.detail == HTTPStatus(error.status_code).phrase
        message = _REASONS.get(error.status_code, error.detail) if plain else error.detail
        return _failure(request, error.status_code, message)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        # The server logs the traceback; the visitor sees no inner detail.
        response = _failure(request, 500, "Lỗi trong chương trình; xem nhật ký của máy chủ.")
        response.headers.update(_HEADERS)
        return response

    return app


def _status(error: KhError) -> int:
    if isinstance(error, LibraryError):
        return 503
    if isinstance(error, UsageError):
        return 400
    return 422


def _fault(item: dict[str, object]) -> str:
    """One Vietnamese clause for a fault that pydantic found in a parameter."""
    where = item.get("loc")
    name = where[-1] if isinstance(where, tuple) and where else "?"
    limits = item.get("ctx")
    limits = limits if isinstance(limits, dict) else {}
    kind = str(item.get("type"))
    words = {
        "missing": "bắt buộc",
        "string_too_long": f"dài quá {limits.get('max_length')} ký tự",
        "string_too_short": "không được để trống",
        "int_parsing": "phải là số nguyên",
        "greater_than_equal": f"phải từ {limits.get('ge')} trở lên",
        "less_than_equal": f"không quá {limits.get('le')}",
    }
    return f"“{name}” {words.get(kind, 'không hợp lệ')}"


def _failure(request: Request, status: int, message: str, fields: tuple[str, ...] = ()) -> Response:
    """The page of a fault; as JSON also the parameters of the request that it speaks of."""
    if request.url.path.startswith("/api/"):
        named = {"fields": list(fields)} if fields else {}
        return JSONResponse({"error": {"status": status, "message": message, **named}}, status)
    return pages.failure(request, status, message)
