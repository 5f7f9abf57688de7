"""Loaded for every path, also for `pytest docs/page.md`: no page is collected without the check."""

pytest_plugins = ["tests.snippets.plugin"]
