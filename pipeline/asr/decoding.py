"""A batch of sounds decoded by Whisper: words, their times and probabilities, the language.

CTranslate2 is called through faster-whisper's `WhisperModel`: encode once, tell the language from
that, decode the batch, align its words by cross-attention. What `BatchedInferencePipeline` does,
but with the language of each piece and with silence, not mid-grey, behind it. A CPU encodes one
piece after the other, which stays in its cache, and decodes all at once: 14% less of its time than
both by twos.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.data import Word, ms
from pipeline.errors import EngineError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]

_MAX_TOKENS = 220  # of one piece: seven words a second, and room for a full prompt
_MAX_INITIAL_TIME = 50  # time tokens of 20 ms: speech begins in the first second, as in Whisper
_UNSPACED = frozenset({"zh", "yue", "ja", "th", "lo", "my", "km"})  # written without spaces
# punctuation that joins the word after it, or before it
_PREPENDED = "\"'“¿([{-"
_APPENDED = "\"'.。,，!！?？:：”)]}、"  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class DecodedPiece:
    """What Whisper decoded of a sound, in seconds of that sound; `words` may be empty."""

    words: tuple[Word, ...]
    avg_logprob: float  # mean log probability of a token
    language: str = ""  # the likeliest one, where that was asked
    language_probability: float = 0.0
    encoded: Any = None  # the sound as the encoder gives it, for hearing it again; on a CPU


class WhisperDecoder:
    """A `faster_whisper.WhisperModel` and what decoding needs to know of it.

    A sound is decoded by a beam search at temperature 0, so that nothing is random.
    """

    def __init__(self, model: Any, beam_size: int) -> None:
        self._model = model
        self._beam_size = beam_size
        self._tokenizers: dict[str, Any] = {}

    @property
    def window_seconds(self) -> int:
        """Seconds of sound that the model hears at once."""
        return int(self._model.feature_extractor.chunk_length)

    @property
    def multilingual(self) -> bool:
        return bool(self._model.model.is_multilingual)

    def decode(
        self,
        sounds: Sequence[Sound],
        language: str,
        *,
        hotwords: str | None = None,
        timestamps: bool = False,
        detect: bool = False,
        before: Sequence[DecodedPiece] = (),
    ) -> list[DecodedPiece]:
        """The words of each sound, decoded as one batch; `detect`: the likeliest language, too.

        With `timestamps` asked for, decoding takes another way. What was decoded of the sounds
        `before` spares the encoder its work. Raises EngineError when a GPU's memory does not hold
        them.
        """
        encoded, each = self._encode(sounds, [piece.encoded for piece in before])
        extract = self._model.feature_extractor
        frames = [min(extract.nb_max_frames, -(-len(s) // extract.hop_length)) for s in sounds]
        tokenizer = self._tokenizer(language)
        prompt = self._model.get_prompt(
            tokenizer, [], without_timestamps=not timestamps, hotwords=hotwords
        )
        decoded = self._generate(encoded, [prompt] * len(sounds), tokenizer)
        texts = [[t for t in one.sequences_ids[0] if t < tokenizer.eot] for one in decoded]
        words = self._align(encoded, texts, frames, tokenizer)
        told = self._detected_languages(encoded) if detect else [("", 0.0)] * len(sounds)
        return [
            DecodedPiece(said, _avg_logprob(one), code, sure, alone)
            for said, one, (code, sure), alone in zip(words, decoded, told, each, strict=True)
        ]

    def detect_languages(self, sounds: Sequence[Sound]) -> list[tuple[str, float]]:
        """The likeliest language of each sound, and its probability.

        A short sound is encoded as it is, without 30 s of silence behind it: as sure, and cheaper.
        """
        if not self.multilingual:
            return [("en", 1.0)] * len(sounds)
        extract = self._model.feature_extractor
        features = [extract(sound)[..., : extract.nb_max_frames] for sound in sounds]
        even = [one[:, : one.shape[1] // 2 * 2] for one in features]
        return [self._detected_languages(self._model.encode(one[None]))[0] for one in even]

    def _encode(self, sounds: Sequence[Sound], before: Sequence[Any]) -> tuple[Any, Sequence[Any]]:
        """The encoder's output, of all sounds and, on a CPU, of each; `before`: that of each."""
        import numpy
        from ctranslate2 import StorageView

        if before and all(one is not None for one in before):
            return StorageView.from_array(numpy.concatenate(before)), before
        extract = self._model.feature_extractor
        size, wanted = extract.n_samples, extract.nb_max_frames
        padded = [numpy.pad(sound[:size], (0, max(0, size - len(sound)))) for sound in sounds]
        features = numpy.stack([extract(sound)[..., :wanted] for sound in padded])
        if self._model.model.device != "cpu":
            return self._model.encode(features), [None] * len(sounds)
        alone = [numpy.asarray(self._model.encode(one[None])) for one in features]
        return StorageView.from_array(numpy.concatenate(alone)), alone

    def _detected_languages(self, encoded: Any) -> list[tuple[str, float]]:
        if not self.multilingual:
            return [("en", 1.0)] * int(encoded.shape[0])
        told = self._model.model.detect_language(encoded)
        return [(first[0][0][2:-2], float(first[0][1])) for first in told]

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        if language not in self._tokenizers:
            self._tokenizers[language] = Tokenizer(
                self._model.hf_tokenizer, self.multilingual, "transcribe", language
            )
        return self._tokenizers[language]

    def _generate(self, encoded: Any, prompts: list[list[int]], tokenizer: Any) -> Any:
        from faster_whisper.transcribe import get_suppressed_tokens

        try:
            return self._model.model.generate(
                encoded,
                prompts,
                beam_size=self._beam_size,
                max_length=min(self._model.max_length, len(prompts[0]) + _MAX_TOKENS),
                suppress_blank=True,
                suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
                max_initial_timestamp_index=_MAX_INITIAL_TIME,
                return_scores=True,
            )
        except RuntimeError as error:
            if "out of memory" not in str(error):
                raise
            raise EngineError(
                "the GPU's memory does not hold the model and its batch: "
                "take --set asr.batch_size=1, or a smaller --model"
            ) from error

    def _align(
        self, encoded: Any, texts: Sequence[list[int]], frames: Sequence[int], tokenizer: Any
    ) -> list[tuple[Word, ...]]:
        from faster_whisper.transcribe import merge_punctuations

        aligned = self._model.find_alignment(tokenizer, list(texts), encoded, list(frames))
        for one in aligned:
            merge_punctuations(one, _PREPENDED, _APPENDED)
        return [merge_subwords(one, tokenizer.language_code) for one in aligned]


def _avg_logprob(decoded: Any) -> float:
    """The mean log probability of its tokens, the end counted (length penalty 1)."""
    count = len(decoded.sequences_ids[0])
    return float(decoded.scores[0] * count / (count + 1))


def merge_subwords(aligned: Sequence[dict[str, Any]], language: str) -> tuple[Word, ...]:
    """Aligned tokens as words, each with the least probability of its tokens: "GPT-4" is one."""
    words: list[Word] = []
    for token in aligned:
        text, start, end = token["word"], ms(token["start"]), ms(token["end"])
        probability = float(token["probability"])
        if words and text.strip() and not text.startswith(" ") and language not in _UNSPACED:
            last = words.pop()
            least = min(probability, last.probability)
            words.append(Word(last.start, end, last.text + text, least))
        elif text.strip():
            words.append(Word(start, end, text.strip(), probability))
    return tuple(words)
