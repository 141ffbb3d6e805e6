"""Exercises: a fact pattern and questions whose answers the engine works out.

    exercise.yaml -> Exercise -> Desk (its designs judged under its instruments) -> by task the key: Issue
    *.answer.yaml -> Answer -> claims -> by kind of task the marks: TaskGrade -> Grade -> gradebook

`kinds/` has a module for each kind of task. `drill/` makes fresh fact patterns of the shipped designs, which `prose/`
tells in plain English; a drill is an exercise like any other. `trial` tries an exercise by itself.
"""
