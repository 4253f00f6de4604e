"""Talks made of written lines, for the tests of what is found in them."""

import re

from pipeline.data import Talk, Utterance, Word

PAUSES = {".": 0.5, "?": 0.5, "!": 0.5, ",": 0.12}  # seconds after a word that ends so


def talk(text: str, index: int = 0, title: str = "A talk", bare: bool = False) -> Talk:
    """A talk of lines "ANN: words"; `bare` as a small engine hears it: no capitals, no stops."""
    clock = 10.0 + 1000 * index
    utterances: list[Utterance] = []
    for line in text.strip().splitlines():
        speaker, _, said = line.strip().partition(": ")
        words = []
        for raw in said.split():
            end = clock + 0.08 + 0.05 * len(raw)
            shown = re.sub(r"[^\w']", "", raw.lower()) if bare else raw
            words.append(Word(round(clock, 3), round(end, 3), shown, 0.9, speaker))
            clock = end + PAUSES.get(raw[-1], 0.0)
        if utterances and utterances[-1].speaker == speaker:
            last = utterances[-1]
            utterances[-1] = Utterance(last.id, speaker, last.words + tuple(words))
        else:
            utterances.append(Utterance(len(utterances), speaker, tuple(words)))
    speakers = tuple(dict.fromkeys(each.speaker for each in utterances))
    return Talk(index, title, "talk", speakers, tuple(utterances))
