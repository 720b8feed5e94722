"""Commands of the citation network: ``kh cite network``, ``links``, ``chain``, ``top``, more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kh_nlp.cli.options import (
    JsonOption,
    LevelOption,
    LibraryOption,
    ProvinceOption,
    YearOption,
    library_folder,
)
from kh_nlp.cli.printing import print_json
from kh_nlp.wording import LEVELS, day, document_name

if TYPE_CHECKING:
    from kh_nlp.library import Library
    from kh_nlp.network import Node, Step

_INDENT = "    "

NameArgument = Annotated[
    str, typer.Argument(metavar="ID", help="Khóa văn bản, mã kế hoạch hoặc số, ký hiệu.")
]
LimitOption = Annotated[
    int, typer.Option("--limit", "-n", min=1, max=10_000, metavar="N", help="Số kết quả.")
]
DepthOption = Annotated[
    int, typer.Option("--depth", min=1, max=20, metavar="N", help="Số bước viện dẫn.")
]
_BY = {
    "year": "Năm",
    "level": "Cấp",
    "province": "Tỉnh, thành phố",
    "plans": "Số kế hoạch viện dẫn",
    "pagerank": "PageRank",
    "authority": "Điểm nguồn (HITS)",
    "hub": "Điểm tổng hợp (HITS)",
}


def cite_network(
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Tệp .graphml, .gexf, .json, .csv (Excel) hoặc .html (hình)."
        ),
    ] = None,
    plan: Annotated[
        str | None, typer.Option(metavar="ID", help="Chỉ phần quanh kế hoạch, văn bản này.")
    ] = None,
    depth: DepthOption = 1,
    year: YearOption = None,
    level: LevelOption = None,
    province: ProvinceOption = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Mạng viện dẫn: quy mô, xuất ra tệp hoặc hình."""
    from kh_nlp import network as net
    from kh_nlp.wording import read_levels, read_years

    with _open(library) as opened:
        found = net.select(
            net.load_network(opened),
            around=plan,
            depth=depth,
            years=read_years(year),
            levels=read_levels(level or ()),
            provinces=_words(province),
        )
    if out is not None:
        net.export(found, out)
    plans = sum(node.plan is not None for node in found.nodes)
    counts = {
        "nodes": len(found.nodes),
        "plans": plans,
        "documents": len(found.nodes) - plans,
        "edges": len(found.edges),
        "out": str(out) if out else None,
    }
    if json:
        print_json(counts)
        return
    typer.echo(
        f"{plans} kế hoạch trong thư viện, {counts['documents']} văn bản khác, "
        f"{counts['edges']} quan hệ viện dẫn."
    )
    if out is not None:
        typer.echo(f"Đã ghi: {out}")
    else:
        typer.echo("Xuất ra tệp hoặc hình: thêm --out mang.html (.graphml, .gexf, .json, .csv).")


