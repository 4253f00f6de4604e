"""Which words of a talk can stand alone between quotation marks, and which are said most centrally.

A reader has not heard the sentence before: one that begins with "it" or "they" is quoted with
the one before it, or not at all. What was badly heard, cut off or spoken to the room ("please
welcome ...") is not quoted.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from pipeline.claims import quantities
from pipeline.claims.claims import is_meant
from pipeline.claims.meaning import content
from pipeline.claims.sentences import Sentence, is_punctuated, sentences_of
from pipeline.data import Receipt, Utterance, Word
from pipeline.notes.cue_words import cue_words, is_known
from pipeline.notes.prompt_injection import asks_to_write
from pipeline.text import ends_sentence, joined, plain

SHORTEST, LONGEST = 5, 32  # words of a quote
STATED = 8  # words of a sentence that tells something by itself, at the least
BEFORE = 3  # sentences that are quoted as one, at the most
# words of a sentence that says how the one before is meant: 55 of 60 on nine evenings; that such
# a one may open an answer ("It does.") is not measured
BRIEF = 3
MEANING = 2  # words that carry meaning, at the least
# least probability of each word but names: 14 of 60 sentences of firelight and the sample have a
# wrong word then; where their mean had to be .8 it was 24 of 76 (Whisper base, seen)
HEARD = 0.5


_CONNECTIVES = re.compile(
    r"(?:and|but|so|now|well|okay|um|uh|also),?|(?:yes|no|yeah|oh|look|right),"
)
_MEASURE = re.compile(r"far|much|many|long|often|few|little")  # after which "so" is none
_ANAPHORA = re.compile(
    r"(?:it|its|it's|it'll|they|they're|they've|them|their|he|he's|she|she's|his|her|those|these"
    r"|both|which|who|such|that|that's|because|or|than|then|there)"
)
_CEREMONY = re.compile(
    r"\b(?:welcome|thank you|thanks|applause|big hand|hand for|good (?:evening|morning|night"
    r"|afternoon)|hello|hi|come (?:on )?(?:up|out|back)|next up|our next|up next|stage is yours"
    r"|ladies and gentlemen|please|can you hear|take a seat|over to|any questions"
    r"|who has a question)\b"
)
_CHATTER = re.compile(
    r"\?$|^(?:what if|can i|could i|you know|i'll|i'm"
    r"|i (?:can't|don't|know|mean|think|guess|hope|just|want|have|was|am))\b"
)


@dataclass(frozen=True)
class Quotation(Sentence):
    """Words of one utterance, ready to be quoted."""

    @cached_property
    def text(self) -> str:
        """The words as they are shown: with a capital, without a comma or stop at the end."""
        return without_connective(joined(word.text for word in self.words))


class Quotable:
    """The sentences of some utterances, and what of them can be quoted."""

    def __init__(self, utterances: Sequence[Utterance], language: str) -> None:
        self.said = sentences_of(utterances)
        self.language = language
        self._stopped = is_punctuated(utterances)
        self._starts = [sentence.start for sentence in self.said]
        self._ends = list(accumulate((sentence.end for sentence in self.said), max))
        self._places = {id(sentence): place for place, sentence in enumerate(self.said)}

    def place(self, sentence: Sentence) -> int:
        """Where in `said` a sentence of it stands."""
        return self._places[id(sentence)]

    def at(self, start: float, end: float, most: int = LONGEST) -> Quotation | None:
        """What can be quoted of the sentences between two times, in so many words, or None."""
        tried = (each for each in self._around(start, end) if len(each.words) <= most)
        return next((each for each in tried if self.stands(each)), None)

    def last(self, before: float, within: float) -> Sentence | None:
        """The sentence that ends at most `within` seconds before a time."""
        first, last = bisect_left(self._ends, before - within), bisect_left(self._starts, before)
        ended = [s for s in self.said[first:last] if before - within <= s.end <= before + 1.0]
        return ended[-1] if ended else None

    def up_to(self, sentence: Sentence, usual: int) -> Quotation | None:
        """What can be quoted that ends with a sentence: with those before it, while they lead up
        to it in no more than the usual number of words or make it understood."""
        place = self.place(sentence)
        found: Quotation | None = None
        for first in range(place, max(-1, place - BEFORE), -1):
            whole = self.whole(self.said[first : place + 1], answered=True)
            if whole is None or (found and len(whole.words) > usual):
                break
            found = whole if self.stands(whole) else found
        return found

    def stands(self, passage: Quotation) -> bool:
        """Whether a stranger can read it alone, and its words were surely heard."""
        said = plain(joined(word.text for word in passage.words))
        return (
            SHORTEST <= len(passage.words) <= LONGEST
            and len(content(said, self.language)) >= MEANING
            and not _is_anaphoric(passage.words)
            and not _CEREMONY.search(said)
            and self._may_be_shown(passage)
        )

    def in_one_line(self, *said: Sentence) -> tuple[Quotation, ...]:
        """Some sentences, where a line holds them all and each may be shown."""
        passages = tuple(map(as_quotation, said))
        fits = sum(len(each.words) for each in passages) <= LONGEST
        return passages if fits and all(map(self._may_be_shown, passages)) else ()

    def sets_up(self, said: Sequence[Sentence]) -> Quotation | None:
        """What a reply can stand behind: whole sentences, no ceremony and no "Really?"."""
        whole = self.whole(said)
        brief = whole is None or len(whole.words) < BRIEF
        return None if brief or any(is_ceremony(each.text) for each in said) else whole

    def _may_be_shown(self, passage: Quotation) -> bool:
        """Whether its words were surely heard and ask nobody to write something."""
        said = plain(joined(word.text for word in passage.words))
        return not asks_to_write(said) and is_surely_heard(passage.words, self.language)

    def receipt(self, passage: Quotation) -> Receipt:
        """The whole sentences that a passage is of, and its own words in them."""
        around = (self.said[place] for place in self._between(passage.start, passage.end))
        own = [sentence for sentence in around if sentence.utterance == passage.utterance]
        whole = joined(sentence.text for sentence in own)
        cited = joined(word.text for word in passage.words)
        return Receipt(whole, own[0].start, own[-1].end, passage.speaker, cited=cited)

    def statements(self) -> tuple[Quotation, ...]:
        """The whole sentences that can be quoted and tell something: no question, no dream, none
        that calls somebody ("Ada, ...")."""
        found = (self.whole([sentence]) for sentence in self.said)
        return tuple(
            each
            for each in found
            if each
            and len(each.words) >= STATED
            and not each.words[0].text.endswith(",")
            and not _CHATTER.search(plain(each.text))
            and is_meant(plain(each.text))
            and self.stands(each)
        )

    def _around(self, start: float, end: float) -> list[Quotation]:
        """The sentences there, with what belongs to them right behind; with those before."""
        places = self._between(start, end)
        if not places:
            return []
        begins = range(places[0], max(-1, places[0] - BEFORE), -1)
        ends = self._ends_of_quote(places[-1])
        whole = (self.whole(self.said[first:after]) for after in ends for first in begins)
        return [each for each in whole if each]

    def _ends_of_quote(self, last: int) -> tuple[int, ...]:
        """Where a quote may end that ends with a sentence at least, the best first: with a figure
        of the same unit in the next one ("87% of the cases. Our doctor found it in 80%"), and
        always with a brief one ("We hope")."""
        after = last + 1
        if after == len(self.said) or self.said[after].utterance != self.said[last].utterance:
            return (after,)
        if len(self.said[after].words) <= BRIEF:
            return (after + 1,)
        here, there = (self._units(self.said[place]) for place in (last, after))
        return (after + 1, after) if here & there else (after,)

    def _units(self, sentence: Sentence) -> frozenset[str]:
        """What the figures of a sentence measure or count."""
        found = quantities.parse(sentence.text, self.language)
        return frozenset(each.unit for each in found if each.unit)

    def _between(self, start: float, end: float) -> list[int]:
        """The places of the sentences that are said, in part at least, between two times."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        return [place for place in range(first, last) if self.said[place].end > start]

    def whole(self, sentences: Sequence[Sentence], answered: bool = False) -> Quotation | None:
        """Sentences of one utterance, from a beginning to a stop where the engine writes these;
        without the stop where the room answered."""
        first, last = sentences[0], sentences[-1]
        if first.utterance != last.utterance:
            return None
        words = tuple(word for each in sentences for word in each.words)
        begins = (sentence.text[:1] for sentence in sentences)
        begun = all(letter.isupper() or letter.isdigit() for letter in begins)
        ended = answered or ends_sentence(words[-1].text)
        if self._stopped and not (begun and ended):
            return None
        return as_quotation(Sentence(words, first.utterance, first.speaker))


