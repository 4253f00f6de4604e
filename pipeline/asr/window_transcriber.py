"""Windows of a recording, heard as well as a model can: in batches, in their language, mended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.asr.decoding import Decoding, Ear, HeardPiece
from pipeline.asr.languages import NOT_ENGLISH, another_language, spoken, unsure
from pipeline.asr.repair import Words, hardly_heard, mend
from pipeline.asr.windows import Pauses, Window, pack
from pipeline.data import Doubt

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_HALF = 0.6  # of a window, at most: there is room to find a pause


@dataclass(frozen=True, slots=True)
class HeardWindow:
    """What is said in a window, and what to doubt about it."""

    words: Words
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Listener:
    """An ear at a recording; `language` is what is spoken where nothing else is heard."""

    ear: Ear
    samples: NDArray[np.float32]
    pauses: Pauses
    beam_size: int
    vocabulary: tuple[str, ...]
    language: str
    given: bool  # by the user: no other language is listened for

    def hear(
        self, batch: Sequence[Window], done: Callable[[Window], None] = lambda window: None
    ) -> list[HeardWindow]:
        """What is said in some windows, in order; `done` is called with each."""
        passages: list[HeardWindow] = []
        for window, heard in zip(batch, self._first(batch), strict=True):
            halves = self._halves(window, heard)
            again = self._first(halves) if halves else [heard]
            for half, said in zip(halves or (window,), again, strict=True):
                passages += self._passages(half, said)
            done(window)
        return passages

    def _first(self, windows: Sequence[Window]) -> list[HeardPiece]:
        """The windows as they are heard at first: with the names that may be said."""
        how = Decoding(self.beam_size, ", ".join(self.vocabulary) or None)
        return self.decode(windows, how, ask=not self.given)

    def _halves(self, window: Window, heard: HeardPiece) -> tuple[Window, ...]:
        """A window of which hardly anything was heard, cut in a pause near its middle."""
        if not hardly_heard(window, self._placed(window, heard), self.pauses):
            return ()
        return pack(self.pauses, window.spans, _HALF * window.length)

    def decode(
        self, windows: Sequence[Window], how: Decoding, language: str = "", ask: bool = False
    ) -> list[HeardPiece]:
        """The windows heard at once; the words' times are the window's."""
        sounds = [one.sound(self.samples) for one in windows]
        return self.ear.hear(sounds, how, language or self.language, ask) if sounds else []

    def _passages(self, window: Window, heard: HeardPiece) -> list[HeardWindow]:
        """A window's words; of a language that is not the usual one, a passage of its own."""
        words = self._placed(window, heard)
        if not self.ear.multilingual:
            return [self._english(window, words)]
        if not self.given:
            pieces = spoken(self, window, heard, words)
            if any(code != self.language for code, _ in pieces):
                return [self._in(code, part) for code, part in _runs(pieces)]
        return [self._mended(window, words)]

    def _english(self, window: Window, words: Words) -> HeardWindow:
        """What an English model heard, without what does not sound like English."""
        others = unsure(self.pauses, window, words, NOT_ENGLISH)
        if not others:
            return self._mended(window, words)
        left = tuple(w for w in words if not any(o.start <= w.start < o.end for o in others))
        why = "speech that does not sound like English, the only language of this model"
        return HeardWindow(left, tuple(Doubt(one.start, one.end, why) for one in others))

    def _in(self, code: str, window: Window) -> HeardWindow:
        """A stretch heard in a language; said where that is not the usual one."""
        (heard,) = self.decode([window], Decoding(self.beam_size), code)
        passage = replace(self, language=code)._mended(window, self._placed(window, heard))
        if code == self.language:
            return passage
        told = another_language(window.start, window.end, code)
        return replace(passage, doubts=(told, *passage.doubts))

    def _mended(self, window: Window, words: Words) -> HeardWindow:
        others = [partial(self._words, how=how) for how in _other_settings(self.beam_size)]
        return HeardWindow(*mend(window, words, self.pauses, others, self.vocabulary))

    def _placed(self, window: Window, heard: HeardPiece) -> Words:
        """The words on the recording's time, without the pauses before them."""
        placed = (window.word(w.start, w.end, w.text, w.probability) for w in heard.words)
        return tuple(replace(w, start=self.pauses.onset(w.start, w.end)) for w in placed)

    def _words(self, windows: Sequence[Window], how: Decoding) -> list[Words]:
        heard = self.decode(windows, how)
        return [self._placed(window, one) for window, one in zip(windows, heard, strict=True)]


def _other_settings(beam_size: int) -> tuple[Decoding, ...]:
    """What is tried in turn: unprompted, then asked for times too."""
    return Decoding(beam_size), Decoding(beam_size, timestamps=True)


def _runs(pieces: Sequence[tuple[str, Window]]) -> list[tuple[str, Window]]:
    """Neighbours of one language as one window."""
    return [
        (code, Window(tuple(span for _, piece in run for span in piece.spans)))
        for code, run in groupby(pieces, key=lambda one: one[0])
    ]
