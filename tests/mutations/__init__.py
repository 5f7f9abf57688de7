"""What the mutator changes on a page: a file for each kind of lie."""
