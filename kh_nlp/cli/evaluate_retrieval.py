"""The command evaluate retrieval: what search finds, against judged answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kh_nlp.cli.gold import BaselineOption, SaveOption, StrictOption
from kh_nlp.cli.options import JsonOption, reranker

if TYPE_CHECKING:
    from kh_nlp.evaluation import Comparison
    from kh_nlp.evaluation.retrieval import Collection, Difference, Estimate, RetrievalReport


def retrieval(
    data: Annotated[
        Path,
        typer.Option(
            "--data",
            metavar="DIR",
            help="Thư mục có queries.jsonl và: corpus.jsonl, qrels.tsv (dạng BEIR); hoặc "
            "judgements.jsonl (đoạn kế hoạch đã chấm, cần --plans hoặc --library).",
        ),
    ],
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="Thêm tệp cho --plans.")
    ] = None,
    plans: Annotated[
        list[Path] | None,
        typer.Option("--plans", metavar="PATH", help="Tệp, thư mục kế hoạch mà đoạn chấm nói tới."),
    ] = None,
    library: Annotated[
        Path | None,
        typer.Option(
            "--library", "-L", metavar="DIR", help="Dùng thư viện này thay vì thư viện tạm."
        ),
    ] = None,
    encoder: Annotated[
        str | None, typer.Option("--encoder", metavar="TÊN", help="Mô hình véc-tơ khác.")
    ] = None,
    cache: Annotated[
        Path | None, typer.Option("--cache", metavar="DIR", help="Nơi giữ véc-tơ giữa các lần đo.")
    ] = None,
    rerank: Annotated[
        str | None,
        typer.Option(
            "--rerank",
            metavar="TÊN",
            help="Đo thêm việc xếp lại bằng mô hình cross-encoder này (đường dẫn hoặc tên).",
        ),
    ] = None,
    unaccented: Annotated[
        bool, typer.Option("--unaccented", help="Hỏi không dấu; in phần mất so với có dấu.")
    ] = False,
    swap_abbreviations: Annotated[
        bool,
        typer.Option(
            "--swap-abbreviations", help="Thay chữ tắt bằng chữ đủ và ngược lại; in phần mất."
        ),
    ] = False,
    baseline: BaselineOption = None,
    strict: StrictOption = False,
    save: SaveOption = None,
    json: JsonOption = False,
) -> None:
    """Đo việc tìm kiếm so với câu trả lời đã chấm."""
    from kh_nlp.cli.plans import progress_bar
    from kh_nlp.cli.printing import print_json
    from kh_nlp.errors import UsageError
    from kh_nlp.evaluation import compare, load_baseline, save_baseline
    from kh_nlp.evaluation.retrieval import (
        JUDGEMENTS,
        RETRIEVAL_FIGURES,
        evaluate_retrieval,
        measures,
    )

    if strict and baseline is None:
        raise UsageError("Tùy chọn --strict cần có --baseline.")
    measures()  # a missing package is told before minutes of work
    judge = reranker(rerank)  # and so is a missing model
    known = load_baseline(baseline) if baseline else None
    paths = [*(plans or ()), *(files or ())]
    kept = (cache or _user_cache()) / "vectors.sqlite"
    reword, wording = _reword(unaccented, swap_abbreviations)
    with progress_bar() as progress:
        if (data / JUDGEMENTS).exists():
            source = _plans(data, paths, library, encoder, kept, progress)
        elif paths or library:
            raise UsageError(f"{data} không có {JUDGEMENTS}: không dùng --plans, --library.")
        else:
            source = _documents(data, encoder, kept, progress)
        with source as collection:
            report = evaluate_retrieval(
                collection, reword=reword, wording=wording, reranker=judge, progress=progress
            )
    figures = tuple(name for name in RETRIEVAL_FIGURES if name.split()[0] in report.runs)
    comparison = compare(report, known, figures) if known is not None else None
    if save:
        save_baseline(report, save, figures)
    if json:
        print_json(_report_json(report, comparison))
    else:
        _print(report, comparison)
    if strict and comparison is not None and comparison.fallen:
        raise typer.Exit(1)


def _user_cache() -> Path:
    import os

    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base else Path.home() / ".cache") / "kh_nlp" / "evaluation"


def _reword(unaccented: bool, swap: bool) -> tuple[Callable[[str], str] | None, str]:
    """How questions are put otherwise, and the words for it in the name of the report."""
    from kh_nlp.evaluation.retrieval import swapped
    from kh_nlp.evaluation.retrieval import unaccented as bare

    if unaccented and swap:
        return (lambda text: bare(swapped(text))), "đổi chữ tắt, không dấu"
    if unaccented:
        return bare, "không dấu"
    return (swapped, "đổi chữ tắt") if swap else (None, "")


@contextmanager
def _documents(
    data: Path, encoder: str | None, kept: Path, progress: Callable[[str, int, int], None] | None
) -> Iterator[Collection]:
    from tempfile import TemporaryDirectory

    from kh_nlp.embedding import load_encoder
    from kh_nlp.evaluation.retrieval import index_documents, load_documents

    found = load_documents(data)
    with TemporaryDirectory(prefix="kh-evaluate-") as folder:
        yield index_documents(found, load_encoder(encoder), Path(folder), kept, progress)


@contextmanager
def _plans(
    data: Path,
    paths: list[Path],
    library: Path | None,
    encoder: str | None,
    kept: Path,
    progress: Callable[[str, int, int], None] | None,
) -> Iterator[Collection]:
    from contextlib import ExitStack
    from tempfile import TemporaryDirectory

    from kh_nlp.cli.printing import complain
    from kh_nlp.embedding import load_encoder
    from kh_nlp.errors import UsageError
    from kh_nlp.evaluation.retrieval import (
        judge,
        load_judgements,
        load_questions,
        temporary_library,
    )
    from kh_nlp.language import nfc
    from kh_nlp.library import Library, ingest

    if not paths and library is None:
        raise UsageError("Thiếu kế hoạch: hãy nêu --plans hoặc --library.")
    questions = load_questions(data)
    judgements = load_judgements(data, questions)
    chosen = load_encoder(encoder) if encoder else None
    with ExitStack() as stack:
        if library is None:
            folder = stack.enter_context(TemporaryDirectory(prefix="kh-evaluate-"))
            opened = stack.enter_context(temporary_library(Path(folder) / "library", kept))
        else:
            opened = stack.enter_context(Library.open(library, create=bool(paths)))
        unread: set[str] = set()
        if paths:
            taken = ingest(opened, paths, progress=progress, encoder=chosen)
            for path, error in taken.failed:
                complain(path, error)
                unread.add(nfc(Path(path).stem))
        collection, lost = judge(
            data.resolve().name, opened, questions, judgements, unread=unread, encoder=chosen
        )
        for judged in lost:
            complain(
                judged.place,
                f"không thấy đoạn “{judged.quote or judged.item}” trong kế hoạch "
                f"“{judged.plan}”; tính là không tìm được.",
            )
        yield collection


def _report_json(report: RetrievalReport, comparison: Comparison | None) -> dict[str, Any]:
    data: dict[str, Any] = {
        "data": report.name,
        "queries": report.questions,
        "unanswered": report.unanswered,
        "runs": _values(report.runs),
        "intervals": {
            run: {measure: _rounded(found.interval) for measure, found in row.items()}
            for run, row in report.runs.items()
        },
        "differences": [_difference_json(found) for found in report.differences],
        "kinds": {
            kind: {
                "queries": found.questions,
                "runs": _values(found.runs),
                "differences": [_difference_json(one) for one in found.differences],
            }
            for kind, found in report.kinds.items()
        },
    }
    if report.plain:
        data["reworded"] = report.reworded
        data["plain"] = _values(report.plain)
        data["changes"] = [_difference_json(found) for found in report.changes]
    if comparison is not None:
        data["baseline"] = {
            "changes": [
                {"figure": c.figure, "before": round(c.before, 4), "now": round(c.now, 4)}
                for c in comparison.means
            ],
            "fallen": list(comparison.fallen),
            "new": list(comparison.new),
        }
    return data


def _values(runs: Any) -> dict[str, dict[str, float]]:
    return {
        run: {measure: round(found.value, 4) for measure, found in row.items()}
        for run, row in runs.items()
    }


def _rounded(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else [round(bound, 4) for bound in interval]


def _difference_json(found: Difference) -> dict[str, Any]:
    return {
        "run": found.run,
        "other": found.other,
        "measure": found.measure,
        "difference": round(found.value, 4),
        "interval": _rounded(found.interval),
        "p": round(found.p, 4),
    }


def _print(report: RetrievalReport, comparison: Comparison | None) -> None:
    from rich.console import Console

    from kh_nlp.evaluation.retrieval import RETRIEVAL_FIGURES

    console = Console(highlight=False)
    _print_runs(console, report)
    _print_differences(console, "Chênh lệch giữa các cách tìm", report.differences)
    _print_kinds(console, report)
    if report.plain:
        console.print(f"{report.reworded} câu hỏi được viết khác đi.")
        _print_differences(console, "Thay đổi so với câu hỏi gốc", report.changes, plain=True)
    if report.unanswered:
        console.print(f"Bỏ ngoài {report.unanswered} câu hỏi không có câu trả lời được chấm.")
    if comparison is not None:
        for change in comparison.means:
            name, now = RETRIEVAL_FIGURES[change.figure], _number(change.now)
            console.print(f"{name}: mốc {_number(change.before)} → {now}")
        if comparison.new:
            console.print("Chưa có trong mốc: " + ", ".join(comparison.new), markup=False)


def _print_runs(console: Any, report: RetrievalReport) -> None:
    from rich.table import Table

    from kh_nlp.evaluation.retrieval import MEASURES, RERANKED, RERANKED_WORDS, RUNS

    title = f"{report.name}: {report.questions} câu hỏi [khoảng tin cậy 95 %]"
    table = Table(title=_text(title), title_justify="left")
    table.add_column("Cách tìm")
    for printed in MEASURES.values():
        table.add_column(printed, justify="right")
    for run, row in report.runs.items():
        table.add_row(run, *(_text(_estimate(row[measure])) for measure in MEASURES))
    console.print(table)
    known = {**RUNS, RERANKED: RERANKED_WORDS}
    words = "; ".join(f"{run}: {known[run]}" for run in report.runs)
    console.print(f"{words}.", markup=False)


def _print_differences(
    console: Any, title: str, found: Iterable[Difference], *, plain: bool = False
) -> None:
    from rich.table import Table

    from kh_nlp.evaluation.retrieval import MEASURES

    table = Table(title=title, title_justify="left")
    for name in ("Cách tìm", "Chỉ số"):
        table.add_column(name)
    for name in ("Chênh lệch [95 %]", "p"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in found:
        pair = one.run if plain else f"{one.run} − {one.other}"
        table.add_row(pair, MEASURES[one.measure], _text(_signed(one)), _p(one.p))
    console.print(table)


def _print_kinds(console: Any, report: RetrievalReport) -> None:
    from rich.table import Table

    if not report.kinds:
        return
    table = Table(title="nDCG@10 theo loại câu hỏi", title_justify="left")
    table.add_column("Loại")
    for name in ("Số câu", *report.runs, "hybrid − reference", "p"):
        table.add_column(name, justify="right")
    for kind, found in report.kinds.items():
        values = [_number(found.runs[run]["ndcg@10"].value) for run in report.runs]
        change = next(one for one in found.differences if one.measure == "ndcg@10")
        cells = (_text(_signed(change)), _p(change.p))
        table.add_row(_text(kind), str(found.questions), *values, *cells)
    console.print(table)


def _text(words: str) -> Any:
    """Words for a table in which "[" opens no markup."""
    from rich.text import Text

    return Text(words)


def _number(value: float) -> str:
    return f"{value:.3f}".replace(".", ",")


def _signed(found: Difference) -> str:
    return f"{found.value:+.3f}".replace(".", ",") + _bounds(found.interval, "+.3f")


def _estimate(found: Estimate) -> str:
    return _number(found.value) + _bounds(found.interval, ".3f")


def _bounds(interval: tuple[float, float] | None, form: str) -> str:
    if interval is None:
        return ""
    low, high = (f"{bound:{form}}".replace(".", ",") for bound in interval)
    return f" [{low}; {high}]"


def _p(value: float) -> str:
    return "< 0,001" if value < 0.001 else _number(value)
