"""``voronka schema``, and what ``voronka new`` gives an editor."""

import json

import jsonschema

from voronka.schemas import schema_text


def test_the_schema_of_funnels_is_printed(voronka):
    shown = voronka("schema")
    assert shown.exit_code == 0
    schema = json.loads(shown.stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    assert schema["required"] == ["funnel", "entry", "flows"]
    assert schema["properties"]["funnel"]["description"] == "имя воронки"


def test_the_schema_of_the_project_is_written_to_a_file(voronka, tmp_path):
    file = tmp_path / "schema.json"
    told = voronka("schema", "--project", "-o", file)
    assert (told.exit_code, told.stdout) == (0, "")
    assert told.stderr == f"Схема записана: {file}.\n"
    assert json.loads(file.read_text("utf-8"))["required"] == ["project"]


def test_a_file_that_cannot_be_written_is_a_sentence(voronka, tmp_path):
    told = voronka("schema", "-o", tmp_path / "nowhere" / "schema.json")
    assert told.exit_code == 2
    assert told.stderr.startswith("Не пишется ")


def test_a_new_project_tells_the_editor_which_schema_is_for_which_file(voronka, tmp_path):
    folder = tmp_path / "mine"
    assert voronka("new", folder).exit_code == 0
    editor = folder / ".vscode"
    schemas = json.loads((editor / "settings.json").read_text("utf-8"))["yaml.schemas"]
    assert set(schemas.values()) == {"funnels/*.yaml", "voronka.yaml"}
    for name, files in schemas.items():
        written = (folder / name).read_text("utf-8")
        assert written == schema_text(project=files == "voronka.yaml")
    recommended = json.loads((editor / "extensions.json").read_text("utf-8"))["recommendations"]
    assert recommended == ["redhat.vscode-yaml"]
