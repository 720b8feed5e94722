"""What a figure shows, apart from who draws it: panels of points with intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kh_nlp.errors import UsageError
from kh_nlp.trends.records import Group, LabelTrend, Provenance, Share, TrendAnswer, WordsAnswer
from kh_nlp.trends.warning import shown

FIGURES = ("png", "svg", "html")

MEASURES = {
    "plans": "Tỷ lệ kế hoạch có nội dung",
    "units": "Tỷ lệ đơn vị nội dung trung bình mỗi kế hoạch",
    "text": "Tỷ lệ dung lượng trung bình mỗi kế hoạch",
}
OF = {
    "topic": "chủ đề", "form": "hình thức tuyên truyền", "body": "cơ quan chủ trì",
    "document": "văn bản được viện dẫn", "replaced": "văn bản đã bị thay thế vẫn được viện dẫn",
    "abolished": "cơ quan không còn mà vẫn được nêu tên", "word": "từ ngữ",
}  # fmt: skip
_INTERVAL = "Khoảng tin cậy 95 % theo bootstrap trên kế hoạch. "
_TESTED = "q: xác suất do ngẫu nhiên (hoán vị trên kế hoạch), đã hiệu chỉnh Benjamini–Hochberg."
MOST_PANELS = 12
MOST_LINES = 6
MOST_WORDS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """``x`` is a year or a position; ``share``, ``low``, ``high`` in 0..1; ``plans`` behind it."""

    x: int
    share: float
    low: float | None
    high: float | None
    plans: int
    of_plans: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Points of one group (a level, a province) over the years, or of all groups of a panel."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One label; ``note`` tells what the test found."""

    title: str
    note: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """``ticks`` name the positions of x (years name themselves); ``caption`` lines stand below."""

    title: str
    measure: str
    panels: tuple[Panel, ...]
    years: bool
    ticks: tuple[str, ...]
    caption: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordFigure:
    """Words of two sides with their z, those of the first side with z above 0."""

    title: str
    sides: tuple[str, str]
    words: tuple[tuple[str, float, bool], ...]
    caption: tuple[str, ...]


def figure(answer: TrendAnswer, level_name: Callable[[str], str]) -> Figure:
    """The figure of an answer: a panel for each label, over years or over groups.

    ``level_name`` puts a level into words. Raises UsageError when there is nothing to draw.
    """
    labels = answer.labels[:MOST_PANELS]
    if not labels or not answer.groups:
        raise UsageError("Không có số liệu để vẽ hình.")
    years = "year" in answer.by
    others = _others(answer, level_name) if years else {}
    ticks = () if years else tuple(_name(g, level_name, year=False) for g in answer.groups)
    return Figure(
        title=title(answer),
        measure=MEASURES[answer.measure],
        panels=tuple(
            Panel(title=label.name, note=change_words(answer, label),
                  lines=_lines(answer, label, others if years else None, level_name))
            for label in labels
        ),
        years=years,
        ticks=ticks,
        caption=caption(
            answer.warnings, answer.provenance,
            f"{answer.plans} kế hoạch. "
            + (_INTERVAL if len(answer.by) == 1 or not years else "")
            + (_TESTED if answer.tested else ""),
        ),
    )  # fmt: skip


def word_figure(answer: WordsAnswer) -> WordFigure:
    """Strongest words of both sides; UsageError when there are none."""
    words = [*answer.first[:MOST_WORDS], *reversed(answer.second[:MOST_WORDS])]
    if not words:
        raise UsageError("Không có từ ngữ nào để vẽ hình.")
    return WordFigure(
        title=f"Từ ngữ phân biệt {answer.compared[0]} với {answer.compared[1]}",
        sides=answer.compared,
        words=tuple((word.word, word.z, word.found) for word in words),
        caption=caption(
            answer.warnings,
            answer.provenance,
            f"{answer.plans[0]} và {answer.plans[1]} kế hoạch. {_TESTED}",
        ),
    )


def title(answer: TrendAnswer) -> str:
    """What the answer is about, as a heading."""
    by = {"year": "năm", "level": "cấp", "province": "tỉnh, thành phố"}
    what = OF.get(answer.of, f"cụm từ: {answer.of}")
    return f"{what[0].upper()}{what[1:]} theo {' và '.join(by[part] for part in answer.by)}"


