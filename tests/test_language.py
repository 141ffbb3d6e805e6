"""The condition language: what it reads, what it refuses and where, and its normal form."""

from __future__ import annotations

import itertools

import pytest

from policy_eval.design.types import One
from policy_eval.language import formula as fm
from policy_eval.language.normal import dual, normalise
from policy_eval.language.parse import ConditionError, parse, parse_binder
from policy_eval.language.show import show
from policy_eval.language.typecheck import check, check_binders

ENV = {"input": One("input"), "consent": One("consent"), "disclosure": One("disclosure"), "use": One("use")}
CONCEPTS = {"valid_consent": ("consent",), "social_scoring": ()}


def checked(text: str) -> fm.Formula:
    return check(parse(text), ENV, CONCEPTS)


@pytest.mark.parametrize(
    "text",
    [
        "consent.act == 'preset'",
        "consent.act != 'preset' and consent.recorded",
        "not consent.recorded or input.conduct >= 'minor'",
        "input.oldest_months > 24",
        "24 < input.oldest_months",
        "'purchases' in input.what",
        "input in disclosure.what",
        "'score' in disclosure.what",
        "disclosure.to == 'public'",
        "use.purpose.category in ['credit', 'pricing']",
        "any(p.sector == 'private' for p in parties if p == disclosure.to)",
        "count(t for t in input.reveals if t in ['health', 'religion']) >= 2",
        "2 <= count(t for t in input.reveals)",
        "valid_consent(consent) and not social_scoring()",
        "all(valid_consent(c) for c in use.consents)",
        "scoring.span_months >= 1",
        "consent.recorded == true",
        "input.conduct < input.intrusion",
    ],
)
def test_reads_and_shows_again(text: str) -> None:
    formula = checked(text)
    assert check(parse(show(formula)), ENV, CONCEPTS) == formula


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        ("consent.akt == 'preset'", "has no fact `akt`", "did you mean `act`?"),
        ("consent.act == 'presett'", "never takes the value `presett`", "did you mean `preset`?"),
        ("konsent.act == 'preset'", "neither a variable nor a fact", "did you mean `consent`?"),
        ("consent.act < 'preset'", "have no order", "use `==` or `in`"),
        ("consent.recorded == 'yes'", "true or false", ""),
        ("consent.act", "not true or false", "compare it with a value"),
        ("input.reveals == 'health'", "a list of values", ""),
        ("input.conduct > consent.act", "cannot be compared", ""),
        ("input.reach < input.intrusion", "cannot be compared", ""),
        ("disclosure.to.sector == 'private'", "may be something other", "quantify"),
        ("disclosure.to == 'somewhere'", "never the word `somewhere`", "expected one of public"),
        ("disclosure.purpose == 'credit'", "never the word `credit`", "compare with a variable"),
        ("1 < input.oldest_months < 3", "chained", "join two with `and`"),
        ("input.oldest_months + 1 > 3", "is not a path", "no arithmetic"),
        ("valid_consent(input)", "is asked of a consent, and `input` is an input", ""),
        ("valid_consent()", "is asked of consent", "write `valid_consent(consent)`"),
        ("valid_consnt(consent)", "no concept is called", "did you mean `valid_consent`?"),
        ("any(input.checked == 'never' for input in inputs)", "is taken", ""),
        ("any(x for x in input.checked)", "not a list", ""),
        ("count(x for x in inputs)", "compared with a whole number", ""),
        ("count(x for x in inputs) == 1.5", "whole number", ""),
        ("__import__('os').system('true')", "only concepts, any, all and count", ""),
        ("(lambda: 1)()", "only concepts", ""),
        ("[x for x in inputs]", "is not a condition", ""),
        ("consent.act == ", "cannot be read", ""),
        ("'a' == 'a'", "needs a fact", ""),
        ("consent.act is 'preset'", "`is` is not part", "write `==`"),
        ("input == consent", "cannot be compared", ""),
        ("title == 'x'", "neither a variable nor a fact", ""),
    ],
)
def test_refuses_with_help(text: str, message: str, help: str) -> None:
    with pytest.raises(ConditionError) as caught:
        checked(text)
    assert message in caught.value.message
    assert help in caught.value.help


