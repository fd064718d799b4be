"""A recorded test put into its funnel's file, when the file stays what it was and the test passes."""

from __future__ import annotations

import os
from pathlib import Path
from textwrap import dedent, indent

import typer

from flows.loading import Loaded, read_program
from flows.prompting import Failure
from flows.reading import Reading
from flows.rehearsal import rehearse
from flows.source import Mapping, Node, Scalar, Sequence, read_source
from flows.transcripts import Transcript, read_tests
from voronka.files import append_report
from voronka.projects import Opened
from voronka.speech import Mistake, Speech
from voronka.testing import alone, channels_of


class _NotSafe(Exception):
    """The file cannot be added to: why, in two languages."""

    def __init__(self, ru: str, en: str) -> None:
        super().__init__(en)
        self.ru = ru
        self.en = en


def keep(
    test: str, opened: Opened, funnel: str, *, file: Path | None, save: bool, say: Speech
) -> None:
    """Print the test, or append it to a file, or put it into the funnel's own."""
    if save:
        path = opened.folder / opened.loaded.files[funnel]
        try:
            save_into(path, opened.loaded, funnel, test)
        except Mistake:
            typer.echo(test, nl=False)
            raise
        typer.echo(say(f"Тест записан в {path.name}.", f"The test is in {path.name}."))
    elif file is not None:
        append_report(file, test)
        typer.echo(say(f"Тест записан в {file}.", f"The test is in {file}."))
    else:
        typer.echo(test, nl=False)


def save_into(path: Path, loaded: Loaded, funnel: str, test: str) -> None:
    """Append the test to the file's ``tests``; a ``Mistake`` when that is not safe."""
    try:
        before = path.read_bytes()
        after = before + _addition(before.decode("utf-8-sig"), test).encode()
        _check(before.decode("utf-8-sig"), after.decode("utf-8-sig"), loaded, funnel)
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(after)
        os.replace(beside, path)  # noqa: PTH105 - the same, told apart from renaming
    except (_NotSafe, OSError, UnicodeDecodeError) as error:
        ru = error.ru if isinstance(error, _NotSafe) else str(error)
        en = error.en if isinstance(error, _NotSafe) else str(error)
        raise Mistake(
            f"Тест не записан в {path.name}: {ru}. Вставьте его сами.",
            f"The test was not written to {path.name}: {en}. Paste it yourself.",
        ) from None


def _addition(text: str, test: str) -> str:
    root = _tree(text)
    tests = root.get("tests")
    ending = "\r\n" if "\r\n" in text else "\n"
    before = "" if text.endswith("\n") else "\n"
    if tests is None:
        added = f"{before}\ntests:\n{test}"
    else:
        added = before + indent(dedent(test), _margin(text, root, tests))
    return added.replace("\n", ending)


def _margin(text: str, root: Mapping, tests: Node) -> str:
    """The white space before the dashes of ``tests``, which must stand last."""
    last = max(key.mark for key, _ in root)
    is_last = next(key.mark for key, _ in root if key.text == "tests") == last
    if not isinstance(tests, Sequence) or not tests.items or not is_last:
        raise _NotSafe("«tests» стоит не в конце файла", "`tests` does not stand last in the file")
    line = text.splitlines()[tests.items[-1].mark.line - 1]
    margin = line[: len(line) - len(line.lstrip())]
    if not line.lstrip().startswith("- "):
        raise _NotSafe("«tests» записаны не строками с «-»", "`tests` are not lines with “-”")
    return margin


def _tree(text: str) -> Mapping:
    root, problems = read_source(text, "")
    if problems or not isinstance(root, Mapping):
        raise _NotSafe("файл не читается", "the file cannot be read")
    return root


def _check(before: str, after: str, loaded: Loaded, funnel: str) -> None:
    """Nothing else in the file changed, and the new test passes wherever it will be played."""
    old, new = _tree(before), _tree(after)
    rest = [{key.text: _plain(each) for key, each in t if key.text != "tests"} for t in (old, new)]
    first, second = (_tests(root) for root in (old, new))
    known = {each.name for each in first}
    if rest[0] != rest[1] or len(second) != len(first) + 1:
        raise _NotSafe("файл изменился бы не только в тестах", "more than the tests would change")
    test = second[-1]
    if test.name in known:
        raise _NotSafe(f"тест «{test.name}» уже есть", f"there is a test “{test.name}” already")
    failure = _played(test, after, loaded, funnel)
    if failure is not None:
        raise _NotSafe(f"он не проходит: {failure.ru}", f"it does not pass: {failure.en}")


def _tests(root: Mapping) -> list[Transcript]:
    reading = Reading("")
    found = read_tests(root.get("tests"), reading)
    if reading.problems:
        raise _NotSafe("тест не читается", "the test cannot be read")
    return found


def _played(test: Transcript, text: str, loaded: Loaded, funnel: str) -> Failure | None:
    assert read_program(text, loaded.files[funnel]) is not None
    channels = channels_of(loaded, funnel, test, None)
    ends = (rehearse(alone(loaded, funnel, channel), test, funnel) for channel in channels)
    return next((failure for failure in ends if failure is not None), None)


def _plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return [(key.text, _plain(value)) for key, value in node]
    return [_plain(item) for item in node.items]
