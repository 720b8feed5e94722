"""A draft in a user's own Word template, filled by docxtpl (Jinja tags in the .docx)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kh_nlp.drafting.markdown import joined
from kh_nlp.drafting.records import Draft
from kh_nlp.errors import InputError, MissingExtraError


def save_by_template(draft: Draft, template: Path, path: Path) -> None:
    """Fill the template and write it to ``path``; see ``docs/drafting.md`` for the names.

    Raises MissingExtraError without docxtpl (extra ``template``) and InputError for a file that
    is no template.
    """
    try:
        from docxtpl import DocxTemplate
    except ImportError as error:
        raise MissingExtraError("Điền vào mẫu Word riêng", "template") from error
    try:
        document = DocxTemplate(str(template))
        document.render(template_names(draft), autoescape=True)
    except OSError:
        raise
    except Exception as error:  # docxtpl and jinja2 raise classes of many kinds for a bad file
        raise InputError(f"“{template}” không dùng làm mẫu Word được: {error}") from error
    document.save(str(path))


def template_names(draft: Draft) -> dict[str, Any]:
    """What a template may print."""
    return {
        "title": draft.title,
        "issuer": draft.issuer,
        "superior": draft.superior or "",
        "place": draft.place,
        "symbol": draft.symbol,
        "year": draft.request.year,
        "basis": [b.line.text for b in draft.basis],
        "opening": " ".join(p.text for p in draft.opening),
        "sections": [
            {
                "number": s.number,
                "level": s.level,
                "heading": s.heading,
                "paragraphs": [p.text for p in s.paragraphs],
            }
            for s in draft.sections
        ],
        "tasks": [
            {
                "order": row.order,
                "content": row.content.text,
                "lead": joined(row.lead),
                "partners": joined(row.partners),
                "deadline": row.deadline.text if row.deadline else "",
                "output": row.output.text if row.output else "",
            }
            for row in draft.tasks
        ],
        "recipients": [p.text for p in draft.recipients],
        "signer_title": list(draft.signer_title),
    }
