"""The outline of a funnel, made: runs of simple steps become one card, common ends become chips."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from flows.drawing.outline import (
    Branch,
    Card,
    Chip,
    Item,
    Lane,
    LetterOutline,
    Line,
    Outline,
    Way,
    flow_id,
    series_id,
)
from flows.funnel import Letter, Series
from flows.program import Laid, Program
from flows.telling import Book, Choice, Kind, Note, Told, told
from flows.telling.letters import (
    entry_notes,
    entry_words,
    letter_notes,
    letter_when,
    series_notes,
)

_KINDS: tuple[Kind, ...] = ("team", "message", "other", "mark", "jump")
"""What a run of steps is called by: the first of these that it holds."""


def outline_of(book: Book) -> Outline:
    """The outline of the book's funnel."""
    funnel = book.program.funnel
    made = _Outliner(book)
    lanes = [*made.lanes()]
    lanes += [made.series(name, each) for name, each in funnel.series.items()]
    ways = tuple(
        Way(entry_words(each, book), each.flow or "main", tuple(entry_notes(each, book)))
        for each in funnel.entry
    )
    title = funnel.title or funnel.funnel
    return Outline(title, book.tongue.language, ways, tuple(lanes))


def steps_of(program: Program, prefix: str) -> Iterator[Laid]:
    """The steps of one block in order."""
    index = 0
    while laid := program.steps.get(f"{prefix}.{index}"):
        yield laid
        index += 1


