# ---
# description: An RNN in PyTorch reads a word in one call. Why a summed and a mean loss differ, which optimizer notices, and how num_layers reaches the network.
# ---

# %% [markdown]
# # The whole word at once
#
# One call reads all of `hihell`, where [the lab before](hihell-letter-by-letter.py) looped over its letters, and the loss that it prints is a sixth.
# At the end you can say why both losses tell the same, which optimizer sees a difference, and how to stack layers that are really there.
#
# The task and the numbers are those of the second script in *PyTorch Zero To All*, one of [the posts that this site grew out of](../the-five-posts.md).
# Its first script ends at `2.747`{title="6 * shallow_course[-1]"}, its second at `0.458`{title="shallow_course[-1]"}, and the post does not compare them.
#
# ## What you need to know
#
# - [Teach `hihell` to become `ihello`](hihell-letter-by-letter.py): the loop, and the floor under the loss of bare states.
# - [Layers](../layers.md): what `num_layers` stacks, and which rows `h_n` has.

# %%
import math

import matplotlib.pyplot as plt
import torch
from torch import nn

# %config InlineBackend.figure_formats = ["svg"]
plt.style.use("rnn_ref.plots")
torch.set_num_threads(1)  # a network this small gains nothing by more

# %% [markdown]
# ## The data
#
# The letters are the same, but now the word is one sequence, in a batch of one.

# %%
letters, word, wanted = "hielo", "hihell", "ihello"
ids = torch.tensor([[letters.index(a) for a in word]])
x = torch.eye(len(letters))[ids]
labels = torch.tensor([letters.index(a) for a in wanted])
print("ids", tuple(ids.shape), "x", tuple(x.shape))
print("labels", tuple(labels.shape))

# %% [markdown]
# `(1, 6, 5)`{title="tuple(x.shape)"} says: one word, *six*{title="x.shape[1]"} letters, *five*{title="x.shape[2]"} features each.
#
# ## The model, and lines that do nothing
#
# This is the model of the post, shortened.
# Its state for `num_layers` layers and its `x.view` promise something that the class does not keep.


# %%
class AsPosted(nn.Module):
    def __init__(self, num_layers):
        super().__init__()
        self.num_layers = num_layers
        self.rnn = nn.RNN(input_size=5, hidden_size=5, batch_first=True)

    def forward(self, x):
        h_0 = torch.zeros(self.num_layers, x.size(0), 5)
        x.view(x.size(0), 6, 5)
        output, _ = self.rnn(x, h_0)
        return output.view(-1, 5)


print(tuple(AsPosted(num_layers=1)(x).shape))
try:
    AsPosted(num_layers=2)(x)
except RuntimeError as error:
    print(error)

# %% [markdown]
# Asked for *two*{title="AsPosted(num_layers=2).num_layers"} layers, it raises.
# The class keeps `num_layers` and makes a state with a row for each layer, but `nn.RNN` never hears of it and has one.
#
# The other line is `x.view(...)`.
# A view is a new tensor over the same numbers, and somebody has to keep it; `x` itself stays as it is.

# %%
flat = x.view(6, 5)
x.view(6, 5)
print("flat", tuple(flat.shape), "and x", tuple(x.shape))

# %% [markdown]
# Here it would have been the shape that `x` has already, so the line can go.
# So can the state of zeros: without it, torch makes zeros for as many layers as there are.


# %%
class Speller(nn.Module):
    def __init__(self, num_layers=1, readout=nn.Identity):
        super().__init__()
        self.rnn = nn.RNN(len(letters), 5, num_layers, batch_first=True)
        self.readout = readout(5, len(letters))

    def forward(self, x):
        output, _ = self.rnn(x)
        return self.readout(output)


deep = Speller(num_layers=2)
output, h_n = deep.rnn(x)
logits = deep(x)
flat = logits.flatten(0, 1)
print("output", tuple(output.shape), "h_n", tuple(h_n.shape))
print("logits", tuple(logits.shape), "flat", tuple(flat.shape))

