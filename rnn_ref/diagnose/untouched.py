"""A module, and what it may draw from, is left as it was found."""

import copy
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from rnn_ref.diagnose import copies, doors
from rnn_ref.diagnose.chance import undisturbed

Examine = TypeVar("Examine", bound=Callable[..., Any])


def untouched(examine: Examine) -> Examine:
    """Make an examination check its module, and put back what it moves, random states too."""

    @functools.wraps(examine)
    def examining(module: Any, *args: Any, **options: Any) -> Any:
        doors.check_module(module)
        with undisturbed(), _restored(module):
            return examine(module, *args, **options)

    return cast("Examine", examining)


@contextmanager
def _restored(module: Any) -> Iterator[None]:
    """Put back what a module holds that cannot be copied, and is called itself."""
    if copies.copied(module) is not module or not hasattr(module, "load_state_dict"):
        yield
        return
    before = copy.deepcopy(module.state_dict())
    try:
        yield
    finally:
        module.load_state_dict(before)
