"""Decided cases: what counts as an answer to a label, how labels are counted, and how two codings are compared."""

from __future__ import annotations

import importlib
import json
import pathlib
import random
import re
from collections import Counter
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_eval import library, source
from policy_eval.analysis.sampling import random_design
from policy_eval.cases import agreement, holdings, matching, tally
from policy_eval.cases.holdings import Case, CaseFile, LabelFile
from policy_eval.design import loading
from policy_eval.design.loading import DesignFile
from policy_eval.errors import InvalidInput
from policy_eval.evaluation import Engine
from policy_eval.report import cases as wire
from policy_eval.schemas import json_schema
from policy_eval.vocabulary.cases import OF_CLEARED, OF_VIOLATED, Finding, LabelWeight, Match
from policy_eval.vocabulary.law import Outcome
from tests.test_cli import run

pages = importlib.import_module("docs.case_pages")

SET = """
id: toy
title: A toy act
short: Toy
jurisdiction: [EU]
kind: law
text_as_of: 2026-01-01
version: "1"
scope:
  applies_when: any(s.scored for s in subjects)
  rationale: A score.
  grounds: [{instrument: Toy, at: Article 1, verified: read, status_checked: 2026-01-01}]
"""
RULE = """
id: toy/{name}
title: A defect
principle: fairness
aspect: "{aspect}"
since: "1"
grounds:
  - {{instrument: Toy, at: "{at}", verified: read, status_checked: 2026-01-01}}
  - {{instrument: Toy, at: "Article 99", verified: read, status_checked: 2026-01-01}}
severity: low
severity_because: A toy.
effective: {{{effective}}}
{body}
message: A defect.
rationale: A toy.
remedy: None.
"""
RULES = {
    "secret": ("Article 5(1)(a)", "transparency: workings", "violated_when: transparency.criteria == 'none'", ""),
    "unfair": (
        "Article 5(1)(a)",
        "fairness",
        "for_each: [input, use in input.uses]\nviolated_when: use.link == 'other_field'\n"
        "exceptions: [{id: law, title: A law, when: use.support == 'named_in_law', grounds: "
        "[{instrument: Toy, at: Article 6, verified: read, status_checked: 2026-01-01}]}]",
        "",
    ),
    "closed": ("Article 15", "access", "violated_when: rights.access.handling == 'refused'", "from: 2020-01-01"),
}
DESIGN = """
id: {id}
title: A score
kind: hypothetical
subjects: [{{id: people, relation: customer, scored: true}}]
parties: [{{id: bank, roles: [computes_score]}}]
purposes: [{{id: loans}}]
inputs:
  - {{id: shopping, uses: [{{purpose: loans, link: {link}, support: {support}}}]}}
  - {{id: payments, uses: [{{purpose: loans, link: same_service}}]}}
transparency: {{criteria: {criteria}}}
"""
HOLDINGS = """
schema: 1
title: Two cases
cases:
  - id: one
    design: first
    name: A v B
    authority: Court
    date: "2024"
    law_of: 2024-01-01
    sources: [a report]
    labels:
      - {finding: violated, provision: Toy Article 5(1)(a), set: toy, aspect: transparency}
      - {finding: violated, provision: "Toy 5(1)(a)", set: toy, aspect: fairness, at: inputs.shopping}
      - {finding: cleared, provision: "Toy 5", set: toy, aspect: fairness, at: [inputs.payments.uses.loans]}
      - {finding: violated, provision: "Toy 15(1)", set: toy}
      - {finding: violated, provision: "Toy 99", set: toy, weight: contested}
  - id: two
    design: second
    name: C v D
    authority: Court
    date: "2019"
    law_of: 2019-06-01
    sources: [a report]
    labels:
      - {finding: cleared, provision: "Toy 5(1)", set: toy, aspect: transparency, party: bank}
      - {finding: violated, provision: "Toy 15", set: toy}
      - {finding: violated, provision: "Elsewhere 3"}
"""


@pytest.fixture
def toy(tmp_path: pathlib.Path) -> pathlib.Path:
    folder = tmp_path / "toy"
    folder.mkdir()
    (folder / "set.yaml").write_text(SET)
    for name, (at, aspect, body, effective) in RULES.items():
        text = RULE.format(name=name, at=at, aspect=aspect, body=body, effective=effective)
        (folder / f"{name}.rule.yaml").write_text(text)
    designs = tmp_path / "designs"
    designs.mkdir()
    first = DESIGN.format(id="first", link="other_field", support="unknown", criteria="none")
    (designs / "first.design.yaml").write_text(first)
    second = DESIGN.format(id="second", link="same_service", support="unknown", criteria="list")
    (designs / "second.design.yaml").write_text(second)
    (tmp_path / "holdings.yaml").write_text(HOLDINGS)
    return tmp_path


