"""The commands ``kh cluster`` and ``kh evaluate clusters``."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kh_nlp.cli.options import (
    JsonOption,
    LevelOption,
    LibraryOption,
    Many,
    YearOption,
    library_folder,
)
from kh_nlp.cli.printing import complain, print_json
from kh_nlp.errors import UsageError

if TYPE_CHECKING:
    from kh_nlp.clusters import Cluster, Clusters
    from kh_nlp.evaluation import ClusterScores
    from kh_nlp.library import Library

_SHOWN = 30

ThresholdOption = Annotated[
    float | None,
    typer.Option(metavar="SỐ", help="Khoảng cách trung bình tối đa trong nhóm (0–1)."),
]


def cluster(
    threshold: ThresholdOption = None,
    kind: Annotated[
        Many, typer.Option(metavar="LOẠI", help="table, listed, assignment (mặc định: cả ba).")
    ] = None,
    year: YearOption = None,
    level: LevelOption = None,
    about: Annotated[
        str | None, typer.Option(metavar="CỤM TỪ", help="Chỉ các nhóm có cụm từ này.")
    ] = None,
    rename: Annotated[
        str | None, typer.Option(metavar="MÃ=TÊN", help="Đặt tên cho một nhóm và giữ các nhóm.")
    ] = None,
    merge: Annotated[
        str | None, typer.Option(metavar="MÃ,MÃ", help="Gộp các nhóm vào nhóm đầu và giữ lại.")
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(metavar="MÃ=NV,NV", help="Tách các nhiệm vụ khỏi nhóm thành nhóm mới."),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Giữ các nhóm: kế hoạch mới vào sau không đổi mã nhóm.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Phân nhóm lại từ đầu, bỏ qua các nhóm đã giữ.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, metavar="N", help="Số nhóm in ra.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Ghi ra tệp .xlsx, .csv hoặc .json.")
    ] = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Nhóm các nhiệm vụ giống nhau giữa các kế hoạch, có nhãn.

    Bộ lọc không đổi cách phân nhóm, chỉ chọn phần in ra: --year, --level lấy nhiệm vụ của các kế
    hoạch đó, --about lấy các nhóm có cụm từ ấy trong nhãn hay nhiệm vụ.
    """
    from typing import cast

    from kh_nlp.clusters import THRESHOLD, cluster_tasks, plans_of, selected
    from kh_nlp.clusters import keep as keep_clusters
    from kh_nlp.library import Library
    from kh_nlp.model import TaskOrigin
    from kh_nlp.wording import read_levels, read_years

    if out is not None and out.suffix.lower() not in (".xlsx", ".csv", ".json"):
        raise UsageError(f"Tệp “{out.name}” phải có đuôi .xlsx, .csv hoặc .json.")
    origins = cast("list[TaskOrigin]", kind or ["table", "listed", "assignment"])
    years, levels = read_years(year), read_levels(level or ())
    with Library.open(library_folder(library)) as opened:
        _edit(opened, rename, merge, split)
        found = cluster_tasks(
            opened,
            threshold=THRESHOLD if threshold is None else threshold,
            origins=origins,
            fresh=fresh,
        )
        if keep:
            keep_clusters(opened, found)
        every, found = (
            found,
            selected(found, plans=plans_of(opened, years, levels), words=about or ""),
        )
    if out is not None:
        _write(found, out)
    if json:
        print_json(_json(found))
    elif out is not None:
        typer.echo(f"Đã ghi {len(found.clusters)} nhóm, {found.tasks} nhiệm vụ: {out}")
    else:
        _print(found, every, about or "", limit or _SHOWN)


def _edit(library: Library, rename: str | None, merge: str | None, split: str | None) -> None:
    from kh_nlp import clusters

    if rename is not None:
        cluster, _, name = rename.partition("=")
        clusters.rename(library, cluster.strip(), name)
    if merge is not None:
        clusters.merge(library, [part.strip() for part in merge.split(",") if part.strip()])
    if split is not None:
        cluster, _, tasks = split.partition("=")
        moved = [part.strip() for part in tasks.split(",") if part.strip()]
        clusters.split(library, cluster.strip(), moved)


def _json(found: Clusters) -> Any:
    from kh_nlp.model import to_dict

    return to_dict(found)


def _write(found: Clusters, out: Path) -> None:
    import json

    from kh_nlp import tables

    if out.suffix.lower() == ".json":
        text = json.dumps(_json(found), ensure_ascii=False, indent=2)
        out.write_text(text + "\n", encoding="utf-8")
    else:
        tables.write(tables.cluster_tables(found), out)


