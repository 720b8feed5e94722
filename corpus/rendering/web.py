"""A layout as a web page: as Word saves one, and as a site of legal documents shows one."""

from __future__ import annotations

import textwrap
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from .layout import (
    Block,
    Head,
    Layout,
    NewPage,
    Piece,
    Row,
    Signing,
    Table,
    Text,
    column_widths,
)

_WIDTH = 16.0
_CENTERED = frozenset(("kind", "title", "issued", "annex"))
_WRAP = 78  # Word breaks the lines of the files that it saves

_WORD_HEAD = """<html xmlns:v="urn:schemas-microsoft-com:vml"
xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"
xmlns="http://www.w3.org/TR/REC-html40">

<head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=ProgId content=Word.Document>
<meta name=Generator content="Microsoft Word 15">
<title>{title}</title>
<!--[if gte mso 9]><xml>
 <o:DocumentProperties>
  <o:Author>Admin</o:Author>
  <o:Revision>2</o:Revision>
 </o:DocumentProperties>
</xml><![endif]-->
<style>
<!--
 /* Style Definitions */
 p.MsoNormal, li.MsoNormal, div.MsoNormal
	{{mso-style-unhide:no;
	margin:0cm;
	font-size:14.0pt;
	font-family:"Times New Roman",serif;}}
p.MsoFootnoteText
	{{margin:0cm;
	font-size:10.0pt;
	font-family:"Times New Roman",serif;}}
span.MsoFootnoteReference
	{{vertical-align:super;}}
@page WordSection1
	{{size:595.3pt 841.9pt;
	margin:2.0cm 2.0cm 2.0cm 3.0cm;}}
div.WordSection1
	{{page:WordSection1;}}
-->
</style>
</head>

<body lang=VI style='tab-interval:36.0pt;word-wrap:break-word'>

<div class=WordSection1>
"""

_SITE_HEAD = """<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - Thư viện văn bản</title>
<link rel="stylesheet" href="/css/site.css">
<style>.content1 {{ font-family: "Times New Roman"; }}</style>
<script>var page = {{"id": 1, "title": "Thư viện văn bản"}};
if (1 < 2) {{ console.log(page); }}</script>
</head>
<body>
<noscript><p>Hãy bật JavaScript để dùng trang này.</p></noscript>
<header><nav><ul>
<li><a href="/">Trang chủ</a></li><li><a href="/moi">Văn bản mới</a></li>
<li><a href="/chu-de">Chủ đề pháp luật</a></li><li><a href="/dang-nhap">Đăng nhập</a></li>
</ul></nav>
<form action="/tim"><input name="q" placeholder="Nhập từ khóa"><button>Tìm kiếm</button></form>
</header>
<div class="breadcrumb"><a href="/">Trang chủ</a> &rsaquo; <a href="/vb">Văn bản</a> &rsaquo;
<span>{title}</span></div>
<aside class="sidebar"><h4>Văn bản liên quan</h4><ul><li><a href="/vb/2">Quyết định về cải cách
hành chính</a></li><li><a href="/vb/3">Hướng dẫn về công tác văn thư</a></li></ul></aside>
<main>
<ul class="tabs"><li>Nội dung</li><li>Thuộc tính</li><li>Lược đồ</li><li>Tải về</li></ul>
<div class="content1" id="noidung">
"""

_SITE_END = """</div>
<div class="tools"><a href="#">Lưu</a> <a href="#">In</a> <a href="#">Báo lỗi</a></div>
</main>
<footer><p>Bản quyền &copy; Thư viện văn bản. Mọi quyền được bảo lưu.</p>
<p>Điện thoại: 024 0000 0000 | Email: lienhe@example.vn</p></footer>
<script src="/js/site.js"></script>
</body>
</html>
"""


def word_page(layout: Layout) -> str:
    """The page that Word's "Save as web page" makes."""
    return _WordPage(layout).html()


def site_page(layout: Layout) -> str:
    """The page of a site: menu, path, sidebar and footer around the document."""
    return _SitePage(layout).html()