def without_connective(text: str) -> str:
    """A text without the "And so" that ties it to the one before, with a capital."""
    words = text.split()
    said = " ".join(words[_connectives(words) :]).rstrip(".,;: ")
    return said[:1].upper() + said[1:]


def _connectives(words: Sequence[str]) -> int:
    """How many words at the beginning only tie a sentence to the one before; none of "so far"."""
    first = 0
    while first < len(words) - 1 and _CONNECTIVES.fullmatch(plain(words[first])):
        if plain(words[first]) == "so" and _MEASURE.fullmatch(plain(words[first + 1])):
            break
        first += 1
    return first


def _is_anaphoric(words: Sequence[Word]) -> bool:
    """Whether a sentence begins with what only the one before it names."""
    called = len(words) > 1 and words[0].text.endswith(",")  # "Everybody, they are ..."
    return _ANAPHORA.fullmatch(plain(words[called].text).rstrip(",")) is not None


def is_surely_heard(words: Sequence[Word], language: str) -> bool:
    """Whether an engine guessed no word but names, whose spelling it seldom knows."""
    no_sign = not is_known(language) or cue_words(language).nouns  # is a capital of a name
    named = re.compile(r"(?!)" if no_sign else r"[^\W\d_a-z][^\W\d_]*\W*")
    guessed = (place for place, word in enumerate(words) if word.probability < HEARD)
    return all(place and named.fullmatch(words[place].text) for place in guessed)


def as_quotation(sentence: Sentence) -> Quotation:
    """A sentence as it is, without what ties it to the one before."""
    first = _connectives([word.text for word in sentence.words])
    return Quotation(sentence.words[first:], sentence.utterance, sentence.speaker)


def is_ceremony(text: str) -> bool:
    """Whether a text greets, thanks or calls somebody up."""
    return _CEREMONY.search(plain(text)) is not None


def most_central(passages: Sequence[Quotation], language: str) -> list[Quotation]:
    """The passages, the nearest to the middle of all first: cosine of tf-idf vectors with their
    centroid (Radev et al., 2004, doi 10.1016/j.ipm.2003.10.006)."""
    bags = [content(passage.text, language) for passage in passages]
    counts = Counter(stem for bag in bags for stem in bag)
    rarity = {stem: math.log(1 + len(bags) / count) for stem, count in counts.items()}
    centre = {stem: counts[stem] * rarity[stem] for stem in counts}

    def nearness(bag: frozenset[str]) -> float:  # fsum: a set has another order in each process
        length = math.sqrt(math.fsum(rarity[stem] ** 2 for stem in bag)) or 1.0
        return math.fsum(rarity[stem] * centre[stem] for stem in bag) / length

    order = sorted(range(len(bags)), key=lambda place: -nearness(bags[place]))
    return [passages[place] for place in order]
