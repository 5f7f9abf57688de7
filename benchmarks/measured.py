"""What `make benchmarks` measured, and the tables of README.md that are written from it.

`python benchmarks/measured.py RUN` takes what the tables hold out of a file of pytest-benchmark's.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "measured.json"
WAYS = ("forward", "both")
CLOCK = "one thread"
# What the figures of test_speed.py and of test_memory.py are.
SPEED = """\
Each figure is the median over the rounds of a time divided by torch's in the same round.
It is CPU time, with one thread each.
*Products* are the matrix products alone that NumPy has to do.
"""
MEMORY = "The most memory that a call holds at once, divided by the arrays that have to exist:\n"


class Measured:
    """One run, as it is kept in `measured.json`: where it ran, and what it found by size."""

    def __init__(self, kept: dict[str, Any]):
        self.kept = kept

    def where(self) -> str:
        """Say in a sentence what was measured, on what, and when."""
        kept, versions = self.kept, self.kept["versions"]
        processor = kept["processor"] or "a processor that was not noted"
        when = f"on {kept['date']}, commit `{kept['commit'][:7]}`"
        return (
            f"Here: torch {versions['torch']}, NumPy {versions['numpy']}, `float32`, "
            f"{kept['cores']} cores of {processor}, {when}."
        )

    def times(self, way: str) -> list[float]:
        """Return all times of one way, as parts of torch's."""
        found = [one for size in self.kept["speed"] for one in size["networks"].values()]
        return [one[way]["ours"] for one in found if way in one]

    def speed(self) -> str:
        """Write times as parts of torch's, a row for each network and size, and what they are."""
        columns = [(way, who) for way in WAYS for who in ("ours", "products")]
        header = ["forward", "products", "forward and backward", "products"]
        return "\n".join([SPEED, *self._table("speed", header, columns)])

    def memory(self) -> str:
        """Write the most memory as a multiple of what has to exist."""
        header = ["forward", "forward and backward"]
        return "\n".join([MEMORY, *self._table("memory", header, [(way,) for way in WAYS])])

    def _table(self, what: str, header: list[str], columns: list[tuple[str, ...]]) -> Iterator[str]:
        yield _row(["L, N, H_in, H", "network", *header])
        yield _row(["---"] * (len(header) + 2))
        for size in self.kept[what]:
            for i, (network, found) in enumerate(size["networks"].items()):
                sizes = "" if i else ", ".join(map(str, size["sizes"]))
                yield _row([sizes, network, *(_figure(found, column) for column in columns)])


def _figure(found: Any, column: tuple[str, ...]) -> str:
    for key in column:
        found = found.get(key, {})
    return f"{found:.2f}" if found else ""


def _row(cells: list[str]) -> str:
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"


def distilled(run: dict[str, Any]) -> dict[str, Any]:
    """Take what the tables hold out of what pytest-benchmark wrote."""
    where, found = run["machine_info"], run["benchmarks"]
    timed = [one for one in found if one["params"].get("clock") == CLOCK]
    return {
        "date": run["datetime"][:10],
        "commit": run["commit_info"]["id"],
        "processor": where["cpu"].get("brand_raw"),
        "cores": where["cpu"]["count"],
        "versions": where["versions"],
        "speed": _by_size(timed, ("ours", "products")),
        "memory": _by_size([one for one in found if "way" not in one["params"]], WAYS),
    }


def _by_size(found: list[dict[str, Any]], figures: tuple[str, ...]) -> list[dict[str, Any]]:
    """Sort measurements by size and network; of speed there is one for each way."""
    rows: dict[str, dict[str, Any]] = {}
    for one in found:
        params, info = one["params"], one["extra_info"]
        row = rows.setdefault(params["size"], {"sizes": info["sizes"], "networks": {}})
        network = row["networks"].setdefault(params["mode"], {})
        network = network.setdefault(params["way"], {}) if "way" in params else network
        network.update({figure: info[figure] for figure in figures})
    return sorted(rows.values(), key=lambda row: row["sizes"][0])


def main() -> None:
    """Keep a run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, help="what --benchmark-json wrote")
    run = json.loads(parser.parse_args().run.read_text("utf-8"))
    FILE.write_text(json.dumps(distilled(run), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
