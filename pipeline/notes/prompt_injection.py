"""Orders to whoever takes notes, from the stage or out of a source.

A model sees all but the few that surely are. What may be one bears no fact: a note that rests on it
tells that it was asked.
"""

import re
from dataclasses import replace

from pipeline.notes.evening import SourceText
from pipeline.text import plain

HIDDEN = "[speaks to whoever takes notes]"  # what a model sees in its place
_NET = re.compile(
    r"(?i)\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}"
    r"\b(?:instructions?|prompts?|rules|guidelines|told before|said before)\b|"
    r"\b(?:system|developer|hidden|original|previous) (?:prompt|message|instructions?)\b"
)
# verbs of saying, which state nothing as an imperative or behind what wishes or obliges
_SAYS = (
    r"(?:say(?!,)|write|mention|state|describe|declare|portray|praise|summari[sz]e|conclude|recommend|"
    r"emphasi[sz]e|quote|append|put (?:down|in|it in|that|this)|refer to|"
    r"call (?:us|it|me|him|her|this|the)|(?:note|report|repeat|add|include|record) that|"
    r"(?:leave|drop|skip|omit|cut|strike|keep) [^,.;:]{0,40}\b(?:out|off|from|the part)|"
    r"(?:rate|rank|score|give|record) (?:us|our|this|it|me|him|her)|"
    r"(?:open|close|end|finish|begin|start) (?:it |this )?with)"
)
_BEGINS = (
    r"(?:^|[,;:.!?()\u2026\u2013-]+ |\b(?:and|then|so|but|or) )"
    r"(?:(?:please|just|also|only|always|never|now|kindly|do|don't|do not|(?:be|make) sure to|"
    r"remember to|better to) )*"
)
_OBLIGES = (  # somebody else: "I should say" says it
    r"(?:(?<!\bi )(?<!\bi'd )(?<!\bwe )\b(?:should|must|shall|ought to|"
    r"(?:has|have|needs?|is|are|asked|free|welcome) to)|"
    r"\b(?:let(?: \w+){0,3}|(?:want|wish|like|ask|expect)(?:ed)? \w[^,.;:]{0,40} to|"
    r"(?:can|could|would|will|has|have) (?:you|it|they|some\w+)))(?: \w+){0,2} "
)
_WRITE_UP = (  # what is written of an event, and who or what writes it
    r"\b(?:summary|write[- ]?ups?|recaps?|articles?|headlines?|whoever|transcri\w+|"
    r"note[- ]?takers?|blogg\w+|reporters?|journalists?|reviewers?|the press|"
    r"(?:your|the) (?:notes|minutes|record)|"
    r"(?:a\.?i\.?|assistants?|bots?|computers?|machines?|models?|software)"
    r"(?:'s| that| who| is| are)? (?:listening|recording|reading|writing|summari\w+|taking))\b"
)
_WISHES = (
    r"\b(?:should|must|ha(?:s|ve) to|shall|let|want|please|kindly|order|asked|instruct\w*|begin|"
    r"would|could|might|goes|needs?|your?|i'd like)\b"
)
_ASKS = re.compile(
    rf"(?i){_BEGINS}{_SAYS}\b|{_OBLIGES}(?:{_SAYS}|(?:be )?(?:said|written|called))\b|"
    rf"{_WRITE_UP}.*{_WISHES}|{_WISHES}.*{_WRITE_UP}"
)
_TOLD = re.compile(
    r"\b(?:(?:tell|ask|want|order|request|instruct|wish|hope|beg)\w*|tri(?:es|ed)|try(?:ing)?|"
    r"(?:speak|talk)s? to|address(?:es|ed)|for whoever)\b",
    re.IGNORECASE,
)


def is_order(text: str) -> bool:
    """Whether a sentence surely tells a note-taker what to write."""
    return any(map(_NET.search, _pieces(text)))


def asks_to_write(text: str) -> bool:
    """Whether an English sentence may ask to have something written or said (1% in podcasts)."""
    return is_order(text) or any(map(_ASKS.search, _pieces(text)))


def _pieces(text: str) -> list[str]:
    """A long line in pieces that overlap: the expressions are slow on very long ones."""
    return [text[at : at + 2000] for at in range(0, max(1, len(text) - 500), 1500)]


def is_told(text: str, sayings: frozenset[str]) -> bool:
    """Whether a note tells that something was asked for, instead of doing it."""
    return bool(_TOLD.search(text) or sayings & set(plain(text).split()))


def without_orders(source: SourceText) -> SourceText:
    """A source with HIDDEN for each line that gives orders; lines keep their numbers."""
    lines = (HIDDEN if is_order(line) else line for line in source.lines)
    return replace(source, lines=tuple(lines))
