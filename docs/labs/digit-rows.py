# ---
# description: An LSTM reads images row by row and names the digit. What a forgotten batch_first costs, and what the hidden state knows after each row.
# ---

# %% [markdown]
# # Rows of a digit: an LSTM reads images, with `batch_first` and without
#
# An image can be a sequence: each row of pixels is a step, and an LSTM that has read them all says which digit it was.
# Leave out `batch_first=True`, and the same lines run and learn, but about half of the answers are right, where nearly all could be.
# At the end of this page you can classify sequences of your own, tell whether samples leak into each other, and find out what a hidden state knows after each step.
#
# You need [many to one](../patterns.md#many-to-one), the pattern, and [`batch_first`](../batch-first.md), the argument.
#
# ## The data: an image is a sequence of rows
#
# scikit-learn brings handwritten digits along, so nothing is downloaded.

# %%
import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from tqdm import trange

from rnn_ref import diagnose
from rnn_ref.shapes import rule

# %config InlineBackend.figure_formats = ["svg"]
plt.style.use("rnn_ref.plots")
torch.set_num_threads(1)

# %%
digits = load_digits()
images = torch.tensor(digits.images / 16, dtype=torch.float32)
labels = torch.tensor(digits.target)
x_train, x_test, y_train, y_test = train_test_split(
    images, labels, test_size=0.25, stratify=labels, random_state=0
)
x, y = x_train[:64], y_train[:64]
print("images", tuple(images.shape), "labels", tuple(labels.shape))
print("x_train", tuple(x_train.shape), "x_test", tuple(x_test.shape))
print("x", tuple(x.shape), "as input", rule("input", batch_first=True))

# %% [markdown]
# A batch is `(N, L, H_in)`{title="rule('input', batch_first=True)"}: digits, rows, pixels.
# The pixels of a row are the features of a step, from zero, no ink, to one.
# `L` and `H_in` are the same number here, so an axis that is read as another cannot raise.
#
# ## The model: many to one
#
# A `Linear` turns the last state into a score for each of the *ten*{title="len(labels.unique())"} digits.


# %%
class RowReader(nn.Module):
    def __init__(self, batch_first):
        super().__init__()
        self.rnn = nn.LSTM(8, 31, batch_first=batch_first)
        self.readout = nn.Linear(31, 10)

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.readout(output[:, -1])


# %% [markdown]
# Send a batch through, and look at each shape on the way: once with `batch_first=True`, once with torch's default.

# %%
for batch_first in True, False:
    model = RowReader(batch_first)
    output, (h_n, c_n) = model.rnn(x)
    last, scores = output[:, -1], model(x)
    print(f"{batch_first=}")
    for name, t in {"output": output, "last": last, "scores": scores, "h_n": h_n}.items():
        print(f"  {name:6}", tuple(t.shape))

# %% [markdown]
# Only `h_n` differs, and this model does not look at it.
# Had it read `h_n[-1]`{title="len(h_n[-1]) != len(y)"}, the loss would have raised: `8`{title="h_n.shape[1]"} answers do not fit `64`{title="len(y)"} labels.
# With `output[:, -1]`{title="torch.equal(model.readout(output[:, -1]), model(x))"}, the usual way to take the last state, everything fits.
#
# ## Which pixels decide the answer?
#
# Ask the gradient: a pixel that has none cannot change the answer.


# %%
def decides(model, x, n):
    """Which pixels reach the scores of sample n: (N, L, H_in)."""
    x = x.clone().requires_grad_()
    model(x)[n].sum().backward()
    return x.grad != 0


def draw(ax, image, size, left=0, **style):
    """Draw the pixels of an image as squares: the more ink, the larger."""
    row, pixel = image.nonzero().T
    ink = size * image[row, pixel]
    ax.scatter(pixel + left, row + 1, ink, marker="s", lw=0, **style)


# %% [markdown]
# Here are the first digits of the test data, one batch.
# What decides the answer for the last of them is drawn strong, all else pale.

# %%
fig, axes = plt.subplots(2, figsize=(4.2, 3.3), sharex=True, sharey=True)
few = x_test[:3]
for ax, batch_first in zip(axes, (True, False), strict=True):
    seen = decides(RowReader(batch_first), few, n=2)
    for n, image in enumerate(few):
        colour = "C0" if n == 2 else "C1"
        draw(ax, image * seen[n], 85, 11 * n, color=colour)
        draw(ax, image * ~seen[n], 85, 11 * n, color=colour, alpha=0.2)
    ax.set(title=f"batch_first={batch_first}", ylabel="row", xticks=[])
    ax.set(yticks=[1, 8], ylim=(8.8, 0.2))
plt.show()

