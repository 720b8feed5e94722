"""Trends, telling words and text reuse as tables; the last is the one that a CSV file holds."""

from __future__ import annotations

from collections.abc import Sequence

from kh_nlp.tables import Cell, Table
from kh_nlp.trends import MEASURES, Provenance, ReuseAnswer, TrendAnswer, WordsAnswer
from kh_nlp.wording import LEVELS, RELATIONS, REUSED


def trend_tables(answer: TrendAnswer) -> list[Table]:
    """Where it comes from, bursts, tests, and a row for each label and group."""
    tables = [source_table(answer.warnings, answer.provenance)]
    if answer.bursts:
        tables.append(_bursts(answer))
    if answer.tested:
        tables.append(_changes(answer))
    return [*tables, _shares(answer)]


def source_table(warnings: Sequence[str], made: Provenance | None) -> Table:
    """Command, library and seed, and what the answer cannot tell."""
    rows: list[tuple[Cell, ...]] = [("Lưu ý", text) for text in warnings]
    if made is not None:
        rows += [
            ("Lệnh", made.command), ("Thư viện", made.library), ("Seed", made.seed),
            ("Phiên bản", f"kh_nlp {made.version}"),
        ]  # fmt: skip
    return Table(
        name="Nguồn", columns=(("Mục", 14), ("Nội dung", 100)), rows=tuple(rows),
        keys=("item", "text"),
    )  # fmt: skip


def _shares(answer: TrendAnswer) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for label in answer.labels:
        for share in label.shares:
            group = answer.groups[share.group]
            rows.append(
                (
                    label.label, label.name, group.year, LEVELS.get(group.level or ""),
                    group.province, _round(share.share), _round(share.low), _round(share.high),
                    share.plans, share.units, group.plans, _round(group.weight),
                    _round(group.effective), "có" if group.few else None,
                )
            )  # fmt: skip
    return Table(
        name="Tỷ lệ",
        columns=(
            ("Mã", 20), ("Nội dung", 40), ("Năm", 8), ("Cấp", 16), ("Tỉnh, thành phố", 18),
            (MEASURES[answer.measure], 14), ("Cận dưới 95 %", 10), ("Cận trên 95 %", 10),
            ("Số kế hoạch có", 10), ("Số đơn vị có", 10), ("Số kế hoạch của nhóm", 10),
            ("Kế hoạch theo thời gian", 10), ("Kế hoạch tương đương", 10), ("Quá ít", 8),
        ),
        rows=tuple(rows),
        keys=("label", "name", "year", "level", "province", answer.measure + "_share", "low",
              "high", "plans_with", "units_with", "plans", "weight", "effective", "few"),
    )  # fmt: skip


def _changes(answer: TrendAnswer) -> Table:
    compared = answer.compared
    size = f"Chênh lệch ({compared[1]} trừ {compared[0]})" if compared else "Thay đổi mỗi năm"
    return Table(
        name="Thay đổi",
        columns=(("Mã", 20), ("Nội dung", 40), ("Số kế hoạch", 10), ("Số đơn vị", 10), (size, 16),
                 ("p", 10), ("q (Benjamini–Hochberg)", 14), ("p tính đúng", 10), ("Kết luận", 14)),
        rows=tuple(
            (
                label.label, label.name, label.plans, label.units,
                _round(label.change.difference), _round(label.change.p, 6),
                _round(label.change.q, 6), "có" if label.change.exact else None,
                ("tăng" if label.change.difference > 0 else "giảm")
                if label.change.found else "chưa rõ",
            )
            for label in answer.labels
            if label.change is not None
        ),
        keys=("label", "name", "plans", "units", "change", "p", "q", "exact", "verdict"),
    )  # fmt: skip


def _bursts(answer: TrendAnswer) -> Table:
    return Table(
        name="Bùng lên",
        columns=(("Mã", 20), ("Nội dung", 40), ("Từ năm", 8), ("Đến năm", 8), ("Độ mạnh", 10),
                 ("p", 10), ("q (Benjamini–Hochberg)", 14), ("Kết luận", 14)),
        rows=tuple(
            (b.label, b.name, b.first, b.last, _round(b.weight), _round(b.p, 6), _round(b.q, 6),
             "rõ" if b.found else "chưa rõ")
            for b in answer.bursts
        ),
        keys=("label", "name", "first", "last", "weight", "p", "q", "verdict"),
    )  # fmt: skip


