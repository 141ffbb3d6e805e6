"""What the shipped designs come to, and that every finding leads back to the line that says so."""

from __future__ import annotations

import functools
import pathlib

import pytest

from policy_eval import comparison, library
from policy_eval.design.evidence import evidence_for, keep, status_of
from policy_eval.design.loading import DesignFile
from policy_eval.design.paths import join, split
from policy_eval.design.types import Group, Parts, fields_of
from policy_eval.engine.signs import TRUE, UNKNOWN
from policy_eval.evaluation import Evaluation, Judge
from policy_eval.report import assemble
from policy_eval.report.wire import PRESENT
from policy_eval.vocabulary.law import Band, FactsLevel, Outcome

ROOT = pathlib.Path(__file__).parent.parent
CONFLICTS = (Outcome.CONFLICT, Outcome.UNLESS_EXCUSED)


@functools.cache
def judge(name: str) -> Judge:
    return Judge(library.load_set(name), library.load_profile("default"))


IN_FORCE = [name for name in library.set_names() if judge(name).rules]


@functools.cache
def judged(design: str, name: str, level: FactsLevel = FactsLevel.ALL) -> Evaluation:
    return judge(name).evaluate(library.load_design(design), facts=level)


def header_only(kind: str, tmp_path: pathlib.Path) -> DesignFile:
    path = tmp_path / "bare.design.yaml"
    path.write_text(f"id: bare\ntitle: bare\nkind: {kind}\njurisdiction: [EU]\n", encoding="utf-8")
    return library.load_design(str(path))


def test_founding_story_under_gdpr() -> None:
    e = judged("sesame-credit-2018", "gdpr")
    assert sum(r.outcome is Outcome.CONFLICT for r in e.results) >= 4
    assert e.card.band.best in (Band.SERIOUS, Band.PROHIBITED)


def test_founding_story_under_the_ai_act() -> None:
    e = judged("sesame-credit-2018", "eu-ai-act")
    assert e.result("eu-ai-act/unrelated-context-treatment").outcome in CONFLICTS
    assert e.card.band.standing is Band.PROHIBITED
    assert e.scope == UNKNOWN


@pytest.mark.parametrize("name", IN_FORCE)
def test_findings_lead_to_lines_and_law(name: str) -> None:
    wire = assemble.evaluation(judged({"fcra-ecoa": "store-card-points-table"}.get(name, "sesame-credit-2018"), name))
    conflicts = [f for f in wire.findings if f.outcome.startswith("conflict")]
    assert conflicts
    for finding in conflicts:
        assert finding.grounds
        telling = [p for p in finding.places if p.outcome == finding.outcome]
        assert telling
        for place in telling:
            assert place.evidence
            for fact in place.evidence:
                line = (ROOT / fact.file).read_text(encoding="utf-8").splitlines()[fact.line - 1]
                last = fact.path.split(".")[-1]
                assert f"{last}{'' if fact.value == PRESENT else ':'}" in line[fact.column - 1 :], (fact, line)


@pytest.mark.parametrize("name", IN_FORCE)
def test_a_design_built_to_meet_the_rules(name: str) -> None:
    e = judged("privacy-first-credit", name)
    assert [r.rule.id for r in e.results if r.outcome in CONFLICTS] == []
    assert e.card.coverage >= 0.95
    assert e.card.band.standing is Band.NONE_FOUND
    assert e.scope == TRUE


@pytest.mark.parametrize("kind", ["real", "proposed", "hypothetical", "exercise"])
@pytest.mark.parametrize("name", IN_FORCE)
def test_a_header_alone_satisfies_nothing(name: str, kind: str, tmp_path: pathlib.Path) -> None:
    e = judge(name).evaluate(header_only(kind, tmp_path))
    assert {r.outcome for r in e.results} == {Outcome.UNDECIDED}
    assert e.card.coverage == 0
    assert e.card.band.standing is Band.TOO_LITTLE_KNOWN
    for other in library.design_names()[::9]:
        assert comparison.dominates(e, judged(other, name)).sign != TRUE


def test_the_unticked_variant_differs_where_the_box_explains_it() -> None:
    compared = comparison.compare([judged(n, "gdpr") for n in ("sesame-credit-2018", "sesame-credit-unticked")])
    changed = {
        "consents.annual-report-box.act", "disclosures.purchases-to-score.choice",
        "inputs.purchases.default", "subjects.users.enrolment",
    }  # fmt: skip
    assert {d.rule for d in compared.differences} >= {
        "gdpr/consent-by-pre-ticked-box", "gdpr/default-that-shares", "gdpr/incompatible-reuse", "gdpr/no-legal-basis",
        "gdpr/passed-on-without-ground",
    }  # fmt: skip
    for difference in compared.differences:
        assert difference.facts
        assert {f.path for f in difference.facts} <= changed