def change_words(answer: TrendAnswer, label: LabelTrend) -> str:
    """``tăng 20,2 điểm %/năm, q = 0,001``; without a test how many plans have the label."""
    change = label.change
    if change is None:
        return (
            f"{label.plans} kế hoạch, quá ít để kiểm định"
            if answer.tested
            else (f"{label.plans} kế hoạch")
        )
    size = f"{abs(change.difference) * 100:.1f}".replace(".", ",")
    unit = "điểm %" if answer.compared else "điểm %/năm"
    way = "tăng" if change.difference > 0 else "giảm"
    q = shown(change.q)
    told = f"q {q}" if q.startswith("<") else f"q = {q}"
    if not change.found:
        return f"chưa rõ thay đổi ({told})"
    return f"{way} {size} {unit} ({told})"


def caption(warnings: Sequence[str], provenance: Provenance | None, first: str) -> tuple[str, ...]:
    """Lines below a figure: how to read it, warnings, how to make it again."""
    lines = [first.strip(), *(f"Lưu ý: {text}" for text in warnings)]
    if provenance is not None:
        lines.append(f"Lệnh: {provenance.command}")
        lines.append(
            f"Thư viện {provenance.library} · seed {provenance.seed} · kh_nlp {provenance.version}"
        )
    return tuple(lines)


def write_figure(drawn: Figure | WordFigure, path: Path) -> None:
    """Draw into a .png, .svg or .html file by its ending.

    Raises:
        UsageError: another ending.
        MissingExtraError: the packages of the extra ``research`` are not installed.
    """
    kind = path.suffix.lower().removeprefix(".")
    path.write_bytes(drawn_as(drawn, kind))


def drawn_as(drawn: Figure | WordFigure, kind: str) -> bytes:
    """The bytes of a ``png``, ``svg`` or ``html`` file; errors as ``write_figure``."""
    if kind not in FIGURES:
        raise UsageError(f"Hình “.{kind}” không có; chọn .png, .svg hoặc .html.")
    if kind == "html":
        from kh_nlp.trends.interactive import html_page

        return html_page(drawn).encode("utf-8")
    from kh_nlp.trends.drawing import picture

    return picture(drawn, kind)


def _others(
    answer: TrendAnswer, level_name: Callable[[str], str]
) -> dict[tuple[str | None, str | None], str]:
    """Groups beside the year that get a line: those of the most plans."""
    weight: dict[tuple[str | None, str | None], float] = {}
    for group in answer.groups:
        key = (group.level, group.province)
        weight[key] = weight.get(key, 0.0) + group.weight
    ranked = sorted(weight, key=lambda key: (-weight[key], str(key)))[:MOST_LINES]
    names = {}
    for level, province in ranked:
        parts = [level_name(level)] if level else []
        parts += [province] if province else []
        names[level, province] = ", ".join(parts)
    return names


def _lines(
    answer: TrendAnswer,
    label: LabelTrend,
    others: dict[tuple[str | None, str | None], str] | None,
    level_name: Callable[[str], str],
) -> tuple[Line, ...]:
    if others is None:
        return (Line(name="", points=tuple(
            _point(answer.groups[s.group], s.group, s) for s in label.shares)),)  # fmt: skip
    lines = []
    single = len(answer.by) == 1
    for (level, province), name in others.items():
        points = [
            _point(group, group.year or 0, share)
            for share in label.shares
            if (group := answer.groups[share.group]).level == level and group.province == province
        ]
        lines.append(Line(name="" if single else name or "Không rõ", points=tuple(points)))
    return tuple(lines)


def _point(group: Group, x: int, share: Share) -> Point:
    return Point(
        x=x, share=share.share, low=share.low, high=share.high, plans=share.plans,
        of_plans=group.plans,
    )  # fmt: skip


def _name(group: Group, level_name: Callable[[str], str], *, year: bool) -> str:
    parts = [str(group.year)] if year and group.year else []
    parts += [level_name(group.level)] if group.level else []
    parts += [group.province] if group.province else []
    return ", ".join(parts) or "Không rõ"