def command(toy: pathlib.Path, *more: str) -> tuple[int, str, str]:
    result = run(
        "cases", "--designs", str(toy / "designs"), "--holdings", str(toy / "holdings.yaml"), "-p", str(toy / "toy"),
        *more,
    )  # fmt: skip
    return result.returncode, result.stdout, result.stderr


def test_the_whole_way(toy: pathlib.Path) -> None:
    code, out, err = command(toy, "-f", "json")
    assert (code, err) == (0, "")
    report = json.loads(out)
    jsonschema.Draft202012Validator(json_schema("cases-report")).validate(report)
    found = [(x["case"], x["provision"], x["polarity"], x["result"], x["rule"]) for x in report["labels"]]
    assert found == [
        ("one", "Toy Article 5(1)(a)", "violated", "found", "toy/secret"),
        ("one", "Toy 5(1)(a)", "violated", "found_unless_excused", "toy/unfair"),
        ("one", "Toy 5", "cleared", "respected", "toy/unfair"),
        ("one", "Toy 15(1)", "violated", "not_modelled", None),  # a rule on Article 15 says nothing of paragraph 1
        ("one", "Toy 99", "violated", "not_modelled", None),  # a second ground does not count
        ("two", "Toy 5(1)", "cleared", "respected", "toy/secret"),
        ("two", "Toy 15", "violated", "not_modelled", None),  # not yet in force
    ]
    assert report["totals"] == {
        "violated": {"found": 1, "found_unless_excused": 1, "undecided": 0, "missed": 0, "not_modelled": 2},
        "cleared": {
            "respected": 2, "undecided": 0, "contradicted": 0, "contradicted_unless_excused": 0, "not_modelled": 0,
        },
    }  # fmt: skip
    assert report["sets"] == {"toy": report["totals"]}
    assert report["apart"]["contested"]["violated"] == {"not_modelled": 1}
    assert set(report["labels"][0]) >= {
        "case", "set", "provision", "aspect", "place", "party", "polarity", "weight", "result", "rule", "open",
    }  # fmt: skip
    assert [(c["case"], c["conflicts"], c["unless_excused"]) for c in report["cases"]] == [("one", 1, 1), ("two", 0, 0)]
    assert command(toy, "-f", "json")[1] == out


def test_text_and_markdown_say_every_label(toy: pathlib.Path) -> None:
    for format in ("text", "markdown"):
        code, out, _ = command(toy, "-f", format)
        assert code == 0
        for words in ("found unless excused", "not modelled", "respected", "contested", "toy/unfair", "Toy 15(1)"):
            assert words in " ".join(out.split()), (format, words)


