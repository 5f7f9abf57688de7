"""What a page shows its reader, and what of it can be told wrong without a run."""
