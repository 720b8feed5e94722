"""The commands ``kh topics`` and ``kh evaluate topics``."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kh_nlp.cli.options import (
    JsonOption,
    LevelOption,
    LibraryOption,
    ProvinceOption,
    YearOption,
    library_folder,
)
from kh_nlp.cli.printing import complain, print_json
from kh_nlp.errors import UsageError

if TYPE_CHECKING:
    from kh_nlp.evaluation import TopicFigures, TopicScores
    from kh_nlp.topics import Discovery, TopicAnswer, TopicUnit

SHOWN = 30
"""Units that are printed when no other number is asked for; files and JSON hold all."""

SchemeOption = Annotated[
    Path | None,
    typer.Option("--scheme", metavar="FILE", help="Bộ chủ đề của mình (TOML) thay cho bộ có sẵn."),
]


def topics(
    scheme: SchemeOption = None,
    topic: Annotated[
        str | None, typer.Option(metavar="MÃ", help="Liệt kê các mục, nhiệm vụ của một chủ đề.")
    ] = None,
    year: YearOption = None,
    level: LevelOption = None,
    province: ProvinceOption = None,
    discover: Annotated[
        bool, typer.Option("--discover", help="Tìm chủ đề ở các mục nằm ngoài bộ chủ đề.")
    ] = False,
    scheme_example: Annotated[
        bool, typer.Option("--scheme-example", help="In bộ chủ đề có sẵn để chép, sửa rồi dừng.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, metavar="N", help="Số dòng.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Ghi ra tệp .xlsx, .csv, .json; với --discover thêm .toml (bộ chủ đề mới).",
        ),
    ] = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Chủ đề của từng mục, nhiệm vụ: bao nhiêu mục, bao nhiêu kế hoạch, ví dụ."""
    from kh_nlp import topics as room
    from kh_nlp.library import Library
    from kh_nlp.model import to_dict
    from kh_nlp.wording import read_levels, read_years

    if scheme_example:
        typer.echo(room.example(), nl=False)
        return
    if discover and topic is not None:
        raise UsageError("Chỉ dùng một trong --topic và --discover.")
    endings = (".xlsx", ".csv", ".json", *([".toml"] if discover else ()))
    if out is not None and out.suffix.lower() not in endings:
        raise UsageError(f"Tệp “{out.name}” phải có đuôi {', '.join(endings)}.")
    chosen = room.load_scheme(scheme)
    filters: dict[str, Any] = {
        "years": read_years(year),
        "levels": read_levels(level or ()),
        "provinces": tuple(province or ()),
    }
    whole = json or out is not None
    answer: TopicAnswer | Discovery
    with Library.open(library_folder(library)) as opened:
        if discover:
            answer = room.discover(opened, chosen, limit=limit, **filters)
        else:
            most = limit or (None if whole else SHOWN)
            answer = room.topics(opened, chosen, topic=topic, limit=most, **filters)
    if out is not None:
        _write(answer, out)
    if json:
        print_json(to_dict(answer))
    elif out is not None:
        typer.echo(f"Đã ghi: {out}")
    else:
        _print(answer)


def _write(answer: TopicAnswer | Discovery, out: Path) -> None:
    import json

    from kh_nlp import tables
    from kh_nlp.model import to_dict
    from kh_nlp.topics import Discovery, as_scheme

    ending = out.suffix.lower()
    if ending == ".json":
        text = json.dumps(to_dict(answer), ensure_ascii=False, indent=2)
        out.write_text(text + "\n", encoding="utf-8")
    elif ending == ".toml" and isinstance(answer, Discovery):
        out.write_text(as_scheme(answer), encoding="utf-8")
    elif isinstance(answer, Discovery):
        tables.write([tables.discovery_table(answer)], out)
    else:
        tables.write(tables.topic_tables(answer), out)


def _print(answer: TopicAnswer | Discovery) -> None:
    from kh_nlp.topics import Discovery

    if not answer.units:
        typer.echo("Không có mục, nhiệm vụ nào hợp với bộ lọc.")
    elif isinstance(answer, Discovery):
        _print_discovery(answer)
    elif answer.topic is not None:
        _print_units(answer)
    else:
        _print_counts(answer)


def _print_counts(answer: TopicAnswer) -> None:
    from kh_nlp.cli.tables import print_rows

    depth: dict[str, int] = {}
    rows = []
    for one in answer.counts:
        depth[one.topic] = depth[one.parent] + 1 if one.parent else 0
        if one.example is not None:
            name = "  " * depth[one.topic] + one.name
            rows.append((one.topic, name, str(one.units), str(one.plans), _example(one.example)))
    print_rows(("Mã", "Chủ đề", "Mục", "Kế hoạch", "Ví dụ"), rows, (3, 5, 1, 2, 7))
    empty = [one.topic for one in answer.counts if one.example is None]
    typer.echo(
        f"{answer.units} mục, nhiệm vụ của {answer.plans} kế hoạch; {answer.without} không thuộc "
        "chủ đề nào (xem: --discover)."
    )
    if empty:
        typer.echo("Chưa gặp: " + ", ".join(empty) + ".")


