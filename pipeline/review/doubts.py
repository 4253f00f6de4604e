"""What a person should look at first, in the order of the event."""

from collections.abc import Iterator, Set
from dataclasses import dataclass

from pipeline.cache import digest
from pipeline.claims.meaning import content
from pipeline.data import Speaker
from pipeline.render.article import Article
from pipeline.render.clips import cited_words
from pipeline.review.paragraphs import LOW
from pipeline.text import joined

SURE = 0.8  # confidence from which a name is not asked about


@dataclass(frozen=True, slots=True)
class Doubtful:
    """One thing to look at. `about`: a speaker's id, a note's text, a talk's number."""

    kind: str  # hearing, word, nameless, name, notes, unsure, note, correction
    start: float
    end: float
    text: str
    about: str = ""
    why: str = ""

    @property
    def id(self) -> str:
        """The same as long as it is the same doubt."""
        return digest((self.kind, round(self.start), self.text, self.about))[:16]


def doubts(article: Article) -> list[Doubtful]:
    """All of an event's: what was heard, the words that notes rest on, names, notes, corrections
    that fit no more and lines that they no longer bear."""
    heard = article.heard
    found = [
        *(Doubtful("hearing", e.start, e.end, e.why) for e in heard.transcript.doubts),
        *_words(article),
        *_voices(article),
        *_notes(article, {fix.note for fix in heard.corrections.note}),
        *(Doubtful(e.kind, e.time, e.time, e.text, why=e.why) for e in article.doubts),
    ]
    return sorted(found, key=lambda each: (each.start, each.kind))


def _words(article: Article) -> Iterator[Doubtful]:
    """Words that an engine was unsure of and that a note rests on, each stretch once."""
    asked, language = set(), article.heard.language
    for note in article.notes:
        for receipt in note.receipts_of("quote"):
            low = [word for word in cited_words(receipt, article) if word.probability < LOW]
            words = [word for word in low if _tells(word.text, language)]
            if words and words[0].start not in asked:
                asked.add(words[0].start)
                text = joined(word.text for word in words)
                start, end = words[0].start, words[-1].end
                yield Doubtful("word", start, end, text, note.text)


def _tells(text: str, language: str) -> bool:
    """Whether a note may hang on a word: a number, or a word that is no "and"."""
    return any(map(str.isdigit, text)) or bool(content(text, language))


def _voices(article: Article) -> Iterator[Doubtful]:
    """Voices that have no name, and names that are not sure."""
    outline = article.written.outline
    for speaker in outline.speakers:
        said = [one for one in outline.utterances if one.speaker == speaker.id]
        if not said:
            continue
        longest = max(said, key=lambda one: one.end - one.start)
        place = longest.start, longest.end
        if speaker.name is None:
            seconds = round(sum(one.end - one.start for one in said))
            yield Doubtful("nameless", *place, f"{speaker.label}, speaks {seconds} s", speaker.id)
        elif speaker.confidence < SURE:
            yield Doubtful("name", *place, _sure(speaker), speaker.id)


def _sure(speaker: Speaker) -> str:
    """ "Ada Park, 72%: thanked"."""
    why = ", ".join(dict.fromkeys(each.kind for each in speaker.evidence))
    return f"{speaker.name}, {speaker.confidence:.0%}" + (f": {why}" if why else "")


def _notes(article: Article, decided: Set[str]) -> Iterator[Doubtful]:
    """Talks whose notes are not what they should be (unjudged, cut off, quotes alone), and lines
    that the judge let stand only in other words, until a person has decided about them."""
    for noted in article.written.talks:
        talk = noted.talk
        why_unsure = {one.text: one.why for one in noted.unsure}
        for note in noted.notes:
            why = why_unsure.get(note.text)
            if why and note.text not in decided:
                yield Doubtful("unsure", note.time, note.time, note.text, note.text, why)
        for why in noted.warnings:
            yield Doubtful("notes", talk.start, talk.end, f"{talk.title}: {why}", str(talk.index))
