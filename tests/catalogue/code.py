"""The catalogue's code, run as a reader would who copies it."""

import contextlib
import functools
import io
import traceback
import warnings


def run(code: str, namespace: dict[str, object]) -> str:
    """Run code and give what it prints, the line of an exception or of a warning included."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            exec(compile(code, "<catalogue>", "exec"), namespace)
        except Exception as error:  # of whatever class the entry says
            print("".join(traceback.format_exception_only(error)).strip())
    told = [f"{one.category.__name__}: {one.message}" for one in warned]
    return "\n".join(filter(None, [*told, printed.getvalue().strip("\n")]))


@functools.cache
def ends_in(code: str) -> str:
    """What code prints in a namespace of its own, as a rule the line of an exception."""
    return run(code, {"__name__": "__main__"})
