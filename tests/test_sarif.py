"""SARIF: every finding with its place, facts and derivation; nothing looks like a pass; the validator agrees."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import io
import json
import pathlib
import re
import subprocess
import tracemalloc
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest
import yaml

from policy_eval import settings
from policy_eval.checking.run import Asked, Run
from policy_eval.report.check import sarif, sarif_parts
from policy_eval.report.check.redact import ids_only
from policy_eval.report.check.wire import BaseV1, CheckedV1, CheckV1, LocationV1, LostFactV1, StepV1
from tests import node, scratch
from tests.test_cli import ROOT, run

Json = dict[str, Any]
DAY = ("--today", "2026-11-27")
SETS = ("-p", "gdpr", "-p", "eu-ai-act", "-p", "pipl")
DESIGNS = ("sesame-credit-2018", "city-trust-record", "city-trust-record-by-field")
PRECISION = {"read": "high", "secondary": "medium", "unverified": "low"}
STANDING = ("against", "not_demonstrated", "below_threshold", "undecided")
SEVERITY = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "advisory": "note"}
BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # those the log names
# A link, a placeholder, HTML, a command to a runner, a formula, a table, a heading, code, a change of direction, a
# line break, an image and quotes. Control characters are refused when a file is read.
HOSTILE = '[x](https://e.example) [y](1) {0} <script>a</script> ::error::b =cmd | # `c` \u202ed\ne ![i](j) "q"'
HOSTILE_YAML = json.dumps(HOSTILE)


def check(folder: pathlib.Path, *arguments: str) -> tuple[Json, Json, subprocess.CompletedProcess[str]]:
    """A check as SARIF and as JSON, both of one run."""
    result = run("check", *arguments, *DAY, "-f", "sarif", "-o", "json=report.json", cwd=folder)
    return json.loads(result.stdout), json.loads((folder / "report.json").read_text()), result


def findings(report: Json) -> Iterator[tuple[Json, Json]]:
    return ((e, f) for e in report["evaluations"] for f in e["findings"])


def results(log: Json) -> list[Json]:
    (only,) = log["runs"]
    return list(only["results"])


def notes(log: Json) -> list[tuple[str, str]]:
    said = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    return [(n["level"], n["message"]["text"]) for n in said]


def everything(value: object) -> Iterator[Json]:
    """Every object in a log, at any depth."""
    if isinstance(value, dict):
        yield value
        yield from (o for v in value.values() for o in everything(v))
    elif isinstance(value, list):
        yield from (o for v in value for o in everything(v))


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (s for v in value.values() for s in strings(v))
    elif isinstance(value, list):
        yield from (s for v in value for s in strings(v))


def file_of(physical: Json) -> str:
    return unquote(physical["artifactLocation"]["uri"])


@functools.cache
def lines(path: pathlib.Path) -> tuple[str, list[int]]:
    """The text of a file and where its lines start."""
    text = path.read_bytes().decode("utf-8-sig")
    return text, [0, *(m.end() for m in BREAKS.finditer(text))]


def region_text(folder: pathlib.Path, physical: Json) -> str:
    """The text of a file that a region of the log points at."""
    r = physical["region"]
    text, starts = lines(folder / file_of(physical))
    begin = starts[r["startLine"] - 1] + r["startColumn"] - 1
    end = (starts[r["endLine"] - 1] if r["endLine"] <= len(starts) else len(text)) + r["endColumn"] - 1
    assert 0 <= begin < end <= len(text), r
    return text[begin:end]


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder with copies of shipped designs that differ in all that counts; one is a variant of another."""
    folder = tmp_path_factory.mktemp("drafts")
    for name in DESIGNS:
        (folder / f"{name}.design.yaml").write_bytes((ROOT / "designs" / f"{name}.design.yaml").read_bytes())
    return folder


@pytest.fixture(scope="module")
def shipped(drafts: pathlib.Path) -> tuple[Json, Json]:
    """These designs under sets that share instruments, every severity listed: as SARIF and as JSON."""
    log, report, _ = check(drafts, ".", *SETS, "--min-severity", "advisory")
    return log, report


@pytest.fixture
def repo(tmp_path: pathlib.Path) -> pathlib.Path:
    """A scratch repository with a decision on file, in a folder that has others beside it."""
    made = scratch.repository(tmp_path / "repo")
    (made / "decisions.yaml").write_text(scratch.decisions())
    return made


