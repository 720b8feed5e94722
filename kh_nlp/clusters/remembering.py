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
_working = threading.Lock()


def remembered_clusters(
    library: Library, *, threshold: float = THRESHOLD, fresh: bool = False
) -> Clusters:
    """As ``cluster_tasks`` over all tasks, worked out anew only when something has changed.

    That is the library's plans, or the clusters kept beside them (``kh cluster --rename``).
    Threads that ask at the same time wait for the one that works.
    """
    key = (threshold, None if fresh else _kept_state(library))
    with library.reading() as connection:
        table = library.table(connection)
        with _working:
            known = _answers.setdefault(table, OrderedDict())
            if key not in known:
                known[key] = cluster_tasks(library, threshold=threshold, fresh=fresh)
                while len(known) > REMEMBERED:
                    known.popitem(last=False)
            known.move_to_end(key)
            return known[key]


def _kept_state(library: Library) -> tuple[int, int, int]:
    """What changes whenever the file of kept clusters is written: it is replaced, never edited."""
    try:
        found = (library.path / FILE).stat()
    except OSError:  # none is kept, or cluster_tasks tells why it cannot be read
        return (0, 0, 0)
    return (found.st_ino, found.st_mtime_ns, found.st_size)
