"""Commands around the library: demo, serve, doctor."""

from __future__ import annotations

import errno
import ipaddress
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kh_nlp.cli.options import (
    JsonOption,
    LibraryOption,
    RerankOption,
    library_folder,
    reranker,
)
from kh_nlp.cli.plans import progress_bar
from kh_nlp.cli.printing import complain, print_json
from kh_nlp.errors import KhError

if TYPE_CHECKING:
    from kh_nlp.library import Library

_ASKED_PROGRAMME = "Đề án 06"
_ASKED_SEARCH = "tập huấn cho công chức"


def demo(
    library: Annotated[
        Path | None,
        typer.Option(
            "--library", "-L", metavar="DIR", help="Thư mục thư viện (mặc định: indexes/demo)."
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Chỉ lập thư viện, không hỏi.")] = False,
) -> None:
    """Lập thư viện từ các kế hoạch mẫu rồi trả lời ba câu hỏi."""
    from kh_nlp.cli.samples import demo_folder, sample_files
    from kh_nlp.library import Library, ingest

    folder = library or demo_folder()
    with Library.open(folder, create=True) as opened:
        with progress_bar() as progress:
            report = ingest(opened, sample_files(), progress=progress)
        for path, line in report.failed:
            complain(path, line)
        if not quiet:
            typer.echo(f"Thư viện mẫu: {folder} ({len(opened.plans())} kế hoạch)")
            _ask_three(opened)
            typer.echo(f"\nMở trang web: make serve   hoặc: kh serve --library {folder}")
            typer.echo("rồi vào http://127.0.0.1:8000")
    if report.failed:
        raise typer.Exit(1)


def _ask_three(library: Library) -> None:
    from kh_nlp.cli.printing import print_coverage, print_documents, print_hits
    from kh_nlp.search import cited_documents, covers, search

    typer.echo(f"\n=== Kế hoạch nào đề cập {_ASKED_PROGRAMME}?   (kh covers “{_ASKED_PROGRAMME}”)")
    print_coverage(covers(library, _ASKED_PROGRAMME), library)
    typer.echo(f"\n=== Tìm “{_ASKED_SEARCH}”   (kh search “{_ASKED_SEARCH}”)")
    print_hits(search(library, _ASKED_SEARCH, limit=3), library)
    typer.echo("\n=== Văn bản nào được viện dẫn nhiều nhất?   (kh cite list)")
    print_documents(cited_documents(library, 5))


def serve(
    host: Annotated[str, typer.Option(metavar="ĐỊA CHỈ", help="Địa chỉ lắng nghe.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="CỔNG", help="Cổng.")] = 8000,
    allow_edit: Annotated[
        bool,
        typer.Option(
            "--allow-edit", help="Cho phép thêm, xóa, sửa kế hoạch qua API từ chính máy này."
        ),
    ] = False,
    rerank: RerankOption = None,
    library: LibraryOption = None,
) -> None:
    """Mở trang web và API trên máy này."""
    from kh_nlp.library import Library

    folder = library_folder(library)
    with Library.open(folder):
        pass  # a missing or newer library is told here, in one line, before the server starts
    judge = reranker(rerank)  # and so is a missing model
    listening = _listen(host, port)

    import uvicorn

    from api import create_app

    if not _loopback(host):
        complain(host, "trang web sẽ mở cho mọi máy tới được địa chỉ này; không có đăng nhập.")
    shown = f"[{host}]" if ":" in host else host
    where = f"http://{shown}:{listening.getsockname()[1]}"
    typer.echo(f"Trang web: {where}   (dừng: Ctrl+C)", err=True)
    application = create_app(folder, allow_edit=allow_edit, reranker=judge)
    config = uvicorn.Config(application, log_level="warning", server_header=False)
    uvicorn.Server(config).run(sockets=[listening])


def doctor(library: LibraryOption = None, json: JsonOption = False) -> None:
    """Kiểm tra bản cài đặt và thư viện."""
    from kh_nlp.cli.checks import installation
    from kh_nlp.library import Library, check
    from kh_nlp.model import to_dict

    folder = library_folder(library)
    findings = installation()
    if library is not None or folder.exists():
        with Library.open(folder) as opened:
            findings += check(opened)
    if json:
        print_json({"library": str(folder), "findings": to_dict(findings)})
    else:
        for finding in findings:
            mark = "đạt " if finding.ok else "thiếu" if finding.optional else "LỖI "
            typer.echo(f"{mark} {finding.message}")
        if library is None and not folder.exists():
            typer.echo(f"–    Chưa có thư viện ở {folder}; lập bằng: kh ingest THƯ_MỤC")
    if not all(finding.ok or finding.optional for finding in findings):
        raise typer.Exit(1)


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, made here so that a taken port is told in one line."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = "đang có chương trình khác dùng; chọn cổng khác bằng --port."
        else:
            reason = f"không mở được ({error.strerror or error})."
        raise KhError(f"Cổng {port} của {host} {reason}") from None


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
