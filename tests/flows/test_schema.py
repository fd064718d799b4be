"""The JSON Schema marks what the reader refuses and nothing that it takes."""

import datetime as dt
import os
import re
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from flows.funnel import TRIGGERS, Funnel
from flows.nodes import NODES
from flows.project import Project
from flows.reference import read_reference
from flows.schema import schema_of
from flows.source import Mapping, Node, Scalar, read_source
from tests.docs.pages import PAGES, ROOT, blocks

REFERENCE = read_reference((ROOT / "docs" / "language.md").read_text(encoding="utf-8"))
FUNNEL = schema_of(Funnel, REFERENCE)
PROJECT = schema_of(Project, REFERENCE)
CHECKS = {cls: jsonschema.Draft7Validator(schema_of(cls, REFERENCE)) for cls in (Funnel, Project)}
ACCEPTANCE = Path(os.environ.get("VORONKA_ACCEPTANCE", ROOT.parent / "shared" / "acceptance"))
FILES = sorted(
    [
        *(ROOT / "funnels").glob("*.yaml"),
        *(ROOT / "voronka" / "starter" / "funnels").glob("*.yaml"),
        *(ROOT / "tests" / "examples" / "nodes").glob("*.yaml"),
        *(ACCEPTANCE / "funnels").glob("*.yaml"),
    ]
)
PROJECTS = [ROOT / "voronka.yaml", ROOT / "voronka" / "starter" / "voronka.yaml"]
CORE = (
    (re.compile(r"~|null|Null|NULL|"), lambda _text: None),
    (re.compile(r"true|True|TRUE"), lambda _text: True),
    (re.compile(r"false|False|FALSE"), lambda _text: False),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
)


def old(text: str) -> object:
    """What an editor of YAML 1.1 takes a plain scalar for: yes, 12:30 and dates are no texts."""
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 1)
    try:
        made = reader.load(text) if text else None
    except YAMLError:
        return text
    if isinstance(made, dict | list):
        return text
    return made.isoformat() if isinstance(made, dt.date) else made


def core(text: str) -> object:
    """What an editor of YAML 1.2 takes it for."""
    return next((read(text) for pattern, read in CORE if pattern.fullmatch(text)), text)


def plain(node: Node, resolve) -> object:
    """The file as an editor has it: plain scalars have types, keys are texts."""
    if isinstance(node, Mapping):
        return {key.text: plain(value, resolve) for key, value in node}
    if not isinstance(node, Scalar):
        return [plain(item, resolve) for item in node.items]
    return resolve(node.text) if node.plain and "\n" not in node.text else node.text


def marked(text: str, cls: type = Funnel, resolve=core) -> list[str]:
    """What the schema marks in a file."""
    node, problems = read_source(text, "file")
    assert node is not None, problems
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message}"[:300]
        for error in CHECKS[cls].iter_errors(plain(node, resolve))
    ]


@pytest.mark.parametrize("cls", CHECKS)
def test_the_schema_is_one(cls):
    jsonschema.Draft7Validator.check_schema(CHECKS[cls].schema)


@pytest.mark.parametrize("resolve", [core, old])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_marked_in_a_funnel_without_errors(path: Path, resolve):
    assert marked(path.read_text(encoding="utf-8"), resolve=resolve) == []


@pytest.mark.parametrize("resolve", [core, old])
@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.parent.name)
def test_nothing_is_marked_in_a_project_without_errors(path: Path, resolve):
    assert marked(path.read_text(encoding="utf-8"), Project, resolve) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_is_marked_in_what_the_documents_show(page: Path):
    yamls = [each for each in blocks(page) if each.kind.startswith("yaml")]
    for block in yamls:
        if block.text.startswith("funnel:"):
            assert marked(block.text) == [], block.name
        elif block.kind == "yaml project" and block.text.startswith("project:"):
            assert marked(block.text, Project) == [], block.name


