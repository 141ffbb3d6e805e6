"""Words of the interface go through gettext, so that a catalogue is all that another language needs."""

from __future__ import annotations

import ast
import gettext
import io
import pathlib
import re
import shutil
import struct
import subprocess
from collections.abc import Iterator

import pytest
from jinja2.ext import extract_from_ast

from policy_eval import messages
from policy_eval.report import html, words
from policy_eval.vocabulary.law import Band, Outcome, SetKind
from tests import program

PACKAGE = pathlib.Path(messages.__file__).parent
TEMPLATES = sorted((PACKAGE / "report" / "html" / "templates").glob("*.html"))
CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<style>.*?</style>|<[^>]*>", re.DOTALL)
COUNTS = re.compile(r"""\bcounted\("([^"]+)"\)""")
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}")
# The door through which words come from templates, whose own words are held to the same below.
DOORS = {("report/html/__init__.py", "_said")}
# Words of the terminal's sentences that no name, title or message has.
OWN = re.compile(
    r"as of \d|Score as|Burden|as it stands|undisputed facts|hangs? on| law: |\(law of |duty of|remedy: |would excuse|"
    r"because |besides|shows all|Rules that|From least|dominates|stated: |no rule: |Principle |coverage|Engine: |"
    r"in conflict on|n conflict unless|not in force|Not in force|In short|Undecided |undecided |response: | open: |"
    r"established/|not to be compared|which sorts|designs under|, under |nothing in force|"
    r"not shown|Not ordered|[Bb]lank|it hangs|does not cover|scope undecided"
)
HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
SOME = {
    "Whatever the open facts turn out to be.": "Kio ajn montriĝos.",
    "serious conflicts": "gravaj konfliktoj",
    "Burden: %(burden)s": "%(burden)s: jen la ŝarĝo",
    "Burden": "Ŝarĝo",
    "%(established)s established, %(standing)s as it stands, %(worst)s at worst": (
        "%(worst)s plej malbone, %(standing)s nun, %(established)s certe"
    ),
    "and at %(number)s more place; `-f json` shows all\0and at %(number)s more places; `-f json` shows all": (
        "kaj ĉe %(number)s alia loko\0kaj ĉe %(number)s aliaj lokoj"
    ),
}
REPORTS = {
    "evaluation": ("evaluate", "sesame-credit-2018", "-p", "gdpr", "-p", "eu-ai-act"),
    "many": ("evaluate", "privacy-first-credit", "-p", "gdpr", "-p", "oecd", "-p", "pipl", "-p", "eu-ai-act"),
    "lens": ("evaluate", "privacy-first-credit", "-p", "gdpr", "--lens", "contextual-integrity"),
    "comparison": ("compare", "sesame-credit-2018", "sesame-credit-unticked", "-p", "gdpr"),
    "across": ("compare", "sesame-credit-2018", "-p", "gdpr", "-p", "oecd"),
    "not in force": ("compare", "sesame-credit-2018", "consumer-credit-bureau-2022", "consumer-credit-bureau-2023",
                     "consumer-credit-bureau-2026", "-p", "gdpr", "--as-of", "period"),
}  # fmt: skip


def catalogue(said: dict[str, str]) -> bytes:
    """A catalogue as `msgfmt` would write it; one and many stand with a zero between them."""
    sentences = sorted((k.encode(), v.encode()) for k, v in {"": HEADER, **said}.items())
    number = len(sentences)
    lengths: list[tuple[int, int]] = []
    texts = b""
    start = 28 + 16 * number  # the head, then a length and a place for each sentence and each translation
    for text in [k for k, _ in sentences] + [v for _, v in sentences]:
        lengths.append((len(text), start + len(texts)))
        texts += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, number, 28, 28 + 8 * number, 0, 0)
    return head + b"".join(struct.pack("<2I", *x) for x in lengths) + texts


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call in the package that asks for words: the module, the function it stands in, the call."""
    for module in sorted(PACKAGE.rglob("*.py")):
        name = module.relative_to(PACKAGE).as_posix()
        tree = ast.parse(module.read_text(encoding="utf-8"))
        imports = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == "policy_eval.messages"]
        known = {a.asname or a.name for n in imports for a in n.names}
        inside = {n: f.name for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for n in ast.walk(f)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _asks(node.func, known):
                yield name, inside.get(node, ""), node


def _asks(function: ast.expr, known: set[str]) -> bool:
    if isinstance(function, ast.Attribute):
        return isinstance(function.value, ast.Name) and function.value.id == "messages"
    return isinstance(function, ast.Name) and function.id in known


def literals(call: ast.Call) -> list[str] | None:
    """The words a call asks for, one of them, or one and many; None where they are not there to be read."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id  # type: ignore[attr-defined]
    given = call.args[:2] if name == "ngettext" else call.args
    if len(given) != (2 if name == "ngettext" else 1) or call.keywords:
        return None
    found = [x.value for x in given if isinstance(x, ast.Constant) and isinstance(x.value, str)]
    return found if len(found) == len(given) else None