def test_one_case_and_labels_without_a_set(toy: pathlib.Path) -> None:
    code, out, _ = command(toy, "--case", "two", "-f", "json")
    assert code == 0 and {x["case"] for x in json.loads(out)["labels"]} == {"two"}
    assert command(toy, "--case", "tow")[0] == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("design: second", "design: secnd"), "holds no design `secnd`"),
        (("set: toy, aspect: transparency, party: bank", "set: toi"), "no set is called `toi`"),
        (("at: inputs.shopping", "at: inputs.shoping"), "has no part `inputs.shoping`"),
        (("at: inputs.shopping", "at: inputs.shopping.uses.loans.link"), "has no part"),
        (("at: inputs.shopping", "at: transparency"), "has no part"),
        (('provision: "Toy 15(1)"', "provision: Article"), "names no provision"),
        (("party: bank", "party: bnk"), "has no party `bnk`"),
        (("id: two", "id: one"), "there are two cases `one`"),
        (("finding: cleared", "finding: acquitted"), "`acquitted` is not a value of `finding`"),
        (("    sources: [a report]\n", ""), "`sources` is missing"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(toy: pathlib.Path, change: tuple[str, str], said: str) -> None:
    (toy / "holdings.yaml").write_text(HOLDINGS.replace(*change))
    code, out, err = command(toy)
    assert (code, out) == (2, "") and said in err and "holdings.yaml:" in err


def test_designs_and_holdings_go_together(toy: pathlib.Path) -> None:
    assert run("cases", "--designs", str(toy / "designs")).returncode == 2
    assert run("cases", "-f", "sarif").returncode == 2
    missing = run("cases", "--designs", str(toy / "nowhere"), "--holdings", str(toy / "holdings.yaml"))
    assert missing.returncode == 2 and missing.stderr.count("is no folder") == 1


def test_a_set_that_no_label_names(toy: pathlib.Path) -> None:
    result = run("cases", "-p", "fcra-ecoa")
    assert result.returncode == 0 and "no label of these cases names" in result.stdout


def test_a_design_is_called_as_its_file(toy: pathlib.Path) -> None:
    design = toy / "designs" / "second.design.yaml"
    design.write_text(design.read_text().replace("id: second", "id: other"))
    code, out, err = command(toy)
    assert (code, out) == (2, "") and "second.design.yaml:2:" in err and "called `other`" in err


@pytest.mark.parametrize(
    ("label", "ground", "fits"),
    [
        ("GDPR Article 6", "GDPR Article 6(1)(f)", True),
        ("GDPR 6(1)", "GDPR Article 6(1)(f)", True),
        ("GDPR Article 6(1)(f)", "GDPR Article 6(1)", False),
        ("GDPR Article 1", "GDPR Article 13", False),
        ("GDPR Article 13(2)(f)", "GDPR Article 13(2)(f)", True),
        ("ECHR Article 8(2)", "GDPR Article 8(2)", False),
        ("DPDP Act section 6", "DPDP Act section 6(1)", True),
    ],
)
def test_provisions(label: str, ground: str, fits: bool) -> None:
    wanted = matching.pinpoint(label)
    assert (matching.pinpoint(ground)[: len(wanted)] == wanted) is fits


@pytest.mark.parametrize(
    ("instrument", "at", "each"),
    [
        ("AI Act", "Article 15(1) and (3)", ["AI Act 15(1)", "AI Act 15(3)"]),
        ("FCRA", "15 U.S.C. 1681g(f)(1)(C) and (2)(B)", ["FCRA 15 USC 1681g(f)(1)(C)", "FCRA 15 USC 1681g(f)(2)(B)"]),
        ("PIPEDA", "Schedule 1, clauses 4.6 and 4.6.1", ["PIPEDA Schedule 1 4.6", "PIPEDA Schedule 1 clause 4.6.1"]),
        ("GDPR", "Articles 6(1)(c), 6(1)(e) and 6(3)", ["GDPR 6(1)(c)", "GDPR 6(1)(e)", "GDPR Article 6(3)"]),
        ("Quebec Act", "section 8.1, first paragraph, (1)", ["Quebec Act 8.1, first paragraph, (1)"]),
        ("DHS Memorandum", "section III, Accountability and Auditing", ["DHS Memorandum III Accountability"]),
        ("GDPR", "Article 5(1)(d), second half, and recital 42", ["GDPR 5(1)(d), second half"]),
    ],
)
def test_provisions_named_at_once(instrument: str, at: str, each: list[str]) -> None:
    wanted = [matching.pinpoint(name.replace("USC", "U.S.C.")) for name in each]
    assert matching.pinpoints(instrument, at) == wanted


@given(st.lists(st.sampled_from(list(Outcome)), max_size=4))
def test_results(outcomes: list[Outcome]) -> None:
    """A conflict anywhere decides; one open rule is enough to leave it open; silence is no result."""
    violated = matching.compared(Finding.VIOLATED, outcomes)
    cleared = matching.compared(Finding.CLEARED, outcomes)
    assert violated in OF_VIOLATED and cleared in OF_CLEARED
    assert (violated is Match.FOUND) is (cleared is Match.CONTRADICTED) is (Outcome.CONFLICT in outcomes)
    assert (violated is Match.UNDECIDED) is (cleared is Match.UNDECIDED)
    assert (violated is Match.MISSED) is (cleared is Match.RESPECTED)
    assert (violated is Match.NOT_MODELLED) is (cleared is Match.NOT_MODELLED) is (not outcomes)


# ---------------------------------------------------------------- counting


def judged(matches: dict[str, list[Match]], finding: Finding) -> list[matching.Judged]:
    """Labels of made-up cases, about nothing that is modelled."""
    file = loading.load(library.shipped("designs") / "privacy-first-credit.design.yaml", library.shipped("designs"))
    label = LabelFile(finding=finding, provision="Nowhere 1")
    return [
        matching.Judged(
            Case(CaseFile(id=c, design="x", name="x", authority="x", date="x", sources=("x",), labels=(label,)), file),
            label,
            m,
        )
        for c, results in matches.items()
        for m in results
    ]


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from(OF_VIOLATED), min_size=1), min_size=1))
def test_shares_add_up_and_lie_in_their_intervals(matches: dict[str, list[Match]]) -> None:
    bench = matching.Bench([], library.load_profile("default"))
    labels = judged(matches, Finding.VIOLATED)
    side = tally.tally(labels, bench).overall[Finding.VIOLATED]
    assert side.labels == len(labels) == sum(s.count for s in side.by_match.values())
    assert sum(s.share for s in side.by_match.values()) == pytest.approx(1)
    for match, share in side.by_match.items():
        assert share.count == Counter(j.match for j in labels)[match]
        if len(matches) < tally.FEW or share.share in (0, 1):  # too few to say, or certainty that is not there
            assert share.interval is None
        else:
            assert share.interval and 0 <= share.interval[0] <= share.interval[1] <= 1
        assert (share.shuffled, share.unplaced) == (None, 1.0 if match is Match.NOT_MODELLED else 0.0)


