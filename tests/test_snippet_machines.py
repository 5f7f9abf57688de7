"""A page on machines that round otherwise and draw other numbers: what hangs on either is red."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import rnn_ref.figures
from tests.documents import Project, read
from tests.snippets.check import check_document
from tests.snippets.machines import CHANCE, LAST_BIT, UNITS, Machines

MACHINES = Machines()
SETUP = """import numpy as np
import torch
from torch import nn

torch.manual_seed(0)
"""


def told(code: str, setup: str = SETUP) -> list[str]:
    """What is said of a page that consists of one fence."""
    document = read(f"A page.\n\n```python\n{setup}{code}\n```\n")
    return [problem.message for problem in MACHINES.check(document, Path("docs/page.md")).problems]


def printed(code: str) -> str:
    """What a fence prints here, in one line."""
    report = check_document(read(f"```python\n{code}\n```"), Path("docs/page.md"))
    return report.problems[0].message.partition("actual ")[2].partition(",")[0]


# As the lines stood on the site, with what they stand on.
SEEN = {
    "patterns.md:63": """
rnn, readout = nn.RNN(7, 13, batch_first=True), nn.Linear(13, 11)
x = torch.randn(5, 3, 7)
output, h_n = rnn(x)
last = readout(output[:, -1])
print(torch.equal(last, readout(h_n[-1])))
#> True""",
    "patterns.md:310": """
rnn = nn.RNN(7, 13, batch_first=True)
x = torch.randn(5, 3, 7)
output, h_n = rnn(x)
print(torch.allclose(output[-1], rnn(x[-1])[0]))
#> True""",
    "all-shapes.md:222": """
gru_cell = torch.nn.GRUCell(7, 13)
r, z, n = gru_cell.bias_ih.data.chunk(3)
z.fill_(99)  # nothing is updated
x, h_0 = torch.randn(3, 7), torch.randn(3, 13)
print(torch.allclose(gru_cell(x, h_0), h_0))
#> True""",
    "one-step-one-word-one-batch.md:291": """
from rnn_ref.cells import rnn_cell

deep, deep_h_0, word = nn.RNN(4, 2, num_layers=2), torch.randn(2, 2), torch.eye(5, 4)
weights = [weight.numpy() for weight in deep.state_dict().values()]
layers = [weights[:4], weights[4:]]
steps, last = word.numpy(), []
for layer, h in zip(layers, deep_h_0.numpy()):
    steps = [h := rnn_cell(x, h, *layer) for x in steps]
    last.append(torch.tensor(h))
print(torch.equal(torch.stack(last), deep(word, deep_h_0)[1]))
#> True""",
    "notation.md:112": """
torch.seed()
rnn, x = torch.nn.RNN(7, 13), torch.randn(5, 3, 7)
output, h_n = rnn(x)
W_ih, W_hh, b_ih, b_hh = rnn.parameters()
h_t = torch.tanh(x[4] @ W_ih.T + output[3] @ W_hh.T + (b_ih + b_hh))
print(torch.allclose(h_t, output[4]), torch.allclose(h_t, h_n[0]))
#> True True""",
}


@pytest.mark.parametrize("place", SEEN)
def test_the_lines_that_were_red_elsewhere_are_red_everywhere(place: str) -> None:
    (message,) = told(SEEN[place].strip("\n"), SETUP.replace("torch.manual_seed(0)\n", ""))

    assert message.startswith(LAST_BIT)


PATHS = {
    "layout of memory": "x, w = torch.randn(3, 7), torch.randn(7, 5)\n"
    "print(torch.equal(x.T.contiguous().T @ w, x @ w))",
    "order of a sum": "x = torch.randn(99)\nprint(torch.equal(x.flip(0).sum(), x.sum()))",
    "two kernels": "lstm, x = nn.LSTM(7, 5), torch.randn(4, 3, 7)\n"
    "print(torch.equal(lstm(x)[0][:, :1], lstm(x[:, :1])[0]))",
    "a cell for a layer": "gru, cell = nn.GRU(7, 5), nn.GRUCell(7, 5)\n"
    "cell.load_state_dict({k[:-3]: v for k, v in gru.state_dict().items()})\n"
    "x = torch.randn(1, 3, 7)\nprint(torch.equal(gru(x)[0][0], cell(x[0])))",
    "gradients": "w, x = torch.randn(7, 5, requires_grad=True), torch.randn(3, 7)\n"
    "(x @ w).sum().backward()\n"
    "print(torch.equal(w.grad, x.sum(0)[:, None].expand(7, 5)))",
    "NumPy's products": "rng = np.random.default_rng(0)\n"
    "x, w = rng.random((3, 7)), rng.random((7, 5))\n"
    "print(np.array_equal(x @ w, np.einsum('ij,jk->ik', x, w)))",
    "NumPy's functions": "x = np.random.default_rng(0).random(7)\n"
    "print(bool(abs(np.tanh(x) - (1 - 2 / (1 + np.exp(2 * x)))).max() < 1e-15))",
    "NumPy's methods": "x = np.random.default_rng(0).random((7, 3))\n"
    "print(bool((x.sum(axis=0) == x[::-1].sum(axis=0)).all()))",
    "torch and NumPy": "x, w = torch.randn(3, 7), torch.randn(7, 5)\n"
    "print(bool(abs((x @ w).numpy() - x.numpy() @ w.numpy()).max() < 1e-6))",
    "rnn_ref and torch": "import rnn_ref\nours, theirs = rnn_ref.RNN(7, 5), nn.RNN(7, 5)\n"
    "ours.load_state_dict(theirs.state_dict())\nx = torch.randn(4, 3, 7)\n"
    "print(bool(abs(ours(x.numpy())[0] - theirs(x)[0].detach().numpy()).max() < 1e-6))",
    "no room": "x, w = torch.randn(3, 7), torch.randn(7, 5)\n"
    "print(((x @ w) - (w.T @ x.T).T).abs().max().item() < 8e-7)",
}


