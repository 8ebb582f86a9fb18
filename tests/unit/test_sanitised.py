"""The saved card on sites that clean a notebook's HTML before they show it."""

from __future__ import annotations

import re
from typing import Any

import nh3
import pytest

from fiddler_widgets.rendering import static_card
from tests.unit.test_static_card import ID, seen

# What GitHub's sanitiser lets through (html-pipeline's allow-list): no class, no style, no script, no SVG.
ALLOWED = (
    "h1 h2 h3 h4 h5 h6 br b i strong em a pre code img tt div ins del sup sub p picture ol ul table thead tbody tfoot "
    "blockquote dl dt dd kbd q samp var hr ruby rt rp li tr td th s strike summary details caption figure figcaption "
    "abbr bdo cite dfn mark small source span time wbr"
)
TAGS = set(ALLOWED.split())
ATTRIBUTES = {"*": {"abbr", "align", "alt", "aria-label", "dir", "height", "lang", "open", "role", "title", "width"}}


def cleaned(html: str, *, keep_content: bool = False) -> str:
    """What is left of a card, perhaps with the text of the tags that are dropped."""
    dropped: set[str] = set() if keep_content else {"script", "style"}
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, clean_content_tags=dropped)


def text_of(html: str) -> str:
    """Its text, in reading order."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


FAILED: dict[str, Any] = {
    "status": "FAILURE",
    "progress": 40,
    "error_reason": "Oops",
    "error_message": "one\ntwo",
    "extras": {"task": {"status": "FAILURE", "error_message": "no space"}},
}


def test_cleaned_card_reads_in_order() -> None:
    """Status, name, per cent, time, failure, what to do, details: all there without any style."""
    text = text_of(cleaned(static_card.html(seen(**FAILED))))
    assert re.match(
        r"Failed Upload 40 % 1 of 1 subtasks failed watched for 2 min 5 s, ended by .* UTC Oops one two What now: .* "
        rf"Details Job id {ID} Status FAILURE .* Subtasks 0 of 1 done, 1 failed Failed task no space$",
        text,
    )


def test_cleaned_card_keeps_its_details() -> None:
    """They fold by native means, which cleaning leaves alone."""
    assert "<details><summary>Details</summary>" in cleaned(static_card.html(seen()))


def test_nothing_of_the_card_depends_on_what_is_cleaned_away() -> None:
    """No style, class or script is left, and cleaning once more changes nothing."""
    once = cleaned(static_card.html(seen(**FAILED)))
    assert not re.search(r"style|class=|script|svg", once)
    assert cleaned(once) == once


def test_cleaner_that_keeps_the_text_of_dropped_tags_spoils_the_end_only() -> None:
    """The style sheet stands last: what leaks of it follows the card."""
    text = text_of(cleaned(static_card.html(seen()), keep_content=True))
    assert text.startswith("Succeeded Upload 100 %")


@pytest.mark.parametrize("field", ["name", "error_reason", "error_message"])
def test_cleaning_finds_nothing_of_the_servers_to_clean(field: str) -> None:
    """Markup in the server's text was text before the cleaner saw it."""
    hostile = '<img src="x" onerror="alert(1)"><script>alert(2)</script>'
    html = cleaned(static_card.html(seen(**{**FAILED, field: hostile})))
    assert "<img" not in html
    assert "&lt;img" in html
