"""new: files to start from, with the schema that editors check them by."""

from __future__ import annotations

import datetime as dt
import json
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy_eval.cli.options import as_path, note

if TYPE_CHECKING:
    from policy_eval.principle import PrincipleSet

Name = Annotated[str, typer.Argument(help="Its name (small letters, digits, hyphens), or a path that ends in it.")]
Into = Annotated[Path, typer.Option("--in", help="The folder to write it into.")]
OfSet = Annotated[str, typer.Argument(metavar="[SET/]NAME", help="Its name, with the folder of its set or `-p`.")]
OwnSet = Annotated[Path | None, typer.Option("-p", "--principles", help="The folder of the set it belongs to.")]

app = typer.Typer(help="Write a file to start from: it loads, and its examples hold.", no_args_is_help=True)


def register(root: typer.Typer) -> None:
    """Add the commands of this group."""
    root.add_typer(app, name="new")


@app.command("set")
def new_set(
    name: Name,
    into: Into = Path(),
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", help="Where it holds, such as EU.")] = "EU",
) -> None:
    """A principle set: a folder with `set.yaml`."""
    from policy_eval import scaffold

    into, name = _split(name, into)
    folder = into / scaffold.checked_name(name)
    _write(folder / "set.yaml", scaffold.set_text(name, jurisdiction, dt.date.today()), "set")
    note(f"next: `policy-eval new rule NAME -p {as_path(folder)}`")


@app.command("rule")
def new_rule(name: OfSet, principles: OwnSet = None) -> None:
    """A rule of a set of one's own, with examples."""
    from policy_eval import library, scaffold

    folder, name = _in_set(name, principles)
    text = scaffold.rule_text(_own_set(folder), scaffold.checked_name(name), dt.date.today())
    _write(folder / f"{name}{library.RULE}", text, "rule")
    note(f"next: make it say what you mean, then `policy-eval test -p {as_path(folder)} {name}`")


@app.command("concept")
def new_concept(name: OfSet, principles: OwnSet = None) -> None:
    """A concept of a set of one's own, with examples."""
    from policy_eval import linking, scaffold

    folder, name = _in_set(name, principles)
    text = scaffold.concept_text(_own_set(folder), scaffold.checked_name(name), dt.date.today())
    _write(folder / f"{name}{linking.CONCEPT}", text, "concept")
    note(f"next: ask it in a rule, as `{name.replace('-', '_')}(use)`")


@app.command("design")
def new_design(
    name: Name,
    into: Into = Path(),
    extends: Annotated[
        Path | None, typer.Option("--extends", help="A design beside it, of which it is a variant.")
    ] = None,
) -> None:
    """A design of which nothing is known yet, or a variant of another."""
    from policy_eval import library, scaffold

    into, name = _split(name.removesuffix(library.DESIGN), into)
    path = into / f"{scaffold.checked_name(name)}{library.DESIGN}"
    if extends is not None and extends.resolve().parent != into.resolve():
        raise typer.BadParameter("a variant lies in the folder of the design it extends", param_hint="--extends")
    if extends is not None:
        library.load_design(as_path(extends))
    text = scaffold.variant_text(name, extends) if extends is not None else scaffold.design_text(name)
    _write(path, text, "design")
    note(f"next: state facts, then `policy-eval evaluate {path}`")


@app.command("profile")
def new_profile(name: Name, into: Into = Path()) -> None:
    """A profile: weights and thresholds, those of the default one to start from."""
    from policy_eval import scaffold

    into, name = _split(name.removesuffix(".yaml"), into)
    path = into / f"{scaffold.checked_name(name)}.yaml"
    _write(path, scaffold.profile_text(name))
    note(f"next: change weights and their reasons, then `--profile {path}`")


def _split(name: str, into: Path) -> tuple[Path, str]:
    """The folder and the bare name that a name or path means."""
    path = into / name
    return path.parent, path.name


def _in_set(name: str, principles: Path | None) -> tuple[Path, str]:
    """The folder of the set a rule or concept goes into, and its bare name."""
    folder, bare = _split(name, Path())
    if principles is None and "/" not in name:
        raise typer.BadParameter("say which set it belongs to: `-p FOLDER`, or FOLDER/NAME", param_hint="NAME")
    if principles is not None and folder not in (Path(), Path(principles.name), principles):
        raise typer.BadParameter(f"`{folder}` is not the set that `-p` names", param_hint="NAME")
    return principles or folder, bare


def _own_set(folder: Path) -> PrincipleSet:
    """The set in a folder; a built-in one of the same name is not meant."""
    from policy_eval import library

    return library.load_set(f"{folder}/" if (folder / "set.yaml").is_file() else as_path(folder))


def _write(path: Path, text: str, kind: str | None = None) -> None:
    """Write a new file, and beside it the schema of its kind, which its first line names."""
    from policy_eval import scaffold
    from policy_eval.files import write_new

    write_new(path, text)
    print(path)
    if kind is not None:
        _write_schema(path.with_name(scaffold.schema_file(kind)), kind)


def _write_schema(path: Path, kind: str) -> None:
    """Write the schema of a kind of file; one that is there stays, and is told of if it says something else."""
    from policy_eval.errors import InvalidInput
    from policy_eval.files import write_new
    from policy_eval.report.json import dumps
    from policy_eval.schemas import json_schema

    schema = json_schema(kind)
    try:
        write_new(path, f"{dumps(schema)}\n")
    except InvalidInput:
        if not os.path.lexists(path):
            raise
        if _holds(path) != schema:
            renew = f"policy-eval schema {kind} > {shlex.quote(str(path))}"
            note(f"{path} is of another version of policy-eval, or edited, and was left alone; to renew it: `{renew}`")
        return
    print(path)


def _holds(path: Path) -> object:
    """What a JSON file holds, however it is laid out; None where it holds none."""
    from policy_eval.errors import InvalidInput
    from policy_eval.files import read_text

    try:
        return json.loads(read_text(path, str(path), 10_000_000))
    except (InvalidInput, ValueError, RecursionError):
        return None
