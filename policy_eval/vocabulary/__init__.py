"""Enumerations: every value with its definition, an example and its DPV term."""