@pytest.fixture(scope="module")
def report() -> CheckV1:
    """The report of a shipped design, with derivations."""
    asked = Asked(sets=("gdpr",), today=dt.date(2026, 11, 27), min_severity="advisory")
    made = Run(asked, settings.Settings(), derivations=True)
    assert [c.problems for c in made.over(["sesame-credit-2018"], jobs=1)] == [()]
    found = made.report()
    found = dataclasses.replace(found, evaluations=list(found.evaluations))
    made._spool._file.close()  # else it is reported as left open
    return found


def written(report: CheckV1) -> Json:
    out = io.StringIO()
    sarif.write(report, out)
    return dict(json.loads(out.getvalue()))


# ---------------------------------------------------------------- findings


def test_every_finding_is_there_and_says_the_same(shipped: tuple[Json, Json]) -> None:
    log, report = shipped
    standings = Counter(f["standing"] for _, f in findings(report))
    assert min(standings[s] for s in ("against", "not_demonstrated", "below_threshold")) > 10
    wanted = [
        (f["rule"], e["design"], e["set"], e["as_of"], f["place"], f["standing"], f["outcome"], f["open"],
         f["would_excuse"], f["duty_holders"], f["unsettled"], list(f["location"].values()), f["fingerprint"],
         [(x["path"], x["value"], x["status"], x["file"], x["line"], x["column"]) for x in f["evidence"]])
        for e, f in findings(report)
    ]  # fmt: skip
    assert [parsed(r) for r in results(log)] == wanted


def parsed(r: Json) -> tuple[object, ...]:
    """What a result says, as a finding of the JSON report says it."""
    p, (at,) = r["properties"], r["locations"]
    physical = at["physicalLocation"]
    return (
        r["ruleId"], p["design"], p["set"], p["asOf"], [x["fullyQualifiedName"] for x in at["logicalLocations"]],
        p["standing"], p["outcome"], p.get("open", []), p.get("wouldExcuse", []), p.get("dutyHolders", []),
        p.get("unsettled", []), [file_of(physical), *physical["region"].values()],
        r["partialFingerprints"]["policyEval/v1"], [fact(x) for x in r.get("relatedLocations", [])],
    )  # fmt: skip


def fact(related: Json) -> tuple[object, ...]:
    found = re.fullmatch(r"(\S+) (?:= |is )(.*) \((\w+)\)", related["message"]["text"].replace("{{", "{"))
    assert found, related
    region = related["physicalLocation"]["region"]
    return *found.groups(), file_of(related["physicalLocation"]), region["startLine"], region["startColumn"]


def test_derivations_are_flows(shipped: tuple[Json, Json]) -> None:
    log, report = shipped
    longest = 0
    for r, (_, f) in zip(results(log), findings(report), strict=True):
        ((only,),) = ([t["locations"] for t in c["threadFlows"]] for c in r["codeFlows"])
        steps = f["derivation"]
        longest = max(longest, len(steps))
        shown = steps if len(steps) <= 1000 else [*steps[:999], {"depth": 0, "location": None}]
        assert [s["nestingLevel"] for s in only] == [s["depth"] for s in shown]
        for step, stated in zip(only, shown, strict=True):
            where = stated["location"] or f["location"]
            physical = step["location"]["physicalLocation"]
            assert [file_of(physical), *physical["region"].values()] == list(where.values())
        if len(steps) <= 1000:
            assert [s["location"]["message"]["text"] for s in only] == [sarif_parts.plain(s["text"]) for s in steps]
        else:
            assert only[-1]["location"]["message"]["text"] == f"and {len(steps) - 999} more steps"
    assert longest > 1000  # else nothing is cut here


def test_what_is_not_established_looks_like_no_pass(shipped: tuple[Json, Json]) -> None:
    log, report = shipped
    kinds = Counter[tuple[str, bool, str]]()
    for r, (_, f) in zip(results(log), findings(report), strict=True):
        kind = {"conflict": "fail", "conflict_unless_excused": "review"}.get(f["outcome"], "open")
        assert r["kind"] == (kind if f["seen"] else "open")
        assert r.get("level") == (SEVERITY[f["severity"]] if r["kind"] == "fail" else None)
        kinds[f["outcome"], f["seen"], r["kind"]] += 1
    for outcome in ("undecided", "conflict_unless_excused", "no_conflict"):
        assert kinds[outcome, False, "open"], outcome  # whatever the facts that are known would come to
    assert {kind for _, _, kind in kinds} == {"fail", "review", "open"}


