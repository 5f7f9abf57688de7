"""CPU of the check of the documents, as a ratio to executing the same code in one process.

    python benchmarks/snippets_cost.py [--rounds 5]

The floor imports torch once and executes the fences in order, one namespace a page. Both run as
whole processes, in turn, on the same generated pages (8 fences a page, or all in one chain, each
with output and claims), and the ratio of each round is printed with the median: for a first run,
which has to convert the pages, for later runs, which find them in pytest's cache, both on this
machine alone, and for a first run on other machines too.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST = """\
```python
import torch

x = torch.zeros({n}, 5, 4)  # ({n}, 5, 4)
rnn = torch.nn.RNN(4, 2, batch_first=True)
output, h_n = rnn(x)
print(tuple(output.shape))
#> ({n}, 5, 2)
```

The output is `({n}, 5, 2)`{{title="output.shape"}}.
"""
NEXT = """
## Part {letter}

```{{.python continuation}}
rnn = torch.nn.RNN(4, {i}, num_layers=2, batch_first=True)
for _ in range(3):
    output, h_n = rnn(x)
print(tuple(output.shape), tuple(h_n.shape))
#> ({n}, 5, {i}) (2, {n}, {i})
```

Every step of the last layer stands in `output`, of shape `({n}, 5, {i})`{{title="output.shape"}}.
The state `h_n` has one slice a layer: `(2, {n}, {i})`{{title="h_n.shape"}}.
"""


RUNS = {
    "first run": ["--cache-clear", "--here"],
    "later run": ["--here"],
    "first run, other machines": ["--cache-clear"],
}


def write_pages(folder: Path, fences: int, a_page: int) -> None:
    """Write a site of `fences` fences, `a_page` to a page, and the floor's program."""
    docs = folder / "docs"
    docs.mkdir()
    (folder / "mkdocs.yml").write_bytes((ROOT / "mkdocs.yml").read_bytes())
    (folder / "conftest.py").write_bytes((ROOT / "conftest.py").read_bytes())
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for page in range(fences // a_page):
        n = page % 7 + 3
        parts = [FIRST.format(n=n)]
        parts += [NEXT.format(n=n, i=i % 7 + 2, letter="abcdefg"[i % 7]) for i in range(a_page - 1)]
        (docs / f"page{page}.md").write_text("# Page\n\n" + "".join(parts), "utf-8")
    (folder / "floor.py").write_text(
        "import glob, io, contextlib, re, torch\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    for page in sorted(glob.glob('docs/*.md')):\n"
        "        namespace = {'__name__': '__main__'}\n"
        "        text = open(page).read()\n"
        "        for code in re.findall(r'```.*?python.*?\\n(.*?)```', text, re.S):\n"
        "            exec(code, namespace)\n",
        "utf-8",
    )


def cpu_seconds(command: list[str], folder: Path) -> float:
    """Run a command to its end and return the processor time it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure at 40, 200 and 1000 fences, and on a chain of 50."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    for fences, a_page in ((40, 8), (200, 8), (1000, 8), (50, 50)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_pages(folder, fences, a_page)
            check = [sys.executable, "-m", "pytest", "docs"]
            floor = [sys.executable, "floor.py"]
            for run, options in RUNS.items():
                pairs = [
                    (cpu_seconds([*check, *options], folder), cpu_seconds(floor, folder))
                    for _ in range(rounds)
                ]
                report(f"{fences:4} fences, {a_page:2} a page, {run}", pairs)


def report(what: str, pairs: list[tuple[float, float]]) -> None:
    """Print the medians, and the ratio of each round."""
    check, floor = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
    ratios = sorted(a / b for a, b in pairs)
    print(
        f"{what}: check {check:.2f} s, floor {floor:.2f} s, "
        f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    )


if __name__ == "__main__":
    main()