class _Page(ABC):
    """What both pages share: blocks in order, tables by rows."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    @abstractmethod
    def html(self) -> str: ...

    @abstractmethod
    def paragraph(self, inner: str, align: str, *, indent: bool = False) -> str: ...

    @abstractmethod
    def mark(self, piece: Piece) -> str: ...

    @abstractmethod
    def open_table(self, ruled: bool) -> str: ...

    def inner(self, text: Text, bold: bool = False, italic: bool = False) -> str:
        words = "".join(
            escape(piece.text, quote=False) if piece.note is None else self.mark(piece)
            for piece in text
        )
        words = f"<i>{words}</i>" if italic and words else words
        return f"<b>{words}</b>" if bold and words else words

    def lines(self, texts: Iterable[str], align: str, **style: bool) -> str:
        return "".join(self.paragraph(self.inner((Piece(text),), **style), align) for text in texts)

    def blocks(self) -> Iterator[str]:
        for block in self.layout.blocks:
            yield self.block(block)

    def block(self, block: Block) -> str:
        match block:
            case Head():
                return self.head(block)
            case Signing():
                return self.signing(block)
            case Table():
                return self.table(block)
            case NewPage():
                return "<br clear=all style='page-break-before:always'>\n"
        bold = block.role in ("kind", "title", "annex", "heading")
        inner = self.inner(block.text, bold, block.role in ("issued", "basis"))
        if block.role in _CENTERED:
            return self.paragraph(inner, "center")
        return self.paragraph(inner, "justify", indent=True)

    def head(self, head: Head) -> str:
        left = self.lines(head.superior, "center") + self.lines(head.issuer, "center", bold=True)
        right = self.lines(head.formula, "center", bold=True)
        rows = [(left + self.rule(), right + (self.rule() if head.formula else ""))]
        if head.number or head.date:
            number = self.lines(head.number, "center")
            rows.append((number, self.lines(head.date, "right", italic=True)))
        return self.grid(rows)

    def rule(self) -> str:
        return ""

    def signing(self, signing: Signing) -> str:
        recipients = self.lines(signing.recipients[:1], "left", bold=True, italic=True)
        recipients += self.lines(signing.recipients[1:], "left")
        right = self.lines(signing.offices, "center", bold=True)
        if signing.name:
            right += self.paragraph("&nbsp;", "center") * 3
            right += self.lines((signing.name,), "center", bold=True)
        return self.grid([(recipients, right)])

    def grid(self, rows: Sequence[tuple[str, ...]]) -> str:
        body = "".join(
            " <tr>\n" + "".join(f"  <td valign=top>\n{cell}  </td>\n" for cell in row) + " </tr>\n"
            for row in rows
        )
        return f"{self.open_table(False)}{body}</table>\n\n"

    def table(self, table: Table) -> str:
        widths = column_widths(table, _WIDTH)
        out = [self.open_table(True)]
        for at, row in enumerate(table.rows):
            heads = at < table.titles
            out.append(" <thead>\n <tr>\n" if heads and at == 0 else " <tr>\n")
            out += list(self.cells(row, widths, heads))
            out.append(" </tr>\n </thead>\n" if heads and at == table.titles - 1 else " </tr>\n")
        out.append("</table>\n\n")
        return "".join(out)

    def cells(self, row: Row, widths: Sequence[float], heads: bool) -> Iterator[str]:
        last = len(row.cells) - 1
        if row.group:
            last = max(at for at, cell in enumerate(row.cells) if cell)
        for at, cell in enumerate(row.cells[: last + 1]):
            span = len(row.cells) - at if row.group and at == last else 1
            wide = f" colspan={span}" if span > 1 else ""
            align = "center" if heads or at == 0 else "left"
            inner = "".join(
                self.paragraph(self.inner(line, bold=heads or row.group), align) for line in cell
            )
            width = round(sum(widths[at : at + span]) / 2.54 * 96)
            filled = inner or self.paragraph("&nbsp;", align)
            yield f"  <td width={width}{wide} valign=top>\n{filled}  </td>\n"


class _WordPage(_Page):
    def html(self) -> str:
        title = escape(self.layout.title)
        body = "".join(self.blocks())
        end = f"</div>\n\n{self.notes()}\n</body>\n\n</html>\n"
        return f"{_WORD_HEAD.format(title=title)}\n{body}{end}"

    def paragraph(self, inner: str, align: str, *, indent: bool = False) -> str:
        style = f"text-align:{align}" + (";text-indent:36.0pt" if indent else "")
        named = f" align={align}" if align != "justify" else ""
        opened = f"<p class=MsoNormal{named} style='margin-top:3.0pt;{style}'>"
        whole = f"{opened}<span lang=VI>{inner}<o:p></o:p></span></p>"
        return _wrap(whole) + "\n\n"

    def mark(self, piece: Piece) -> str:
        number = (piece.note or 0) + 1
        return (
            f'<a style=\'mso-footnote-id:ftn{number}\' href="#_ftn{number}" name="_ftnref{number}"'
            ' title=""><span class=MsoFootnoteReference><span'
            " style='mso-special-character:footnote'><![if !supportFootnotes]><span"
            f" class=MsoFootnoteReference>[{number}]</span><![endif]></span></span></a>"
        )

    def open_table(self, ruled: bool) -> str:
        if ruled:
            return "<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0>\n"
        return (
            "<table class=MsoNormalTable border=0 cellspacing=0 cellpadding=0\n"
            " style='border-collapse:collapse'>\n"
        )

    def rule(self) -> str:
        return self.paragraph("<!--[if gte vml 1]><v:line></v:line><![endif]-->", "center")

    def notes(self) -> str:
        if not self.layout.notes:
            return ""
        out = ["<div style='mso-element:footnote-list'><![if !supportFootnotes]><br clear=all>\n\n"]
        out.append('<hr align=left size=1 width="33%">\n\n<![endif]>\n\n')
        for number, note in enumerate(self.layout.notes, 1):
            mark = (
                f"<a style='mso-footnote-id:ftn{number}' href=\"#_ftnref{number}\""
                f' name="_ftn{number}" title=""><span class=MsoFootnoteReference>'
                f"<![if !supportFootnotes]>[{number}]<![endif]></span></a>"
            )
            text = _wrap(f"<p class=MsoFootnoteText>{mark} {escape(note.text, quote=False)}</p>")
            out.append(f"<div style='mso-element:footnote' id=ftn{number}>\n\n{text}\n\n</div>\n\n")
        return "".join([*out, "</div>\n"])


class _SitePage(_Page):
    def html(self) -> str:
        title = escape(self.layout.title)
        return "".join([_SITE_HEAD.format(title=title), *self.blocks(), self.notes(), _SITE_END])

    def paragraph(self, inner: str, align: str, *, indent: bool = False) -> str:
        return f'<p style="text-align:{align}">{inner}</p>\n'

    def mark(self, piece: Piece) -> str:
        number = (piece.note or 0) + 1
        return f'<a href="#_ftn{number}" name="_ftnref{number}" title="">[{number}]</a>'

    def open_table(self, ruled: bool) -> str:
        border = 1 if ruled else 0
        return f'<table border="{border}" cellspacing="0" cellpadding="0" width="100%">\n'

    def rule(self) -> str:
        return self.paragraph("-------", "center")

    def notes(self) -> str:
        if not self.layout.notes:
            return ""
        return '<hr size="1" width="33%">\n' + "".join(
            f'<p><a href="#_ftnref{number}" name="_ftn{number}" title="">[{number}]</a>'
            f" {escape(note.text, quote=False)}</p>\n"
            for number, note in enumerate(self.layout.notes, 1)
        )


def _wrap(html: str) -> str:
    """Break lines at blanks, as Word does."""
    return textwrap.fill(html, _WRAP, break_long_words=False, break_on_hyphens=False)
