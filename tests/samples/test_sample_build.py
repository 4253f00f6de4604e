"""The sample's truth says what its script says; with flite here, it is made again and compared."""

import itertools
import json
import sys
import tomllib
from pathlib import Path

import av
import pytest

SAMPLE = Path(__file__).parents[2] / "samples" / "full-steam"
sys.path.insert(0, str(SAMPLE))
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pydub.*")

import build  # noqa: E402
import voices  # noqa: E402

needs_flite = pytest.mark.skipif(not voices.available(), reason="needs apt-get install flite")


@pytest.fixture(scope="module")
def script():
    return (SAMPLE / "script.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def truth():
    return json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))


def lines_of(script):
    _, steps = build.parse(script)
    return [step for step in steps if isinstance(step, build.Line)]


def test_every_word_of_the_script_is_in_the_truth_in_order(script, truth):
    spoken = [(line.who, word) for line in lines_of(script) for word in line.text.split()]
    assert [(word["speaker"], word["text"]) for word in truth["words"]] == spoken


def test_times_run_forward_and_lie_within_the_recording(truth):
    words = truth["words"]
    assert all(word["start"] < word["end"] for word in words)
    assert all(a["end"] <= b["start"] for a, b in itertools.pairwise(words))
    assert words[-1]["end"] < truth["duration"]


def test_turns_and_talks_hold_their_words(script, truth):
    assert [turn["speaker"] for turn in truth["turns"]] == [line.who for line in lines_of(script)]
    talks = list(build.script_talks(*build.parse(script)))
    assert [(talk["kind"], talk["title"]) for talk in truth["talks"]] == [
        (heading.kind, heading.title) for heading, _ in talks
    ]
    for talk, (_, lines) in zip(truth["talks"], talks, strict=True):
        said = [
            w for w in truth["words"] if talk["start"] <= w["start"] and w["end"] <= talk["end"]
        ]
        assert len(said) == sum(len(line.text.split()) for line in lines)
        assert set(talk["speakers"]) == {line.who for line in lines}


def test_the_recording_is_small_and_as_long_as_the_truth(truth):
    recording = SAMPLE / "evening.opus"
    assert recording.stat().st_size < 4_000_000
    with av.open(str(recording)) as file:
        assert file.duration / av.time_base == pytest.approx(truth["duration"], abs=0.05)
    assert 5.5 * 60 <= truth["duration"] <= 6.5 * 60


def test_everybody_in_event_toml_speaks(truth):
    event = tomllib.loads((SAMPLE / "event.toml").read_text(encoding="utf-8"))
    named = {speaker["name"] for speaker in truth["speakers"] if speaker["name"]}
    assert {person["name"] for person in event["people"]} == named
    assert len({word["speaker"] for word in truth["words"]}) >= 7


def test_a_line_that_is_no_step_is_named():
    with pytest.raises(ValueError, match="nobody said this"):
        build.parse("== talk: A\nnobody said this")


@needs_flite
def test_the_first_talk_comes_out_the_same_again(script, truth):
    _, again = build.perform(script[: script.index("== keynote")])
    count = len(again["words"])
    assert count > 30
    assert again["words"] == truth["words"][:count]
    assert again["sounds"] == truth["sounds"][: len(again["sounds"])]


@needs_flite
def test_words_are_told_apart_even_where_one_is_said_twice():
    said = voices.say("Ninety nine point nine nine percent.", voices.Person("slt"))
    assert [word for word, _, _ in said.words][-3:] == ["nine", "nine", "percent."]
    assert said.words[-1][2] == pytest.approx(len(said.samples) / voices.RATE, abs=0.05)


@needs_flite
def test_a_sign_that_nobody_says_is_refused():
    with pytest.raises(ValueError, match="flite says"):
        voices.say("We sold forty - or more.", voices.Person("slt"))


@needs_flite
def test_a_number_in_digits_is_one_word_with_its_time():
    said = voices.say("We sold 42 of them.", voices.Person("slt"))
    assert [word for word, _, _ in said.words] == ["We", "sold", "42", "of", "them."]
