"""Templates come from anybody: what they may not have, and what they may not cost."""

from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import PromptError
from pipeline.prompts import Prompts, built_in
from pipeline.sandbox import Sandbox

TWICE = "{% set x = x ~ x %}" * 60
BLOCKS = "{% set x %}{{ x }}{{ x }}{% endset %}" * 60
MACROS = "{% macro m(x) %}{{ x }}{{ x }}{{ x }}{{ x }}{% endmacro %}" + ("{% set x = m(x) %}" * 40)
SQUARES = "{% set n = n * n %}" * 60


def filled(tmp_path: Path, template: str) -> str:
    (tmp_path / "voice.md").write_text(template)
    return Prompts(tmp_path).render("voice")


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{% include '/etc/passwd' %}", "include reads another file"),
        ("{% import '/etc/passwd' as x %}", "import reads another file"),
        ("{% from 'voice.md' import x %}", "fromimport reads another file"),
        ("{% extends 'voice.md' %}", "extends reads another file"),
        ("{{ ''.__class__.__mro__ }}", "'__mro__' is the program's own"),
        ("{{ ''['__class__'] }}", "'__class__' is the program's own"),
        ("{{ 'a'|format }}", "No filter named 'format'"),
        ("{{ 'a'|attr('__class__') }}", "No filter named 'attr'"),
        ("{% if notes %}{{ notes|pprint }}{% endif %}", "No filter named 'pprint'"),
        ("{{ [[]]|map('attr', '__class__')|list }}", "attr"),
        ("{{ [[]]|join(attribute='__class__') }}", "unexpected keyword argument 'attribute'"),
        ("{{ '{0.__class__}'.format([]) }}", "unsafe"),
        ("{{ ('%999999999d') % 1 }}", "'%' formats a text"),
        ("{{ 'a' * 999999999 }}", "makes more than"),
        ("{{ [1] * 999999999 }}", "makes more than"),
        ("{{ 9 ** 99999999 }}", "makes more than"),
        ("{% set n = 9 %}" + SQUARES + "{{ n }}", "makes more than"),
        ("{% set x = 'aaaa' %}" + TWICE + "{{ x }}", "makes more than"),
        ("{% set x = 'aaaa' %}" + BLOCKS + "{{ x }}", "makes more than"),
        ("{% set x = 'aaaa' %}" + MACROS + "{{ x }}", "makes more than"),
        ("{{ ('a' * 9999)|replace('a', 'a' * 9999) }}", "makes more than"),
        ("{{ range(9999)|join('a' * 9999) }}", "makes more than"),
        ("{{ 'a'|indent(999999999, true) }}", "makes more than"),
        ("{{ ('a\x0b' * 999)|indent(99999, true) }}", "makes more than"),
        ("{{ 'a'.ljust(999999999) }}", "ljust"),
        ("{{ range(999999999)|list }}", "[Rr]ange too big"),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}"
            "{% endfor %}{% endfor %}{% endfor %}",
            "loops go round more than",
        ),
        ("{% for a in range(99999) %}{{ 'a' * 9999 }}{% endfor %}", "makes more than"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "RecursionError"),
        ("{{ cycler.__init__.__globals__ }}", "__globals__"),
        ("{{ self._TemplateReference__context }}", "_TemplateReference__context"),
        ("{{ lipsum(9999) }}", "lipsum"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
    ],
)
def test_what_is_forbidden_is_said_and_costs_nothing(
    template: str, says: str, tmp_path: Path
) -> None:
    with pytest.raises(PromptError, match=says) as told:
        filled(tmp_path, template)
    assert str(told.value).startswith(f"{tmp_path / 'voice.md'}: ")


def test_nothing_that_was_given_can_be_changed() -> None:
    given = {"talks": [1, 2], "names": {"a": 1}}
    for template in ("{{ talks.append(3) }}", "{{ talks.clear() }}", "{{ names.update(b=2) }}"):
        with pytest.raises(Exception, match="unsafe"):
            Sandbox().fill(template, dict(given))
    assert given == {"talks": [1, 2], "names": {"a": 1}}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{% for a in [3, 4] %}{{ loop.index }}/{{ loop.length }}:{{ a }} {% endfor %}",
         "1/2:3 2/2:4 "),
        ("{% for a in [3, 4] %}{{ a }}{{ ', ' if not loop.last }}{% endfor %}", "3, 4"),
        ("{% for a, b in {'x': 1}.items() %}{{ a ~ '=' ~ b }}{% endfor %}", "x=1"),
        ("{% for a in [1, 2] if a > 1 %}{{ a }}{% else %}none{% endfor %}", "2"),
        ("{% for a in [] %}{{ a }}{% else %}none{% endfor %}", "none"),
        ("{{ ['a', 'b']|join(', ')|upper }} {{ 'a\\nb'|indent(2) }}", "A, B a\n  b"),
        ("{{ 'a-b'|replace('-', '+') }} {{ 3 * 4 }} {{ 'ab' * 2 }} {{ 7 % 4 }}", "a+b 12 abab 3"),
        ("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m('y') }}", "<y>"),
        ("{{ [{'n': 2}, {'n': 1}]|map(attribute='n')|sort|join }}", "12"),
        ("{{ [[]]|map(attribute='__class__')|list }}", "[Undefined]"),
        ("{{ 'Ada Park'.split(' ')[0].lower() }}", "ada"),
    ],
)  # fmt: skip
def test_what_a_layout_needs_is_there(template: str, text: str, tmp_path: Path) -> None:
    assert filled(tmp_path, template) == text


def test_the_check_names_what_is_forbidden(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layout = (built_in() / "post.md.j2").read_text()
    (tmp_path / "post.md.j2").write_text(layout + "{% include '/etc/passwd' %}")
    assert main(["prompts", "check", "--prompts", str(tmp_path)]) == 2
    said = capsys.readouterr().out
    line = layout.count("\n") + 1
    assert f"post.md.j2: line {line}: include reads another file" in said


def test_a_template_that_leads_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hello")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "voice.md").symlink_to(secret)
    with pytest.raises(PromptError, match="leads out of its folder"):
        Prompts(tmp_path / "mine").render("voice")
    (tmp_path / "named").symlink_to(tmp_path / "mine")
    (tmp_path / "mine" / "voice.md").unlink()
    (tmp_path / "mine" / "voice.md").write_text("Be brief.")
    assert Prompts(tmp_path / "named").render("voice") == "Be brief."
