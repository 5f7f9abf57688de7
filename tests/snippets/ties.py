"""What a tie says beside its numbers: in its own text, and next to it in the sentence."""

import re

# A sentence may go on after a tie, and lead to one, with these; anything else makes another number
# of it: -16, 16k, 16/2, x16. The pilcrow is the link of a heading.
BEFORE = re.compile(r"(^|[\s(\[\"'])$")
AFTER = re.compile(r"[\s.,;:!?)\]\"'¶]|$")
SIGN = re.compile(r"[^\w\s.,;:!?()\[\]\"'`¶]")


def touching(before: str, text: str, after: str) -> str | None:
    """Return what is wrong with that which stands around a tie; None if it leaves its meaning.

    Args:
        before: The block's text up to the tie.
        text: The tied text.
        after: What follows it.
    """
    signs = SIGN.match(before.rstrip()[-1:]) or SIGN.match(after.lstrip())
    if signs or not BEFORE.search(before) or not AFTER.match(after):
        around = f"{before[-12:]}{text}{after[:12]}".strip()
        return f"what touches a tie changes what it says: {around!r}: tie all of it"
    return None
