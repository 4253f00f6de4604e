"""What other spellings say."""

from pipeline.talks.strange import one_name


def test_two_spellings_of_one_name_and_two_names() -> None:
    assert one_name("Priya Raman", "Pria Rahman")
    assert not one_name("Priya Raman", "Petra Nilsson")
    assert not one_name("Ada Park", "Ben Park")
