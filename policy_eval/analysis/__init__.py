"""Analyses of rules and designs beyond a single evaluation."""