@pytest.mark.parametrize(
    "outcome", ["conflict", "conflict_unless_excused", "undecided", "no_conflict", "not_applicable"]
)
def test_what_is_not_stated_is_open(outcome: str, report: CheckV1) -> None:
    (evaluation,) = report.evaluations
    finding = dataclasses.replace(evaluation.findings[0], outcome=outcome, seen=False)
    made = sarif_parts.result(finding, evaluation, report, sarif_parts.Catalogue(report.rules))
    assert made["kind"] == "open" and "level" not in made


def test_messages_say_what_was_found_in_one_line(shipped: tuple[Json, Json]) -> None:
    log, report = shipped
    for r, (_, f) in zip(results(log), findings(report), strict=True):
        said, title = r["message"]["text"], report["rules"][f["rule"]]["title"]
        assert "\n" not in said and said.endswith((".", "?", "!"))
        if r["kind"] == "open":
            assert said.startswith(
                f"Not demonstrated: {title}" if f["standing"] != "undecided" else f"Undecided: {title}"
            )
            assert all(path in said for path in f["open"][:4])
        else:
            assert f["message"][1:] in said and said.startswith("In conflict unless excused: ") == (
                r["kind"] == "review"
            )
            assert all(excuse in said for excuse in f["would_excuse"])
        links = dict(re.findall(r"\[([^\]]+)\]\((\d+)\)", said))
        related = {str(x["id"]): x["message"]["text"] for x in r.get("relatedLocations", [])}
        assert all(related[number].startswith(f"{path} ") for path, number in links.items())
        assert len(links) == (0 if r["kind"] == "open" else min(4, len(f["evidence"])))


def test_regions_point_at_the_facts(drafts: pathlib.Path, shipped: tuple[Json, Json]) -> None:
    log, _ = shipped
    for found in everything(log["runs"][0]["results"]):
        if "region" in found:
            assert list(found["region"]) == ["startLine", "startColumn", "endLine", "endColumn"]
            assert region_text(drafts, found).strip()
    checked = Counter[bool]()
    for r in results(log):
        for related in r.get("relatedLocations", []):
            path, *_, value, _status = related["message"]["text"].split(" ")
            text = region_text(drafts, related["physicalLocation"])
            part = value == "stated"  # of a part as a whole the first character is shown
            assert len(text) == 1 if part else path.split(".")[-1] in text, (path, text)
            checked[part] += 1
    assert checked[True] and checked[False] > 500


def test_columns_count_characters(repo: pathlib.Path) -> None:
    """Characters outside the basic plane, a byte-order mark, and the line breaks that only YAML knows."""
    path = repo / "designs" / "conflict.design.yaml"
    stated = yaml.safe_load(path.read_text()) | {"title": "\U0001f600 \u00e9"}
    text = yaml.safe_dump(stated, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000)
    path.write_bytes(f"\ufeff# one\u2028# two\x85# three\r\n# four\r{text}".encode())
    log, _, _ = check(repo, "designs/conflict.design.yaml", "-p", "./house")
    (found,) = results(log)
    where = found["locations"][0]["physicalLocation"]
    assert (where["region"]["startLine"], region_text(repo, where)) == (5, "support: nothing_stated")


# ---------------------------------------------------------------- rules and provisions


def test_rules_say_all_there_is_to_know(shipped: tuple[Json, Json]) -> None:
    log, report = shipped
    driver = log["runs"][0]["tool"]["driver"]
    assert [r["id"] for r in driver["rules"]] == list(report["rules"])
    assert {f["rule"] for _, f in findings(report)} == set(report["rules"])
    assert all(driver["rules"][r["ruleIndex"]]["id"] == r["ruleId"] for r in results(log))
    for rule, stated in zip(driver["rules"], report["rules"].values(), strict=True):
        assert rule["shortDescription"]["text"] == stated["title"]
        assert rule["fullDescription"]["text"] == stated["rationale"]
        assert re.fullmatch(r"([A-Z0-9][a-z0-9]*)+", rule["name"])
        assert rule["defaultConfiguration"]["level"] == SEVERITY[stated["severity"]]
        assert rule["properties"]["tags"] == [stated["principle"], stated["set"]]
        assert 0 < float(rule["properties"]["security-severity"]) <= 10
        first = stated["grounds"][0]
        assert rule.get("helpUri") == first["url"]
        assert rule["properties"]["precision"] == PRECISION[first["verified"]]
        help_, marked = rule["help"]["text"], rule["help"]["markdown"].replace("\\", "")
        said = [stated["rationale"], stated["severity_because"], stated["remedy"], *stated["exceptions"].values()]
        said += [f"policy-eval explain {stated['id']}", report["disclaimer"]]
        for ground in stated["grounds"]:
            mark = "" if ground["verified"] == "read" else f" [{ground['verified']}]"
            said.append(f"{ground['instrument']} {ground['at']}{mark}")
        for s in said:
            assert s in help_ and s in marked, (s, help_, marked)
        for url in (g["url"].replace("(", "%28").replace(")", "%29") for g in stated["grounds"] if g["url"]):
            assert f" {url}\n" in help_ and f"]({url})" in marked
    severities = {r["properties"]["security-severity"]: r["properties"]["problem.severity"] for r in driver["rules"]}
    assert severities == {
        "9.5": "error",
        "8.0": "error",
        "5.5": "warning",
        "3.0": "recommendation",
        "1.0": "recommendation",
    }


