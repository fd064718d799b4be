"""What a person typed is shown as it was typed in the terminal, in HTML and in JSON."""

import json
import re
from html import unescape

from flows.values import fit_to_show
from tests.hostile_names import NAMES

TYPED = {name: text for name, text in NAMES.items() if "\x00" not in text and "\ud83d" not in text}
FUNNEL = """\
funnel: names
entry: [start]
flows:
  main:
"""
ASKED = """\
    - {{ask: Как вас зовут?, save: name{0}, silence: [{{after: 1d, then: [end]}}]}}
    - "Здравствуйте, {{{{ name{0} }}}}!"
"""


def bare(text: str) -> str:
    return re.sub(r"\s+", "", fit_to_show(text))


def test_a_simulation_shows_answers_literally(voronka, project):
    steps = "".join(ASKED.format(number) for number in range(len(TYPED)))
    (project / "funnels" / "names.yaml").write_text(FUNNEL + steps, encoding="utf-8")
    given = [
        word
        for number, text in enumerate(TYPED.values())
        for word in ("--answer", f"name{number}={text}")
    ]
    result = voronka("simulate", "names", *given, "--html", "one.html", "--json", "one.json")
    assert result.exit_code == 0, result.output
    page = (project / "one.html").read_text("utf-8")
    told = json.dumps(json.loads((project / "one.json").read_text("utf-8")), ensure_ascii=False)
    for text in TYPED.values():
        assert bare(text)[:60] in bare(result.output), text
        assert bare(text)[:60] in bare(unescape(re.sub(r"<[^<>]*>", "", page))), text
    assert "Здравствуйте, 49" not in result.output
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert bare(TYPED["tag"]) in bare(told)


def test_a_chat_shows_answers_literally(voronka, project):
    (project / "funnels" / "names.yaml").write_text(FUNNEL + ASKED.format(0), encoding="utf-8")
    for text in TYPED.values():
        line = " ".join(text.split())
        result = voronka("chat", "names", typed=f"{line}\n")
        assert result.exit_code == 0, result.output
        assert bare(line)[:60] in bare(result.output), text
