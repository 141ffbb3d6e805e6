"""Designs as they were at a revision, and which of today's they are held against."""

from __future__ import annotations

import glob
import pathlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_eval import revision
from policy_eval.errors import InvalidInput
from policy_eval.revision import Pair, Revision, matches, pair, select
from tests.diffs import DESIGN, PRESET, SOFT, commit, git, put, repo, toy
from tests.test_cli import run

__all__ = ["repo", "toy"]

Ids = dict[str, str | None]
PAIRS: list[tuple[dict[str, str], Ids, Ids, list[tuple[str | None, str | None]]]] = [
    ({"a": "x"}, {"a": "x"}, {}, [("a", "a")]),
    ({"a": "y"}, {"a": "x"}, {}, [("a", "a")]),  # the path counts before the id
    ({"b": "x"}, {"a": "x"}, {}, [("a", "b")]),
    ({"b": "x"}, {"a": "y"}, {}, [("a", None), (None, "b")]),
    ({"b": "x"}, {"a": None}, {}, [("a", None), (None, "b")]),
    ({"a": "x", "b": "x"}, {"a": "x"}, {}, [("a", "a"), (None, "b")]),  # it has its partner
    ({"b": "x", "c": "x"}, {"a": "x"}, {}, [("a", "b"), (None, "c")]),
    ({"c": "x"}, {"a": "x", "b": "x"}, {}, [("a", "c"), ("b", None)]),
    ({"b": "x"}, {}, {"far": "x"}, [("far", "b")]),
    ({"b": "x"}, {"a": "x"}, {"far": "x"}, [("a", "b")]),
    ({}, {}, {"far": "x"}, []),  # what lies elsewhere is not gone
    ({}, {"a": "x"}, {}, [("a", None)]),
]


@pytest.mark.parametrize(("now", "before", "elsewhere", "pairs"), PAIRS)
def test_pairs(now: dict[str, str], before: Ids, elsewhere: Ids, pairs: list[tuple[str | None, str | None]]) -> None:
    found = pair(now, before, elsewhere)
    assert sorted(map(repr, found)) == sorted(repr(Pair(*p)) for p in pairs)
    assert [p.renamed for p in found] == [p.old is not None and p.new is not None and p.old != p.new for p in found]


names = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("xyz"), max_size=6)


@given(now=names, before=names, elsewhere=names, rng=st.randoms(use_true_random=False))
def test_nothing_is_lost_or_used_twice_in_pairing(
    now: dict[str, str], before: dict[str, str], elsewhere: dict[str, str], rng: random.Random
) -> None:
    others = {f"far/{k}": v for k, v in elsewhere.items()}
    found = pair(now, before, others)
    new = [p.new for p in found if p.new is not None]
    old = [p.old for p in found if p.old is not None]
    assert sorted(new) == sorted(now) and len(set(old)) == len(old)
    assert set(before) <= set(old) <= set(before) | set(others)
    for p in found:
        assert p.old != p.new or p.old in before
        if p.renamed:
            assert p.old and p.new and p.new not in before
            assert {**before, **others}[p.old] == now[p.new]

    def mixed(d: dict[str, str]) -> dict[str, str]:
        return {k: d[k] for k in sorted(d, key=lambda _: rng.random())}

    assert pair(mixed(now), mixed(before), mixed(others)) == found


@pytest.mark.parametrize(
    ("path", "pattern", "there"),
    [
        ("a.design.yaml", "*.yaml", True),
        ("sub/a.design.yaml", "*.yaml", False),
        ("sub/a.design.yaml", "**/*.yaml", True),
        ("a.design.yaml", "**/*.yaml", True),
        ("x/y/a.design.yaml", "**", True),
        ("teams/red/deep/a.design.yaml", "teams/*", True),  # a folder that matches is looked through
        ("teams/red/a.design.yaml", "teams/r?d/*", True),
        (".hidden/a.design.yaml", "*/*", False),
        (".hidden/a.design.yaml", "**/*.yaml", False),
        (".hidden/a.design.yaml", ".h*/*", True),
        ("A.design.yaml", "a*", False),
    ],
)
def test_patterns_match_as_in_a_folder(tmp_path: pathlib.Path, path: str, pattern: str, there: bool) -> None:
    assert matches(path.split("/"), pattern.split("/")) is there
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text("")
    found = [pathlib.Path(p) for p in glob.glob(pattern, root_dir=tmp_path, recursive=True)]
    assert any(pathlib.Path(path).is_relative_to(p) for p in found) is there


def refused(rev: str, folder: pathlib.Path) -> str:
    with pytest.raises(InvalidInput) as caught:
        Revision(rev, folder)
    assert caught.value.problems[0].help
    return str(caught.value)


@pytest.mark.parametrize("rev", ["", "-h", "--all", "--output=x", "a\0b", "a\nb"])
def test_what_is_no_revision_is_refused_before_git_is_asked(rev: str, repo: pathlib.Path) -> None:
    assert "is no revision" in refused(rev, repo)