def test_provisions_are_taxa(shipped: tuple[Json, Json]) -> None:
    log, report = shipped
    (only,) = log["runs"]
    names = [t["name"] for t in only["taxonomies"]]
    assert len(names) == len(set(names)) > 10
    assert only["tool"]["driver"]["supportedTaxonomies"] == [{"name": n, "index": i} for i, n in enumerate(names)]

    def resolved(reference: Json) -> tuple[str, str]:
        taxonomy = only["taxonomies"][reference["toolComponent"]["index"]]
        taxon = taxonomy["taxa"][reference["index"]]
        assert (taxonomy["name"], taxon["id"]) == (reference["toolComponent"]["name"], reference["id"])
        return taxonomy["name"], taxon["id"]

    for rule in only["tool"]["driver"]["rules"]:
        grounds = [(g["instrument"], g["at"]) for g in report["rules"][rule["id"]]["grounds"]]
        assert [resolved(x["target"]) for x in rule["relationships"]] == grounds
        assert {k for x in rule["relationships"] for k in x["kinds"]} == {"relevant"}
    for r in results(log):
        assert [resolved(t) for t in r["taxa"]] == [
            (g["instrument"], g["at"]) for g in report["rules"][r["ruleId"]]["grounds"]
        ]


# ---------------------------------------------------------------- what stays the same


def test_fingerprints_stay_while_lines_move(repo: pathlib.Path) -> None:
    before = results(check(repo, "designs", "-p", "./house")[0])
    for path in (repo / "designs").iterdir():
        path.write_text("# a remark\n\n# and another\n" + path.read_text())
    after = results(check(repo, "designs", "-p", "./house")[0])
    assert [r["partialFingerprints"] for r in before] == [r["partialFingerprints"] for r in after]

    moved = [[r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in x] for x in (before, after)]
    assert len(before) > 2 and moved[1] == [n + 3 for n in moved[0]]
    prints = [r["partialFingerprints"] for r in before]
    assert all(p["primaryLocationLineHash"] == f"{p['policyEval/v1']}:1" for p in prints)
    assert len({p["policyEval/v1"] for p in prints}) == len(prints)


def test_same_bytes_whatever_the_surroundings(repo: pathlib.Path) -> None:
    names = [f"designs/{n}.design.yaml" for n in ("conflict", "deferred", "undecided")]
    command = ("check", "-p", "./house", *DAY, "-f", "sarif", "--show-suppressed")
    first = run(*command, *names, cwd=repo, PYTHONHASHSEED="1", TZ="UTC")
    second = run(*command, *reversed(names), cwd=repo, PYTHONHASHSEED="2", TZ="Asia/Shanghai", LC_ALL="C")
    assert first.stdout == second.stdout and results(json.loads(first.stdout))


# ---------------------------------------------------------------- what is on file


def test_suppressions_only_on_request(repo: pathlib.Path) -> None:
    log, report, _ = check(repo, "designs", "-p", "./house")
    covered = [(e["design"], f["rule"]) for e, f in findings(report) if f["standing"] not in STANDING]
    assert covered == [("deferred", "house/unexplained")]
    assert {r["properties"]["design"] for r in results(log)} == {"conflict", "excusable", "undecided"}
    assert not any("suppressions" in r for r in results(log))
    assert ("note", "1 covered finding left out; `--show-suppressed` lists them.") in notes(log)

    log, _, _ = check(repo, "designs", "-p", "./house", "--show-suppressed")
    by_design = {r["properties"]["design"]: r for r in results(log)}
    assert [d for d, r in by_design.items() if r["suppressions"]] == ["deferred"]  # and a list, if empty, on each
    (suppression,) = by_design["deferred"]["suppressions"]
    location = suppression.pop("location")["physicalLocation"]
    assert suppression == {
        "kind": "external",
        "status": "accepted",
        "justification": "the study is under way",
        "properties": {
            "decision": "deferral",
            "owner": "scoring team",
            "approvedBy": "data protection officer",
            "until": "2026-12-31",
            "reference": "DPIA-7",
        },
    }
    assert (file_of(location), location["region"]["startLine"]) == ("decisions.yaml", 2)
    assert "left out" not in str(notes(log))


