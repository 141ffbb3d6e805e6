"""New files for people to start from: each loads, and its examples hold, before a word of it is changed."""

from __future__ import annotations

import datetime as dt
import json
import keyword
import re
from collections.abc import Iterator
from pathlib import Path

from policy_eval import library
from policy_eval.design.base import Block, Part
from policy_eval.design.model import Design
from policy_eval.design.types import Boolean, Choice, Group, Number, Parts, Ref, Values, fields_of, part_models
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.principle import PrincipleSet

_WORDS = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TAKEN = {*keyword.kwlist, "any", "all", "count", "true", "false", "null", "unknown"}


def checked_name(name: str) -> str:
    """A name that files and ids can bear; raises `InvalidInput`."""
    if not _WORDS.fullmatch(name) or len(name) > 80 or name in _TAKEN:
        help = "use small letters, digits and hyphens, start with a letter, such as `shopping-counts-for-loans`"
        raise InvalidInput([Problem(f"`{name}` cannot be a name", Span(name), help)])
    return name


def title_of(name: str) -> str:
    """A name as a title."""
    words = name.replace("-", " ")
    return words[:1].upper() + words[1:]


def schema_file(kind: str) -> str:
    """The file that holds the JSON Schema of a kind of file, in the same folder: editors then need no network."""
    return f"{kind}.schema.json"


def _modeline(kind: str) -> str:
    """The first line of a new file; editors with yaml-language-server find the schema by it."""
    return f"# yaml-language-server: $schema=./{schema_file(kind)}"


def set_text(name: str, jurisdiction: str, today: dt.date) -> str:
    """`set.yaml` of a new set: an internal policy that covers whatever gives people a score."""
    title = title_of(name)
    return f"""{_modeline("set")}
# One instrument: what it is, which systems it covers, how far rules state it. Every key: docs/rules.md
id: {name}
title: {title}
short: {title}  # how grounds cite it
jurisdiction: [{json.dumps(jurisdiction, ensure_ascii=False) if not jurisdiction.isalpha() else jurisdiction}]
kind: internal  # law, soft_law, framework or internal
text_as_of: {today}  # the day whose text the rules state
version: "1"  # count it up when a rule changes; `requires` in policy-eval.toml pins it
instruments:
  {title}: {{note: binds the organisation that wrote it}}
scope:
  applies_when: any(s.scored for s in subjects)
  rationale: The policy is about systems that give people or firms a score.
  grounds: [{{instrument: {title}, at: section 1, verified: read, status_checked: {today}}}]
  examples:
    - name: customers get a score
      given: {{subjects: [{{id: customers, relation: customer, scored: true}}]}}
      expect: {{outcome: applies}}
    - name: nobody gets one
      given: {{subjects: [{{id: customers, relation: customer, scored: false}}]}}
      expect: {{outcome: does_not_apply}}
    - name: whether anybody gets one is not known
      given: {{subjects: [{{id: customers, relation: customer}}]}}
      expect: {{outcome: undecided, open: [subjects.customers.scored]}}
    - name: customers get one and their guests do not
      given:
        subjects:
          - {{id: customers, relation: customer, scored: true}}
          - {{id: guests, relation: visitor, scored: false}}
      expect: {{outcome: applies}}
provisions:  # each section, and how far rules state it: modelled, partly or not_modelled
  - {{at: section 1, coverage: modelled, because: the scope states which systems the policy covers}}
"""


