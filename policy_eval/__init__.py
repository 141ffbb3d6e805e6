"""policy_eval: judge the design of scoring systems against privacy principles, and compare designs.

text -> Document (tree with spans) -> Design -> Facts -> Derivation -> Findings -> Scorecard
     -> Evaluation -> (Comparison, ...) -> versioned wire model -> text, JSON, ...

source      strict YAML -> Document          engine      both evaluators, derivations
design      Document -> Design               findings    signs -> outcomes
principle   what rules are made of           scoring     outcomes -> numbers and bands
language    condition text -> Formula        evaluation  all of it for one design and set
linking     conditions against the schema    comparison  designs side by side
library     find and load files              lens        frameworks that sort findings
timeline    law in force on a day            gate        what stands against a draft
difference  what a change does               checking    many designs at the gate
revision    designs as git has them          assessment  designs told in reports
batch       work on all cores                report      wire model and formats
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policy_eval.comparison import Comparison, compare
    from policy_eval.errors import InternalError, InvalidInput, PolicyEvalError
    from policy_eval.evaluation import Evaluation, Judge
    from policy_eval.library import load_design, load_profile, load_set

__version__ = "0.1.0"

_HOMES = {
    "Comparison": "comparison", "compare": "comparison", "Evaluation": "evaluation", "Judge": "evaluation",
    "InternalError": "errors", "InvalidInput": "errors", "PolicyEvalError": "errors",
    "load_design": "library", "load_profile": "library", "load_set": "library",
}  # fmt: skip

__all__ = [
    "Comparison", "Evaluation", "InternalError", "InvalidInput", "Judge", "PolicyEvalError", "__version__",
    "compare", "load_design", "load_profile", "load_set",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Public names are imported on first use: `--help` must not pay for the engine."""
    if name in _HOMES:
        import importlib

        return getattr(importlib.import_module(f"policy_eval.{_HOMES[name]}"), name)
    raise AttributeError(name)
