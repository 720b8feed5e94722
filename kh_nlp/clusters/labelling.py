"""Labels: phrases that are common in a cluster and rare in the others, as its tasks print them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from kh_nlp.clusters.gathering import first_clause
from kh_nlp.language import search_key, segment, stop_words

MEMBERS = 5
"""Tasks of a cluster whose words are read, the most typical first."""

MANY = 2_000
"""Clusters from which ``FEW`` tasks of each are read: segmenting them takes the longest."""

FEW = 2

PHRASES = 2
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
    one plus how few clusters hold it. Without a phrase of two tasks the medoid's words stand.
    """
    members = MEMBERS if len(clusters) < MANY else FEW
    read = [[_phrases(_head(text)) for text in texts[:members]] for texts in clusters]
    spread: Counter[str] = Counter()
    for tasks in read:
        spread.update({key for task in tasks for key in task})
    return [
        _label(tasks, spread, len(clusters), texts[0])
        for tasks, texts in zip(read, clusters, strict=True)
    ]


def _label(tasks: Sequence[dict[str, str]], spread: Counter[str], total: int, medoid: str) -> str:
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
    if not chosen:
        return _opening(medoid)
    chosen.sort(key=lambda key: _place(key, tasks))
    label = ", ".join(next(task[key] for task in tasks if key in task) for key in chosen)
    return label[:1].upper() + label[1:]


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
