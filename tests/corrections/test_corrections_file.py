"""corrections.toml is read as a person wrote it, and every edit leaves the rest as it was."""

import datetime
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.corrections import edit
from pipeline.corrections.edit import add, remove, undo
from pipeline.corrections.file import (
    Corrections,
    Fix,
    NameFix,
    NoteFix,
    PostFix,
    ReplaceFix,
    TalkFix,
    VoiceFix,
    WordFix,
    corrections_path,
    read,
)
from pipeline.corrections.moments import Moment, moment, stamp
from pipeline.errors import ConfigError

DOCS = Path(__file__).parents[2] / "docs" / "corrections.md"
BY_HAND = """# put right on Sunday
[names]
# the one with the scarf
SPEAKER_03 = "Ada Park" # yes

# the number that was wrong
[[word]]
at = "12:40.2"
heard = "400,000"   # he says so himself
written = "40,000"

# too long
[[talk]]
at = 14:20:00
hide = true

# a name
[[word]]
at = 65.2
heard = '''
Hiron'''
written = "Heron"
# the end
"""


def at(text: str) -> Moment:
    found = moment(text)
    assert found
    return found


EVERY: tuple[Fix, ...] = (
    NameFix(voice="SPEAKER_07", name='Ada "Ace" Park'),
    NameFix(voice="14:20 we built it", name="Gareth Lindholm"),
    ReplaceFix(heard="Hiron", written="Heron"),
    VoiceFix(merge=("SPEAKER_01", "Ada Park")),
    VoiceFix(split="SPEAKER_02", at=at("14:20.5"), to="Tobias"),
    VoiceFix(turn=at("1:00:02 [it is] the cloud"), to="SPEAKER_01"),
    WordFix(at=at("12:41"), heard="a", written=""),
    TalkFix(at=at("20:00"), begin=at("19:30"), title="Panel", kind="panel"),
    NoteFix(at=at("3:00"), note="A line\\with 'marks'", strike=True),
    NoteFix(at=at("3:00"), add="Mine", own=True),
    PostFix(caveat=("One.", "Two.")),
    PostFix(description="A sentence."),
)


@pytest.mark.parametrize(
    ("fix", "told"),
    [
        (
            NameFix(voice="14:20 we built it", name="Ada"),
            "whoever says “we built it” at 14:20 is Ada",
        ),
        (VoiceFix(merge=("S1", "1:00 so it is")), "S1 and whoever says “so it is” at 1:00"),
        (VoiceFix(split="S2", at=at("14:20.5")), "from here on S2 is another voice"),
        (VoiceFix(turn=at("1:00:02 yes"), to="S1"), "the turn of S1"),
        (NoteFix(at=at("3:00"), note="A", strike=True), "struck “A”"),
        (NoteFix(at=at("3:00"), note="A", pin=True), "kept “A”"),
        (NoteFix(at=at("3:00"), note="A", accept=True), "accepted “A”"),
        (NoteFix(at=at("3:00"), note="A", reword="B", pin=True), "“A” is now “B”"),
        (NoteFix(at=at("3:00"), add="Mine", own=True), "added “Mine”"),
    ],
)
def test_a_correction_says_in_a_few_words_what_it_does(fix: Fix, told: str) -> None:
    assert str(fix).endswith(f": {told}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "corrections.toml"
    path.write_text(BY_HAND, encoding="utf-8")
    return path


def test_a_file_by_hand_is_read(file: Path) -> None:
    held = read(file)
    assert held.names == {"SPEAKER_03": "Ada Park"}
    assert [fix.at.time for fix in held.word] == [760.2, 65.2]
    assert held.word[1].heard == "Hiron"
    assert held.talk[0].at.time == 14 * 3600 + 20 * 60


def test_no_file_is_no_correction(tmp_path: Path) -> None:
    assert read(tmp_path / "corrections.toml") == Corrections()


@pytest.mark.parametrize("fix", EVERY, ids=lambda fix: fix.table)
def test_what_is_added_and_taken_out_again_leaves_the_file_as_it_was(file: Path, fix: Fix) -> None:
    added = add(file, fix)
    text = file.read_text()
    assert added == (BY_HAND, text)
    assert fix in read(file).fixes
    assert all(line in text.splitlines() for line in BY_HAND.splitlines())
    remove(file, fix)
    assert file.read_text().split() == BY_HAND.split()
    left = file.read_text()
    assert remove(file, fix) == (left, left)


def test_all_corrections_together_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    for fix in EVERY:
        add(path, fix)
    assert sorted(map(repr, read(path).fixes)) == sorted(map(repr, EVERY))


def test_comments_and_order_survive_a_removal(file: Path) -> None:
    first = read(file).word[0]
    remove(file, first)
    text = file.read_text()
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in BY_HAND.splitlines() if line.startswith("#")
    ]
    assert text.index("# too long") < text.index("[[talk]]") < text.index("# a name")
    assert "400,000" not in text


