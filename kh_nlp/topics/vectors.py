"""How near units are to the descriptions of topics, by the vectors that the library holds.

Cosines of one encoder crowd together, so each description is taken relative to the middle of the
bundled scheme's descriptions: what is left says in which direction a topic differs from the others.
Units are never encoded here.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from kh_nlp.embedding import Encoder
from kh_nlp.library import Library
from kh_nlp.library.dense import DenseSegment
from kh_nlp.topics.records import Scheme
from kh_nlp.topics.scheme import load_scheme


def likeness(
    library: Library, scheme: Scheme, more: NDArray[np.float32] | None = None
) -> Mapping[tuple[str, str], NDArray[np.float32]]:
    """Likeness to each topic, shape (topics,), by plan id and section or task id.

    About -.1 for another subject and .2 for the topic itself. Long units have several passages,
    whose mean is given. Units without a passage are missing. After likeness come the products
    with the rows of ``more``, if given: shape (topics + rows,).
    """
    axes = _axes(library.encoder(), scheme)
    if more is not None:
        axes = np.vstack([axes, more])
    with library.reading() as connection:
        rows = connection.execute(
            "SELECT s.id, p.plan_id, s.unit FROM passages s JOIN plans p ON p.id = s.plan "
            "WHERE s.unit IS NOT NULL ORDER BY s.id"
        ).fetchall()
        segments = connection.execute("SELECT name FROM segments WHERE kind = 'dense'").fetchall()
        ids = np.array([row["id"] for row in rows], dtype=np.int64)
        places: dict[tuple[str, str], int] = {}
        keys = ((row["plan_id"], row["unit"]) for row in rows)
        units = np.array([places.setdefault(key, len(places)) for key in keys], dtype=np.int64)
        sums = np.zeros((len(places), len(axes)), dtype=np.float32)
        counts = np.zeros(len(places), dtype=np.float32)
        for segment in segments if len(ids) else ():
            loaded = library.segments.load(segment["name"], DenseSegment)
            at = np.searchsorted(ids, loaded.passages)
            at[at == len(ids)] = 0
            live = ids[at] == loaded.passages  # without titles and passages removed since
            near = loaded.vectors @ axes.T
            np.add.at(sums, units[at[live]], near[live])
            np.add.at(counts, units[at[live]], 1)
    sums /= np.maximum(counts, 1)[:, None]
    return {unit: sums[place] for unit, place in places.items() if counts[place]}


def _axes(encoder: Encoder, scheme: Scheme) -> NDArray[np.float32]:
    """Shape (topics, dimensions), unit rows."""
    middle = _described(encoder, load_scheme()).mean(axis=0)
    axes = _described(encoder, scheme) - middle
    unit: NDArray[np.float32] = axes / np.maximum(np.linalg.norm(axes, axis=1), 1e-9)[:, None]
    return unit


def _described(encoder: Encoder, scheme: Scheme) -> NDArray[np.float32]:
    """One vector for each topic; kept, since a server asks again for every library it reads."""
    key = (encoder.identity, scheme)
    known = _known.get(key)
    if known is None:
        if len(_known) >= 8:
            _known.clear()
        known = _known[key] = _encoded(encoder, scheme)
    return known


_known: dict[tuple[str, Scheme], NDArray[np.float32]] = {}


def _encoded(encoder: Encoder, scheme: Scheme) -> NDArray[np.float32]:
    texts = [f"{topic.name}. {topic.description or ''}".strip() for topic in scheme.topics]
    vectors: NDArray[np.float32] = encoder.encode_queries(texts)
    return vectors
