"""Figures as PNG and SVG with matplotlib (extra ``research``). Equal input gives equal bytes.

Letters are those of DejaVu Sans, which comes with matplotlib and has all of Vietnamese. Lines
differ by dash and marker as well as by colour, and colours by lightness, so that grey prints can
be read.
"""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING, Any

from kh_nlp.errors import MissingExtraError
from kh_nlp.trends.figures import Figure, Line, Panel, WordFigure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, SOFT, BAND = "#1d2529", "#5a6670", "#9db7c9"
STYLES = (
    ("#0b3c5d", "-", "o"), ("#c8791b", "--", "s"), ("#5f9c7a", "-.", "^"),
    ("#7a2f5e", ":", "D"), ("#3f6fb0", (0, (5, 1)), "v"), ("#a8a04a", (0, (1, 1)), "P"),
)  # fmt: skip
_DPI = 150
_LETTERS_PER_INCH = 17
_TITLE_WIDTH = 42


def picture(drawn: Figure | WordFigure, kind: str) -> bytes:
    """The bytes of a ``png`` or ``svg`` file."""
    try:
        import matplotlib as imported
        from matplotlib.figure import Figure as Canvas
    except ImportError as error:
        raise MissingExtraError("Vẽ hình PNG, SVG", "research") from error
    matplotlib: Any = imported
    settings = {
        "font.family": "DejaVu Sans", "font.size": 8.5, "svg.hashsalt": "kh_nlp",
        "axes.edgecolor": SOFT, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
        "text.color": INK, "axes.spines.top": False, "axes.spines.right": False,
        "axes.unicode_minus": False, "text.parse_math": False,
    }  # fmt: skip
    with matplotlib.rc_context(settings):
        canvas = Canvas(layout="constrained")
        if isinstance(drawn, WordFigure):
            _words(canvas, drawn)
        else:
            _panels(canvas, drawn)
        out = io.BytesIO()
        plain = {"Date": None} if kind == "svg" else {"Software": None}
        canvas.savefig(out, format=kind, dpi=_DPI, metadata=plain)
    return out.getvalue()


def _panels(canvas: Any, drawn: Figure) -> None:
    columns = min(3 if drawn.years else 2, len(drawn.panels))
    rows = -(-len(drawn.panels) // columns)
    width = 3.7 * columns if columns > 1 else 6.5
    lines = _caption(drawn.caption, width)
    named = [line.name for line in drawn.panels[0].lines if line.name]
    height = 2.15 if drawn.years else 0.9 + 0.24 * len(drawn.ticks)
    head, foot = 0.5 + 0.25 * bool(named), 0.2 + 0.15 * len(lines)
    full = head + rows * height + foot
    canvas.set_size_inches(width, full)
    canvas.get_layout_engine().set(rect=(0, foot / full, 1, 1 - (head + foot) / full), h_pad=0.08)
    axes = canvas.subplots(rows, columns, squeeze=False, sharex=drawn.years, sharey=True)
    top = max(
        (p.high or p.share for panel in drawn.panels for line in panel.lines for p in line.points),
        default=1.0,
    )
    for place, axis in enumerate(axes.flat):
        if place >= len(drawn.panels):
            axis.set_visible(False)
            continue
        panel = drawn.panels[place]
        _over_years(axis, panel) if drawn.years else _over_groups(axis, panel, drawn.ticks)
        _share_axis(axis, min(1.04, top * 1.08), upright=drawn.years)
        shown = textwrap.shorten(panel.title, 2 * _TITLE_WIDTH, placeholder=" …")
        axis.set_title(
            "\n".join([*textwrap.wrap(shown, _TITLE_WIDTH), panel.note]), fontsize=8.5, loc="left"
        )
        if drawn.years:
            axis.tick_params(labelbottom=place + columns >= len(drawn.panels))
    canvas.text(0.01, 1 - 0.08 / full, drawn.title, fontsize=12, weight="bold", va="top")
    canvas.text(0.01, 1 - 0.3 / full, drawn.measure, fontsize=9, color=SOFT, va="top")
    if named:
        handles, names = axes.flat[0].get_legend_handles_labels()
        canvas.legend(
            handles, names, loc="upper left", bbox_to_anchor=(0.0, 1 - 0.44 / full),
            ncols=min(6, len(names)), frameon=False, fontsize=8.5, handlelength=3,
        )  # fmt: skip
    _write_caption(canvas, lines, full)


def _over_years(axis: Axes, panel: Panel) -> None:
    alone = len(panel.lines) == 1
    for place, line in enumerate(panel.lines):
        colour, dash, marker = STYLES[place % len(STYLES)]
        for run in _runs(line):
            x, y = [p.x for p in run.points], [p.share for p in run.points]
            if alone:
                axis.fill_between(
                    x, [p.share if p.low is None else p.low for p in run.points],
                    [p.share if p.high is None else p.high for p in run.points],
                    color=BAND, alpha=0.55, linewidth=0,
                )  # fmt: skip
            named = line.name if run.points[0] is line.points[0] else None
            axis.plot(x, y, color=colour, linestyle=dash, marker=marker, markersize=4, label=named)
        if alone:
            for p in line.points:
                if p.low is not None and p.high is not None:
                    axis.plot([p.x, p.x], [p.low, p.high], color=colour, linewidth=0.7)
    years = sorted({p.x for line in panel.lines for p in line.points})
    step = max(1, (years[-1] - years[0]) // 7 + ((years[-1] - years[0]) % 7 > 0))
    axis.set_xticks(list(range(years[0], years[-1] + 1, step)))
    axis.set_xlim(years[0] - 0.4, years[-1] + 0.4)


def _runs(line: Line) -> list[Line]:
    """Stretches of years without a gap: a line over years without plans would be invented."""
    runs: list[list[Any]] = []
    for point in line.points:
        if runs and point.x == runs[-1][-1].x + 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return [Line(name=line.name, points=tuple(run)) for run in runs]


def _over_groups(axis: Axes, panel: Panel, ticks: tuple[str, ...]) -> None:
    colour = STYLES[0][0]
    for p in panel.lines[0].points:
        if p.low is not None and p.high is not None:
            axis.plot([p.low, p.high], [p.x, p.x], color=BAND, linewidth=4)
        axis.plot([p.share], [p.x], marker="o", color=colour, markersize=5)
    axis.set_yticks(list(range(len(ticks))))
    counts = {p.x: p.of_plans for p in panel.lines[0].points}
    axis.set_yticklabels([f"{textwrap.shorten(t, 26, placeholder='…')} ({counts.get(n, 0)})"
                          for n, t in enumerate(ticks)])  # fmt: skip
    axis.set_ylim(len(ticks) - 0.5, -0.5)


def _share_axis(axis: Axes, top: float, *, upright: bool) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    which = axis.yaxis if upright else axis.xaxis
    (axis.set_ylim if upright else axis.set_xlim)(-0.02 * top, top)
    which.set_major_locator(MaxNLocator(5))
    digits = 0 if top > 0.1 else 1
    which.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value * 100:.{digits}f} %".replace(".", ","))
    )
    axis.grid(axis="y" if upright else "x", color="#d9dde0", linewidth=0.6)
    axis.set_axisbelow(True)


