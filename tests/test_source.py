"""Strict YAML: what is read, how it is typed, and what is refused where."""

from __future__ import annotations

import os
import pathlib
import time

import pytest

from policy_eval import source
from policy_eval.errors import InvalidInput


def value(text: str) -> object:
    root = source.parse(f"a: {text}\n", "f.yaml").root
    assert isinstance(root, source.Mapping)
    return source.plain(root)["a"]


def faults(text: str, limits: source.Limits | None = None) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        source.parse(text, "f.yaml", limits)
    return [str(p).splitlines()[0] for p in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no", "no"), ("on", "on"), ("yes", "yes"), ("y", "y"), ("Off", "Off"), ("12:30", "12:30"),
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None),
        ("24", 24), ("-3", -3), ("0", 0), ("1.5", 1.5), ("1e3", 1000.0), ("<=24", "<=24"), ("10..20", "10..20"),
        ("2018-01-31", "2018-01-31"), ("2018-02-31", "2018-02-31"), ("'010'", "010"), ('"1_000"', "1_000"),
        ("'true'", "true"), ("|\n  two\n  lines", "two\nlines\n"), ("[a, b]", ["a", "b"]), ("{b: c}", {"b": "c"}),
        ("a#b", "a#b"), ("NO # comment", "NO"), ("é", "é"), ("'[bold]'", "[bold]"), ("'=1+1'", "=1+1"),
    ],
)  # fmt: skip
def test_typing(text: str, expected: object) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "text", ["010", "0x1F", "0o17", "1_000", ".inf", "-.INF", ".nan", "1e999", "+5", "9" * 5000, "0b1", ".5"]
)
def test_numbers_readers_disagree_about(text: str) -> None:
    assert "f.yaml:1:4: readers disagree about" in faults(f"a: {text}\n")[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\na: 2\n", "f.yaml:2:1: `a` is there twice"),
        ("{a: {b: 1, b: 2}}\n", "f.yaml:1:12: `b` is there twice"),
        ("1: a\n", "the key `1` is not text"),
        ("true: a\n", "the key `true` is not text"),
        ("~: a\n", "is not text"),
        ("[a]: b\n", "a key is a list or a group"),
        ("? {a: b}\n: c\n", "a key is a list or a group"),
        ("&k a: b\n*k : c\n", "an alias cannot be a key"),
        ("a: &x [*x]\n", "an alias inside what it stands for"),
        ("a: *nowhere\n", "alias"),
        ("<<: {a: 1}\n", "merge keys"),
        ("a: !!str b\n", "the tag"),
        ("a: !x b\n", "the tag"),
        ("a: !!python/object/apply:os.system [x]\n", "the tag"),
        ("--- a\n--- b\n", "a second document"),
        ("", "the file is empty"),
        ("# only\n", "the file is empty"),
        ("---\n", "the file is empty"),
        ("a:\n\t- b\n", "f.yaml:2:1"),
        ("a: b: c\n", "where no key can stand"),
        ("a: [b\n", "f.yaml:2:1"),
        ('a: "\\0"\n', "control character `\\u0000`"),
        ('a: "\\e[31m"\n', "control character `\\u001b`"),
        ('a: "\\x85"\n', "control character `\\u0085`"),
        ('"a\\x07": b\n', "control character"),
        ("a: \x07\n", "control character"),
        ("a: \ud800\n", "not text"),
    ],
)  # fmt: skip
def test_refused_where(text: str, expected: str) -> None:
    assert expected in faults(text)[0]


def test_every_fault_at_once() -> None:
    found = faults("a: 010\na: !x b\nc: .nan\n1: d\n")
    assert [f.split(":")[1] for f in found] == ["1", "2", "2", "3", "4"]


def test_limits() -> None:
    small = source.Limits(depth=3, nodes=10, aliases=2, scalar=5)
    assert "nested more than 3 deep" in faults("[[[[x]]]]", small)[0]
    assert "more than 10 values" in faults("[" + "x," * 20 + "]", small)[0]
    assert "more than 2 aliases" in faults("a: &x y\nb: [*x, *x, *x]\n", small)[0]
    assert "longer than 5 characters" in faults("a: abcdef\n", small)[0]


@pytest.mark.parametrize("text", ["[" * 1_000_000, "- " * 1_000_000, "{a: " * 500_000, "? " * 1_000_000])
def test_deep_nesting_is_refused_at_once(text: str) -> None:
    start = time.monotonic()
    assert any("nested more than 64 deep" in f for f in faults(text))
    assert time.monotonic() - start < 5


def test_a_bomb_is_counted_before_it_goes_off() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 6)}]" for n in range(1, 11)]
    start = time.monotonic()
    assert "more than 200,000 values" in faults("\n".join(lines))[0]
    assert time.monotonic() - start < 5


def test_hidden_characters_are_warned_of() -> None:
    document = source.parse("a: x\u202ey\n", "f.yaml")
    assert [str(w).splitlines()[0] for w in document.warnings] == ["f.yaml:1:4: an invisible character `\\u202e`"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path: pathlib.Path, encoding: str, newline: str) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(f"a: é{newline}b: [c]{newline}".encode(encoding))
    root = source.read(path).root
    assert source.plain(root) == {"a": "é", "b": ["c"]}
    assert isinstance(root, source.Mapping)
    assert [(e.key_span.line, e.key_span.column) for e in root.entries] == [(1, 1), (2, 1)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("a: é".encode("latin-1"), "f.yaml:1:4: the file is not valid UTF-8 here"),
        ("a: b".encode("utf-32"), "UTF-32"),
        (b"a: b\nc\0", "f.yaml:2:2: the file holds a NUL byte"),
        (b"\xff\xfea", "not valid UTF-16"),
    ],
)
def test_wrong_encodings(tmp_path: pathlib.Path, data: bytes, expected: str) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(data)
    with pytest.raises(InvalidInput, match=expected):
        source.read(path, name="f.yaml")


def test_what_is_no_regular_file(tmp_path: pathlib.Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, expected in (
        (tmp_path, "a folder"), (tmp_path / "pipe", "no regular file"), (tmp_path / "none", "no such file"),
        (pathlib.Path("/dev/null"), "no regular file"), (tmp_path / "x\0y", "cannot be read"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match=expected):
            source.read(path)


def test_a_large_file_is_not_read(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    with pytest.raises(InvalidInput, match="larger than 5,000,000 bytes"):
        source.read(path)


def test_reading_stops_where_it_is_told_to() -> None:
    root = source.parse("id: a\nexamples: [&x *x, !bad y\n", "f.yaml", stop_at={"examples"}).root
    assert source.plain(root) == {"id": "a"}
    nested = source.parse("a: {examples: 1}\nb: 2\n", "f.yaml", stop_at={"examples"}).root
    assert source.plain(nested) == {"a": {"examples": 1}, "b": 2}


def test_suggestions() -> None:
    assert source.nearest("sorce", ["source", "scope"]) == "source"
    assert source.nearest("zzz", ["source"]) is None
    assert source.suggest("zzz", [f"w{n}" for n in range(20)]).endswith(", ...")
    assert source.suggest("x", []) == "nothing can stand here"
