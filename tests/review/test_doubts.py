"""The queue of doubts: what is in it, what is not, and what a person has settled."""

from dataclasses import replace

from articles import changed
from served import Served

from pipeline.data import Doubt, Dropped, Outline, Utterance, Word
from pipeline.review.doubts import Doubtful, doubts
from pipeline.review.paragraphs import MANY, paragraphs
from pipeline.review.reading import Reading


def asked(reading: Reading) -> list[tuple[str, str]]:
    return [(each.kind, each.text) for each in doubts(reading.article)]


def heard_badly(reading: Reading, *texts: str) -> Reading:
    """The same, with words that an engine was hardly sure of."""

    def word(one: Word) -> Word:
        return replace(one, probability=0.2 if one.text in texts else 1.0)

    def said(one: Utterance) -> Utterance:
        return replace(one, words=tuple(map(word, one.words)))

    outline = reading.article.written.outline
    whole = replace(outline, utterances=tuple(map(said, outline.utterances)))
    return with_outline(reading, whole)


def with_outline(reading: Reading, outline: Outline) -> Reading:
    return replace(reading, article=changed(reading.article, outline=outline))


def test_nothing_is_asked_where_all_is_sure(served: Served) -> None:
    assert asked(served.desk.reading) == []


def test_a_word_is_asked_about_where_a_note_rests_on_it(served: Served) -> None:
    reading = heard_badly(served.desk.reading, "9000", "and", "evening")
    assert asked(reading) == [("word", "9000")]
    (one,) = doubts(reading.article)
    assert "9000" in one.about and 20 < one.start < 24


def test_a_voice_without_a_name_and_a_name_that_is_not_sure(served: Served) -> None:
    outline = served.desk.reading.article.written.outline
    ada, ben = outline.speakers
    unsure = replace(ben, confidence=0.72, evidence=ben.evidence[:0])
    nobody = replace(ada, name=None, role="host", confidence=0.0)
    reading = with_outline(served.desk.reading, replace(outline, speakers=(nobody, unsure)))
    (kind, text), name = asked(reading)
    assert kind == "nameless" and text.startswith("host, speaks 1")  # as its cues are spread
    assert name == ("name", "Benjamin Stone, 72%")


def test_what_could_not_be_heard_and_what_no_judge_has_seen(served: Served) -> None:
    reading = served.desk.reading
    hole = Doubt(12.0, 14.0, "speech in which no words were heard")
    talks = tuple(
        replace(talk, warnings=("no judge saw it",)) for talk in reading.article.written.talks
    )
    reading = replace(reading, article=changed(reading.article, talks=talks, doubts=(hole,)))
    assert asked(reading) == [("notes", "Benjamin Stone: no judge saw it"), ("hearing", hole.why)]


def test_a_line_that_the_judge_refused_at_first_is_looked_at(served: Served) -> None:
    reading = served.desk.reading
    noted = next(each for each in reading.article.written.talks if each.notes)
    line, gone = noted.notes[0].text, "a line that stands no more"
    unsure = (Dropped(noted.talk.index, line, "as a joke"), Dropped(noted.talk.index, gone, "no"))
    talks = tuple(
        replace(each, unsure=unsure) if each is noted else each
        for each in reading.article.written.talks
    )
    reading = replace(reading, article=changed(reading.article, talks=talks))
    (one,) = doubts(reading.article)
    assert (one.kind, one.text, one.why) == ("unsure", line, "as a joke")


def test_a_doubt_is_the_same_one_after_another_reading() -> None:
    one = Doubtful("word", 12.3, 12.9, "9000", "a note")
    assert one.id == Doubtful("word", 12.4, 13.0, "9000", "a note").id
    assert one.id != Doubtful("word", 12.3, 12.9, "8000", "a note").id


def test_what_a_person_settled_stays_settled(served: Served) -> None:
    served.desk._doubts = [Doubtful("word", 12.3, 12.9, "9000", "a note")]
    (doubt,) = served.state()["doubts"]
    assert doubt["done"] is False
    served.ask("look", "POST", {"doubt": doubt["id"], "done": True})
    assert [each["done"] for each in served.state()["doubts"]] == [True]
    served.ask("look", "POST", {"doubt": doubt["id"], "done": False})
    assert [each["done"] for each in served.state()["doubts"]] == [False]


def test_long_turns_are_cut_at_sentences() -> None:
    words = tuple(
        Word(n / 2, n / 2 + 0.4, "end." if n % 20 == 19 else "word", 0.3 if n == 7 else 0.9)
        for n in range(310)
    )
    rows = list(paragraphs([Utterance(0, "S", words)], words))
    assert sum(len(row.w) for row in rows) == 310
    assert all(len(row.w) <= MANY for row in rows)
    assert all(row.w[-1] == "end." for row in rows[:-1])
    assert rows[0].p == {7: 0.3} and rows[0].h == {}
    heard = (replace(words[0], text="wurd"), *words[1:])
    assert next(paragraphs([Utterance(0, "S", words)], heard)).h == {0: "wurd"}


def test_a_word_that_was_written_as_two_is_what_was_heard_of_both() -> None:
    heard = Word(0.0, 1.0, "Marysol", 0.9), Word(1.0, 2.0, "said", 0.9)
    said = Word(0.0, 0.5, "Mary", 0.9), Word(0.5, 1.0, "Saul", 0.9), heard[1]
    (row,) = paragraphs([Utterance(0, "S", said)], heard)
    assert row.h == {0: "Marysol", 1: "Marysol"}
