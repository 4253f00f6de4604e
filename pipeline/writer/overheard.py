"""Drafts of what code can hear without a claim: the room, questions, plain telling."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.claims import quantities
from pipeline.claims.lexicon import pattern
from pipeline.claims.lexicon import plain as line
from pipeline.claims.sentences import Sentence
from pipeline.claims.stems import content
from pipeline.data import Findings, Receipt, RoomSound
from pipeline.writer import receipts
from pipeline.writer.drafts import Draft
from pipeline.writer.sentences import core, plain
from pipeline.writer.telling import Teller, Told, is_ceremony
from pipeline.writer.words import english

BEFORE_SOUND = 8.0  # seconds between the last word and the sound that it earned
LONG_TALK = 150  # words without a number that are worth a note
_TAGS = ("you know?", "right?", "okay?")  # ask nothing
LONGEST_QUESTION = 16  # words; what is longer and has no mark goes on after the question


def of_the_room(
    teller: Teller, sounds: Sequence[RoomSound], said: Sequence[Sentence]
) -> Iterator[Draft]:
    """Applause and laughter with what earned them, and unrest once."""
    restless = [sound for sound in sounds if sound.kind == "unrest"]
    if restless:
        longest = max(restless, key=lambda sound: sound.end - sound.start)
        talk = teller.talk
        through = longest.end - longest.start > 0.5 * (talk.end - talk.start)
        yield _room(longest, "unrest.long" if through else "unrest", None, 4.0)
    for sound in sounds:
        before = [s for s in said if sound.start - BEFORE_SOUND <= s.end <= sound.start + 1.0]
        if sound.kind == "applause":
            yield from _applause(teller, sound, before[-1:])
        elif sound.kind == "laughter":
            yield _laughter(teller, sound, before)


def _room(sound: RoomSound, wording: str, earned: Told | None, weight: float) -> Draft:
    return Draft(
        kind="room",
        wordings=(wording,),
        fields={"quote": earned.text} if earned else {},
        time=sound.start,
        receipts=(receipts.of_sound(sound), *((earned.receipt,) if earned else ())),
        weight=weight,
        about=frozenset({earned.receipt.quote} if earned else ()),
    )


def _applause(teller: Teller, sound: RoomSound, before: Sequence[Sentence]) -> Iterator[Draft]:
    """For what was said; not the one that greets a speaker, and hardly the one at the end."""
    if sound.start >= teller.talk.end - 3.0:
        yield _room(sound, "applause.end", None, 1.2)
    elif before and not is_ceremony(before[-1].text) and not teller.is_hosted(before[-1].speaker):
        quote = teller.quote(before[-1].words, before[-1].speaker)
        yield _room(sound, "applause" if quote else "applause.bare", quote, 5.0 if quote else 3.5)


def _laughter(teller: Teller, sound: RoomSound, before: Sequence[Sentence]) -> Draft:
    """With the joke's point, which comes last; a breath may have cut the joke in two."""
    whole = [
        one.followed_by(two)
        for one, two in pairwise(before[-2:])
        if one.utterance == two.utterance and plain(two.words[0].text) in english().joints
    ]
    for sentence in (*whole, *before[-1:]):
        quote = teller.quote(sentence.words, sentence.speaker, last=True)
        if quote:
            return _room(sound, "laughter", quote, 5.0)
    return _room(sound, "laughter.bare", None, 2.0)


def is_question(sentence: Sentence) -> bool:
    """By its mark or, where an engine writes none, by how it begins."""
    if sentence.text.endswith("?"):
        return not sentence.text.lower().endswith(_TAGS)
    first, *rest = (plain(word.text) for word in core(sentence.words))
    known = english()
    asks = first in known.asking
    if first in known.conditions:  # "when will you", and not "when you"
        asks = asks and bool(rest) and rest[0] in known.asking
    return asks and len(rest) < LONGEST_QUESTION


