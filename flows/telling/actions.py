"""Messages, marks, jumps and leads in words."""

from __future__ import annotations

from flows.nodes.goal import Goal
from flows.nodes.jumps import Call, End, Go
from flows.nodes.letters import Start, Stop
from flows.nodes.marks import Add, Set, Tag, Untag
from flows.nodes.message_keys import SayButton
from flows.nodes.say import Say
from flows.nodes.team import Lead, Notify
from flows.telling.steps import Book, Choice, Note, Told, tells
from flows.telling.times import duration_words
from flows.texts import WrittenValue

_PRIORITIES = {"urgent": ("срочная", "urgent"), "low": ("не срочная", "not urgent")}


@tells(Say, "say", "buttons", "typing")
def _say(step: Say, book: Book) -> Told:
    tongue = book.tongue
    notes = []
    if step.typing:
        words = duration_words(step.typing, tongue)
        notes.append(Note(tongue(f"Перед этим «печатает…» {words}", f"“typing…” for {words}")))
    return Told(
        "message",
        tongue("Сообщение", "A message"),
        step.say.compiled,
        tuple(notes),
        tuple(_button(button, book) for button in step.buttons),
    )


def _button(button: SayButton, book: Book) -> Choice:
    tongue = book.tongue
    notes = []
    if button.url:
        address = book.plain(button.url)
        notes.append(tongue(f"открывает {address}", f"opens {address}"))
    notes += [tongue(f"метка «{tag}»", f"the tag “{tag}”") for tag in button.tag]
    notes += [tongue(f"снимает метку «{tag}»", f"untags “{tag}”") for tag in button.untag]
    notes += [_saved(name, value, book) for name, value in (button.set or {}).items()]
    if button.reply:
        words = tongue.quoted(book.plain(button.reply))
        notes.append(tongue(f"в ответ: {words}", f"the reply: {words}"))
    return Choice(
        book.plain(button.text), "", button.go, tuple(notes), leads=bool(button.go), button=True
    )


def _saved(name: str, value: WrittenValue, book: Book) -> str:
    field = book.tongue.quoted(book.label(name))
    words = book.plain(value.compiled)
    if not words:
        return book.tongue(f"{field} становится пустым", f"{field} is emptied")
    return book.tongue(f"{field} — {words}", f"{field} is {words}")


@tells(Set, "set")
def _set(step: Set, book: Book) -> Told:
    words = "; ".join(_saved(name, value, book) for name, value in step.set.items())
    return Told("mark", book.tongue(f"Записать: {words}", f"Write down: {words}"))


@tells(Tag, "tag")
def _tag(step: Tag, book: Book) -> Told:
    words = ", ".join(map(book.tongue.quoted, step.tag))
    return Told("mark", book.tongue(f"Поставить метку {words}", f"Tag {words}"))


@tells(Untag, "untag")
def _untag(step: Untag, book: Book) -> Told:
    words = ", ".join(map(book.tongue.quoted, step.untag))
    return Told("mark", book.tongue(f"Снять метку {words}", f"Untag {words}"))


@tells(Add, "add")
def _add(step: Add, book: Book) -> Told:
    score = book.tongue("счёт", "score")
    parts = [
        f"{score if name == 'score' else book.tongue.quoted(book.label(name))} {amount:+g}"
        for name, amount in step.add.items()
    ]
    return Told("mark", book.tongue(f"Прибавить: {', '.join(parts)}", f"Add: {', '.join(parts)}"))


@tells(Goal, "goal")
def _goal(step: Goal, book: Book) -> Told:
    return Told("mark", book.tongue(f"Цель достигнута: {step.goal}", f"A goal: {step.goal}"))


@tells(Go, "go")
def _go(step: Go, book: Book) -> Told:
    return Told("jump", book.tongue("Перейти", "Go on to"), to=step.go, ends=True)


@tells(Call, "call")
def _call(step: Call, book: Book) -> Told:
    return Told(
        "jump", book.tongue("Пройти и вернуться", "Go through and come back"), to=step.call
    )


@tells(End)
def _end(_step: End, book: Book) -> Told:
    return Told("jump", book.tongue("Конец разговора", "The end of the talk"), ends=True)


@tells(Start, "start")
def _start(step: Start, book: Book) -> Told:
    return Told("jump", book.tongue("Начать серию писем", "Begin the series"), series=step.start)


@tells(Stop, "stop")
def _stop(step: Stop, book: Book) -> Told:
    if step.stop == "all":
        return Told("jump", book.tongue("Остановить все серии", "Stop all series"))
    return Told("jump", book.tongue("Остановить серию", "Stop the series"), series=step.stop)


@tells(Lead, "lead", "team", "priority", "fields", "value")
def _lead(step: Lead, book: Book) -> Told:
    tongue = book.tongue
    notes = [Note(tongue(f"Команде «{step.team}»", f"To the team “{step.team}”"))]
    if step.priority in _PRIORITIES:
        notes.append(Note(tongue(*_PRIORITIES[step.priority])))
    if step.fields:
        names = ", ".join(map(book.label, step.fields))
        notes.append(Note(tongue(f"В карточке: {names}", f"On the card: {names}")))
    if step.value is not None:
        words = book.plain(step.value.compiled)
        notes.append(Note(tongue(f"Сумма: {words}", f"Value: {words}")))
    return Told("team", tongue("Заявка", "A lead"), step.lead.compiled, tuple(notes))


@tells(Notify, "notify", "say")
def _notify(step: Notify, book: Book) -> Told:
    title = book.tongue(f"Сообщить команде «{step.notify}»", f"Tell the team “{step.notify}”")
    return Told("team", title, step.say.compiled)
