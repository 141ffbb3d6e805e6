"""The only module that touches durable_rules: signed atoms in, derived consequences out.

durable_rules 2.0.28 gives wrong answers, hangs or crashes outside a narrow fence, so this module
stays inside it: small engine rule sets, purely positive rules over single-field
string facts with short coded ids, one assert per fact, one session at a time, a `boot` rule that
always fires first, derived facts asserted from outside any action, every hard limit checked before
a rule set is made. It drives the engine's C module directly: the Python layer above it starts timer
threads and swallows exceptions.
"""

from __future__ import annotations

import functools
import json
from typing import Any

from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN, Sign
from policy_eval.errors import InternalError
from policy_eval.language.normal import Shape, dual

try:
    import durable_rules_engine as _c
except ImportError:  # no C compiler at install time, or Python 3.13 and later
    _c = None

AVAILABLE = _c is not None

MAX_PATTERNS = 16  # of one rule; with 17 the engine fails at run time
MAX_ATOMS = 500  # distinct facts of a rule set; the engine hangs at 512
MAX_SHARED = 250  # patterns on one fact; the engine's heap overflows at 256
MAX_RULES = 4000
CACHE_SIZE = 20_000
_BOOT = "boot"
_ROOT_TRUE, _ROOT_FALSE = "yt", "yf"

Rule = tuple[str, tuple[str, ...]]  # head and body, as fact codes


def rules_of(shape: Shape) -> list[Rule]:
    """The positive rules that derive the truth and the falsity of a shape from its signed atoms."""
    rules: list[Rule] = []
    fresh = iter(range(10**9))
    for head, side in ((_ROOT_TRUE, shape), (_ROOT_FALSE, dual(shape))):
        _define(head, side, rules, fresh)
    return rules


def _define(head: str, shape: Shape, rules: list[Rule], fresh: Any) -> None:
    if isinstance(shape, int):
        rules.append((head, (_code(shape),)))
        return
    connective, parts = shape
    codes = []
    for part in parts:
        if isinstance(part, int):
            codes.append(_code(part))
        else:
            codes.append(f"x{next(fresh)}")
            _define(codes[-1], part, rules, fresh)
    if connective == "|":
        rules.extend((head, (code,)) for code in codes)
        return
    codes = list(dict.fromkeys(codes))  # two patterns of one rule never match the same fact
    while len(codes) > MAX_PATTERNS:
        joined = f"x{next(fresh)}"
        rules.append((joined, tuple(codes[:MAX_PATTERNS])))
        codes = [*codes[MAX_PATTERNS:], joined]
    rules.append((head, tuple(codes) or (_BOOT,)))


def _code(literal: int) -> str:
    return f"t{literal}" if literal > 0 else f"f{-literal}"


