"""Exercises: a fact pattern and questions whose answers the engine works out.

`exercise.yaml` -> `Exercise` -> `Desk` (designs judged under the instruments) -> by kind of task the key, and marks of
an answer. There is one module for each kind of task; `kinds.KINDS` names them.
"""
