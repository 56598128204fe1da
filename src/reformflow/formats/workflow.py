"""How a workflow is written: facts, tracks, rules, transitions and duties."""

from __future__ import annotations

import attrs

from reformflow.formats.dates import DEADLINE, DUTY, WHENS, WINDOW
from reformflow.formats.forms import (
    FAULTY,
    MAX_ID,
    DayForm,
    EnumForm,
    Faulty,
    FlagForm,
    Form,
    IdForm,
    NumberForm,
    Plain,
    ScalarForm,
    Schema,
    Spot,
    TextForm,
)
from reformflow.formats.nodes import Leaf, MapNode, Node
from reformflow.formats.phrases import RuleForm, WordsForm
from reformflow.formats.records import (
    NAME,
    NAMES,
    EitherForm,
    Field,
    ListForm,
    NamedForm,
    PairsForm,
    Parts,
    RecordForm,
    changed,
)
from reformflow.model import (
    Basis,
    Branch,
    Choice,
    Expression,
    Fact,
    FactType,
    Opening,
    Relation,
    Rule,
    Scalar,
    Stage,
    State,
    Track,
    Transition,
    When,
    Workflow,
)

_LABEL = Field("label", WordsForm())
_SAYS = Field("says", WordsForm())
_CLAUSES = Field("clauses", NAMES)
_BASIS = Field("basis", EnumForm(Basis))
_CHOICE_ID = TextForm("a choice", max_length=MAX_ID)
_INITIAL: dict[FactType, Form] = {
    FactType.BOOL: FlagForm(),
    FactType.INT: NumberForm(),
    FactType.DATE: DayForm(),
    FactType.TEXT: TextForm(),
    FactType.CHOICE: _CHOICE_ID,
}


@attrs.frozen
class _ChoicesForm:
    """The values of a choice fact: a list of them, or a mapping to their labels."""

    listed: Form = ListForm(_CHOICE_ID, single=False)
    labelled: Form = PairsForm(WordsForm(), key=_CHOICE_ID)

    def read(self, node: Node, spot: Spot) -> tuple[Choice, ...] | Faulty:
        if isinstance(node, MapNode):
            pairs = self.labelled.read(node, spot)
            return FAULTY if pairs is FAULTY else tuple(Choice(*pair) for pair in pairs)
        names = self.listed.read(node, spot)
        return FAULTY if names is FAULTY else tuple(Choice(name) for name in names)

    def write(self, value: tuple[Choice, ...]) -> Plain:
        if any(choice.label for choice in value):
            return self.labelled.write(tuple((choice.id, choice.label) for choice in value))
        return self.listed.write(tuple(choice.id for choice in value))

    def schema(self, defs: Schema) -> Schema:
        return {"anyOf": [self.listed.schema(defs), self.labelled.schema(defs)]}


@attrs.frozen
class _DerivedForm:
    """How a derived fact is computed: a date or a list of dates, or a rule."""

    dates: Form = WHENS
    rule: Form = RuleForm()

    def read(self, node: Node, spot: Spot) -> Expression | tuple[When, ...] | Faulty:
        form = self.rule if isinstance(node, Leaf) else self.dates
        value: Expression | tuple[When, ...] | Faulty = form.read(node, spot)
        return value

    def write(self, value: Expression | tuple[When, ...]) -> Plain:
        return (self.dates if isinstance(value, tuple) else self.rule).write(value)

    def schema(self, defs: Schema) -> Schema:
        return {"anyOf": [self.rule.schema(defs), self.dates.schema(defs)]}


@attrs.frozen
class _UntypedForm:
    """The initial value of a fact: kept as its node until the fact's type is known."""

    def read(self, node: Node, spot: Spot) -> Node:  # noqa: ARG002 - read with the fact's type
        return node

    def write(self, value: Scalar) -> Plain:
        return ScalarForm().write(value)

    def schema(self, defs: Schema) -> Schema:
        return ScalarForm().schema(defs)


def _fact(parts: Parts, node: MapNode, spot: Spot) -> Fact | Faulty:
    """Build a fact; its initial value is read as the fact's type says."""
    if "initial" in parts:
        initial = _INITIAL[parts["type"]].read(parts["initial"], spot.key("initial"))
        parts = {**parts, "initial": None if initial is FAULTY else initial}
    fact = Fact(**parts)
    limits = {"choices": {FactType.CHOICE}, "max_length": {FactType.TEXT}}
    limits |= {"minimum": {FactType.INT}, "maximum": {FactType.INT}}
    for leaf, _ in node.entries:
        if fact.type not in limits.get(leaf.text, {fact.type}):
            message = f"a fact of type {fact.type.value} has no {leaf.text!r}"
            spot.key(leaf.text).fault(leaf, "wrong_key", message, "take it out or change the type")
    return fact