def rule_text(owner: PrincipleSet, name: str, today: dt.date) -> str:
    """A new rule, about inputs whose use nobody can explain, to be made into another."""
    short = json.dumps(owner.text.short, ensure_ascii=False)
    return f"""{_modeline("rule")}
# One defect, named by its title. Every key: docs/rules.md; what conditions can say: docs/language.md
id: {owner.id}/{name}
title: {title_of(name)}
principle: data-minimisation
aspect: reason for the use
duty_of: computes_score
since: {json.dumps(owner.text.version, ensure_ascii=False)}
grounds:  # what it rests on, and how you checked the wording: read, secondary or unverified
  - {{instrument: {short}, at: section 2, verified: read, status_checked: {today}}}
severity: medium  # advisory, low, medium, high or critical, by what it does to people
severity_because: People answer for something nobody can explain to them, and can ask to have it left out.
for_each: [input, use in input.uses]
violated_when: use.support in ['nothing_stated', 'refuted']
exceptions:
  - id: hardly-counts
    title: the input hardly counts
    grounds: [{{instrument: {short}, at: section 2, verified: read, status_checked: {today}}}]
    when: use.weight == 'minor'
    burden: operator  # or other_side: who has to show it
message: "`{{input.id}}` counts for `{{use.purpose}}`, and nothing says why (support: {{use.support}})"
rationale: Who cannot say why an input counts cannot say that it is needed.
remedy: Write down why the input serves the purpose, or leave it out.
examples:  # tests and documentation; always the last key
  - name: nothing says why orders count
    given:
      purposes: [{{id: loans}}]
      inputs: [{{id: orders, uses: [{{purpose: loans, support: nothing_stated, weight: main}}]}}]
    expect: {{outcome: conflict, decided_by: [inputs.orders.uses.loans.support, inputs.orders.uses.loans.weight]}}
  - name: a study found the opposite
    like: nothing says why orders count
    set: {{inputs.orders.uses.loans.support: refuted}}
    expect: {{outcome: conflict}}
  - name: a study is on file
    like: nothing says why orders count
    set: {{inputs.orders.uses.loans.support: evidence_on_file}}
    expect: {{outcome: no_conflict}}
  - name: whether anything says why is not known
    like: nothing says why orders count
    forget: [inputs.orders.uses.loans.support]
    expect: {{outcome: undecided, open: [inputs.orders.uses.loans.support]}}
  - name: nothing feeds the score
    given: {{inputs: []}}
    expect: {{outcome: not_applicable}}
  - name: orders hardly count
    like: nothing says why orders count
    set: {{inputs.orders.uses.loans.weight: minor}}
    expect: {{outcome: no_conflict, exception: hardly-counts}}
  - name: how much orders count is not known
    like: nothing says why orders count
    forget: [inputs.orders.uses.loans.weight]
    expect: {{outcome: conflict_unless_excused, exception: hardly-counts, open: [inputs.orders.uses.loans.weight]}}
"""


def concept_text(owner: PrincipleSet, name: str, today: dt.date) -> str:
    """A new concept, about a use far from where the data arose, to be made into another."""
    called, short = name.replace("-", "_"), json.dumps(owner.text.short, ensure_ascii=False)
    return f"""{_modeline("concept")}
# A notion with one definition, asked in conditions as {called}(use). Every key: docs/rules.md
id: {called}
title: {title_of(name)}
of: use  # the kinds of part it is asked of, in order
holds_when: use.link == 'other_field' and use.expected == 'not_foreseeable'
grounds: [{{instrument: {short}, at: section 3, verified: read, status_checked: {today}}}]
rationale: People expect what they do in one field of life to stay there, unless they were told.
examples:
  - name: shopping, and nobody could foresee it
    given:
      purposes: [{{id: loans}}]
      inputs: [{{id: orders, uses: [{{purpose: loans, link: other_field, expected: not_foreseeable}}]}}]
    of: [inputs.orders.uses.loans]
    expect: {{outcome: holds}}
  - name: shopping, and people were told
    like: shopping, and nobody could foresee it
    set: {{inputs.orders.uses.loans.expected: told_at_collection}}
    of: [inputs.orders.uses.loans]
    expect: {{outcome: fails}}
  - name: repayment at another bank
    like: shopping, and nobody could foresee it
    set: {{inputs.orders.uses.loans.link: same_field}}
    of: [inputs.orders.uses.loans]
    expect: {{outcome: fails}}
  - name: where the data arose is not known
    like: shopping, and nobody could foresee it
    forget: [inputs.orders.uses.loans.link]
    of: [inputs.orders.uses.loans]
    expect: {{outcome: undecided, open: [inputs.orders.uses.loans.link]}}
"""


