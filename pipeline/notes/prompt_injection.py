"""Orders to whoever takes notes, from the stage or out of a source: the few that surely are.

The recording is data, and a model is told who speaks to it. This net hides only what addresses a
note-taker beyond doubt; everything else is shown and can be cited.
"""

import re
from dataclasses import replace

from pipeline.notes.evening import SourceText
from pipeline.text import plain

HIDDEN = "[speaks to whoever takes notes]"  # what a model sees in its place
_WRITES = r"(?:writ|summari[sz]|transcrib|record|report|draft)\w*"
_NOTES = (
    r"(?:notes?|summary|summaries|write[- ]?ups?|minutes|recaps?|article|blog(?: post)?|"
    r"post|transcript|digest|output|response|report)"
)
_MACHINE = (
    r"(?:assistants?|a\.?i\.?(?: (?:assistant|model|agent|system|tool)s?)?|language models?|llms?|"
    r"(?:chat)?bots?|computers?|software|scribes?|note[- ]?takers?|claude)"
)
_ORDER = (
    r"(?:write|say|state|add|include|mention|put|call|rate|give|praise|describe|report|repeat|"
    r"print|output|reply|respond|answer|ignore|forget|omit|skip|leave|do not|don't|never|always|"
    r"make sure|append|remember|must|should|please|only|quote|end|begin|tell|remove)"
)
_MUST = r"(?:must|should|has to|have to|will|shall|needs? to|is to|begins?|ends?|says?)"
_NET = tuple(  # each stops one at least of the 40 of tests/benchmarks/data/orders.toml by itself
    re.compile(expression, re.IGNORECASE)
    for expression in (
        r"(?:^|[.!?,;:] )(?:(?:hey|hello|hi|dear|okay|ok|to|you|the|any|all|reader's) )*"
        rf"{_MACHINE}(?: (?:that|who|which|in|of) [^,.:]*)?[,:.!] .*\b{_ORDER}\b",
        r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}"
        r"\b(?:instructions?|prompts?|rules|guidelines|told before|said before)\b",
        r"\b(?:system|developer|hidden|original|previous) (?:prompt|message|instructions?)\b",
        rf"\b{_ORDER}\b.{{0,80}}\b(?:in|into|to|from|with|of) (?:your|all|these) {_NOTES}\b",
        rf"\b(?:you are|you're|act as) (?:now )?(?:an? |my |our |the )?(?:helpful )?{_MACHINE}\b",
        rf"\b(?:if|when) (?:an? |any )?{_MACHINE} (?:is|are) {_WRITES} (?:this|it)\b.*\b{_ORDER}\b",
        rf"\b(?:any|every|your) {_NOTES}(?: of this \w+)? {_MUST}\b",
    )
)
_ASKS = re.compile(
    r"(?:^|[,;:.!?\u2026\u2013-] (?:and |so |then |but )?)"
    r"(?:(?:and|then|please|just|also|only|always|never|now|kindly|do not|don't|"
    r"you (?:must|should|will|can|may)|(?:make|be) sure (?:to|you)|remember to) )*"
    r"(?:write|describe|portray|praise|mention|declare|state|summari[sz]e|"
    r"(?:say|note|report|repeat|add|include|record) (?:that|how|in)|"
    r"(?:call|rate|score|label|name|give) (?:us|this|it|me|our|him|her))\b",
    re.IGNORECASE,
)
_WRITE_UP = (
    rf"(?:notes?|summary|write[- ]?ups?|recaps?|blog|{_MACHINE}|headline|readers|whoever|bloggers?)"
)
_WISH = r"(?:should|must|has to|have to|shall|want|please|kindly|ordered?|asked|instruct\w*|begin)"
_MEANT = re.compile(rf"\b{_WRITE_UP}\b.*\b{_WISH}\b|\b{_WISH}\b.*\b{_WRITE_UP}\b", re.IGNORECASE)
_TOLD = re.compile(
    r"\b(?:(?:tell|ask|want|order|request|instruct|wish|hope|beg)\w*|tri(?:es|ed)|try(?:ing)?|"
    r"(?:speak|talk)s? to|address(?:es|ed)|for whoever)\b",
    re.IGNORECASE,
)


def is_order(text: str) -> bool:
    """Whether a sentence surely tells a note-taker what to write."""
    return any(expression.search(text) for expression in _NET)


def asks_to_write(text: str) -> bool:
    """Whether a sentence may ask somebody to write or say something: no fact by itself."""
    return any(net.search(text) for net in (*_NET, _ASKS, _MEANT))


def is_told(text: str, sayings: frozenset[str]) -> bool:
    """Whether a note tells that something was asked for, instead of doing it."""
    return bool(_TOLD.search(text) or sayings & set(plain(text).split()))


def without_orders(source: SourceText) -> SourceText:
    """A source with HIDDEN for each line that gives orders; lines keep their numbers."""
    lines = (HIDDEN if is_order(line) else line for line in source.lines)
    return replace(source, lines=tuple(lines))
