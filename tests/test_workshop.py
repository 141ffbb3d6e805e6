"""The workshop: new files pass, lint finds what it says it finds, versions are pinned, tests run again at a change."""

from __future__ import annotations

import datetime as dt
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from policy_eval import library, scaffold, settings
from policy_eval.analysis import audit, sampling
from policy_eval.errors import InvalidInput
from tests.test_cli import BASE, ROOT, run

PROFILE = library.load_profile("default")
SAMPLES = [sampling.random_design(seed).design for seed in range(80)]


@pytest.fixture
def own(tmp_path: pathlib.Path) -> pathlib.Path:
    """A set of one rule and one concept, as `new` writes them."""
    today = dt.date(2026, 11, 26)
    folder = tmp_path / "house-rules"
    folder.mkdir()
    (folder / "set.yaml").write_text(scaffold.set_text("house-rules", "EU", today))
    owner = library.load_set(str(folder))
    (folder / "unexplained-input.rule.yaml").write_text(scaffold.rule_text(owner, "unexplained-input", today))
    (folder / "far-use.concept.yaml").write_text(scaffold.concept_text(owner, "far-use", today))
    return folder


def edited(path: pathlib.Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


# --- new ---------------------------------------------------------------------------------------


def test_from_nothing_to_a_set_that_judges(tmp_path: pathlib.Path) -> None:
    """A set with one rule, made in an empty folder and used by its path, without code."""
    for arguments in (
        ("new", "set", "house-rules"),
        ("new", "rule", "unexplained-input", "-p", "house-rules"),
        ("new", "concept", "far-use", "-p", "house-rules"),
        ("new", "design", "our-score"),
        ("new", "design", "our-score-2027", "--extends", "our-score.design.yaml"),
        ("new", "profile", "our-weights"),
        ("test", "-p", "./house-rules"),
        ("test", "-p", "./house-rules", "--mutants"),
        ("lint", "-p", "./house-rules"),
        ("evaluate", "our-score.design.yaml", "-p", "./house-rules", "--profile", "our-weights.yaml"),
        ("evaluate", "our-score-2027.design.yaml", "-p", "./house-rules"),
    ):
        result = run(*arguments, cwd=tmp_path)
        assert result.returncode == 0, (arguments, result.stdout, result.stderr)
    found = run("evaluate", "sesame-credit-2018", "privacy-first-credit", "-p", "./house-rules", cwd=tmp_path)
    assert "house-rules/unexplained-input" in found.stdout and "no conflict" in found.stdout


def test_new_designs_assert_nothing_and_their_lines_can_be_uncommented(tmp_path: pathlib.Path) -> None:
    text = scaffold.design_text("ours")
    path = tmp_path / "ours.design.yaml"
    path.write_text(text)
    design = library.load_design(str(path)).design
    assert design.inputs is None and design.governance.assessment is None
    filled = []
    for line in text.splitlines():
        while re.match(r" *#  ", line):
            line = line.replace("#", "", 1) if line.startswith("#") else line.replace("#", " ", 1)
        filled.append(re.sub(r"^( *\w+): unknown  # .*; \[\] where there are none$", r"\1:", line))
    path.write_text("\n".join(filled))
    design = library.load_design(str(path)).design
    assert design.inputs and design.inputs[0].uses and design.promises
    assert all(getattr(design, name) for name in ("parties", "subjects", "consents", "consequences", "retentions"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("new", "set", "Bad Name"), "cannot be a name"),
        (("new", "set", "house_rules"), "cannot be a name"),
        (("new", "set", "null"), "cannot be a name"),
        (("new", "concept", "any", "-p", "."), "no set.yaml"),
        (("new", "rule", "a-rule", "-p", "gdpr"), "no principle set is called `./gdpr`"),
        (("new", "rule", "a-rule"), "say which set it belongs to"),
        (("new", "design", "v", "--extends", "elsewhere/x.design.yaml"), "lies in the folder of the design"),
        (("new", "design", "v", "--extends", "x.design.yaml"), "there is no such file"),
    ],
)
def test_what_new_refuses(tmp_path: pathlib.Path, arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments, cwd=tmp_path)
    assert result.returncode == 2 and message in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_names_may_be_paths(tmp_path: pathlib.Path) -> None:
    for arguments in (
        ("set", "deep/house-rules"),
        ("rule", "deep/house-rules/unexplained-input"),
        ("concept", "house-rules/far-use", "-p", "deep/house-rules"),
        ("design", "drafts/ours.design.yaml"),
        ("profile", "ours", "--in", "profiles"),
    ):
        assert run("new", *arguments, cwd=tmp_path).returncode == 0, arguments
    made = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*.yaml")}
    assert made == {
        "deep/house-rules/set.yaml", "deep/house-rules/unexplained-input.rule.yaml",
        "deep/house-rules/far-use.concept.yaml", "drafts/ours.design.yaml", "profiles/ours.yaml",
    }  # fmt: skip
    assert run("test", "-p", "deep/house-rules", cwd=tmp_path).returncode == 0


