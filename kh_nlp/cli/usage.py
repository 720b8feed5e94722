"""Help pages and usage errors in Vietnamese; typer prints them in English."""

from __future__ import annotations

import re
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

# The fixed English words of a help page, matched as whole lines or fields so that our own texts
# are never touched.
_HELP_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^Usage: ", re.M), "Cách dùng: "),
    (re.compile(r"\{([A-Z]+(?:\.{3})?)\}"), r"\1"),
    (re.compile(r" <(?:str|path|list\[\w+\]|int|int range)>"), ""),
    (re.compile(r"^Options:$", re.M), "Tùy chọn:"),
    (re.compile(r"^Arguments:$", re.M), "Đối số:"),
    (re.compile(r"^Commands:$", re.M), "Lệnh:"),
    (re.compile(r"\[OPTIONS\]"), "[TÙY CHỌN]"),
    (re.compile(r"COMMAND \[ARGS\]\.\.\."), "LỆNH [ĐỐI SỐ]..."),
    (re.compile(r"Show this message and exit\."), "Hiện trang trợ giúp này."),
    (re.compile(r"\[required\]"), "[bắt buộc]"),
    (re.compile(r"\[default: "), "[mặc định: "),
)


def _in_vietnamese(text: str) -> str:
    for pattern, words in _HELP_WORDS:
        text = pattern.sub(words, text)
    return text


class Command(TyperCommand):
    """A command whose help page is in Vietnamese."""

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        return _in_vietnamese(super().get_help(ctx))


class Group(TyperGroup):
    """A group of commands whose help page is in Vietnamese."""

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        return _in_vietnamese(super().get_help(ctx))


def explain(error: BaseException) -> str | None:
    """One Vietnamese line for a usage error of typer, None for any other exception."""
    if isinstance(error, typer.Abort):
        return "Đã dừng."
    if not hasattr(error, "format_message"):
        return None
    context = getattr(error, "ctx", None)
    hint = f" Xem: {context.command_path} --help" if context is not None else ""
    return _sentence(type(error).__name__, error, str(getattr(error, "message", error))) + hint


def _sentence(kind: str, error: Any, message: str) -> str:
    if kind == "NoSuchOption":
        near = getattr(error, "possibilities", None) or ()
        return f"Không có tùy chọn {error.option_name}." + (
            f" Có phải {', '.join(near)}?" if near else ""
        )
    if kind == "MissingParameter":
        return f"Thiếu {_name(error)}."
    if kind == "BadParameter":
        return f"Giá trị của {_name(error)} không hợp lệ: {_value_fault(message)}"
    if unknown := re.match(r"No such command ['\"](.+?)['\"]", message):
        return f"Không có lệnh “{unknown[1]}”."
    if extra := re.match(r"Got unexpected extra argument\S* \((.+)\)", message):
        return f"Thừa đối số: {extra[1]}."
    if kind == "BadOptionUsage":
        return f"Tùy chọn {getattr(error, 'option_name', '')} thiếu giá trị hoặc dùng sai."
    if message.startswith("Missing command"):
        return "Thiếu tên lệnh."
    return f"Dòng lệnh không hợp lệ: {message}"


def _name(error: Any) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return "đối số"
    if getattr(parameter, "param_type_name", "") == "argument":
        return f"đối số {parameter.metavar or str(parameter.name).upper()}"
    return f"tùy chọn {max(parameter.opts, key=len)}"


def _value_fault(message: str) -> str:
    if bound := re.search(r"(greater|less) than or equal to (\S+)", message):
        return f"phải {'từ' if bound[1] == 'greater' else 'không quá'} {bound[2]}."
    if "not a valid int" in message or "valid integer" in message:
        return "phải là số nguyên."
    return message
