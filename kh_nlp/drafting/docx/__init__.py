"""A draft as a Word file in the form of Nghị định 30/2020/NĐ-CP, or in a template of one's own."""

from kh_nlp.drafting.docx.form import save_docx
from kh_nlp.drafting.docx.template import save_by_template

__all__ = ["save_by_template", "save_docx"]
