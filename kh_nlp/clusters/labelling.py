"""Labels: phrases that are common in a cluster and rare in the others, as its tasks print them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from kh_nlp.clusters.activities import activity_weights, kind_names
from kh_nlp.clusters.gathering import first_clause
from kh_nlp.language import search_key, segment, stop_words

MEMBERS = 5
"""Tasks of a cluster whose words are read, the most typical first."""

VOTERS = 12
"""Tasks of a cluster that tell its kind of work."""

MANY = 2_000
"""Clusters from which fewer tasks of each are read: segmenting them takes the longest."""

FEW, FEW_VOTERS = 2, 4
"""Instead of ``MEMBERS`` and ``VOTERS``."""

PHRASES = 2
COMMON = 0.1
"""Share of the clusters from which a word that they hold tells nothing by itself."""

_LONGEST = 3  # words of a phrase
_HEAD = 24  # syllables of a task that are read: what it is about stands in front
_SHORT = 12  # syllables of a task shown


_TIMES = frozenset(
    {
        *("trước", "sau", "ngày", "tháng", "quý", "năm", "tuần", "hằng", "hàng", "lần", "thứ"),
        *("đến", "từ", "khoảng", "giờ", "phút"),
    }
)
"""Words of dates and spans, which no phrase goes over."""

_EMPTY = frozenset(
    {
        *("thực hiện", "phối hợp", "triển khai", "tổ chức", "chủ trì", "nội dung", "nhiệm vụ"),
        *("bố trí", "tham mưu", "công tác", "chức năng", "kế hoạch", "địa bàn", "đẩy mạnh"),
        *("tăng cường", "phụ lục", "đầy đủ", "kịp thời", "hiệu quả", "cơ quan", "đơn vị"),
        *("địa phương", "xây dựng", "liên quan", "cụ thể", "phù hợp", "thường xuyên", "đảm bảo"),
        *("bảo đảm", "hướng dẫn", "chỉ đạo", "tiếp tục", "nâng cao", "trực tiếp", "chủ động"),
        *("triển khai thực hiện", "tổ chức thực hiện", "chủ trì triển khai", "các cơ quan"),
        *("cơ quan đơn vị", "đơn vị liên quan", "thực hiện kế hoạch", "ủy ban nhân dân"),
        *("thực hiện hiệu quả", "tổ chức triển khai", "kế hoạch này", "thực hiện nhiệm vụ"),
    }
)
"""Phrases that tasks of any kind hold and that name none."""


def labels(clusters: Sequence[Sequence[str]]) -> list[str]:
    """One label for each cluster of task texts, the medoid's first.

    Class-based TF-IDF: the share of the cluster's tasks that hold a phrase, times the logarithm of
    one plus how few clusters hold it. Where they do not tell (held by less than half of the tasks,
    or one word: "Biên soạn") the kind of work stands that most of the tasks are of, for one
    cluster; else the word that few clusters hold; else the medoid's first words.
    """
    members, voters = (MEMBERS, VOTERS) if len(clusters) < MANY else (FEW, FEW_VOTERS)
    read = [[_phrases(_head(text)) for text in texts[:members]] for texts in clusters]
    spread: Counter[str] = Counter()
    for tasks in read:
        spread.update({key for task in tasks for key in task})
    chosen = [_chosen(tasks, spread, len(clusters)) for tasks in read]
    given = {
        at: _printed(keys, read[at])
        for at, keys in enumerate(chosen)
        if _covers(keys, read[at]) and len(" ".join(keys).split()) > 2
    }
    taken = set(given.values())
    for at in sorted(range(len(clusters)), key=lambda place: -len(clusters[place])):
        if at in given:
            continue
        kind = _kind(clusters[at][:voters])
        if kind is not None and kind not in taken:
            given[at] = kind
        elif _covers(chosen[at], read[at]) and spread[chosen[at][0]] <= COMMON * len(clusters):
            given[at] = _printed(chosen[at], read[at])
        else:
            given[at] = _opening(clusters[at][0])
        taken.add(given[at])
    return [given[at] for at in range(len(clusters))]


def _chosen(tasks: Sequence[dict[str, str]], spread: Counter[str], total: int) -> list[str]:
    """Keys of the best phrases, in the order in which the tasks have them."""
    held = Counter(key for task in tasks for key in task)
    scored = sorted(
        (
            (
                -times
                / len(tasks)
                * math.log(1 + total / spread[key])
                * math.sqrt(min(len(key.split()), 4))
                * (1.25 if key in tasks[0] else 1),
                key,
            )
            for key, times in held.items()
            if times > 1 and times >= 0.3 * len(tasks)
        ),
    )
    chosen: list[str] = []
    for _, key in scored:
        words = set(key.split())
        if all(len(words & set(other.split())) == 0 for other in chosen):
            chosen.append(key)
        if len(chosen) == PHRASES:
            break
    return sorted(chosen, key=lambda key: _place(key, tasks))


def _printed(keys: Sequence[str], tasks: Sequence[dict[str, str]]) -> str:
    label = ", ".join(next(task[key] for task in tasks if key in task) for key in keys)
    return label[:1].upper() + label[1:]


def _covers(keys: Sequence[str], tasks: Sequence[dict[str, str]]) -> bool:
    """Whether at least half of the tasks hold one of the phrases."""
    return bool(keys) and 2 * sum(any(k in task for k in keys) for task in tasks) >= len(tasks)


def _kind(texts: Sequence[str]) -> str | None:
    """Name of the kind of work that is the clearest one in most of the tasks."""
    weights = activity_weights(texts)
    votes = Counter(int(row.argmax()) for row in weights if row.any())
    if not votes:
        return None
    kind, times = votes.most_common(1)[0]
    if times < 2 or 2 * times <= len(texts):
        return None
    name = kind_names()[kind]
    return name[:1].upper() + name[1:]


def _place(key: str, tasks: Sequence[dict[str, str]]) -> float:
    """Mean rank of a phrase among those of its tasks: "ban hành" stands before "kế hoạch"."""
    ranks = [list(task).index(key) / len(task) for task in tasks if key in task]
    return sum(ranks) / len(ranks)


@lru_cache(maxsize=50_000)
def _key(word: str) -> str:
    return search_key(word)


def _head(text: str) -> str:
    return " ".join(first_clause(text).split()[:_HEAD])


def _opening(text: str) -> str:
    words = first_clause(text).split()
    shown = " ".join(words[:_SHORT]).rstrip(",;:. ")
    return shown[:1].upper() + shown[1:] + (" …" if len(words) > _SHORT else "")


@lru_cache(maxsize=10_000)
def _phrases(text: str) -> dict[str, str]:
    """Phrases of one to three words by key, as printed (lower case where it only opens)."""
    words = [word for word in segment(text) if word.strip()]
    if words and words[0][:1].isupper() and words[0][1:].islower():
        words[0] = words[0][:1].lower() + words[0][1:]
    stops = stop_words()
    keys = [_key(word) for word in words]
    whole = [any(map(str.isalpha, key)) and not any(map(str.isdigit, key)) for key in keys]
    whole = [fits and key not in _TIMES for fits, key in zip(whole, keys, strict=True)]
    found: dict[str, str] = {}
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _LONGEST) + 1):
            if not whole[end - 1]:
                break
            if keys[start] in stops or keys[end - 1] in stops:
                continue
            printed = " ".join(words[start:end]).replace("_", " ")
            if len(printed) > 4 and printed.isupper():
                printed = printed.lower()
            key = " ".join(keys[start:end])
            if " " in printed and key not in _EMPTY:
                found.setdefault(key.replace("_", " "), printed)
    return found