def of_template(template: pathlib.Path) -> list[str | None]:
    """The words a template asks for; None for what is no literal."""
    tree = html.environment().parse(template.read_text(encoding="utf-8"))
    asked = [said for _, _, said in extract_from_ast(tree, ("_",))]
    return [said[0] if isinstance(said, tuple) else said for said in asked]  # after the words come values, by name


def sentences() -> list[list[str]]:
    """All that a translator is given."""
    found = [words for _, _, call in calls() if (words := literals(call))]
    return found + [[said] for t in TEMPLATES for said in of_template(t) if said is not None]


class Abroad:
    """The program with a catalogue beside the package, as it would be shipped."""

    def __init__(self, folder: pathlib.Path, said: dict[str, str]) -> None:
        self.folder = folder
        shutil.copytree(PACKAGE, folder / "policy_eval", ignore=shutil.ignore_patterns("locale"))
        for data in ("principles", "designs"):
            shutil.copytree(program.ROOT / data, folder / data)
        place = folder / "policy_eval" / "locale" / "eo" / "LC_MESSAGES"
        place.mkdir(parents=True)
        (place / f"{messages.DOMAIN}.mo").write_bytes(catalogue(said))

    def says(self, *arguments: str, language: str = "eo") -> str:
        """What the program prints for a reader of a language."""
        there = {"LANGUAGE": language, "PYTHONPATH": str(self.folder), "PYTHONUTF8": "1", "NO_COLOR": "1"}
        result = subprocess.run(
            [*program.START, *arguments, "--engine", "reference"],
            capture_output=True,
            encoding="utf-8",
            env={**program.surroundings(), **there},
            cwd=self.folder,
            timeout=120,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Abroad:
    return Abroad(tmp_path_factory.mktemp("some"), SOME)


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Abroad:
    """Each sentence in marks, so that what did not go through the catalogue stands outside of them."""
    said = {"\0".join(one_or_two): "\0".join(f"«{x}»" for x in one_or_two) for one_or_two in sentences()}
    return Abroad(tmp_path_factory.mktemp("every"), said)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: p.name)
def test_templates_hold_no_words_of_their_own(template: pathlib.Path) -> None:
    left = CODE.sub(" ", template.read_text(encoding="utf-8"))
    assert re.findall(r"[A-Za-z]{2,}", left) == []


def test_words_of_modules_are_literals() -> None:
    found = list(calls())
    assert len(found) > 100
    assert {(module, inside) for module, inside, call in found if literals(call) is None} == DOORS


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: p.name)
def test_words_of_templates_are_literals(template: pathlib.Path) -> None:
    asked = len(re.findall(r"\b_\(", template.read_text(encoding="utf-8")))
    found = of_template(template)
    assert len(found) == asked and None not in found


@pytest.mark.parametrize("call", ["_(f'{x} rules')", "_(x)", "_('a' + x)", "ngettext(x, 'many', n)", "ngettext('one')"])
def test_what_is_no_literal_is_told(call: str) -> None:
    asked = ast.parse(call, mode="eval").body
    assert isinstance(asked, ast.Call) and literals(asked) is None


def test_one_and_many_take_the_same_values() -> None:
    several = [s for s in sentences() if len(s) == 2]
    assert len(several) > 10
    for one, many in several:
        assert set(PLACEHOLDER.findall(one)) <= set(PLACEHOLDER.findall(many))


def test_terms_read_as_the_vocabulary_defines_them() -> None:
    assert {t.value: t.definition for terms in (Outcome, Band, SetKind) for t in terms} == words.TERMS


