"""The stated reference for ratios: every formula as one compiled Python expression.

Signs are 1, 0 and -1; and is `min`, or is `max`. Concepts are functions without a memo.
It answers the same questions as the evaluators and explains nothing.
"""

from __future__ import annotations

from typing import Any

from policy_eval.design.model import Design
from policy_eval.engine import compiler, facts
from policy_eval.engine.facts import Listing, Thing
from policy_eval.language import formula as fm
from policy_eval.language.normal import Shape
from policy_eval.principle import PrincipleSet, Rule


class Compiled:
    """A set as Python functions."""

    def __init__(self, principles: PrincipleSet, rules: tuple[Rule, ...]) -> None:
        self.names: dict[str, Any] = {"same": compiler.same, "NOTHING": compiler.NOTHING, "items": _items, "get": _get}
        self.rules = rules
        lines: list[str] = []
        for concept in principles.concepts.values():
            arguments = ", ".join(f"v_{v}" for v in concept.variables)
            lines += [f"def k_{concept.id}({arguments}):", f"    return {self.expression(concept.holds)}"]
        for n, rule in enumerate(rules):
            arguments = ", ".join(f"v_{b.variable}" for b in rule.binders)
            formulas = (rule.applies, rule.violated, *(e.when for e in rule.exceptions))
            lines += [f"def r_{n}({arguments}):", f"    return ({', '.join(self.expression(f) for f in formulas)},)"]
        exec("\n".join(lines), self.names)  # our own generated text, never a user's
        self.binders = [[(b.variable, compiler.reader(b.source)) for b in r.binders] for r in rules]

    def constant(self, value: object) -> str:
        """A name for a value."""
        name = f"c{len(self.names)}"
        self.names[name] = value
        return name

    def operand(self, operand: fm.Operand) -> str:
        """Python text that gives an operand."""
        if isinstance(operand, fm.Literal):
            return self.constant(operand.value)
        text = f"v_{operand.root}" if operand.root else "root()"
        for step in operand.steps:
            text = f"get({text}, {step!r})"
        return text

    def expression(self, formula: fm.Formula) -> str:
        """Python text that gives a formula's sign."""
        match formula:
            case fm.And(parts) | fm.Or(parts):
                name = "min" if isinstance(formula, fm.And) else "max"
                return f"{name}(({', '.join(self.expression(p) for p in parts)},))" if parts else "1"
            case fm.Not(part):
                return f"-{self.expression(part)}"
            case fm.Constant(value):
                return "1" if value else "-1"
            case fm.Compare("==", left, right):
                return f"same({self.operand(left)}, {self.operand(right)})"
            case fm.Quantifier(kind, variable, source):
                inner = self.expression(compiler.quantified(formula))
                name, default = ("max", -1) if kind == "any" else ("min", 1)
                each = f"({inner}) if v_{variable} is not None else 0"
                listed = f"items({self.operand(source)})"
                return f"{name}(({each} for v_{variable} in {listed}), default={default})"
            case fm.Call(concept, arguments):
                return f"k_{concept}({', '.join(self.operand(a) for a in arguments)})"
            case _:
                decide = self.constant(compiler.compile_formula(formula).deciders[0])
                roots = sorted({p.root for p in _paths(formula) if p.root})
                env = "{" + ", ".join(f"{r!r}: v_{r}" for r in roots) + "}"
                return f"{decide}(world(), {env})"

    def derive(self, shape: Shape, signs: tuple[int, ...]) -> int:
        """Kleene value of a shape, for the bodies of counts."""
        if isinstance(shape, int):
            return signs[shape - 1] if shape > 0 else -signs[-shape - 1]
        inner = [self.derive(part, signs) for part in shape[1]]
        return min(inner, default=1) if shape[0] == "&" else max(inner, default=-1)

    def evaluate(self, design: Design) -> int:
        """Judge every place; gives how many there were."""
        root = facts.build(design)
        self.root = root
        self.names["root"], self.names["world"] = (lambda: root), (lambda: self)
        return sum(self._rule(n, 0, {}) for n in range(len(self.rules)))

    def _rule(self, n: int, bound: int, env: dict[str, Any]) -> int:
        binders = self.binders[n]
        if bound == len(binders):
            self.names[f"r_{n}"](*env.values())
            return 1
        variable, read = binders[bound]
        listed = read(self, env)  # type: ignore[arg-type]
        return sum(self._rule(n, bound + 1, {**env, variable: t}) for t in _items(listed) if t is not None)


def _get(thing: object, step: str) -> object:
    return thing.facts.get(step, compiler.NOTHING) if isinstance(thing, Thing) else compiler.NOTHING


def _items(listed: object) -> tuple[object, ...]:
    if isinstance(listed, Listing):
        return listed.items if listed.unseen is None else (*listed.items, None)
    return listed if isinstance(listed, tuple) else (None,)


def _paths(formula: fm.Formula) -> list[fm.Path]:
    parts = [getattr(formula, n, None) for n in ("path", "left", "right", "item", "options", "source")]
    return [p for p in parts if isinstance(p, fm.Path)]