@pytest.mark.parametrize("path", PATHS)
def test_two_paths_to_one_number_are_not_equal_to_the_last_bit(path: str) -> None:
    (message,) = told(f"{PATHS[path]}\n#> True")

    assert message.startswith(LAST_BIT)


@pytest.mark.parametrize("number", [0.3333, 1.25])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_decimal_on_the_edge_of_its_rounding_is_red(dtype: str, number: float) -> None:
    """The sum is `number` and half a unit of the last decimal that is printed."""
    code = (
        f"x = torch.full((3,), ({number} - 0.1 + 0.00005) / 3, dtype=torch.{dtype})\n"
        "x = torch.cat([x, torch.tensor([0.1], dtype=x.dtype)])\n"
        "print(f'{x.sum():.4f}')"
    )
    here = printed(SETUP + code)
    (message,) = told(f"{code}\n#> {here}")

    assert message.startswith(LAST_BIT)
    off = code.replace("0.00005", "0.00003")
    assert told(f"{off}\n#> {number + 0.00003:.4f}") == []


def test_a_message_says_how_far_a_claim_is_from_its_limit() -> None:
    near = "x, w = torch.randn(3, 7), torch.randn(7, 5)\nd = ((x @ w) - (w.T @ x.T).T).abs().max()"
    limits = []
    for limit in "1e-7", "2e-6":
        (message,) = told(f"{near}\nprint(d.item() < {limit})\n#> True")
        assert f" units in the last place, and has to stand {UNITS}: " in message
        limits.append(int(message.partition("results move by ")[2].split()[0]))

    assert 1 <= limits[0] < limits[1] <= UNITS


CHANCES = {
    "torch": "print((torch.rand(3) > 0.1).all().item())",
    "a module": "print(nn.Linear(3, 3).weight.max().item() > 0.5)",
    "NumPy": "print(bool((np.random.rand(3) > 0.1).all()))",
    "a generator of NumPy": "print(bool((np.random.default_rng().random(3) > 0.1).all()))",
    "Python": "import random\nprint(random.random() > 0.4)",
    "another fence's seed": "torch.manual_seed(0)\n```\n\n```python\nimport torch\n"
    "print((torch.rand(3) > 0.1).all().item())",
}


@pytest.mark.parametrize("source", CHANCES)
def test_what_no_seed_fixes_is_told(source: str) -> None:
    setup = SETUP.replace("torch.manual_seed(0)\n", "")
    (message,) = told(f"{CHANCES[source]}\n#> {printed(setup + CHANCES[source])}", setup)

    assert message.startswith(CHANCE)
    assert " of 16 seeds" in message