def test_what_the_baseline_covers_names_it(repo: pathlib.Path) -> None:
    assert run("check", "designs", "-p", "./house", *DAY, "--write-baseline", "base.json", cwd=repo).returncode == 0
    log, _, _ = check(repo, "designs", "-p", "./house", "--baseline", "base.json")
    assert results(log) == []
    log, _, _ = check(repo, "designs", "-p", "./house", "--baseline", "base.json", "--show-suppressed")
    wanted = [{"kind": "external", "justification": "in the baseline base.json of 2026-11-27"}]
    by_design = {r["properties"]["design"]: r for r in results(log)}
    assert by_design["conflict"]["suppressions"] == by_design["undecided"]["suppressions"] == wanted
    assert by_design["deferred"]["suppressions"][0]["status"] == "accepted"  # a decision comes first


def test_notifications(repo: pathlib.Path) -> None:
    assert run("check", "designs", "-p", "./house", *DAY, "--write-baseline", "base.json", cwd=repo).returncode == 0
    (repo / "decisions.yaml").write_text(scratch.decisions(expires="2026-11-20"))
    (repo / "designs" / "conflict.design.yaml").write_text(
        scratch.design("conflict", orders=("evidence_on_file", "main"))
    )
    log, _, result = check(
        repo, ".", "-p", "./house", "--baseline", "base.json", "--min-score", "90", "--ignore", "house/banned"
    )
    (invocation,) = log["runs"][0]["invocations"]
    assert result.returncode == invocation["exitCode"] == 2 and not invocation["executionSuccessful"]
    assert "1 input cannot be used" in invocation["exitCodeDescription"]
    assert set(invocation) == {"executionSuccessful", "exitCode", "exitCodeDescription", "toolExecutionNotifications"}
    said = {
        n["message"]["text"]: (n["level"], file_of(n["locations"][0]["physicalLocation"]) if "locations" in n else None)
        for n in invocation["toolExecutionNotifications"]
    }

    def of(words: str) -> tuple[str, str | None]:
        (found,) = [v for k, v in said.items() if words in k]
        return found

    assert of("imputs") == ("error", "invalid.design.yaml")
    assert of("expired and covers nothing") == ("warning", "decisions.yaml")
    assert of("no longer there: house/unexplained for conflict") == ("warning", "base.json")
    assert of("deferred under house: score 77 as it stands") == ("warning", "designs/deferred.design.yaml")
    assert of("left aside by --select or --ignore: 1 rule") == ("note", None)


@pytest.mark.parametrize(("arguments", "code"), [(("designs/clean.design.yaml",), 0), (("designs",), 1)])
def test_a_shut_gate_is_a_successful_run(arguments: tuple[str, ...], code: int, repo: pathlib.Path) -> None:
    log, _, _ = check(repo, *arguments, "-p", "./house")
    (invocation,) = log["runs"][0]["invocations"]
    assert (invocation["exitCode"], invocation["executionSuccessful"]) == (code, True)
    assert bool(results(log)) == bool(code)
    assert not {level for level, _ in notes(log)} & {"error"}


