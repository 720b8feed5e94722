"""Figures as one HTML file with Plotly (extra ``research``); its script is inside, no network."""

from __future__ import annotations

from html import escape
from typing import Any

from kh_nlp.errors import MissingExtraError
from kh_nlp.trends.figures import Figure, Point, WordFigure

COLOURS = ("#0b3c5d", "#c8791b", "#5f9c7a", "#7a2f5e", "#3f6fb0", "#a8a04a")
DASHES = ("solid", "dash", "dashdot", "dot", "longdash", "longdashdot")
MARKS = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")

_PAGE = """<!doctype html>
<html lang="vi">
<head><meta charset="utf-8"><title>{title}</title>
<style>body{{font:15px/1.5 system-ui,"Noto Sans","DejaVu Sans",Arial,sans-serif;margin:1rem 1.5rem;
color:#1d2529}}h1{{font-size:1.3rem;margin:0}}p{{margin:.3rem 0;color:#4c5861}}
.caption{{font-size:.85rem}}code{{overflow-wrap:anywhere}}</style></head>
<body>
<h1>{title}</h1>
<p>{measure}</p>
{figure}
{caption}
</body>
</html>
"""


def html_page(drawn: Figure | WordFigure) -> str:
    """A page that works offline (about 5 MB: Plotly's script is in it)."""
    try:
        import plotly.graph_objects as imported
        from plotly.subplots import make_subplots
    except ImportError as error:
        raise MissingExtraError("Hình tương tác (HTML)", "research") from error
    graphs: Any = imported
    if isinstance(drawn, WordFigure):
        chart, measure = _words(graphs, drawn), f"{drawn.sides[0]} (phải), {drawn.sides[1]} (trái)"
    else:
        chart, measure = _panels(graphs, make_subplots, drawn), drawn.measure
    body = chart.to_html(
        full_html=False, include_plotlyjs=True, div_id="hinh",
        config={"displaylogo": False, "responsive": True},
    )  # fmt: skip
    caption = "\n".join(f'<p class="caption">{_line(text)}</p>' for text in drawn.caption)
    return _PAGE.format(
        title=escape(drawn.title), measure=escape(measure), figure=body, caption=caption
    )


def _line(text: str) -> str:
    head, colon, command = text.partition("Lệnh: ")
    return f"{colon}<code>{escape(command)}</code>" if colon and not head else escape(text)


def _panels(graphs: Any, make_subplots: Any, drawn: Figure) -> Any:
    columns = min(3, len(drawn.panels))
    rows = -(-len(drawn.panels) // columns)
    titles = [
        f"<b>{escape(_short(panel.title))}</b><br>{escape(panel.note)}" for panel in drawn.panels
    ]
    chart = make_subplots(
        rows=rows, cols=columns, subplot_titles=titles, shared_yaxes=True,
        vertical_spacing=min(0.14, 0.5 / rows), horizontal_spacing=0.04,
    )  # fmt: skip
    for place, panel in enumerate(drawn.panels):
        where = {"row": place // columns + 1, "col": place % columns + 1}
        for number, line in enumerate(panel.lines):
            colour = COLOURS[number % len(COLOURS)]
            named = [str(p.x) if drawn.years else drawn.ticks[p.x] for p in line.points]
            chart.add_trace(
                graphs.Scatter(
                    x=[p.x for p in line.points] if drawn.years else named,
                    y=[p.share for p in line.points],
                    error_y=_error(line.points, colour),
                    mode="lines+markers" if drawn.years else "markers",
                    name=escape(line.name), legendgroup=line.name,
                    showlegend=bool(line.name) and place == 0,
                    line={"color": colour, "dash": DASHES[number % len(DASHES)]},
                    marker={"symbol": MARKS[number % len(MARKS)], "size": 7, "color": colour},
                    text=[_hover(n, p, line.name) for n, p in zip(named, line.points, strict=True)],
                    hovertemplate="%{text}<extra></extra>",
                ),
                **where,
            )  # fmt: skip
    chart.update_yaxes(tickformat=".0%", rangemode="tozero", gridcolor="#d9dde0")
    if drawn.years:
        chart.update_xaxes(dtick=1, tickformat="d")
    chart.update_annotations(font_size=12)
    chart.update_layout(
        height=120 + 260 * rows, plot_bgcolor="#ffffff",
        margin={"t": 70, "l": 50, "r": 20, "b": 40},
        legend={"orientation": "h", "y": 1.12}, separators=",.",
    )  # fmt: skip
    return chart


def _error(points: tuple[Point, ...], colour: str) -> dict[str, Any]:
    return {
        "type": "data", "symmetric": False, "color": colour, "thickness": 1, "width": 2,
        "array": [0 if p.high is None else max(0.0, p.high - p.share) for p in points],
        "arrayminus": [0 if p.low is None else max(0.0, p.share - p.low) for p in points],
    }  # fmt: skip


def _hover(name: str, point: Point, line: str) -> str:
    spread = (
        f" ({point.low * 100:.1f}–{point.high * 100:.1f} %)".replace(".", ",")
        if point.low is not None and point.high is not None
        else ""
    )
    share = f"{point.share * 100:.1f} %".replace(".", ",")
    where = ", ".join(escape(part) for part in (line, name) if part)
    return f"{where}: {share}{spread}<br>{point.plans}/{point.of_plans} kế hoạch"


def _words(graphs: Any, drawn: WordFigure) -> Any:
    chart = graphs.Figure(
        graphs.Bar(
            x=[z for _, z, _ in drawn.words],
            y=[escape(word) for word, _, _ in drawn.words],
            orientation="h",
            marker={
                "color": [COLOURS[0] if z > 0 else COLOURS[1] for _, z, _ in drawn.words],
                "opacity": [1.0 if found else 0.35 for _, _, found in drawn.words],
            },
            hovertemplate="%{y}: z = %{x:.2f}<extra></extra>",
        )
    )
    chart.update_yaxes(autorange="reversed")
    chart.update_layout(
        height=150 + 22 * len(drawn.words), plot_bgcolor="#ffffff", separators=",.",
        xaxis_title="z của log-odds", margin={"t": 20, "l": 160, "r": 20, "b": 50},
    )  # fmt: skip
    return chart


def _short(text: str) -> str:
    return text if len(text) <= 48 else text[:47] + "…"
