"""Drafts of what code can hear without a claim: the room, questions, plain telling, a pet word."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.data import Findings, Receipt, RoomSound
from pipeline.notes import quantities
from pipeline.notes.sentences import Sentence
from pipeline.notes.stems import content
from pipeline.writer import receipts
from pipeline.writer.drafts import Draft, salient, stands_alone
from pipeline.writer.sentences import core, plain, reads_well
from pipeline.writer.telling import Teller
from pipeline.writer.words import english

BEFORE_SOUND = 8.0  # seconds between the last word and the sound that it earned
OFTEN = 4  # times that a word is said before it is noted
LONG_TALK = 150  # words without a number that are worth a note


def of_the_room(
    teller: Teller, sounds: Sequence[RoomSound], said: Sequence[Sentence]
) -> Iterator[Draft]:
    """Applause and laughter with what earned them, and unrest once."""
    restless = [sound for sound in sounds if sound.kind == "unrest"]
    if restless:
        longest = max(restless, key=lambda sound: sound.end - sound.start)
        talk = teller.talk
        through = longest.end - longest.start > 0.5 * (talk.end - talk.start)
        yield _room(longest, ("unrest.long" if through else "unrest",), {}, ())
    for sound in sounds:
        before = [s for s in said if sound.start - BEFORE_SOUND <= s.end <= sound.start + 1.0]
        if sound.kind == "applause":
            yield from _applause(teller, sound, before[-1:])
        elif sound.kind == "laughter":
            yield from _laughter(teller, sound, before)


def _room(
    sound: RoomSound,
    wordings: tuple[str, ...],
    fields: dict[str, str],
    cited: tuple[Receipt, ...],
) -> Draft:
    return Draft(
        kind="room",
        wordings=wordings,
        fields=fields,
        time=sound.start,
        receipts=(receipts.of_sound(sound), *cited),
        weight=3.5 + sound.strength + bool(cited),
        about=frozenset(receipt.quote for receipt in cited),
    )


def _applause(teller: Teller, sound: RoomSound, before: Sequence[Sentence]) -> Iterator[Draft]:
    if sound.start >= teller.talk.end - 3.0:
        yield _room(sound, ("applause.end",), {}, ())
        return
    for sentence in before:
        if is_small_talk(sentence):
            continue
        cited = (receipts.of_sentence(sentence),)
        number = salient(quantities.parse(sentence.text, teller.context.language))
        if number is not None and stands_alone(number):
            fields = {"figure": teller.figure(sentence.words, number)}
            yield _room(sound, ("applause.figure",), fields, cited)
        elif quote := teller.quote(sentence.words):
            yield _room(sound, ("applause",), {"quote": quote}, cited)


def _laughter(teller: Teller, sound: RoomSound, before: Sequence[Sentence]) -> Iterator[Draft]:
    whole = [
        one.followed_by(two) for one, two in pairwise(before) if one.utterance == two.utterance
    ]
    for sentence in (*before[-1:], *whole[-1:]):  # a pause may have cut the joke in two
        if quote := teller.quote(sentence.words):
            cited = (receipts.of_sentence(sentence),)
            yield _room(sound, ("laughter",), {"quote": quote}, cited)
            return
    yield _room(sound, ("laughter.bare",), {}, ())


def is_small_talk(sentence: Sentence) -> bool:
    """ "Thank you very much", "good evening everyone"."""
    tokens = [plain(word.text) for word in sentence.words]
    return tokens[:2] == ["my", "name"] or any(token in english().small_talk for token in tokens)


def is_question(sentence: Sentence) -> bool:
    """By its mark or, where an engine writes none, by how it begins."""
    if sentence.text.endswith("?"):
        return True
    words = core(sentence.words)
    return plain(words[0].text) in english().asking and len(words) <= 16


def of_questions(teller: Teller, said: Sequence[Sentence]) -> Iterator[Draft]:
    """A question that somebody else answers; and where it asks for a figure, if one is given."""
    for place, asked in enumerate(said):
        quote = teller.quote(asked.words) if is_question(asked) else ""
        answer = _answer(said[place + 1 :], asked.speaker)
        if not (answer and quote):
            continue
        text = " ".join(sentence.text for sentence in answer)
        in_vain = _wants_figure(asked) and not quantities.parse(text, teller.context.language)
        yield Draft(
            kind="aside",
            wordings=("question" if in_vain else "question.answered",),
            fields={"quote": quote},
            time=asked.start,
            receipts=(
                receipts.of_sentence(asked),
                receipts.of_sentence(answer[0]),
                *((_no_number(answer[0].start, answer[-1].end),) if in_vain else ()),
            ),
            weight=3.8 if in_vain else 2.5,
            about=frozenset({asked.text}),
        )


def _wants_figure(asked: Sentence) -> bool:
    return any(plain(word.text) in english().figures for word in asked.words)


def _answer(after: Sequence[Sentence], asker: str) -> tuple[Sentence, ...]:
    """What the next speaker says before somebody else speaks."""
    if not after or after[0].speaker == asker:
        return ()
    answering = after[0].speaker
    length = next((i for i, s in enumerate(after) if s.speaker != answering), len(after))
    return tuple(after[:length])


def of_statements(teller: Teller, findings: Findings, said: Sequence[Sentence]) -> Iterator[Draft]:
    """What is simply told: the plain lines between the sceptical ones."""
    central = centrality(said, teller.context.language)
    for sentence, weight in zip(said, central, strict=True):
        claimed = any(c.start < sentence.end and sentence.start < c.end for c in findings.claims)
        clause = "" if claimed else statement(teller, sentence)
        if not clause:
            continue
        who = teller.who(sentence.speaker, clause)
        yield Draft(
            kind="summary",
            wordings=("statement.said",) if who else ("statement",),
            fields={"clause": clause, "who": who},
            time=sentence.start,
            receipts=(receipts.of_sentence(sentence),),
            weight=1.0 + 2.0 * weight * reads_well(sentence.words),
            about=frozenset({sentence.text}),
        )


def statement(teller: Teller, sentence: Sentence) -> str:
    """A sentence as a plain line; "" for a host's chatter, a greeting or a question."""
    if not teller.english:
        quote = teller.quote(sentence.words)
        return f"“{quote}”" if quote and not is_question(sentence) else ""
    first = plain(core(sentence.words)[0].text)
    if is_small_talk(sentence) or is_question(sentence) or first in english().supposing:
        return ""
    if teller.is_hosted(sentence.speaker):
        return ""
    clause = teller.clause(sentence.words, sentence.speaker)
    return clause if len(clause.split()) >= 5 else ""


