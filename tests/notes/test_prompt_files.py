from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.notes.prompt_files import problems
from pipeline.prompts import Prompts, built_in


def test_the_built_in_files_have_none() -> None:
    assert problems(Prompts()) == ()


def test_each_broken_file_is_named_once(tmp_path: Path) -> None:
    (tmp_path / "lint.toml").write_text("[nope]\n")
    (tmp_path / "caveats.toml").write_text("[[performanc]]\ntopic = 'x'\n")
    (tmp_path / "terms.toml").write_text("term = ['GPU']\n")
    (tmp_path / "write.md").write_text("Write {{ nots }}")
    (tmp_path / "caveats.fr.toml").write_text("[[price]]\ntopics = 'x'\n")
    (tmp_path / "voice.fr.md").write_text("Write {{ nots }}")
    found = problems(Prompts(tmp_path))
    names = (
        "lint.toml",
        "caveats.toml",
        "terms.toml",
        "write.md",
        "caveats.fr.toml",
        "voice.fr.md",
    )
    assert len(found) == len(names)
    for name in names:
        assert sum(name in problem for problem in found) == 1


@pytest.mark.parametrize(
    ("file", "change", "why"),
    [
        ("post.md.j2", ("article.caveat", "article.caveats"), "no attribute 'caveats'"),
        ("post.md.j2", ("talk.title", "talk.titel"), "no attribute 'titel'"),
        ("write.md", ("--- material ---\n", ""), "write.md: has no line '--- material ---'"),
        ("voice.md", (None, ""), "voice.md: is empty; delete it to have the built-in one"),
    ],
)
def test_what_would_fail_in_a_run_or_mean_nothing_is_found_before(
    file: str,
    change: tuple[str | None, str],
    why: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = (built_in() / file).read_text("utf-8")
    old, new = change
    (tmp_path / file).write_text(text.replace(old, new) if old else new, "utf-8")
    assert main(["prompts", "check", "--prompts", str(tmp_path)]) == 2
    (told,) = capsys.readouterr().out.splitlines()
    assert file in told and why in told