def cite_links(
    name: NameArgument,
    depth: DepthOption = 1,
    limit: LimitOption = 20,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Văn bản này viện dẫn gì và được ai viện dẫn, qua một hay nhiều bước."""
    from kh_nlp import network as net
    from kh_nlp.model import to_dict

    with _open(library) as opened:
        whole = net.load_network(opened)
        down = net.cites(whole, name, depth=depth, limit=limit)
        up = net.cited_by(whole, name, depth=depth, limit=limit)
    if json:
        print_json({"cites": to_dict(down), "cited_by": to_dict(up)})
        return
    typer.echo(_called(down.start))
    for words, reached in (("Viện dẫn", down), ("Được viện dẫn bởi", up)):
        typer.echo(f"\n{words} {reached.total} văn bản:")
        for step in reached.steps:
            typer.echo(f"  {'  ' * (step.depth - 1)}• {_called(step.node)} ({_how(step)})")
        if reached.total > len(reached.steps):
            typer.echo(f"  … và {reached.total - len(reached.steps)} văn bản khác.")


def cite_similar(
    name: NameArgument,
    limit: LimitOption = 10,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Kế hoạch có cùng căn cứ, và văn bản thường được viện dẫn cùng nhau."""
    from kh_nlp import network as net
    from kh_nlp.model import to_dict

    with _open(library) as opened:
        answer = net.similar(net.load_network(opened), name, limit=limit)
    if json:
        print_json(to_dict(answer))
        return
    typer.echo(_called(answer.start))
    for words, found in (
        ("Cùng dựa trên những văn bản như nhau", answer.coupled),
        ("Được viện dẫn cùng nhau", answer.cocited),
    ):
        if found:
            typer.echo(f"\n{words}:")
        for other in found:
            typer.echo(f"  {other.score:.2f}  {_called(other.node)}")
            through = "; ".join(net.label(node) for node in other.through)
            typer.echo(f"{_INDENT}    {other.shared} văn bản chung: {through}")
    if not (answer.coupled or answer.cocited):
        typer.echo("Không có văn bản nào chung viện dẫn với văn bản này.")


def cite_chain(
    name: NameArgument,
    limit: LimitOption = 10,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Chuỗi căn cứ từ kế hoạch này lên văn bản của Trung ương."""
    from kh_nlp import network as net
    from kh_nlp.model import to_dict

    with _open(library) as opened:
        place = net.chain(net.load_network(opened), name, limit=limit)
    if json:
        print_json(to_dict(place))
        return
    typer.echo(f"{_called(place.start)} ({_level(place.start)})")
    if not place.chains:
        typer.echo("Không viện dẫn văn bản nào của cấp trên.")
    elif not place.national:
        typer.echo("Chưa tới văn bản nào của Trung ương; chuỗi cao nhất:")
    for way in place.chains:
        typer.echo("")
        for step in way.steps:
            typer.echo(
                f"  {'  ' * (step.depth - 1)}↑ {_called(step.node)} "
                f"({_level(step.node)}; {_how(step)})"
            )
    if place.below:
        counts = (f"{(LEVELS.get(b.level or '') or 'chưa rõ cấp')}: {b.plans}" for b in place.below)
        typer.echo("\nBên dưới, trực tiếp hoặc qua văn bản khác: " + ", ".join(counts) + ".")


def cite_missing(
    minimum: Annotated[
        int, typer.Option("--min", min=1, metavar="N", help="Ít nhất N kế hoạch viện dẫn.")
    ] = 2,
    level: LevelOption = None,
    limit: LimitOption = 20,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Văn bản nhiều kế hoạch viện dẫn mà thư viện chưa có."""
    from kh_nlp import network as net
    from kh_nlp.model import to_dict
    from kh_nlp.wording import read_levels

    with _open(library) as opened:
        whole = net.load_network(opened)
        found = net.missing(whole, minimum=minimum, limit=limit, levels=read_levels(level or ()))
    if json:
        print_json({"documents": to_dict(found)})
        return
    if not found:
        typer.echo(f"Không có văn bản nào được {minimum} kế hoạch trở lên viện dẫn mà còn thiếu.")
    for rank, item in enumerate(found, 1):
        typer.echo(f"{rank:>3}. {_called(item.node)} · {item.plans} kế hoạch, {item.mentions} lần")
        typer.echo(f"{_INDENT} {item.node.id}")


def cite_stale(library: LibraryOption = None, json: JsonOption = False) -> None:
    """Kế hoạch còn viện dẫn văn bản đã bị thay thế."""
    from kh_nlp import network as net
    from kh_nlp.model import to_dict

    with _open(library) as opened:
        answer = net.stale(net.load_network(opened))
    if json:
        print_json(to_dict(answer))
        return
    if answer.note:
        typer.echo(answer.note)
        return
    if not answer.plans:
        typer.echo(
            f"Không kế hoạch nào viện dẫn {answer.known} văn bản mà danh mục hoặc kế hoạch trong "
            "thư viện nêu rõ là đã bị thay thế. Những văn bản khác chưa rõ còn hiệu lực hay không."
        )
    when = {
        True: "kế hoạch ban hành sau khi thay thế",
        False: "kế hoạch ban hành trước khi thay thế",
        None: "chưa rõ ngày",
    }
    for item in answer.plans:
        typer.echo(f"• {_called(item.plan)}")
        typer.echo(f"{_INDENT}viện dẫn {_called(item.document)}")
        by = f" bởi {item.replacement.by}" if item.replacement.by else ""
        on = f" ngày {day(item.replacement.on)}" if item.replacement.on else ""
        typer.echo(f"{_INDENT}đã bị thay thế{by}{on} ({when[item.after]})")


def cite_orphans(library: LibraryOption = None, json: JsonOption = False) -> None:
    """Kế hoạch đứng riêng: không viện dẫn và không được viện dẫn."""
    from kh_nlp import network as net
    from kh_nlp.model import to_dict

    with _open(library) as opened:
        found = net.orphans(net.load_network(opened))
    if json:
        print_json({"plans": to_dict(found)})
        return
    if not found:
        typer.echo("Kế hoạch nào cũng có liên hệ viện dẫn.")
    for item in found:
        typer.echo(f"• {_called(item.node)}")
        reason = (
            f"{item.unresolved} chỗ viện dẫn chưa xác định được văn bản"
            if item.unresolved
            else "không có chỗ viện dẫn nào"
        )
        typer.echo(f"{_INDENT}{item.node.plan} · {reason}")


def cite_top(
    by: Annotated[
        str,
        typer.Option(
            metavar="THEO", help="year, level, province; plans, pagerank, authority hoặc hub."
        ),
    ] = "plans",
    limit: LimitOption = 5,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Văn bản được viện dẫn nhiều nhất theo năm, cấp, tỉnh hoặc theo một thước đo."""
    from kh_nlp import network as net
    from kh_nlp.model import to_dict

    with _open(library) as opened:
        answer = net.top(net.load_network(opened), by, limit=limit)
    if json:
        print_json(to_dict(answer))
        return
    for group in answer.groups:
        value = LEVELS.get(str(group.value), group.value) if by == "level" else group.value
        named = f"{_BY[by]} {value}" if by == "year" else str(value)
        if value is None:
            named = f"{_BY[by]} chưa rõ"
        named = named if by in net.GROUPS else _BY[by]
        typer.echo(f"{named} · {group.sources} kế hoạch có viện dẫn")
        for rank, item in enumerate(group.documents, 1):
            score = f" · {item.score:.4f}" if item.score is not None else ""
            times = f"{item.plans} kế hoạch, {item.mentions} lần"
            typer.echo(f"{rank:>3}. {_called(item.node)} · {times}{score}")
    if not any(group.documents for group in answer.groups):
        typer.echo("Chưa có văn bản nào được viện dẫn.")


def cite_line(name: NameArgument, library: LibraryOption = None, json: JsonOption = False) -> None:
    """Dòng căn cứ viết theo thể thức thường dùng, để chép vào dự thảo."""
    from kh_nlp import network as net
    from kh_nlp.model import to_dict

    with _open(library) as opened:
        line = net.basis_line(opened, name)
    if json:
        print_json(to_dict(line))
        return
    typer.echo(line.text)
    if line.missing:
        typer.echo("Chưa rõ: " + ", ".join(line.missing) + ".", err=True)


def _open(folder: Path | None) -> Library:
    from kh_nlp.library import Library

    return Library.open(library_folder(folder))


def _called(node: Node) -> str:
    name = document_name(node.id, node.kind, node.number, node.title)
    date = f" ngày {day(node.issued_on)}" if node.number and node.issued_on else ""
    issuer = f" của {node.issuer}" if node.issuer else ""
    alias = f" ({node.alias})" if node.alias and node.number else ""
    return name + alias + date + issuer


def _level(node: Node) -> str:
    return LEVELS.get(node.level or "", "chưa rõ cấp")


def _how(step: Step) -> str:
    relations: Sequence[str] = step.relations or ("dẫn chiếu",)
    return ", ".join(relations)


def _words(values: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(
        word.strip() for value in values or () for word in value.split(",") if word.strip()
    )