def test_new_replaces_nothing(own: pathlib.Path) -> None:
    before = {p: p.read_text() for p in own.iterdir()}
    for arguments in (("set", "house-rules"), ("rule", "unexplained-input", "-p", str(own))):
        result = run("new", *arguments, cwd=own.parent)
        assert result.returncode == 2 and "already a file of this name" in result.stderr
    assert {p: p.read_text() for p in own.iterdir()} == before


@pytest.fixture
def made(tmp_path: pathlib.Path) -> pathlib.Path:
    """A folder with a new file of each kind that has a schema beside it."""
    for arguments in (
        ("design", "ours"),
        ("set", "house-rules"),
        ("rule", "house-rules/unexplained-input"),
        ("concept", "house-rules/far-use"),
    ):
        result = run("new", *arguments, cwd=tmp_path)
        written = result.stdout.splitlines()
        assert result.returncode == 0 and len(written) == 2 and all((tmp_path / name).is_file() for name in written)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ours.design.yaml", "design"),
        ("house-rules/set.yaml", "set"),
        ("house-rules/unexplained-input.rule.yaml", "rule"),
        ("house-rules/far-use.concept.yaml", "concept"),
    ],
)
def test_the_first_line_names_the_schema_beside_the_file(made: pathlib.Path, name: str, kind: str) -> None:
    first = (made / name).read_text().splitlines()[0]
    schema = (made / name).with_name(f"{kind}.schema.json")
    assert first == f"# yaml-language-server: $schema=./{schema.name}"
    assert schema.read_bytes() == run("schema", kind).stdout.encode()


