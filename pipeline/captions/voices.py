"""Who speaks, as captions say it: WebVTT's <v Name>, a field of the format, or "NAME:" in the text.

"Note: bring a pen" is no speaker: a label counts only in captions that begin with one, and only
where it comes again, is a name of the event, or is written in capitals unlike the rest.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.captions.cues import Cue, spoken_text, strip_tags
from pipeline.text import clock_seconds

EARLY = 3  # cues within which captions that name their speakers name the first
_PIECES = re.compile(r"(<v[^>]*>|</v>|<\d+(?::\d+){0,2}(?:\.\d+)?>|\n)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_LABEL = re.compile(
    r"^((?:[^\W\d_][\w.'\u2019-]*)(?: [\w.'\u2019()&-]+){0,3})[:\uff1a](?!//)\s*(?=\S|$)"
)
_CHANGE = re.compile(r"^\s*(>>+|&gt;&gt;)")
# what programs write that tell voices apart and know no names
_NUMBER = re.compile(
    r"(unknown|unidentified)?\s*(speaker|participant|sprecher(in)?|voice|spk|s|person)?[\s_#-]*\d*|"
    r"(unknown|unidentified) (speaker|participant)|speaker [a-z]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class VoicePiece:
    """Words of a cue that one person says; `at` is their own time where the cue holds it.

    `speaker` is None as long as nobody is named.
    """

    cue: int
    text: str
    speaker: str | None
    at: float | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a cue, or what of it one <v> or one time stamp holds."""

    cue: int
    text: str
    voice: str
    at: float | None
    label: str  # what stands before a colon at its begin, and
    rest: str  # what is said after that
    changed: bool  # begins with ">>": somebody else


def pieces(cues: Sequence[Cue], names: Sequence[str]) -> list[VoicePiece]:
    """The words of all cues with their speakers; `names` are those that the event knows."""
    lines = [line for number, cue in enumerate(cues) for line in _lines(number, cue)]
    labels = _labels(lines, names)
    found: list[VoicePiece] = []
    speaker: str | None = None
    for line in lines:
        named = line.label in labels
        if line.voice or named:
            speaker = line.voice or line.label
        elif line.changed and speaker is not None:
            speaker = ""  # somebody whom nobody names
        if words := spoken_text(line.rest if named else line.text):
            found.append(VoicePiece(line.cue, words, speaker, line.at))
    return found


def shown_name(label: str, names: Sequence[str]) -> str:
    """What to call a speaker: as the event spells it; "" for "Speaker 2", which is no name."""
    if not label or _NUMBER.fullmatch(label):
        return ""
    known = {name.casefold(): name for name in names}
    spelt = label.title() if label.isupper() and len(label) > 3 else label
    return known.get(label.casefold(), spelt)


def _lines(number: int, cue: Cue) -> Iterator[_Line]:
    voice, at, first = cue.voice, None, True
    for part in _PIECES.split("\n".join(cue.lines)):
        if match := _VOICE.fullmatch(part):
            voice = strip_tags(match[1])
        elif part == "</v>":
            voice = cue.voice
        elif part == "\n":
            first = True
        elif part[1:2].isdigit() and _PIECES.fullmatch(part):
            at = clock_seconds(part[1:-1])
        elif text := strip_tags(part):
            match = _LABEL.match(spoken_text(text)) if first else None
            label, rest = (match[1], match.string[match.end() :]) if match else ("", text)
            yield _Line(number, text, voice, at, label, rest, first and bool(_CHANGE.match(text)))
            first = False


def _is_written_as_a_name(label: str) -> bool:
    words = label.split()
    return not (words[0][0].islower() or words[-1][0].islower())


def _labels(lines: Sequence[_Line], names: Sequence[str]) -> frozenset[str]:
    """The words before a colon that name a speaker in these captions."""
    counts = Counter(line.label for line in lines if line.label)
    labelled = {line.cue for line in lines if line.label}
    if 10 * len(labelled) >= 9 * len({line.cue for line in lines}):
        return frozenset(counts)  # as meetings' recorders write it: each caption says whose it is
    counts = Counter({each: n for each, n in counts.items() if _is_written_as_a_name(each)})
    if not any(line.label in counts for line in lines if line.cue < EARLY):
        return frozenset()
    shouting = sum(line.text.isupper() for line in lines) > len(lines) / 2
    known = {name.casefold() for name in names}
    return frozenset(
        label
        for label, count in counts.items()
        if count > 1 or label.casefold() in known or (label.isupper() and not shouting)
    )
