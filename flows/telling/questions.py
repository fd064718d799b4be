"""Questions, consents, waits and forks in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flows.answers.slot import Slot
from flows.nodes.ask import Ask, Option
from flows.nodes.branches import If, Match
from flows.nodes.consent import Consent
from flows.nodes.question import Question
from flows.nodes.split import Split
from flows.nodes.wait import Wait
from flows.phrases import phrase
from flows.telling.conditions import condition_words
from flows.telling.steps import Book, Choice, Note, Told, tells
from flows.telling.times import duration_words, when_words
from flows.telling.tongue import Tongue
from flows.when import field_of

ANSWERS = {
    "text": ("свой ответ словами", "an answer in words"),
    "phone": ("номер телефона", "a phone number"),
    "email": ("адрес почты", "an e-mail address"),
    "integer": ("целое число", "a whole number"),
    "number": ("число", "a number"),
    "yes_no": ("да или нет", "yes or no"),
    "date": ("дата", "a date"),
    "time": ("время", "a time"),
    "datetime": ("дата и время", "a date and time"),
    "city": ("город", "a city"),
    "rating": ("оценка", "a rating"),
    "file": ("файл", "a file"),
    "photo": ("фото", "a photo"),
    "location": ("место на карте", "a place on the map"),
    "slot": ("свободное время", "a free time"),
}


@tells(
    Ask, "ask", "save", "options", "answer", "invalid", "attempts", "otherwise", "skip", "silence",
    "many", "min", "max",
)  # fmt: skip
def _ask(step: Ask, book: Book) -> Told:
    tongue = book.tongue
    notes = []
    if step.save:
        field = tongue.quoted(book.label(step.save))
        words = tongue(f"Ответ записывается: {field}", f"The answer is saved: {field}")
        notes.append(Note(words, minor=True))
    if step.many:
        notes.append(Note(_many(step, tongue)))
    if step.invalid:
        label = tongue("Если ответ не подходит", "When the answer does not fit")
        notes.append(Note(label, step.invalid.compiled))
    notes += _reminders(step, book)
    return Told(
        "question",
        tongue("Вопрос", "A question"),
        step.ask.compiled,
        tuple(notes),
        (*_answers(step, book), *_silence(step, book)),
        ends=True,
    )


def _answers(step: Ask, book: Book) -> Iterator[Choice]:
    tongue = book.tongue
    for index, option in enumerate(step.options):
        yield _option(option, index, book)
    if isinstance(step.answer, Slot):
        yield from _times(step, step.answer, book)
    elif step.answer is not None or not step.options:
        name = step.answer.name if step.answer is not None else "text"
        words = tongue(*ANSWERS.get(name, (name, name)))
        yield Choice(tongue(f"пишет: {words}", f"writes: {words}"))
    if step.skip is not None:
        yield Choice(book.plain(step.skip), button=True)
    if step.attempts is not None:
        words = tongue.count(
            step.attempts,
            ("непонятного ответа", "непонятных ответов", "непонятных ответов"),
            ("answer that does not fit", "answers that do not fit"),
        )
        yield Choice(tongue(f"после {words}", f"after {words}"), "otherwise")


def _many(step: Ask, tongue: Tongue) -> str:
    """How many may be chosen."""
    most = f" {tongue('до', 'to')} {step.max}" if step.max is not None else ""
    return tongue(
        f"Можно выбрать несколько: от {step.least}{most}",
        f"Several can be chosen: from {step.least}{most}",
    )


def _times(step: Ask, slot: Slot, book: Book) -> Iterator[Choice]:
    tongue = book.tongue
    length = duration_words(slot.wanted.length // timedelta(microseconds=1), tongue)
    notes = (
        tongue(f"по часам команды {slot.team}", f"in the hours of the team {slot.team}"),
        tongue(f"на {length}", f"for {length}"),
    )
    words = tongue(*ANSWERS["slot"])
    yield Choice(tongue(f"выбирает: {words}", f"chooses: {words}"), notes=notes)
    if step.attempts is None:
        none = tongue("свободного времени нет", "no time is free")
        yield Choice(none, "otherwise" if step.otherwise else "")


def _option(option: Option, index: int, book: Book) -> Choice:
    tongue = book.tongue
    notes = []
    if option.value is not None:
        notes.append(tongue(f"записывается «{option.value}»", f"saved as “{option.value}”"))
    notes += [tongue(f"метка «{tag}»", f"the tag “{tag}”") for tag in option.tag]
    if option.score:
        notes.append(tongue(f"счёт {option.score:+g}", f"score {option.score:+g}"))
    if option.url:
        address = book.plain(option.url)
        notes.append(tongue(f"открывает {address}", f"opens {address}"))
    if option.photo:
        notes.append(str(option.photo))
    return Choice(
        book.plain(option.text),
        f"option{index}" if option.then else "",
        option.go,
        tuple(notes),
        leads=option.url is None,
        button=True,
    )


def _reminders(step: Question, book: Book) -> Iterator[Note]:
    for item in step.silence or ():
        if item.say is not None:
            after = duration_words(item.after, book.tongue)
            label = book.tongue(f"Напоминание, если молчит {after}", f"A reminder after {after}")
            yield Note(label, item.say.compiled)


def _silence(step: Question, book: Book) -> Iterator[Choice]:
    for item in step.silence or ():
        if item.then is not None:
            after = duration_words(item.after, book.tongue)
            label = book.tongue(f"молчит {after}", f"silent for {after}")
            yield Choice(label, "silence" if item.then else "")


@tells(Consent, "consent", "say", "agree", "refuse", "refused", "silence")
def _consent(step: Consent, book: Book) -> Told:
    tongue = book.tongue
    agree = book.plain(step.agree) if step.agree else phrase("agree", tongue.language)
    refuse = book.plain(step.refuse) if step.refuse else phrase("refuse", tongue.language)
    title = book.document(step.consent)
    return Told(
        "consent",
        tongue(f"Согласие: {title}", f"Consent: {title}"),
        step.say.compiled if step.say else None,
        tuple(_reminders(step, book)),
        (
            Choice(agree, button=True),
            Choice(refuse, "refused" if step.refused else "", button=True),
            *_silence(step, book),
        ),
        ends=True,
    )


@tells(If, "if", "then", "else")
def _if(step: If, book: Book) -> Told:
    words = condition_words(step.condition.compiled.tree, book.labels, book.tongue)
    return Told(
        "choice",
        book.tongue(f"Если {words}", f"If {words}"),
        choices=(
            Choice(book.tongue("да", "yes"), "then" if step.then else ""),
            Choice(book.tongue("нет", "no"), "else" if step.otherwise else ""),
        ),
        ends=True,
    )


@tells(Match, "match", "cases", "else")
def _match(step: Match, book: Book) -> Told:
    tongue = book.tongue
    labels = book.program.labels.get(step.match, {})
    cases = [
        Choice(labels.get(case, case) or tongue("пусто", "empty"), f"case{index}" if block else "")
        for index, (case, block) in enumerate(step.cases.items())
    ]
    field = tongue.quoted(book.label(step.match))
    return Told(
        "choice",
        tongue(f"Смотря по тому, что в поле {field}", f"By what is in {field}"),
        choices=(*cases, Choice(tongue("иначе", "else"), "else" if step.otherwise else "")),
        ends=True,
    )


@tells(Split, "split", "variants")
def _split(step: Split, book: Book) -> Told:
    whole = sum(each.weight for each in step.variants.values())
    shares = [
        Choice(f"{name} — {100 * each.weight / whole:.0f}%", name if each.steps else "")
        for name, each in step.variants.items()
    ]
    title = book.tongue(f"Жребий «{step.split}»", f"By chance “{step.split}”")
    return Told("choice", title, choices=tuple(shares), ends=True)


@tells(Wait, "wait", "until", "then", "else")
def _wait(step: Wait, book: Book) -> Told:
    tongue = book.tongue
    field = field_of(step.wait)
    words = when_words(step.wait, tongue, book.label(field) if field else "")
    title = tongue(f"Ожидание: {words}", f"A wait: {words}")
    if step.until is None:
        return Told("wait", title)
    until = condition_words(step.until.compiled.tree, book.labels, tongue)
    return Told(
        "wait",
        tongue(f"{title}, или пока не станет верно: {until}", f"{title}, or until {until}"),
        choices=(
            Choice(tongue("дождались", "it came true"), "then" if step.then else ""),
            Choice(tongue("время вышло", "time ran out"), "else" if step.otherwise else ""),
        ),
        ends=True,
    )