def test_variants_share_the_schema_that_is_there(made: pathlib.Path) -> None:
    relaid = json.dumps(json.loads((made / "design.schema.json").read_text()), indent=4)
    (made / "design.schema.json").write_text(relaid)
    result = run("new", "design", "ours-2027", "--extends", "ours.design.yaml", cwd=made)
    assert result.stdout == "ours-2027.design.yaml\n" and "schema.json" not in result.stderr
    first = (made / "ours-2027.design.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=./design.schema.json"
    assert (made / "design.schema.json").read_text() == relaid


@pytest.mark.parametrize("there", ["{}", "no JSON", "[" * 100_000, "\0"])
def test_a_schema_of_another_version_is_left_alone_and_told_of(tmp_path: pathlib.Path, there: str) -> None:
    schema = tmp_path / "my drafts" / "design.schema.json"
    schema.parent.mkdir()
    schema.write_text(there)
    result = run("new", "design", "ours", "--in", "my drafts", cwd=tmp_path)
    assert result.returncode == 0 and result.stdout == "my drafts/ours.design.yaml\n"
    assert "note: my drafts/design.schema.json is of another version" in result.stderr
    assert schema.read_text() == there
    renew = re.search(r"to renew it: `policy-eval (schema design) > ('my drafts/design.schema.json')`", result.stderr)
    assert renew
    schema.write_text(run(*renew[1].split()).stdout)
    assert "schema.json" not in run("new", "design", "other", "--in", "my drafts", cwd=tmp_path).stderr


@pytest.mark.parametrize("kind", ["folder", "dangling link"])
def test_what_is_no_file_in_the_place_of_the_schema_is_left_alone(tmp_path: pathlib.Path, kind: str) -> None:
    schema = tmp_path / "design.schema.json"
    schema.mkdir() if kind == "folder" else schema.symlink_to("nowhere")
    result = run("new", "design", "ours", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, "ours.design.yaml\n")
    assert "design.schema.json is of another version" in result.stderr
    assert schema.is_dir() or schema.is_symlink()


def test_schemas_disturb_no_folder_of_designs_or_rules(made: pathlib.Path) -> None:
    """What a folder holds is the same with schemas in it and without."""
    assert run("new", "design", "house-rules/theirs", cwd=made).returncode == 0
    commands = (
        ("test", "-p", "./house-rules"),
        ("lint", "-p", "./house-rules"),
        ("rules", "-p", "./house-rules", "-f", "json"),
        ("check", ".", "-p", "./house-rules", "--fail-on", "medium"),
        ("evaluate", "ours.design.yaml", "-p", "./house-rules", "-f", "json"),
    )
    seen = [(r.returncode, r.stdout, r.stderr) for r in (run(*c, cwd=made) for c in commands)]
    assert [code for code, _, _ in seen] == [0, 1, 0, 4, 0], "lint: no design that lies with the set decides its rule"
    assert "15 of 15 examples hold" in seen[0][1] and "ours (" in seen[3][1] and "theirs (" in seen[3][1]
    assert [path.unlink() for path in made.rglob("*.schema.json")] == [None] * 5
    assert [(r.returncode, r.stdout, r.stderr) for r in (run(*c, cwd=made) for c in commands)] == seen


# --- lint --------------------------------------------------------------------------------------


def found_in(folder: pathlib.Path) -> str:
    result = run("lint", "-p", str(folder))
    assert result.returncode in (0, 1) and result.stderr == ""
    return " ".join(result.stdout.split())


def test_lint_finds_examples_that_pin_nothing(own: pathlib.Path) -> None:
    rule = own / "unexplained-input.rule.yaml"
    edited(rule, "undecided, open: [inputs.orders.uses.loans.support]", "undecided")
    edited(rule, "no_conflict, exception: hardly-counts", "no_conflict")
    edited(rule, ", exception: hardly-counts, open: [inputs.orders.uses.loans.weight]", "")
    found = found_in(own)
    for said in ("what leaves it undecided", "name the exception that excuses", "what would excuse"):
        assert f"does not {'say ' if said.startswith('what') else ''}{said}" in found


def test_lint_finds_unverified_grounds_and_unused_concepts(own: pathlib.Path) -> None:
    edited(own / "unexplained-input.rule.yaml", "at: section 2, verified: read", "at: section 2, verified: unverified")
    found = found_in(own)
    assert "was not checked" in found and "note: " in found and "no rule uses the concept `far_use`" in found


def test_lint_finds_rules_that_no_shipped_design_decides(own: pathlib.Path) -> None:
    def undecided() -> bool:
        loaded = library.load_set(str(own), examples=True)
        shipped = [library.load_design(d).design for d in library.designs_of(loaded)]
        problems = [p.message for p in audit.crosscheck(loaded, PROFILE, shipped, [])]
        return "no shipped design decides `house-rules/unexplained-input`" in problems

    assert not undecided()  # it ships with none
    (own / "ours.design.yaml").write_text(scaffold.design_text("ours"))
    assert undecided()
    assert "no shipped design decides" in found_in(own)
    edited(own / "ours.design.yaml", "subjects: unknown", "subjects: [{id: people, scored: true}]")
    edited(own / "ours.design.yaml", "purposes: unknown", "purposes: [{id: loans}]")
    uses = "inputs: [{id: orders, uses: [{purpose: loans, support: refuted, weight: main}]}]"
    edited(own / "ours.design.yaml", "inputs: unknown", uses)
    assert not undecided()


def test_lint_finds_rules_that_always_agree(own: pathlib.Path) -> None:
    text = (own / "unexplained-input.rule.yaml").read_text()
    others = "not use.support in ['named_in_law', 'evidence_on_file', 'reason_stated']"
    again = text.replace("/unexplained-input", "/nothing-stated")
    again = again.replace("use.support in ['nothing_stated', 'refuted']", others)
    (own / "nothing-stated.rule.yaml").write_text(again)
    loaded = library.load_set(str(own), examples=True)
    problems = [p.message for p in audit.crosscheck(loaded, PROFILE, [], SAMPLES)]
    assert any("come to the same on all of 80 designs" in p for p in problems)
    edited(own / "nothing-stated.rule.yaml", "use.weight == 'minor'", "use.weight == 'sole'")
    loaded = library.load_set(str(own), examples=True)
    assert list(audit.crosscheck(loaded, PROFILE, [], SAMPLES)) == []


def test_lint_finds_concepts_that_hold_and_fail(own: pathlib.Path) -> None:
    concept = own / "far-use.concept.yaml"
    edited(
        concept,
        "grounds:",
        """fails_when: use.link == 'same_service' or use.expected == 'not_foreseeable'
unsettled:
  question: Is it?
  positions:
    - {says: Yes., grounds: [{instrument: House rules, at: 1, verified: read, status_checked: 2026-11-26}]}
    - {says: No., grounds: [{instrument: House rules, at: 2, verified: read, status_checked: 2026-11-26}]}
grounds:""",
    )
    concept.write_text(concept.read_text().replace("at: 1,", 'at: "1",').replace("at: 2,", 'at: "2",'))
    edited(own / "unexplained-input.rule.yaml", "violated_when: use", "violated_when: far_use(use) or use")
    loaded = library.load_set(str(own), examples=True)
    problems = [p.message for p in audit.crosscheck(loaded, PROFILE, [], SAMPLES)]
    assert any("the concept `far_use` both holds and fails" in p for p in problems)


# --- pinned versions ---------------------------------------------------------------------------


def test_a_set_of_another_version_is_refused_where_it_is_pinned(tmp_path: pathlib.Path) -> None:
    version = library.load_set("gdpr").text.version
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "policy-eval.toml").write_text(f'[requires]\ngdpr = "{version}"\n')
    assert run("evaluate", "privacy-first-credit", "-p", "gdpr", cwd=below).returncode == 0
    (tmp_path / "policy-eval.toml").write_text('# pinned\nrequires = {gdpr = "2020.01"}\n')
    result = run("evaluate", "privacy-first-credit", "-p", "gdpr", cwd=below)
    assert (result.returncode, result.stdout) == (2, "")
    (tmp_path / "policy-eval.toml").write_text('# pinned\nrequires = {gdrp = "2020.01"}\n')
    assert "did you mean `gdpr`?" in run("evaluate", "privacy-first-credit", "-p", "gdpr", cwd=below).stderr
    (tmp_path / "policy-eval.toml").write_text('# pinned\nrequires = {gdpr = "2020.01"}\n')
    assert f"policy-eval.toml:2:13: the project requires `gdpr` 2020.01, and this is {version}" in result.stderr
    assert run("evaluate", "privacy-first-credit", "-p", "eu-ai-act", cwd=below).returncode == 0
    nearer = f'[project]\nname = "x"\n[tool.policy-eval.requires]\ngdpr = "{version}"\n'
    (below / "pyproject.toml").write_text(nearer)
    assert run("compare", "privacy-first-credit", "sesame-credit-2018", "-p", "gdpr", cwd=below).returncode == 0


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("policy-eval.toml", "[requires]\na = " + "[" * 5000, "the file is not TOML"),
        ("policy-eval.toml", "requirs = {}\n", "policy-eval.toml:1:1: `requirs` is no setting"),
        ("policy-eval.toml", "[requires]\ngdpr = 2026.11\n", "policy-eval.toml:2:1: `gdpr`"),
        ("policy-eval.toml", "a = \n", "policy-eval.toml:1:5: the file is not TOML"),
        ("pyproject.toml", "[tool]\npolicy-eval = 1\n", "pyproject.toml"),
        ("policy-eval.toml", "\0", "NUL"),
    ],
)
def test_faults_of_settings_are_located(tmp_path: pathlib.Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InvalidInput) as error:
        settings.load(tmp_path)
    assert message in str(error.value)


