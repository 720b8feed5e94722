"""A stub of an OpenAI-compatible server on 127.0.0.1 that behaves as a test tells it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler, dict], None]


@dataclass
class Stub:
    url: str
    asked: list[dict] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@contextmanager
def stub(answer: Answer) -> Iterator[Stub]:
    """The server in a thread while the context lasts; ``asked`` holds what it was sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            served.asked.append(body)
            served.headers.append(dict(self.headers))
            served.paths.append(self.path)
            with suppress(BrokenPipeError, ConnectionResetError):  # the client has had enough
                answer(self, body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served = Stub(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def raw(status: int, body: bytes = b"", **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler, _: dict) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def completion(content: object, finish: str = "stop") -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": content}}
    return json.dumps({"choices": [{**choice, "finish_reason": finish}]}).encode()


def says(content: object, finish: str = "stop") -> Answer:
    return raw(200, completion(content, finish), Content_Type="application/json")


def echoes(change: Callable[[str], str] = lambda text: text) -> Answer:
    """Answers with the text that it is asked to rewrite, changed."""

    def answer(handler: BaseHTTPRequestHandler, body: dict) -> None:
        asked = body["messages"][-1]["content"]
        text = asked.split("<van_ban>\n")[1].split("\n</van_ban>")[0]
        says(change(text))(handler, body)

    return answer


def slow(first: float, pieces: int = 1, pause: float = 0.0) -> Answer:
    def answer(handler: BaseHTTPRequestHandler, _: dict) -> None:
        time.sleep(first)
        handler.send_response(200)
        handler.end_headers()
        for _ in range(pieces):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(pause)

    return answer


def endless(handler: BaseHTTPRequestHandler, _: dict) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100_000):
        handler.wfile.write(b" " * 4096)
