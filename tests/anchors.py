"""What others may have linked to: `python -m tests.anchors` adds the new ones.

That is the headings, and the sentences that lead to where a part of a page has gone.
"""

from pathlib import Path

from tests.links import files, page, rendered

KEPT = Path(__file__).parent / "anchors.txt"


def anchors() -> list[str]:
    """Each page with each of its headings, as an address ends; the API's are names of code."""
    pages = [file for file in files() if not file.startswith("api/")]
    return sorted(
        f"{Path(file).with_suffix('').as_posix()}/#{anchor}"
        for file in pages
        for anchor in (*page(file).headings, *left_behind(file))
    )


def left_behind(file: str) -> list[str]:
    """The addresses of parts that have gone to other pages, on sentences that lead there."""
    return [str(paragraph["id"]) for paragraph in rendered(file)[0].select("p[id]")]


def kept() -> list[str]:
    """The addresses that were there once, and stay."""
    return KEPT.read_text("utf-8").splitlines()


if __name__ == "__main__":
    KEPT.write_text("".join(f"{one}\n" for one in sorted({*kept(), *anchors()})), "utf-8")
