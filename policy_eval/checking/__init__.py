"""The run of a check: paths -> designs -> verdicts -> one report.

checker   one design under every set        spool     verdicts on disk until they are reported
run       all of it, and the exit code      lost      what designs no longer say
"""
