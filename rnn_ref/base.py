"""What networks and cells have in common: weights, found by name, and a mode (train or eval)."""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from rnn_ref import errors, given

Array = NDArray[Any]


class Module:
    """Holds weights under torch's names, as attributes and as a state_dict.

    The weights can be changed in place (`rnn.bias_hh_l0[:] = 0`) and all at once
    (`load_state_dict`), but not replaced.

    Attributes:
        training: Whether dropout is active; True after construction, as in torch.

    Examples:
        ```python
        import rnn_ref

        rnn = rnn_ref.RNN(7, 13, num_layers=2)
        print(rnn)
        #> RNN(7, 13, num_layers=2)
        print(rnn.weight_ih_l0.shape, rnn.weight_ih_l1.shape)
        #> (13, 7) (13, 13)
        rnn.bias_hh_l0[:] = 0
        ```
    """

    input_size: int
    hidden_size: int

    def __init__(self, parameters: dict[str, Array], absent: tuple[str, ...] = ()) -> None:
        """Keep the weights; `absent` names those that are None."""
        self.training = True
        self._absent = absent
        self._parameters = parameters

    def __getattr__(self, name: str) -> Any:
        """Find a weight by its name; Python asks here for what is no other attribute."""
        if name not in self._names():
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        return self._parameters.get(name)

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse to replace a weight, as torch does: its shape and dtype would go unchecked."""
        if name in self._names():
            raise TypeError(
                f"cannot assign '{type(value).__name__}' as parameter '{name}'. "
                f"Change it in place, {name}[:] = value, or use load_state_dict"
            )
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        """Show the sizes, and the options that are not the default, as torch does."""
        shown = [f", {name}={getattr(self, name)}" for name in self._shown_options()]
        return f"{type(self).__name__}({self.input_size}, {self.hidden_size}{''.join(shown)})"

    def train(self, mode: bool = True) -> Self:
        """Turn dropout on, or off.

        Args:
            mode: True for training, False for evaluation.

        Returns:
            The module itself.

        Raises:
            ValueError: mode is no bool.
        """
        errors.check_training_mode(mode)
        self.training = mode
        return self

    def eval(self) -> Self:
        """Turn dropout off.

        Returns:
            The module itself.

        Examples:
            ```python
            import numpy as np

            import rnn_ref

            rnn = rnn_ref.RNN(7, 13, num_layers=2, dropout=0.5).eval()
            x = np.ones((5, 3, 7), np.float32)
            print(np.array_equal(rnn(x)[0], rnn(x)[0]))
            #> True
            ```
        """
        return self.train(False)

    def state_dict(self) -> dict[str, Array]:
        """Copy the weights.

        Returns:
            The weights under torch's names, in torch's order; the shapes are
            `shapes.parameter_shapes` or, of a cell, `shapes.cell_parameter_shapes`.

        Examples:
            ```python
            import rnn_ref

            for name, weight in rnn_ref.GRU(7, 13).state_dict().items():
                print(name, weight.shape)
            #> weight_ih_l0 (39, 7)
            #> weight_hh_l0 (39, 13)
            #> bias_ih_l0 (39,)
            #> bias_hh_l0 (39,)
            ```
        """
        return {name: array.copy() for name, array in self._parameters.items()}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Copy weights into the module: all of them, or none if anything is wrong.

        Args:
            state_dict: Arrays by name, or the `state_dict()` of the same module in torch, or its
                `named_parameters()` as a dict. Another dtype is converted, as in torch, also one
                that NumPy does not have, such as bfloat16.

        Raises:
            TypeError: state_dict is no mapping.
            RuntimeError: Names are missing or unknown, or shapes differ; the text is torch's. Or a
                value is a masked array, a matrix, or not of real numbers.

        Examples:
            ```python
            import numpy as np
            import torch

            import rnn_ref

            theirs, ours = torch.nn.GRU(7, 13), rnn_ref.GRU(7, 13)
            ours.load_state_dict(theirs.state_dict())
            x = torch.randn(5, 3, 7)
            same = np.allclose(ours(x.numpy())[0], theirs(x)[0].detach(), atol=1e-5)
            print(same)
            #> True
            ```
        """
        own = self._parameters
        expected = {name: array.shape for name, array in own.items()}
        errors.check_state_dict(type(self).__name__, state_dict, expected)
        with silent():  # what float32 cannot hold becomes infinite
            converted = {
                name: given.read(name, state_dict[name]).astype(array.dtype)
                for name, array in own.items()
            }
        for name, array in converted.items():
            own[name][...] = array

    def _names(self) -> set[str]:
        # a copy under construction, in copy or pickle, has neither
        return {*self.__dict__.get("_parameters", ()), *self.__dict__.get("_absent", ())}

    def _shown_options(self) -> list[str]:
        raise NotImplementedError


def silent() -> np.errstate:
    """Let infinity, and what is no number, arise without a warning, as torch does."""
    return np.errstate(over="ignore", invalid="ignore")
