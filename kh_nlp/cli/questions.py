"""Commands that ask the library: search, covers, cite list, cite show."""

from __future__ import annotations

from typing import Annotated

import typer

from kh_nlp.cli.options import (
    IssuerOption,
    JsonOption,
    LevelOption,
    LibraryOption,
    Many,
    ProvinceOption,
    RerankOption,
    YearOption,
    library_folder,
    reranker,
)
from kh_nlp.cli.printing import print_json
from kh_nlp.cli.tables import OutOption, print_report
from kh_nlp.errors import UsageError

QUERY_LENGTH = 500


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Câu hỏi, có dấu hoặc không dấu.")],
    kind: Annotated[
        Many, typer.Option(metavar="LOẠI", help="section (mục), task (nhiệm vụ), plan.")
    ] = None,
    year: YearOption = None,
    level: LevelOption = None,
    province: ProvinceOption = None,
    issuer: IssuerOption = None,
    agency: Annotated[
        Many, typer.Option(metavar="TÊN", help="Cơ quan chủ trì hoặc phối hợp.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, max=1000, metavar="N", help="Số kết quả.")
    ] = 10,
    literal: Annotated[
        bool, typer.Option("--literal", help="Tìm đúng các từ đã gõ, không suy ra bộ lọc.")
    ] = False,
    without: Annotated[
        Many,
        typer.Option(
            metavar="LOẠI",
            help="Không suy ra loại này từ câu hỏi: year, province, place, level, issuer, agency, "
            "phrase, exclude, spelling.",
        ),
    ] = None,
    apply: Annotated[
        Many, typer.Option(metavar="LOẠI", help="Lọc cả theo loại mới chỉ được gợi ý.")
    ] = None,
    this_year: Annotated[
        int | None,
        typer.Option(min=1950, max=2100, metavar="NĂM", help="Năm nay, để hiểu “2 năm gần đây”."),
    ] = None,
    everyday: Annotated[
        bool, typer.Option("--everyday", help="Thêm từ hành chính cho từ thường ngày.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="In vì sao mỗi kết quả đứng ở thứ hạng đó.")
    ] = False,
    rerank: RerankOption = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Tìm mục và nhiệm vụ trả lời câu hỏi, kèm nguồn."""
    from kh_nlp.cli.printing import print_hits
    from kh_nlp.library import Library
    from kh_nlp.model import to_dict
    from kh_nlp.search import search as ask
    from kh_nlp.wording import read_kinds, read_levels, read_years

    _check(query)
    kinds, levels, years = read_kinds(kind or ()), read_levels(level or ()), read_years(year)
    with Library.open(library_folder(library)) as opened:
        answer = ask(
            opened,
            query,
            kinds=kinds,
            years=years,
            levels=levels,
            provinces=_split(province),
            issuers=tuple(issuer or ()),
            agencies=tuple(agency or ()),
            limit=limit,
            understanding=not literal,
            without=_split(without),
            apply=_split(apply),
            this_year=this_year,
            everyday=everyday,
            explain=explain,
            reranker=reranker(rerank),
        )
        print_json(to_dict(answer)) if json else print_hits(answer, opened)


def covers(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="Đề án, chương trình, số văn bản hoặc chủ đề.")
    ],
    by: Annotated[
        str | None, typer.Option(metavar="CÁCH", help="Đếm theo year, province hoặc level.")
    ] = None,
    out: OutOption = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Kế hoạch nào đề cập một văn bản, đề án hay chủ đề."""
    from kh_nlp.cli.printing import print_coverage
    from kh_nlp.library import Library
    from kh_nlp.model import to_dict
    from kh_nlp.search import covers as ask
    from kh_nlp.search import report

    _check(query)
    with Library.open(library_folder(library)) as opened:
        answer = ask(opened, query)
        if by is None and out is None:
            print_json(to_dict(answer)) if json else print_coverage(answer, opened)
            return
        found = report(answer, opened.plans(), by)
    if json:
        print_json({**to_dict(answer), "by": by, "groups": to_dict(found.groups)})
    print_report(found, out, quiet=json)


def cite_list(
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, metavar="N", help="Số văn bản.")
    ] = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Liệt kê văn bản được viện dẫn, nhiều nhất trước."""
    from kh_nlp.cli.printing import print_documents
    from kh_nlp.library import Library
    from kh_nlp.model import to_dict
    from kh_nlp.search import cited_documents

    with Library.open(library_folder(library)) as opened:
        documents = cited_documents(opened, limit)
    print_json({"documents": to_dict(documents)}) if json else print_documents(documents)


def cite_show(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Khóa văn bản, xem kh cite list.")],
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Cho biết những kế hoạch nào viện dẫn một văn bản, ở mục nào."""
    from kh_nlp.cli.printing import print_document
    from kh_nlp.library import Library
    from kh_nlp.model import to_dict
    from kh_nlp.search import cited_by

    with Library.open(library_folder(library)) as opened:
        document = cited_by(opened, key)
        print_json(to_dict(document)) if json else print_document(document, opened)


def _check(query: str) -> None:
    if not query.strip():
        raise UsageError("Câu hỏi trống.")
    if any("\ud800" <= letter <= "\udfff" for letter in query):
        raise UsageError("Câu hỏi không viết theo UTF-8.")
    if len(query) > QUERY_LENGTH:
        raise UsageError(f"Câu hỏi dài quá {QUERY_LENGTH} ký tự.")


def _split(values: Many) -> tuple[str, ...]:
    """Values of an option that may be given several times or with commas."""
    return tuple(
        word.strip() for value in values or () for word in value.split(",") if word.strip()
    )