def test_contested_and_superseded_labels_count_nowhere() -> None:
    bench = matching.Bench([], library.load_profile("default"))
    labels = judged({"a": [Match.MISSED], "b": [Match.FOUND]}, Finding.VIOLATED)
    labels = [replace(j, label=j.label.model_copy(update={"weight": w})) for j, w in zip(
        labels, (LabelWeight.CONTESTED, LabelWeight.INTERPRETIVE), strict=True)]  # fmt: skip
    assert tally.tally(labels, bench).overall[Finding.VIOLATED].labels == 1
    assert [tally.counted(j) for j in labels] == [False, True]


def test_whoever_conflicts_with_everything_is_no_better_than_chance(toy: pathlib.Path) -> None:
    """In conflict whatever the design, a rule finds every violation, and as many in the wrong design."""
    (toy / "toy" / "secret.rule.yaml").write_text(
        RULE.format(name="secret", at="Article 5(1)(a)", aspect="transparency", effective="",
                    body="violated_when: transparency.criteria in ['none', 'list']")
    )  # fmt: skip
    code, out, _ = command(toy, "-f", "json")
    report = json.loads(out)
    chance = report["shares"]["shuffled"]
    assert code == 0 and report["totals"]["cleared"]["contradicted"] == 1
    found, wrong = chance["violated"]["found"], chance["cleared"]["contradicted"]
    assert found["own_unplaced"] == found["mean"] and wrong["own_unplaced"] <= wrong["mean"]


def test_no_case_keeps_its_own_design() -> None:
    dice = random.Random(1)
    for size in range(2, 9):
        ids = [str(n) for n in range(size)]
        assert all(a != b for _ in range(20) for a, b in zip(ids, tally._deranged(ids, dice), strict=True))


def test_one_case_has_no_baseline(toy: pathlib.Path) -> None:
    code, out, _ = command(toy, "--case", "one", "-f", "json")
    assert code == 0 and json.loads(out)["shares"]["shuffled"]["violated"]["found"]["mean"] is None
    assert "design of another case" not in command(toy, "--case", "one")[1]


def test_open_lists_below_a_place_are_open(toy: pathlib.Path) -> None:
    """An input of which no use is stated has places nobody sees, and what is not seen clears nothing."""
    design = toy / "designs" / "first.design.yaml"
    design.write_text(re.sub(r"id: shopping, uses: .*\}\]\}", "id: shopping}", design.read_text()))
    code, out, _ = command(toy, "--case", "one", "-f", "json")
    label = json.loads(out)["labels"][1]
    assert code == 0 and (label["result"], label["open"]) == ("undecided", ["inputs.shopping.uses"])


# ---------------------------------------------------------------- two codings


def renamed(file: DesignFile, suffix: str) -> DesignFile:
    """The same design with every part called otherwise, references included."""
    text = source.plain(source.read(library.shipped("designs").parent / file.files[0]).root)
    assert isinstance(text, dict)
    ids = {p["id"] for name in ("parties", "subjects", "purposes", "consents", "inputs") for p in text.get(name) or ()}

    def walk(node: object) -> object:
        if isinstance(node, dict):
            kept = {k: v for k, v in node.items() if k not in ("evidence", "complete", "partial", "promises")}
            words = ("what", "domain", "category") if "uses" in node else ("domain", "category")
            return {k: v if k in words else walk(v) for k, v in kept.items()}
        if isinstance(node, list):
            return [walk(v) for v in node]
        return f"{node}{suffix}" if node in ids else node

    tree = source.parse(json.dumps({**walk(text), "id": "other"}), "other.design.yaml").root  # type: ignore[dict-item]
    assert isinstance(tree, source.Mapping)
    return loading.from_tree(tree, "other.design.yaml")