def test_every_noun_that_is_counted_is_known() -> None:
    asked = {noun for t in TEMPLATES for noun in COUNTS.findall(t.read_text(encoding="utf-8"))}
    for module in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "counted":
                asked |= {x.value for x in node.args[1:] if isinstance(x, ast.Constant)}
    assert len(asked) > 10
    assert asked <= set(words.NOUNS)


@pytest.mark.parametrize("noun", words.NOUNS)
def test_numbers_choose_between_one_and_many(noun: str) -> None:
    assert [words.counted(n, noun) for n in (0, 1, 2)] == [f"0 {noun}s", f"1 {noun}", f"2 {noun}s"]


def test_an_unknown_noun_is_an_error() -> None:
    with pytest.raises(KeyError):
        words.counted(2, "sheep")


def test_the_catalogue_is_one_that_gettext_reads() -> None:
    read = gettext.GNUTranslations(io.BytesIO(catalogue(SOME)))
    assert read.gettext("serious conflicts") == "gravaj konfliktoj"
    one, many = next(k for k in SOME if "\0" in k).split("\0")
    assert [read.ngettext(one, many, n) % {"number": n} for n in (1, 2)] == [
        "kaj ĉe 1 alia loko",
        "kaj ĉe 2 aliaj lokoj",
    ]


@pytest.mark.parametrize("form", ["text", "html", "markdown"])
def test_reports_come_in_the_language_of_the_reader(some: Abroad, form: str) -> None:
    said = " ".join(some.says("evaluate", "sesame-credit-2018", "-p", "gdpr", "-f", form).split())
    assert "gravaj konfliktoj" in said.lower() and "serious conflicts" not in said.lower()
    assert "Kio ajn montriĝos." in said and "Whatever the open facts turn out to be." not in said
    assert re.search(r"[\d.]+ plej malbone, [\d.]+ nun, [\d.]+ certe", said)
    # What the catalogue lacks is said in English, and texts of rules and designs are left as they are.
    assert "no conflict found" in said.lower()
    assert "Consent is read from a box ticked in advance or from silence" in said


def test_sentences_of_the_terminal_come_in_the_language_of_the_reader(some: Abroad) -> None:
    said = some.says("evaluate", "sesame-credit-2018", "-p", "gdpr")
    assert re.search(r"certe: jen la ŝarĝo$", said, re.MULTILINE)
    assert "Score as it stands: none, too little is decided" in said


def test_numbers_of_places_come_in_the_language_of_the_reader(some: Abroad) -> None:
    one = some.says("evaluate", "city-points-wallet-2022", "-p", "gdpr")
    many = some.says("evaluate", "sesame-credit-2018", "-p", "eu-ai-act")
    assert "kaj ĉe 1 alia loko\n" in one
    assert "kaj ĉe 2 aliaj lokoj\n" in many
    assert "`-f json` shows all" not in one + many


def test_other_languages_fall_back_to_english(some: Abroad) -> None:
    asked = ("evaluate", "sesame-credit-2018", "-p", "gdpr")
    assert some.says(*asked, language="tlh") == some.says(*asked, language="C")


@pytest.mark.slow
@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("form", ["text", "html", "markdown"])
def test_a_translation_changes_the_words_alone(every: Abroad, report: str, form: str) -> None:
    """Whole sentences with all that is put into them: without the marks it is the English report once more."""
    asked = (*REPORTS[report], "-f", form)
    marked, plain = every.says(*asked), every.says(*asked, language="C")
    assert marked.count("«") == marked.count("»") > 20
    assert _bare(marked) == _bare(plain)


@pytest.mark.parametrize("report", REPORTS)
def test_the_terminal_says_nothing_of_its_own_beside_the_catalogue(every: Abroad, report: str) -> None:
    plain = every.says(*REPORTS[report], language="C")
    assert len(OWN.findall(" ".join(plain.split()))) > 3
    assert OWN.findall(" ".join(_outside(every.says(*REPORTS[report])).split())) == []


def _outside(text: str) -> str:
    """What stands outside of all marks; sentences stand in sentences."""
    depth, left = 0, []
    for letter in text:
        depth += {"«": 1, "»": -1}.get(letter, 0)
        left.append(letter if not depth else " ")
    return "".join(left)


def _bare(text: str) -> list[str]:
    """What is said, without the marks, the case of letters and the way lines and tables are laid out."""
    return re.sub(r"[«»]|-{3,}", "", text).casefold().split()