HOLDS = {
    "one call twice": "lstm, x = nn.LSTM(7, 5, 2, bidirectional=True), torch.randn(4, 3, 7)\n"
    "print(torch.equal(lstm(x)[0], lstm(x)[0]))",
    "two modules with the same weights": "one, two = nn.GRU(7, 5), nn.GRU(7, 5)\n"
    "two.load_state_dict(one.state_dict())\nx = torch.randn(4, 3, 7)\n"
    "print(torch.equal(one(x)[0], two(x)[0]))",
    "what one call gives twice": "rnn, x = nn.RNN(7, 5, batch_first=True), torch.randn(3, 4, 7)\n"
    "output, h_n = rnn(x)\nprint(torch.equal(output[:, -1], h_n[-1]))",
    "numbers above one": "rnn = nn.RNN(7, 5, nonlinearity='relu')\nx = 9 * torch.randn(3, 4, 7)\n"
    "output, h_n = rnn(x)\nprint(torch.equal(output[-1], h_n[-1]))",
    "a look-up": "w, ids = torch.randn(7, 5), torch.tensor([3, 1, 6])\n"
    "print(torch.equal(torch.eye(7)[ids] @ w, w[ids]))",
    "counts": "x = torch.ones(3, 7)\nprint(torch.equal(x @ x.T, torch.full((3, 3), 7.0)))",
    "sums of two": "x = torch.randn(2, 9)\nprint(torch.equal(x[0] + x[1], x[1] + x[0]))",
    "zeros": "rnn = nn.RNN(7, 5, bias=False)\nprint(rnn(torch.zeros(4, 3, 7))[0].any().item())",
    "saturation": "print((torch.randn(9).abs() + 9.5).tanh().mean().item() == 1)",
    "a tolerance": "x, w = torch.randn(3, 7), torch.randn(7, 5)\n"
    "print(torch.allclose((w.T @ x.T).T, x @ w, atol=1e-5))",
    "a tolerance in NumPy": "x, w = np.random.rand(3, 7), np.random.rand(7, 5)\n"
    "print(np.allclose(x @ w, np.einsum('ij,jk->ik', x, w)))",
    "a training twice": "def train():\n    torch.manual_seed(0)\n    net = nn.RNN(3, 5)\n"
    "    adam = torch.optim.Adam(net.parameters())\n    for _ in range(5):\n"
    "        loss = net(torch.randn(4, 2, 3))[0].square().mean()\n        adam.zero_grad()\n"
    "        loss.backward()\n        adam.step()\n    return net(torch.ones(4, 2, 3))[0]\n"
    "print(torch.equal(train(), train()))",
    "untouched samples": "rnn, x = nn.RNN(7, 5), torch.randn(4, 3, 7)\nother = x.clone()\n"
    "other[:, 0] = 0\nprint(torch.equal(rnn(x)[0][:, 1:], rnn(other)[0][:, 1:]))",
    "moved numbers": "x = torch.randn(3, 4, 7)\n"
    "print(torch.equal(x.transpose(0, 1).reshape(4, 21)[2, 7:14], x[1, 2]))",
    "views of NumPy": "x = np.random.rand(3, 7)\nbefore = x.copy()\n"
    "view = np.einsum('ij->ji', x)\nprint(np.array_equal(x, before) and view.base is not None)",
    "what always holds of chance": "torch.seed()\nprint((torch.rand(9) < 1).all().item())",
}


@pytest.mark.parametrize("what", HOLDS)
def test_what_holds_anywhere_is_green(what: str) -> None:
    says = "False" if what == "zeros" else "True"

    assert told(f"{HOLDS[what]}\n#> {says}") == []


def test_a_plain_mistake_stays_a_plain_mistake() -> None:
    (message,) = told("print(tuple(torch.ones(3, 5).shape))\n#> (5, 3)")

    assert message.startswith("documented (5, 3), actual (3, 5)")


def test_what_one_run_finds_each_run_finds() -> None:
    code = f"{CHANCES['torch']}\n#> True"

    assert told(code, "import torch\n") == told(code, "import torch\n")


def test_afterwards_everything_is_as_it_was() -> None:
    modules = {name: module for name, module in sys.modules.items() if name.startswith("rnn_ref")}
    finders, generator = list(sys.meta_path), np.random.default_rng
    state = torch.get_rng_state()

    assert told("import rnn_ref.figures\nprint(rnn_ref.RNN(3, 5, seed=0).weight_ih_l0.sum() > -9)"
                "\n#> True") == []  # fmt: skip

    assert {n: m for n, m in sys.modules.items() if n.startswith("rnn_ref")} == modules
    assert sys.modules["rnn_ref"] is rnn_ref
    assert (sys.meta_path, np.random.default_rng) == (finders, generator)
    assert torch.equal(torch.get_rng_state(), state)
    x, w = torch.randn(3, 7), torch.randn(7, 5)
    assert torch.equal(x @ w, x.clone() @ w.clone())


def test_the_package_on_other_machines_is_not_the_one_that_is_covered() -> None:
    code = "import rnn_ref.cells\nprint(rnn_ref.cells.rnn_cell.__code__.co_filename[-9:])"
    (message,) = told(f"{code}\n#> /cells.py")

    assert "actual (rounded)" in message


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_the_machines_are_the_same_in_each_process(hash_seed: str) -> None:
    code = (
        "import torch; from tests.arithmetic.rounding import Rounding; "
        "from tests.arithmetic.in_torch import RoundedTorch; torch.manual_seed(0)\n"
        "with RoundedTorch(Rounding(3, 20)): print((torch.rand(3, 7) @ torch.rand(7, 2)).tolist())"
    )
    command = [sys.executable, "-c", code]
    runs = [
        subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        for environment in ({"PYTHONHASHSEED": hash_seed}, {"PYTHONHASHSEED": "2"})
    ]

    assert runs[0].stdout == runs[1].stdout


def test_pytest_runs_pages_on_other_machines_and_update_docs_does_not(tmp_path: Path) -> None:
    project = Project(tmp_path)
    text = f"```python\n{SETUP}{PATHS['order of a sum']}\n#> False\n```\n"
    page = project.write("docs/page.md", text)

    red = project.pytest("docs/page.md")
    updated = project.pytest("docs/page.md", "--update-docs")

    assert f"docs/page.md:9: {LAST_BIT}" in red.stdout
    assert "1 passed" in updated.stdout
    assert page.read_text("utf-8") in (text, text.replace("False", "True"))
