"""Orders to whoever takes notes, from the stage or out of a source: the few that surely are.

The recording is data, and a model is told who speaks to it. This net hides only what addresses a
note-taker beyond doubt; everything else is shown and can be cited.
"""

import re
from dataclasses import replace

from pipeline.claims.lexicon import plain
from pipeline.claims.sentences import Sentence, cut
from pipeline.data import Utterance
from pipeline.notes.evening import SourceText

HIDDEN = "[speaks to whoever takes notes]"  # what a model sees in its place
_WRITES = r"(?:writ|summari[sz]|compil|transcrib|record|report|draft|edit|blogg?)\w*"
_NOTES = (
    r"(?:notes?|summary|summaries|write[- ]?ups?|minutes|recaps?|article|blog(?: post)?|post|"
    r"transcript|protocol|digest|output|response|report)"
)
_MACHINE = (
    r"(?:assistants?|a\.?i\.?(?: (?:assistant|model|agent|system|tool)s?)?|language models?|llms?|"
    r"(?:chat)?bots?|robots?|computers?|machines?|software|algorithm|scribes?|note[- ]?takers?|"
    r"record keepers?|transcribers?|summari[sz]ers?|stenographers?|chatgpt|gpt|claude|gemini|"
    r"copilot)"
)
_ORDER = (
    r"(?:write|say|state|add|include|mention|put|call|rate|give|praise|describe|report|repeat|"
    r"print|output|reply|respond|answer|ignore|forget|omit|skip|leave|do not|don't|never|always|"
    r"make sure|remember|must|should|please|only|note|quote|end|begin|start|use|tell|remove|insert|"
    r"append|conclude|characteri[sz]e|portray|rank|score|stop|now)"
)
_MUST = (
    r"(?:must|should|has to|have to|will|shall|needs? to|is to|begins?|ends?|opens?|calls?|says?)"
)
_WHO = r"(?:whoever|whatever|anyone|anybody|everyone|somebody|someone|should|in case)"
_NET = tuple(
    re.compile(expression, re.IGNORECASE)
    for expression in (
        r"(?:^|[.!?,;:] )(?:(?:hey|hello|hi|dear|okay|ok|mr|note to|to|you|the|any|all) )*"
        rf"{_MACHINE}"
        rf"(?: (?:that|who|which|in|of) [^,.:]*)?[,:.!] .*\b{_ORDER}\b",
        rf"\b(?:(?:tak|keep)\w* (?:the )?(?:notes|minutes)|note[- ]?tak\w+)\b.*\b{_ORDER}\b",
        rf"\b{_WHO}\b.{{0,30}}\b(?:{_WRITES} (?:up )?(?:this|the|these|down|up|it|about|notes)|"
        rf"(?:{_MACHINE}|automat\w+ \w+) .{{0,20}}{_WRITES})\b.*\b{_ORDER}\b",
        r"\b(?:ignore|disregard|forget|override|bypass|discard)\b.{0,40}"
        r"\b(?:instructions?|prompts?|rules|guidelines|told before|said before)\b",
        r"\b(?:system|developer|hidden|original|previous|secret) "
        r"(?:prompt|message|instructions?)\b",
        rf"\b{_ORDER}\b.{{0,80}}\b(?:in|into|to|from|with|at the \w+ of) (?:your|all|these) "
        rf"{_NOTES}\b",
        rf"\b(?:in|into|for) (?:your|these) {_NOTES}\b[,:]? .{{0,30}}\b{_ORDER}\b",
        r"\b(?:you are|you're|act as|pretend to be) (?:now |just )?(?:an? |my |our |the )?"
        rf"(?:helpful )?{_MACHINE}\b",
        rf"\b(?:if|when) (?:an? |any )?{_MACHINE} (?:is|are) {_WRITES} (?:this|it)\b.*\b{_ORDER}\b",
        r"\b(?:any|every) (?:summary|write[- ]?up|recap|transcript|article|blog post) of this "
        rf"\w+ {_MUST}\b",
        rf"\byour {_NOTES}\b(?: \w+){{0,4}} {_MUST}\b",
        rf"\b(?:when|once|while|before) you {_WRITES} .*\b{_ORDER}\b",
        rf"\bfor the (?:record|minutes|notes)\b[,:]? (?:please )?{_ORDER}\b",
        r"\byour (?:new|next|real|only|actual) (?:task|job|role|priority|instructions?)\b",
    )
)
_ASKS = re.compile(
    r"(?:^|[,;:.!?\u2026\u2013-] (?:and |so |then |but )?)"
    r"(?:(?:and|then|please|just|also|only|always|never|now|kindly|instead|do not|don't|"
    r"you (?:must|should|will|can|may)|(?:make|be) sure (?:to|you)|remember to|feel free to|let) )*"
    r"(?:write|describe|characteri[sz]e|portray|praise|mention|declare|state|output|summari[sz]e|"
    r"(?:say|note|report|repeat|add|include|conclude|record) (?:that|how|in)|"
    r"(?:call|rate|score|label|name|give) (?:us|this|it|me|our|him|her)|"
    r"put (?:it |this |that |us )?(?:down|in))\b",
    re.IGNORECASE,
)
_WRITE_UP = (
    r"(?:blog(?: post)?|write[- ]?up|recap|notes|note[- ]?tak\w+|summar(?:y|ies)|summaris\w+|"
    r"summariz\w+|article|headline|transcri\w+|minutes taken|digest|readers|whoever|chat ?bots?|"
    r"ais?|language models?|algorithm|automat\w+ (?:tool|system)s?)"
)
_WISH = (
    r"(?:should|must|has to|have to|would|shall|want|please|kindly|ordered?|instruct\w*|"
    r"command\w*|request\w*|obliged|supposed to|allowed to|dare|write|say|begin|open|end|call|make)"
)
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


def orders(utterances: tuple[Utterance, ...], language: str) -> tuple[Sentence, ...]:
    """The sentences of a talk that are hidden from the model."""
    return tuple(each for each in cut(utterances, language) if is_order(each.text))


def without(source: SourceText) -> SourceText:
    """A source with HIDDEN for each line that gives orders; lines keep their numbers."""
    lines = (HIDDEN if is_order(line) else line for line in source.lines)
    return replace(source, lines=tuple(lines))
