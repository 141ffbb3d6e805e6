"""The real command line: exit codes, bad input, stable bytes."""
# ruff: noqa: E501

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import time

import jsonschema
import pytest

from policy_eval.schemas import json_schema
from tests.program import BASE, ROOT, run, unnoted

__all__ = ["BASE", "ROOT", "run"]


COMMANDS = [
    ("evaluate", "sesame-credit-2018", "--lens", "linddun"),
    ("evaluate", "sesame-credit-2018", "-p", "gdpr", "-p", "eu-ai-act", "-f", "json"),
    ("compare", "sesame-credit-2018", "sesame-credit-unticked", "privacy-first-credit", "-p", "gdpr", "-f", "json"),
    ("explain", "gdpr/no-legal-basis"),
    ("explain", "sesame-credit-2018", "gdpr/strangers-record-counts"),
    ("rules", "-f", "json"),
    ("rules", "--by", "principle"),
    ("schema", "design"),
]


@pytest.mark.slow
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_same_bytes_whatever_the_surroundings(arguments: tuple[str, ...], tmp_path: pathlib.Path) -> None:
    first = run(*arguments, PYTHONHASHSEED="1", TZ="UTC")
    second = run(*arguments, cwd=tmp_path, PYTHONHASHSEED="2", TZ="Asia/Shanghai", NO_COLOR="1")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == second.stdout != ""


@pytest.mark.slow
def test_ascii_terminals_do_not_crash() -> None:
    for arguments in COMMANDS[:6]:
        result = run(*arguments, PYTHONIOENCODING="ascii", LC_ALL="C")
        assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("arguments", COMMANDS[1:3], ids=" ".join)
def test_json_keeps_its_schema(arguments: tuple[str, ...]) -> None:
    report = json.loads(run(*arguments).stdout)
    jsonschema.Draft202012Validator(json_schema("report")).validate(report)
    assert report["schema_version"] == 1


def test_reference_alone_says_the_same() -> None:
    both = json.loads(run("evaluate", "sesame-credit-2018", "-f", "json").stdout)
    alone = json.loads(run("evaluate", "sesame-credit-2018", "-f", "json", "--engine", "reference").stdout)
    assert alone.pop("engine") == "reference"
    both.pop("engine")
    assert both == alone


def test_law_of_another_day() -> None:
    sets = ("-p", "gdpr", "-p", "eu-ai-act")
    early = json.loads(run("evaluate", "sesame-credit-2018", *sets, "-f", "json", "--as-of", "2018-05-24").stdout)
    assert all(e["findings"] == [] and e["not_in_force"] for e in early["evaluations"])
    later = json.loads(run("evaluate", "sesame-credit-2018", *sets, "-f", "json", "--as-of", "2018-05-25").stdout)
    in_force = {e["set"]: bool(e["findings"]) for e in later["evaluations"]}
    assert in_force == {"gdpr": True, "eu-ai-act": False}


def test_controller_reads_missing_facts_as_not_demonstrated() -> None:
    report = json.loads(
        run("evaluate", "sesame-credit-2018", "-p", "gdpr", "-f", "json", "--reading", "controller").stdout
    )
    undecided = [f for f in report["evaluations"][0]["findings"] if f["outcome"] == "undecided"]
    assert undecided
    assert all(f["not_demonstrated"] for f in undecided)


@pytest.mark.parametrize("format", ["text", "json"])
def test_a_closed_pipe_is_quiet(format: str) -> None:
    command = (
        f"{sys.executable} -m policy_eval evaluate sesame-credit-2018 -f {format} | head -c 1; echo ${{PIPESTATUS[0]}}"
    )
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, env=BASE)
    assert result.stdout.endswith("0\n")
    assert unnoted(result.stderr) == ""


@pytest.mark.skipif(not pathlib.Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_an_error_of_the_machine() -> None:
    command = f"{sys.executable} -m policy_eval evaluate sesame-credit-2018 -f json > /dev/full; echo $?"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, env=BASE)
    assert result.stdout == "3\n"
    assert "space" in result.stderr


