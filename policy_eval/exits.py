"""What a gate comes to, as exit codes: the same for `check` and `diff`."""

from __future__ import annotations

CLEAR, AGAINST, NOT_DEMONSTRATED = 0, 1, 4
