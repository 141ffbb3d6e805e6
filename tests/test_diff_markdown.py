"""`diff` as a comment on a pull request: texts shown as they are, cut before it is refused."""

from __future__ import annotations

import json
import pathlib
import re

from hypothesis import given
from hypothesis import strategies as st

from policy_eval.report import markup
from tests.diffs import DESIGN, PRESET, commit, diff, put, repo, toy
from tests.formats import PAGE

__all__ = ["repo", "toy"]

HOSTILE = 'title: "A | `score` <img src=x> @team **b** [l](http://x) \\u202e end"'


def test_markdown_shows_text_as_it_is(repo: pathlib.Path, toy: pathlib.Path) -> None:
    law = 'consequences: [{id: refusal, law_ref: "a|b `c` <d>\\n\\u200b", '
    commit(repo, a=DESIGN)
    put(repo, "a", PRESET.replace("title: A score", HOSTILE).replace("consequences: [{id: refusal, ", law))
    code, out, err = diff(repo, toy, "a.design.yaml", "--base", "main", "-f", "markdown", "--fail-on-new")
    assert code == 1 and err.count("an invisible character") == 2
    title = next(line for line in out.splitlines() if line.startswith("### "))
    assert title == (
        r"### `score`: A \| \`score\` \<img src=x\> \@&#8203;team \*\*b\*\* \[&#8203;l\](http:&#8203;//x) \\u202e end"
    )
    (row,) = [line for line in out.splitlines() if "law_ref" in line]
    assert r"``a\|b `c` <d> \u200b``" in row
    rows = [line for line in out.splitlines() if line.startswith("| ")]
    widths = {len(re.findall(r"(?<!\\)\|", r)) for r in rows}
    assert widths == {6, 7}  # five columns of facts, six of findings: no cell broke out
    assert r"A box ticked \| in \<advance\>" in out
    assert "\u200b" not in out and "\u202e" not in out


CALLING = (
    "@octocat #12 GH-7 https://evil.example www.evil.example 0123456789abcdef :tada: !3 $4 ~bug a@b.example ![i](x)"
)


def test_markdown_calls_nobody_and_makes_no_link(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, a=DESIGN)
    put(repo, "a", PRESET.replace("title: A score", f"title: {json.dumps(CALLING)}"))
    out = diff(repo, toy, "a.design.yaml", "--base", "main", "-f", "markdown")[1]
    inline = [c for t in PAGE.parse(out) if t.type == "inline" for c in t.children or []]
    assert not [c.type for c in inline if c.type.startswith(("link", "image"))]
    shown = "".join(c.content for c in inline if c.type in ("text", "text_special"))
    assert CALLING in shown.replace("\u200b", "")
    assert not re.search(r"[@#!~$]\w|://|www\.|:\w+:|\bGH-\d|\b[0-9a-f]{7,40}\b", shown)


@given(text=st.text(max_size=30))
def test_code_and_plain_text_keep_to_one_cell(text: str) -> None:
    for shown in (markup.code(text), markup.plain(text)):
        assert "\n" not in shown and all(c.isprintable() for c in shown)
        assert not re.search(r"(?<!\\)(?:\\\\)*\|", markup.plain(text))
        inside = markup.row(shown, "end").removeprefix("| ").removesuffix(" | end |")
        assert not re.search(r"(?<!\\)\|", inside)
    assert not re.search(r"(?<!\\)(\\\\)*<", markup.plain(text))
    code = markup.code(text)
    if code:
        fence = re.match("`+", code)
        assert fence and code.endswith(fence[0]) and fence[0] not in code[len(fence[0]) : -len(fence[0])]


def test_a_comment_is_cut_before_it_is_refused(repo: pathlib.Path, toy: pathlib.Path) -> None:
    def many(act: str, number: int) -> str:
        boxes = ", ".join(f"{{id: box-{'x' * 60}-{i}, act: {act}, recorded: false}}" for i in range(30))
        return re.sub("consents: .*", f"consents: [{boxes}]", DESIGN).replace("id: score", f"id: s{number}")

    commit(repo, **{f"d{i}": many("own_affirmative", i) for i in range(14)})
    for i in range(14):
        put(repo, f"d{i}", many("preset", i))
    out = diff(repo, toy, ".", "--base", "main", "-f", "markdown")[1]
    assert 40_000 < len(out) <= 60_100 and "Cut here" in out and out.rstrip().endswith("</sub>")
    assert out.count("<details>") == out.count("</details>")
