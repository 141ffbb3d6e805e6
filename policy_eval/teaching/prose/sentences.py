"""The sentence for every field of the schema.

A new field gets its sentence in the module of its kind of part; `tests/test_prose.py` names what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping

from policy_eval.design.base import Block
from policy_eval.teaching.prose import data, effects, oversight, people
from policy_eval.teaching.prose.wording import Form

MODULES = (people, data, effects, oversight)
SENTENCES: Mapping[type[Block], Mapping[str, Form]] = {
    model: forms for module in MODULES for model, forms in module.SENTENCES.items()
}
# How parts are named, by kind; `{N}` is the name made from the id, for a use `{O}` is the data.
PHRASES: Mapping[str, str] = {
    "party": "the {N}",
    "subject": "the {N}",
    "purpose": "the purpose of {N}",
    "consent": "the consent {N}",
    "input": "the data on {N}",
    "use": "the use of {O} for {N}",
    "association": "the tie {N}",
    "consequence": "the effect {N}",
    "disclosure": "the disclosure {N}",
    "retention": "the storage period {N}",
    "promise": "the promise about {N}",
}
# Kinds whose names stand in quotes, for they are no part of the sentence.
QUOTED = frozenset({"consent", "association", "consequence", "disclosure", "retention", "promise"})
