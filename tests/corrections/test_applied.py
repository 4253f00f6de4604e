"""Each arrow by itself: words, talks and voices put right, whatever another engine has heard."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_evening import evening, note, quoting, utterance

from pipeline import config, flow
from pipeline.audio.inputs import EventInput
from pipeline.cli.voices import learn_named
from pipeline.corrections.file import (
    Corrections,
    NoteFix,
    TalkFix,
    VoiceFix,
    WordFix,
)
from pipeline.corrections.moments import Misfit, Moment, Place, find_moment, find_words, moment
from pipeline.corrections.names import apply_names, moment_of, voice_id_of
from pipeline.corrections.talk_edges import apply_talk_fixes
from pipeline.corrections.voices import apply_voice_fixes
from pipeline.corrections.words import NEITHER, apply_word_fixes
from pipeline.data import (
    Audio,
    Diarization,
    Evidence,
    Outline,
    TalkNotes,
    Transcript,
    Utterance,
    Voice,
    Word,
)
from pipeline.engines.choose import choose
from pipeline.event import EventInfo
from pipeline.heard import Heard
from pipeline.notes import WrittenUp
from pipeline.notes.corrected import asked_again, corrected, outline_put_right
from pipeline.notes.evening import Evening
from pipeline.notes.extractive.quotes_writer import QuotesWriter
from pipeline.notes.rewriting import Rewriting
from pipeline.progress import Watch
from pipeline.session import Settings, make_session
from pipeline.talks.spelling import Speller, dictionary
from pipeline.talks.voices import VoiceBook


def said(*texts: str) -> list[Utterance]:
    """Utterances ten seconds apart, 0.4 s a word."""
    return [utterance(n, "S0", text, 10.0 * n) for n, text in enumerate(texts)]


def word(at: str, heard: str, written: str) -> WordFix:
    found = moment(at)
    assert found
    return WordFix(at=found, heard=heard, written=written)


# ---- words


def test_a_person_is_sure_of_a_word_and_a_program_no_more_than_the_engine() -> None:
    heard = [replace(one, words=tuple(replace(w, probability=p)
             for w, p in zip(one.words, (0.9, 0.8, 0.7, 0.3), strict=True)))
             for one in said("We met Colette Onaro")]  # fmt: skip
    right = apply_word_fixes(heard, (word("0:00", "Onaro", "Amaro"),), {})[0]
    assert [w.probability for w in right[0].words] == [0.9, 0.8, 0.7, 1.0]
    spelt, _ = Speller(("Colette Amaro",), (), dictionary("en")).correct(heard)
    assert spelt[0].text == "We met Colette Amaro"
    assert [w.probability for w in spelt[0].words] == [0.9, 0.8, 0.3, 0.3]


@pytest.mark.parametrize(
    ("spoken", "heard", "written", "gives"),
    [
        ("We met at Hi Ron, today.", "Hi Ron", "Heron", "We met at Heron, today."),
        ("We met at Hi Ron, today.", "Hiron", "Heron", "We met at Heron, today."),
        ("(Hiron's) chip is here", "Hiron", "Heron", "(Heron's) chip is here"),
        ("It has 400,000 cores.", "400,000", "40,000", "It has 40,000 cores."),
        ("It has 40,000 cores.", "400,000", "40,000", "It has 40,000 cores."),
        ("It has 401,000 cores.", "400,000", "40,000", "It has 401,000 cores."),
        ("Thank you very very much", "very very", "", "Thank you much"),
        ("The fire light is on", "fire light", "Firelight", "The Firelight is on"),
        ("We saw Gareth Lindhome there", "Gareth Lindhome", "Lindholm", "We saw Lindholm there"),
        ("We sold forty thousand cores", "40,000", "14,000", "We sold 14,000 cores"),
        ("We sold 423,000", "four hundred and twenty three thousand", "9", "We sold 9"),
        (
            "We save four million here",
            "say $4 million",
            "save $4 million",
            "We save four million here",
        ),
        ("We save four million here", "$4 million", "$5 million", "We save $5 million here"),
        ("We sold 41,000", "forty thousand", "14,000", "We sold 41,000"),
        ("Here is Ada Park again", "Ada", "Ada Park", "Here is Ada Park again"),
    ],
)
def test_a_word_is_put_right_where_it_was_heard(
    spoken: str, heard: str, written: str, gives: str
) -> None:
    (one, _), _, _ = apply_word_fixes(said(spoken, "And so on"), [word("0:01", heard, written)], {})
    assert one.text == gives
    assert [w.start for w in one.words] == sorted(w.start for w in one.words)
    assert one.words[-1].end <= 10.0


def test_of_two_that_were_heard_the_nearer_is_meant() -> None:
    texts = said("400,000 cores, I mean to say it is 400,000 of them")
    (one,), changes, (fit,) = apply_word_fixes(texts, [word("0:04", "400,000", "40,000")], {})
    assert one.text == "400,000 cores, I mean to say it is 40,000 of them"
    assert [change.written for change in changes] == ["40,000"] and not fit.why


def test_what_another_engine_heard_right_needs_no_correction() -> None:
    _, changes, (fit,) = apply_word_fixes(
        said("Heron is open"), [word("0:00", "Hiron", "Heron")], {}
    )
    assert not changes and not fit.why
    _, changes, (fit,) = apply_word_fixes(said("Heron is open"), [], {"Hiron": "Heron"})
    assert not changes and not fit.why


def test_what_is_nowhere_no_longer_fits() -> None:
    _, _, fits = apply_word_fixes(
        said("Water is wet"), [word("0:00", "Hiron", "Heron")], {"Bo": "Beau"}
    )
    assert [fit.why for fit in fits] == [
        "“Hiron” is not heard around 0:00: there stands “Water is wet”",
        NEITHER,
    ]
    _, _, (fit,) = apply_word_fixes(said("The Beauty Bond"), [], {"Bo": "Beau"})
    assert fit.why == NEITHER, "a part of a word is no word"
    _, _, (fit,) = apply_word_fixes(said("Water is wet"), [word("9:00", "wet", "dry")], {})
    assert fit.why == "the recording ends before"


def test_everywhere_is_everywhere_and_nowhere_inside_of_a_word() -> None:
    texts = said("Cat, cat and Catalog: cat's", "no cats but a cat")
    made, changes, _ = apply_word_fixes(texts, [], {"cat": "dog"})
    assert [one.text for one in made] == ["dog, dog and Catalog: dog's", "no cats but a dog"]
    assert len(changes) == 4
    (one,), _, _ = apply_word_fixes(said("Ada spoke, and Ada Park too"), [], {"Ada": "Ada Park"})
    assert one.text == "Ada Park spoke, and Ada Park too"


TEXT = st.text("ab<.> 4\n", max_size=6)
TEXTS = st.lists(st.text("ab. ", min_size=1, max_size=20).filter(str.strip), min_size=1, max_size=5)


@given(TEXTS, st.text("ab", min_size=1, max_size=3), st.text("abc ", max_size=5))
@settings(max_examples=150, deadline=None)
def test_times_never_run_back_and_other_words_stay(
    texts: list[str], heard: str, written: str
) -> None:
    before = said(*texts)
    after, changes, _ = apply_word_fixes(before, [word("0:05", heard, written)], {heard: written})
    assert len(after) == len(before)
    for one in after:
        times = [time for each in one.words for time in (each.start, each.end)]
        assert times == sorted(times)
    if not changes:
        assert list(after) == before


# ---- talks


def words_of(known: Outline) -> Iterator[Word]:
    for talk in known.talks:
        for one in talk.utterances:
            yield from one.words


EDGES = st.builds(
    lambda at, before, after, which: TalkFix(
        at=Moment(time=at),
        begin=Moment(time=max(0.0, at - before)) if which in "bx" else None,
        end=Moment(time=at + after) if which in "ex" else None,
        split=Moment(time=before) if which == "s" else None,
        hide=which == "h",
        join=which == "j",
    ),
    st.floats(0, 110),
    st.floats(0, 110),
    st.floats(0, 110),
    st.sampled_from("bexshj"),
)


@pytest.mark.slow
@given(st.lists(EDGES, max_size=4))
@settings(max_examples=300, deadline=None)
def test_whatever_is_moved_every_word_stays_in_one_talk(fixes: list[TalkFix]) -> None:
    known = evening().outline
    made, fits = apply_talk_fixes(known, fixes)
    assert list(words_of(made)) == list(words_of(known))
    assert [talk.index for talk in made.talks] == list(range(len(made.talks)))
    assert all(talk.utterances and talk.speakers for talk in made.talks)
    assert len(fits) == len(fixes)
    whole = outline_put_right(made, Corrections(), "en")
    assert [one.id for one in whole.utterances] == list(range(len(whole.utterances)))


def test_an_untouched_talk_is_the_very_same() -> None:
    known = evening(second=2).outline
    made, _ = apply_talk_fixes(known, [TalkFix(at=Moment(time=60), split=Moment(time=60))])
    assert made.talks[0] == known.talks[0] and len(made.talks) == 3


# ---- all of it

MOMENT = st.builds(
    lambda time, words: Moment(time=time, words=words),
    st.floats(0, 150),
    st.sampled_from(["", "", "40,000 cores", "one system needs", "in March", "nobody says this"]),
)
VOICE = st.one_of(st.sampled_from(["S0", "S1", "Ada Park", "Ben", "Cleo", "S9"]), MOMENT.map(str))
LINE = st.sampled_from(
    ["“Our chip is 20 times faster than the Norvane G400”", "Mine", "40,000 cores", "<b>x</b>"]
)
ANY_WORD = st.builds(
    WordFix, at=MOMENT, heard=st.sampled_from(["400,000", "Heron", "the", "chip is"]), written=TEXT
)
ANY_VOICE = st.one_of(
    st.builds(VoiceFix, merge=st.tuples(VOICE, VOICE)),
    st.builds(VoiceFix, split=VOICE, at=MOMENT, to=st.one_of(st.none(), VOICE)),
    st.builds(VoiceFix, turn=MOMENT, to=VOICE),
)
ANY_NOTE = st.one_of(
    st.builds(NoteFix, at=MOMENT, note=LINE, strike=st.just(True)),
    st.builds(NoteFix, at=MOMENT, note=LINE, reword=LINE, own=st.booleans()),
    st.builds(NoteFix, at=MOMENT, add=LINE, quotes=st.tuples(LINE), sounds=st.just(("laughter",))),
    st.builds(NoteFix, at=MOMENT, add=LINE, absent=st.just(("price",)), sums=st.just(("1/0",))),
)
ASKED = st.builds(lambda at: TalkFix(at=at, ask=True, title="Tea"), MOMENT)
ANY = st.builds(
    Corrections,
    names=st.dictionaries(VOICE, st.sampled_from(["Ada Park", "Dora", "Ben Oduya II"]), max_size=3),
    voice=st.lists(ANY_VOICE, max_size=3).map(tuple),
    replace=st.dictionaries(st.sampled_from(["Heron", "the", "."]), TEXT, max_size=2),
    word=st.lists(ANY_WORD, max_size=3).map(tuple),
    talk=st.lists(st.one_of(EDGES, ASKED), max_size=3).map(tuple),
    note=st.lists(ANY_NOTE, max_size=3).map(tuple),
)


@pytest.mark.slow
@given(ANY)
@settings(max_examples=150, deadline=None)
def test_no_correction_costs_the_event(fixed: Corrections) -> None:
    known = evening()
    words = list(words_of(known.outline))
    made = apply_voice_fixes(words, known.outline, fixed.voice, fixed.names)
    assert [w.text for w in made.words] == [w.text for w in words]
    asked_again(apply_talk_fixes(known.outline, fixed.talk)[0], fixed)
    told = replace(known, corrections=fixed)
    written = asyncio.run(QuotesWriter().write_up(told, Watch("x", lambda _: None)))
    right = corrected(written, told)
    assert len(right.fits) == len(fixed.fixes)
    held = {one.id for one in right.outline.utterances}
    assert all(one.id in held for noted in right.talks for one in noted.talk.utterances)
    marked_up = [n for noted in right.talks for n in noted.notes if "<b>" in n.text]
    assert all(note.receipts[0].kind == "own" for note in marked_up)


# ---- voices and moments


def test_a_voice_is_known_by_number_name_and_moment() -> None:
    known = evening().outline
    for voice in ("S1", "Ben Oduya", "Ben Oduja", "1:21", "1:23 system needs 40 kilowats"):
        assert voice_id_of(voice, known) == "S1"
    for nobody in ("Nobody", "1:21 not a word of it"):
        assert voice_id_of(nobody, known) is None
    told = moment_of("S0", known.utterances)
    assert told and voice_id_of(str(told), known) == "S0"


def test_a_voice_that_is_told_in_part_is_known_by_its_whole_name() -> None:
    known = evening().outline
    first, *others = known.speakers
    sign = Evidence("outline", "Ada Parkhurst", "I'm Ada Parkhurst", 0.0, 1.0)
    known = replace(known, speakers=(replace(first, name="Ada", evidence=(sign,)), *others))
    assert voice_id_of("Ada Parkhurst", known) == first.id


def test_a_moment_is_found_a_little_earlier_or_later_and_misheard() -> None:
    texts = said("One two three", "the bear has been down loaded often", "four five six")
    found = find_words("Heron has been downloaded often", 14.0, texts)
    assert found and found.number == 1
    assert find_moment(Moment(time=12.0), texts) == Place(1, 5, 6, 100.0)
    with pytest.raises(Misfit, match="the recording ends before"):
        find_moment(Moment(time=500.0), texts)


def test_names_go_to_one_voice_alone() -> None:
    known = evening().outline
    named, (fit,) = apply_names(known, {"S1": "Ada Park"})
    assert [one.name for one in named.speakers] == [None, "Ada Park"]
    assert not fit.why


def test_a_moment_of_a_voice_that_is_new_here_is_that_voice() -> None:
    known = evening().outline
    fixes = [
        VoiceFix(turn=Moment(time=21), to="Cleo"),
        VoiceFix(turn=Moment(time=41), to="0:21"),
        VoiceFix(merge=("1:21", "0:21")),
    ]
    made = apply_voice_fixes(list(words_of(known)), known, fixes, {})
    assert {w.speaker for w in made.words if 20 <= w.start < 60} == {"S1"}
    assert {w.speaker for w in made.words if w.start < 20} == {"S0"}


def test_turns_halves_and_merged_voices() -> None:
    known = evening().outline
    words = list(words_of(known))
    fixes = [
        VoiceFix(turn=Moment(time=21), to="Ben Oduya"),
        VoiceFix(split="Ben Oduya", at=Moment(time=100), to="Cleo"),
        VoiceFix(merge=("Cleo", "Ada Park")),
        VoiceFix(turn=Moment(time=21), to="SPEAKER_77"),
        VoiceFix(merge=("Ada Park", "Nobody")),
    ]
    made = apply_voice_fixes(words, known, fixes, {})
    speaks = {round(w.start) // 20: w.speaker for w in made.words}
    assert speaks == {0: "SPEAKER_02", 1: "S1", 2: "SPEAKER_02", 3: "SPEAKER_02", 4: "S1"} | {
        5: "SPEAKER_02"
    }
    assert made.names == {"SPEAKER_02": "Cleo"}
    assert [bool(fit.why) for fit in made.fits] == [False, False, False, True, True]
    assert made.mixed == {"S1"}


def test_of_two_lines_that_name_one_voice_the_first_is_told() -> None:
    known = evening().outline
    named, fits = apply_names(known, {"S1": "Cleo", "1:21": "Bea"})
    assert [one.name for one in named.speakers] == ["Ada Park", "Bea"]
    assert [fit.why for fit in fits] == ["another line says that this voice (S1) is Bea", ""]


def test_a_name_at_a_moment_goes_with_the_turn_that_is_given_away() -> None:
    known = evening().outline
    fixes = [VoiceFix(turn=Moment(time=21), to="Dora")]
    made = apply_voice_fixes(list(words_of(known)), known, fixes, {"0:21": "Dora", "S1": "Bea"})
    assert list(made.names.values()) == ["Dora"]


def test_a_word_that_is_a_part_of_another_is_put_right_in_a_line_too() -> None:
    known = evening((("S0", "Ron said it, and Ronald and Aron heard it"),), second=1)
    written = WrittenUp(known.outline, (noted(known, "Ron said it", (0, "Ron said it")),))
    made = corrected(written, replace(known, corrections=Corrections(replace={"Ron": "Rob"})))
    ((line,),) = (talk.notes for talk in made.talks)
    assert line.text == "Rob said it" and line.receipts[0].cited == "Rob said it,"


def test_a_line_in_other_words_keeps_no_sum_of_numbers_that_were_put_right() -> None:
    known = evening()
    cores = (2, "400,000 cores, no, sorry, 40,000 cores")
    made = noted(known, "10 times too many cores", cores, sums=["400000/40000"])
    fix = NoteFix(
        at=Moment(time=45), note="10 times too many cores", reword="500,000 cores, no, 40,000"
    )
    fixed = Corrections(word=(word("0:44", "400,000", "500,000"),), note=(fix,))
    right = corrected(WrittenUp(known.outline, (made,)), replace(known, corrections=fixed))
    ((line,),) = (talk.notes for talk in right.talks)
    assert line.text == "500,000 cores, no, 40,000" and not right.doubts
    assert [each.kind for each in line.receipts] == ["quote"]
    assert [fit.why for fit in right.fits] == ["", ""]


def noted(known: Evening, text: str, quote: tuple[int, str], **more: Any) -> TalkNotes:
    """The first talk with one note."""
    return TalkNotes(known.outline.talks[0], "", (note(quoting(text, quote, **more), known),))


def test_a_longer_name_is_not_put_into_itself() -> None:
    known = evening().outline
    outline, _ = apply_names(known, {"S0": "Ada Park-Lane", "S1": "Ben"})
    text = "Ada Park-Lane and Ada Park and Ben and Ben Oduya"
    told = Rewriting(known, outline, ()).text(text, 0, 1, ["S0", "S1"])
    assert told == "Ada Park-Lane and Ada Park-Lane and Ben and Ben"
    titled, _ = apply_names(known, {"S0": "Dr. Ada Park"})
    told = Rewriting(known, titled, ()).text("Ada tells a dr. park", 0, 1, ["S0"])
    assert told == "Ada tells a dr. park"
    misspelt, _ = apply_names(known, {"S1": "Benn Odua"})
    told = Rewriting(known, misspelt, ()).text("Oduya, says Ben", 0, 1, ["S1"])
    assert told == "Odua, says Benn"


@pytest.mark.parametrize("name", ["Ada Parke", "A. Poe"])
def test_what_was_said_stays_so_whatever_a_voice_is_called(name: str) -> None:
    said = "“We built a park for Ada Park”"
    known = evening((("S0", "We built a park for Ada Park"),), second=1)
    written = (noted(known, "“We built a park for Ada Park”", (0, "We built a park for Ada Park")),)
    fixed = Corrections(names={"S0": name})
    made = corrected(WrittenUp(known.outline, written), replace(known, corrections=fixed))
    ((line,),) = (talk.notes for talk in made.talks)
    assert (line.text, line.receipts[0].cited) == (said, said.strip("“”"))
    assert made.outline.utterances[0].text == said.strip("“”")


def test_a_voice_is_learnt_under_its_name_put_right_and_never_one_that_was_two(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    known, fixed = evening().outline, Corrections(names={"S0": "Ida Park", "S1": "Ben"})
    kept = Diarization((), (Voice("S0", "campplus", (1.0, 0.0)),))  # the other one was mixed
    audio, words = Audio(Path(), 100.0, "x", ()), Transcript("en", ())
    source = EventInput("x", EventInfo(), ())
    heard = Heard(source, audio, words, kept, (), known, corrections=fixed)
    monkeypatch.setattr(flow, "listen", lambda *_: heard)
    offline = config.load(profile="offline")
    session = make_session(Settings(offline, tmp_path, choose(offline)))
    learn_named(source, session, tmp_path / "book.json")
    assert tuple(VoiceBook.load(tmp_path / "book.json").names) == ("Ida Park",)


def test_two_people_in_one_voice_are_told_apart_where_a_person_has_named_both() -> None:
    known = evening().outline
    words = list(words_of(known))
    names = {"0:01": "Ada Park", "0:41": "Dora", "1:01": "Dora"}
    made = apply_voice_fixes(words, known, (), names)
    speaks = {round(w.start) // 20: w.speaker for w in made.words}
    assert [speaks[n] for n in range(4)] == ["S0", "S0", "SPEAKER_02", "SPEAKER_02"]
    assert made.names == {"SPEAKER_02": "Dora"}
    one = apply_voice_fixes(words, known, (), {"0:01": "Dora", "0:41": "Dora"})
    assert one.words == tuple(words), "a voice that has one name is one"
    strangers = apply_voice_fixes(words, known, (), {"0:01": "Ida", "0:41": "Dora"})
    assert list(strangers.names.values()) == ["Dora"], "the first of them keeps the voice"
    given_away = [VoiceFix(turn=Moment(time=41), to="Dora")]
    whole = apply_voice_fixes(words, known, given_away, {"0:01": "Ida", "0:41": "Dora"})
    assert [w.speaker for w in whole.words].count("S0") == sum(
        len(known.utterances[n].words) for n in (0, 1, 3)
    ), "who is given a turn leaves the others theirs"