def test_unknown_revisions_and_folders_without_a_repository(
    repo: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(repo, a=DESIGN)
    assert "has no revision `nowhere`" in refused("nowhere", repo)
    assert "has no revision" in refused("main:a.design.yaml", repo)
    outside = tmp_path / "outside"
    outside.mkdir()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert "no repository here" in refused("main", outside)
    monkeypatch.setenv("PATH", str(outside))
    assert "git is not installed" in refused("main", repo)


def test_designs_as_they_were(repo: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variant = "extends: ./deep/parent.yaml\nid: variant\ntitle: A variant\nset: {is_ai: infers_from_data}\n"
    put(repo, "ein ordner__größe", variant)
    (repo / "ein ordner" / "deep").mkdir()
    (repo / "ein ordner" / "deep" / "parent.yaml").write_text(DESIGN)
    (repo / "ein ordner" / "link.design.yaml").symlink_to("größe.design.yaml")
    commit(repo)
    (repo / "ein ordner" / "deep" / "parent.yaml").write_text(PRESET)
    (repo / "ein ordner" / "größe.design.yaml").unlink()
    monkeypatch.setenv("GIT_DIR", str(repo / "elsewhere"))  # as in a hook; the folder counts
    then = Revision("main", repo / "ein ordner" / "deep")
    assert then.top == repo.resolve()
    assert then.designs("ein ordner") == then.designs() == [
        "ein ordner/größe.design.yaml", "ein ordner/link.design.yaml",
    ]  # fmt: skip
    assert then.designs("ein") == []
    file = then.load("ein ordner/größe.design.yaml")
    assert file.files == ("main:ein ordner/größe.design.yaml", "main:ein ordner/deep/parent.yaml")
    assert file.design.consents and file.design.consents[0].act == "own_affirmative"
    assert str(file.span_of(("consents", "box", "act"))).startswith("main:ein ordner/deep/parent.yaml:7:")
    assert then.load("ein ordner/link.design.yaml").design == file.design


def test_what_cannot_be_read_is_named_by_revision_and_path(repo: pathlib.Path) -> None:
    commit(repo, a="id: a\ntitle: A\nkind: nonsense\n", sub__b="extends: ../a.design.yaml\nid: b\ntitle: B\n")
    (repo / "c.design.yaml").symlink_to("d.design.yaml")
    commit(repo)
    for path, said in (
        ("a.design.yaml", "main:a.design.yaml:3:"),
        ("sub/b.design.yaml", "lies outside the folder"),
        ("c.design.yaml", "a link leads to no file"),
    ):
        with pytest.raises(InvalidInput) as caught:
            Revision("main", repo).load(path)
        assert said in str(caught.value) and "policy-eval-" not in str(caught.value)


def snapshot(folder: pathlib.Path) -> dict[str, tuple[int, bytes]]:
    files = [p for p in folder.rglob("*") if p.is_file()]
    return {str(p): (p.stat().st_mtime_ns, p.read_bytes()) for p in files}


def test_neither_work_tree_nor_repository_is_touched(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, a=DESIGN, b=DESIGN.replace("id: score", "id: b"))
    put(repo, "a", PRESET)
    git(repo, "add", "-A")
    put(repo, "a", SOFT)
    before = snapshot(repo)
    assert run("diff", ".", "--base", "main", "-p", str(toy), cwd=repo).returncode == 0
    assert snapshot(repo) == before


def test_what_paths_mean(repo: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(repo, a=DESIGN, sub__b=DESIGN, gone__c=DESIGN)
    (repo / "gone" / "c.design.yaml").unlink()
    (repo / "gone").rmdir()
    put(repo, "sub__new", DESIGN)
    (repo / "sub" / "notes.txt").write_text("no design")
    monkeypatch.chdir(repo / "sub")
    then = Revision("HEAD", pathlib.Path("."))

    def meant(*arguments: str) -> tuple[dict[str, str], tuple[str, ...]]:
        found = select(arguments, then)
        return {k: str(v) for k, v in found.now.items()}, found.before

    sub = {"sub/b.design.yaml": "b.design.yaml", "sub/new.design.yaml": "new.design.yaml"}
    assert meant(".") == (sub, ("sub/b.design.yaml",))
    assert meant("*.design.yaml", "./b.design.yaml") == (sub, ("sub/b.design.yaml",))
    assert meant("*") == (sub, ("sub/b.design.yaml",))
    assert meant("../gone") == ({}, ("gone/c.design.yaml",))
    assert meant("../gone/*.design.yaml") == ({}, ("gone/c.design.yaml",))
    assert meant("../gone/c.design.yaml") == ({}, ("gone/c.design.yaml",))
    everything = meant("..")
    assert list(everything[0]) == ["a.design.yaml", *sub]
    assert everything[1] == ("a.design.yaml", "gone/c.design.yaml", "sub/b.design.yaml")
    for nothing in ("nowhere", "../go*e/x*", str(repo / "sub" / "nowhere.design.yaml")):
        with pytest.raises(InvalidInput, match="there is no design here, now or at `HEAD`"):
            select([nothing], then)
    with pytest.raises(InvalidInput, match="outside the repository"):
        select([str(repo.parent)], then)
    assert revision.home("../gone/c.design.yaml").resolve() == repo