def _print(found: Clusters, every: Clusters, words: str, limit: int) -> None:
    """The clusters chosen (by ``words`` too), and below them how many there are in ``every``."""
    from kh_nlp.cli.tables import print_rows

    if not every.tasks:
        typer.echo("Thư viện chưa có nhiệm vụ nào.")
        return
    rows = [_row(one) for one in found.clusters[:limit]]
    if rows:
        print_rows(
            ("Mã", "Nhóm", "Nhiệm vụ", "Kế hoạch", "Chủ trì nhiều nhất", "Ví dụ"),
            rows,
            (3, 5, 2, 2, 4, 6),
        )
    if not found.tasks:
        typer.echo("Không có nhóm nhiệm vụ nào hợp với bộ lọc.")
    # Of clusters chosen by words, the share of tasks alone would say nothing.
    typer.echo(_counts(found, share=not words.strip()))
    if found is not every:
        typer.echo(f"Cả thư viện: {_counts(every)}")
    if len(found.clusters) > limit:
        typer.echo("Xem thêm: --limit N; tất cả: --out nhom.xlsx")


def _counts(found: Clusters, *, share: bool = True) -> str:
    percent = f" ({100 * found.alone_share:.1f}%)".replace(".", ",") if share else ""
    return (
        f"{len(found.clusters)} nhóm, {found.tasks} nhiệm vụ; {len(found.alone)} đứng riêng"
        f"{percent}, {found.duplicates} chép lại gần nguyên văn."
    )


def _row(one: Cluster) -> tuple[str, ...]:
    return (
        one.id,
        one.label,
        str(len(one.tasks)),
        str(one.plans),
        "; ".join(f"{body.value} ({body.tasks})" for body in one.bodies[:2]) or "–",
        textwrap.shorten(one.exemplar_text, 100, placeholder=" …"),
    )


def evaluate(
    gold: Annotated[
        list[Path], typer.Option("--gold", metavar="FILE", help="Nhiệm vụ đã chia nhóm (JSON).")
    ],
    plans: Annotated[
        list[Path] | None,
        typer.Option("--plans", metavar="PATH", help="Tệp, thư mục kế hoạch, vào thư viện tạm."),
    ] = None,
    texts: Annotated[
        bool, typer.Option("--texts", help="Chỉ nhóm các nhiệm vụ trong FILE, không cần thư viện.")
    ] = False,
    threshold: ThresholdOption = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """So các nhóm nhiệm vụ với nhóm do người đọc chia.

    Nhiệm vụ trong FILE mà thư viện không có được thêm vào theo lời văn của nó.
    """
    from contextlib import ExitStack
    from tempfile import TemporaryDirectory

    from kh_nlp.clusters import THRESHOLD, cluster_units, gather, text_unit
    from kh_nlp.embedding import VectorCache, load_encoder
    from kh_nlp.evaluation import load_groups, match_tasks, score_all, score_clusters
    from kh_nlp.library import Library, ingest
    from kh_nlp.model import to_dict

    groups = {path: load_groups(path) for path in gold}
    if sum((bool(plans), library is not None, texts)) > 1:
        raise UsageError("Chỉ dùng một trong --plans, --library và --texts.")
    with ExitStack() as stack:
        units, cache = [], None
        if texts:
            encoder = load_encoder()
        else:
            if plans:
                folder = stack.enter_context(TemporaryDirectory(prefix="kh-evaluate-"))
                opened = stack.enter_context(Library.open(Path(folder) / "library", create=True))
                for path, error in ingest(opened, plans).failed:
                    complain(path, error)
            else:
                opened = stack.enter_context(Library.open(library_folder(library)))
            units = gather(opened)
            encoder = opened.encoder()
            cache = VectorCache(opened.path / "vectors.sqlite")
        added = []
        for tasks in groups.values():  # ids are those of one file: two may use the same
            known = match_tasks(units, tasks)
            new = [task for task in tasks if task.id not in known and task.content.strip()]
            units += [text_unit(task.id, task.content) for task in new]
            added += new
        chosen = THRESHOLD if threshold is None else threshold
        found = cluster_units(units, encoder, threshold=chosen, cache=cache)
    scores = {str(path): score_clusters(found, tasks) for path, tasks in groups.items()}
    if len(gold) > 1:
        scores["all"] = score_all(found, list(groups.values()))
    if json:
        print_json(
            {
                "clusters": len(found.clusters),
                "alone_share": found.alone_share,
                "added": [task.id for task in added],
                "gold": to_dict(scores),
            }
        )
    else:
        _print_scores(scores)


def _print_scores(scores: dict[str, ClusterScores]) -> None:
    from kh_nlp.cli.tables import print_rows

    heads = ("Bản chia nhóm", "Nhiệm vụ", "Thiếu", "P", "R", "F1", "B³ F1", "Đứng riêng")
    rows = [
        (
            "Tất cả" if name == "all" else Path(name).name,
            str(one.tasks),
            str(len(one.missing)),
            *(
                f"{value:.3f}".replace(".", ",")
                for value in (one.precision, one.recall, one.f1, one.bcubed_f1, one.alone_share)
            ),
        )
        for name, one in scores.items()
    ]
    print_rows(heads, rows, ())