def centrality(said: Sequence[Sentence], language: str) -> tuple[float, ...]:
    """How much each sentence shares with the rest of the talk, 0..1 (a centroid of its stems)."""
    stems = [content(sentence.text, language) for sentence in said]
    counts = Counter(stem for each in stems for stem in each)
    scores = [
        sum(counts[stem] - 1 for stem in each) / (len(each) + 3) if each else 0.0 for each in stems
    ]
    highest = max(scores, default=0.0) or 1.0
    return tuple(score / highest for score in scores)


def of_words(teller: Teller, said: Sequence[Sentence]) -> Iterator[Draft]:
    """The word that somebody cannot stop saying, with the places of the first uses."""
    words = Counter(
        bare
        for sentence in said
        for word in sentence.words
        if len(bare := plain(word.text)) > 6 and bare not in english().dull
    )
    total = sum(len(sentence.words) for sentence in said)
    for word, times in words.most_common(1):
        if times < OFTEN or times * 100 < total:
            continue
        uses = [s for s in said if word in (plain(w.text) for w in s.words)]
        yield Draft(
            kind="aside",
            wordings=("buzz",),
            fields={"word": word},
            time=uses[-1].start,
            receipts=tuple(receipts.of_sentence(sentence) for sentence in uses[:3]),
            weight=2.5,
        )


def of_silence(teller: Teller, said: Sequence[Sentence]) -> Iterator[Draft]:
    """A talk of some length without one number."""
    talk = teller.talk
    long = sum(len(sentence.words) for sentence in said) >= LONG_TALK
    if long and not quantities.parse(talk.text, teller.context.language):
        yield Draft(
            kind="omission",
            wordings=("unnumbered",),
            fields={},
            time=talk.end,
            receipts=(_no_number(talk.start, talk.end),),
            weight=4.0,
        )


def _no_number(start: float, end: float) -> Receipt:
    """The receipt of a stretch that was searched for numbers in vain."""
    return Receipt(f"{receipts.NOT_SAID}any number]", start, end, None)