def of_questions(teller: Teller, said: Sequence[Sentence]) -> Iterator[Draft]:
    """A question that somebody else answers; and where it asks for a figure, if one is given."""
    for place, asked in enumerate(said):
        answer = _answer(said[place + 1 :], asked.speaker) if is_question(asked) else ()
        quote = teller.quote(asked.words, asked.speaker, last=True) if answer else None
        if not quote or not teller.asks_something(quote.text):
            continue
        answered = teller.quote(answer[0].words, answer[0].speaker)
        text = " ".join(sentence.text for sentence in answer)
        who = teller.first_name(asked.speaker)
        wording = "question.named" if who else "question.answered"
        in_vain = _wants_figure(asked) and not quantities.parse(text, teller.context.language)
        yield Draft(
            kind="aside",
            wordings=("question" if in_vain else wording,),
            fields={"quote": quote.text} | ({"who": who} if who else {}),
            time=asked.start,
            receipts=(
                quote.receipt,
                *((answered.receipt,) if answered else ()),
                *((_no_number(answer[0].start, answer[-1].end),) if in_vain else ()),
            ),
            weight=5.0 if in_vain else 2.5,
            absurd=in_vain,
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


def of_refusals(teller: Teller, said: Sequence[Sentence]) -> Iterator[Draft]:
    """ "We do not talk about the price tonight": an omission in the speaker's own words."""
    for sentence in said:
        declines = pattern(english().saying.declines)
        if not declines.search(line(sentence.text)):
            continue
        quote = teller.quote(sentence.words, sentence.speaker)
        if quote and declines.search(line(quote.text)):
            yield Draft(
                kind="aside",
                wordings=("declined",),
                fields={"quote": quote.text},
                time=sentence.start,
                receipts=(quote.receipt,),
                weight=6.0,
                absurd=True,
                about=frozenset({sentence.text, quote.receipt.quote}),
            )


def of_statements(teller: Teller, findings: Findings, said: Sequence[Sentence]) -> Iterator[Draft]:
    """What is simply told: the plain lines between the sceptical ones."""
    central = centrality(said, teller.context.language)
    for sentence, weight in zip(said, central, strict=True):
        claimed = any(c.start < sentence.end and sentence.start < c.end for c in findings.claims)
        told = None if claimed else statement(teller, sentence)
        if not told:
            continue
        who = teller.who(sentence.speaker, told.text)
        yield Draft(
            kind="summary",
            wordings=("statement.said",) if who else ("statement",),
            fields={"clause": told.text} | ({"who": who} if who else {}),
            time=sentence.start,
            receipts=(told.receipt,),
            weight=1.0 + 2.0 * weight,
            about=frozenset({sentence.text, told.receipt.quote}),
        )


def statement(teller: Teller, sentence: Sentence) -> Told | None:
    """A sentence as a plain line; None for a host's chatter, a greeting, a command, a question."""
    if is_question(sentence) or teller.is_hosted(sentence.speaker):
        return None
    if not teller.english:
        quote = teller.quote(sentence.words, sentence.speaker)
        return Told(f"“{quote.text}”", quote.receipt) if quote else None
    first = plain(core(sentence.words)[0].text)
    if first in english().supposing:
        return None
    return teller.clause(sentence.words, sentence.speaker, teller.is_plain, whole=True)


def centrality(said: Sequence[Sentence], language: str) -> tuple[float, ...]:
    """How much each sentence shares with the rest of the talk, 0..1 (a centroid of its stems)."""
    stems = [content(sentence.text, language) for sentence in said]
    counts = Counter(stem for each in stems for stem in each)
    scores = [
        sum(counts[stem] - 1 for stem in each) / (len(each) + 3) if each else 0.0 for each in stems
    ]
    highest = max(scores, default=0.0) or 1.0
    return tuple(score / highest for score in scores)


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
            absurd=True,
        )


def _no_number(start: float, end: float) -> Receipt:
    """The receipt of a stretch that was searched for numbers in vain."""
    return Receipt(f"{receipts.NOT_SAID}any number]", start, end, None)