# %% [markdown]
# *Figure:* With `batch_first`, all of the last digit is strong; without it, the lowest row of every digit, and nothing else.
#
# Without the argument, torch takes the first axis for time: digits are steps, and rows are the batch.
# Row after row is a sequence of its own, which runs from digit to digit.
# `output[:, -1]`{title="torch.equal(model.readout(output[:, -1]), model(x))"} keeps the last of these sequences.
# So a digit is judged by its lowest row, and by the lowest rows of the digits that happen to stand before it.
# The rows above are never looked at.
#
# ## The training
#
# If that is true, a network that gets nothing but the lowest row should do about as well.
# So train *three*{title="len(readers)"} kinds: one with the argument, one without, and one with the argument whose images have a single row.


# %%
def train(model, x, y, shuffle=True):
    """Show all digits several times, in batches of 64."""
    loader = DataLoader(TensorDataset(x, y), batch_size=64, shuffle=shuffle)
    adam = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(10):
        for images, labels in loader:
            loss = nn.functional.cross_entropy(model(images), labels)
            adam.zero_grad()
            loss.backward()
            adam.step()


@torch.no_grad()
def predict(model, x, batch_size=64):
    """Give the digit with the highest score: (N, L, H_in) to (N,)."""
    return torch.cat([model(part).argmax(1) for part in x.split(batch_size)])


def accuracy(model, x, y, batch_size=64):
    right = predict(model, x, batch_size) == y
    return right.float().mean().item()


# %% [markdown]
# Each kind is trained from *three*{title="len(readers['forgotten'])"} seeds, because one run could be luck.

# %%
everything, lowest = slice(None), slice(7, None)
kinds = {
    "batch_first=True": (True, everything),
    "forgotten": (False, everything),
    "lowest row only": (True, lowest),
}
readers = {kind: [] for kind in kinds}
for seed in trange(3, leave=False):
    for kind, (batch_first, rows) in kinds.items():
        torch.manual_seed(seed)
        model = RowReader(batch_first)
        train(model, x_train[:, rows], y_train)
        readers[kind].append(model.eval())

# %% [markdown]
# ## What it costs
#
# The test digits arrive in batches, as in the training, and for the forgetful network also one at a time: alone, a digit has no neighbours.

# %%
guessing = 1 / len(labels.unique())
scores = {
    kind: [accuracy(model, x_test[:, rows], y_test) for model in readers[kind]]
    for kind, (_, rows) in kinds.items()
}
scores["forgotten, alone"] = [
    accuracy(model, x_test, y_test, batch_size=1) for model in readers["forgotten"]
]

# %%
fig, ax = plt.subplots(figsize=(4.2, 2.4))
for at, values in enumerate(scores.values()):
    ax.plot(values, [at] * 3, "o" if at == 0 else "s", alpha=0.7, c=f"C{at > 0:d}")
    ax.text(1.03, at, f"{sum(values) / 3:.2f}", va="center")
ax.axvline(guessing, ls="--", color="C2")
ax.text(guessing + 0.02, 0, f"guessing {guessing:.1f}", color="C2", va="center")
ax.set(yticks=range(len(scores)), yticklabels=scores)
ax.set(xlim=(0, 1), xlabel="test accuracy")
ax.invert_yaxis()
plt.show()

# %% [markdown]
# *Figure:* The result: a network that reads digits row by row is nearly always right; without `batch_first=True` it does as well as one that gets the lowest row and nothing else.
# Each mark is a trained network, and at the right stands the mean of each row.
#
# The forgetful network is such a network too.
# It learned about all that this row can tell.
# Its loss fell, and half of the answers are no accident: guessing would give one in *ten*{title="round(1 / guessing)"}.
# That is why nobody suspects a missing argument.
#
# ## The test that tells: `leaks`
#
# [`rnn_ref.diagnose.leaks`](../api/diagnose.md) changes one sample of a batch and sees which others move.
# It takes the trained model as it is.

# %%
right, forgetful = readers["batch_first=True"][0], readers["forgotten"][0]
for name, model in ("right", right), ("forgetful", forgetful):
    leaked = diagnose.leaks(model, x_test[:5]).leaked
    print(f"{name:9} leaked into samples", leaked)

# %% [markdown]
# The other digits of that batch have moved, although nobody touched them.
# So an answer depends on the company.
# Shuffle the test data, put the answers back in order, and compare; then wipe all rows but the lowest.

# %%
torch.manual_seed(0)
order = torch.randperm(len(x_test))
wiped = x_test.clone()
wiped[:, :-1] = 0
for name, model in ("right", right), ("forgetful", forgetful):
    before = predict(model, x_test)
    if_shuffled = predict(model, x_test[order])[order.argsort()] != before
    if_wiped = predict(model, wiped) != before
    print(f"{name:9} answers that change, shuffled: {if_shuffled.float().mean():.2f}")
    print(f"{name:9} answers that change, wiped:    {if_wiped.float().mean():.2f}")

# %% [markdown]
# For the forgetful network it is the wrong way round.
# Another order of the digits should change no answer, and wiping an image should change most.
#
# The fix is the argument; where you cannot set it, [swap the axes](../batch-first.md#the-smallest-example).
#
# ## When the order gives the answer away
#
# The file has an order of its own: long stretches of it count.

