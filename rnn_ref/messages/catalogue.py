"""What can go wrong, as data: the files in `catalogue/`, read and checked.

Pages, the decoder and the tests are made of it. Each file is a page of the site and says in TOML
what that page holds: errors, with the messages of torch; mistakes that raise nothing; and calls
that end Python.
"""

import re
import tomllib
from dataclasses import MISSING, dataclass, fields
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from rnn_ref.messages.conditions import holds, said
from rnn_ref.messages.templates import Template

_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)(?:\{[^}]*\})?|(?<=`)\{title=[^}]*\}")


@dataclass(frozen=True)
class Wording:
    """A message of another version of torch, which people still search for.

    Attributes:
        text: The message, with its variable parts marked.
        versions: Which versions say so, as far as known.
        sample: A whole line, as it was printed.
    """

    text: str
    versions: str
    sample: str


@dataclass(frozen=True)
class Cause:
    """One of the mistakes that lead to a message.

    Attributes:
        name: What was done.
        how: What to do instead.
        tell: How to tell it from the others.
        when: What the sizes in the message look like then, each a comparison.
        say: A sentence with the reader's own sizes.
        code: The mistake in code, where the entry's own does not show it.
        fix: Code that is right, and shows that it is.
    """

    name: str
    how: str
    tell: str = ""
    when: tuple[str, ...] = ()
    say: str = ""
    code: str = ""
    fix: str = ""


@dataclass(frozen=True)
class Message:
    """A message of torch: what it means, and what leads to it.

    Attributes:
        id: Its name, which stays.
        title: The message, shortened to what does not vary.
        error: The class of the exception, or of the warning.
        messages: Its texts, with the variable parts marked.
        meaning: What torch compared, in the words of the dimensions.
        causes: The mistakes that lead to it.
        triggers: The smallest calls that raise it.
        wordings: Its texts in other versions.
        read: The places of the site that say more, as `page.md#anchor`.
        not_run: Why no trigger can be run everywhere.
        sample: A whole line, as printed, where there is no trigger.
        option: In which versions the triggers raise this, as an option of their fences.
        unless: The ids of entries whose messages are special cases of these.
    """

    id: str
    title: str
    error: str
    messages: tuple[str, ...]
    meaning: str
    causes: tuple[Cause, ...]
    triggers: tuple[str, ...] = ()
    wordings: tuple[Wording, ...] = ()
    read: tuple[str, ...] = ()
    not_run: str = ""
    sample: str = ""
    option: str = ""
    unless: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts that lead here, those of today first."""
        return (*self.messages, *(wording.text for wording in self.wordings))

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """The same, to be matched."""
        special = [entry for entry in messages() if entry.id in self.unless]
        unless = tuple(text for entry in special for text in entry.texts)
        return tuple(Template(text, unless) for text in self.texts)


@dataclass(frozen=True)
class Silent:
    """A mistake that raises nothing.

    Attributes:
        id: Its name, which stays.
        title: What was done.
        why: What happens, and why torch says nothing.
        setup: Code that both sides start from.
        wrong: The mistake, which prints a number.
        right: The same done right, which prints another.
        told: What the number is.
        test: What raises AssertionError after `wrong`, and passes after `right`.
        read: The places of the site that say more, as `page.md#anchor`.
    """

    id: str
    title: str
    why: str
    setup: str
    wrong: str
    right: str
    told: str
    test: str
    read: tuple[str, ...] = ()


@dataclass(frozen=True)
class Crash:
    """A call that ends Python.

    Attributes:
        id: Its name, which stays.
        title: What was done.
        trigger: Code that makes the call in a Python of its own, and prints how that ended.
        why: The reason.
        how: What to do instead.
        fix: Code that is right, and shows that it is.
        read: The places of the site that say more, as `page.md#anchor`.
    """

    id: str
    title: str
    trigger: str
    why: str
    how: str
    fix: str
    read: tuple[str, ...] = ()


Entry = Message | Silent | Crash


@dataclass(frozen=True)
class Page:
    """A page of the site.

    Attributes:
        name: Its path without an ending, `errors/state`.
        title: Its title.
        description: What search engines show of it.
        intro: What stands above its entries.
        entries: What it holds, in order.
        lists: The pages that it lists, in order, if it holds no entries itself.
    """

    name: str
    title: str
    description: str
    intro: str
    entries: tuple[Entry, ...] = ()
    lists: tuple[str, ...] = ()


# The name of each list in a file, and what its items are.
_LISTS: dict[str, type[Any]] = {
    "entry": Message,
    "silent": Silent,
    "crash": Crash,
    "causes": Cause,
    "wordings": Wording,
}


@cache
def pages() -> tuple[Page, ...]:
    """Read all files of the catalogue.

    Returns:
        The pages, by name.

    Raises:
        ValueError: A file lacks something, or holds something unknown.
    """
    root = Path(str(files(__package__))) / "catalogue"
    names = [file.relative_to(root).with_suffix("").as_posix() for file in root.rglob("*.toml")]
    return tuple(page(name, (root / f"{name}.toml").read_text("utf-8")) for name in sorted(names))


def page(name: str, text: str) -> Page:
    """Read one file.

    Args:
        name: The page's path without an ending.
        text: What the file holds.

    Returns:
        The page.

    Raises:
        ValueError: It lacks something, or holds something unknown.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: {error}") from error
    entries = [each for kind in ("entry", "silent", "crash") for each in _list(kind, table, name)]
    head = {key: value for key, value in table.items() if key not in _LISTS}
    made: Page = _made(Page, head | {"name": name, "entries": tuple(entries)}, name)
    return made


@cache
def entries() -> dict[str, Entry]:
    """Give each entry by its id.

    Returns:
        The entries, in the order of the pages.

    Raises:
        ValueError: An id is taken twice.
    """
    found: dict[str, Entry] = {}
    for each in (entry for page in pages() for entry in page.entries):
        if each.id in found:
            raise ValueError(f"Two entries are called {each.id}.")
        found[each.id] = each
    return found


@cache
def messages() -> tuple[Message, ...]:
    """Give the entries that have a message.

    Returns:
        The errors and warnings, in the order of the pages.
    """
    return tuple(entry for entry in entries().values() if isinstance(entry, Message))


@cache
def page_of(id: str) -> Page:
    """Find the page of an entry.

    Args:
        id: The entry's name.

    Returns:
        The page that holds it.

    Raises:
        KeyError: No entry has this name.
    """
    for found in pages():
        if any(entry.id == id for entry in found.entries):
            return found
    raise KeyError(id)


def plain(prose: str) -> str:
    """Leave of Markdown what a terminal shows: words and code.

    Args:
        prose: Markdown, with links.

    Returns:
        The text on one line.
    """
    return " ".join(_LINK.sub(lambda link: link[1] or "", prose).split())


def _list(kind: str, table: dict[str, Any], where: str) -> list[Any]:
    return [_made(_LISTS[kind], item, where) for item in table.get(kind, [])]


def _made(cls: type[Any], table: dict[str, Any], where: str) -> Any:
    """Make an object of a table whose keys are its fields."""
    where = f"{where}, {table['id']}" if "id" in table else where
    known = {field.name for field in fields(cls)}
    needed = {field.name for field in fields(cls) if field.default is MISSING}
    for problem, names in ("lacks", needed - table.keys()), ("does not know", table.keys() - known):
        if names:
            raise ValueError(f"{where}: {cls.__name__} {problem} {', '.join(sorted(names))}.")
    made = cls(**{name: _value(name, value, where) for name, value in table.items()})
    return _checked(made, where)


def _value(name: str, value: Any, where: str) -> Any:
    if name in _LISTS:
        return tuple(_list(name, {name: value}, where))
    if isinstance(value, str):
        return value.strip("\n")
    return tuple(each.strip("\n") if isinstance(each, str) else each for each in value)


def _checked(made: Any, where: str) -> Any:
    """Refuse what could be read, but not understood."""
    if hasattr(made, "id") and not _ID.fullmatch(made.id):
        raise ValueError(f"{where}: expected an id such as RNN-HIDDEN-SIZE.")
    if isinstance(made, Message):
        _check_message(made, where)
    return made


def _check_message(entry: Message, where: str) -> None:
    try:
        names = {name: "" for text in entry.texts for name, _ in Template(text).parts}
        for cause in entry.causes:
            for condition in cause.when:
                holds(condition, names)
            said(cause.say, names)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
    if bool(entry.triggers) == bool(entry.not_run and entry.sample):
        raise ValueError(f"{where}: expected triggers, or not_run with a sample.")