def test_the_later_correction_of_one_thing_takes_the_place_of_the_earlier(file: Path) -> None:
    add(file, NameFix(voice="SPEAKER_03", name="Ida Park"))
    assert 'SPEAKER_03 = "Ida Park" # yes' in file.read_text()
    was, fix = (NameFix(voice="SPEAKER_03", name=name) for name in ("Ida Park", "Ida Berg"))
    add(file, fix, was)
    assert 'SPEAKER_03 = "Ida Berg" # yes' in file.read_text()
    added = add(file, WordFix(at=at("12:40.2"), heard="400,000", written="44,000"))
    assert [fix.written for fix in read(file).word] == ["Heron", "44,000"]
    undo(file, added)
    assert file.read_text() == added.before


def test_what_was_saved_in_between_is_never_overwritten(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, mine = edit.bytes_of, BY_HAND + "[replace]\nHiron = 'Heron'\n"
    calls = []

    def saved_by_hand_meanwhile(path: Path) -> bytes:
        calls.append(path)
        if len(calls) == 2:
            path.write_text(mine, encoding="utf-8")
        return real(path)

    monkeypatch.setattr(edit, "bytes_of", saved_by_hand_meanwhile)
    with pytest.raises(ConfigError, match="saved by another program in between"):
        add(file, WordFix(at=at("1:00"), heard="a", written="b"))
    assert file.read_text() == mine


def test_what_was_changed_by_hand_since_is_not_undone(file: Path) -> None:
    added = add(file, NameFix(voice="SPEAKER_00", name="Ada"))
    file.write_text(BY_HAND)
    with pytest.raises(ConfigError, match="changed by hand since"):
        undo(file, added)
    assert file.read_text() == BY_HAND


def test_an_edit_keeps_the_rights_of_the_file_and_a_link_to_it(file: Path, tmp_path: Path) -> None:
    file.chmod(0o600)
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    add(link, NameFix(voice="SPEAKER_00", name="Ada"))
    assert link.is_symlink() and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read(file).names["SPEAKER_00"] == "Ada"


def test_a_file_that_cannot_be_added_to_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text("word = [{at = 1, heard = 'a', written = 'b'}]\n")
    with pytest.raises(ConfigError, match="a table of its own"):
        add(path, WordFix(at=at("2"), heard="a", written="b"))
    assert path.read_text().startswith("word = [{")


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (
            "[names]\nA = 'b'\n\n[[word]]\nat = 1\nhard = 'x'\n",
            "word.#1.hard",
            "hard is not known.*mean heard",
        ),
        ("[[word]]\nat = 1\nheard = 'x'\n", "word.#1.written", "written is missing"),
        (
            "[[word]]\nat = 1\nheard = 'x'\nwritten='y'\n[[word]]\nat = 'soon'\n",
            "word.#2.at",
            "a time like",
        ),
        (
            "# a\n[[note]]\nat = 1\nnote = 'x'\nstrike = true\npin = true\n",
            "note.#1",
            "strike and pin",
        ),
        ("[[talk]]\nat = 9\nbegin = 10\n", "talk.#1", "between begin and end"),
        ("[[talk]]\nat = 9\nkind = 'quiz'\n", "talk.#1.kind", "keynote"),
        ("[[voice]]\nmerge = ['A']\n", "voice.#1", "two voices"),
        ("[[voice]]\nsplit = 'A'\n", "voice.#1", "from when on"),
        ("[[note]]\nat = 1\nadd = 'x'\n", "note.#1", "own = true"),
        ("[names]\nA = 3\n", "names.A", "should be text"),
        ("[nams]\nA = 'b'\n", "nams", "mean names"),
        ("word = [\n", "is", "not valid TOML"),
    ],
)
def test_a_wrong_field_is_told_in_a_sentence_with_its_place(
    tmp_path: Path, text: str, place: str, said: str
) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=said) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}: {place} ")
    assert "\n" not in str(raised.value)


@given(st.floats(0, 1e6, allow_nan=False))
@settings(max_examples=200, deadline=None)
def test_a_time_is_written_so_that_it_is_read_back(seconds: float) -> None:
    assert at(stamp(seconds)).time == pytest.approx(seconds, abs=0.001)


def test_times_as_people_write_them() -> None:
    assert at("1:14:20.5 thank  you") == Moment(time=4460.5, words="thank you")
    assert moment("Ada Park") is None and moment("SPEAKER_03") is None
    fix = WordFix.model_validate({"at": datetime.time(0, 14, 20), "heard": "a", "written": "b"})
    assert fix.at.time == 860


def test_where_the_file_lies(tmp_path: Path) -> None:
    recording = tmp_path / "Evening.mp4"
    assert corrections_path(tmp_path, recording, "Evening") == tmp_path / "corrections.toml"
    assert corrections_path(None, recording, "Evening") == tmp_path / "Evening.corrections.toml"


def test_every_example_in_the_documentation_is_read_and_every_field_has_one(tmp_path: Path) -> None:
    examples = DOCS.read_text(encoding="utf-8").split("```toml\n")[1:]
    text = "\n".join(each.split("```")[0] for each in examples)
    path = tmp_path / "corrections.toml"
    path.write_text(text, encoding="utf-8")
    held = read(path)
    for shape in (VoiceFix, WordFix, TalkFix, NoteFix, PostFix):
        shown = {name for fix in held.fixes if type(fix) is shape for name in fix.model_fields_set}
        assert shown == set(shape.model_fields)
    assert held.names and held.replace
