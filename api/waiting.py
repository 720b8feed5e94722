"""Work that takes longer than a reader of a page should wait for a first answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_running: dict[Hashable, Future[Any]] = {}
_guard = Lock()


def within(seconds: float, key: Hashable, work: Callable[[], Answer]) -> Answer | None:
    """What ``work`` gives within this time, None while it goes on.

    It goes on in a thread of its own, and another call with an equal ``key`` waits for the same
    work. What it raises is raised by the calls that see its end. Nothing is kept of an answer: that
    is for ``work`` to do.
    """
    with _guard:
        future = _running.get(key)
        if future is None:
            future = _running[key] = Future()
            # A daemon, for a server that is stopped must not wait for it.
            Thread(target=_run, args=(key, future, work), daemon=True).start()
    try:
        found: Answer = future.result(seconds)
    except TimeoutError:
        if future.done():  # raised by the work itself, or it has just ended
            found = future.result()
        else:
            return None
    return found


def _run(key: Hashable, future: Future[Any], work: Callable[[], Any]) -> None:
    try:
        answer = work()
    except BaseException as error:
        _forget(key)
        future.set_exception(error)
    else:
        _forget(key)
        future.set_result(answer)


def _forget(key: Hashable) -> None:
    with _guard:
        _running.pop(key, None)
