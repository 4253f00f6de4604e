"""What a claim needs and the whole talk never mentions."""

from pathlib import Path

import pytest
from spoken import talk

from pipeline.claims.claims import find_claims as claims_of
from pipeline.claims.omissions import Caveats, Mentioned, find_omissions, load_caveats
from pipeline.errors import ConfigError

CAVEATS = load_caveats(Path(__file__).parents[2] / "prompts" / "caveats.toml")
FAST = "ANN: Our chip runs two thousand tokens per second, which is twenty times faster."
UP = "ANN: Our service was up 99.9 percent of the time."


def topics(said: str, caveats: Caveats = CAVEATS) -> set[str]:
    of = talk(said)
    return {omission.topic for omission in find_omissions(of, claims_of(of), caveats)}


def test_a_bare_speed_claim() -> None:
    missing = topics(FAST)
    assert {"price", "batch size", "concurrency", "power"} <= missing
    assert "what it is compared with" in missing


@pytest.mark.parametrize(
    ("topic", "mention"),
    [
        ("price", "You pay two dollars for it."),
        ("price", "It is cheap."),
        ("batch size", "That is with a batch of one."),
        ("batch size", "Batching helps a lot."),
        ("concurrency", "Twenty users at once share it in parallel."),
        ("power", "It draws 23 kilowatts."),
        ("power", "The cooling was hard."),
        ("what it is compared with", "That is twenty times faster than a graphics card."),
    ],
)
def test_a_synonym_far_away_counts_as_a_mention(topic: str, mention: str) -> None:
    filler = "\n".join("ANN: The weather was nice and the trip was long." for _ in range(20))
    assert topic in topics(f"{FAST}\n{filler}")
    assert topic not in topics(f"{FAST}\n{filler}\nBOB: {mention}")


def test_everyday_words_count_only_beside_the_claim() -> None:
    assert "the period measured" in topics(f"{UP}\nANN: Last year we moved house.")
    assert "the period measured" not in topics(f"{UP[:-1]} over the last year.")


def test_one_omission_a_topic_with_its_claims_and_words() -> None:
    of = talk(f"{FAST}\nANN: And three thousand tokens per second with the new one.")
    (found,) = [o for o in find_omissions(of, claims_of(of), CAVEATS) if o.topic == "batch size"]
    assert found.claims == (0, 1)
    assert "batch" in found.looked_for


def test_a_checklist_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "caveats.toml"
    file.write_text('[[performance]]\ntopic = "the weather"\nwords = ["rain", "sun"]\n')
    assert topics(FAST, load_caveats(file)) == {"the weather"}
    assert topics(f"{FAST}\nANN: It rained.", load_caveats(file)) == set()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('[[performance]]\ntopik = "price"\nwords = ["cost"]\n', "topic"),
        ('[[preformance]]\ntopic = "price"\nwords = ["cost"]\n', "performance"),
        ('[[performance]]\nwords = ["cost"]\n', "topic"),
        ("[[performance\n", "not valid TOML"),
    ],
)
def test_a_typo_is_named_with_its_file(text: str, hint: str, tmp_path: Path) -> None:
    file = tmp_path / "caveats.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=hint) as error:
        load_caveats(file)
    assert str(file) in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml"):
        load_caveats(tmp_path / "none.toml")


@pytest.mark.parametrize("word", ["", "…", "#"])
def test_what_is_no_word_is_mentioned_nowhere(word: str) -> None:
    assert not any(Mentioned.of(text, "en").holds([word]) for text in ("…", "20 watts", "a price"))
