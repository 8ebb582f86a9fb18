"""Writes pictures of cards as small files: WebP without loss, in 256 colours that are chosen for cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

COLOURS: Final = 256
COMMON: Final = 64


def save(image: Image.Image, path: Path) -> None:
    """Write a picture for the documentation, a fifth as large as a PNG in all its colours."""
    with_few_colours(image).save(path, "WEBP", lossless=True, quality=100, method=6)


def with_few_colours(image: Image.Image) -> Image.Image:
    """Return a picture in 256 colours, none of which is far from what it stands for.

    The usual ways to choose them serve what fills the picture, and take away one amber badge among thirty blue ones.
    Here the commonest stay as they are, and each further one is that which is farthest from all before it.
    """
    found = sorted(image.getcolors(image.width * image.height) or [], reverse=True)
    colours = [colour for _, colour in found if isinstance(colour, tuple)]
    chosen = colours[:COMMON]
    near = [min((_distance(colour, one), one) for one in chosen) for colour in colours]
    while len(chosen) < COLOURS and max(near)[0] > 0:
        new = colours[near.index(max(near))]
        chosen.append(new)
        near = [min(before, (_distance(colour, new), new)) for before, colour in zip(near, colours, strict=True)]
    # Not Pillow's own way to the nearest colour, which takes a neighbour of white for white.
    instead = {bytes(colour): bytes(one) for colour, (_, one) in zip(colours, near, strict=True)}
    pixels = image.tobytes()
    return Image.frombytes("RGB", image.size, b"".join(instead[pixels[at : at + 3]] for at in range(0, len(pixels), 3)))


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]), abs(one[2] - other[2]))