def test_lost_facts_are_no_failure_of_the_run(report: CheckV1) -> None:
    fact = LostFactV1("ours", "consents.box.act", "preset", LocationV1("a b.design.yaml", 7, 3, 7, 6))
    (made,) = written(dataclasses.replace(report, base=BaseV1(revision="main", lost=[fact], gone=[], fails=True)))[
        "runs"
    ]
    invocation = made["invocations"][0]
    (lost,) = [n for n in invocation["toolExecutionNotifications"] if "locations" in n]
    assert (lost["level"], lost["message"]["text"]) == ("warning", "ours: consents.box.act is unknown now, was preset.")
    assert lost["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b.design.yaml"
    assert lost["locations"][0]["physicalLocation"]["region"]["startLine"] == 7


# ---------------------------------------------------------------- hostile names and texts


def test_hostile_texts_come_out_harmless(repo: pathlib.Path) -> None:
    rule = scratch.RULE.format(
        name="named", title=HOSTILE_YAML, principle="data-minimisation", severity="high", each="party",
        violated="party.name != 'nobody'",
    )  # fmt: skip
    rule = re.sub(r"exceptions:\n(  .*\n)+", "", rule)
    rule = re.sub(r"message: .*", 'message: "{party.name} is named"', rule)
    rule = re.sub(r"rationale: .*", lambda _: f"rationale: {HOSTILE_YAML}", rule)
    rule = rule.replace("at: section 2", f"at: {HOSTILE_YAML}")
    (repo / "house" / "named.rule.yaml").write_text(rule)
    folder = repo / "a b%20<i>`|[x](y)#?\u202e"
    folder.mkdir()
    text = scratch.design("hostile", orders=("nothing_stated", "main"))
    (folder / "::error::=1.design.yaml").write_text(text + f"parties:\n  - {{id: us, name: {HOSTILE_YAML}}}\n")
    (repo / "decisions.yaml").write_text(scratch.decisions(design="hostile", reason=HOSTILE_YAML, owner=HOSTILE_YAML))
    log, _, result = check(repo, str(folder.name), "-p", "./house", "--show-suppressed")
    assert result.stdout.isascii() and {r["ruleId"] for r in results(log)} == {"house/named", "house/unexplained"}
    for r in results(log):
        assert file_of(r["locations"][0]["physicalLocation"]) == f"{folder.name}/::error::=1.design.yaml"
        raw = r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w.~/%-]+", raw, re.ASCII) and urlsplit(raw).scheme == ""
    assert all(s.isprintable() for s in strings({**log["runs"][0], "newlineSequences": [], "tool": {}}))
    found = {r["ruleId"]: r for r in results(log)}
    named, rule_there = (
        found["house/named"],
        log["runs"][0]["tool"]["driver"]["rules"][found["house/named"]["ruleIndex"]],
    )
    shown = "[x] (https://e.example) [y] (1) {{0}} <script>a</script> ::error::b =cmd | # `c` "
    shown += r"\u202ed e ![i] (j) " + '"q"'
    assert named["message"]["text"].startswith(f"{shown} is named. Decided by [parties.us.name](1)")
    assert rule_there["shortDescription"]["text"] == shown
    messages = [o["text"] for o in everything(log) if "text" in o]
    assert len(messages) > 20 and not any(re.search(r"\]\((?!\d+\))", m) for m in messages)
    assert not any(re.search(r"(?<!\{)\{(\{\{)*(?!\{)", m) for m in messages)
    marked = rule_there["help"]["markdown"]
    assert not re.search(r"(?<!\\)[<>`|]", marked.replace("`policy-eval explain house/named`", ""))
    assert "https://e.example" in marked and "](https://e.example" not in marked
    (suppression,) = found["house/unexplained"]["suppressions"]
    assert suppression["justification"] == shown.replace("{{", "{").replace("}}", "}").replace("] (", "](")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a_(b)?c=d#e", "https://example.org/a_%28b%29?c=d#e"),
        ("https://example.org/é>", "https://example.org/%C3%A9%3E"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("nowhere", None),
        (None, None),
    ],
)
def test_only_addresses_of_pages_are_linked(url: str | None, kept: str | None, report: CheckV1) -> None:
    (id_, rule), *_ = report.rules.items()
    ground = dataclasses.replace(rule.grounds[0], url=url)
    rules = {id_: dataclasses.replace(rule, grounds=[ground])}
    described = sarif_parts.Catalogue(rules).rules("")[0]
    assert described.get("helpUri") == kept and (f"]({kept})" in described["help"]["markdown"]) == bool(kept)


def test_files_outside_and_links(repo: pathlib.Path) -> None:
    outside = repo.parent / "out side.design.yaml"
    outside.write_text(scratch.design("outside", orders=("refuted", "main")))
    (repo / "link.design.yaml").symlink_to(outside)
    (repo / "alias.design.yaml").symlink_to(repo / "designs" / "conflict.design.yaml")
    for name, uri, base in (
        ("link.design.yaml", outside.as_uri(), None),
        ("../out side.design.yaml", outside.as_uri(), None),
        ("alias.design.yaml", "designs/conflict.design.yaml", "%SRCROOT%"),
        (str(repo / "designs" / "conflict.design.yaml"), "designs/conflict.design.yaml", "%SRCROOT%"),
    ):
        log, _, _ = check(repo, name, "-p", "./house")
        artifact = results(log)[0]["locations"][0]["physicalLocation"]["artifactLocation"]
        assert artifact == ({"uri": uri, "uriBaseId": base} if base else {"uri": uri})
        assert ".." not in artifact["uri"] and "SRCROOT" in str(log["runs"][0]["originalUriBaseIds"])