@pytest.mark.parametrize("name", ["sesame-credit-2018", "delivery-rider-score-2019", "tenant-screening-score-2022"])
def test_a_coding_agrees_with_itself_under_other_names(name: str) -> None:
    first = library.load_design(name)
    second = renamed(first, "-x")
    found = agreement.compare([(first.design, second.design)])
    assert not found.alone and found.total.one == 0
    assert found.total.both == found.total.same > 50


@given(st.integers(0, 400))
def test_agreement_is_symmetrical_where_nobody_refers(seed: int) -> None:
    first, second = random_design(seed).design, random_design(seed + 1).design
    there, back = agreement.compare([(first, second)]), agreement.compare([(second, first)])
    assert sum(there.paired.values()) == sum(back.paired.values())
    assert agreement.compare([(first, first)]).total.one == 0


def test_labels_flip_where_codings_differ(toy: pathlib.Path) -> None:
    principles = library.load_set(str(toy / "toy"))
    cases = holdings.load(toy / "designs", toy / "holdings.yaml", sets=["toy"])
    bench = matching.Bench([principles], library.load_profile("default"), Engine.REFERENCE)
    again = {c.id: c for c in cases}
    assert not any(f.flipped for f in agreement.flips(cases, again, bench))
    swapped = {"one": replace(cases[0], design=cases[1].design)}
    flipped = [f.first.label.provision for f in agreement.flips(cases, swapped, bench) if f.flipped]
    assert flipped == ["Toy Article 5(1)(a)", "Toy 5(1)(a)"]


# ---------------------------------------------------------------- the shipped cases


def test_the_cases_are_the_sheets() -> None:
    """Each case has a sheet and the other way round; designs are coded, second codings too."""
    folder = library.shipped("designs") / "cases"
    sheets = {line[3:].strip() for line in (folder / "facts.md").read_text().splitlines() if line.startswith("## case")}
    cases = holdings.shipped()
    assert {c.id for c in cases} == sheets
    assert {c.design.design.id for c in cases} == {
        p.name.removesuffix(library.DESIGN) for p in folder.glob("*.design.yaml")
    }
    assert len(list((folder / "second").glob("*.design.yaml"))) == 12
    assert wire.report(cases[:1], [], matching.Bench([], library.load_profile("default"))).labels == []


def test_invalid_holdings_do_not_load(tmp_path: pathlib.Path) -> None:
    (tmp_path / "holdings.yaml").write_text("schema: 1\ntitle: x\ncases: []\n")
    with pytest.raises(InvalidInput):
        holdings.load(tmp_path, tmp_path / "holdings.yaml")


def test_most_of_what_was_held_under_the_gdpr_is_found() -> None:
    """What must hold of the development set, so that no later change loses it."""
    side = tally.tally(pages.judged(), pages.bench()).sets["gdpr"][Finding.VIOLATED]
    assert side.in_conflict.share >= 0.70
    assert side.by_match[Match.MISSED].share <= 0.04
    assert side.by_match[Match.NOT_MODELLED].share <= 0.06
    assert side.in_conflict.interval and side.in_conflict.shuffled_range
    assert side.in_conflict.interval[0] > side.in_conflict.shuffled_range[1], "no better than the wrong design"


def test_little_of_what_was_cleared_under_the_gdpr_is_contradicted() -> None:
    side = tally.tally(pages.judged(), pages.bench()).sets["gdpr"][Finding.CLEARED]
    assert side.by_match[Match.CONTRADICTED].share <= 0.08
    assert side.by_match[Match.CONTRADICTED_UNLESS_EXCUSED].share <= 0.12


def test_every_miss_is_explained_and_every_explanation_is_of_one() -> None:
    labels = [j for j in pages.judged() if tally.counted(j)]
    owed = [j for j in labels if j.match in pages.MISSES or (j.match is Match.NOT_MODELLED and j.label.set)]
    unexplained = [(j.case.id, j.label.provision) for j in owed if not any(pages.about(r, j) for r in pages.remarks())]
    assert unexplained == []
    stale = [(r.case, r.provision) for r in pages.remarks() if not any(pages.about(r, j) for j in pages.judged())]
    assert stale == []


def test_second_codings_were_made_without_the_first() -> None:
    """Nobody names every part as somebody else does."""
    for case_id, other in pages.second().items():
        first = next(c for c in pages.cases() if c.id == case_id)
        assert first.design.design.model_dump() != other.design.design.model_dump()
    agreed = pages.agreed().total
    assert agreed.same <= agreed.both <= agreed.both + agreed.one
