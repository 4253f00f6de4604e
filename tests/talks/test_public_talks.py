"""Scripts of public transcripts, from repositories made here that are laid out as the two are."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
TALK = """---
title: 'Talk {number}: what holds'
speakers:
  - Ada{number} Park
date: 2016-10-09
---
<https://example.org/slides>

Hello, I am Ada{number}. {words}

Q: Does it [hold](https://example.org)?

A: It does.
"""
ITEM = """## Item {number}

Presenter: Ada Park (APK)

APK: I am Ada. {words}

and it goes on.

BOZ: I object.

### Conclusion

APK: nobody said this.

"""
ATTENDEES = """
| Name      | Abbreviation | Organization |
| Ada Park  | APK          | None         |
| Ben Ortiz | BOZ          | None         |

"""


def cloned(folder: Path, files: dict[str, str]) -> Path:
    """A repository of such files, all of them committed."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    for command in (("init", "-q"), ("add", "."), (*who, "commit", "-q", "-m", "all")):
        subprocess.run(["git", "-C", folder, *command], check=True)
    return folder


def run(monkeypatch: pytest.MonkeyPatch, clone: Path, out: Path) -> None:
    """The program as it is called."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.setattr(sys, "argv", ["public_talks.py", str(clone), str(out)])
    import public_talks

    public_talks.main()


def test_a_conference_becomes_a_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, words = "scalingbitcoin/milan-2016", "It holds well. " * 250
    files = {f"{folder}/{n}.md": TALK.format(number=n, words=words) for n in range(4)}
    files[f"{folder}/several.md"] = files[f"{folder}/0.md"].replace("date:", "  - Ben Ortiz\ndate:")
    files[f"{folder}/0.es.md"] = files[f"{folder}/0.md"]
    run(monkeypatch, cloned(tmp_path / "clone", files), tmp_path / "out")
    import scripted

    made = scripted.read(tmp_path / "out" / "scalingbitcoin-milan-2016.txt")
    assert [section.title for section in made.sections] == [
        f"Talk {number}: what holds" for number in range(4)
    ]
    assert [made.people[f"S{number}X"][0] for number in range(4)] == [
        f"Ada{number} Park" for number in range(4)
    ]
    assert {made.people[f"Q{number}N1"][0] for number in range(4)} == {""}
    assert len(made.sounds) == 4 and not any("example" in word.text for word in made.words)


def test_a_committees_day_becomes_a_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = ("It holds well. " * 100, "It may hold. " * 100)
    day = ATTENDEES + "".join(ITEM.format(number=n, words=said[n % 2]) for n in range(4))
    files = {f"meetings/2023-01/jan-{number}.md": day for number in (30, 31)}
    run(monkeypatch, cloned(tmp_path / "clone", files), tmp_path / "out")
    import scripted

    made = scripted.read(tmp_path / "out" / "2023-01-jan-31.txt")
    assert [(one.kind, one.title) for one in made.sections] == [
        ("talk", f"Item {number}") for number in range(4)
    ]
    # nobody says "Ben", so nobody could tell who that is
    assert made.people == {"APKX": ("Ada Park", ""), "BOZX": ("", "")}
    text = " ".join(word.text for word in made.words)
    assert "and it goes on." in text and "nobody said this" not in text


def test_another_repository_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clone = cloned(tmp_path / "clone", {"README.md": "# Something else"})
    with pytest.raises(SystemExit) as refused:
        run(monkeypatch, clone, tmp_path / "out")
    assert refused.value.code == 2 and not (tmp_path / "out").exists()
    assert capsys.readouterr().err.count("\n") == 1