def test_logs_for_others_to_read_hold_names_alone(repo: pathlib.Path) -> None:
    result = run(
        "check", ".", "-p", "./house", *DAY, "-f", "sarif", "--log-detail", "ids", "--show-suppressed", cwd=repo
    )
    log = json.loads(result.stdout)
    for secret in ("the study is under way", "scoring team", "data protection officer", "nothing_stated", "imputs"):
        assert secret not in result.stdout + result.stderr
    assert {r["properties"]["design"] for r in results(log)} == {"conflict", "deferred", "excusable", "undecided"}
    for r in results(log):
        assert "An input nobody can explain" in r["message"]["text"] and "codeFlows" not in r
    assert "DPIA-7" in result.stdout


# ---------------------------------------------------------------- limits


class Repeated:
    """Evaluations again and again, as if there were many designs."""

    def __init__(self, evaluations: Iterable[CheckedV1], times: int) -> None:
        self._evaluations, self._times = evaluations, times

    def __iter__(self) -> Iterator[CheckedV1]:
        return (e for _ in range(self._times) for e in self._evaluations)


def repeated(report: CheckV1, times: int) -> CheckV1:
    totals = {s: n * times for s, n in report.totals.items()}
    return dataclasses.replace(report, evaluations=Repeated(report.evaluations, times), totals=totals)


def rank(r: Json, log: Json) -> tuple[int, int]:
    standing = {"against": 0, "not_demonstrated": 1}.get(r["properties"]["standing"], 2)
    severity = log["runs"][0]["tool"]["driver"]["rules"][r["ruleIndex"]]["properties"]["security-severity"]
    return standing, -int(10 * float(severity))


