"""The command line: one module per group of commands, no decisions of its own.

Exit codes: 0 nothing at the threshold, 1 conflicts at it, 4 none but not demonstrated, 2 usage or
invalid input, 3 internal or I/O error, 130 interrupted. Data goes to stdout, messages to stderr.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from typing import TYPE_CHECKING

import typer

from policy_eval.cli import cases, check, diff, evaluate, exercise, inspect, new, workshop

if TYPE_CHECKING:
    from policy_eval.errors import Problem

_INTERRUPTED = 130  # exit code: 128 and the number of the signal
app = typer.Typer(
    name="policy-eval",
    help="Judge the design of scoring systems against privacy principles, and compare designs.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(wanted: bool) -> None:
    if wanted:
        from policy_eval import __version__

        print(f"policy_eval {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    pass


for module in (evaluate, check, diff, cases, inspect, workshop, new, exercise):
    module.register(app)


class Terminated(BaseException):
    """Somebody asked the process to end; what was being written is taken away first."""


def _terminated(number: int, frame: object) -> None:
    raise Terminated


def main() -> None:
    """Run the command line and exit with its code."""
    signal.signal(signal.SIGTERM, _terminated)
    code = run()
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
        sys.stderr.flush()
    # Nothing is left to be done; taking a hundred thousand objects apart before leaving would cost as much as judging.
    os._exit(code)


def run(arguments: list[str] | None = None) -> int:
    """Run one command; every failure becomes a message and an exit code."""
    from policy_eval.errors import InternalError, InvalidInput

    # A short run makes many lasting objects; searching them for cycles again and again costs a tenth of it.
    gc.set_threshold(1_000_000, 50, 50)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  (as long as the process)
    if sys.stdout is None:
        return _say("error: there is no standard output to write to", 3)
    try:
        code = app(args=arguments, standalone_mode=False)
        if code == _INTERRUPTED:  # the parser makes that of the interrupt key, and says nothing
            raise KeyboardInterrupt
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except typer.Exit as stop:
        return int(stop.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return _say("interrupted", _INTERRUPTED)
    except Terminated:
        return _say("terminated", 143)
    except InvalidInput as error:
        for problem in error.problems:
            _say(_shown(problem), 2)
        return 2
    except InternalError as error:
        return _say(f"internal error: {error}", 3)
    except (BrokenPipeError, SystemExit):
        # The reader went away. The parser would turn that into exit code 1, which says something else here;
        # and Python must be kept from complaining again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _say(_safe(f"error: {where}{error.strerror or error}"), 3)
    except Exception as error:
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # a usage error of the parser
            message = str(error.format_message())
            return _say(message if message.startswith("Usage:") else f"error: {message}", 2)
        return _say(f"internal error: {type(error).__name__}: {error}; please report this", 3)


def _say(message: str, code: int) -> int:
    with contextlib.suppress(OSError, ValueError):
        print(message, file=sys.stderr)
    return code


def _shown(problem: Problem) -> str:
    """A problem in a line, and what to do about it in another; names of files can hold line ends."""
    text = _safe(f"{problem.span}: {problem.message}")
    return f"{text}\n  help: {_safe(problem.help)}" if problem.help else text


def _safe(text: str) -> str:
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
