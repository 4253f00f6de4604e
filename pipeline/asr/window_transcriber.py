"""Windows of a recording, heard as well as a model can: in batches, in their language, mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pipeline.asr.decoding import DecodedPiece, WhisperDecoder
from pipeline.asr.languages import NOT_ENGLISH, improbable_pieces, language_doubt, language_pieces
from pipeline.asr.repair import NO_WORDS, Words, find_problems, repair
from pipeline.asr.windows import Pauses, Window
from pipeline.data import Doubt
from pipeline.heap import give_back

if TYPE_CHECKING:
    from pipeline.audio.wav import Sound


@dataclass(frozen=True, slots=True)
class TranscribedWindow:
    """The words of a window, and what to doubt about them."""

    words: Words
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class WindowTranscriber:
    """Transcribes windows of one recording in `language`, or where it is heard in another one."""

    decoder: WhisperDecoder
    samples: Sound
    pauses: Pauses
    vocabulary: tuple[str, ...]
    language: str
    language_given: bool  # by the user: no other language is listened for

    def transcribe(self, batch: Sequence[Window]) -> list[TranscribedWindow]:
        """The words of each window, in order."""
        names = ", ".join(self.vocabulary) or None  # that may be said
        pieces = self.decode(batch, hotwords=names, detect=not self.language_given)
        passages: list[TranscribedWindow] = []
        for window, heard in zip(batch, pieces, strict=True):
            passages += self._passages(window, heard)
        give_back()
        return passages

    def decode(
        self, windows: Sequence[Window], language: str = "", **how: Any
    ) -> list[DecodedPiece]:
        """The windows as one batch, see `WhisperDecoder.decode`; its times are the windows'."""
        if not windows:
            return []
        sounds = [window.sound(self.samples) for window in windows]
        return self.decoder.decode(sounds, language or self.language, **how)

    def _passages(self, window: Window, heard: DecodedPiece) -> list[TranscribedWindow]:
        """A window's words; of a language that is not the usual one, a passage of its own."""
        words = self._on_recording_time(window, heard)
        if not self.decoder.multilingual:
            return [self._english_only(window, heard, words)]
        if not self.language_given:
            pieces = language_pieces(self, window, heard, words)
            if any(code != self.language for code, _ in pieces):
                return [self._in_language(code, part) for code, part in _join_by_language(pieces)]
        return [self._repaired(window, heard, words)]

    def _english_only(self, window: Window, heard: DecodedPiece, words: Words) -> TranscribedWindow:
        """The words of an English-only model, without those that do not sound like English."""
        others = improbable_pieces(self.pauses, window, words, NOT_ENGLISH)
        if not others:
            return self._repaired(window, heard, words)
        left = tuple(w for w in words if not any(o.start <= w.start < o.end for o in others))
        why = "speech that does not sound like English, the only language of this model"
        return TranscribedWindow(left, tuple(Doubt(one.start, one.end, why) for one in others))

    def _in_language(self, code: str, window: Window) -> TranscribedWindow:
        """A stretch heard in a language; said where that is not the usual one."""
        (heard,) = self.decode([window], code)
        words = self._on_recording_time(window, heard)
        passage = replace(self, language=code)._repaired(window, heard, words)
        told = () if code == self.language else (language_doubt(window.start, window.end, code),)
        return replace(passage, doubts=(*told, *passage.doubts))

    def _repaired(self, window: Window, heard: DecodedPiece, words: Words) -> TranscribedWindow:
        """A window's words, a hole mended; heard anew with time tokens if that gives more words."""
        timed = partial(self._redecode, timestamps=True)
        tries = (self._redecode, timed)  # unprompted, then with time tokens too
        kept, doubts = repair(window, words, self.pauses, tries, self.vocabulary)
        wrong = partial(find_problems, window, pauses=self.pauses, vocabulary=self.vocabulary)
        if any(one.why == NO_WORDS for one in wrong(words)):
            (again,) = timed([window], before=[heard])
            if (doubts or len(again) > len(kept)) and not wrong(again):
                return TranscribedWindow(again, ())
        return TranscribedWindow(kept, doubts)

    def _on_recording_time(self, window: Window, heard: DecodedPiece) -> Words:
        """The words on the recording's time, without the pauses before them."""
        placed = (window.word(w.start, w.end, w.text, w.probability) for w in heard.words)
        return tuple(replace(w, start=self.pauses.onset(w.start, w.end)) for w in placed)

    def _redecode(self, windows: Sequence[Window], **how: Any) -> list[Words]:
        pieces = zip(windows, self.decode(windows, **how), strict=True)
        return [self._on_recording_time(window, piece) for window, piece in pieces]


def _join_by_language(pieces: Sequence[tuple[str, Window]]) -> list[tuple[str, Window]]:
    """Neighbours of one language as one window."""
    return [
        (code, Window(tuple(span for _, piece in run for span in piece.spans)))
        for code, run in groupby(pieces, key=lambda one: one[0])
    ]
