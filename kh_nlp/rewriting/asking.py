"""The language model that the user names: how it is configured, and one question to it.

An OpenAI-compatible server is asked by ``POST <url>/chat/completions``. Nothing is sent unless the
user named a URL and a model, and nothing to any other host: redirects are not followed.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from kh_nlp.errors import MissingExtraError, ModelError, UsageError
from kh_nlp.language import nfc

TIMEOUT = 120.0
"""Seconds for one answer: models on an office machine take their time."""

LARGEST = 256 * 1024
"""Bytes of an answer that are read at most."""

_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>\s*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model ``name`` behind ``url`` ("https://host/v1").

    ``key`` is sent to that host only and never shown. ``plain_http`` allows http:// for a host
    that is not this machine. Raises UsageError for a URL that cannot be used.
    """

    url: str
    name: str
    key: str | None = field(default=None, repr=False)
    plain_http: bool = False
    timeout: float = TIMEOUT

    def __post_init__(self) -> None:
        """Refuse what would leak or cannot work, before anything is sent."""
        try:
            parts = urlsplit(self.url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            host = None
        if not host or parts.scheme not in ("http", "https"):
            raise UsageError(
                "Địa chỉ mô hình ngôn ngữ phải có dạng https://máy-chủ/v1 "
                "hoặc http://localhost:cổng/v1."
            )
        if parts.username or parts.password or parts.query or parts.fragment:
            raise UsageError(
                "Địa chỉ mô hình ngôn ngữ không được chứa tên, mật khẩu hay tham số; "
                "khóa truy cập đặt ở biến KH_LLM_KEY."
            )
        if parts.scheme == "http" and not self.local and not self.plain_http:
            raise UsageError(
                f"http:// không mã hóa chỉ dùng cho máy này; với “{self.host}” hãy dùng https:// "
                "hoặc thêm --llm-plain-http nếu chấp nhận."
            )
        if not self.name.strip():
            raise UsageError("Chưa nêu tên mô hình ngôn ngữ (--llm-model hoặc KH_LLM_MODEL).")
        if self.key is not None and not re.fullmatch(r"[\x21-\x7e]+", self.key):
            raise UsageError("KH_LLM_KEY có ký tự không dùng được trong khóa truy cập.")

    @property
    def host(self) -> str:
        """Host and port as printed in the URL: what a user is told before anything is sent."""
        return urlsplit(self.url).netloc

    @property
    def local(self) -> bool:
        """Whether the host is this very machine."""
        name = urlsplit(self.url).hostname or ""
        if name == "localhost":
            return True
        try:
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False

    def ask(self, messages: Sequence[Mapping[str, str]]) -> str:
        """The model's answer to a conversation, NFC, its thoughts left out.

        Raises ModelError where there is no usable answer, MissingExtraError without httpx2.
        """
        try:
            import httpx2
        except ImportError:
            raise MissingExtraError("Viết lại bằng mô hình ngôn ngữ", "llm") from None
        endpoint = self.url.rstrip("/")
        if not endpoint.endswith("/chat/completions"):
            endpoint += "/chat/completions"
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        body = {"model": self.name, "messages": list(messages), "temperature": 0, "stream": False}
        try:
            # A proxy of the environment must not see what is meant for this machine.
            with (
                httpx2.Client(
                    timeout=self.timeout, follow_redirects=False, trust_env=not self.local
                ) as client,
                client.stream("POST", endpoint, json=body, headers=headers) as response,
            ):
                self._check(response.status_code, response.headers.get("location"))
                content = self._read(response)
        except httpx2.TimeoutException:
            raise self._late() from None
        except httpx2.ConnectError:
            raise ModelError(f"Không kết nối được tới {self.host}.") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError):
            raise ModelError(f"Kết nối tới {self.host} bị lỗi giữa chừng.") from None
        return self._answer(content)

    def _check(self, status: int, location: str | None) -> None:
        if 300 <= status < 400:
            there = urlsplit(location or "").netloc or "địa chỉ khác"
            raise ModelError(
                f"{self.host} chuyển hướng sang {there}; không đi theo, để văn bản không tới máy "
                "chủ lạ."
            )
        if status in (401, 403):
            raise ModelError(
                f"{self.host} không chấp nhận khóa truy cập (HTTP {status}); xem biến KH_LLM_KEY."
            )
        if status == 404:
            raise ModelError(f"{self.host} không có địa chỉ hoặc mô hình “{self.name}” (HTTP 404).")
        if status == 429:
            raise ModelError(f"{self.host} đang quá tải hoặc hết hạn mức (HTTP 429).")
        if status != 200:
            raise ModelError(f"{self.host} trả về lỗi HTTP {status}.")

    def _read(self, response: Any) -> bytes:
        """The body, no larger than ``LARGEST`` and no later than the timeout in all."""
        until = time.monotonic() + self.timeout
        content = bytearray()
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > LARGEST:
                raise ModelError(
                    f"Câu trả lời của {self.host} dài quá {LARGEST // 1024} KB, không đọc tiếp."
                )
            if time.monotonic() > until:
                raise self._late()
        return bytes(content)

    def _late(self) -> ModelError:
        return ModelError(f"{self.host} không trả lời xong trong {self.timeout:g} giây.")

    def _answer(self, content: bytes) -> str:
        wrong = ModelError(f"{self.host} trả lời không đúng dạng của API tương thích OpenAI.")
        try:
            choice = json.loads(content.decode("utf-8"))["choices"][0]
            text = choice["message"]["content"]
        except (ValueError, RecursionError, KeyError, IndexError, TypeError):
            raise wrong from None
        if not isinstance(text, str):
            raise wrong
        if choice.get("finish_reason") == "length":
            raise ModelError(
                f"Câu trả lời của {self.host} bị cắt giữa chừng (hết độ dài cho phép)."
            )
        if self.key and self.key in text:
            raise ModelError(
                f"{self.host} trả lời có chứa khóa truy cập; không dùng câu trả lời đó."
            )
        return nfc(_THOUGHTS.sub("", text)).strip()


def configured(
    url: str | None = None,
    name: str | None = None,
    *,
    plain_http: bool = False,
    environ: Mapping[str, str] | None = None,
) -> Model:
    """The model of the options given, else of ``KH_LLM_URL``, ``KH_LLM_MODEL``; key ``KH_LLM_KEY``.

    Raises UsageError where either is missing: there is no default and nothing is guessed.
    """
    environ = os.environ if environ is None else environ
    url = url or environ.get("KH_LLM_URL")
    name = name or environ.get("KH_LLM_MODEL")
    if not url or not name:
        raise UsageError(
            "Chưa nêu mô hình ngôn ngữ: cần --llm-url và --llm-model "
            "(hoặc biến KH_LLM_URL, KH_LLM_MODEL)."
        )
    key = (environ.get("KH_LLM_KEY") or "").strip() or None
    return Model(url=url.strip(), name=name, key=key, plain_http=plain_http)
