# ---
# description: Train a character RNN from apple to pple! in torch, then in NumPy with gradients and Adam written by hand, and get the same losses.
# ---

# %% [markdown]
# # `apple` to `pple!`, in torch and in NumPy
#
# You train a character model in torch, then once more in NumPy alone, and both trainings have the same losses, step by step.
# At the end you can write the gradients of a cross-entropy and of a `Linear`, and Adam's update, with your own hands.
# You also see what the hidden state is for, because `apple` has a letter that cannot be answered without it.
#
# The training comes from [a Korean post](../the-five-posts.md#numpy-rnn), where it works.
# You need to know what an RNN computes, from [An RNN by hand](../rnn-by-hand.md), and what the loss expects, from [From hidden state to loss](../hidden-state-to-loss.md).

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn
from tqdm import trange

import rnn_ref
from rnn_ref import figures
from rnn_ref.shapes import rule

# %config InlineBackend.figure_formats = ["svg"]
plt.style.use("rnn_ref.plots")
torch.set_num_threads(1)

# %% [markdown]
# ## The data
#
# The model reads a letter and answers with the next one: it reads `apple` and should say `pple!`.
# The vocabulary is every letter of both words, sorted, so that a letter has the same number in each run.

# %%
text, target = "apple", "pple!"
vocabulary = sorted(set(text + target))
V = len(vocabulary)


def encode(word):
    """Numbers of the letters, as a batch of one word."""
    return np.array([[vocabulary.index(letter) for letter in word]])


ids, targets = encode(text), encode(target)
x = np.eye(V)[ids]
print(vocabulary)
print("ids", ids.tolist(), "targets", targets.tolist())
print("targets", targets.shape)
print("x", x.shape, "as input", rule("input", batch_first=True))

# %% [markdown]
# The outer list is the batch axis, of one word, as the post has it too.
# `x` is `(1, 5, 5)`{title="x.shape"}, which is `(N, L, H_in)`{title="rule('input', batch_first=True)"}: words, letters, vocabulary.
#
# The post makes a list of arrays here and hands it to `torch.FloatTensor`, and torch warns that this is [extremely slow](../rnn-by-hand.md#what-goes-wrong).
# Index `np.eye(V)` with the whole batch, and you get one array.
#
# Everything is `float64`, what NumPy makes, on both sides.
# Only then does a difference between the trainings mean a mistake, and not rounding.

# %% [markdown]
# ## The model in torch
#
# It is the post's model: an RNN, and a `Linear` that turns each state into a number for each letter.
# A comment in the post calls `nn.RNN` a cell; it is a [layer](../one-step-one-word-one-batch.md#the-rule), and reads the whole word in one call.


# %%
class Speller(nn.Module):
    def __init__(self, vocabulary_size, hidden_size):
        super().__init__()
        self.rnn = nn.RNN(vocabulary_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, vocabulary_size)

    def forward(self, x):
        states, _ = self.rnn(x)
        return self.fc(states)


torch.manual_seed(11)
model = Speller(V, hidden_size=7).double()
start = {name: w.numpy().copy() for name, w in model.state_dict().items()}
for name, w in start.items():
    print(f"{name:17}", w.shape)

# %% [markdown]
# The post has as many hidden units as letters in its word and in its vocabulary, *five*{title="V"} of each, so no shape there tells which is which.
# With *seven*{title="model.rnn.hidden_size"} units the shapes below do.

# %%
criterion = nn.CrossEntropyLoss()
X, Y = torch.from_numpy(x), torch.from_numpy(targets)
states, h_n = model.rnn(X)
logits = model(X)
loss = criterion(logits.flatten(0, 1), Y.flatten())
steps = {"X": X, "states": states, "h_n": h_n, "logits": logits}
flat_logits, flat_targets = logits.flatten(0, 1), Y.flatten()
steps |= {"flat_logits": flat_logits, "flat_targets": flat_targets}
for name, tensor in (steps | {"loss": loss}).items():
    print(f"{name:12}", tuple(tensor.shape))