# %% [markdown]
# `output` is `(1, 6, 5)`{title="tuple(output.shape)"} whatever the number of layers: it holds the last layer at every letter.
# `h_n` is `(2, 1, 5)`{title="tuple(h_n.shape)"}: it holds every layer after the last letter.
# The loss wants a list of letters, so `flatten` drops the batch; the post's `view` does that [for a batch of one only](../hidden-state-to-loss.md#what-goes-wrong).
#
# ## Sum and mean, at every epoch
#
# Write both losses for one and the same network: the loop that adds up, and the call that takes the mean.


# %%
criterion = nn.CrossEntropyLoss()


def by_letters(model):
    """The loss of the first script, a sum over single letters."""
    loss, hidden = 0, None
    for letter, label in zip(x[0], labels):
        output, hidden = model.rnn(letter.view(1, 1, -1), hidden)
        logits = model.readout(output).flatten(0, 1)
        loss = loss + criterion(logits, label.view(1))
    return loss


def at_once(model):
    """The loss of the second script, a mean over the word."""
    return criterion(model(x).flatten(0, 1), labels)


def gradient(loss, model):
    """All derivatives of the loss in one row."""
    model.zero_grad()
    loss.backward()
    return torch.cat([w.grad.flatten() for w in model.parameters()])


# %% [markdown]
# Now train as the post does, on bare states and with the mean, and look at both in each epoch.


# %%
def spelled(model):
    return "".join(letters[i] for i in model(x)[0].argmax(dim=-1))


torch.manual_seed(777)
shallow = Speller()
optimizer = torch.optim.Adam(shallow.parameters(), lr=0.1)
shallow_course, ratios, rows = [], [], []
for epoch in range(1, 101):
    said = spelled(shallow)
    total, mean = by_letters(shallow), at_once(shallow)
    of_sum, of_mean = gradient(total, shallow), gradient(mean, shallow)
    optimizer.step()  # with the gradient that came last, of the mean
    shallow_course.append(mean.item())
    gradients = of_sum.norm() / of_mean.norm()
    ratios += [total / mean, gradients]
    expected = len(word) * of_mean
    torch.testing.assert_close(of_sum, expected, rtol=1e-3, atol=1e-5)
    row = f"{epoch=:3} {total=:6.3f} {mean=:.3f} {gradients=:.3f} {said}"
    rows.append(row)
print("\n".join(rows[epoch - 1] for epoch in (1, 5, 10, 20, 50, 100)))

# %% [markdown]
# The sum is *six*{title="len(word)"} times the mean, at every epoch and not only in those lines, and so is each number of its gradient.
# `2.747`{title="6 * shallow_course[-1]"} and `0.458`{title="shallow_course[-1]"} are one result, in the units of a word and of a letter.
# It is also, number for number, what the loop of the lab before printed: one call and a loop are the same arithmetic.
#
# You need no loop for a sum: `nn.CrossEntropyLoss(reduction="sum")` adds up.
#
# ## Who sees the difference
#
# The gradient of the sum is longer, so an optimizer may take longer steps.
# Adam divides each gradient by its usual size plus a tiny constant, so a factor that is always there cancels, nearly.
# SGD takes the gradient as it is.
# Train from the same weights with either, now with a `Linear` on top.