def _words(canvas: Any, drawn: WordFigure) -> None:
    lines = _caption(drawn.caption, 8.2)
    head, foot = 0.75, 0.2 + 0.15 * len(lines)
    full = head + 0.2 * len(drawn.words) + 0.5 + foot
    canvas.set_size_inches(8.2, full)
    canvas.get_layout_engine().set(rect=(0, foot / full, 1, 1 - (head + foot) / full))
    axis = canvas.subplots()
    for place, (_, z, found) in enumerate(drawn.words):
        colour = STYLES[0][0] if z > 0 else STYLES[1][0]
        axis.barh(place, z, color=colour if found else "none", edgecolor=colour, height=0.7)
    axis.set_yticks(range(len(drawn.words)), [word for word, _, _ in drawn.words])
    axis.set_ylim(len(drawn.words) - 0.4, -0.6)
    axis.axvline(0, color=SOFT, linewidth=0.8)
    axis.set_xlabel("z của log-odds (Monroe và cộng sự 2008)")
    axis.grid(axis="x", color="#d9dde0", linewidth=0.6)
    axis.set_axisbelow(True)
    shown = textwrap.shorten(drawn.title, 80, placeholder=" …")
    canvas.text(0.01, 1 - 0.08 / full, shown, fontsize=12, weight="bold", va="top")
    canvas.text(
        0.01, 1 - 0.32 / full,
        f"Bên phải: {drawn.sides[0]}; bên trái: {drawn.sides[1]}. Tô đậm: khác biệt rõ (q ≤ 0,05).",
        fontsize=9, color=SOFT, va="top",
    )  # fmt: skip
    _write_caption(canvas, lines, full)


def _caption(texts: tuple[str, ...], inches: float) -> list[str]:
    width = int(inches * _LETTERS_PER_INCH)
    return [line for text in texts for line in textwrap.wrap(text, width)]


def _write_caption(canvas: Any, lines: list[str], full: float) -> None:
    canvas.text(
        0.01, 0.06 / full, "\n".join(lines), fontsize=7, color=SOFT, va="bottom", linespacing=1.35
    )