# %%
print(labels[:24].tolist())

# %% [markdown]
# Forget `shuffle=True` as well, and keep the file's order in training and test.
# Now the neighbours are worth more than the image.

# %%
cut = len(x_train)
torch.manual_seed(0)
counter = RowReader(batch_first=False)
train(counter, images[:cut], labels[:cut], shuffle=False)
x_rest, y_rest = images[cut:], labels[cut:]

in_order = accuracy(counter, x_rest, y_rest)
alone = accuracy(counter, x_rest, y_rest, batch_size=1)
shuffled = accuracy(counter, x_rest[order], y_rest[order])
print(f"in the file's order {in_order:.2f}")
print(f"each alone          {alone:.2f}")
print(f"shuffled            {shuffled:.2f}")

# %% [markdown]
# The weights are the same, and so are the digits.
# In the file's order, the digits before tell the network which one comes next; shuffled, they mislead it.
# A report would show the first number, and a user who sends a single image would get the second.
#
# ## What the hidden state knows after each row
#
# Back to the network that has its argument.
# `output` holds the state after every row, not only after the last.
# Take the states after one row, fit a linear readout to them, and count how often it is right: then you know how much of the digit can be read from that state.

# %%
with torch.no_grad():
    states, test_states = right.rnn(x_train)[0], right.rnn(x_test)[0]
    answers = right.readout(test_states).argmax(2)
rates = {}
own = rates["its own"] = (answers == y_test[:, None]).float().mean(0)
after_one_row = states[:, 0]
print("states", tuple(states.shape), "after one row", tuple(after_one_row.shape))

known = rates["fitted to\nthis row"] = []
for h, test_h in zip(states.unbind(1), test_states.unbind(1), strict=True):
    probe = LogisticRegression(max_iter=500).fit(h.numpy(), y_train.numpy())
    known.append(probe.score(test_h.numpy(), y_test.numpy()))

# %% [markdown]
# In the same plot: what the network's own `Linear` says, if it is asked before the last row.

# %%
fig, (left, ax) = plt.subplots(1, 2, sharey=True, width_ratios=[2, 3])
draw(left, x_test[2], size=130, color="C0")
left.set(xticks=[], ylabel="rows read", yticks=range(1, 9))
looks = [("C1s--", "right", -0.06, 7.5), ("C0o-", "left", 0.15, 2.4)]  # and places of the names
for (name, rate), (style, side, shift, row) in zip(rates.items(), looks):
    ax.plot(rate, range(1, 9), style)
    ax.text(rate[int(row) - 1] + shift, row, name, color=style[:2], ha=side, va="center")
ax.axvline(guessing, ls=":", color="C2")
ax.text(guessing + 0.02, 8, f"guessing {guessing:.1f}", color="C2", va="center")
ax.set(xlim=(0, 1.05), xlabel="test accuracy")
left.invert_yaxis()
plt.show()

# %% [markdown]
# *Figure:* On the left a digit, on the right how often the answer is right that is read off the state after each of its rows.
#
# The state knows much after the first row, and more with every row.
# Nobody asked for that: the loss looked at the last state alone.
# What has to be known at the end has to be collected on the way, and a `Linear` can read it there.
#
# The network's own `Linear` cannot.
# It was trained on last states, and those before are written in another hand.
# So an early wrong answer does not show that the state knows nothing; it may be the readout that was never taught to look.
#
# ## The result, asserted

# %%
for kind, values in scores.items():
    low, high = (0.85, 1.0) if kind == "batch_first=True" else (0.35, 0.65)
    assert all(low < value <= high for value in values), (kind, values)
assert not diagnose.leaks(right, x_test[:5]).leaked
assert diagnose.leaks(forgetful, x_test[:5]).leaked == (1, 2, 3, 4)
assert torch.equal(predict(forgetful, wiped), predict(forgetful, x_test))
assert in_order > max(alone, shuffled) + 0.05, (in_order, alone, shuffled)
assert known[0] > 0.3 > own[3], (known, own)
assert min(known[7], own[7]) > 0.85, (known, own)
print("all as described")

# %% [markdown]
# ## Try it yourself
#
# The assertions are about the lab as it stands, and may object.
#
# - In `forward`, read `h_n[-1]`{title="len(h_n[-1]) != len(y)"} in place of `output[:, -1]`{title="torch.equal(output[:, -1], output.select(1, -1))"}.
#   With the argument nothing changes; without it, the loss now raises, and you would have found the mistake at once.
# - Fit the readouts to the states of a network that was never trained.
#   They can be read too, because a state echoes the rows that came in last; but towards the end they get no better.
# - Take the loss at all steps, `readout(output)` against the label repeated for each row.
#   The dashed line moves towards the other one, because the network's own readout now learns to look early; for that, the last answer gets worse.
#
# Next: [Notation](../notation.md), the letters of all these shapes, and what other texts call them.