# %%
def train(model, kind=torch.optim.Adam, lr=0.1, reduction="mean"):
    """Returns the mean loss of each epoch, whichever it trains on."""
    measure = nn.CrossEntropyLoss(reduction=reduction)
    optimizer, course = kind(model.parameters(), lr), []
    for _ in range(100):
        loss = measure(model(x).flatten(0, 1), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        course.append(loss.item() / (len(word) if reduction == "sum" else 1))
    return course


# %%
Adam, SGD, runs = torch.optim.Adam, torch.optim.SGD, {}
for kind, lr, reduction in [
    (Adam, 0.1, "mean"),
    (Adam, 0.1, "sum"),
    (SGD, 0.1, "mean"),
    (SGD, 0.1, "sum"),
    (SGD, 0.1 * len(word), "mean"),
]:
    torch.manual_seed(777)
    model = Speller(readout=nn.Linear)
    name = f"{kind.__name__} {lr:.1f} {reduction}"
    runs[name] = train(model, kind, lr, reduction)

epochs = 1, 20, 50, 100
print(f"{'epoch':13}", *(f"{epoch:5}" for epoch in epochs))
for name, course in runs.items():
    chosen = [course[epoch - 1] for epoch in epochs]
    print(f"{name:13}", *(f"{loss:5.3f}" for loss in chosen))

# %% [markdown]
# All numbers are per letter, so you may compare them.
# Adam does not care in any digit shown.
# SGD learns far faster on the sum, and the last line says why: it is the mean with *six*{title="len(word)"} times the learning rate, and nothing else.
# A learning rate that you take from a text belongs to that text's reduction.
#
# ## A second layer, and the floor
#
# Bare states leave the loss *above 0.4327*{title="min(courses['deep']) > floor"} a letter, as [the lab before](hihell-letter-by-letter.py#the-floor-of-tanh) computes.
# They may come close to it, and now that `num_layers` arrives you can ask what a second layer does.
# Draw how far above that floor the loss is.

# %%
floor = math.log(1 + (len(letters) - 1) * math.exp(-2))
torch.manual_seed(777)
deep = Speller(num_layers=2)
courses = {"shallow": shallow_course, "deep": train(deep)}
fig, ax = plt.subplots()
for style, (name, course) in zip(("C1--", "C0-"), courses.items()):
    above = [loss - floor for loss in course]
    ax.semilogy(range(1, len(above) + 1), above, style)
    ax.text(len(above), 1.8 * above[-1], name, ha="right", color=style[:2])
ax.set(xlabel="epoch", ylabel="loss above floor [nats]")
plt.show()

# %% [markdown]
# *Figure:* The loss of a network of one layer, shallow, and of *two*{title="deep.rnn.num_layers"}, deep, above the lowest that states between minus one and one can reach.
# The deep network comes much closer.
#
# Neither gets below the floor, or its line would end.
# The states of the deep network show how it comes so close.
# After `e` and after the `l` that follows the answer is `l` both times, while the next answers differ.
# Let it read that far, and look at `h_n`, which has a row for each layer.

# %%
for steps in 4, 5:
    h_n = deep.rnn(x[:, :steps])[1]
    for layer, state in enumerate(h_n[:, 0].tolist()):
        start = f"{word[:steps]:5} layer {layer}"
        print(start, *(f"{number:4.1f}" for number in state))

# %% [markdown]
# The last layer says `l` twice in the same way, and as sharply as `tanh` allows.
# The layer below remembers which one it is.
# A single layer has to do both with the same numbers, and pays for it, as the lab before shows.
# A `Linear` on top parts answer and memory too, and has no floor: it is the better cure.
#
# ## The result, asserted


# %%
def apart(one, other):
    """The largest difference between two courses of the loss."""
    return max(abs(a - b) for a, b in zip(runs[one], runs[other]))


answers = [spelled(shallow), spelled(deep)]
assert answers == [wanted, wanted], answers
assert all(abs(ratio - len(word)) < 0.01 for ratio in ratios), ratios
assert floor + 0.01 < shallow_course[-1] < floor + 0.06, shallow_course[-1]
assert floor < courses["deep"][-1] < floor + 0.01, courses
assert runs["Adam 0.1 mean"][-1] < 0.01, runs["Adam 0.1 mean"]
assert apart("Adam 0.1 mean", "Adam 0.1 sum") < 0.001
assert apart("SGD 0.6 mean", "SGD 0.1 sum") < 0.01
assert apart("SGD 0.1 mean", "SGD 0.1 sum") > 0.5

# %% [markdown]
# ## Try it yourself
#
# - **Other seeds.** Give the networks of bare states a few. Some stop with a wrong letter and stay there: where `tanh` is saturated it has no slope to learn by. With `readout=nn.Linear` each of them spells the word.
# - **More words.** Read the word twice: `x.expand(2, -1, -1)`{title="len(x.expand(2, -1, -1)) == 2"}, with labels to match. `AsPosted` raises, because `view` cannot flatten such an output; `Speller` goes on. The mean stays the same, the sum doubles, and SGD on the sum takes steps twice as long.
# - **Keep the zeros.** Pass `torch.zeros(2, 1, 5)`{title="torch.zeros(2, 1, 5).shape == deep.rnn(x)[1].shape"} as the state of `deep.rnn`. The output is the same to the last digit, so the line was never needed.
#
# Next: [`apple` to `pple!`, in torch and in NumPy](apple-in-numpy.py), a training whose gradients you compute yourself.
