"""Sets of fonts that a reader's machine may have, each alone, and hinted as it may hint them.

Browsers on Linux ask fontconfig, and so a file of its settings decides; elsewhere they take the
machine's own fonts.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

CACHE = Path(__file__).parents[1] / ".cache"
HINTINGS = ("slight", "full")


@dataclass(frozen=True)
class FontSet:
    """One set: what its files begin with, the folder above them, and its three families."""

    name: str
    folder: Path
    mono: str

    @property
    def families(self) -> dict[str, str]:
        """What a page may ask for, and the family that answers."""
        sans, serif = f"{self.name} Sans", f"{self.name} Serif"
        texts = {"sans-serif": sans, "system-ui": sans, "serif": serif}
        return texts | {"monospace": self.mono, "ui-monospace": self.mono}

    @property
    def files(self) -> list[Path]:
        """Its files, and those of no other set."""
        return sorted(self.folder.rglob(f"{self.name}*.ttf"))

    @property
    def missing(self) -> set[str]:
        """The families that have no file."""
        files = {family: f"{family.replace(' ', '')}*.ttf" for family in self.families.values()}
        return {family for family, names in files.items() if not any(self.folder.rglob(names))}


def matplotlib_fonts() -> Path:
    """Where the package keeps DejaVu: what the labs need is installed everywhere."""
    spec = importlib.util.find_spec("matplotlib")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "mpl-data/fonts/ttf"


SETS = (
    FontSet("DejaVu", matplotlib_fonts(), "DejaVu Sans Mono"),
    FontSet("Liberation", CACHE / "fonts", "Liberation Mono"),
    FontSet("Noto", CACHE / "fonts", "Noto Sans Mono"),
)
WIDEST = SETS[0]


def settings(fonts: FontSet, hinting: str) -> str:
    """Write the settings of fontconfig under which there are no other fonts."""
    # Each folder by itself: what rejects a file would reject the folders on the way to it.
    folders = "".join(
        f"<dir>{escape(str(folder))}</dir>\n"
        for folder in sorted({path.parent for path in fonts.files})
    )
    prefer = "".join(
        f'<alias binding="same"><family>{asked}</family><prefer><family>{given}</family></prefer>'
        "</alias>\n"
        for asked, given in fonts.families.items()
    )
    return f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
{folders}<cachedir>{escape(str(CACHE / "fontconfig"))}</cachedir>
<selectfont>
<rejectfont><glob>*</glob></rejectfont>
<acceptfont><glob>*/{fonts.name}*</glob></acceptfont>
</selectfont>
{prefer}
<match target="pattern">
<edit name="family" mode="append_last"><string>{fonts.families["sans-serif"]}</string></edit>
<edit name="antialias"><bool>true</bool></edit>
<edit name="hinting"><bool>true</bool></edit>
<edit name="hintstyle"><const>hint{hinting}</const></edit>
</match>
</fontconfig>
"""
