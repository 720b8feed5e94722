"""Help pages, usage errors and the words that filters understand."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from kh_nlp import __version__
from kh_nlp.cli import main
from kh_nlp.errors import UsageError
from kh_nlp.wording import day, read_kinds, read_levels, read_years

HEAVY = ("torch", "sentence_transformers", "underthesea", "sklearn", "scipy", "faiss", "numpy")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    out, err = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    return stop.value.code, out, err


def test_help_lists_the_commands_in_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["-h"], []):
        status, out, err = run(capsys, *arguments)
        assert (status, err) == (0, "")
        assert out.startswith("Cách dùng: kh [TÙY CHỌN] LỆNH")
        assert re.search(r"^  covers +Kế hoạch nào đề cập", out, re.M)
        assert "Usage" not in out and "Options" not in out and "Commands" not in out


@pytest.mark.parametrize(
    "command",
    [
        "parse",
        "ingest",
        "remove",
        "show",
        "search",
        "covers",
        "demo",
        "serve",
        "doctor",
        "cite",
        "check",
    ],
)
def test_every_help_page_is_vietnamese(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, command, "--help")
    assert status == 0
    for word in ("Usage", "Options:", "Arguments:", "Show this", "required", "default:", "<str>"):
        assert word not in out


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom kh_nlp.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stderr.strip() == "[]"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version") == (0, f"kh_nlp {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["timkiem"], "kh: Không có lệnh “timkiem”. Xem: kh --help"),
        (["search"], "kh: Thiếu đối số QUERY. Xem: kh search --help"),
        (["parse"], "kh: Thiếu đối số FILE. Xem: kh parse --help"),
        (["cite"], "kh: Thiếu tên lệnh. Xem: kh cite --help"),
        (["search", "a", "b"], "kh: Thừa đối số: b. Xem: kh search --help"),
        (
            ["search", "a", "--limt", "3"],
            "kh: Không có tùy chọn --limt. Có phải --limit, --literal? Xem: kh search --help",
        ),
        (
            ["search", "a", "--limit", "0"],
            "kh: Giá trị của tùy chọn --limit không hợp lệ: phải từ 1. Xem: kh search --help",
        ),
        (
            ["search", "a", "--limit", "ba"],
            "kh: Giá trị của tùy chọn --limit không hợp lệ: phải là số nguyên. "
            "Xem: kh search --help",
        ),
        (["search", "  "], "kh: Câu hỏi trống."),
        (["covers", ""], "kh: Câu hỏi trống."),
        (["covers", "\udcff\udcfe"], "kh: Câu hỏi không viết theo UTF-8."),
        (["search", "a" * 501], "kh: Câu hỏi dài quá 500 ký tự."),
        (
            ["search", "a", "--year", "2026:2023"],
            "kh: Khoảng năm “2026:2023” kết thúc trước khi bắt đầu.",
        ),
        (
            ["search", "a", "--level", "thôn"],
            "kh: Cấp hành chính “thôn” không có; chọn trong: central, province, province_agency, "
            "district, commune.",
        ),
    ],
)
def test_bad_usage_is_one_line_and_status_2(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, *arguments) == (2, "", line + "\n")


def test_filters_understand_codes_and_words() -> None:
    assert read_levels(["xã, commune", "Cấp tỉnh"]) == ("commune", "province")
    assert read_levels(["so nganh"]) == ("province_agency",)
    assert read_kinds(["nhiệm vụ,section"]) == ("task", "section")
    assert read_kinds([""]) == ()


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2024", (2024, 2024)),
        ("2023:2026", (2023, 2026)),
        ("2023-2026", (2023, 2026)),
        ("2023:", (2023, None)),
        (":2026", (None, 2026)),
        ("", None),
        (None, None),
    ],
)
def test_years(text: str | None, years: tuple[int | None, int | None] | None) -> None:
    assert read_years(text) == years


@pytest.mark.parametrize("text", ["24", "hai nghìn", ":", "2023:2024:2025"])
def test_years_that_are_none(text: str) -> None:
    with pytest.raises(UsageError):
        read_years(text)


def test_days_as_vietnamese_write_them() -> None:
    assert day("2026-01-16") == "16/01/2026"
    assert day("2026-01") == "01/2026"
    assert day(None) == ""
