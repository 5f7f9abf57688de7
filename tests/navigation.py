"""The pages in the order of the navigation, which calls them by short names."""

from typing import Any

from mkdocs.utils.yaml import yaml_load

from tests.documents import ROOT

CONFIG = yaml_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))


def named(below: Any) -> dict[str, str]:
    """Each page of a group and of the groups in it: its file, and what it is called."""
    return {
        file: name
        for entry in below
        for title, part in entry.items()
        for file, name in ({part: title} if isinstance(part, str) else named(part)).items()
    }


GROUPS = {title: named([group]) for group in CONFIG["nav"] for title in group}
CHAPTERS = [file for group in CONFIG["extra"]["chapters"] for file in GROUPS[group]]
