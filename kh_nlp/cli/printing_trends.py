"""Trends, telling words and text reuse for a terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import typer

from kh_nlp.cli.tables import print_rows
from kh_nlp.wording import LEVELS, RELATIONS, REUSED, day, level_name, shown_path

if TYPE_CHECKING:
    from kh_nlp.trends import Group, LabelTrend, ReuseAnswer, TrendAnswer, Word, WordsAnswer

_COLUMNS = 8
"""Groups that fit beside each other; more are printed below each other."""

_PASSAGES = 3
_ADDED = 6


def print_answer(answer: TrendAnswer) -> None:
    """Shares with their intervals, what the tests found, bursts, and what cannot be told."""
    from kh_nlp import trends as room

    typer.echo(f"{room.title(answer)}: {answer.plans} kế hoạch, {answer.units} đơn vị nội dung")
    typer.echo(f"{room.MEASURES[answer.measure]} (khoảng tin cậy 95 %)\n")
    if not answer.labels:
        typer.echo("Không có nội dung nào được đếm.")
    else:
        shown = _columns(answer)
        _wide(answer, shown) if len(shown) <= _COLUMNS else _long(answer)
        if len(shown) < len(answer.groups) and len(shown) <= _COLUMNS:
            typer.echo(
                f"Không in {len(answer.groups) - len(shown)} nhóm quá ít kế hoạch (tất cả: --out "
                "xu-huong.xlsx)."
            )
    for burst in answer.bursts:
        if burst.found:
            years = str(burst.first)
            if burst.last != burst.first:
                years += f"–{burst.last}"
            typer.echo(f"Bùng lên: {burst.name}, {years} (q = {room.shown(burst.q)})")
    if answer.tested:
        typer.echo(
            f"\nq: xác suất do ngẫu nhiên (hoán vị trên kế hoạch), hiệu chỉnh cho {answer.tested} "
            f"nội dung được xét; rõ khi q ≤ {room.shown(answer.level)}."
        )
    _warn(answer.warnings)


def _columns(answer: TrendAnswer) -> list[int]:
    """Groups to print: all where they fit, else those with enough plans."""
    every = list(range(len(answer.groups)))
    enough = [at for at in every if not answer.groups[at].few]
    return every if len(every) <= _COLUMNS or not enough else enough


def _wide(answer: TrendAnswer, shown: list[int]) -> None:
    groups = [answer.groups[at] for at in shown]
    heads = ["Nội dung", *(f"{_group(g)}\n({g.plans} KH)" for g in groups)]
    tested = any(label.change for label in answer.labels)
    rows = []
    for label in answer.labels:
        cells = [_shares(label, at) for at in shown]
        rows.append((label.name, *cells, *([_change(answer, label)] if tested else [])))
    ratios = (4, *(2 for _ in groups), *((4,) if tested else ()))
    print_rows([*heads, *(["Thay đổi"] if tested else [])], rows, ratios)


def _long(answer: TrendAnswer) -> None:
    rows = []
    for label in answer.labels:
        for share in label.shares:
            group = answer.groups[share.group]
            rows.append((label.name, _group(group), f"{share.plans}/{group.plans}",
                         _shares(label, share.group).replace("\n", "  ")))  # fmt: skip
        if label.change:
            rows.append(("", "→ " + _change(answer, label), "", ""))
    print_rows(("Nội dung", "Nhóm", "Kế hoạch", "Tỷ lệ"), rows, (4, 4, 1, 2))


def _group(group: Group) -> str:
    parts = [str(group.year)] if group.year is not None else []
    parts += [level_name(group.level)] if group.level else []
    parts += [group.province] if group.province else []
    return ", ".join(parts) or "Không rõ"


def _shares(label: LabelTrend, at: int) -> str:
    share = label.shares[at]
    digits = 0 if share.share >= 0.1 or not share.share else 1
    told = f"{share.share * 100:.{digits}f} %".replace(".", ",")
    if share.low is None or share.high is None:
        return told
    digits = 0 if share.high >= 0.1 else 1
    return f"{told}\n{share.low * 100:.{digits}f}–{share.high * 100:.{digits}f}".replace(".", ",")


def _change(answer: TrendAnswer, label: LabelTrend) -> str:
    from kh_nlp import trends as room

    mark = {True: "▲ ", False: "▼ "}
    known = label.change is not None and label.change.found
    return (mark[label.change.difference > 0] if known and label.change else "") + (
        room.change_words(answer, label)
    )


def print_words(answer: WordsAnswer) -> None:
    """Words of either side with z, counts and the corrected probability."""
    for name, plans, words in (
        (answer.compared[0], answer.plans[0], answer.first),
        (answer.compared[1], answer.plans[1], answer.second),
    ):
        typer.echo(f"\nTừ ngữ nghiêng về {name} ({plans} kế hoạch):")
        print_rows(
            ("Từ ngữ", "z", "Số lần", "Số kế hoạch", "q"), [_word(word) for word in words], ()
        )
    typer.echo(
        f"\nz: log-odds với tiên nghiệm Dirichlet; q: hoán vị trên kế hoạch, hiệu chỉnh cho "
        f"{answer.tested} từ ngữ. Có dấu * khi q ≤ {answer.level:g}".replace(".", ",", 1)
        + "."
    )
    _warn(answer.warnings)


def _word(word: Word) -> tuple[str, ...]:
    from kh_nlp import trends as room

    return (
        ("* " if word.found else "  ") + word.word,
        f"{abs(word.z):.1f}".replace(".", ","),
        f"{word.first:.0f} / {word.second:.0f}",
        f"{word.first_plans} / {word.second_plans}",
        room.shown(word.q),
    )


def print_reuse(answer: ReuseAnswer) -> None:
    """Pairs of plans, their first passages side by side, and what the taker wrote itself."""
    if not answer.pairs:
        typer.echo("Không có đoạn nào được lấy lại.")
    for pair in answer.pairs:
        days = "" if pair.days is None else f", sau {pair.days} ngày"
        share = f"{pair.share * 100:.0f} %"
        typer.echo(f"\n• {pair.taker.title or pair.taker.plan}")
        typer.echo(f"  {_origin(pair.taker.issuer, pair.taker.issued_on, pair.taker.level)}")
        typer.echo(f"  {RELATIONS[pair.relation]}{days}: {pair.words} tiếng, {share} kế hoạch")
        typer.echo(f"  nguồn: {pair.source.title or pair.source.plan}")
        typer.echo(f"  {_origin(pair.source.issuer, pair.source.issued_on, pair.source.level)}")
        rows = []
        for passage in pair.passages[:_PASSAGES]:
            nearer = f"\n(gần hơn ở {passage.nearer})" if passage.nearer else ""
            share = f"{passage.share * 100:.0f} %"
            rows.append(
                (
                    f"mục {passage.source.number or '–'}: {_short(passage.source.text)}",
                    f"mục {passage.taker.number or '–'}: {_short(passage.taker.text)}",
                    f"{REUSED[passage.how]}, {share}{nearer}",
                )
            )
        print_rows(("Nguồn", "Lấy lại", "Cách"), rows, (5, 5, 2))
        if len(pair.passages) > _PASSAGES:
            typer.echo(f"  … và {len(pair.passages) - _PASSAGES} đoạn khác.")
        own = [part for part in pair.added if part.number][:_ADDED]
        more = " …" if len(pair.added) > len(own) else ""
        typer.echo(
            f"  tự viết {len(pair.added)} mục: " + ", ".join(str(p.number) for p in own) + more
        )
        typer.echo(f"  {shown_path(pair.taker.path)}")
    shown = {RELATIONS[name]: count for name, count in answer.others.items() if count}
    if shown:
        told = "; ".join(f"{name}: {count}" for name, count in shown.items())
        typer.echo(f"\nSố cặp kế hoạch theo quan hệ: {told} (xem: --from all).")


def _origin(issuer: str | None, issued_on: str | None, level: str | None) -> str:
    parts = [issuer, LEVELS.get(level or ""), day(issued_on)]
    return " · ".join(part for part in parts if part)


def _short(text: str) -> str:
    return textwrap.shorten(text, 330, placeholder=" …")


def _warn(warnings: tuple[str, ...]) -> None:
    for text in warnings:
        typer.echo(f"Lưu ý: {text}")
