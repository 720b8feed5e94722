"""A table, and tables as files: .xlsx, .csv, .parquet, .json.

Text stays text: a cell that starts with ``=``, ``+``, ``-`` or ``@`` is no formula.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kh_nlp.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    pass


Cell = str | int | float | None


KINDS = ("xlsx", "csv", "parquet", "json")


_MOST = 32_767  # characters of a cell in Excel


_MOST_ROWS = 1_048_576


_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet. ``columns`` are (head, width in characters).

    ``keys`` name the columns for programs (Parquet, JSON); without them the heads do.
    """

    name: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Cell, ...], ...]
    keys: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Column names for programs."""
        return self.keys or tuple(head for head, _ in self.columns)


def written(tables: Sequence[Table], kind: str) -> bytes:
    """A file of one of ``KINDS``; CSV and Parquet have no sheets and take the last table.

    Raises:
        MissingExtraError: Parquet without the packages of the extra ``research``.
        UsageError: more rows than a sheet of Excel can hold.
    """
    if kind == "xlsx":
        return _xlsx(tables)
    if kind == "parquet":
        return _parquet(tables[-1])
    return _json(tables) if kind == "json" else _csv(tables[-1])


def write(tables: Sequence[Table], path: Path, kinds: Sequence[str] = ("xlsx", "csv")) -> None:
    """Write a file of one of ``kinds``; UsageError for another ending."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in kinds:
        shown = " hoặc ".join((", ".join(f".{k}" for k in kinds[:-1]), f".{kinds[-1]}"))
        raise UsageError(f"Tệp “{path.name}” phải có đuôi {shown}.")
    path.write_bytes(written(tables, kind))


def _json(tables: Sequence[Table]) -> bytes:
    """One object: for each table its rows as objects."""
    data = {
        table.name: [dict(zip(table.names, row, strict=True)) for row in table.rows]
        for table in tables
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _parquet(table: Table) -> bytes:
    try:
        import pyarrow as imported
        from pyarrow import parquet as parquet_module
    except ImportError as error:
        raise MissingExtraError("Tệp Parquet", "research") from error
    arrow: Any = imported
    parquet: Any = parquet_module
    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    made = {
        name: arrow.array(_alike(column), type=_type(arrow, column))
        for name, column in zip(table.names, columns, strict=True)
    }
    out = io.BytesIO()
    parquet.write_table(arrow.table(made), out, compression="zstd")
    return out.getvalue()


def _type(arrow: Any, column: Sequence[Cell]) -> Any:
    """One type for a column: whole numbers, numbers, else text (also for an empty column)."""
    kinds = {type(cell) for cell in column if cell is not None}
    if kinds == {int}:
        return arrow.int64()
    return arrow.float64() if kinds and kinds <= {int, float} else arrow.string()


def _alike(column: Sequence[Cell]) -> list[Cell]:
    mixed = any(isinstance(cell, str) for cell in column)
    return [str(cell) if mixed and cell is not None else cell for cell in column]


def _text(cell: Cell) -> str:
    return _UNPRINTABLE.sub(" ", "" if cell is None else str(cell))[:_MOST]


def _csv(table: Table) -> bytes:
    """UTF-8 with the mark that Excel needs to read it as such."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([head for head, _ in table.columns])
    for row in table.rows:
        cells = map(_text, row)
        # Excel reads a leading apostrophe as "what follows is text".
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _xlsx(tables: Sequence[Table]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        for table in tables:
            if len(table.rows) >= _MOST_ROWS:
                raise UsageError(
                    f"Bảng “{table.name}” có {len(table.rows)} dòng, quá sức một tệp Excel; hãy "
                    "ghi ra .csv hoặc .parquet."
                )
            sheet = book.add_worksheet(table.name[:31])
            for column, (head, width) in enumerate(table.columns):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, head, bold)
            for line, row in enumerate(table.rows, 1):
                for column, cell in enumerate(row):
                    if isinstance(cell, (int, float)):
                        sheet.write_number(line, column, cell, plain)
                    elif cell:
                        sheet.write_string(line, column, _text(cell), plain)
            sheet.freeze_panes(1, 0)
            if table.rows:
                sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    return out.getvalue()
