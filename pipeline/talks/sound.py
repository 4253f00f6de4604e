"""How alike two words or names are to the ear: what speech recognition confuses."""

from functools import lru_cache

from jellyfish import metaphone
from rapidfuzz.distance import JaroWinkler, Levenshtein

from pipeline.text import folded

# consonants that a microphone hardly tells apart share a letter: b/p, th/t, sh/j/s, n/m
FOLD = str.maketrans({"B": "P", "0": "T", "X": "S", "J": "S", "N": "M"})


@lru_cache(maxsize=65536)
def phonetic_key(text: str) -> str:
    """The consonants that are heard (Metaphone, with near consonants folded), spaces gone."""
    return "".join(metaphone(folded(word)).translate(FOLD) for word in text.split())


@lru_cache(maxsize=65536)
def sound_likeness(one: str, other: str) -> float:
    """0..1: half by sound, half by spelling; where the words are cut does not matter."""
    left, right = folded(one), folded(other)
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
    sound = Levenshtein.normalized_similarity(phonetic_key(one), phonetic_key(other))
    return 0.5 * float(sound) + 0.5 * float(JaroWinkler.similarity(left, right))