BAD: dict[str, tuple[bytes, str]] = {
    "brackets": (b"[" * 10_000_000, "larger than"),
    "deep": (b"[" * 4_900_000, ": nested more than 64 deep"),
    "bomb": (b"a: &a [x]\n" + b"".join(b"%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c]\n" % ((n + 1, n + 1) + (n,) * 6) for n in range(97, 107)),
             "more than"),
    "empty": (b"", "the file is empty"),
    "comments": (b"# nothing\n", "the file is empty"),
    "nul": (b"id: a\x00b\n", "NUL byte"),
    "latin-1": ("id: a\ntitle: é\n".encode("latin-1"), "2:8: the file is not valid UTF-8"),
    "utf-32": ("id: a\n".encode("utf-32"), "UTF-32"),
    "tags": (b"id: !!python/object:os.system x\n", "the tag"),
    "duplicate keys": (b"id: a\ntitle: t\nid: b\n", "3:1: `id` is there twice"),
    "merge": (b"a: &a {x: 1}\n<<: *a\n", "merge keys"),
    "two documents": (b"id: a\n---\nid: b\n", "2:1: a second document"),
    "tab": (b"id: a\n\ttitle: t\n", "2:1"),
    "number key": (b"1: a\n", "is not text"),
    "octal": (b"id: a\ntitle: t\nkind: real\nretentions: [{id: a, months: 010}]\n", "4:30: readers disagree about `010`"),
    "infinite": (b"id: a\ntitle: t\nkind: real\nretentions: [{id: a, months: .inf}]\n", "readers disagree"),
    "alias to itself": (b"a: &a [*a]\n", "inside what it stands for"),
    "list": (b"- id: a\n", "a group of `name: value` lines"),
    "key": (b"id: a\ntitle: t\nkind: exercise\ninputs: [{id: p, sorce: bought}]\n", "did you mean `source`?"),
    "value": (b"id: a\ntitle: t\nkind: exercise\ninputs: [{id: p, source: baught}]\n", "did you mean `bought`?"),
    "boolean": (b"id: a\ntitle: t\nkind: exercise\nconsents: [{id: p, recorded: yes}]\n", "`recorded` is true or false"),
    "reference": (b"id: a\ntitle: t\nkind: exercise\nsubjects: [{id: users}]\ninputs: [{id: p, about: [uzers]}]\n", "did you mean `users`?"),
    "ids": (b"id: a\ntitle: t\nkind: exercise\ninputs: [{id: p}, {id: p}]\n", "`p` is twice"),
    "reserved": (b"id: a\ntitle: t\nkind: exercise\nparties: [{id: police}]\n", "a meaning of its own"),
    "escape": (b"id: a\ntitle: t\nextends: ../../etc/passwd\n", "outside the folder"),
    "circle": (b"id: a\ntitle: t\nextends: ./bad.design.yaml\n", "in a circle"),
    "no parent": (b"id: a\ntitle: t\nextends: ./nowhere.yaml\n", "is not there"),
    "told and left out": (b"id: a\ntitle: t\nkind: exercise\nsubjects: [{id: u, told_about: [period], told_lacks: [period]}]\n", "both told and left out"),
    "set alone": (b"id: a\ntitle: t\nkind: exercise\nset: {inputs.p: {}}\n", "extends none"),
    "period": (b"id: a\ntitle: t\nkind: exercise\nperiod: {from: 2022-05-05, until: 2021-01-01}\n", "4:1: the period ends before it begins"),
    "sourced by nothing": (b"id: a\ntitle: t\nkind: exercise\nis_ai: infers_from_data\nevidence: {is_ai: [{status: sourced}]}\n", "`is_ai` is called sourced and cites no source"),
    "no sources": (b"id: a\ntitle: t\nkind: exercise\nis_ai: infers_from_data\nevidence: {is_ai: [{source: x, status: sourced}]}\n", "list it under `sources`"),
    "said twice": (b"id: a\ntitle: t\nkind: exercise\npurposes: [{id: p, basis: [consent, consent]}]\n", "4:20: `consent` is twice in `basis`"),
    "crowd": (b"id: a\ntitle: t\nkind: exercise\nsubjects:\n" + b"".join(b"- {id: s%d}\n" % n for n in range(1200)), "more than 1,000 parts"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_located_and_quick(name: str, tmp_path: pathlib.Path) -> None:
    data, expected = BAD[name]
    path = tmp_path / "bad.design.yaml"
    path.write_bytes(data)
    start = time.monotonic()
    result = run("evaluate", str(path), "-p", "gdpr")
    assert time.monotonic() - start < 10
    assert (result.returncode, result.stdout) == (2, "")
    assert expected in result.stderr
    assert "bad.design.yaml" in result.stderr
    assert "Traceback" not in result.stderr


def test_folders_and_missing_paths(tmp_path: pathlib.Path) -> None:
    for path, expected in ((tmp_path, "this is a folder"), (tmp_path / "none.yaml", "there is no such file")):
        result = run("evaluate", str(path))
        assert (result.returncode, result.stdout) == (2, "")
        assert expected in result.stderr


def test_all_faults_of_a_file_at_once(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "bad.design.yaml"
    path.write_text(
        "id: a\ntitle: [t]\nkind: reall\ninputs: [{id: p, sorce: x}]\nconsents: [{id: c, act: }]\n", encoding="utf-8"
    )
    lines = [x for x in run("evaluate", str(path)).stderr.splitlines() if x.startswith(str(path))]
    assert [x.removeprefix(f"{path}:").split(":")[0] for x in lines] == ["2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("evaluate", "sesame-credit-2081"), "did you mean `sesame-credit-2018`?"),
        (("evaluate", "privacy-first-credit", "-p", "gdpl"), "did you mean `gdpr`?"),
        (("explain", "gdpr/no-legal-bases"), "did you mean `gdpr/no-legal-basis`?"),
        (("evaluate", "unticked"), "did you mean `sesame-credit-unticked`?"),
        (("explain", "pre-ticked"), "did you mean `gdpr/consent-by-pre-ticked-box`?"),
        (("evaluate", "privacy-first-credit", "--as-of", "2026-02-30"), "is no date"),
        (("evaluate", "privacy-first-credit", "-f", "yaml"), "is no format"),
        (("compare", "privacy-first-credit", "-p", "gdpr"), "one design and two sets"),
        (("evaluate", "privacy-first-credit", "privacy-first-credit"), "two designs have the id"),
        (("rules", "--by", "linddum"), "did you mean `linddun`?"),
        (("evaluate", "privacy-first-credit", "-p", "linddun"), "it is a lens: `--lens linddun`"),
        (("evaluate", "privacy-first-credit", "--lens", "solve"), "did you mean `solove`?"),
        (("nonsense",), "nonsense"),
        (("evaluate", "--nonsense"), "nonsense"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], expected: str) -> None:
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert expected in result.stderr


def test_examples_of_some_rules_alone() -> None:
    sets = ("-p", "gdpr", "-p", "oecd")
    one = run("test", "gdpr/no-legal-basis", "valid_consent", *sets)
    assert (one.returncode, one.stderr) == (0, "")
    assert run("test", "no-legal-basis", "valid_consent", *sets).stdout == one.stdout
    counted = {line.split(":")[0]: int(line.split()[1]) for line in one.stdout.splitlines()}
    assert counted["oecd"] == 0 < counted["gdpr"] < 30
    assert run("test", "gdpr/no-legal-basis").stdout.count("\n") == 1  # the name says which set it is in
    assert "of 1 mutants" in run("test", "--mutants", "gdpr/no-legal-basis", "-p", "gdpr").stdout
    unknown = run("test", "gdpr/no-legal-bases")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "did you mean `gdpr/no-legal-basis`?" in unknown.stderr


def test_a_list_stated_in_part_is_not_called_unknown() -> None:
    shown = run("explain", "sesame-credit-2018", "gdpr/strangers-record-counts").stdout
    assert "inputs.personal-connections.uses may hold more than is stated" in shown
    assert "inputs.personal-connections.uses is not known" not in shown
    assert "? it is open" in " ".join(shown.split())
    compared = run("compare", "city-points-wallet-2022", "privacy-first-credit", "-p", "gdpr").stdout
    assert "because associations: A unknown, B []" in compared
    assert "[, and perhaps more]" not in compared


def test_which_facts_a_verdict_rests_on_is_said() -> None:
    for command in (
        ("compare", "sesame-credit-2018", "privacy-first-credit", "-p", "gdpr"),
        ("explain", "sesame-credit-2018", "gdpr/no-legal-basis"),
    ):
        assert "Facts: undisputed only" in run(*command, "--facts", "undisputed").stdout
        assert "Facts:" not in run(*command).stdout


def test_an_advisory_conflict_stands_beside_a_band_that_leaves_it_out() -> None:
    shown = run("evaluate", "job-seeker-chances-2020", "-p", "eu-ai-act").stdout
    assert "NO CONFLICT FOUND ON THE FACTS GIVEN" in shown
    assert "besides 1 advisory conflict, shown below and never counted" in shown
    assert "advisory conflict" not in run("evaluate", "privacy-first-credit", "-p", "eu-ai-act").stdout


def test_a_part_is_said_to_be_stated_not_to_have_a_value() -> None:
    shown = " ".join(run("evaluate", "youth-risk-list", "-p", "eu-ai-act").stdout.split())
    assert "inputs.home-and-school.uses.prevention is stated" in shown
    assert "= stated" not in shown


def test_a_rule_of_another_day_says_so() -> None:
    assert "in force from 2027-12-02" in run("explain", "eu-ai-act/accuracy-unknown").stdout
    assert "in force" not in run("explain", "gdpr/open-inside").stdout


def test_a_fact_set_on_an_item_that_is_not_there(tmp_path: pathlib.Path) -> None:
    (tmp_path / "base.design.yaml").write_text("id: base\ntitle: t\nkind: exercise\n", encoding="utf-8")
    path = tmp_path / "other.design.yaml"
    path.write_text(
        "id: other\ntitle: t\nextends: ./base.design.yaml\nset: {consents.box.act: preset}\n", encoding="utf-8"
    )
    result = run("evaluate", str(path))
    assert result.returncode == 2
    assert "help: write the whole item: `consents.box: {...}`" in result.stderr


def test_hostile_names_come_out_harmless(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "hostile.design.yaml"
    path.write_text('id: hostile\ntitle: "[bold]x[/y] \u202e evil"\nkind: exercise\nsubjects: []\n', encoding="utf-8")
    result = run("evaluate", str(path), "-p", "gdpr")
    assert result.returncode == 0
    assert "[bold]x[/y] \\u202e evil" in result.stdout
    assert "invisible character" in result.stderr


def test_a_set_of_ones_own(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    ground = '{instrument: House rules, at: "1", verified: read, status_checked: 2026-01-01}'
    (folder / "set.yaml").write_text(
        f"id: mine\ntitle: My rules\nshort: House rules\njurisdiction: [XX]\nkind: internal\ntext_as_of: 2026-01-01\n"
        f'version: "1"\nscope: {{applies_when: any(s.scored for s in subjects), rationale: r, grounds: [{ground}]}}\n',
        encoding="utf-8",
    )
    rule = (
        f'id: mine/ticked\ntitle: t\nprinciple: consent\naspect: a\nsince: "1"\ngrounds: [{ground}]\nseverity: high\n'
        "severity_because: b\nfor_each: consent\nviolated_when: consent.act == 'preset'\nmessage: \"{consent.id}\"\n"
        "rationale: r\nremedy: r\n"
    )
    (folder / "ticked.rule.yaml").write_text(rule, encoding="utf-8")
    report = json.loads(run("evaluate", "sesame-credit-2018", "-p", str(folder), "-f", "json").stdout)
    assert [f["outcome"] for f in report["evaluations"][0]["findings"]] == ["conflict"]
    (folder / "ticked.rule.yaml").write_text(rule.replace("'preset'", "'presett'"), encoding="utf-8")
    result = run("evaluate", "sesame-credit-2018", "-p", str(folder))
    assert result.returncode == 2
    assert f"{folder}/ticked.rule.yaml:10:31: `consent.act` never takes the value `presett`" in result.stderr
    assert "did you mean `preset`?" in result.stderr


def test_one_design_across_sets() -> None:
    report = json.loads(run("compare", "sesame-credit-2018", "-p", "gdpr", "-p", "eu-ai-act", "-f", "json").stdout)
    jsonschema.Draft202012Validator(json_schema("report")).validate(report)
    across = report["across"]
    assert (across["design"], across["sets"], report["comparison"]) == (
        "sesame-credit-2018",
        ["gdpr", "eu-ai-act"],
        None,
    )
    conflicts = {f["rule"] for e in report["evaluations"] for f in e["findings"] if f["outcome"].startswith("conflict")}
    for shared in across["facts"]:
        assert len({r.split("/")[0] for r in shared["rules"]}) > 1 and set(shared["rules"]) <= conflicts
        assert shared["fact"]["line"] > 0
    assert "inputs.purchases.uses.creditworthiness.expected" in [s["fact"]["path"] for s in across["facts"]]
    text = " ".join(run("compare", "sesame-credit-2018", "-p", "gdpr", "-p", "eu-ai-act").stdout.split())
    assert text.count("as if a system of CN") == 2 and "not to be compared or summed" in text


def test_explain_tells_what_stands_behind_law_that_is_open() -> None:
    """Where a concept's law is unsettled, both positions are told with their authorities."""
    result = run("explain", "exercises/the-study-score/study-score.design.yaml", "gdpr/consent-not-free")
    assert result.returncode == 0
    assert "open law:" in result.stdout and "Meta Platforms" in result.stdout
