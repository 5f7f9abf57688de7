# ---
# description: Finish the training loop that a lesson leaves open. An RNN in PyTorch learns to spell, letter by letter, and its loss stops where tanh ends.
# ---

# %% [markdown]
# # Teach `hihell` to become `ihello`, one letter at a time
#
# You write the training loop of an RNN that reads a letter and says the next: `hihell` goes in, `ihello` comes out.
# At the end you can carry the hidden state along by hand, and say why the loss stays *above 0.4327*{title="final['tanh'] > floor"} when that state is used as logits.
#
# The task is a classic of PyTorch lessons, and [the posts that this site grew out of](../the-five-posts.md) have it too.
# *Master Pytorch* ends inside the loop, before anything is computed.
# *PyTorch Zero To All* has all of it, but lost its indentation.
# Here the loop is finished, and the network is trained the posts' way and another.
#
# ## What you need to know
#
# - What [one step, one word and one batch](../one-step-one-word-one-batch.md) are, and that they share a state.
# - What [`CrossEntropyLoss`](../hidden-state-to-loss.md) wants: a number for each class, the logits, and the index of the right class.

# %%
import math

import matplotlib.pyplot as plt
import torch
from torch import nn
from tqdm import trange

# %config InlineBackend.figure_formats = ["svg"]
plt.style.use("rnn_ref.plots")
torch.set_num_threads(1)  # a network this small gains nothing by more

# %% [markdown]
# ## The data
#
# The alphabet has *five*{title="len(letters)"} letters, and each letter is a row of the identity matrix: its one-hot vector.
# A label is the index of the letter that should come next.

# %%
letters, word, wanted = "hielo", "hihell", "ihello"
inputs = torch.eye(len(letters))[[letters.index(a) for a in word]]
labels = torch.tensor([letters.index(a) for a in wanted])
print("inputs", tuple(inputs.shape), "labels", tuple(labels.shape))
print("inputs[0]", inputs[0].tolist(), "of word[0]", word[0])
print("labels", labels.tolist(), "of wanted", wanted)

# %% [markdown]
# `inputs` holds *six*{title="len(inputs)"} letters of *five*{title="inputs.shape[1]"} numbers.
# There is a catch in this word: the first `h` should become `i`, and the second should become `e`.
# The last `l` and the `l` before it differ in the same way.
# A network without a memory cannot do that, so the hidden state has work to do.
#
# ## The model
#
# Both posts set `hidden_size` to `5`{title="tanh.rnn.hidden_size"}, because there are as many classes, and give the states to the loss as they are.
# The other way puts a `Linear` on top.
# `readout` chooses: `nn.Identity` passes the states on, `nn.Linear` makes logits of them.


# %%
class Speller(nn.Module):
    def __init__(self, hidden_size=5, readout=nn.Linear):
        super().__init__()
        self.rnn = nn.RNN(len(letters), hidden_size, batch_first=True)
        self.readout = readout(hidden_size, len(letters))

    def forward(self, letter, hidden):
        output, hidden = self.rnn(letter, hidden)
        return self.readout(output[:, -1]), hidden


# %% [markdown]
# With `batch_first=True` the RNN's input begins with the batch, and one letter is a batch of one word of one step.
# Follow it through.

# %%
torch.manual_seed(777)
tanh = Speller(readout=nn.Identity)
torch.manual_seed(777)
linear = Speller(readout=nn.Linear)

letter, hidden = inputs[0].view(1, 1, -1), torch.zeros(1, 1, 5)
logits, after = linear(letter, hidden)
print("letter", tuple(letter.shape), "hidden", tuple(hidden.shape))
print("logits", tuple(logits.shape), "state after", tuple(after.shape))

# %% [markdown]
# The letter is `(1, 1, 5)`{title="tuple(letter.shape)"}, and so is the state, but the axes mean other things: the state has layers first, then the batch.
# The logits are `(1, 5)`{title="tuple(logits.shape)"}: one answer, a number for each class.
#
# ## The training loop, finished
#
# First the inner loop, over the letters.
# Each call gets the state that the call before it returned: that is the whole memory.


# %%
criterion = nn.CrossEntropyLoss()


def spell(model):
    """Returns the loss of each letter, shape (6,), and the answer."""
    hidden, losses, said = torch.zeros(1, 1, model.rnn.hidden_size), [], ""
    for letter, label in zip(inputs, labels):
        logits, hidden = model(letter.view(1, 1, -1), hidden)
        losses.append(criterion(logits, label.view(1)))
        said += letters[logits.argmax()]
    return torch.stack(losses), said


losses, said = spell(linear)
print(tuple(losses.shape), said)

# %% [markdown]
# Untrained, it says `oooooo`{title="said"}.
# Every word starts from zeros, because `hidden` is made anew inside the function.
#
# Now the outer loop, the part that *Master Pytorch* leaves open.
# The losses of all letters are added up, as the posts do, and one `backward` goes through all steps at once.
# Its optimizer line is `Adam(...)`, a name that it never imports: `torch.optim.Adam` is [what it means](../what-other-texts-get-wrong.md#it-does-not-run).


# %%
def train(model, epochs=100, lr=0.1):
    """Returns the summed loss and the answer of each epoch."""
    optimizer, history = torch.optim.Adam(model.parameters(), lr), []
    for _ in trange(epochs, leave=False):
        losses, said = spell(model)
        loss = losses.sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        history.append((loss.item(), said))
    return history


histories = {"tanh": train(tanh), "Linear": train(linear)}
print("epoch" + "".join(f"{name:>15}" for name in histories))
for epoch in 1, 5, 10, 20, 50, 100:
    answers = [history[epoch - 1] for history in histories.values()]
    print(f"{epoch:5}", *(f"{loss:7.3f} {said}" for loss, said in answers))

