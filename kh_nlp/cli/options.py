"""Options that several commands share, and the library folder that they mean."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kh_nlp.errors import naming

if TYPE_CHECKING:
    from kh_nlp.embedding import Reranker
    from kh_nlp.rewriting import Model

Many = list[str] | None
"""Values of an option that may be given several times; None where it is not given."""

LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library",
        "-L",
        metavar="DIR",
        help="Thư mục thư viện (mặc định: $KH_LIBRARY, nếu không có thì indexes/default).",
    ),
]
NoOcrOption = Annotated[
    bool,
    typer.Option("--no-ocr", help="Không nhận dạng chữ trong bản quét (trang chỉ có ảnh bị bỏ)."),
]
NoRestoreOption = Annotated[
    bool,
    typer.Option("--no-restore", help="Giữ nguyên văn bản mất dấu, không phục hồi."),
]
YearOption = Annotated[
    str | None, typer.Option("--year", metavar="NĂM", help="2024, 2023:2026, 2023: hoặc :2026.")
]
LevelOption = Annotated[
    Many,
    typer.Option(
        "--level",
        metavar="CẤP",
        help="central, province, province_agency, district, commune; hoặc xã, …",
    ),
]
ProvinceOption = Annotated[
    Many, typer.Option("--province", metavar="TỈNH", help="Tên tỉnh, thành phố.")
]
IssuerOption = Annotated[Many, typer.Option("--issuer", metavar="TÊN", help="Cơ quan ban hành.")]
RerankOption = Annotated[
    str | None,
    typer.Option(
        "--rerank",
        metavar="TÊN",
        envvar="KH_RERANKER",
        help="Mô hình cross-encoder (đường dẫn hoặc tên) xếp lại 50 kết quả đầu.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="In JSON (UTF-8) cho máy đọc.")]
LlmUrlOption = Annotated[
    str | None,
    typer.Option(
        "--llm-url",
        metavar="URL",
        help="Máy chủ tương thích OpenAI, như http://localhost:11434/v1 (hoặc $KH_LLM_URL; "
        "khóa truy cập: $KH_LLM_KEY).",
    ),
]
LlmModelOption = Annotated[
    str | None,
    typer.Option("--llm-model", metavar="TÊN", help="Tên mô hình (hoặc $KH_LLM_MODEL)."),
]
LlmPlainHttpOption = Annotated[
    bool,
    typer.Option("--llm-plain-http", help="Chấp nhận http:// không mã hóa tới máy khác."),
]


def language_model(url: str | None, name: str | None, plain_http: bool) -> Model:
    """The model of ``--llm-…``, else of the environment; UsageError where none is named."""
    from kh_nlp.rewriting import configured

    return configured(url, name, plain_http=plain_http)


def with_options(text: str, fields: tuple[str, ...]) -> str:
    """A message of a room with the options of its fields, as "Chưa rõ tỉnh (--province)."."""
    return naming(text, fields, {field: f"--{field.replace('_', '-')}" for field in fields})


def library_folder(given: Path | None) -> Path:
    """The folder of ``--library``, else of ``$KH_LIBRARY``, else ``indexes/default``."""
    return given or Path(os.environ.get("KH_LIBRARY") or Path("indexes") / "default")


def reranker(name: str | None) -> Reranker | None:
    """The cross-encoder of this name or path, None for none; KhError where there is no such one."""
    if not name:
        return None
    from kh_nlp.embedding import load_reranker

    return load_reranker(name)
