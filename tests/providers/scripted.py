"""A tiny HTTP server that answers what a test has written down, good or broken, and notes what it was asked."""

import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

Reply = Callable[[BaseHTTPRequestHandler], None]
PAUSE = Event()


class Scripted:
    """What to answer: `on(path, *replies)`; the last reply of a path is given again and again."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connections = 0
        self.asked: list[str] = []
        self.headers: list[Mapping[str, str]] = []
        self._replies: dict[str, list[Reply]] = {}

    def on(self, target: str, *replies: Reply) -> None:
        """Answer requests whose raw target is, or whose path is, `target`."""
        self._replies[target] = list(replies)

    def reply(self, target: str, headers: Mapping[str, str]) -> Reply:
        """The reply that is due."""
        self.asked.append(target)
        self.headers.append(headers)
        replies = self._replies.get(target) or self._replies.get(target.partition("?")[0]) or [status(404)]
        return replies.pop(0) if len(replies) > 1 else replies[0]


@contextmanager
def scripted_server(tls: ssl.SSLContext | None = None) -> Iterator[Scripted]:
    """A running server with an empty script."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            script.connections += 1
            if tls:
                self.request = tls.wrap_socket(self.request, server_side=True)
            super().setup()

        def finish(self) -> None:
            super().finish()
            self.request.close()

        def do_GET(self) -> None:
            script.reply(self.path, dict(self.headers))(self)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            script.asked.append(self.rfile.read(length).decode())
            script.reply(self.path, dict(self.headers))(self)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing: clients hang up on purpose here."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    script = Scripted(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def body(content: bytes, *, kind: str = "application/json", **headers: str) -> Reply:
    """A good answer with these bytes."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **_dashed(headers)}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return write


def doc(value: object, **headers: str) -> Reply:
    """A good answer with this JSON."""
    return body(json.dumps(value).encode(), **headers)


def status(code: int, content: bytes = b"", **headers: str) -> Reply:
    """An answer of that status."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in {"Content-Length": str(len(content)), **_dashed(headers)}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return write


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without a word."""
    handler.close_connection = True


def half(handler: BaseHTTPRequestHandler) -> None:
    """Promise a thousand bytes and close after ten."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"data": [')
    handler.close_connection = True


def dribble(handler: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then, for ever, in chunks."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    _now_and_then(handler, b"1\r\n \r\n")


def dribble_headers(handler: BaseHTTPRequestHandler) -> None:
    """Begin a good answer, and then send one header that never ends, a byte now and then."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Long: ")
    _now_and_then(handler, b"x")


def dribble_status(handler: BaseHTTPRequestHandler) -> None:
    """Not even the status line ends."""
    handler.wfile.write(b"HTTP/1.1 200 ")
    _now_and_then(handler, b"O")


def silence(handler: BaseHTTPRequestHandler) -> None:
    """Keep the connection open and say nothing."""
    handler.close_connection = True
    handler.rfile.read(1)  # returns when the other side hangs up


def _now_and_then(handler: BaseHTTPRequestHandler, few: bytes) -> None:
    handler.close_connection = True
    try:
        while True:
            handler.wfile.write(few)
            handler.wfile.flush()
            PAUSE.wait(0.01)
    except OSError:
        return


def _dashed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