def test_settings_of_others_are_left_alone(tmp_path: pathlib.Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    assert settings.load(tmp_path).values.requires == {}


# --- watch -------------------------------------------------------------------------------------


def test_watch_runs_again_at_a_change(own: pathlib.Path) -> None:
    pytest.importorskip("watchfiles")
    env = {**BASE, "COLUMNS": "80", "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "policy_eval", "test", "-p", str(own), "--watch"]
    with open(own.parent / "out", "w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=env)
        try:
            wait_for(own.parent / "out", "15 of 15 examples hold")
            wait_for(own.parent / "out", "waiting for changes")
            time.sleep(0.5)
            edited(own / "unexplained-input.rule.yaml", "outcome: not_applicable", "outcome: conflict")
            wait_for(own.parent / "out", "14 of 15 examples hold")
            (own / "unexplained-input.rule.yaml").write_text("id: [\n")
            wait_for(own.parent / "out", "unexplained-input.rule.yaml:2")
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 130


def wait_for(path: pathlib.Path, text: str) -> None:
    end = time.monotonic() + 30
    while text not in path.read_text():
        assert time.monotonic() < end, path.read_text()
        time.sleep(0.1)


def test_watch_without_its_library_says_what_to_install(tmp_path: pathlib.Path) -> None:
    (tmp_path / "watchfiles.py").write_text("raise ImportError\n")
    result = run("test", "-p", "gdpr", "--watch", PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert result.returncode == 2 and "pip install 'policy-eval[watch]'" in result.stderr


def test_a_set_can_be_taken_along(own: pathlib.Path, tmp_path: pathlib.Path) -> None:
    shutil.copytree(own, tmp_path / "elsewhere" / "house-rules")
    assert run("test", "-p", "house-rules", cwd=tmp_path / "elsewhere").returncode == 0


# --- loading -----------------------------------------------------------------------------------


def test_the_order_of_keys_changes_nothing(own: pathlib.Path) -> None:
    """What evaluation leaves unread may stand anywhere in a file."""
    edited(own / "unexplained-input.rule.yaml", "violated_when: use.", "violated_when: far_use(use) or use.")
    usual = library.load_set(str(own))
    for path in own.iterdir():
        entries = re.split(r"^(?=[a-z_]+:)", path.read_text(), flags=re.M)
        path.write_text("".join(reversed([e if e.endswith("\n") else f"{e}\n" for e in entries])))
    turned = library.load_set(str(own))
    assert turned.text == usual.text and turned.scope == usual.scope
    assert [(r.text, r.applies, r.violated, r.exceptions) for r in turned.rules] == [
        (r.text, r.applies, r.violated, r.exceptions) for r in usual.rules
    ]
    assert [(c.text, c.holds, c.fails) for c in turned.concepts.values()] == [
        (c.text, c.holds, c.fails) for c in usual.concepts.values()
    ]


def test_two_sets_of_one_id_are_not_mixed(own: pathlib.Path, tmp_path: pathlib.Path) -> None:
    shutil.copytree(own, tmp_path / "other" / "house-rules")
    for command in (("evaluate", "privacy-first-credit"), ("rules",), ("test",), ("lint",)):
        result = run(*command, "-p", str(own), "-p", str(tmp_path / "other" / "house-rules"))
        assert result.returncode == 2 and "two sets have the id `house-rules`" in result.stderr
    once = run("rules", "-p", str(own), "-p", f"{own}/", "-f", "json").stdout
    assert once.count('"id":') == 1


def test_two_files_for_one_concept_are_refused(own: pathlib.Path) -> None:
    shutil.copy(own / "far-use.concept.yaml", own / "far_use.concept.yaml")
    result = run("lint", "-p", str(own))
    assert result.returncode == 2 and "has a file already" in result.stderr


def test_an_outcome_that_is_none_is_named(own: pathlib.Path) -> None:
    edited(own / "unexplained-input.rule.yaml", "{outcome: not_applicable}", "{outcome: not_aplicable}")
    result = run("test", "-p", str(own))
    assert result.returncode == 1 and "did you mean `not_applicable`?" in " ".join(result.stdout.split())


def test_a_rule_named_alone_that_several_sets_have_is_asked_back() -> None:
    result = run("explain", "access-refused", "-p", "gdpr", "-p", "oecd")
    assert result.returncode == 2 and "name one of `gdpr/access-refused`, `oecd/access-refused`" in result.stderr
