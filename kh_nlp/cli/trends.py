"""Commands for researchers: ``kh trends``, ``kh reuse`` and ``kh export``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kh_nlp.cli.options import (
    JsonOption,
    LevelOption,
    LibraryOption,
    Many,
    ProvinceOption,
    YearOption,
    library_folder,
)
from kh_nlp.cli.printing import print_json
from kh_nlp.errors import UsageError

if TYPE_CHECKING:
    from kh_nlp.tables import Table
    from kh_nlp.topics import Scheme
    from kh_nlp.trends import Figure, TrendAnswer, WordFigure, WordsAnswer

SHOWN = 12

SchemeOption = Annotated[
    Path | None, typer.Option("--scheme", metavar="FILE", help="Bộ chủ đề riêng (TOML).")
]
SeedOption = Annotated[
    int, typer.Option("--seed", min=0, metavar="N", help="Hạt giống ngẫu nhiên (kết quả lặp lại).")
]


def trends(
    by: Annotated[
        str,
        typer.Option("--by", metavar="CHIỀU", help="year, level, province; nối bằng dấu phẩy."),
    ] = "year",
    of: Annotated[
        Many,
        typer.Option(
            "--of",
            metavar="GÌ",
            help="topic, form, body, document, replaced, abolished, word, hoặc cụm từ "
            "(lặp lại được).",
        ),
    ] = None,
    measure: Annotated[
        str | None,
        typer.Option(
            metavar="CÁCH",
            help="plans (tỷ lệ kế hoạch), units (tỷ lệ đơn vị nội dung), text (dung lượng).",
        ),
    ] = None,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="A B", help="Hai năm (2022 2025), khoảng năm, cấp hoặc tỉnh."),
    ] = None,
    words: Annotated[
        bool, typer.Option("--words", help="Từ ngữ phân biệt hai bên của --compare.")
    ] = False,
    within: Annotated[
        str | None,
        typer.Option(metavar="CHIỀU", help="Chỉ so trong cùng cấp, cùng tỉnh: level, province."),
    ] = None,
    year: YearOption = None,
    level: LevelOption = None,
    province: ProvinceOption = None,
    scheme: SchemeOption = None,
    replaced: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Cho --of replaced: bảng CSV gồm số văn bản cũ, số văn bản mới, ngày thay thế.",
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, max=100_000, metavar="N", help="Số nội dung.")
    ] = SHOWN,
    seed: SeedOption = 1,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Số liệu .xlsx, .csv, .parquet, .json; hình .png, .svg, .html."
        ),
    ] = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Nội dung nào tăng, giảm qua các năm, các cấp, các tỉnh; có khoảng tin cậy và kiểm định."""
    from kh_nlp import trends as room
    from kh_nlp import wording
    from kh_nlp.library import Library
    from kh_nlp.model import to_dict

    wanted = room.read_of(of or ())
    sides = wording.read_sides(compare) if compare else None
    if words and sides is None:
        raise UsageError("--words cần --compare, ví dụ: --words --compare 2022 2025.")
    how = wording.read_measure(measure) or room.usual_measure(wanted)
    parts = wording.read_dimensions(by)
    command = room.command(
        [("--by", None if words else by), *(("--of", word) for word in of or ()),
         ("--measure", measure), *([("--compare", None)] if compare else []),
         ("--words", "" if words else None), ("--within", within), ("--year", year),
         *(("--level", name) for name in level or ()),
         *(("--province", name) for name in province or ()), ("--scheme", scheme),
         ("--replaced", replaced),
         ("--limit", limit if limit != SHOWN else None), ("--seed", seed if seed != 1 else None),
         ("--library", library), ("--out", out)], compare)  # fmt: skip
    with Library.open(library_folder(library)) as opened:
        plans = room.chosen_plans(
            opened,
            years=wording.read_years(year),
            levels=wording.read_levels(level or ()),
            provinces=tuple(province or ()),
        )
        made = room.provenance(opened, command, seed)
        if words and sides:
            told = room.telling_words(plans, sides, limit=max(limit, 1), seed=seed)
            told = replace(told, provenance=made)
            _finish_words(told, out, json)
            return
        answer = room.trends(
            room.labelled(
                opened,
                wanted,
                plans,
                scheme=_scheme(scheme),
                replaced=room.read_replaced(replaced) if replaced else (),
            ),
            of=", ".join(wanted),
            by=parts,
            measure=how,
            compare=sides,
            within=wording.read_dimensions(within) if within else (),
            limit=limit,
            seed=seed,
            level_name=wording.level_name,
        )
    answer = replace(answer, provenance=made)
    if out is not None:
        _write_trends(answer, out)
    if json:
        print_json(to_dict(answer))
    elif out is not None:
        typer.echo(f"Đã ghi {len(answer.labels)} nội dung: {out}")
    else:
        from kh_nlp.cli.printing_trends import print_answer

        print_answer(answer)


