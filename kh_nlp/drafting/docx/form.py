"""The form of Nghị định 30/2020/NĐ-CP, annex I: page, head, *căn cứ*, sections, signature."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Literal

from kh_nlp.drafting.docx import parts
from kh_nlp.drafting.markdown import joined, source_line
from kh_nlp.drafting.records import Draft, DraftSection, Paragraph
from kh_nlp.errors import MissingExtraError

Sources = Literal["comments", "annex", "none"]

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
HEAD_WIDTHS_CM = (5.9, 10.1)
"""Columns of the head: issuer and number; name of the state and date."""

TABLE_WIDTHS_CM = (1.0, 4.8, 2.9, 2.8, 2.6, 1.9)


def save_docx(draft: Draft, path: Path | IO[bytes], *, sources: Sources = "comments") -> None:
    """Write the draft as a Word file, to a path or an open binary file.

    ``sources``: as Word comments at each paragraph, as an annex at the end, or left out. Gaps are
    highlighted in yellow. Raises MissingExtraError without python-docx (extra ``docx``).
    """
    try:
        import docx
    except ImportError as error:
        raise MissingExtraError("Ghi tệp Word", "docx") from error
    document = docx.Document()
    writer = _Writer(document, draft, sources)
    writer.write()
    properties = document.core_properties
    properties.title = draft.title
    properties.author = draft.issuer.title()
    properties.language = "vi-VN"
    document.save(str(path) if isinstance(path, Path) else path)


class _Writer:
    def __init__(self, document: Any, draft: Draft, sources: Sources) -> None:
        self.document = document
        self.draft = draft
        self.sources = sources
        self.notes: list[tuple[str, str]] = []

    def write(self) -> None:
        parts.page(self.document)
        self._head()
        self._title()
        self._basis()
        for paragraph in self.draft.opening:
            self._paragraph(paragraph)
        for section in self.draft.sections:
            self._section(section)
        if self.draft.tasks:
            self._tasks()
        self._end()
        if self.sources == "annex":
            self._annex()

    def _head(self) -> None:
        draft = self.draft
        table = parts.bare_table(self.document, 2, HEAD_WIDTHS_CM)
        left, right = table.rows[0].cells
        if draft.superior:
            parts.line(left, draft.superior, size=13, centred=True, first=True)
        parts.line(left, draft.issuer, size=13, bold=True, centred=True, first=not draft.superior)
        parts.rule(left, share=0.4)
        parts.line(
            right,
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            size=13,
            bold=True,
            centred=True,
            first=True,
        )
        parts.line(right, "Độc lập - Tự do - Hạnh phúc", size=14, bold=True, centred=True)
        parts.rule(right, share=0.62)
        left, right = table.rows[1].cells
        parts.line(left, f"Số:       /{draft.symbol}", size=13, centred=True, first=True)
        day = f"{draft.place}, ngày       tháng       năm {issued_year(draft)}"
        parts.line(right, day, size=14, italic=True, centred=True, first=True)

    def _title(self) -> None:
        parts.text(self.document, "KẾ HOẠCH", bold=True, centred=True, before=12, after=0)
        title = self.draft.title[0].upper() + self.draft.title[1:]
        parts.text(self.document, title, bold=True, centred=True, before=0, after=0)
        parts.rule(self.document, share=0.25, after=12)

    def _basis(self) -> None:
        last = len(self.draft.basis) - 1
        for at, basis in enumerate(self.draft.basis):
            mark = "." if at == last else ";"
            self._paragraph(basis.line, italic=True, end=mark)

    def _section(self, section: DraftSection) -> None:
        number = section.number if section.level == 1 else section.number.split(".")[-1]
        self._paragraph(section.title, start=f"{number}. ", bold=True, heading=section.level)
        for paragraph in section.paragraphs:
            start = f"{paragraph.label} " if paragraph.label else ""
            self._paragraph(paragraph, start=start)

    def _paragraph(
        self,
        paragraph: Paragraph,
        *,
        start: str = "",
        end: str = "",
        bold: bool = False,
        italic: bool = False,
        heading: int = 0,
    ) -> None:
        written = parts.body(self.document, heading=heading)
        runs = parts.runs(written, paragraph, start=start, end=end, bold=bold, italic=italic)
        self._source(runs, paragraph, where=start + paragraph.text)

    def _source(self, runs: Sequence[Any], paragraph: Paragraph, *, where: str) -> None:
        if not paragraph.sources or not runs:
            return
        note = source_line(self.draft, paragraph)
        if self.sources == "comments":
            self.document.add_comment(runs, text=note, author="kh draft", initials="kh")
        elif self.sources == "annex":
            self.notes.append((where, note))

    def _tasks(self) -> None:
        parts.text(self.document, "BẢNG PHÂN CÔNG NHIỆM VỤ", bold=True, centred=True, before=12)
        names = ("TT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời gian", "Kết quả")
        table = parts.ruled_table(self.document, names, TABLE_WIDTHS_CM)
        for row in self.draft.tasks:
            cells = table.add_row().cells
            parts.no_split(table.rows[-1])
            parts.cell(cells[0], Paragraph(text=str(row.order), sources=()), centred=True)
            written = parts.cell(cells[1], row.content)
            self._source(written, row.content, where=row.content.text)
            for at, bodies in ((2, row.lead), (3, row.partners)):
                runs = parts.cells(cells[at], bodies)
                for body, own in zip(bodies, runs, strict=True):
                    self._source(own, body, where=joined([body]))
            for at, cell in ((4, row.deadline), (5, row.output)):
                if cell is not None:
                    self._source(parts.cell(cells[at], cell), cell, where=cell.text)
        parts.widths(table, TABLE_WIDTHS_CM)

    def _end(self) -> None:
        parts.text(self.document, "", before=0, after=0)
        table = parts.bare_table(self.document, 1, (8.0, 8.0))
        left, right = table.rows[0].cells
        parts.line(left, "Nơi nhận:", size=12, bold=True, italic=True, first=True)
        last = len(self.draft.recipients) - 1
        for at, paragraph in enumerate(self.draft.recipients):
            written = parts.small(left)
            end = "." if at == last else ";"
            runs = parts.runs(written, paragraph, start="- ", end=end, size=11)
            self._source(runs, paragraph, where=paragraph.text)
        if not self.draft.recipients:
            parts.gap_line(left)
        for at, title in enumerate(self.draft.signer_title):
            parts.line(right, title, size=14, bold=True, centred=True, first=at == 0)
        for _ in range(4):
            parts.line(right, "", size=14, centred=True)
        parts.gap_line(right, centred=True)

    def _annex(self) -> None:
        self.document.add_page_break()
        parts.text(self.document, "PHỤ LỤC NGUỒN", bold=True, centred=True)
        parts.text(
            self.document, "(Phục vụ việc soát dự thảo, bỏ trước khi ký)", italic=True, centred=True
        )
        for at, (where, note) in enumerate(self.notes, 1):
            shown = where if len(where) < 90 else where[:88] + "…"
            parts.text(self.document, f"{at}. “{shown}”", size=11, before=4, after=0)
            parts.text(self.document, note, size=11, italic=True, before=0, after=0)


def issued_year(draft: Draft) -> int:
    """The year in the date line: plans for a year are signed in it or in the December before."""
    return draft.request.year
