"""The command line: one module per group of commands, no decisions of its own.

Exit codes: 0 nothing at the threshold, 1 conflicts at it, 4 none but not demonstrated, 2 usage or
invalid input, 3 internal or I/O error, 130 interrupted. Data goes to stdout, messages to stderr.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys

import typer

from policy_eval.cli import cases, check, evaluate, inspect, new, workshop

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


for module in (evaluate, check, cases, inspect, workshop, new):
    module.register(app)


def main() -> None:
    """Run the command line and exit with its code."""
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
    if sys.stdout is None:
        return _say("error: there is no standard output to write to", 3)
    try:
        code = app(args=arguments, standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except typer.Exit as stop:
        return int(stop.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return _say("interrupted", 130)
    except InvalidInput as error:
        for problem in error.problems:
            _say(_safe(str(problem)), 2)
        return 2
    except InternalError as error:
        return _say(f"internal error: {error}", 3)
    except (BrokenPipeError, SystemExit):
        # The reader went away. The parser would turn that into exit code 1, which says something else here;
        # and Python must be kept from complaining again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _say(f"error: {error.strerror or error}", 3)
    except Exception as error:
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # a usage error of the parser
            message = str(error.format_message())
            return _say(message if message.startswith("Usage:") else f"error: {message}", 2)
        return _say(f"internal error: {type(error).__name__}: {error}; please report this", 3)


def _say(message: str, code: int) -> int:
    with contextlib.suppress(OSError, ValueError):
        print(message, file=sys.stderr)
    return code


def _safe(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" for c in text)
