"""Compares cards with their stored prints, with a tolerance for how glyphs are smoothed and none for what is drawn.

A print is what the comparison looks at and no more: the card's size, and the colour of each cell of 4 by 4 pixels
after a blur. It is an eighth as large as the picture itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageChops, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Box = tuple[int, ...]

# Chosen by trial on all cards in light and dark. What another version of a font rasteriser does (strokes a tenth of a
# pixel stronger, a line moved by a quarter of a pixel, other hinting) changes at most one cell by 18 of 255; a line
# that is two pixels lower changes 20 and more, another tone of a card about 100, and an icon that is missing 3 at
# least: the three dots, the smallest one.
BLUR: Final = 1.2
CELL: Final = 4
LEAST_CHANGE: Final = 18
MOST_CELLS: Final = 2

# A stored cell is at most 2 of 255 beside what was drawn: half the file, and far below `LEAST_CHANGE`.
STEP: Final = 4

# Where EXIF has an image's description.
DESCRIPTION: Final = 0x010E


@dataclass(frozen=True)
class Print:
    """What the comparison knows of a card.

    Attributes:
        size: Width and height of the card, in pixels.
        cells: A pixel for each cell.
    """

    size: tuple[int, int]
    cells: Image.Image

    @classmethod
    def of(cls, picture: Image.Image) -> Print:
        """Return the print of a picture of one card."""
        blurred = picture.filter(ImageFilter.GaussianBlur(BLUR))
        return cls(picture.size, blurred.resize(_grid(picture.size), Image.Resampling.BOX))


@dataclass(frozen=True)
class Sheet:
    """A contact sheet.

    Attributes:
        image: All of it.
        boxes: Where the card of each state is: left, top, width, height.
    """

    image: Image.Image
    boxes: dict[str, Box]

    def card(self, name: str) -> Image.Image:
        """Return the picture of one card."""
        left, top, width, height = self.boxes[name]
        return self.image.crop((left, top, left + width, top + height))

    def prints(self) -> dict[str, Print]:
        """Return the print of each card, by state."""
        return {name: Print.of(self.card(name)) for name in self.boxes}


def save(prints: Mapping[str, Print], path: Path) -> None:
    """Write prints below one another, with the sizes of their cards: one cannot be changed without the other."""
    grids = [one.cells.size for one in prints.values()]
    whole = Image.new("RGB", (max(width for width, _ in grids), sum(height for _, height in grids)))
    top = 0
    for one in prints.values():
        whole.paste(one.cells, (0, top))
        top += one.cells.height
    exif = Image.Exif()
    exif[DESCRIPTION] = json.dumps({name: one.size for name, one in prints.items()})
    rounded = whole.point(lambda value: min(255, (value + STEP // 2) // STEP * STEP))
    rounded.save(path, "WEBP", lossless=True, quality=100, method=6, exif=exif)


def load(path: Path) -> dict[str, Print]:
    """Read what `save` has written."""
    prints = {}
    top = 0
    with Image.open(path) as image:
        sizes = json.loads(image.getexif()[DESCRIPTION])
        whole = image.convert("RGB")
    for name, (width, height) in sizes.items():
        across, down = _grid((width, height))
        prints[name] = Print((width, height), whole.crop((0, top, across, top + down)))
        top += down
    return prints


def difference(stored: Print, new: Print) -> str:
    """Say how a card has changed; empty where only its glyphs' edges have.

    Args:
        stored: The card as it was.
        new: The card as it is.

    Returns:
        A few words.
    """
    if stored.size != new.size:
        was, now = ("{} by {}".format(*size) for size in (stored.size, new.size))
        return f"is {now} pixels, was {was}"
    cells = changed_cells(stored, new)
    return f"{cells} places look different" if cells > MOST_CELLS else ""


def changed_cells(stored: Print, new: Print) -> int:
    """Count the places in which two prints of one card differ."""
    return sum(_changes(stored, new).point(lambda change: 255 * (change >= LEAST_CHANGE)).histogram()[255:])


def beside(stored: Print, picture: Image.Image) -> Image.Image:
    """Return one picture with a card as it was (its print), as it is, and what differs, below one another."""
    new = Print.of(picture)
    width, height = (max(sizes) for sizes in zip(stored.size, new.size, strict=True))
    whole = Image.new("RGB", (width, 3 * height + 16), "magenta")
    whole.paste(stored.cells.resize(stored.size, Image.Resampling.NEAREST), (0, 0))
    whole.paste(picture, (0, height + 8))
    if stored.size == new.size:
        changed = _changes(stored, new).point(lambda value: min(255, 4 * value))
        whole.paste(changed.resize(new.size, Image.Resampling.NEAREST), (0, 2 * height + 16))
    return whole


def _grid(size: tuple[int, int]) -> tuple[int, int]:
    return max(1, size[0] // CELL), max(1, size[1] // CELL)


def _changes(one: Print, other: Print) -> Image.Image:
    bands = ImageChops.difference(one.cells, other.cells).split()
    return ImageChops.lighter(bands[0], ImageChops.lighter(bands[1], bands[2]))
