"""The gate: conflicts shut it, missing facts shut it too, unsettled law alone does not."""

from __future__ import annotations

import pathlib
import random
import subprocess
import sys

import pytest

from policy_eval import gate, library
from policy_eval.analysis import sampling
from policy_eval.evaluation import Engine, Judge
from policy_eval.vocabulary.law import Outcome, Reading, Severity
from tests.test_cli import BASE, ROOT, run

PROFILE = library.load_profile("default")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("privacy-first-credit", "-p", "gdpr"), 0, "nothing at high or above"),
        (("sesame-credit-2018", "-p", "gdpr"), 1, "gdpr/consent-by-pre-ticked-box"),
        (("loan-app-separate-consents", "-p", "gdpr"), 4, "not demonstrated"),
        (("privacy-first-credit", "loan-app-separate-consents", "-p", "gdpr"), 4, "nothing at high"),
        (("sesame-credit-2018", "points-credit-score-us", "-p", "gdpr"), 1, "not demonstrated"),
        (("sesame-credit-2018", "-p", "gdpr", "--fail-on", "critical"), 0, "no rule of the set is of severity"),
        (("sesame-credit-2018", "-p", "gdpr", "--as-of", "2015-01-01"), 0, "none of its rules is in force"),
        (("city-trust-record", "-p", "fcra-ecoa"), 0, "the set does not cover it"),
        (("nowhere.design.yaml",), 2, ""),
    ],
)
def test_codes(arguments: tuple[str, ...], code: int, said: str) -> None:
    result = run("check", *arguments)
    assert result.returncode == code and said in " ".join(result.stdout.split())


def test_folders_of_designs(tmp_path: pathlib.Path) -> None:
    assert run("check", str(tmp_path), "-p", "gdpr").returncode == 2
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "ours.design.yaml").write_text("id: ours\ntitle: Ours\nkind: hypothetical\n")
    (tmp_path / "deep" / "notes.yaml").write_text("nothing: here\n")
    result = run("check", str(tmp_path), "-p", "gdpr")
    assert result.returncode == 4 and "ours under gdpr" in result.stdout


def test_what_might_be_excused_is_a_conflict_or_not_demonstrated() -> None:
    e = Judge(library.load_set("eu-ai-act"), PROFILE).evaluate(library.load_design("sesame-credit-2018"))
    open_conflicts = {r.rule.id for r in e.results if r.outcome is Outcome.UNLESS_EXCUSED}
    strict = gate.gate(e, Severity.CRITICAL)
    lenient = gate.gate(e, Severity.CRITICAL, established_only=True)
    assert open_conflicts and {r.rule.id for r in strict.conflicts} == open_conflicts
    assert lenient.conflicts == () and open_conflicts <= {r.rule.id for r in lenient.not_demonstrated}
    assert (gate.code([strict]), gate.code([lenient])) == (gate.AGAINST, gate.NOT_DEMONSTRATED)


def test_unsettled_law_alone_does_not_shut_it() -> None:
    e = Judge(library.load_set("gdpr"), PROFILE).evaluate(
        library.load_design("driving-style-tariff"), reading=Reading.CONTROLLER
    )
    undecided = [r for r in e.results if r.outcome is Outcome.UNDECIDED]
    assert undecided and gate.code([gate.gate(e, Severity.LOW)]) == gate.CLEAR


@pytest.mark.parametrize("seed", range(30))
def test_forgetting_facts_never_opens_it(seed: int) -> None:
    rng = random.Random(seed)
    whole = sampling.complete_draft(rng, 2)
    poorer = sampling.forget(whole, rng, 0.3)
    judge = Judge(library.load_set("gdpr"), PROFILE, engine=Engine.REFERENCE)
    before = gate.code([gate.gate(judge.evaluate(whole.load()), Severity.LOW)])
    after = gate.code([gate.gate(judge.evaluate(poorer.load()), Severity.LOW)])
    assert before == gate.CLEAR or after != gate.CLEAR


def test_who_stops_reading_still_gets_the_code() -> None:
    command = f"{sys.executable} -m policy_eval check sesame-credit-2018 -p gdpr | head -c 1; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, env=BASE)
    assert result.stdout.endswith("1\n") and result.stderr == ""
    closed = subprocess.run(["bash", "-c", f"{sys.executable} -m policy_eval check x >&-"], cwd=ROOT, env=BASE)
    assert closed.returncode == 3
