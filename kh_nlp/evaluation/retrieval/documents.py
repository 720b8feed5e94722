"""Sets of the BEIR form: documents with a title, questions, and which document answers which.

Documents are indexed by the code that indexes plans: cut into windows, the title standing above
each; a document is where its best window is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kh_nlp.errors import InputError
from kh_nlp.evaluation.retrieval.files import load_questions, records, string, text_lines
from kh_nlp.evaluation.retrieval.records import Collection, Progress, Qrels, Question
from kh_nlp.library import dense, lexical
from kh_nlp.library.dense import DenseSegment
from kh_nlp.library.indexing import dense_text, kept_vectors
from kh_nlp.library.lexical import LexicalSegment
from kh_nlp.library.passages import windows
from kh_nlp.library.segments import SegmentFolder
from kh_nlp.search.accents import Accents
from kh_nlp.search.query import read_query
from kh_nlp.search.ranking import Index, ranked
from kh_nlp.search.reranking import DEPTH, reordered

if TYPE_CHECKING:
    from kh_nlp.embedding import Encoder, Reranker

CORPUS = "corpus.jsonl"


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a corpus; ``title`` may be empty."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSet:
    """A folder as read: nothing in ``qrels`` is unknown to the other two."""

    name: str
    documents: list[Document]
    questions: list[Question]
    qrels: Qrels


def load_documents(folder: Path) -> DocumentSet:
    """The set in ``folder``: ``corpus.jsonl``, ``queries.jsonl``, and a table of judgements.

    The table (``qrels.tsv``, ``qrels/test.tsv`` or the only one in ``qrels/``) has question,
    document, grade, parted by tabs, with or without a line of names; the four columns of TREC are
    read too. Raises InputError, with file and line, for whatever is missing or does not fit.
    """
    questions = load_questions(folder)
    documents: dict[str, Document] = {}
    for place, record in records(folder / CORPUS):
        title = record.get("title")
        document = Document(
            string(place, record, "_id", "id"),
            title.strip() if isinstance(title, str) else "",
            string(place, record, "text"),
        )
        if document.id in documents:
            raise InputError(f"{place}: văn bản “{document.id}” có hai lần.")
        documents[document.id] = document
    if not documents:
        raise InputError(f"{folder / CORPUS}: không có văn bản nào.")
    return DocumentSet(
        name=folder.resolve().name,
        documents=list(documents.values()),
        questions=questions,
        qrels=_grades(_table(folder), {question.id for question in questions}, documents.keys()),
    )


def _table(folder: Path) -> Path:
    for file in (folder / "qrels.tsv", folder / "qrels" / "test.tsv"):
        if file.is_file():
            return file
    found = sorted((folder / "qrels").glob("*.tsv"))
    return found[0] if len(found) == 1 else folder / "qrels.tsv"


def _grades(file: Path, questions: set[str], documents: Iterable[str]) -> Qrels:
    known = set(documents)
    grades: dict[str, dict[str, int]] = {}
    for number, (place, line) in enumerate(text_lines(file)):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) not in (3, 4):
            raise InputError(f"{place}: cần ba cột cách nhau bằng dấu tab.")
        question, document, printed = cells[0], cells[-2], cells[-1]
        try:
            grade = int(float(printed))
        except (ValueError, OverflowError):
            if number == 0:
                continue  # names of the columns
            raise InputError(f"{place}: mức “{printed}” không phải là số.") from None
        if question not in questions:
            raise InputError(f"{place}: không có câu hỏi “{question}”.")
        if document not in known:
            raise InputError(f"{place}: không có văn bản “{document}”.")
        grades.setdefault(question, {})[document] = max(0, grade)
    if not any(grade for row in grades.values() for grade in row.values()):
        raise InputError(f"{file}: không có câu hỏi nào có văn bản trả lời.")
    return grades


def index_documents(
    found: DocumentSet,
    encoder: Encoder,
    folder: Path,
    cache: Path,
    progress: Progress | None = None,
) -> Collection:
    """The documents indexed, the segments in ``folder`` and the vectors kept in ``cache``.

    ``folder`` must outlive the collection: its segments are read where they lie.
    """
    texts: list[tuple[str, str, str]] = []
    owner: list[str] = []
    first: list[int] = []
    for document in found.documents:
        first.append(len(texts))
        parts = list(windows(document.text)) or [""]
        texts += [(part, document.title, "") for part in parts]
        owner += [document.id] * len(parts)
    ids = np.arange(len(texts), dtype=np.int64)
    vectors = kept_vectors(
        [dense_text(part, "", title) for part, title, _ in texts], encoder, cache, progress
    )
    segments = SegmentFolder(folder)
    words_name, _ = segments.write("lexical", *lexical.build(texts, ids.tolist()))
    arrays, facts = dense.build(vectors, ids)
    finish = (lambda place: dense.write_index(vectors, place)) if facts["faiss"] else None
    dense_name, _ = segments.write("dense", arrays, facts, finish)

    def items(question: str, passages: Iterable[int]) -> list[str]:
        return list(dict.fromkeys(owner[passage] for passage in passages))

    def encode(text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = encoder.encode_queries([text])[0]
        return vector

    index = Index((LexicalSegment(segments, words_name),), (DenseSegment(segments, dense_name),))
    accents = Accents(index.lexical)

    def reranked(text: str, reranker: Reranker) -> list[int]:
        query, ranking = ranked(index, read_query(text, accents), None, encode)
        read = [texts[passage] for passage in ranking.passages[:DEPTH].tolist()]
        shown = ["\n".join(filter(None, (title, part))) for part, title, _ in read]
        passages: list[int] = reordered(
            ranking, reranker.scores(query.meaning, shown)
        ).passages.tolist()
        return passages

    return Collection(
        name=found.name,
        questions=found.questions,
        qrels=found.qrels,
        index=index,
        allowed=None,
        encode=encode,
        reranked=reranked,
        reference=[
            (passage, f"{document.title}\n{document.text}")
            for passage, document in zip(first, found.documents, strict=True)
        ],
        items=items,
    )
