"""Compares contact sheets card by card, with a tolerance for how glyphs are smoothed and none for what is drawn."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageChops, ImageFilter
from PIL.PngImagePlugin import PngInfo

if TYPE_CHECKING:
    from pathlib import Path

Box = tuple[int, ...]
BOXES: Final = "boxes"

# Chosen by trial on all cards in light and dark. What another version of a font rasteriser does (strokes a tenth of a
# pixel stronger, a line moved by a quarter of a pixel, other hinting, fewer colours in the file) changes at most one
# cell by 18 of 255; a line that is two pixels lower changes 20 and more, another tone of a card about 100, and an icon
# that is missing 3 at least: the three dots, the smallest one.
BLUR: Final = 1.2
CELL: Final = 4
LEAST_CHANGE: Final = 18
MOST_CELLS: Final = 2

COLOURS: Final = 256
COMMON: Final = 64


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

    def save(self, path: Path) -> None:
        """Write the picture, with the boxes in its text: one cannot be changed without the other."""
        info = PngInfo()
        info.add_text(BOXES, json.dumps(self.boxes))
        _with_few_colours(self.image).save(path, optimize=True, pnginfo=info)

    @classmethod
    def load(cls, path: Path) -> Sheet:
        """Read what `save` has written."""
        with Image.open(path) as image:
            boxes = json.loads(image.info[BOXES])
            return cls(image.convert("RGB"), {name: tuple(box) for name, box in boxes.items()})


def changed_cells(one: Image.Image, other: Image.Image) -> int:
    """Count the places in which two pictures of one card differ: cells of 4 by 4 pixels, after a blur."""
    return sum(_cells(one, other).point(lambda change: 255 * (change >= LEAST_CHANGE)).histogram()[255:])


def difference(stored: Image.Image, new: Image.Image) -> str:
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


def beside(stored: Image.Image, new: Image.Image) -> Image.Image:
    """Return one picture with both, and what differs, below one another."""
    width, height = (max(sizes) for sizes in zip(stored.size, new.size, strict=True))
    whole = Image.new("RGB", (width, 3 * height + 16), "magenta")
    whole.paste(stored, (0, 0))
    whole.paste(new, (0, height + 8))
    if stored.size == new.size:
        changed = ImageChops.difference(stored, new).convert("L").point(lambda value: min(255, 4 * value))
        whole.paste(changed, (0, 2 * height + 16))
    return whole


def _with_few_colours(image: Image.Image) -> Image.Image:
    """Return a picture of a third of the size, in 256 colours.

    The usual ways to choose them serve what fills the picture, and take away one amber badge among thirty blue ones.
    Here the commonest stay as they are, and each further one is that which is farthest from all before it.
    """
    found = sorted(image.getcolors(image.width * image.height) or [], reverse=True)
    colours = [colour for _, colour in found if isinstance(colour, tuple)]
    chosen = colours[:COMMON]
    far = [min(_distance(colour, one) for one in chosen) for colour in colours]
    while len(chosen) < COLOURS and max(far) > 0:
        new = colours[far.index(max(far))]
        chosen.append(new)
        far = [min(before, _distance(colour, new)) for before, colour in zip(far, colours, strict=True)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([band for colour in chosen for band in colour])
    return image.quantize(palette=palette, dither=Image.Dither.NONE)


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]), abs(one[2] - other[2]))


def _cells(one: Image.Image, other: Image.Image) -> Image.Image:
    small = []
    for image in (one, other):
        blurred = image.filter(ImageFilter.GaussianBlur(BLUR))
        small.append(blurred.resize((max(1, image.width // CELL), max(1, image.height // CELL)), Image.Resampling.BOX))
    bands = ImageChops.difference(*small).split()
    return ImageChops.lighter(bands[0], ImageChops.lighter(bands[1], bands[2]))
