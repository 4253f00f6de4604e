"""A voice of hardly any speech is no speaker."""

from pipeline.data import Diarization, Turn, Voice
from pipeline.diarize.strays import reassign, stray_speakers

HOST, GUEST, STRAY = "SPEAKER_00", "SPEAKER_02", "SPEAKER_01"


def evening(stray: float, long: float = 600.0) -> Diarization:
    """A stray voice, rather like the guest's, in the midst of the guest's talk."""
    turns = (
        Turn(0.0, 60.0, HOST),
        Turn(60.0, 60.0 + stray, STRAY),
        Turn(60.1 + stray, 60.0 + long, GUEST),
    )
    voices = (
        Voice(HOST, "campplus", (1.0, 0.0, 0.0)),
        Voice(STRAY, "campplus", (0.0, 0.8, 0.6)),
        Voice(GUEST, "campplus", (0.0, 1.0, 0.0)),
    )
    return Diarization(turns, voices)


def test_little_speech_is_no_speakers_and_much_or_a_share_is() -> None:
    assert stray_speakers(evening(5.0)) == {STRAY}
    assert not stray_speakers(evening(9.0))  # seconds
    assert not stray_speakers(evening(5.0, long=120.0))  # 2.8 % of the speech
    alone = Diarization((Turn(0.0, 1.0, HOST),), evening(5.0).voices[:1])
    assert not stray_speakers(alone)


def test_its_turns_go_to_whom_it_sounds_like_and_the_others_keep_their_ids() -> None:
    found = reassign(evening(5.0), {STRAY})
    assert found.turns == (Turn(0.0, 60.0, "SPEAKER_00"), Turn(60.0, 660.0, GUEST))
    assert [voice.speaker for voice in found.voices] == [HOST, GUEST]
    assert found.voices[1].embedding == (0.0, 1.0, 0.0)


def test_who_speaks_beside_another_goes_along() -> None:
    made = evening(5.0)
    beside = Diarization(made.turns, made.voices, (Turn(1.0, 2.0, STRAY),))
    assert reassign(beside, {STRAY}).beside == (Turn(1.0, 2.0, GUEST),)


def test_nobody_is_left_out_where_nobody_would_be_left() -> None:
    made = evening(5.0)
    assert reassign(made, {HOST, GUEST, STRAY}) == made
    assert reassign(made, ()) == made


def test_a_name_given_to_a_shown_id_is_the_same_voices_in_the_next_run() -> None:
    """The first run shows ids after strays are gone, the second compares them before that."""
    shown = reassign(evening(5.0), stray_speakers(evening(5.0)))
    guest = shown.voices[-1]
    before = {voice.speaker: voice.embedding for voice in evening(5.0).voices}
    assert before[guest.speaker] == guest.embedding
    assert stray_speakers(evening(5.0)) - {guest.speaker} == {STRAY}