_STATE = RecordForm(
    "state",
    State,
    (_LABEL, Field("stage", NAME), Field("final", FlagForm()), _CLAUSES, _BASIS),
)
_STAGE = RecordForm("stage", Stage, (_LABEL, _CLAUSES))
_TRACK = RecordForm(
    "track",
    Track,
    (
        _LABEL,
        Field("initial", NAME, required=True),
        Field("stages", NamedForm(_STAGE)),
        Field("states", NamedForm(_STATE), required=True),
    ),
)
_FACT = RecordForm(
    "fact",
    Fact,
    (
        Field("type", EnumForm(FactType), required=True),
        _LABEL,
        Field("by", NAMES),
        Field("choices", _ChoicesForm()),
        Field("max_length", NumberForm(minimum=1)),
        Field("minimum", NumberForm()),
        Field("maximum", NumberForm()),
        Field("initial", _UntypedForm()),
        Field("derived", _DerivedForm()),
        Field("during", RuleForm()),
        Field("once", FlagForm()),
        _CLAUSES,
        _BASIS,
    ),
    build=_fact,
)
_RULE = RecordForm(
    "rule",
    Rule,
    (
        Field("requires", RuleForm(), required=True),
        _SAYS,
        _CLAUSES,
        Field("since", DayForm()),
        Field("until", DayForm()),
        _BASIS,
    ),
)
_TARGET = Field("state", NAME, required=True)
_BRANCH = RecordForm("branch", Branch, (_TARGET, Field("when", RuleForm())))


def _transition(parts: Parts, node: MapNode, spot: Spot) -> Transition:  # noqa: ARG001
    """Build a transition; one without track gets the workflow's only one later."""
    return Transition(**{"track": "", **parts})


def _transition_parts(value: Transition) -> Parts:
    return changed(value, always={"track", "source"})


_TRANSITION = RecordForm(
    "transition",
    Transition,
    (
        _LABEL,
        Field("track", NAME),
        Field("from", NAMES, name="source", required=True),
        Field("to", ListForm(EitherForm(_TARGET, _BRANCH))),
        Field("by", NAMES),
        Field("not_by", NAMES),
        Field("signed_by", NAMES),
        Field("automatic", FlagForm()),
        Field("at", WHENS),
        Field("after_due", NAME),
        Field("enabled", RuleForm()),
        Field("needs", NAMES),
        Field("due", DEADLINE),
        Field("window", WINDOW),
        Field("records", NAMES),
        Field("may_record", NAMES),
        Field("set", PairsForm(RuleForm()), name="sets"),
        Field("reason", FlagForm()),
        _CLAUSES,
        _BASIS,
    ),
    build=_transition,
    split=_transition_parts,
)
_OPENING = RecordForm(
    "opening",
    Opening,
    (
        Field("by", NAMES),
        Field("needs", NAMES),
        Field("records", NAMES),
        Field("may_record", NAMES),
        _CLAUSES,
    ),
)
_CHILD = Field("workflow", NAME, required=True)
_RELATION = RecordForm("relation", Relation, (_CHILD, _CLAUSES))


def _workflow(parts: Parts, node: MapNode, spot: Spot) -> Workflow | Faulty:
    """Build a workflow, and put transitions without track onto its only one."""
    tracks: tuple[Track, ...] = parts["tracks"]
    written = node.get("tracks")
    only = tracks[0].id if len(tracks) == 1 else None
    if not isinstance(written, MapNode) or not written.entries:
        return spot.key("tracks").fault(written or node, "missing_value", "there is no track")
    transitions = []
    for transition in parts.get("transitions", ()):
        placed = transition
        if not transition.track and len(written.entries) > 1:
            here = spot.key("transitions").key(transition.id)
            at = node.get("transitions")
            entry = at.get(transition.id) if isinstance(at, MapNode) else None
            hint = "name one: " + ", ".join(leaf.text for leaf, _ in written.entries)
            here.key("track").fault(
                entry or node, "missing_key", "there are several tracks, and none is named", hint
            )
        elif not transition.track and only is not None:
            placed = attrs.evolve(transition, track=only)
        transitions.append(placed)
    return Workflow(**{**parts, "transitions": tuple(transitions)})


WORKFLOW = RecordForm(
    "workflow",
    Workflow,
    (
        Field("workflow", IdForm("a workflow's id"), name="id", required=True),
        _LABEL,
        _CLAUSES,
        Field("children", NamedForm(_RELATION, short=_CHILD)),
        Field("opening", _OPENING),
        Field("corrected_by", NAMES),
        Field("facts", NamedForm(_FACT)),
        Field("tracks", NamedForm(_TRACK), required=True),
        Field("rules", NamedForm(_RULE)),
        Field("transitions", NamedForm(_TRANSITION)),
        Field("duties", NamedForm(DUTY)),
    ),
    build=_workflow,
)
