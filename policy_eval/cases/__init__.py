"""Decided cases: designs coded from the facts of a case, held against what was decided.

holdings -> (with the designs) Case -> matching: what each rule comes to where the label points -> Tally
"""