def profile_text(name: str) -> str:
    """A new profile: the weights of the default one, under another name."""
    text = (library.shipped("principles") / library.PROFILES / "default.yaml").read_text(encoding="utf-8")
    lines = [f"id: {name}" if x.startswith("id:") else x for x in text.splitlines()]
    lines = [f"title: {title_of(name)}" if x.startswith("title:") else x for x in lines]
    return "\n".join(lines) + "\n"


def variant_text(name: str, of: Path) -> str:
    """A new variant of a design: what it changes, and nothing else."""
    return f"""{_modeline("design")}
# A variant: all is as in the design it extends but for what stands here. Every key: docs/codebook.md
extends: ./{of.name}
id: {name}
title: {title_of(name)}
kind: hypothetical
set: {{}}  # facts to change, or items to add, by path: `consents.box.act: own_affirmative`
forget: []  # facts that become unknown
remove: []  # items known not to be there
"""


def design_text(name: str) -> str:
    """A new design of which nothing is known yet: the facts most rules turn on, each with its values."""
    head = f"""{_modeline("design")}
# A design: facts that one can look up. What is not known stays `unknown`. Every fact: docs/codebook.md
id: {name}
title: {title_of(name)}
kind: hypothetical  # real, proposed, hypothetical or exercise
summary: What the system does, in a sentence or two.
"""
    return head + "\n".join(_lines(Design, 0, root=True)) + "\n"


def _lines(model: type[Block], indent: int, *, root: bool = False) -> Iterator[str]:
    """A line for each core fact of a block, a commented item for each list."""
    pad = " " * indent
    for name, kind in fields_of(model).items():
        info = model.model_fields[name]
        about = info.description or ""
        if isinstance(kind, Parts):
            if root:
                yield ""
            yield f"{pad}{name}: unknown  # {about}; [] where there are none"
            part = part_models()[kind.kind]
            yield f"{pad}#  - {part.key}: {_example_of(part)}"
            yield from (f"{pad}#    {line}" for line in _lines(part, 0) if line)
        elif isinstance(kind, Group):
            inner = list(_lines(kind.model, indent + 2))
            if inner:
                yield from (["", f"{pad}{name}:  # {about}"] if root else [f"{pad}{name}:  # {about}"])
                yield from inner
        elif name == getattr(model, "key", None):
            continue
        elif _core(model, name) or (root and isinstance(kind, Choice)):
            yield f"{pad}{name}: unknown  # {about}: {_values(kind)}"


def _example_of(part: type[Part]) -> str:
    """What the items of a list are known by."""
    key = fields_of(part)[part.key]
    return (
        f"{key.kinds[0]}-1" if isinstance(key, Ref) else f"{part.kind}-1" if part.key == "id" else "rights.access.days"
    )


def _core(model: type[Block], name: str) -> bool:
    extra = model.model_fields[name].json_schema_extra
    needed = name in ("scored", "purpose", "what", "about", "consents", "people", "to", "of")
    return needed or (isinstance(extra, dict) and bool(extra.get("x-core")))


def _values(kind: object) -> str:
    match kind:
        case Choice(terms):
            return " · ".join(t.value for t in terms)
        case Values(of):
            return f"list of {_values(of)}"
        case Ref(kinds, words):
            return " · ".join([*(f"id of {'an' if k[0] in 'aeio' else 'a'} {k}" for k in kinds), *words])
        case Boolean():
            return "true · false"
        case Number():
            return "24, <=24, >=36, 10..20 or unlimited"
        case _:
            return "text"
