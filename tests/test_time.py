"""Law in time: what is in force when, and designs judged under the law of their own day."""

from __future__ import annotations

import datetime as dt
import json
import pathlib

from policy_eval import library, timeline
from tests.test_cli import run

BEFORE, AFTER = "2026-07-20", "2026-07-22"


def evaluated(design: str, *more: str) -> dict[str, str]:
    report = json.loads(run("evaluate", design, "-f", "json", *more).stdout)
    return {f["rule"]: f["outcome"] for e in report["evaluations"] for f in e["findings"]}


def test_the_effects_test_left_regulation_b() -> None:
    before = evaluated("store-card-points-table", "-p", "fcra-ecoa", "--as-of", BEFORE)
    after = evaluated("store-card-points-table", "-p", "fcra-ecoa", "--as-of", AFTER)
    (gone,) = set(before) - set(after)
    assert "effects-test" in gone and before[gone] not in ("undecided", "not_applicable")
    assert after == {rule: outcome for rule, outcome in before.items() if rule != gone}


def test_period_is_the_last_day_of_the_design() -> None:
    report = json.loads(run("evaluate", "welfare-fraud-risk-indication-2019", "-f", "json", "--as-of", "period").stdout)
    until = str(library.load_design("welfare-fraud-risk-indication-2019").design.period.until)
    assert {e["as_of"] for e in report["evaluations"]} == {until}
    assert all("20" not in (e["as_if"] or "").split("law of")[0] for e in report["evaluations"])


def test_a_design_without_a_last_day_takes_the_text_of_the_set(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "undated.design.yaml"
    path.write_text("id: undated\ntitle: No period\nkind: hypothetical\n")
    result = run("evaluate", str(path), "-p", "gdpr", "-f", "json", "--as-of", "period")
    assert "no last day of a period" in result.stderr
    assert json.loads(result.stdout)["as_of"] == str(library.load_set("gdpr").text.text_as_of)


def test_comparison_of_designs_under_different_days(tmp_path: pathlib.Path) -> None:
    for year in (2017, 2019):
        text = f"extends: ./privacy-first-credit.design.yaml\nid: in-{year}\ntitle: In {year}\n"
        (tmp_path / f"in-{year}.design.yaml").write_text(
            f"{text}set:\n  period: {{from: {year}-01-01, until: {year}-12-31}}\n"
        )
    source = library.shipped("designs") / "privacy-first-credit.design.yaml"
    (tmp_path / source.name).write_text(source.read_text())
    names = [str(tmp_path / f"in-{y}.design.yaml") for y in (2017, 2019)]
    result = run("compare", *names, "-p", "gdpr", "--as-of", "period", "-f", "json")
    comparison = json.loads(result.stdout)["comparison"][0]
    assert comparison["decided_in_all"] == 0 and comparison["differences"]
    assert all(d["outcomes"]["in-2017"] is None for d in comparison["differences"])
    assert {d["outcome"] for d in comparison["dominance"]} == {"does_not_dominate"}
    text = run("compare", *names, "-p", "gdpr", "--as-of", "period").stdout
    assert "A not in force" in text and "law of 2017-12-31" in text


def test_events_are_what_rules_say() -> None:
    sets = [library.load_set(name) for name in library.set_names()]
    events = timeline.events(sets)
    assert events == sorted(events)
    first = next(e for e in events if e.rule == "gdpr/no-legal-basis" and e.what == timeline.IN_FORCE)
    assert first.date == dt.date(2018, 5, 25)
    for event in events:
        owner = next(s for s in sets if s.id == event.set)
        day_before = {r.id for r in timeline.in_force(owner, event.date - dt.timedelta(days=1))[0]}
        day_after = {r.id for r in timeline.in_force(owner, event.date + dt.timedelta(days=1))[0]}
        if event.what == timeline.IN_FORCE:
            assert event.rule not in day_before
        if event.what == timeline.LAST_DAY:
            assert event.rule not in day_after


def test_changes_from_a_day_on() -> None:
    data = json.loads(run("rules", "--changes", "--as-of", "2027-01-01", "-f", "json").stdout)
    assert data["changes"] and all(c["date"] >= "2027-01-01" for c in data["changes"])
    text = run("rules", "--changes", "-p", "eu-ai-act").stdout
    assert "2027-12-02" in text and "comes into force" in text


def test_rules_as_json() -> None:
    rules = json.loads(run("rules", "-f", "json").stdout)["rules"]
    keys = {"id", "set", "title", "principle", "severity", "status", "effective", "in_force", "grounds"}
    assert all(set(r) == keys for r in rules)
    assert {r["set"] for r in rules} == set(library.set_names())