# %% [markdown]
# The loss wants a list of letters, so batch and steps become one axis.
# The post writes a `view` to `input_size` columns for this.
# But the columns are the letters that may come next, so the name for their number is `output_size`; here it is the same number, [elsewhere it raises](../what-other-texts-get-wrong.md#it-works-by-chance).
# `flatten` needs no number at all.
#
# The post adds that `view` removes the batch axis.
# It looks so with one word; send *two*{title="len(pair)"}, and you see that the batch is in the list.

# %%
pair = torch.cat([logits, logits])
print("pair", tuple(pair.shape), "after flatten", tuple(pair.flatten(0, 1).shape))

# %% [markdown]
# ## The training in torch
#
# Keep the very first gradients: NumPy will have to meet them.

# %%
loss.backward()
first = {name: w.grad.numpy().copy() for name, w in model.named_parameters()}


def spell(logits):
    """The most likely letter at each step of the first word."""
    return "".join(vocabulary[i] for i in logits[0].argmax(axis=-1))


# %%
def train_in_torch(epochs, lr):
    """Lower the loss; return loss and word before each update."""
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses, words = [], []
    for _ in trange(epochs, leave=False):
        logits = model(X)
        loss = criterion(logits.flatten(0, 1), Y.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        words.append(spell(logits))
    return losses, words


epochs = 100
lr = 0.1
losses = {}
losses["torch"], torch_words = train_in_torch(epochs, lr)
for epoch in 0, 1, 3, 5, 20, epochs - 1:
    print(f"{epoch:3} {losses['torch'][epoch]:.4f} {torch_words[epoch]}")

# %% [markdown]
# Before training, the loss is near `1.61`{title="np.log(V)"}, the price of a guess among *five*{title="V"} letters.
# The word is right for the first time in epoch `5`{title="torch_words.index(target)"}.
#
# Your numbers are these because of the seed; the post sets none, so each run of it prints others.
# Note what a line shows: loss and word were computed before the update of that epoch, here and in the post.
# What the last update did, you see only if you call the model once more.

# %% [markdown]
# ## The same in NumPy
#
# *Three*{title="len([cross_entropy, way_back, Adam])"} things have to be written: the loss with its gradient, the way back through the model, and Adam.
#
# The loss of a letter is `-log(p[target])`, where `p` is the softmax of its logits.
# Its gradient for the logits is `p - one_hot(target)`: what the model says, less what it should say.
# The mean over all letters divides both by their number.


# %%
def cross_entropy(logits, targets):
    """The mean loss of all letters, and its gradient for the logits."""
    shifted = logits - logits.max(axis=-1, keepdims=True)  # no overflow
    p = np.exp(shifted)
    p /= p.sum(axis=-1, keepdims=True)
    hot = np.eye(V)[targets]
    loss = -np.log((p * hot).sum(axis=-1)).mean()
    return loss, (p - hot) / targets.size


# %% [markdown]
# `rnn_ref.RNN` is torch's RNN in NumPy.
# Its [`vjp`](../api/gradients.md) gives what a call gives, and a function that leads back: from the gradient of the states to those of the weights, through all steps.
#
# The network's own arrays go into `weights`, so that a change in place reaches the network.

# %%
rnn = rnn_ref.RNN(V, hidden_size=7, batch_first=True, dtype=np.float64)
rnn.load_state_dict({name: start[f"rnn.{name}"] for name in rnn.state_dict()})
weights = {f"rnn.{name}": getattr(rnn, name) for name in rnn.state_dict()}
weights |= {name: start[name].copy() for name in ("fc.weight", "fc.bias")}


# %% [markdown]
# The `Linear` computes `states @ W.T + b` at each step.
# So the states get `d_logits @ W`, and `b` gets the sum of `d_logits`.
# `W` gets, for each class and each unit, the product of `d_logits` and state, summed over words and letters.


# %%
def way_back(x, targets):
    """The loss, the logits and the gradients of all weights."""
    W, b = weights["fc.weight"], weights["fc.bias"]
    (states, _), backward = rnn.vjp(x)
    logits = states @ W.T + b
    loss, d_logits = cross_entropy(logits, targets)
    d_rnn = backward(d_logits @ W).weights
    gradients = {f"rnn.{name}": d for name, d in d_rnn.items()}
    gradients["fc.weight"] = np.einsum("nlv,nlh->vh", d_logits, states)
    gradients["fc.bias"] = d_logits.sum(axis=(0, 1))
    return loss, logits, gradients


_, _, gradients = way_back(x, targets)
for name, d in gradients.items():
    print(f"{name:17} {d.shape!s:7}", np.allclose(d, first[name], atol=1e-12))

# %% [markdown]
# All *six*{title="len(gradients)"} gradients are those of torch's autograd, before a single weight has moved.
#
# ### Adam by hand
#
# Adam keeps *two*{title="len([adam.mean, adam.square])"} running means for each number: of its gradient, and of the gradient's square.
# Both start at zero, and at first that zero counts in them a lot.
# Divide each by the share that comes from gradients: that is the bias correction.
# The step is the first mean over the root of the second, times the learning rate, so its size hardly depends on that of the gradients.
# `eps` is added to the root, not below it: there torch has it, and there Kingma and Ba have it in [their paper](https://arxiv.org/abs/1412.6980).


# %%
class Adam:
    """Kingma and Ba's update, with torch's defaults."""

    def __init__(self, weights, lr, betas=(0.9, 0.999), eps=1e-8):
        self.weights, self.lr, self.betas, self.eps = weights, lr, betas, eps
        self.mean = {name: np.zeros_like(w) for name, w in weights.items()}
        self.square = {name: np.zeros_like(w) for name, w in weights.items()}
        self.t = 0

    def step(self, gradients):
        self.t += 1
        beta_1, beta_2 = self.betas
        for name, d in gradients.items():
            m, v = self.mean[name], self.square[name]
            m += (1 - beta_1) * (d - m)
            v += (1 - beta_2) * (d**2 - v)
            m_hat = m / (1 - beta_1**self.t)
            v_hat = v / (1 - beta_2**self.t)
            change = self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
            self.weights[name] -= change  # in place


# %% [markdown]
# ### The training
#
# From the same weights, with the same learning rate, for as many epochs.


# %%
def train_in_numpy(adam, epochs):
    losses, words = [], []
    for _ in trange(epochs, leave=False):
        loss, logits, gradients = way_back(x, targets)
        adam.step(gradients)
        losses.append(loss)
        words.append(spell(logits))
    return losses, words


states = {}
before = states["before"] = rnn(x)[0]
adam = Adam(weights, lr)
losses["NumPy"], numpy_words = train_in_numpy(adam, epochs)
after = states["after"] = rnn(x)[0]
print(f"{losses['NumPy'][-1]:.4f} {numpy_words[-1]}")

# %% [markdown]
# Now compare all epochs, not only the last.

# %%
decimals = 12
differences = np.abs(np.subtract(losses["torch"], losses["NumPy"]))
equal = differences < 10.0**-decimals
print(f"equal losses {equal.sum()}, epochs {epochs}, decimals {decimals}")
print("same words:", torch_words == numpy_words)

# %% [markdown]
# In all `100`{title="equal.sum()"} epochs the losses agree to `12`{title="decimals"} decimals, and the words are the same.
# That is much to ask, and for a reason: [below](#try-it-yourself) stands a mistake that changes every gradient and hardly any loss.
#
# ## The picture
#
# `apple` has the letter `p` twice, and what follows differs: first another `p`, then an `l`.
# A model without memory gives both the same answer, and the best it can do there is to toss a coin.
# That costs `0.69`{title="np.log(2)"} nats, the logarithm of a coin's sides, for *two*{title="text.count('p')"} letters out of *five*{title="len(text)"}.

# %%
floor = text.count("p") * np.log(2) / len(text)
print(f"{floor:.4f}")

# %%
fig, ax = plt.subplots()
looks = [("C0-", 5, 15), ("C1--", 2, 50)]  # the width, and where the name stands
for (name, course), (style, width, at) in zip(losses.items(), looks):
    ax.plot(course, style, linewidth=width)
    ax.text(at + 3, 1.4 * course[at], name, color=style[:2])
ax.axhline(floor, color="C2", linestyle=":")
ax.text(epochs, floor, f"without memory {floor:.2f}", color="C2", ha="right", va="bottom")
ax.set(xlabel="epoch", ylabel="loss per letter [nats]", yscale="log")
plt.show()

# %% [markdown]
# *Figure:* The result: the dashed line of NumPy lies on that of torch.
# Both trainings pass below the dotted floor, the best loss without memory.
#
# That floor is at `0.2773`{title="floor"}, so the hidden state must tell the first `p` from the second.
# See how: these are all states of the word, before and after training, with a ring around the rows of the letter `p`.

# %%
figures.tensor(
    np.concatenate([*states.values()]),
    axes=("networks", "L", "H_out"),
    name="states",
    labels={0: [*states], 1: text + text},
    highlight=np.s_[:, 1:3],
    decimals=1,
)

# %% [markdown]
# *Figure:* Compare both rings, the states after each `p`: before the training they are nearly alike, after it they are far apart.
#
# ## What it shows
#
# Both rows with a ring read the same vector.
# Inside the `tanh` they can differ only by what the states before them bring along, through `weight_hh`.


# %%
def apart(states):
    """The distance between the states after the first p and the second."""
    return np.linalg.norm(states[0, 1] - states[0, 2])


a, p, p_again = after[0, :3]
brought = rnn.weight_hh_l0 @ (p - a)
same = np.allclose(np.arctanh(p_again) - np.arctanh(p), brought)
print("the same as what the states bring:", same)
print(f"before {apart(before):.1f}, after {apart(after):.1f}")

# %% [markdown]
# Before training both states are close; training pulls them apart.
# The printed words tell the same story.
# The model first says `p` to everything, its most frequent letter.
# In epoch `3`{title="torch_words.index('pppe!')"} it says `pppe!`: it knows what follows each letter, and gives both `p` the same answer.
# The `l` comes last, because it needs the memory.
#
# Many numbers in the lower half are near the limits of `tanh`.
# That is no fault here: the task is learned, and the units act as switches.
#
# ## The result, asserted

# %%
with torch.no_grad():
    said = spell(model(X))
said_in_numpy = spell(after @ weights["fc.weight"].T + weights["fc.bias"])

assert said == said_in_numpy == target, (said, said_in_numpy)
assert losses["torch"][-1] < 0.01 < floor, losses["torch"][-1]
assert equal.all(), differences.max()
assert torch_words == numpy_words
assert apart(after) > 2 * apart(before)
print(said, said_in_numpy)

# %% [markdown]
# ## Try it yourself
#
# - Take the memory away: inside the loop of `train_in_torch`, under `torch.no_grad()`, set `model.rnn.weight_hh_l0` to zero before you call the model.
#   The loss stops at about `0.277`{title="floor"}, and every printed word has a wrong letter.
# - Forget `/ targets.size` in `cross_entropy`.
#   All gradients become *five*{title="targets.size"} times as large, and the word still comes out right: Adam divides by the size of the gradients, so only `eps` notices.
#   The comparison with autograd says `False` in each row, and the assertion on the losses fails.
# - Give both networks *five*{title="V"} hidden units, as the post does.
#   Every assertion holds, but `weight_ih` and `weight_hh` now have the same shape: swap them, and nothing raises.
#   Only the losses tell.
#
# Next: [Rows of a digit](digit-rows.py), where a picture is read as a sequence.
