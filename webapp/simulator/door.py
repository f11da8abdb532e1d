"""The HTTP server: threads, HTTP/1.1, connections that stay open, and one that can be cut off."""

import contextlib
import logging
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from socketserver import TCPServer
from typing import Any
from urllib.parse import unquote

from werkzeug.wrappers import Request, Response

Answer = Callable[[Request], Response]
log = logging.getLogger(__name__)
PIECE = 65_536


class Dropped(Exception):
    """The connection ends here, with no answer."""


class Hung(Exception):
    """There is no answer, and the connection stays open until the client gives up."""


@dataclass(frozen=True)
class Manner:
    """How an answer is sent on a bad day."""

    head_pause: float = 0.0
    """Seconds between two bytes of the head."""
    body_pause: float = 0.0
    """Seconds between two bytes of the body."""
    padding: int = 0
    """So many spaces follow the body."""
    half: bool = False
    """Only half of the body comes that was promised."""


def in_manner(response: Response, manner: Manner) -> Response:
    """The same answer, to be sent in that manner."""
    response.manner = manner  # type: ignore[attr-defined]
    return response


class Door(ThreadingHTTPServer):
    """Answers on 127.0.0.1; Werkzeug's own server would close each connection after one answer."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, answer: Answer) -> None:
        self.answer = answer
        self.open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)

    def server_bind(self) -> None:
        """Bind without asking for this machine's name, which may take long."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def close_all(self) -> None:
        """Stop listening, and cut every connection that is still open."""
        self.shutdown()
        self.server_close()
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Note that a client went away in mid-answer."""
        log.debug("a client went away", exc_info=True)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65_536
    server: Door

    def setup(self) -> None:
        """Remember the connection while it is open."""
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        """Forget the connection."""
        self.server.open.discard(self.connection)
        super().finish()

    def handle_one_request(self) -> None:
        """Answer one request; a client that hung up ends the connection."""
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def do_GET(self) -> None:
        """Answer any method: the addresses themselves say which they take."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        environ = environ_of(self.command, self.path, self.headers, body, self.server.server_address[1])
        try:
            response = self.server.answer(Request(environ))
        except Dropped:
            self.close_connection = True
            return
        except Hung:
            self.close_connection = True
            self.rfile.read(1)
            return
        except Exception:
            log.exception("the sandbox failed to answer %s", self.path)
            response = Response("the sandbox failed", 500, mimetype="text/plain")
        self.send(response)

    do_POST = do_DELETE = do_HEAD = do_PUT = do_GET

    def send(self, response: Response) -> None:
        """Write the whole answer, at once or in its manner."""
        manner: Manner = getattr(response, "manner", Manner())
        body = response.get_data()
        head = self.head_of(response, len(body) + manner.padding)
        if manner.head_pause:
            self.drip(head, manner.head_pause)
        else:
            self.wfile.write(head)
        if self.command != "HEAD":
            self.send_body(body, manner)
        self.wfile.flush()

    def head_of(self, response: Response, length: int) -> bytes:
        """The status line and the headers of an answer with so long a body."""
        real, self.wfile = self.wfile, BytesIO()
        try:
            self.send_response(response.status_code)
            for name, value in response.headers.items():
                if name.lower() != "content-length":
                    self.send_header(name, value)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            return self.wfile.getvalue()
        finally:
            self.wfile = real

    def send_body(self, body: bytes, manner: Manner) -> None:
        """Write the body in its manner."""
        if manner.body_pause:
            self.wfile.flush()
            self.drip(body, manner.body_pause)
            return
        self.wfile.write(body[: len(body) // 2] if manner.half else body)
        for start in range(0, manner.padding, PIECE):
            self.wfile.write(b" " * min(PIECE, manner.padding - start))
        self.close_connection = self.close_connection or manner.half

    def drip(self, content: bytes, pause: float) -> None:
        """Write byte by byte."""
        for byte in content:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(pause)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep no access log: the counters tell enough."""


def environ_of(method: str, target: str, headers: Message, body: bytes, port: int) -> dict[str, Any]:
    """The request as WSGI has it, and its path as it was sent, still encoded."""
    path, _, query = target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path, "latin-1"),
        "RAW_PATH": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    for name, value in headers.items():
        environ["HTTP_" + name.upper().replace("-", "_")] = value
    return environ
