from pathlib import Path

from pipeline.notes.prompt_files import problems
from pipeline.prompts import Prompts


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
