"""A built site, served on this machine as hosts serve it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

from tests.weighing import COMPRESSED, sent


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and keeps the tests' output clean."""

    def log_message(self, *_: object) -> None:
        pass


class CompressingHandler(QuietHandler):
    """Sends what servers send, and keeps what was asked for."""

    asked: ClassVar[list[tuple[Path, int]]] = []

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            self.send_error(404)
            return
        content = sent(file.resolve())
        self.asked.append((file.resolve(), len(content)))
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Length", str(len(content)))
        if file.suffix in COMPRESSED:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serving(
    folder: Path, handler: type[QuietHandler] = QuietHandler
) -> Iterator[ThreadingHTTPServer]:
    """Serve a folder until the end of the block, or until the server is shut down."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def address(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}/"