@dataclass(slots=True)
class _Outliner:
    """``inlined`` flows are drawn where the one jump to them stands; ``above`` are drawn around."""

    book: Book
    words: dict[str, Told] = field(default_factory=dict)
    inlined: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    above: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        steps = self.book.program.steps
        self.words = {address: told(laid.step, self.book) for address, laid in steps.items()}
        self.inlined = self._followed_once()

    def _followed_once(self) -> set[str]:
        funnel = self.book.program.funnel
        counted: Counter[str] = Counter(item.flow or "main" for item in funnel.entry)
        jumped: set[str] = set()
        for address, words in self.words.items():
            targets = {words.to, *(choice.to for choice in words.choices)} - {""}
            counted.update(target.split(".")[0] for target in targets)
            if words.ends and self.book.program.steps[address].flow in funnel.flows:
                jumped |= targets
        return {name for name in jumped & funnel.flows.keys() if counted[name] == 1} - {"main"}

    def lanes(self) -> Iterator[Lane]:
        """A lane of every flow that is not drawn inside another."""
        flows = self.book.program.funnel.flows
        yield from (self._lane(name) for name in flows if name not in self.inlined)
        for name in flows:  # a ring of flows that only lead to one another
            if name not in self.shown:
                self.inlined.discard(name)
                yield self._lane(name)

    def _lane(self, name: str) -> Lane:
        self.shown.add(name)
        self.above = [name]
        return Lane(flow_id(name), name, self._items(name))

    def series(self, name: str, series: Series) -> Lane:
        """The lane of a series."""
        letters = tuple(self._letter(name, series, letter) for letter in series.letters)
        notes = tuple(series_notes(series, self.book))
        return Lane(series_id(name), name, letters=letters, notes=notes, series=True)

    def _letter(self, name: str, series: Series, letter: Letter) -> LetterOutline:
        address = f"{name}.{letter.id}"
        self.above = [address]
        return LetterOutline(
            address,
            letter.id,
            letter_when(letter, self.book),
            tuple(letter_notes(letter, series, self.book)),
            self._items(address),
            self._items(f"{address}.otherwise"),
        )

    def _flow(self, name: str) -> tuple[Item, ...]:
        self.shown.add(name)
        self.above.append(name)
        words = self.book.tongue.quoted(name)
        items = self._items(name, self.book.tongue(f"Поток {words}", f"Flow {words}"))
        self.above.pop()
        return items

    def _items(self, prefix: str, caption: str = "") -> tuple[Item, ...]:
        found: list[Item] = []
        run: list[Laid] = []
        for laid in steps_of(self.book.program, prefix):
            words = self.words[laid.address]
            if _stands_alone(words):
                found += self._run(run, "" if found else caption)
                found.append(self._fork(laid, "" if found else caption))
                run = []
                continue
            run.append(laid)
            if words.ends:
                found += self._closed(run, words.to, "" if found else caption)
                run = []
        return (*found, *self._run(run, "" if found else caption))

    def _closed(self, run: list[Laid], to: str, caption: str) -> list[Item]:
        """A run that a jump closes: the flow that it leads to stands below, or is named."""
        if not self._is_next(to):
            return self._run(run, caption, falls=False)
        return [*self._run(run[:-1], caption), *self._flow(to)]

    def _is_next(self, to: str) -> bool:
        return to in self.inlined and to not in self.shown

    def _run(self, run: list[Laid], caption: str, *, falls: bool = True) -> list[Item]:
        if not run:
            return []
        lines = [line for laid in run for line in self._lines(laid)]
        kinds = {self.words[laid.address].kind for laid in run}
        kind = next(kind for kind in _KINDS if kind in kinds)
        card = Card(run[0].address, kind, "", tuple(lines), caption)
        return [Item(card, passes=("",) if falls else ())]

    def _lines(self, laid: Laid) -> Iterator[Line]:
        words = self.words[laid.address]
        if words.kind == "jump":
            yield self._jump(laid, words)
            return
        yield Line(self._said(words), style="head" if words.text is not None else "plain")
        if words.kind == "message":
            yield from (Line(note.label) for note in words.notes)
        yield from map(self._choice, words.choices)

    def _said(self, words: Told) -> str:
        if words.text is None:
            return words.title
        text = self.book.plain(words.text)
        return text if words.kind in {"message", "question"} else f"{words.title}: {text}"

    def _jump(self, laid: Laid, words: Told) -> Line:
        if words.series:
            known = words.series in self.book.program.funnel.series
            target = series_id(words.series) if known else ""
            return Line(words.title, Chip(words.series, "series", target))
        if words.to and laid.step.VERB == "go":
            return Line(chip=self._chip(words.to))
        if words.to:
            return Line(words.title, Chip(words.to, "call", flow_id(words.to)))
        return (
            Line(chip=Chip(self.book.tongue("конец", "the end"), "end"))
            if words.ends
            else Line(words.title)
        )

    def _chip(self, to: str) -> Chip:
        flow = to.split(".", 1)[0]
        target = self.book.program.places.get(to) or flow_id(flow)
        return Chip(to, "back" if flow in self.above else "go", target)

    def _fork(self, laid: Laid, caption: str) -> Item:
        words = self.words[laid.address]
        branches: list[Branch] = []
        passes = [] if words.choices else [""]
        lines = [*self._above_choices(words)]
        for choice in words.choices:
            line, branch = self._way(laid, choice)
            lines.append(line)
            if branch is not None:
                branches.append(branch)
            elif line.chip is None and choice.leads:
                passes.append(choice.label)
        place = self.book.program.names.get(laid.address, "")
        title = words.title if words.kind == "consent" else place
        card = Card(laid.address, words.kind, title, tuple(lines), caption)
        return Item(card, tuple(branches), tuple(passes))

    def _above_choices(self, words: Told) -> Iterator[Line]:
        if words.text is not None:
            yield Line(self.book.plain(words.text), style="head")
        elif words.kind != "consent":
            yield Line(words.title, style="head")
        yield from (Line(self._note(note)) for note in words.notes if not note.minor)

    def _note(self, note: Note) -> str:
        return f"{note.label}: {self.book.plain(note.text)}" if note.text else note.label

    def _way(self, laid: Laid, choice: Choice) -> tuple[Line, Branch | None]:
        """A choice as a line of the card, and the branch that it opens, if it is drawn."""
        if choice.to and self._is_next(choice.to):
            line = self._choice(replace(choice, to=""))
            return line, Branch(choice.label, self._flow(choice.to))
        only = self._only_jump(laid, choice)
        if only is not None:
            return Line(choice.label, only, "button" if choice.button else "way"), None
        items = self._items(f"{laid.address}.{choice.block}") if choice.block else ()
        return self._choice(choice), Branch(choice.label, items) if items else None

    def _only_jump(self, laid: Laid, choice: Choice) -> Chip | None:
        """The chip of nested steps that only go elsewhere or end."""
        block = [*steps_of(self.book.program, f"{laid.address}.{choice.block}")]
        if not choice.block or len(block) != 1:
            return None
        words = self.words[block[0].address]
        if not words.ends or words.kind != "jump" or self._is_next(words.to):
            return None
        return self._jump(block[0], words).chip

    def _choice(self, choice: Choice) -> Line:
        chip = self._chip(choice.to) if choice.to else None
        return Line(choice.label, chip, "button" if choice.button else "way")


def _stands_alone(words: Told) -> bool:
    """Whether a step has a card of its own: a place, or a fork. A message's buttons part no way."""
    return words.kind == "wait" or (bool(words.choices) and words.kind != "message")
