"""Measures of what may be drawn anew at any moment: all of them in one look at the page, once it stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from playwright.sync_api import Locator

# Looked up anew in each frame: an element of an output that was drawn anew has no size any more.
STILL = """(scope, [selectors, frames, milliseconds]) => new Promise((resolve, reject) => {
  const deadline = performance.now() + milliseconds;
  let nodes = [];
  let boxes = "";
  let same = 0;
  const look = () => {
    const found = selectors.map((selector) => scope.querySelector(selector));
    const sizes = found.map((node) => {
      const { width, height } = node?.isConnected ? node.getBoundingClientRect() : { width: 0, height: 0 };
      return { width, height };
    });
    const there = sizes.every(({ width, height }) => width > 0 && height > 0);
    const asBefore = found.every((node, index) => node === nodes[index]) && JSON.stringify(sizes) === boxes;
    same = there && asBefore ? same + 1 : 0;
    [nodes, boxes] = [found, JSON.stringify(sizes)];
    if (same === frames) resolve(sizes);
    else if (performance.now() > deadline) reject(new Error(`${selectors} did not come to rest: ${boxes}`));
    else requestAnimationFrame(look);
  };
  look();
})"""
FRAMES = 5


class Size(NamedTuple):
    """How large an element is, in CSS pixels."""

    width: float
    height: float


def sizes(scope: Locator, *selectors: str, seconds: float = 15) -> list[Size]:
    """Measure the first element of each selector, all in the same frame.

    Args:
        scope: What they are in; it must outlast them.
        selectors: In CSS.
        seconds: How long at most until all are there, and the same elements have the same sizes in consecutive frames.

    Returns:
        The sizes, in the order of `selectors`.
    """
    return [Size(**found) for found in scope.evaluate(STILL, [selectors, FRAMES, seconds * 1000])]
