"""What one model on one server takes, learnt from its refusals in this process."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from pipeline import config
from pipeline.llm.conversation import Message
from pipeline.llm.endpoint import Endpoint
from pipeline.llm.failures import Failure

_SHAPE = """\
Answer with one JSON object and nothing else: no Markdown fence, no words around it, and never \
this description itself. It has to fit this JSON Schema:
"""
# what a request may hold, and the words by which a server says that it does not take it
_OPTIONS = {
    "reasoning_effort": r"reasoning|think",
    "stream_options": r"stream_options|include_usage",
    "prompt_cache_key": r"prompt_?cache_?key",
    "service_tier": r"service_?tier|flex",
    "temperature": r"temperature",
    "max_tokens": r"max_tokens",
    "max_completion_tokens": r"max_completion_tokens",
    "json_schema": r"response_format|json_schema|schema|structured|grammar",
    "json_object": r"response_format|json_object|json mode",
    "stream": r"\bstream",
}
LARGER_CONTEXT = (
    "give the server a larger one (llama.cpp: -c, Ollama: OLLAMA_CONTEXT_LENGTH or num_ctx, vLLM: "
    "--max-model-len)"
)
LEAST_ANSWER = 600  # tokens, the notes of a talk: before a question is given up its answer shrinks
_MIN_PROMPT = 200  # tokens: below, what a server adds to a prompt counts for more than the prompt
_TOO_LARGE = re.compile(
    r"(?:max\w*tokens|completion tokens|output).{0,80}?(?:most|max\w*|limit|less than or equal to|"
    r"exceed\w*|<=|supports)\D{0,40}?(\d{3,})",
    re.I,
)


@dataclass
class Capabilities:
    """What was refused so far and is not sent again, and what the model can hold."""

    refused: set[str] = field(default_factory=set)
    context: int | None = None  # tokens, prompt and answer
    most_read: int = 0  # tokens of a prompt
    max_output: int | None = None  # tokens of an answer
    min_output: int = 0  # tokens that an answer needs at least, thoughts and all
    answered: bool = False  # then a crash is hardly over the schema
    schema_in_words: bool = False  # for a server that takes a schema and passes over it
    density: float = 1.0  # its tokens for one of `estimate`; more in other languages

    def learn_density(self, read: int | None, about: int) -> None:
        """Learn how many tokens the server counts where `about` were estimated."""
        if read and about > _MIN_PROMPT:
            self.density = min(4.0, max(self.density, read / about))

    def max_tokens(self, options: config.Writer, times: int, thoughts: int) -> int:
        """Tokens of an answer: as asked for, never more than a third of the context."""
        if options.reasoning in ("", "none") or "reasoning_effort" in self.refused:
            thoughts = 0
        wanted = max(options.max_output + thoughts, self.min_output)
        return min(wanted * times, self.largest(options))

    def largest(self, options: config.Writer) -> int:
        """The most tokens that an answer may ever have here."""
        third = self.holds(options) // 3
        return max(1, min(third, self.max_output or third))

    def holds(self, options: config.Writer) -> int:
        """Tokens of prompt and answer, as they are set or were learnt."""
        return min(options.context, self.context or options.context)

    def messages(self, messages: list[Message], schema: dict[str, Any]) -> list[Message]:
        """The conversation; with the schema in words where the server does not enforce it."""
        if "json_schema" not in self.refused and not self.schema_in_words:
            return messages
        form = _SHAPE + json.dumps(schema, ensure_ascii=False)
        first: Message = {**messages[0], "content": f"{messages[0]['content']}\n\n{form}"}
        return [first, *messages[1:]]

    def parameters(
        self, options: config.Writer, schema: dict[str, Any], cap: int, server: Endpoint, group: str
    ) -> dict[str, Any]:
        """The parameters of a request, without what is refused or what the server cannot know."""
        newer = server.is_openai or "max_tokens" in self.refused
        newer = newer and "max_completion_tokens" not in self.refused
        wanted: dict[str, Any] = {
            "max_completion_tokens" if newer else "max_tokens": cap,
            "temperature": options.temperature,
            "stream": True,
            "stream_options": {"include_usage": True},
            "reasoning_effort": options.reasoning or None,
            "service_tier": options.service_tier or None,
            "prompt_cache_key": None if server.is_here else group,
        }
        if "stream" in self.refused:
            wanted["stream"] = wanted["stream_options"] = None
        wanted["response_format"] = self._response_format(schema)
        return {k: v for k, v in wanted.items() if v is not None and k not in self.refused}

    def _response_format(self, schema: dict[str, Any]) -> dict[str, Any] | None:
        if "json_schema" not in self.refused:
            strict = {"name": "answer", "strict": True, "schema": schema}
            return {"type": "json_schema", "json_schema": strict}
        return None if "json_object" in self.refused else {"type": "json_object"}

    def learn(self, failure: Failure, sent: dict[str, Any]) -> bool:
        """Take a refusal to heart; False when it is about nothing that can be left out.

        `sent` is the request that was refused: another call may have learnt it meanwhile.
        """
        if failure.status not in (400, 404, 405, 415, 422, 501):
            return False
        text = f"{failure.text} {failure.code} {failure.param}".lower()
        found = _TOO_LARGE.search(text)
        if found and int(found.group(1)) < max(sent.get(n, 0) for n in _LENGTHS):
            self.max_output = int(found.group(1))
            return True
        for option in sorted(_OPTIONS, key=lambda name: name not in failure.param):
            if _has_option(sent, option) and re.search(_OPTIONS[option], text):
                self.refused.add(option)
                return True
        return False

    def crashed_on_schema(self, failure: Failure, sent: dict[str, Any]) -> bool:
        """Whether the server may have crashed over the schema that it was sent.

        Without one it may have answered another call meanwhile.
        """
        form = RESPONSE_FORMATS & {sent.get("response_format", {}).get("type")}
        named = re.search(_OPTIONS["json_schema"], failure.text.lower())
        likely = bool(named) or not self.answered or form <= self.refused
        return failure.status == 500 and bool(form) and likely


RESPONSE_FORMATS = {"json_schema", "json_object"}
_LENGTHS = ("max_tokens", "max_completion_tokens")


def _has_option(sent: dict[str, Any], option: str) -> bool:
    """Whether a request holds an option."""
    if option.startswith("json_"):
        return bool(sent.get("response_format", {}).get("type") == option)
    return option in sent
