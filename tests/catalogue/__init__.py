"""The catalogue of what can go wrong, made into pages, and kept true."""

# Where its pages stand; they differ in words and code alone, since one writer makes them.
MADE = ("errors/", "silent/")
