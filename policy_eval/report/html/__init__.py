"""Reports as one HTML file: it holds everything it needs, runs no script, and prints.

picture     the flow of data and the ties between people, drawn
templates/  the page; text from outside is escaped by the library, and made visible before
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TextIO

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from policy_eval import messages
from policy_eval.report import Wants, arranged, phrases, streams
from policy_eval.report.html import picture
from policy_eval.report.wire import ReportV1
from policy_eval.report.words import CONFLICTS, ROLES, SYMBOLS, address, counted, points, says, visible, words

WANTS = Wants(places=4, derivations=20, reasons=6)
_PHRASES = (
    "burden", "capital", "ends", "enough", "limits", "method", "open_of", "ordered", "others", "score", "share",
    "short", "unordered",
)  # fmt: skip
_SENTENCES = ("dominance_open", "scope_open", "uncovered")  # of `phrases`, with markup in the places of their parts
# Classes of cells of which there are tens of thousands on a page.
_LETTERS = dict(zip(SYMBOLS, "xeuna", strict=True))
_TEMPLATES = Path(__file__).parent / "templates"


def write(report: ReportV1, out: TextIO) -> None:
    """Write the report as an HTML page; same report, same bytes."""
    streams.page(out)
    template = environment().get_template("page.html")
    # Written at once: a page is made of a hundred thousand pieces.
    out.write(template.render(page=arranged.page(report)))


@cache
def environment() -> Environment:
    """Templates that escape whatever is put into them."""
    found = Environment(
        autoescape=True,
        finalize=_shown,
        loader=FileSystemLoader(_TEMPLATES),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    found.filters |= {"address": address, "anchor": arranged.slug, "marked": _marked}
    found.filters |= {"counted": counted, "points": points, "says": says, "words": words}
    found.filters |= {name: getattr(phrases, name) for name in _PHRASES}
    found.globals |= {"_": _said, "letters": _LETTERS, "looks": _looks(), "pictures": picture.of, "roles": ROLES}
    found.globals |= {name: partial(_filled, getattr(phrases, name)) for name in _SENTENCES}
    found.globals |= {"corrections": phrases.corrections(), "symbols": SYMBOLS, "conflicts": CONFLICTS}
    return found


def _looks() -> dict[str, Markup]:
    """What stands in a narrow cell for an outcome: its symbol, and its words for whoever cannot see that."""
    return {outcome: Markup("%s <i>%s</i>") % (symbol, phrases.short(outcome)) for outcome, symbol in SYMBOLS.items()}


def _marked(text: str) -> Markup:
    """Words with what stands between backticks as code."""
    parts = visible(text).split("`")
    if len(parts) % 2 == 0:  # one of them is no mark
        return escape(visible(text))
    return Markup("").join(Markup("<code>%s</code>") % p if n % 2 else p for n, p in enumerate(parts))


def _said(words: str, **given: object) -> Markup:
    """Words of the interface in the reader's language, with what is put into them; `%` stands for itself as `%%`."""
    # Jinja's own gettext marks such words as ready for the page before `finalize` has seen what is in them.
    return Markup(messages.gettext(words) % {name: escape(_shown(value)) for name, value in given.items()})


def _filled(sentence: Callable[..., str], *parts: object) -> Markup:
    """A sentence with parts that may hold markup; what is plain in them is escaped."""
    return escape(sentence(*(f"{{{n}}}" for n in range(len(parts))))).format(*map(_shown, parts))


def _shown(value: object) -> object:
    """Control and invisible characters in text from outside, written out."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
