"""Loaded for every path, also for `pytest docs/page.md`: no page is collected without the check."""

pytest_plugins = ["tests.snippets.plugin"]
collect_ignore_glob = ["docs/_*"]  # `exclude_docs` of mkdocs.yml: parts, not pages