def reuse(
    plan: Annotated[
        str | None, typer.Argument(metavar="ID", help="Chỉ những gì kế hoạch này lấy lại.")
    ] = None,
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="NGUỒN",
            help="above (cấp trên), same (cùng cấp), elsewhere, below hoặc all; nối bằng dấu phẩy.",
        ),
    ] = "above",
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, metavar="N", help="Số cặp kế hoạch.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Tệp .xlsx, .csv, .parquet hoặc .json.")
    ] = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Đoạn văn kế hoạch cấp dưới lấy lại của cấp trên: đặt cạnh nhau, sau bao lâu, thêm gì."""
    from kh_nlp import exports, tables, wording
    from kh_nlp import trends as room
    from kh_nlp.library import Library
    from kh_nlp.model import to_dict

    relations = wording.read_relations(source)
    with Library.open(library_folder(library)) as opened:
        answer = room.reuse(opened, plan=plan, relations=relations, limit=limit)
    if out is not None:
        tables.write(exports.reuse_tables(answer), out, tables.KINDS)
    if json:
        print_json(to_dict(answer))
    elif out is not None:
        typer.echo(f"Đã ghi {len(answer.pairs)} cặp kế hoạch: {out}")
    else:
        from kh_nlp.cli.printing_trends import print_reuse

        print_reuse(answer)


def export(
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="PATH", help="Tệp .xlsx, .json, .csv, .parquet hoặc thư mục."
        ),
    ],
    table: Annotated[
        Many,
        typer.Option(
            "--table",
            metavar="BẢNG",
            help="plans, sections, tasks, citations, topics, trends (lặp lại được; mặc định: "
            "tất cả).",
        ),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(metavar="DẠNG", help="xlsx, csv, parquet, json khi ghi vào thư mục."),
    ] = None,
    scheme: SchemeOption = None,
    library: LibraryOption = None,
) -> None:
    """Xuất toàn bộ thư viện: kế hoạch, mục, nhiệm vụ, viện dẫn, chủ đề, xu hướng."""
    from kh_nlp import exports
    from kh_nlp.library import Library

    names = tuple(name.strip() for text in table or () for name in text.split(",") if name.strip())
    with Library.open(library_folder(library)) as opened:
        files = exports.write_library(opened, out, names=names, kind=format, scheme=_scheme(scheme))
    for path in files:
        typer.echo(f"Đã ghi: {path}")


def _scheme(path: Path | None) -> Scheme | None:
    from kh_nlp.topics import load_scheme

    return load_scheme(path) if path is not None else None


def _write_trends(answer: TrendAnswer, out: Path) -> None:
    from kh_nlp import exports
    from kh_nlp import trends as room
    from kh_nlp.model import to_dict
    from kh_nlp.wording import level_name

    _write(
        out,
        lambda: to_dict(answer),
        lambda: exports.trend_tables(answer),
        lambda: room.figure(answer, level_name),
    )


def _finish_words(answer: WordsAnswer, out: Path | None, json: bool) -> None:
    from kh_nlp import exports
    from kh_nlp import trends as room
    from kh_nlp.model import to_dict

    if out is not None:
        _write(
            out,
            lambda: to_dict(answer),
            lambda: exports.words_tables(answer),
            lambda: room.word_figure(answer),
        )
    if json:
        print_json(to_dict(answer))
    elif out is not None:
        typer.echo(f"Đã ghi: {out}")
    else:
        from kh_nlp.cli.printing_trends import print_words

        print_words(answer)


def _write(
    out: Path,
    data: Callable[[], object],
    sheets: Callable[[], list[Table]],
    drawn: Callable[[], Figure | WordFigure],
) -> None:
    """A figure, a file of tables, or the answer itself as JSON, by the ending of ``out``."""
    from json import dumps

    from kh_nlp import tables
    from kh_nlp import trends as room

    kind = out.suffix.lower().removeprefix(".")
    if kind in room.FIGURES:
        room.write_figure(drawn(), out)
    elif kind == "json":
        out.write_text(dumps(data(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    else:
        tables.write(sheets(), out, (*tables.KINDS, *room.FIGURES))
