"""Reading HTML reports as a parser does, and reports made up to try them; for test_html.py."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from policy_eval.report.wire import ReportV1

_EMPTY = {"meta", "link", "br", "hr", "img", "input"}


@dataclass
class Element:
    """An element with what is in it."""

    tag: str
    attributes: dict[str, str | None]
    inside: list[Element | str] = field(default_factory=list)

    def all(self, tag: str = "") -> Iterator[Element]:
        """This element and those in it, in the order of the page, of one kind if it is given."""
        if tag in ("", self.tag):
            yield self
        for x in self.inside:
            if isinstance(x, Element):
                yield from x.all(tag)

    @property
    def text(self) -> str:
        """Its words, with single spaces."""
        return " ".join("".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        for x in self.inside:
            yield from [x] if isinstance(x, str) else x._words()


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].inside.append(element)
        if tag not in _EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        assert closed.tag == tag, f"{closed.tag} is closed by {tag}"

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def parsed(page: str) -> Element:
    """The elements of a page, all of which it must close itself."""
    parser = _Parser()
    parser.feed(page)
    parser.close()
    (root,) = parser.open
    return root


# Words of a report that programs go by.
_BOUND = {
    "rule", "rules", "id", "document", "design", "designs", "set", "outcome", "outcomes", "possible", "severity",
    "principle", "counts", "standing", "best", "worst", "duty_of", "set_kind", "cause", "better", "worse", "order",
    "url", "engine", "weights", "burden_on_decided", "statuses",
}  # fmt: skip
_BY_TEXT = {"citations", "lines", "facts", "exceptions", "instruments", "binding"}


def with_words(report: ReportV1, words: str, url: str) -> ReportV1:
    """A report with words added to every free text of it, and with one address for all."""
    changed: ReportV1 = _changed(report, words, url, "")
    return changed


def _changed(value: Any, words: str, url: str, key: str) -> Any:
    if isinstance(value, str):
        return url if key == "url" else value if key in _BOUND else value + words
    if isinstance(value, dict):
        names = {k: k + words if key in _BY_TEXT else k for k in value}
        # What a dictionary holds may be free although its keys are bound, as weights with their reasons are.
        return {names[k]: _changed(v, words, url, key) for k, v in value.items()}
    if isinstance(value, list):
        return [_changed(v, words, url, key) for v in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        found = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        bound = {"because"} if "standing" in found else set()
        return type(value)(**{k: v if k in bound else _changed(v, words, url, k) for k, v in found.items()})
    return value


def many(reports: list[ReportV1], copies: int) -> ReportV1:
    """A comparison of as many copies of each report's one design, made of what is there."""
    from policy_eval.report.wire import ComparisonV1

    designs, evaluations = [], []
    for n in range(copies):
        for report in reports:
            (design,) = report.designs
            designs.append(dataclasses.replace(design, id=f"{design.id}-{n}"))
            evaluations += [dataclasses.replace(e, design=f"{e.design}-{n}") for e in report.evaluations]
    sets = dict.fromkeys(e.set for e in evaluations)
    names = [d.id for d in designs]
    compared = [ComparisonV1(s, names, [names], 1, dict.fromkeys(names, 1.0), [], []) for s in sets]
    rules = {k: v for report in reports for k, v in report.rules.items()}
    return dataclasses.replace(
        reports[0], designs=designs, evaluations=evaluations, comparison=compared, across=None, rules=rules
    )
