"""The command ``kh``: reads arguments, calls the rooms, prints. No logic of its own.

Heavy packages are imported inside the commands that need them, so that ``kh --help`` is instant.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from kh_nlp.errors import KhError


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``kh`` with ``arguments`` (default: ``sys.argv[1:]``) and exit.

    Exit status: 0, 1 for bad input, 2 for bad usage, 130 when interrupted. An expected failure is
    one Vietnamese line on stderr.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = _run(sys.argv[1:] if arguments is None else list(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        status = _reader_gone()
    except SystemExit as stop:
        if not isinstance(stop.__context__, BrokenPipeError):
            raise
        status = _reader_gone()
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


def _reader_gone() -> int:
    """The reader (`| head`) has enough: no error. Without this Python reports one at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 0


def _run(arguments: list[str]) -> int:
    from kh_nlp.cli.commands import app
    from kh_nlp.cli.options import with_options
    from kh_nlp.cli.usage import explain

    try:
        result = app(args=arguments, prog_name="kh", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except KhError as error:
        print(f"kh: {with_options(str(error), error.fields)}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        raise
    except OSError as error:
        print(f"kh: {_reason(error)}", file=sys.stderr)
        return 1
    except Exception as error:
        if type(error).__module__ == "sqlite3":  # not imported for `kh --help`
            print(f"kh: Không đọc, ghi được thư viện: {error}. Xem: kh doctor", file=sys.stderr)
            return 1
        line = explain(error)
        if line is None:
            raise
        print(f"kh: {line}", file=sys.stderr)
        return 2


def _reason(error: OSError) -> str:
    """One Vietnamese line for a failure of the file system or the network."""
    where = f"“{error.filename}”: " if error.filename else ""
    reasons: dict[type[OSError], str] = {
        FileNotFoundError: "không có tệp hoặc thư mục này.",
        PermissionError: "không có quyền đọc hoặc ghi.",
        IsADirectoryError: "là thư mục, không phải tệp.",
        NotADirectoryError: "không phải là thư mục.",
        FileExistsError: "đã có sẵn.",
    }
    known = next((text for kind, text in reasons.items() if isinstance(error, kind)), None)
    return where + (known or f"lỗi hệ thống ({error.strerror or error}).")