def _print_units(answer: TopicAnswer) -> None:
    from kh_nlp.cli.tables import print_rows

    (count,) = answer.counts
    rows = [
        (f"{unit.score:.2f}".replace(".", ","), unit.text, _source(unit)) for unit in answer.found
    ]
    if rows:
        print_rows(("Điểm", "Nội dung", "Nguồn"), rows, (1, 7, 5))
    more = f"; in {len(rows)}, tất cả: --out chu-de.xlsx" if count.units > len(rows) else ""
    typer.echo(f"{count.name}: {count.units} mục, nhiệm vụ của {count.plans} kế hoạch{more}.")


def _print_discovery(answer: Discovery) -> None:
    from kh_nlp.cli.tables import print_rows

    rows = [
        (one.label, str(one.units), str(one.plans), _example(one.example)) for one in answer.topics
    ]
    if rows:
        print_rows(("Cụm từ tiêu biểu", "Mục", "Kế hoạch", "Ví dụ"), rows, (5, 1, 2, 7))
    typer.echo(
        f"{answer.outside} trong {answer.units} mục, nhiệm vụ nằm ngoài bộ chủ đề; "
        f"{len(answer.topics)} chủ đề phát hiện thêm, {answer.alone} mục đứng riêng."
    )
    if rows:
        typer.echo("Lấy làm bộ chủ đề để sửa: --discover --out chu-de.toml")


def _example(unit: TopicUnit) -> str:
    return f"{textwrap.shorten(unit.text, 110, placeholder=' …')}\n{_source(unit)}"


def _source(unit: TopicUnit) -> str:
    place = f"mục {unit.number}, " if unit.number else ""
    return f"{Path(unit.path).name}, {place}trang {unit.page}"


def evaluate(
    gold: Annotated[
        list[Path], typer.Option("--gold", metavar="FILE", help="Mục đã gán chủ đề (JSON).")
    ],
    plans: Annotated[
        list[Path] | None,
        typer.Option("--plans", metavar="PATH", help="Tệp, thư mục kế hoạch, vào thư viện tạm."),
    ] = None,
    scheme: SchemeOption = None,
    words_only: Annotated[
        bool, typer.Option("--words-only", help="Chỉ theo từ, không dùng véc-tơ.")
    ] = False,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """So chủ đề của các mục với chủ đề do người đọc gán."""
    from contextlib import ExitStack
    from tempfile import TemporaryDirectory

    from kh_nlp.evaluation import load_unit_topics, score_topics
    from kh_nlp.library import Library, ingest
    from kh_nlp.topics import assign, load_scheme

    chosen = load_scheme(scheme)
    labels = [unit for path in gold for unit in load_unit_topics(path)]
    with ExitStack() as stack:
        if plans:
            if library is not None:
                raise UsageError("Chỉ dùng một trong --plans và --library.")
            folder = stack.enter_context(TemporaryDirectory(prefix="kh-evaluate-"))
            opened = stack.enter_context(Library.open(Path(folder) / "library", create=True))
            for path, error in ingest(opened, plans).failed:
                complain(path, error)
        else:
            opened = stack.enter_context(Library.open(library_folder(library)))
        found = assign(opened, chosen, vectors=not words_only)
        scores = score_topics(opened, chosen, found, labels)
    if json:
        print_json(_scores_json(scores))
    else:
        _print_scores(scores, {topic.id: topic.name for topic in chosen.topics})


def _scores_json(scores: TopicScores) -> dict[str, Any]:
    from kh_nlp.model import to_dict

    def one(figures: TopicFigures) -> dict[str, Any]:
        values = {name: round(getattr(figures, name), 4) for name in ("precision", "recall", "f1")}
        return {**to_dict(figures), **values}

    return {
        "units": scores.units,
        "lost": list(scores.lost),
        "exact": round(scores.exact, 4),
        "micro": one(scores.micro),
        "topics": [one(figures) for figures in scores.topics],
        "differences": to_dict(scores.differences),
    }


def _print_scores(scores: TopicScores, names: dict[str, str]) -> None:
    from kh_nlp.cli.tables import print_rows

    rows = [
        (
            names.get(one.topic, "Tất cả (micro)"),
            str(one.both + one.missed),
            str(one.both + one.false),
            *(f"{value:.3f}".replace(".", ",") for value in (one.precision, one.recall, one.f1)),
        )
        for one in (*scores.topics, scores.micro)
    ]
    print_rows(("Chủ đề", "Người gán", "kh gán", "P", "R", "F1"), rows, ())
    exact = f"{100 * scores.exact:.1f}".replace(".", ",")
    typer.echo(f"{scores.units} mục, {exact}% trùng hoàn toàn.")
    if scores.lost:
        typer.echo(f"Không thấy {len(scores.lost)} mục: {', '.join(scores.lost[:5])}.")
