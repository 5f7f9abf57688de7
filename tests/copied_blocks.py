"""What a reader copies from a block of the site, run by itself, beside what the block shows.

    python -m tests.copied_blocks            # reads a text a line, as JSON; writes what it printed
    python -m tests.copied_blocks FOLDER     # the same for one text, in this folder

The process that runs them has torch imported, and forks for each: a fresh interpreter takes seconds
to get there. Where processes cannot fork, each has such an interpreter. Each has an empty folder, a
`__main__` of its own and no input.
"""

import gc
import importlib
import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from tests.reading.fences import OUTPUT
from tests.snippets.execution import Interpreter, as_shown
from tests.snippets.isolation import page_state

FILE = "copied.py"
# What many blocks lead to, and takes a second each time: optimizers import the second.
PRELOADED = ("torch", "torch._dynamo", "rnn_ref.figures", "rnn_ref.diagnose")
COMMAND = [sys.executable, "-m", "tests.copied_blocks"]
LIMIT = 300  # seconds that a block may take, one of a lab above all
UNEXECUTED = "data-notest"
CODE = ".highlight.language-python:not(.doc-signature)"
_OUTPUT = re.compile(rf"^\s*{OUTPUT} ?(.*)$", re.MULTILINE)
_WARNING = re.compile(r"[\w.]+Warning: ")


@dataclass(frozen=True)
class Shown:
    """A block of a page: the how manieth, and what it says that it prints or raises."""

    page: str
    number: int
    output: list[str]

    def __str__(self) -> str:
        return f"{self.page} block {self.number + 1}"


@dataclass(frozen=True)
class Ran:
    """What a copied text did: printed by its setup and by the block, with its error, if any."""

    above: list[str]
    output: list[str]

    @property
    def is_quiet(self) -> bool:
        """Whether the setup printed nothing: warnings a reader sees elsewhere."""
        return not self.above or _WARNING.match(self.above[0]) is not None


def shown(site: Path) -> Iterator[Shown]:
    """Yield each block of a built site that is executed where torch is what it is here."""
    for page in sorted(site.rglob("*.html")):
        path = page.relative_to(site).as_posix().removesuffix("index.html")
        soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        for number, block in enumerate(soup.select(CODE)):
            if UNEXECUTED not in block.attrs:
                yield Shown(path, number, _documented(block))


def _documented(block: Tag) -> list[str]:
    """Return the lines that a block shows as its output, or a lab below it."""
    lines = _OUTPUT.findall(block.get_text())
    below = block.find_next_sibling()
    while isinstance(below, Tag) and ("output" in below.get("class", []) or _is_figure(below)):
        lines += [] if _is_figure(below) else below.get_text().rstrip("\n").split("\n")
        below = below.find_next_sibling()
    return [line.rstrip() for line in lines]


def _is_figure(element: Tag) -> bool:
    return (
        element.name == "p" and element.find("img") is not None and not element.get_text().strip()
    )


def run(texts: Iterable[tuple[str, int]]) -> Iterator[Ran]:
    """Run texts, each with how many of its lines are setup, one after the other."""
    return _served(texts) if hasattr(os, "fork") else (_in_an_interpreter(*text) for text in texts)


def _served(texts: Iterable[tuple[str, int]]) -> Iterator[Ran]:
    with subprocess.Popen(COMMAND, stdin=-1, stdout=-1, text=True, encoding="utf-8") as server:
        assert server.stdin is not None
        assert server.stdout is not None
        for text in texts:
            server.stdin.write(json.dumps(text) + "\n")
            server.stdin.flush()
            yield Ran(**json.loads(server.stdout.readline()))
        server.stdin.close()


def _in_an_interpreter(text: str, above: int) -> Ran:
    with tempfile.TemporaryDirectory() as folder:
        given, command = json.dumps([text, above]).encode(), [*COMMAND, folder]
        try:
            ran = subprocess.run(command, input=given, stdout=-1, timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            return _told(b"")
    return _told(ran.stdout)


def _told(answer: bytes) -> Ran:
    return Ran(**json.loads(answer)) if answer else Ran([], ["ended without a word, or not at all"])


def serve() -> None:
    """Answer each line of the input."""
    for module in PRELOADED:
        importlib.import_module(module)
    gc.freeze()  # a fork would copy all that the collector looks at
    gc.disable()
    for line in sys.stdin:
        print(json.dumps(asdict(_in_a_fork(*json.loads(line)))), flush=True)


def _in_a_fork(text: str, above: int) -> Ran:
    with tempfile.TemporaryDirectory() as folder:
        receive, send = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(receive)
            _send(send, folder, text, above)
        os.close(send)
        answer = _received(receive, child)
        os.close(receive)
        os.waitpid(child, 0)
    return _told(answer)


def _received(receive: int, child: int) -> bytes:
    pieces = []
    while select.select([receive], [], [], LIMIT)[0]:
        piece = os.read(receive, 1 << 16)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
    os.kill(child, signal.SIGKILL)
    return b""


def _send(pipe: int, folder: str, text: str, above: int) -> None:
    """Run a text in this process, tell what it did, and end."""
    try:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(0, 1)
        os.chdir(folder)
        answer = json.dumps(asdict(run_here(text, above)))
        with os.fdopen(pipe, "w", encoding="utf-8") as file:
            file.write(answer)
    finally:
        os._exit(0)


def run_here(text: str, above: int) -> Ran:
    """Run a text as a script in the working directory."""
    Path(FILE).write_text(text, "utf-8")
    interpreter = Interpreter(str(Path(FILE).absolute()))
    sys.modules["__main__"] = interpreter.module
    error: list[str] = []
    with page_state(interpreter.stdout, uses_torch=False):
        sys.modules["__main__"] = interpreter.module
        try:
            exec(compile(text, interpreter.filename, "exec"), interpreter.module.__dict__)
        except (Exception, SystemExit) as raised:
            error = _lines_of(raised)
    printed = {False: "", True: ""}
    for line, piece in interpreter.stdout.pieces:
        printed[line > above] += piece
    return Ran(as_shown(printed[False]), as_shown(printed[True]) + error)


def _lines_of(error: BaseException) -> list[str]:
    return as_shown("".join(traceback.format_exception_only(error)))


if __name__ == "__main__":
    if sys.argv[1:]:
        _send(os.dup(1), sys.argv[1], *json.load(sys.stdin))
    serve()