def words_tables(answer: WordsAnswer) -> list[Table]:
    """Words of both sides, the strongest first."""
    one, other = answer.compared
    return [
        source_table(answer.warnings, answer.provenance),
        Table(
            name="Từ ngữ",
            columns=(("Từ ngữ", 30), ("Nghiêng về", 20), ("z", 10), ("Log-odds", 10),
                     (f"Số lần: {one}", 12), (f"Số lần: {other}", 12),
                     (f"Kế hoạch: {one}", 12), (f"Kế hoạch: {other}", 12),
                     ("p", 10), ("q (Benjamini–Hochberg)", 14), ("Kết luận", 12)),
            rows=tuple(
                (w.word, one if w.z > 0 else other, _round(w.z), _round(w.log_odds), w.first,
                 w.second, w.first_plans, w.second_plans, _round(w.p, 6), _round(w.q, 6),
                 "rõ" if w.found else "chưa rõ")
                for w in (*answer.first, *answer.second)
            ),
            keys=("word", "side", "z", "log_odds", "first", "second", "first_plans",
                  "second_plans", "p", "q", "verdict"),
        ),
    ]  # fmt: skip


def reuse_tables(answer: ReuseAnswer) -> list[Table]:
    """Pairs of plans, what the takers added, and the passages side by side."""
    return [_added(answer), _pairs(answer), _passages(answer)]


def _pairs(answer: ReuseAnswer) -> Table:
    return Table(
        name="Cặp kế hoạch",
        columns=(("Quan hệ", 20), ("Kế hoạch nguồn", 50), ("Cơ quan", 28), ("Ngày", 12),
                 ("Kế hoạch lấy lại", 50), ("Cơ quan", 28), ("Ngày", 12), ("Số ngày sau", 10),
                 ("Số tiếng lấy lại", 10), ("Tỷ lệ", 8), ("Số đoạn", 8)),
        rows=tuple(
            (RELATIONS[r.relation], r.source.title, r.source.issuer, r.source.issued_on,
             r.taker.title, r.taker.issuer, r.taker.issued_on, r.days, r.words, r.share,
             len(r.passages))
            for r in answer.pairs
        ),
        keys=("relation", "source_title", "source_issuer", "source_issued_on", "taker_title",
              "taker_issuer", "taker_issued_on", "days", "words", "share", "passages"),
    )  # fmt: skip


def _passages(answer: ReuseAnswer) -> Table:
    return Table(
        name="Đoạn",
        columns=(("Quan hệ", 20), ("Nguồn", 16), ("Mục nguồn", 12), ("Lấy lại", 16), ("Mục", 12),
                 ("Cách", 14), ("Giống", 8), ("Số ngày sau", 10), ("Đoạn nguồn", 70),
                 ("Đoạn lấy lại", 70), ("Gần hơn ở", 16), ("Vị trí nguồn", 10), ("đến", 10),
                 ("Vị trí", 10), ("đến", 10)),
        rows=tuple(
            (RELATIONS[r.relation], r.source.plan, p.source.number, r.taker.plan, p.taker.number,
             REUSED[p.how], p.share, r.days, p.source.text, p.taker.text, p.nearer,
             p.source.start, p.source.end, p.taker.start, p.taker.end)
            for r in answer.pairs
            for p in r.passages
        ),
        keys=("relation", "source", "source_number", "taker", "taker_number", "how", "share",
              "days", "source_text", "taker_text", "nearer", "source_start", "source_end",
              "taker_start", "taker_end"),
    )  # fmt: skip


def _added(answer: ReuseAnswer) -> Table:
    return Table(
        name="Phần tự viết",
        columns=(("Kế hoạch", 16), ("So với", 16), ("Mục", 12), ("Tiêu đề", 50), ("Số tiếng", 8)),
        rows=tuple(
            (r.taker.plan, r.source.plan, part.number, part.heading, part.words)
            for r in answer.pairs
            for part in r.added
        ),
        keys=("taker", "source", "number", "heading", "words"),
    )


def _round(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)
