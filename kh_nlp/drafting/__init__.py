"""A new plan from similar past ones, in which every sentence names its source."""

from kh_nlp.drafting.headings import likeness as heading_likeness
from kh_nlp.drafting.headings import same_section
from kh_nlp.drafting.kindred import kindred
from kh_nlp.drafting.making import draft
from kh_nlp.drafting.markdown import markdown
from kh_nlp.drafting.plain import plain
from kh_nlp.drafting.records import (
    Basis,
    Change,
    Draft,
    DraftSection,
    Kindred,
    Origin,
    Paragraph,
    Request,
    Step,
    TaskRow,
)
from kh_nlp.drafting.sources import own_headings
from kh_nlp.drafting.tracing import GAP, paragraphs, traced, undone

__all__ = [
    "GAP",
    "Basis",
    "Change",
    "Draft",
    "DraftSection",
    "Kindred",
    "Origin",
    "Paragraph",
    "Request",
    "Step",
    "TaskRow",
    "draft",
    "heading_likeness",
    "kindred",
    "markdown",
    "own_headings",
    "paragraphs",
    "plain",
    "same_section",
    "traced",
    "undone",
]
