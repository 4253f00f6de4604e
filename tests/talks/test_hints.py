"""What printed times and other spellings say."""

import math

from pipeline.talks.agenda import clock
from pipeline.talks.cues import _meant
from pipeline.talks.strange import one_name

HOUR = 3600.0


def test_times_of_an_agenda_in_their_usual_writings() -> None:
    assert clock(["18:00", "6:30 PM", "7-7:30pm"]) == [18 * HOUR, 18.5 * HOUR, 19 * HOUR]
    assert math.isnan(clock(["after lunch"])[0])


def test_an_hour_before_the_one_above_it_is_in_the_afternoon() -> None:
    assert clock(["9:30", "11:00", "1:15"]) == [9.5 * HOUR, 11 * HOUR, 13.25 * HOUR]


def test_two_spellings_of_one_name_and_two_names() -> None:
    assert one_name("Priya Raman", "Pria Rahman")
    assert not one_name("Priya Raman", "Petra Nilsson")
    assert not one_name("Ada Park", "Ben Park")


def test_a_common_word_is_never_a_misheard_one() -> None:
    assert _meant("quite") == "quite"
    assert _meant("welcum") == "welcome"