@pytest.mark.parametrize("text", ["(" * 5000 + ")" * 5000, "not " * 5000 + "x", "a." * 5000 + "b", "\0", "a\n\n==\n1"])
def test_hostile_conditions_are_refused(text: str) -> None:
    with pytest.raises(ConditionError):
        checked(text)


def test_place_of_an_error_is_in_the_text() -> None:
    with pytest.raises(ConditionError) as caught:
        checked("consent.recorded and\n  consent.akt == 'preset'")
    assert caught.value.at == (2, 2)


@pytest.mark.parametrize(
    ("binders", "kinds"),
    [
        (["input"], ["input"]),
        (["input", "use in input.uses"], ["input", "use"]),
        (["purpose", "c in purpose.consents"], ["purpose", "consent"]),
        (["association", "use in association.input.uses"], ["association", "use"]),
    ],
)
def test_binders(binders: list[str], kinds: list[str]) -> None:
    resolved, env = check_binders(tuple(parse_binder(b) for b in binders))
    assert [b.kind for b in resolved] == kinds
    assert [env[b.variable] for b in resolved] == [One(k) for k in kinds]


@pytest.mark.parametrize("text", ["inputs", "x in input.reveals", "1 in inputs", "use in input"])
def test_bad_binders(text: str) -> None:
    with pytest.raises(ConditionError):
        check_binders((parse_binder("input"), parse_binder(text)))


def value(shape: object, signs: tuple[int, ...]) -> int:
    if isinstance(shape, int):
        return signs[shape - 1] if shape > 0 else -signs[-shape - 1]
    assert isinstance(shape, tuple)
    inner = [value(p, signs) for p in shape[1]]
    return min(inner, default=1) if shape[0] == "&" else max(inner, default=-1)


def kleene(formula: fm.Formula, signs: dict[fm.Formula, int]) -> int:
    match formula:
        case fm.And(parts):
            return min(kleene(p, signs) for p in parts)
        case fm.Or(parts):
            return max(kleene(p, signs) for p in parts)
        case fm.Not(part):
            return -kleene(part, signs)
        case fm.Constant(constant):
            return 1 if constant else -1
        case _:
            return signs[formula]


@pytest.mark.parametrize(
    "text",
    [
        "not (consent.recorded and not input.own_expression)",
        "consent.recorded or not (consent.recorded or input.own_expression and use.treats_unlike_alike)",
        "not not consent.recorded and (True or input.own_expression)",
        "consent.recorded and consent.recorded",
        "False or not True",
    ],
)
def test_normal_form_keeps_the_meaning(text: str) -> None:
    formula = checked(text)
    normal = normalise(formula)
    for signs in itertools.product((-1, 0, 1), repeat=len(normal.atoms)):
        expected = kleene(formula, dict(zip(normal.atoms, signs, strict=True)))
        assert value(normal.shape, signs) == expected
        assert value(dual(normal.shape), signs) == -expected


def test_rename_touches_free_variables_only() -> None:
    formula = checked("input.checked == 'never' and any(t == 'health' for t in input.reveals)")
    renamed = fm.rename(formula, "input", "i")
    assert show(renamed) == "i.checked == 'never' and any(t == 'health' for t in i.reveals)"


def test_rename_does_not_capture() -> None:
    formula = check(parse("any(u.domain == 'work' for u in purposes if use.weight == 'main')"), ENV, CONCEPTS)
    renamed = fm.rename(formula, "use", "u")
    assert show(renamed) == "any(u_.domain == 'work' for u_ in purposes if u.weight == 'main')"


@pytest.mark.parametrize("text", ["consent.recorded) or (true", "true)(false", "consent.recorded)"])
def test_brackets_must_match(text: str) -> None:
    with pytest.raises(ConditionError):
        checked(text)


@pytest.mark.parametrize("text", ["not " * 1500 + "consent.recorded", "(" * 90 + "not " * 150 + "true" + ")" * 90])
def test_deep_conditions_are_refused(text: str) -> None:
    with pytest.raises(ConditionError, match="deep"):
        checked(text)


@pytest.mark.parametrize("number", ["9" * 401, "1e400"])
def test_numbers_beyond_measure_are_refused(number: str) -> None:
    with pytest.raises(ConditionError, match="too large"):
        checked(f"input.oldest_months > {number}")


def test_a_variable_is_bound_once() -> None:
    with pytest.raises(ConditionError, match="bound twice"):
        check_binders((parse_binder("input"), parse_binder("input")))
