"""What other spellings say."""

from pipeline.talks.cues import _meant
from pipeline.talks.strange import one_name

HOUR = 3600.0


def test_two_spellings_of_one_name_and_two_names() -> None:
    assert one_name("Priya Raman", "Pria Rahman")
    assert not one_name("Priya Raman", "Petra Nilsson")
    assert not one_name("Ada Park", "Ben Park")


def test_a_common_word_is_never_a_misheard_one() -> None:
    assert _meant("quite") == "quite"
    assert _meant("welcum") == "welcome"
