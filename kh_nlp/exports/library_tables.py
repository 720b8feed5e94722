"""A whole library as tables: plans, sections, tasks, citations, topics, trends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from kh_nlp.errors import UsageError
from kh_nlp.exports.trend_tables import trend_tables
from kh_nlp.library import Library
from kh_nlp.tables import KINDS, Cell, Table, written
from kh_nlp.topics import Scheme, assign, load_scheme
from kh_nlp.trends import StoredPlan, labelled, stored_plans, trends
from kh_nlp.wording import LEVELS, ORIGINS, STATUSES

FORMATS = KINDS
_ONE_FILE = ("xlsx", "json")

Column = tuple[str, str, int, Callable[[Any], Cell]]
"""Key, Vietnamese head, width, and the cell of a row."""


def library_tables(
    library: Library, names: Sequence[str] = (), *, scheme: Scheme | None = None
) -> list[Table]:
    """The tables ``names`` (all of ``TABLES`` when none is named), in that order.

    Raises:
        UsageError: a name that is no table.
    """
    for name in names:
        if name not in TABLES:
            raise UsageError(f"Không có bảng “{name}”; chọn trong: {', '.join(TABLES)}.")
    with library.reading():
        return [TABLES[name](library, scheme) for name in names or TABLES]


def write_library(
    library: Library,
    out: Path,
    *,
    names: Sequence[str] = (),
    kind: str | None = None,
    scheme: Scheme | None = None,
) -> list[Path]:
    """Write the tables to one file, or to a folder with a file for each; gives the files.

    ``kind`` is one of ``FORMATS``, by default the ending of ``out``. A workbook or JSON file holds
    all tables, a CSV or Parquet file one.

    Raises:
        UsageError: no format told, an unknown one, or several tables for a file that holds one.
    """
    ending = out.suffix.lower().removeprefix(".")
    if ending in FORMATS and not out.is_dir():
        if kind not in (None, ending):
            raise UsageError(f"Tệp “{out.name}” không hợp với định dạng {kind}.")
        if ending not in _ONE_FILE and len(names) != 1:
            raise UsageError(
                f"Tệp .{ending} chỉ chứa một bảng: thêm --table, hoặc ghi vào thư mục với "
                f"--format {ending}."
            )
        out.write_bytes(written(library_tables(library, names, scheme=scheme), ending))
        return [out]
    if kind is None:
        raise UsageError(
            f"Chưa rõ định dạng: ghi --out TỆP.xlsx (.json), hoặc --out {out} --format csv."
        )
    if kind not in FORMATS:
        raise UsageError(f"Không có định dạng “{kind}”; chọn trong: {', '.join(FORMATS)}.")
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for name in names or TABLES:
        (table,) = library_tables(library, (name,), scheme=scheme)
        made.append(out / f"{name}.{kind}")
        made[-1].write_bytes(written([table], kind))
    return made


def _table(name: str, columns: Sequence[Column], rows: Iterable[Any]) -> Table:
    return Table(
        name=name,
        columns=tuple((head, width) for _, head, width, _ in columns),
        rows=tuple(tuple(read(row) for _, _, _, read in columns) for row in rows),
        keys=tuple(key for key, _, _, _ in columns),
    )


def _text(key: str) -> Callable[[Any], Cell]:
    def read(row: Any) -> Cell:
        value: Cell = row[1].get(key)
        return value

    return read


def _list(key: str) -> Callable[[Any], Cell]:
    return lambda row: "; ".join(row[1].get(key) or ()) or None


def _own(name: str) -> Callable[[Any], Cell]:
    def read(row: Any) -> Cell:
        value: Cell = getattr(row[0].facts, name)
        return value

    return read


def _head(key: str) -> Callable[[Any], Cell]:
    def read(row: Any) -> Cell:
        value: Cell = row[0].data["header"].get(key)
        return value

    return read


_PLAN: tuple[Column, ...] = (("plan", "Mã kế hoạch", 16, _own("plan")),)


def _plans(library: Library, scheme: Scheme | None) -> Table:
    def day(end: str) -> Callable[[Any], Cell]:
        return lambda row: (row[0].data["header"].get("period") or {}).get(end)

    def size(part: str) -> Callable[[Any], Cell]:
        return lambda row: len(row[0].data[part])

    columns: tuple[Column, ...] = (
        *_PLAN, ("title", "Tên kế hoạch", 60, _own("title")), ("kind", "Loại", 14, _head("kind")),
        ("number", "Số, ký hiệu", 18, _head("number")),
        ("issued_on", "Ngày ban hành", 12, _own("issued_on")),
        ("status", "Tình trạng", 14, lambda row: STATUSES.get(row[0].data["header"]["status"])),
        ("issuer", "Cơ quan ban hành", 32, _own("issuer")),
        ("level", "Cấp", 16, lambda row: LEVELS.get(row[0].facts.level or "")),
        ("province", "Tỉnh, thành phố", 18, _own("province")), ("year", "Năm", 8, _head("year")),
        ("period_from", "Thời kỳ từ", 12, day("from")), ("period_to", "đến", 12, day("to")),
        ("signer", "Người ký", 20, _head("signer")),
        ("signer_title", "Chức vụ người ký", 24, _head("signer_title")),
        ("pages", "Số trang", 8, lambda row: row[0].data["source"]["pages"]),
        ("characters", "Số ký tự", 10, size("text")), ("sections", "Số mục", 8, size("sections")),
        ("tasks", "Số nhiệm vụ", 8, size("tasks")),
        ("citations", "Số chỗ viện dẫn", 8, size("citations")), ("path", "Tệp", 50, _own("path")),
    )  # fmt: skip
    return _table("Kế hoạch", columns, ((plan, {}) for plan in stored_plans(library)))


def _sections(library: Library, scheme: Scheme | None) -> Table:
    columns: tuple[Column, ...] = (
        *_PLAN, ("section", "Mã mục", 20, _text("id")), ("number", "Mục", 12, _text("number")),
        ("heading", "Tiêu đề", 50, _text("heading")), ("parent", "Mục cha", 20, _text("parent")),
        ("annex", "Phụ lục", 8, lambda row: "có" if row[1]["annex"] else None),
        ("page", "Trang", 8, _text("page")), ("start", "Vị trí", 8, _text("start")),
        ("end", "đến", 8, _text("end")), ("text", "Nội dung", 90, _text("text")),
    )  # fmt: skip
    return _table("Mục", columns, _inside(library, "sections"))


def _tasks(library: Library, scheme: Scheme | None) -> Table:
    def due(end: str) -> Callable[[Any], Cell]:
        return lambda row: (row[1].get("due") or {}).get(end)

    columns: tuple[Column, ...] = (
        *_PLAN, ("task", "Mã nhiệm vụ", 20, _text("id")),
        ("origin", "Loại", 20, lambda row: ORIGINS[row[1]["origin"]]),
        ("order", "Thứ tự", 8, _text("order")), ("group", "Nhóm", 24, _text("group")),
        ("content", "Nhiệm vụ", 60, _text("content")), ("lead", "Chủ trì", 30, _list("lead")),
        ("partners", "Phối hợp", 30, _list("partners")), ("form", "Hình thức", 24, _text("form")),
        ("output", "Kết quả", 30, _text("output")),
        ("deadline", "Thời gian (nguyên văn)", 22, _text("deadline")),
        ("due_from", "Hạn từ", 12, due("from")), ("due_to", "Hạn đến", 12, due("to")),
        ("section", "Mã mục", 20, _text("section")), ("page", "Trang", 8, _text("page")),
        ("start", "Vị trí", 8, _text("start")), ("end", "đến", 8, _text("end")),
    )  # fmt: skip
    return _table("Nhiệm vụ", columns, _inside(library, "tasks"))


def _citations(library: Library, scheme: Scheme | None) -> Table:
    def document(key: str) -> Callable[[Any], Cell]:
        return lambda row: (row[1].get("document") or {}).get(key)

    columns: tuple[Column, ...] = (
        *_PLAN, ("text", "Nguyên văn", 60, _text("text")), ("kind", "Loại", 16, _text("kind")),
        ("number", "Số, ký hiệu", 20, _text("number")),
        ("issued_on", "Ngày", 12, _text("issued_on")), ("issuer", "Cơ quan", 30, _text("issuer")),
        ("role", "Vai trò", 12, lambda row: _ROLES[row[1]["role"]]),
        ("relation", "Quan hệ", 16, _text("relation")),
        ("section", "Mã mục", 20, _text("section")),
        ("confidence", "Độ tin cậy", 8, _text("confidence")),
        ("document", "Khóa văn bản", 36, document("key")),
        ("document_title", "Tên văn bản", 60, document("title")),
        ("start", "Vị trí", 8, _text("start")), ("end", "đến", 8, _text("end")),
    )  # fmt: skip
    return _table("Viện dẫn", columns, _inside(library, "citations"))


_ROLES = {"basis": "căn cứ", "reference": "dẫn chiếu"}


def _topics(library: Library, scheme: Scheme | None) -> Table:
    scheme = scheme or load_scheme()
    known = {topic.id: topic for topic in scheme.topics}
    columns: tuple[Column, ...] = (
        ("plan", "Mã kế hoạch", 16, lambda row: row[0].plan_id),
        ("unit", "Mã mục, nhiệm vụ", 20, lambda row: row[0].unit_id),
        ("kind", "Đơn vị", 10, lambda row: _UNITS[row[0].unit]),
        ("number", "Mục", 12, lambda row: row[0].number),
        ("topic", "Mã chủ đề", 20, lambda row: row[1].topic_id),
        ("name", "Chủ đề", 36, lambda row: known[row[1].topic_id].name),
        ("group", "Nhóm", 14, lambda row: known[row[1].topic_id].group),
        ("score", "Điểm", 8, lambda row: row[1].score),
        ("start", "Vị trí", 8, lambda row: row[0].start), ("end", "đến", 8, lambda row: row[0].end),
    )  # fmt: skip
    rows = ((unit, match) for unit in assign(library, scheme) for match in unit.topics)
    return _table("Chủ đề", columns, rows)


_UNITS = {"section": "mục", "task": "nhiệm vụ"}


def _trends(library: Library, scheme: Scheme | None) -> Table:
    """Share of plans with each topic and form by year, with intervals."""
    plans = list(stored_plans(library))
    tables = [
        trend_tables(trends(labelled(library, (of,), plans, scheme=scheme), of=of))[-1]
        for of in ("topic", "form")
    ]
    return Table(
        name="Xu hướng",
        columns=(("Loại", 12), *tables[0].columns),
        rows=tuple(
            (of, *row)
            for of, table in zip(("chủ đề", "hình thức"), tables, strict=True)
            for row in table.rows
        ),
        keys=("of", *tables[0].keys),
    )


def _inside(library: Library, part: str) -> Iterable[tuple[StoredPlan, dict[str, Any]]]:
    return ((plan, item) for plan in stored_plans(library) for item in plan.data[part])


TABLES: dict[str, Callable[[Library, Scheme | None], Table]] = {
    "plans": _plans,
    "sections": _sections,
    "tasks": _tasks,
    "citations": _citations,
    "topics": _topics,
    "trends": _trends,
}
