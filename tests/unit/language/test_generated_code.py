"""Generated code holds nothing of a definition but constants, stays small, and is safe to run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from types import CodeType

import pytest
from hypothesis import given

from reformflow.binding import bind
from reformflow.formats import load, shipped
from reformflow.language import parse
from reformflow.language.compile import compile_rules
from reformflow.model import Expression
from support.escapes import ESCAPES
from support.expressions import truths

OURS = re.compile(
    r"own|parent|today|children|child|all|any|count_true|sum_true|constant_\d+|value_\d+"
    r"|(true|false)_\d+|<genexpr>|\.0"
)


def codes(code: CodeType) -> list[CodeType]:
    inner = [item for item in code.co_consts if isinstance(item, CodeType)]
    return [code, *(deeper for item in inner for deeper in codes(item))]


def names(code: CodeType) -> set[str]:
    groups = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return {code.co_name}.union(*groups)


def check(expression: Expression) -> int:
    test = compile_rules([expression])[0]
    size = 0
    for function in (test.true, test.false):
        for code in codes(function.__code__):
            strange = {name for name in names(code) if not OURS.fullmatch(name)}
            assert not strange
            assert code.co_filename == "<rules>"
            size += len(code.co_code)
    return size


@given(truths())
def test_names_in_generated_code_are_only_ours(expression: Expression) -> None:
    check(expression)


@pytest.mark.parametrize("reform", shipped())
def test_names_in_the_code_of_shipped_rules_are_only_ours(reform: str) -> None:
    bound = bind(load(reform))
    rules = [rule for flow in bound.workflows.values() for rule in flow.rules.values()]
    assert rules
    for rule in rules:
        check(rule.expression)


def test_generated_code_sees_no_builtin_that_could_reach_anything() -> None:
    space = compile_rules([parse("a")])[0].true.__globals__
    assert {"all", "any"} <= set(space["__builtins__"]) <= {"all", "any", "KeyError"}


def test_truths_compared_with_truths_do_not_double_the_code_at_every_level() -> None:
    """A short text must not become a large program: size grows with the text, not its square."""
    sizes = []
    for levels in (2, 4, 8):
        text = "a"
        for _ in range(levels):
            text = f"(({text} == b) and c or d)"
        sizes.append(check(parse(text)))
    assert sizes[2] < 3 * sizes[1] < 9 * sizes[0]


HOOKED = """
import json, sys
from support.building import bound_of, Play
from reformflow.errors import ReformflowError
from reformflow.language import parse
from reformflow.language.compile import compile_rules

def try_out(text):
    try:
        expression = parse(text)
        compile_rules([expression])
    except (ReformflowError, TypeError):
        pass
    flow = (
        "facts: {a: {type: int, by: office}, b: {type: bool, by: office}}\\n"
        "rules: {r: {requires: " + json.dumps(text) + "}}\\n"
        "transitions: {go: {track: progress, from: draft, to: done, by: office, needs: [r]}}"
    )
    try:
        play = Play(case=flow)
    except ReformflowError:
        return False
    play.open()
    play.fire("go")
    return True

texts = json.loads(sys.stdin.read())
try_out("a == 1")  # whatever loads late has loaded now
seen = []

def hook(event, args):
    if event == "compile":
        # reading a text into a tree, or compiling a tree of our own; never a text into code
        if not isinstance(args[0], (str, bytes)) or args[1] == "<unknown>":
            return
    elif event == "exec":
        if args[0].co_filename == "<rules>":
            return
    elif event not in (
        "open", "import", "code.__new__", "function.__new__", "os.system", "subprocess.Popen",
        "pty.spawn", "builtins.input", "marshal.loads", "pickle.find_class",
    ) and not event.startswith(("socket.", "os.", "ctypes.", "subprocess.", "urllib.", "sqlite3.")):
        return
    seen.append([event, repr(args)[:200]])

sys.addaudithook(hook)
accepted = [text for text in texts if try_out(text)]
print(json.dumps({"seen": seen[:20], "accepted": accepted}))
try:
    open("/dev/null")
finally:
    assert seen, "the hook sees nothing"
"""

GOOD = [
    "a == 1",
    "a is None",
    "b and a in {1, 2}",
    "progress.state == 'draft'",
    "today > opened.on",
]


def test_no_rule_opens_imports_executes_or_connects(tmp_path: Path) -> None:
    """Read, bound, compiled and run under an audit hook, in a process of its own."""
    texts = [text for text, _ in ESCAPES if text.isprintable()] + GOOD
    done = subprocess.run(
        [sys.executable, "-c", HOOKED],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": ":".join(sys.path), "PATH": ""},
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["seen"] == []
    assert set(GOOD) - {"today > opened.on"} <= set(answer["accepted"])
    assert not set(answer["accepted"]) & {text for text, _ in ESCAPES}
