from pathlib import Path

import pytest

from pipeline.errors import PromptError
from pipeline.notes.prompt_files import problems
from pipeline.prompts import MATERIAL, TEMPLATES, Prompts, built_in


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "prompts"
    folder.mkdir()
    return folder


def test_every_built_in_prompt_is_there_and_can_be_used() -> None:
    prompts = Prompts()
    assert prompts.check() == ()
    assert {found.path.name for found in prompts.list()} == {t.file for t in TEMPLATES} | {
        "voice.de.md"
    }
    assert {found.path.parent for found in prompts.list()} == {built_in()}


def test_a_users_file_stands_over_the_built_in_one(mine: Path) -> None:
    (mine / "voice.md").write_text("Be brief.\n")
    prompts = Prompts(mine)
    assert prompts.text("voice") == "Be brief.\n"
    assert prompts.find("voice.md").path.parent == mine
    assert prompts.find("write").path.parent == built_in()
    assert prompts.text("write") == Prompts().text("write")


def test_a_variable_that_does_not_exist_is_named_with_its_file(mine: Path) -> None:
    (mine / "write.md").write_text(f"{{{{ voice }}}}\n{MATERIAL}\n{{{{ transscript }}}}")
    with pytest.raises(PromptError, match=r"write\.md.*'transscript'; did you mean transcript"):
        Prompts(mine).render("write", voice="", transcript="")
    assert "transscript" in Prompts(mine).check()[0]


def test_a_variable_that_must_be_used_is_missed(mine: Path) -> None:
    (mine / "outline.md").write_text(f"Find claims.\n{MATERIAL}\nNothing here.")
    with pytest.raises(PromptError, match=r"outline\.md.*must use.*transcript"):
        Prompts(mine).render("outline", transcript="")


def test_a_variable_that_is_not_given_is_an_error_too() -> None:
    with pytest.raises(PromptError, match=r"outline\.md.*'event' is undefined"):
        Prompts().render("outline", transcript="words")


def test_a_syntax_error_names_the_line(mine: Path) -> None:
    (mine / "voice.md").write_text("one\n{% if %}\n")
    with pytest.raises(PromptError, match=r"voice\.md: line 2"):
        Prompts(mine).render("voice")


def test_a_prompt_is_cut_where_the_material_begins(mine: Path) -> None:
    (mine / "outline.md").write_text(f"Find claims.\n\n{MATERIAL}\n{{{{ transcript }}}}\n")
    assert Prompts(mine).messages("outline", transcript="[0] Hello") == (
        "Find claims.",
        "[0] Hello",
    )
    (mine / "outline.md").write_text("Find claims in {{ transcript }}")
    with pytest.raises(PromptError, match="--- material ---"):
        Prompts(mine).messages("outline", transcript="[0] Hello")


def test_what_was_said_is_no_template() -> None:
    said = "{{ 7 * 7 }} {% raw %}"
    given = {"event": said, "part": "", "sources": "", "proposal": "", "transcript": said}
    given["language"] = "en"
    assert said in Prompts().render("outline", **given)


def test_a_misspelt_file_is_found(mine: Path) -> None:
    (mine / "wrote.md").write_text("hello")
    (mine / "README.txt").write_text("mine")
    assert Prompts(mine).check() == (
        f"{mine / 'wrote.md'}: no prompt has this name; did you mean write.md?",
    )


def test_a_name_that_does_not_exist() -> None:
    with pytest.raises(PromptError, match="did you mean write"):
        Prompts().text("wrote")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="backrow prompts copy"):
        Prompts(tmp_path / "nowhere")


def test_a_file_that_is_not_text(mine: Path) -> None:
    (mine / "voice.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PromptError, match="not UTF-8"):
        Prompts(mine).text("voice")


def test_broken_toml_is_found(mine: Path) -> None:
    (mine / "lint.toml").write_text("[laugh")
    assert "lint.toml: is not valid TOML" in problems(Prompts(mine))[0]


def test_copies_leave_what_is_there(mine: Path) -> None:
    (mine / "voice.md").write_text("Be brief.\n")
    copied = Prompts().copy(mine)
    others = {t.file for t in TEMPLATES} - {"voice.md"} | {"voice.de.md"}
    assert {path.name for path in copied} == others
    assert (mine / "voice.md").read_text() == "Be brief.\n"
    assert (mine / "write.md").read_text() == (built_in() / "write.md").read_text()
    assert Prompts(mine).check() == ()


def test_a_file_for_a_language_serves_for_it_and_the_others_for_the_rest(mine: Path) -> None:
    (mine / "caveats.de.toml").write_text('[[price]]\ntopic = "Preis"\n')
    german = Prompts(mine).spoken("de-AT")
    assert german.find("caveats").path == mine / "caveats.de.toml"
    assert german.find("voice").path == built_in() / "voice.de.md"
    assert german.find("write").path == built_in() / "write.md"
    assert Prompts(mine).spoken("nl").find("voice").path == built_in() / "voice.md"
    assert Prompts(mine).find("caveats").path == built_in() / "caveats.toml"
    assert Prompts(mine).check() == ()
    listed = [found.path for found in Prompts(mine).list()]
    assert mine / "caveats.de.toml" in listed and built_in() / "voice.de.md" in listed


def test_a_users_own_voice_stands_over_a_built_in_one_for_a_language(mine: Path) -> None:
    (mine / "voice.md").write_text("Be brief.\n")
    assert Prompts(mine).spoken("de").text("voice") == "Be brief.\n"
    (mine / "voice.de.md").write_text("Kurz.\n")
    assert Prompts(mine).spoken("de").text("voice") == "Kurz.\n"


def test_a_file_for_a_language_is_checked_and_a_misspelt_one_named(mine: Path) -> None:
    (mine / "write.de.md").write_text("no material")
    (mine / "voise.de.md").write_text("x")
    problems = Prompts(mine).check()
    assert any("write.de.md" in each and "must use" in each for each in problems)
    assert any("voise.de.md" in each and "no prompt has this name" in each for each in problems)


def test_a_copy_holds_those_for_a_language_too(tmp_path: Path) -> None:
    copied = {path.name for path in Prompts().copy(tmp_path / "mine")}
    assert "voice.de.md" in copied and "translate.md" in copied