# %% [markdown]
# Both learn the word.
# But look at the numbers: with the `Linear` the loss nearly vanishes, and without it `2.747`{title="histories['tanh'][-1][0]"} remain, after as many epochs and from the same start.
#
# ## Sum or mean
#
# Before you judge such a number, ask what it is.
# A loop like this prints the sum over the letters; `CrossEntropyLoss` itself, given all letters in one call, returns their mean.
# The sum is *six*{title="len(word)"} times the mean, and a longer word makes it larger while the network gets no worse.
# Ask the network once more, after its last step.

# %%
losses, said = spell(tanh)
print(f"sum {losses.sum():.3f}, mean {losses.mean():.3f}")
ratio = losses.sum() / losses.mean()
print(f"ratio {ratio:.3f}")

# %% [markdown]
# From here on every loss is per letter.
#
# ## The floor of tanh
#
# A state comes out of `tanh`, so each of its numbers lies between minus one and one.
# As logits, the best that it can do is one for the right class and minus one for all others, and even that it never quite reaches.
# This best has a price.

# %%
others = len(letters) - 1
floor = math.log(1 + others * math.exp(-2))
best = 2 * nn.functional.one_hot(labels, len(letters)) - 1.0
print("best", best[0].tolist(), "for wanted[0]", wanted[0])
print(f"{floor:.4f} {criterion(best, labels):.4f}")

# %% [markdown]
# The loss of a letter is the logarithm of a sum over the classes of `exp(logit - right logit)`.
# The right class gives one, and each of the other *four*{title="others"} gives `math.exp(-2)`{title="math.exp(-2) == math.exp(best.min() - best.max())"}.
# So `0.4327`{title="floor"} a letter is the floor of these logits.
# The weights of a `Linear` may grow, and with them its logits: it has no such floor.

# %%
fig, ax = plt.subplots()
epochs = range(1, len(histories["tanh"]) + 1)
for style, (name, history) in zip(("C1-", "C0-"), histories.items()):
    course = [loss / len(word) for loss, _ in history]
    ax.plot(epochs, course, style)
    ax.text(epochs[-1], course[-1] + 0.05, name, ha="right", color=style[:2])
ax.axhline(floor, color="C2", linestyle="--")
ax.text(epochs[-1], floor - 0.05, f"floor {floor:.4f}", color="C2", ha="right", va="top")
ax.set(xlabel="epoch", ylabel="loss per letter [nats]", ylim=(0, None))
plt.show()

# %% [markdown]
# *Figure:* Where the state itself, which ends in a `tanh`, is the answer, the loss stops at a floor.
# With a `Linear` behind the state it does not.
#
# ## How sure it can be
#
# A loss turned around, `exp(-loss)`, is the probability that the network gives to the right letter.
# At the floor that is `0.65`{title="math.exp(-floor)"}: a network of bare states is never surer than that, however right it is.

# %%
print("word  ", *(f"{a:>4}" for a in word))
print("wanted", *(f"{a:>4}" for a in wanted))
for name, model in {"tanh": tanh, "Linear": linear}.items():
    sure = torch.exp(-spell(model)[0])
    print(f"{name:6}", *(f"{p:4.2f}" for p in sure))

# %% [markdown]
# Bare states do worst at the first `l`.
# There the network says `l` for the second time, and has to remember that it did, because the next answer is `o`.
# Its *five*{title="tanh.rnn.hidden_size"} numbers are answer and memory at once.
# Look at the state before that letter and at the one after it.

# %%
hidden, states = torch.zeros(1, 1, 5), []
for letter in inputs:
    state, hidden = tanh(letter.view(1, 1, -1), hidden)
    states.append(state[0].tolist())
print(" " * 10, *(f"{a:>4}" for a in letters))
for step in 3, 4:
    read = word[: step + 1]
    print(f"read {read:5}", *(f"{number:4.1f}" for number in states[step]))

# %% [markdown]
# The largest number is that of `l` both times, so both say `l`.
# But in the second row the number of `o` is only down to `-0.2`{title="states[4][4]"}.
# That is the note which the network leaves itself, written where the answer stands, and it makes the answer less sure.
# With the `Linear` the states are free for the memory, and the answer is made from them.
#
# ## The result, asserted
#
# Whoever changes this lab, or torch, hears of it here.

# %%
final, answers = {}, []
for name, history in histories.items():
    final[name] = history[-1][0] / len(word)
    answers.append(history[-1][1])
assert answers == [wanted, wanted], answers
assert floor < final["tanh"] < floor + 0.06, final
assert final["Linear"] < 0.01, final
print(*(f"{name} {loss:.3f}" for name, loss in final.items()))

# %% [markdown]
# ## Try it yourself
#
# - **Forget.** In `spell`, write `logits, _` instead of `logits, hidden`, so that each letter starts from zeros. The word is never spelled, and the loss stays at `0.462`{title="4 * math.log(2) / len(word)"} even with the `Linear`: each `h` and each `l` is the toss of a coin.
# - **Widen.** Make `Speller(hidden_size=13)`{title="Speller(hidden_size=13).rnn.hidden_size == 13"} and train it: nothing else has to change. Then add `readout=nn.Identity`. The loss takes all the states for classes and does not complain; `letters` does, with an `IndexError`.
# - **Keep.** Make `hidden` once, outside of `spell`, and let each epoch go on from the last. The second `backward` raises *Trying to backward through the graph a second time*: the graph of the last epoch is gone. `hidden.detach()` cuts the state off from it. Then it trains, but it has learned the word from another state than zeros.
#
# Next: [The whole word at once](hihell-whole-word.py), the same task in one call, and the mean instead of the sum.
