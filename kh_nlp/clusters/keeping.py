"""What a person did with clusters, kept in the library folder so that identities stay."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kh_nlp.errors import LibraryError, UsageError
from kh_nlp.library import Library

if TYPE_CHECKING:
    from kh_nlp.clusters.records import Clusters
    from kh_nlp.embedding import Encoder

FILE = "clusters.json"
_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A cluster as kept: its tasks stay in it, ``name`` is a person's."""

    id: str
    name: str | None
    tasks: tuple[str, ...]


def load(library: Library) -> tuple[Kept, ...]:
    """The kept clusters, none when nothing was kept; LibraryError for a broken file."""
    try:
        data = json.loads((library.path / FILE).read_text(encoding="utf-8"))
        if data["version"] != _VERSION:
            raise ValueError(data["version"])
        return tuple(
            Kept(id=one["id"], name=one["name"], tasks=tuple(one["tasks"]))
            for one in data["clusters"]
        )
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LibraryError(
            f"Không đọc được {library.path / FILE}; xóa tệp này để phân nhóm lại từ đầu."
        ) from error


def keep(library: Library, clusters: Clusters) -> None:
    """Keep these clusters: their ids, tasks and names outlive new plans."""
    with library.lock():
        _save(library, _kept(clusters))


def rename(
    library: Library, cluster: str, name: str, *, encoder: Encoder | None = None
) -> Clusters:
    """Give a cluster a name; UsageError for an unknown id or a blank name."""
    words = " ".join(name.split())
    if not words:
        raise UsageError("Tên nhóm trống.")

    def change(kept: list[Kept]) -> list[Kept]:
        at = _place(kept, cluster)
        kept[at] = replace(kept[at], name=words)
        return kept

    return _edit(library, change, encoder)


def merge(library: Library, clusters: Sequence[str], *, encoder: Encoder | None = None) -> Clusters:
    """Join clusters into the first of them, which keeps its id and name."""
    wanted = list(dict.fromkeys(clusters))
    if len(wanted) < 2:
        raise UsageError("Gộp cần ít nhất hai nhóm.")

    def change(kept: list[Kept]) -> list[Kept]:
        found = [kept[_place(kept, one)] for one in wanted]
        tasks = tuple(task for one in found for task in one.tasks)
        name = next((one.name for one in found if one.name), None)
        joined = replace(found[0], tasks=tasks, name=name)
        gone = set(wanted[1:])
        return [joined if one.id == wanted[0] else one for one in kept if one.id not in gone]

    return _edit(library, change, encoder)


def split(
    library: Library,
    cluster: str,
    tasks: Sequence[str],
    *,
    name: str | None = None,
    encoder: Encoder | None = None,
) -> Clusters:
    """Take tasks out of a cluster into a new one of their own (a single task may be one)."""
    out = set(tasks)

    def change(kept: list[Kept]) -> list[Kept]:
        at = _place(kept, cluster)
        strange = sorted(out - set(kept[at].tasks))
        if strange or not out:
            raise UsageError(f"Nhóm {cluster} không có nhiệm vụ {', '.join(strange) or '“”'}.")
        left = tuple(task for task in kept[at].tasks if task not in out)
        if not left:
            raise UsageError(f"Không thể tách mọi nhiệm vụ khỏi nhóm {cluster}.")
        from kh_nlp.clusters.clustering import cluster_id

        moved = tuple(task for task in kept[at].tasks if task in out)
        label = " ".join((name or "").split()) or None
        new = cluster_id(" ".join(moved), {one.id for one in kept})
        kept[at] = replace(kept[at], tasks=left)
        return [*kept, Kept(id=new, name=label, tasks=moved)]

    return _edit(library, change, encoder)


def _edit(
    library: Library, change: Callable[[list[Kept]], list[Kept]], encoder: Encoder | None
) -> Clusters:
    from kh_nlp.clusters.clustering import cluster_tasks

    with library.lock():
        kept = _kept(cluster_tasks(library, encoder=encoder))
        _save(library, change(kept))
    return cluster_tasks(library, encoder=encoder)


def _kept(clusters: Clusters) -> list[Kept]:
    return [
        Kept(id=one.id, name=one.label if one.named else None, tasks=one.tasks)
        for one in clusters.clusters
    ]


def _place(kept: Sequence[Kept], cluster: str) -> int:
    for at, one in enumerate(kept):
        if one.id == cluster:
            return at
    raise UsageError(f"Không có nhóm nhiệm vụ mang mã “{cluster}”.")


def _save(library: Library, kept: Sequence[Kept]) -> None:
    data = {
        "version": _VERSION,
        "clusters": [{"id": one.id, "name": one.name, "tasks": list(one.tasks)} for one in kept],
    }
    draft = library.path / f"{FILE}.new"
    draft.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(library.path / FILE)
