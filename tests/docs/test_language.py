"""docs/language.md says what the code reads, all of it and nothing else."""

import dataclasses
import importlib
import pkgutil
import re

import pytest

import flows
from flows import answers, filters, marking, matching, prompting, transcripts
from flows.channel_table import elements_table
from flows.funnel import FIELD_TYPES
from flows.nodes import NODES, REGISTRY
from flows.phrases import PHRASES
from flows.reading import NOT_BUILT, keys_of
from flows.when import read_when
from tests.docs.pages import ROOT, coded, span, table

TEXT = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
MARKED = re.findall(r"<!-- keys: (\w+)(?:, besides ([\w, ]+))? -->", TEXT)


def _records() -> dict[str, type]:
    found = {}
    for module in pkgutil.walk_packages(flows.__path__, "flows."):
        if module.name.startswith("flows.simulating"):
            continue  # habits and scripts of the simulator are files of their own
        for each in vars(importlib.import_module(module.name)).values():
            if isinstance(each, type) and dataclasses.is_dataclass(each) and keys_of(each):
                found[each.__name__] = each
    return found


RECORDS = _records()


def _built(name: str) -> dict[str, bool]:
    return {
        key: needed
        for key, (_, read, needed) in keys_of(RECORDS[name]).items()
        if read is not NOT_BUILT
    }


def _first_cells(mark: str) -> list[str]:
    return [coded(row[0])[0] for row in table(TEXT, mark)]


@pytest.mark.parametrize(("name", "bases"), MARKED, ids=[name for name, _ in MARKED])
def test_tables_name_every_key_that_is_read_and_no_other(name: str, bases: str) -> None:
    shared = {key for base in filter(None, bases.split(", ")) for key in _built(base)}
    mark = f"keys: {name}" + (f", besides {bases}" if bases else "")
    rows = table(TEXT, mark)
    wanted = {key: needed for key, needed in _built(name).items() if key not in shared}
    assert {coded(row[0])[0]: row[0].endswith("*") for row in rows} == wanted
    assert all(row[1] for row in rows)


def test_every_record_of_the_language_has_its_table() -> None:
    assert {name for name, _ in MARKED} == set(RECORDS)


def test_every_step_stands_in_a_heading_or_is_text() -> None:
    headings = "\n".join(line for line in TEXT.splitlines() if line.startswith("## "))
    assert {node.VERB for node in NODES} <= set(coded(headings))


def test_names_are_those_that_texts_may_use() -> None:
    assert sorted(_first_cells("names")) == sorted(marking.KNOWN_NAMES)


def test_filters_are_those_that_there_are() -> None:
    assert _first_cells("filters") == list(filters.FILTERS)


def test_answers_have_their_options() -> None:
    rows = {coded(row[0])[0]: coded(row[2]) for row in table(TEXT, "answers")}
    assert rows == {name: list(answers.option_types(name)) for name in answers.TYPES}


def test_field_types_are_those_that_there_are() -> None:
    assert coded(span(TEXT, "field-types")) == list(FIELD_TYPES)


def test_phrases_are_the_bots_own_words() -> None:
    rows = {coded(row[0])[0]: (row[1], row[2]) for row in table(TEXT, "phrases")}
    assert rows == PHRASES


def test_lines_of_a_test_are_those_that_there_are() -> None:
    assert sorted(_first_cells("lines")) == sorted((*transcripts.ACTIONS, *transcripts.OTHERS))


def test_expectations_are_those_that_are_seen() -> None:
    seen = [each.name for each in dataclasses.fields(prompting.Seen)]
    assert sorted(_first_cells("expect")) == sorted((*seen, "no_lead"))


def test_service_words_are_understood() -> None:
    words = coded(span(TEXT, "service-words"))
    assert all(matching.urgent_word(word) for word in words)
    assert set(matching._URGENT_WORDS) <= set(words)


def test_every_form_of_when_is_read() -> None:
    for form in _first_cells("when"):
        assert not hasattr(read_when(form), "code"), form


def test_the_table_of_channels_is_the_code_s() -> None:
    assert elements_table("ru").strip() in TEXT


def test_what_is_not_built_is_named_and_nothing_else() -> None:
    rows = {row[0]: set(coded(row[1])) for row in table(TEXT, "not-yet")}
    keys = {
        name: {key for key, (_, read, _) in keys_of(record).items() if read is NOT_BUILT}
        for name, record in RECORDS.items()
    }
    waiting = {
        "шаги": set(REGISTRY.not_built),
        "входы": keys.pop("Entry"),
        "ключи вопроса": keys.pop("Ask") | keys.pop("Option"),
        "ключи воронки": keys.pop("Funnel"),
        "проект": keys.pop("Project") | keys.pop("Notified"),
        "проверки": keys.pop("Transcript"),
    }
    assert rows == waiting
    assert not set().union(*keys.values())
