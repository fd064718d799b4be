"""``voronka diff``: files, folders and commits, and what the exit code says."""

import json
import os
import shutil
import subprocess

import pytest

from tests.voronka.conftest import FUNNEL

EDITED = FUNNEL.replace("Чай или кофе?", "Чай, кофе или сок?", 1)
TOLD = """\
Воронка «small»
  ~ main.drink: текст (вопрос): «[Чай → Чай, кофе] или [кофе? → сок?]»
"""


@pytest.fixture
def pair(tmp_path):
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(FUNNEL, encoding="utf-8")
    new.write_text(EDITED, encoding="utf-8")
    return old, new


def test_two_files_are_compared(voronka, pair):
    shown = voronka("diff", *pair)
    assert (shown.exit_code, shown.stdout) == (0, TOLD)
    assert voronka("diff", pair[0], pair[0]).stdout == "Ничего не изменилось.\n"


def test_the_exit_code_tells_only_when_asked(voronka, pair):
    assert voronka("diff", *pair, "--exit-code").exit_code == 1
    assert voronka("diff", pair[0], pair[0], "--exit-code").exit_code == 0


def test_json_is_data_with_words(voronka, pair):
    (change,) = json.loads(voronka("diff", *pair, "--format", "json").stdout)
    assert (change["kind"], change["place"]) == ("text", "main.drink")
    assert set(change["words"]) == {"ru", "en"}


def test_a_renamed_file_of_one_funnel_is_still_that_funnel(voronka, pair):
    pair[1].write_text(EDITED.replace("funnel: small", "funnel: big"), encoding="utf-8")
    assert voronka("diff", *pair).stdout == TOLD.replace("small", "big")


def test_two_folders_are_compared(voronka, project, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(project, other)
    (other / "funnels" / "small.yaml").write_text(EDITED, encoding="utf-8")
    (other / "funnels" / "more.yaml").write_text(
        FUNNEL.replace("funnel: small", "funnel: more"), encoding="utf-8"
    )
    shown = voronka("diff", project, other, "--language", "en")
    assert "Funnel “more”\n  + a new funnel\n" in shown.stdout
    assert "Funnel “small”\n  ~ main.drink: the text (the question)" in shown.stdout


def git(folder, *words):
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    name = ["-c", "user.name=a", "-c", "user.email=a@example.ru"]
    subprocess.run(
        ["git", *name, *words], cwd=folder, check=True, capture_output=True, env=environment
    )


@pytest.fixture
def repository(project):
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "one")
    (project / "funnels" / "small.yaml").write_text(EDITED, encoding="utf-8")
    return project


@pytest.mark.parametrize("target", ["small", "funnels/small.yaml", "."])
def test_a_funnel_is_compared_with_a_commit(voronka, repository, target):
    assert voronka("diff", "--git", "HEAD").stdout == TOLD
    assert voronka("diff", target, "--git", "HEAD").stdout == TOLD
    git(repository, "commit", "-qam", "two")
    assert voronka("diff", target, "--git", "HEAD").stdout == "Ничего не изменилось.\n"
    assert voronka("diff", target, "--git", "HEAD~1").stdout == TOLD


def test_a_project_below_the_repositorys_root_is_found(voronka, project):
    git(project.parent, "init", "-q")
    git(project.parent, "add", ".")
    git(project.parent, "commit", "-qm", "one")
    (project / "funnels" / "small.yaml").write_text(EDITED, encoding="utf-8")
    assert voronka("diff", "small", "--git", "HEAD").stdout == TOLD


def test_a_funnel_that_the_commit_lacks_is_new(voronka, repository):
    new = FUNNEL.replace("funnel: small", "funnel: more")
    (repository / "funnels" / "more.yaml").write_text(new, encoding="utf-8")
    assert "новая воронка" in voronka("diff", "more", "--git", "HEAD").stdout


@pytest.mark.parametrize("revision", ["nope", "--output=x", "HEAD:funnels"])
def test_a_commit_that_there_is_not_is_a_sentence(voronka, repository, revision):
    told = voronka("diff", "small", f"--git={revision}")
    assert told.exit_code == 2
    assert told.stderr.startswith("Такой версии в git нет")
    assert not (repository / "x").exists()


def test_a_folder_without_git_is_a_sentence(voronka):
    assert voronka("diff", "small", "--git", "HEAD").exit_code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Что сравнить?"),
        (["a.yaml"], "Что сравнить?"),
        (["none.yaml", "none.yaml"], "Не читается none.yaml"),
        ([".", "funnels/small.yaml"], "Сравните файл с файлом"),
        (["voronka.yaml", "funnels/small.yaml"], "voronka.yaml — не воронка"),
        (["small", "small", "--git", "HEAD"], "С --git нужна одна"),
    ],
)
def test_what_cannot_be_compared_is_a_sentence(voronka, words, said):
    told = voronka("diff", *words)
    assert told.exit_code == 2
    assert told.stderr.startswith(said)