def fnv1a(text: str) -> int:
    """The 32-bit hash by which the engine tells ids apart."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value


def check_limits(rules: list[Rule]) -> None:
    """Raise `InternalError` where a rule set would leave what the engine is known to handle."""
    codes = {c for head, body in rules for c in (head, *body)} | {_BOOT}
    uses: dict[str, int] = {}
    for _, body in rules:
        for code in body:
            uses[code] = uses.get(code, 0) + 1
    if len(codes) > MAX_ATOMS or len(rules) >= MAX_RULES or max(uses.values(), default=0) > MAX_SHARED:
        raise InternalError("a condition is too large for the rule engine; split it into concepts")
    if any(len(body) > MAX_PATTERNS for _, body in rules):
        raise InternalError("a rule body is too long for the rule engine")
    if len({fnv1a(c) for c in codes | {"sid-d", "$pulse"}}) != len(codes) + 2:
        raise InternalError("two fact codes of a rule set have the same hash")


class RuleSet:
    """One engine rule set: what follows from the signed atoms of one shape."""

    def __init__(self, shape: Shape, name: str) -> None:
        rules = rules_of(shape)
        check_limits(rules)
        self._bodies = {code for _, body in rules for code in body}
        self._heads = {f"r{i}": head for i, (head, _) in enumerate(rules)}
        definition: dict[str, Any] = {_BOOT: {"all": [{"m": {"p": _BOOT}}]}}
        for i, (_, body) in enumerate(rules):
            definition[f"r{i}"] = {"all": [{f"m{j}": {"p": code}} for j, code in enumerate(body)]}
        self._handle = _c.create_ruleset(name, json.dumps(definition))

    def derive(self, signs: tuple[Sign, ...]) -> Sign:
        """Assert one fact per decided atom in a fresh session, and read off what was derived."""
        facts = [_BOOT] + [_code(i + 1 if s > 0 else -i - 1) for i, s in enumerate(signs) if s]
        derived: set[str] = set()
        fired: set[str] = set()
        try:
            while facts:
                for name in self._assert(facts):
                    fired.add(name)
                new = {self._heads[n] for n in fired if n != _BOOT} - derived
                derived |= new
                facts = sorted(new & self._bodies)
        finally:
            _c.delete_state(self._handle, "d")
        if _BOOT not in fired:
            raise InternalError("the rule engine did not start")
        return _verdict(_ROOT_TRUE in derived, _ROOT_FALSE in derived)

    def _assert(self, codes: list[str]) -> list[str]:
        """Assert facts one by one, then take every rule that fired off the agenda."""
        state = None
        for code in codes:
            if code not in self._bodies and code != _BOOT:
                continue
            result, offset = _c.assert_fact(self._handle, f'{{"id":"{code}","sid":"d","p":"{code}"}}')
            if result:
                raise InternalError(f"the rule engine refused a fact (code {result})")
            state = offset
        if state is None:
            return []
        names = []
        started = _c.start_action_for_state(self._handle, state)
        message = started[1] if started else None
        while message:
            names.append(message[2 : message.index('"', 2)])
            message = _c.complete_and_start_action(self._handle, state)
        return names


def _verdict(true: bool, false: bool) -> Sign:
    if true and false:
        raise InternalError("the rule engine derived a condition both true and false")
    return TRUE if true else FALSE if false else UNKNOWN


class Rete:
    """Concludes shapes connective by connective; equal signatures share a derivation in a bounded cache.

    Each connective is a stratum: what its parts came to enters as signed atoms. Their order means
    nothing, so a rule set is made once for a connective and a number of parts.
    """

    def __init__(self, cache_size: int = CACHE_SIZE) -> None:
        if not AVAILABLE:
            raise InternalError("durable_rules is not installed")
        self._cache: dict[tuple[Shape, tuple[Sign, ...]], Sign] = {}
        self._cache_size = cache_size

    def derive(self, shape: Shape, signs: tuple[Sign, ...]) -> Sign:
        """What follows for the whole shape from the signs of its atoms."""
        if isinstance(shape, int):
            return signs[shape - 1] if shape > 0 else -signs[-shape - 1]
        key = (shape, signs)
        known = self._cache.get(key)
        if known is None:
            connective, parts = shape
            known = self._conclude(connective, tuple(sorted([self.derive(part, signs) for part in parts])))
            self._keep(key, known)
        return known

    def _conclude(self, connective: str, parts: tuple[Sign, ...]) -> Sign:
        flat: Shape = (connective, tuple(range(1, len(parts) + 1)))
        key = (flat, parts)
        known = self._cache.get(key)
        if known is None:
            known = _rule_set(flat).derive(parts)
            self._keep(key, known)
        return known

    def _keep(self, key: tuple[Shape, tuple[Sign, ...]], sign: Sign) -> None:
        if len(self._cache) >= self._cache_size:
            self._cache.clear()
        if self._cache_size:
            self._cache[key] = sign


@functools.cache
def shared() -> Rete:
    """The one that all sets of a process share: what follows from a signature is the same under every law."""
    return Rete()


# The engine never frees a rule set: they are made once for each process.
_made: dict[Shape, RuleSet] = {}


def _rule_set(shape: Shape) -> RuleSet:
    rule_set = _made.get(shape)
    if rule_set is None:
        rule_set = _made[shape] = RuleSet(shape, f"s{len(_made)}")
    return rule_set
