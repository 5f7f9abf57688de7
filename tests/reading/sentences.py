"""What stands around a tie: what touches it, and whether its sentence denies what it asserts."""

import re

# A sentence may go on after a tie, and lead to one, with these; anything else makes another number
# of it: -16, 16k, 16/2, x16. The pilcrow is the link of a heading.
BEFORE = re.compile(r"(^|[\s(\[\"'])$")
AFTER = re.compile(r"[\s.,;:!?)\]\"'¶]|$")
SIGN = re.compile(r"[^\w\s.,;:!?()\[\]\"'`¶]")
# Words by which a sentence denies; a question does neither.
NEGATIVE = re.compile(r"\b(?:not|no|never|nothing|but|other|wrong|lost|differs?|different)\b|\?")
SENTENCE = r"[.?!]\s"
NOT = re.compile(r"\b(?:not|never|instead of|rather than)\s*$", re.IGNORECASE)


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


def denying(before: str, tie: str, after: str) -> str | None:
    """Return what is wrong with a sentence that denies what its tie asserts, or the reverse.

    Args:
        before: The block's text up to the tie.
        tie: Its expression.
        after: What follows it in the block.
    """
    behind = re.match(r"[^.?!]*.?", after)
    sentence = f"{re.split(SENTENCE, before)[-1]}...{behind[0] if behind else ''}"
    is_negative = tie.lstrip().startswith("not ")
    if is_negative and not NEGATIVE.search(sentence):
        return f"the tie denies, and its sentence does not: {sentence.strip()}"
    if not is_negative and NOT.search(before):
        return f"the sentence denies what its tie asserts: {sentence.strip()}"
    return None
