"""Clusters worked out once for one state of a library: what a server answers with."""

from __future__ import annotations

import threading
from collections import OrderedDict
from weakref import WeakKeyDictionary

from kh_nlp.clusters.clustering import THRESHOLD, cluster_tasks
from kh_nlp.clusters.keeping import FILE
from kh_nlp.clusters.records import Clusters
from kh_nlp.library import Library
from kh_nlp.library.table import PassageTable

REMEMBERED = 4
"""Answers of one generation; each holds the texts of all tasks."""

_Key = tuple[float, tuple[int, int, int] | None]

# Beside the table of a generation and not in it: the many sets of filters of searches would push
# an answer out that takes minutes to work out.
_answers: WeakKeyDictionary[PassageTable, OrderedDict[_Key, Clusters]] = WeakKeyDictionary()
_guard = threading.Lock()
_working = threading.Lock()


def remembered_clusters(
    library: Library, *, threshold: float = THRESHOLD, fresh: bool = False
) -> Clusters:
    """As ``cluster_tasks`` over all tasks, worked out anew only when something has changed.

    That is the library's plans, or the clusters kept beside them (``kh cluster --rename``).
    Threads that ask at the same time wait for the one that works.
    """
    key = _key(library, threshold, fresh)
    with library.reading() as connection:
        table = library.table(connection)
        with _working:
            found = _known(table, key)
            if found is None:
                found = cluster_tasks(library, threshold=threshold, fresh=fresh)
                with _guard:
                    known = _answers.setdefault(table, OrderedDict())
                    known[key] = found
                    while len(known) > REMEMBERED:
                        known.popitem(last=False)
            return found


def known_clusters(
    library: Library, *, threshold: float = THRESHOLD, fresh: bool = False
) -> Clusters | None:
    """What ``remembered_clusters`` gives where that needs no work, else None, at once."""
    with library.reading() as connection:
        return _known(library.table(connection), _key(library, threshold, fresh))


def _known(table: PassageTable, key: _Key) -> Clusters | None:
    with _guard:
        known = _answers.get(table)
        if known is None or key not in known:
            return None
        known.move_to_end(key)
        return known[key]


def _key(library: Library, threshold: float, fresh: bool) -> _Key:
    """Changes whenever the file of kept clusters is written: it is replaced, never edited."""
    if fresh:
        return (threshold, None)
    try:
        found = (library.path / FILE).stat()
    except OSError:  # none is kept, or cluster_tasks tells why it cannot be read
        return (threshold, (0, 0, 0))
    return (threshold, (found.st_ino, found.st_mtime_ns, found.st_size))
