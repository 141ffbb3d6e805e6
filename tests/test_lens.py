"""Lenses sort rules and findings of any set, and judge nothing."""

from __future__ import annotations

import json
import pathlib

import pytest

from policy_eval import lens as lenses
from policy_eval import library
from policy_eval.errors import InvalidInput
from policy_eval.evaluation import Judge
from policy_eval.findings import CONFLICTS
from policy_eval.language import fields
from tests.test_cli import run


@pytest.mark.parametrize("name", lenses.lens_names())
def test_shipped_lenses_sort_and_say_what_they_leave(name: str) -> None:
    lens = lenses.load_lens(name)
    sets = [library.load_set(s) for s in library.set_names()]
    for covered in lenses.cover(lens, sets):
        assert bool(covered.rules) != (covered.category.beyond is not None), covered.category.id
        for rule in covered.rules:
            wanted = covered.category.principles
            assert not wanted or rule.text.principle in wanted


def test_a_rule_is_sorted_by_what_its_concepts_read() -> None:
    gdpr = library.load_set("gdpr")
    rule = next(r for r in gdpr.rules if r.id == "gdpr/no-legal-basis")
    read = lenses.rule_fields(rule, gdpr)
    assert {"purpose.basis", "consent.act", "purpose.law_data"} <= read <= set(fields.known())


def test_a_conflict_falls_where_the_facts_it_hangs_on_fall() -> None:
    profile = library.load_profile("default")
    evaluation = Judge(library.load_set("gdpr"), profile).evaluate(library.load_design("sesame-credit-2018"))
    looked = {x.category.id: x for x in lenses.look(lenses.load_lens("solove"), [evaluation])}
    conflicts = {k: {r.rule.id for r in x.results if r.outcome in CONFLICTS} for k, x in looked.items()}
    assert "gdpr/incompatible-reuse" in conflicts["secondary-use"]
    assert "gdpr/consent-by-pre-ticked-box" not in conflicts["secondary-use"] | conflicts["surveillance"]
    assert "gdpr/strangers-record-counts" in conflicts["distortion"]
    for x in looked.values():
        assert not set(x.stated) & set(x.unknown)
    assert ("inputs", "purchases", "uses", "creditworthiness", "link") in looked["secondary-use"].stated


def test_the_leaves_of_a_design_are_the_fields_of_the_schema() -> None:
    design = library.load_design("privacy-first-credit").design
    assert {f for f, _, _ in fields.leaves(design)} <= set(fields.known())


def test_lens_in_reports() -> None:
    report = json.loads(run("evaluate", "sesame-credit-2018", "-p", "gdpr", "--lens", "linddun", "-f", "json").stdout)
    categories = {c["id"]: c for c in report["lenses"][0]["categories"]}
    assert "linking" in categories and "score" not in report["lenses"][0]
    linking = categories["linking"]
    assert linking["outcomes"]["gdpr/incompatible-reuse"] == "conflict"
    assert {f["path"] for f in linking["facts"]} & {"inputs.purchases.uses.creditworthiness.link"}
    assert all(f["line"] for f in linking["facts"])


def test_rules_by_lens_name_what_no_rule_covers() -> None:
    text = run("rules", "--by", "solove").stdout
    assert "Blackmail" in text and "no rule: Blackmail is what a person does" in text
    data = json.loads(run("rules", "--by", "solove", "-f", "json").stdout)
    assert next(c for c in data["categories"] if c["id"] == "blackmail")["rules"] == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("facts: [use.link]", "facts: [use.lnk]"), "no field is called `use.lnk`"),
        (("kind: framework", "kind: law"), "a lens is of the kind `framework`"),
        (("    facts: [use.link]\n", ""), "names neither principles nor facts"),
    ],
)
def test_faults_of_a_lens_are_located(tmp_path: pathlib.Path, change: tuple[str, str], fault: str) -> None:
    text = """id: own
title: Own
kind: framework
version: "1"
about: a lens
grounds: [{instrument: A paper, at: page 1, verified: read, status_checked: 2026-11-26}]
categories:
  - id: linking
    title: Linking
    about: what is linked
    question: What is?
    facts: [use.link]
"""
    path = tmp_path / "own.lens.yaml"
    path.write_text(text)
    assert lenses.load_lens(str(path)).id == "own"
    path.write_text(text.replace(*change))
    with pytest.raises(InvalidInput) as error:
        lenses.load_lens(str(path))
    assert fault in str(error.value) and f"{path}:" in str(error.value)