HEAD = "funnel: demo\nentry: [start]\n"
MISTAKES = {
    "an unknown key": "flows: {main: [{ask: Кто?, save: who, optoins: [Я]}]}",
    "an unknown key of the file": "flows: {main: [end]}\nflow: main",
    "an unknown verb": "flows: {main: [{sai: Привет}]}",
    "two verbs": "flows: {main: [{tag: a, set: {b: c}}]}",
    "a question without its text": "flows: {main: [{save: who, options: [Я]}]}",
    "a question without a name": "flows: {main: [{ask: Кто?}]}",
    "a name in Russian": "flows: {начало: [end]}",
    "a priority that there is not": "flows: {main: [{lead: Заявка, team: sales, priority: high}]}",
    "a lead without a team": "flows: {main: [{lead: Заявка}]}",
    "an answer that there is not": "flows: {main: [{ask: Кто?, save: who, answer: phon}]}",
    "an option of another answer": (
        "flows: {main: [{ask: Кто?, save: who, answer: {type: phone, min: 1}}]}"
    ),
    "steps that are no list": "flows: {main: {say: Привет}}",
    "a silence without a way": "flows: {main: [{ask: Кто?, save: w, silence: [{after: 1h}]}]}",
    "a length without a unit": "flows: {main: [{ask: Кто?, save: w, silence: [{after: 45, say: Ну}]}]}",
    "a button that does nothing": "flows: {main: [{say: Да, buttons: [{text: Ой}]}]}",
    "a button that does two things": (
        "flows: {main: [{say: Да, buttons: [{text: Ой, go: a, url: 'https://a.ru'}]}]}"
    ),
    "a letter without a time": "flows: {main: [end]}\nseries: {s: {letters: [{id: a, say: Да}]}}",
    "a letter that says nothing": "flows: {main: [end]}\nseries: {s: {letters: [{id: a, when: now}]}}",
    "an hour alone": "flows: {main: [end]}\nseries: {s: {letters: [{id: a, when: '11:00', say: Да}]}}",
    "a key of a letter": (
        "flows: {main: [end]}\nseries: {s: {letters: [{id: a, when: now, say: Да, wen: 1}]}}"
    ),
    "a window of one end": "flows: {main: [end]}\nseries: {s: {window: '10:00', letters: []}}",
    "a language that there is not": "language: de\nflows: {main: [end]}",
    "a line of a test": "flows: {main: [end]}\ntests: [{test: Раз, talk: [{bott: Привет}]}]",
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_usual_mistakes_are_marked(mistake: str):
    assert marked(HEAD + MISTAKES[mistake])


@pytest.mark.parametrize("entry", ["{link: a, words: [b]}", "{lnk: a}", "{set: {a: b}}", "strat"])
def test_an_entry_of_no_trigger_or_of_two_is_marked(entry: str):
    assert marked(f"funnel: demo\nentry: [{entry}]\nflows: {{main: [end]}}")


@pytest.mark.parametrize(
    "line", ["bots: {a: {channel: telegramm}}", "prject: a", "limits: {gap: 3}"]
)
def test_mistakes_of_the_project_are_marked(line: str):
    assert marked(f"project: demo\n{line}", Project)


def _empty(schema: object, path: str = "") -> list[str]:
    """Where anything at all is taken: the reader there does not tell what it takes."""
    found = []
    if isinstance(schema, dict):
        for key, value in schema.items():
            inner = value.items() if key in {"properties", "definitions"} else [("", value)]
            for name, each in inner:
                here = f"{path}/{key}/{name}".rstrip("/")
                if isinstance(each, dict) and not each.keys() - {"description"}:
                    found.append(here)
                found += _empty(each, here)
    elif isinstance(schema, list):
        for index, each in enumerate(schema):
            found += _empty(each, f"{path}/{index}")
    return found


@pytest.mark.parametrize("cls", CHECKS)
def test_every_key_tells_what_it_takes(cls):
    """A reader without `@shaped` would leave its key open to anything."""
    assert _empty(CHECKS[cls].schema) == []


@pytest.mark.parametrize("cls", CHECKS)
def test_every_key_is_told_in_the_words_of_the_reference(cls):
    schema = CHECKS[cls].schema
    records = {"": schema, **schema["definitions"]}
    silent = [
        f"{name}.{key}"
        for name, record in records.items()
        for key, value in record.get("properties", {}).items()
        if not value.get("description") and name != "Step"
    ]
    assert silent == []


def test_every_step_is_one_of_the_steps():
    steps = FUNNEL["definitions"]["Step"]["oneOf"]
    named = {each["$ref"].rsplit("/", 1)[1] for each in steps if "$ref" in each}
    assert named == {node.__name__ for node in NODES} - {"End"}


def test_every_bare_entry_is_offered():
    offered = FUNNEL["properties"]["entry"]["anyOf"][0]["anyOf"][0]["enum"]
    assert {"start", "any"} <= set(offered) <= set(TRIGGERS)
