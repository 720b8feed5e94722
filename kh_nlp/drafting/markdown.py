"""A draft as Markdown, for reading and for further work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kh_nlp.drafting.records import Draft, Origin, Paragraph, TaskRow

CELL_BREAK = "; "


def markdown(draft: Draft, *, sources: bool = True) -> str:
    """The draft as Markdown; with ``sources`` each paragraph has a footnote with its origin."""
    notes: list[str] = []

    def marked(paragraph: Paragraph) -> str:
        if not sources or not paragraph.sources:
            return paragraph.text
        notes.append(source_line(draft, paragraph))
        return f"{paragraph.text}[^{len(notes)}]"

    lines = [f"# KẾ HOẠCH\n\n**{draft.title}**", ""]
    for at, basis in enumerate(draft.basis):
        end = ";" if at + 1 < len(draft.basis) else "."
        text = marked(basis.line)
        head, mark, note = text.partition("[^") if sources else (text, "", "")
        lines.append(f"*{head}{end}*{mark}{note}\n")
    lines += [marked(p) + "\n" for p in draft.opening]
    for section in draft.sections:
        hashes = "#" * (section.level + 1)
        number = section.number if section.level == 1 else section.number.split(".")[-1]
        lines.append(f"{hashes} {number}. {marked(section.title)}\n")
        lines += [f"{p.label + ' ' if p.label else ''}{marked(p)}\n" for p in section.paragraphs]
    lines += _table(draft)
    lines += _end(draft)
    text = "\n".join(lines)
    if notes:
        text += "\n" + "\n".join(f"[^{at}]: {note}" for at, note in enumerate(notes, 1)) + "\n"
    return text


def _table(draft: Draft) -> list[str]:
    if not draft.tasks:
        return []
    rows = [
        "## BẢNG PHÂN CÔNG NHIỆM VỤ\n",
        "| TT | Nhiệm vụ | Chủ trì | Phối hợp | Thời gian | Kết quả |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in draft.tasks:
        escaped = (cell.replace("|", "\\|") for cell in cells(row, open_deadline="[…]"))
        rows.append("| " + " | ".join(escaped) + " |")
    return [*rows, ""]


def _end(draft: Draft) -> list[str]:
    lines = ["***Nơi nhận:***\n"]
    last = len(draft.recipients) - 1
    lines += [f"- {p.text}{'.' if at == last else ';'}" for at, p in enumerate(draft.recipients)]
    return [*lines, "", *(f"**{title}**\n" for title in draft.signer_title)]


def joined(paragraphs: Iterable[Paragraph]) -> str:
    """Cells of several bodies in one line."""
    return CELL_BREAK.join(p.text for p in paragraphs)


def cells(row: TaskRow, *, open_deadline: str = "") -> tuple[str, ...]:
    """Number, task, lead, partners, deadline and product of a row, as its table shows them."""
    return (
        str(row.order),
        row.content.text,
        joined(row.lead),
        joined(row.partners),
        row.deadline.text if row.deadline else open_deadline,
        row.output.text if row.output else "",
    )


def source_line(draft: Draft, paragraph: Paragraph) -> str:
    """Where a paragraph comes from and what was changed in it, in Vietnamese."""
    names = {kin.plan.plan: kin.plan for kin in draft.kindred}
    parts = [f"Nguồn: {_named(names, origin)}" for origin in paragraph.sources]
    changed = [f"“{c.was}” → “{c.now}”" for c in paragraph.changes]
    if changed:
        parts.append("đã thay: " + ", ".join(changed))
    if paragraph.also:
        parts.append(f"{paragraph.also} kế hoạch khác có ý tương tự")
    return "; ".join(parts) + "."


def _named(names: Mapping[str, object], origin: Origin) -> str:
    plan = names.get(origin.plan)
    number = getattr(plan, "number", None)
    issuer = getattr(plan, "issuer", None)
    shown = f"Kế hoạch số {number}" if number else (getattr(plan, "title", None) or "kế hoạch")
    owner = f" của {issuer}" if issuer else ""
    return f"{shown}{owner} (mã {origin.plan}, ký tự {origin.start}–{origin.end})"
