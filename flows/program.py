"""A funnel laid out for playing: every step has an address, a way on, and maybe a place's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from flows.answers.slot import Slot
from flows.calendar import Calendar
from flows.funnel import Funnel, Letter, Series
from flows.marking import RUN_NAMES
from flows.nodes.ask import Ask
from flows.nodes.base import Block, Step
from flows.nodes.code import Code, end_field
from flows.nodes.jumps import Call
from flows.nodes.marks import Add, Set
from flows.nodes.outside import OutsideStep
from flows.nodes.question import Question
from flows.nodes.say import Say
from flows.texts import WrittenValue

if TYPE_CHECKING:
    from flows.accounts import Alerts
    from flows.hosts import HttpRules
    from flows.project import Document, Limits, Team
    from flows.scene import Turn


@dataclass(frozen=True, slots=True)
class Laid:
    """A step at its address; ``below`` is where play goes on, None at the end of the flow."""

    step: Step
    address: str
    below: str | None
    flow: str


@dataclass(frozen=True, slots=True)
class Program:
    """A funnel ready to be played.

    ``places`` maps a place's name to its address, ``calls`` likewise the ``call`` steps; ``fields``
    are all that is declared or saved, ``plain_fields`` those that only ever hold a ready answer;
    ``labels`` are the buttons' words for saved values, by field; ``types`` are the fields' types,
    that of what is saved where none is declared.
    """

    funnel: Funnel
    hash: str
    steps: dict[str, Laid] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    plain_fields: set[str] = field(default_factory=set)
    slot_fields: set[str] = field(default_factory=set)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    def first(self, flow: str) -> str | None:
        """The address of a flow's first step; None when the flow is empty."""
        address = f"{flow}.0"
        return address if address in self.steps else None

    def into(self, laid: Laid, block: str) -> str | None:
        """The address of a nested block's first step, or what is below when it is empty."""
        address = f"{laid.address}.{block}.0"
        return address if address in self.steps else laid.below

    def question(self, place: str) -> Question:
        """The question of that place."""
        step = self.steps[self.places[place]].step
        assert isinstance(step, Question)
        return step

    def resolve(self, target: str) -> str | None:
        """The address of ``flow`` or ``flow.place``."""
        return self.places.get(target) or self.first(target)

    def knows(self, target: str) -> bool:
        """Whether ``flow`` or ``flow.place`` exists."""
        return target in self.funnel.flows or target in self.places

    def letters(self) -> Iterator[tuple[str, Series, Letter]]:
        """Every letter with its series."""
        for name, series in self.funnel.series.items():
            for letter in series.letters:
                yield name, series, letter


def lay_out(funnel: Funnel, digest: str) -> Program:
    """The funnel's program; ``digest`` names this version of it."""
    program = Program(funnel, digest)
    for name, block in funnel.flows.items():
        _lay(program, block, name, name, None)
    for name, _, letter in program.letters():
        flow = f"{name}.{letter.id}"
        _lay(program, letter.steps, flow, flow, None)
        _lay(program, letter.otherwise, f"{flow}.otherwise", flow, None)
    _list_fields(program)
    return program


def _list_fields(program: Program) -> None:
    program.types.update((name, spec.type) for name, spec in program.funnel.fields.items())
    program.fields.update(program.funnel.fields)
    for item in program.funnel.entry:
        program.fields.update(item.set or {})
        program.fields.update(item.save or {})
    free = {field for item in program.funnel.entry for field in item.save or {}}
    for laid in program.steps.values():
        step = laid.step
        if isinstance(step, Set):
            program.fields.update(step.set)
            free.update(_composed(step.set))
        if isinstance(step, Add):
            program.fields.update(step.add)
        if isinstance(step, Say):
            for button in step.buttons:
                program.fields.update(button.set or {})
                free.update(_composed(button.set or {}))
        if isinstance(step, OutsideStep):
            _list_given(program, step)
            free.update(step.gives())
        if isinstance(step, Ask) and step.save:
            _list_saved(program, step)
            if step.answer is not None or not step.options:
                free.add(step.save)
    program.fields.difference_update(RUN_NAMES)
    program.plain_fields.update(program.fields - free)


def _list_given(program: Program, step: OutsideStep) -> None:
    program.fields.update(step.gives())
    if isinstance(step, Code) and step.valid:
        program.types[end_field(step.code)] = "datetime"


def _list_saved(program: Program, step: Ask) -> None:
    program.fields.add(step.save)
    if isinstance(step.answer, Slot):
        program.slot_fields.add(step.save)
    program.labels.setdefault(step.save, {}).update(_labels(step))
    spec = program.funnel.fields.get(step.save)
    declared = spec.type if spec else ""
    # a field without a type takes that of what is saved in it
    if not declared and program.types.get(step.save, "") in {"", "text"}:
        program.types[step.save] = saved_type(step)


def saved_type(step: Ask) -> str:
    """The type of what the question saves: a list, the type of its answer, or text."""
    if step.many:
        return "list"
    return step.answer.value_type if step.answer is not None else "text"


def _labels(step: Ask) -> dict[str, str]:
    """What the buttons say for the values that they save."""
    valued = (option for option in step.options if option.value is not None)
    return {
        str(option.value): option.text.compiled.literal
        for option in valued
        if option.text.compiled.literal is not None
    }


def _composed(values: dict[str, WrittenValue]) -> set[str]:
    """The fields whose value is made of others: it may tell as much of a person as they do."""
    return {name for name, written in values.items() if written.compiled.literal is None}


def _lay(program: Program, block: Block, prefix: str, flow: str, below: str | None) -> None:
    for index, bare in enumerate(block):
        step = _with_silence(bare, program.funnel)
        address = f"{prefix}.{index}"
        after = f"{prefix}.{index + 1}" if index + 1 < len(block) else below
        program.steps[address] = Laid(step, address, after, flow)
        if step.place():
            _name(program, step, address, f"{flow}.{step.place()}")
        for key, inner in step.blocks():
            _lay(program, inner, f"{address}.{key}", flow, after)


def _name(program: Program, step: Step, address: str, place: str) -> None:
    table = program.calls if isinstance(step, Call) else program.places
    table.setdefault(place, address)
    program.names[address] = place


def _with_silence(step: Step, funnel: Funnel) -> Step:
    if isinstance(step, Question) and step.silence is None and funnel.silence is not None:
        return replace(step, silence=funnel.silence)
    return step


@dataclass(frozen=True, slots=True)
class Bundle:
    """All that a bot's conversations are played by: its programs and the project's rules.

    ``programs`` are the live ones in the order in which they may begin; ``older`` those that live
    runs still name, by hash. ``watch`` is shown every turn when it is over: tests learn from it what
    they have been through. ``testers`` are accounts of the channel, ``alerts`` the owner's chats.
    """

    bot: str
    channel: str
    programs: dict[str, Program]
    documents: dict[str, Document]
    teams: dict[str, Team]
    limits: Limits
    calendar: Calendar
    timezone: str
    older: dict[str, Program] = field(default_factory=dict)
    deny_advertising: bool = False
    identity: str = ""
    watch: Callable[[Turn], None] | None = None
    http: HttpRules | None = None
    alerts: Alerts | None = None
    testers: frozenset[str] = frozenset()

    def program(self, funnel: str, digest: str) -> Program | None:
        """The program of a run: the version it began with, else the live one."""
        live = self.programs.get(funnel)
        if live is not None and live.hash == digest:
            return live
        return self.older.get(digest, live)
