"""The check of the documents: every fence executed, every documented number compared."""
