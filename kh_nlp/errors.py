"""Errors that a user sees: one clear Vietnamese line each, never a traceback."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


class KhError(Exception):
    """Base of all expected failures. ``str(error)`` is the one line shown to the user (Vietnamese).

    ``fields`` are the fields of the request that it speaks of (``("province",)``). The line itself
    names no option and no input box: each front adds its own names with :func:`naming`.
    The command line ends with status ``exit_code``: 1 for bad input, 2 for bad usage.
    """

    exit_code = 1

    def __init__(self, message: str, *, fields: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.fields = fields


class InputError(KhError):
    """A file that cannot be read as a plan (empty, binary, without rights, secret, ...)."""


class SecretDocumentError(InputError):
    """The head of the document carries MẬT, TỐI MẬT or TUYỆT MẬT; it must not be taken in."""


class LibraryError(KhError):
    """A library folder that is missing, broken, locked or written by a newer schema."""


class UsageError(KhError):
    """A request that cannot be carried out as asked (unknown id, malformed filter, ...)."""

    exit_code = 2


class ModelError(KhError):
    """A language model that the user named and that gives no usable answer."""


class MissingExtraError(KhError):
    """An optional feature whose packages are not installed; names the extra and the command."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(
            f"{feature} cần phần mở rộng “{extra}”. Cài bằng lệnh: pip install 'kh-nlp[{extra}]'"
        )
        self.extra = extra


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A Vietnamese line of an answer about what was not known or not done.

    ``fields`` are the fields of the request that would mend it, as in :class:`KhError`.
    """

    text: str
    fields: tuple[str, ...] = ()


def naming(text: str, fields: Iterable[str], names: Mapping[str, str]) -> str:
    """``text`` with the names that a front has for its ``fields`` before the full stop.

    >>> naming("Chưa rõ tỉnh.", ("province",), {"province": "--province"})
    'Chưa rõ tỉnh (--province).'
    """
    known = ", ".join(names[field] for field in fields if field in names)
    return f"{text.removesuffix('.')} ({known})." if known else text
