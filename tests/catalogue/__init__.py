"""The catalogue of what can go wrong, made into pages, and kept true."""