def test_the_box_alone_holds_on_undisputed_facts() -> None:
    e = judged("sesame-credit-2018", "gdpr", FactsLevel.UNDISPUTED)
    established = {r.rule.id for r in e.results if r.outcome is Outcome.CONFLICT}
    assert {"gdpr/consent-by-pre-ticked-box", "gdpr/default-that-shares", "gdpr/no-legal-basis"} <= established


def test_operator_account_shows_what_hangs_on_disputed_facts() -> None:
    names = ("sesame-credit-2018", "sesame-credit-2018-operator-account")
    compared = comparison.compare([judged(n, "gdpr") for n in names])
    outcomes = {d.rule: d.outcomes for d in compared.differences}
    assert outcomes["gdpr/special-category-by-inference"] == (Outcome.UNLESS_EXCUSED, Outcome.UNDECIDED)
    report = library.load_design(names[0]).design
    assert status_of(report, split("inputs.posts.reveals")) == "disputed"


def leaves(block: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, kind in fields_of(type(block)).items():  # type: ignore[arg-type]
        value = getattr(block, name)
        if isinstance(kind, Parts):
            for part in value or ():
                found += leaves(part, (*path, name, getattr(part, part.key)))
        elif isinstance(kind, Group):
            found += leaves(value, (*path, name))
        elif value is not None and name != getattr(block, "key", "id"):
            found.append((*path, name))
    return found


DESCRIBED = [n for n in library.design_names() if library.load_design(n).design.kind in ("real", "proposed")]


@pytest.mark.parametrize("name", DESCRIBED)
def test_every_fact_of_a_described_system_has_evidence(name: str) -> None:
    design = library.load_design(name).design
    assert [join(p) for p in leaves(design) if not evidence_for(design, p)] == []
    for path in leaves(design):
        for evidence in evidence_for(design, path):
            assert evidence.source is not None or evidence.status == "inferred", path
    used = {e.source for entries in design.evidence.values() for e in entries}
    assert {s.id for s in design.sources} - used == set()


def test_two_pieces_of_evidence_may_stand_behind_a_whole_list(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "bare.design.yaml"
    path.write_text(
        "{id: bare, title: bare, kind: real, jurisdiction: [EU], inputs: [{id: orders}],"
        " sources: [{id: a, type: other, title: a}, {id: b, type: other, title: b}],"
        " evidence: {inputs: [{source: a, status: sourced}, {source: b, status: disputed}]}}",
        encoding="utf-8",
    )
    assert status_of(library.load_design(str(path)).design, split("inputs.orders")) == "disputed"


def test_keeping_everything_changes_nothing() -> None:
    for name in library.design_names():
        design = library.load_design(name).design
        assert keep(design, lambda path: True, lambda path: True) == design


@pytest.mark.parametrize("name", library.design_names())
def test_dumped_and_loaded_again_it_is_the_same(name: str) -> None:
    design = library.load_design(name).design
    again = type(design).model_validate_json(design.model_dump_json(by_alias=True, exclude_none=True))
    assert again.model_copy(update={"partial_lists": design.partial_lists}) == design


def test_a_place_that_one_design_lacks_is_no_difference_between_the_others() -> None:
    names = ("caller-mood-ranking-2018-2021", "caller-mood-ranking-asked", "city-points-wallet-2022")
    compared = comparison.compare([judged(n, "gdpr") for n in names])
    assert compared.differences
    for difference in compared.differences:
        assert all(len({o for o in place.outcomes if o is not None}) > 1 for place in difference.places)
        assert difference.places or len(set(difference.outcomes)) > 1


@pytest.mark.parametrize("name", ["gdpr", "cn-credit"])
def test_comparing_is_mirrored_and_finds_nothing_in_itself(name: str) -> None:
    """Every second design with the next of them by name, and with the careful one."""
    judged_all = [judged(d, name) for d in library.design_names()[::2]]
    careful = judged("privacy-first-credit", name)
    for a, next_one in zip(judged_all, [*judged_all[1:], judged_all[0]], strict=True):
        assert comparison.compare([a, a]).differences == ()
        assert comparison.dominates(a, a).sign != TRUE
        for b in (next_one, careful):
            there, back = comparison.compare([a, b]), comparison.compare([b, a])
            assert [(d.rule, d.outcomes) for d in there.differences] == [
                (d.rule, d.outcomes[::-1]) for d in back.differences
            ]
            assert [f.values for d in there.differences for f in d.facts] == [
                f.values[::-1] for d in back.differences for f in d.facts
            ]
            assert not (comparison.dominates(a, b).sign == comparison.dominates(b, a).sign == TRUE)
