"""Events for the tests of talks: one utterance a line, times at a speaking rate."""

from pipeline import config
from pipeline.data import Outline, Utterance, Word, ms
from pipeline.event import EventInfo
from pipeline.talks import outline

FILLER = "The memory of a chip is slow and every word has to travel through it before it is read. "


def played(script: str, rate: float = 2.6) -> tuple[Utterance, ...]:
    """Lines "A: words" and "[pause 3]"; "<50>" is fifty words about nothing."""
    clock, said = 0.0, list[Utterance]()
    for line in filter(None, map(str.strip, script.splitlines())):
        if line.startswith("["):
            clock += float(line.strip("[]").split()[1]) + 0.4
            continue
        speaker, _, text = line.partition(": ")
        words = []
        for part in text.split():
            long = part.startswith("<") and part.endswith(">")
            for word in (FILLER * 99).split()[: int(part[1:-1])] if long else [part]:
                words.append(Word(ms(clock), ms(clock + 0.9 / rate), word, 0.95, speaker))
                clock += 1 / rate
        said.append(Utterance(len(said), speaker, tuple(words)))
        clock += 0.5
    return tuple(said)


def told(script: str, event: EventInfo | None = None, corrections: bool = True) -> Outline:
    """The outline of a script."""
    options = config.Talks(corrections=corrections)
    return outline(played(script), (), event or EventInfo(), options)


def names(story: Outline) -> dict[str, str | None]:
    """What each speaker is called."""
    return {speaker.id: speaker.name for speaker in story.speakers}