def test_the_worst_are_kept(report: CheckV1, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = written(report)
    order = sorted(range(len(results(whole))), key=lambda n: (rank(results(whole)[n], whole), n))
    monkeypatch.setattr(sarif, "RESULTS", 40)
    monkeypatch.setattr(sarif, "FLOWS", 25)
    cut = written(report)
    kept, flowing = sorted(order[:40]), set(order[:25])
    assert len(order) > 40 and rank(results(whole)[order[39]], whole) == rank(results(whole)[order[40]], whole)
    for r, n in zip(results(cut), kept, strict=True):
        wanted = {k: v for k, v in results(whole)[n].items() if k != "codeFlows" or n in flowing}
        assert r == wanted
        assert ("codeFlows" in r) == (n in flowing)
    left_out = f"{len(order) - 40} of {len(order)} findings are left out, the least bad"
    assert ("warning", f"{left_out}: code scanning takes 40 results and 10 MB.") in notes(cut)
    assert ("note", f"of {len(order)} findings the worst 25 come with their derivations.") in notes(cut)
    assert not any("left out" in said or "derivations" in said for _, said in notes(whole))


def test_a_log_that_is_too_large_when_packed_is_cut(report: CheckV1, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = results(written(report))
    monkeypatch.setattr(sarif, "PACKED", 100_000)
    out = io.StringIO()
    sarif.write(report, out)
    log = json.loads(out.getvalue())
    packed = len(zlib.compress(out.getvalue().encode(), wbits=31))
    assert 60_000 < packed <= 100_000
    kept = results(log)
    assert 0 < len(kept) < len(whole) and all(r in whole for r in kept)
    left = [r for r in whole if r not in kept]
    assert max(rank(r, log) for r in kept) <= min(rank(r, log) for r in left)
    assert any(said.startswith(f"{len(left)} of {len(whole)} findings are left out") for _, said in notes(log))


def test_memory_stays_flat(report: CheckV1) -> None:
    """Twenty times the findings take hardly more memory."""

    class Nowhere(io.TextIOBase):
        length = 0

        def write(self, text: str) -> int:
            self.length += len(text)
            return len(text)

    few = [
        dataclasses.replace(e, findings=[f for f in e.findings if len(f.derivation) < 10]) for e in report.evaluations
    ]
    totals = Counter(f.standing for e in few for f in e.findings)
    small = dataclasses.replace(report, evaluations=few, totals=dict.fromkeys(report.totals, 0) | totals)
    peaks, lengths = [], []
    for times in (1, 20):
        out = Nowhere()
        tracemalloc.start()
        sarif.write(repeated(small, times), out)  # type: ignore[arg-type]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        lengths.append(out.length)
    more = lengths[1] - lengths[0]
    assert more > 1_000_000 and peaks[1] - peaks[0] < 0.05 * more


def test_long_flows_are_cut(report: CheckV1) -> None:
    (evaluation,) = report.evaluations
    for number, shown in ((1000, 1000), (1001, 1000), (5000, 1000)):
        finding = dataclasses.replace(evaluation.findings[0], derivation=[StepV1("a step", 1, None)] * number)
        made = sarif_parts.result(finding, evaluation, report, sarif_parts.Catalogue(report.rules))
        steps = made["codeFlows"][0]["threadFlows"][0]["locations"]
        assert len(steps) == shown
        assert (steps[-1]["location"]["message"]["text"] == "a step") == (number == shown)


def test_a_report_of_names_alone_has_no_empty_message(report: CheckV1) -> None:
    log = written(ids_only(report))
    assert all(len(o["text"]) > 2 for o in everything(log) if "text" in o)
    assert not any("relatedLocations" in r or "codeFlows" in r for r in results(log))


# ---------------------------------------------------------------- the validator


def validated(log: pathlib.Path) -> set[tuple[str, str]]:
    """What Microsoft's validator finds, by level and rule: for the format itself and for GitHub's code scanning."""
    found = log.with_suffix(".found")
    command = [node.program("sarif-multitool"), "validate", log.name, "--output", found.name, "--log", "ForceOverwrite"]
    done = subprocess.run([*command, "--rule-kind", "'Sarif;Ghas'"], cwd=log.parent, capture_output=True, text=True)
    assert found.exists(), done.stdout + done.stderr
    (only,) = json.loads(found.read_text(encoding="utf-8-sig"))["runs"]
    assert only["invocations"][0]["executionSuccessful"], done.stdout
    return {(r.get("level", "warning"), r["ruleId"]) for r in only["results"]} | against_schema(log)


def against_schema(log: pathlib.Path) -> set[tuple[str, str]]:
    """The same by the schema that comes with it, for it says nothing of a log that it cannot read."""
    (schema,) = node.FOLDER.glob("node_modules/@microsoft/sarif-multitool-*/sarif-2.1.0.json")
    read = json.loads(schema.read_text(encoding="utf-8-sig"))
    errors = jsonschema.Draft7Validator(read).iter_errors(json.loads(log.read_text()))
    return {("error", str(e.validator)) for e in errors}


# The tool has no page of its own that `informationUri` could name: pyproject.toml states none. That this is found
# shows that the log was read.
EXPLAINED = {("warning", "SARIF2005")}


@pytest.mark.slow
def test_the_validator_finds_no_fault(drafts: pathlib.Path, repo: pathlib.Path) -> None:
    assert run("check", "designs", "-p", "./house", *DAY, "--write-baseline", "base.json", cwd=repo).returncode == 0
    outside = repo.parent / "out side.design.yaml"
    outside.write_text(scratch.design("outside", orders=("refuted", "main")))
    (repo / "decisions.yaml").write_text(scratch.decisions(expires="2026-11-20"))
    everything = (".", str(outside), "--baseline", "base.json", "--show-suppressed", "--min-score", "90")
    for name, arguments in {"whole.sarif": everything, "empty.sarif": ("designs/clean.design.yaml",)}.items():
        run("check", *arguments, "-p", "./house", *DAY, "-o", f"sarif={name}", cwd=repo)
        assert validated(repo / name) == EXPLAINED, name
    consent = (f"{DESIGNS[0]}.design.yaml", *SETS, "--select", "consent")
    run("check", *consent, *DAY, "-o", "sarif=consent.sarif", cwd=drafts)
    assert validated(drafts / "consent.sarif") == EXPLAINED


@pytest.mark.slow
def test_the_validator_would_find_a_fault(repo: pathlib.Path) -> None:
    log, _, _ = check(repo, "designs", "-p", "./house")
    bad = repo / "bad.sarif"
    results(log)[0]["ruleIndex"] = 99
    bad.write_text(json.dumps(log))
    assert validated(bad) - EXPLAINED == {("error", "SARIF1009")}
    results(log)[0]["kind"] = "nonsense"
    bad.write_text(json.dumps(log))
    assert validated(bad) == {("error", "enum")}
