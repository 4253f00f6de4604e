"""What a server's refusal means: how long to wait, what the model can hold, what to tell the user.

The patterns are those of real servers; tests/llm_server.py plays each.
"""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from pipeline.errors import ModelError, Unusable, without_secrets
from pipeline.llm.endpoint import KEY

if TYPE_CHECKING:
    import openai

    from pipeline.llm.server import Server

_SENTENCE = 300  # characters of a server's own message that are passed on
_UNITS = {"ms": 0.001, "milli": 0.001, "": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}
_IN = re.compile(
    r"\b(?:again|retry|try|wait)\b[^.\d\"]{0,40}?"
    r"(?:\b(?:in|after|for)\W{1,3}(?:about )?|(?<=wait)\s)"
    r"((?:\d[\d.]*\s*[a-z]*\s*)+)",
    re.I,
)
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|milli|[smh](?![a-z])|s(?=ec)|m(?=in)|h(?=ou|r)|)")
_CONTEXT = re.compile(
    r"context.{0,20}(length|size|window|limit)|maximum context|prompt is too long|n_ctx"
    r"|(too many|exceeds?.{0,30}) (input )?tokens|(input|prompt).{0,40}(too long|exceeds)"
    r"|tokens.{0,60}must be <=? ?\d",
    re.I,
)
_HOLDS = re.compile(
    r"(?:context (?:length|window|size)|maximum|limit)\D{0,30}?(\d[\d,]{2,})"
    r"|(?:>|of|<=?) ?(\d{3,})",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that a server refused. `hidden`: in a 200, whose real status may not be known (0)."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    hidden: bool = False

    @property
    def text(self) -> str:
        """The server's own words, on one line, without secrets."""
        words = _error_text(self.body) or str(self.body or "")
        return without_secrets(" ".join(words.split()))[:_SENTENCE]

    @property
    def code(self) -> str:
        """The server's name for it ("insufficient_quota"), or nothing."""
        return " ".join(str(self._told[key]) for key in ("code", "type") if self._told.get(key))

    @property
    def param(self) -> str:
        """The parameter that the server names as the wrong one, or nothing."""
        return str(self._told.get("param") or "").lower()

    @property
    def _told(self) -> dict[str, Any]:
        """The fields of what the server says; none of a plain text."""
        return self.body if isinstance(self.body, dict) else {}

    @property
    def is_transient(self) -> bool:
        """Whether the same may go through in a while."""
        if "insufficient_quota" in self.code:
            return False
        passes = self.status in (0, 408, 409, 425, 429) or self.status >= 500
        return passes or self.is_no_json

    @property
    def may_retry(self) -> bool:
        """Whether the request may be sent again: as the server says, else if it is transient."""
        told = self.headers.get("x-should-retry")
        return told == "true" if told in ("true", "false") else self.is_transient

    @property
    def is_no_json(self) -> bool:
        """Whether the server holds its model's answer back, since it was no JSON (Groq)."""
        return "json_validate" in self.code

    @property
    def partial_answer(self) -> str:
        """What the model had written then, where the server shows it."""
        return str(self._told.get("failed_generation") or "")

    @property
    def retry_after(self) -> float | None:
        """Seconds that the server asks for, in a header or in its words; None where it does not."""
        for header, size in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
            if value := self.headers.get(header):
                return _seconds(value, size)
        return _wait_in_body(self.body) if self.status in (0, 429, 503) else None

    @property
    def exceeds_context(self) -> bool:
        """Whether the prompt and its answer are more than the model holds."""
        if "context" in self.code or self.status == 413 or "request too large" in self.text.lower():
            return True  # the last: more than the account may send in a minute
        return bool(_CONTEXT.search(self.text) and "rate" not in self.code)

    @property
    def context_size(self) -> int | None:
        """How many tokens the model holds, where the server says it."""
        found = _HOLDS.search(self.text)
        said = int((found[1] or found[2]).replace(",", "")) if found else None
        return _number(self.body, "n_ctx") or said

    @property
    def prompt_size(self) -> int | None:
        """How many tokens the prompt has, where the server says it."""
        return _number(self.body, "n_prompt_tokens")

    @classmethod
    def inside(cls, body: Any) -> "Failure":
        """An error that came with a 200; its code is its status, if it is one."""
        code = _number(body, "code") or 0
        return cls(code if 400 <= code < 600 else 0, body, hidden=True)

    @classmethod
    def of(cls, error: "openai.APIStatusError") -> "Failure":
        """What the openai package says of it."""
        return cls(error.status_code, error.body or error.message, error.response.headers)


def to_error(failure: Failure, server: "Server", model: str) -> ModelError:
    """The one sentence for the user, in the kind that says what follows from it."""
    said = f": {failure.text}" if failure.text else ""
    status = f"{failure.status or 'an error'} inside a 200" if failure.hidden else failure.status
    if failure.is_no_json:
        return Unusable(
            f"{server.at.host}: {model} writes no JSON ({status}); take a stronger model with "
            f"writer.model{said}",
            "the model's answer was no JSON",
        )
    if failure.retry_after and failure.is_transient:
        asked = f"asks for {failure.retry_after:.0f} s of patience ({status})"
        return server.gone_error(f"{asked}; raise run.llm_patience, or run it again later{said}")
    words = f"{failure.text} {failure.code}"
    for statuses, pattern, sentence in _REMEDIES:
        if failure.status in statuses and re.search(pattern, words, re.I):
            return server.gone_error(sentence.format(key=KEY, model=model, said=said))
    if failure.is_transient or not server.answered:
        return server.gone_error(f"fails ({status}); see the server's log, then run it again{said}")
    return Unusable(
        f"{server.at.host}: refuses this one question ({status}); rephrase the prompt{said}",
        "the server refused the question",
    )


_NOWHERE = "answers, but takes no chat completions there; writer.base_url mostly ends in /v1{said}"
_REMEDIES = (
    (
        range(300, 400),
        "",
        "sends calls on to another address, where they are not sent unasked; set writer.base_url "
        "to the server that is meant",
    ),
    ((401,), "", "refuses the key (401); set {key} to one that it knows{said}"),
    (
        (403,),
        "country|region|territory|location",
        "does not serve this country (403); take another server with writer.base_url{said}",
    ),
    ((403,), "", "the key may not do this (403); set {key} to one that may use {model!r}{said}"),
    ((402, 429, 400), "quota|credit|balance|billing", "no credit is left; top it up{said}"),
    ((402,), "", "wants to be paid first (402){said}"),
    ((404,), "model|deployment", "has no model {model!r} (404); set writer.model{said}"),
    ((404, 405), "", _NOWHERE),
    ((0, 400), "(no such|unknown|invalid|unexpected) (path|url|route|endpoint)", _NOWHERE),
    (
        (400, 422),
        "model.{0,60}(not|unknown|invalid|exist)",
        "has no model {model!r}; set writer.model{said}",
    ),
    ((429,), "", "too many calls (429); lower run.llm_concurrency, or run it again later{said}"),
)


def connection_error(error: BaseException, server: "Server") -> ModelError:
    """The sentence for a connection that could not be made, with its cause by name."""
    chain = list(_chain(error))
    causes = " ".join(f"{type(each).__name__}: {each}" for each in chain)
    for pattern, sentence in _CAUSES:
        if re.search(pattern, causes, re.I):
            return server.gone_error(sentence)
    last = chain[-1]
    return server.gone_error(f"cannot be reached ({last or type(last).__name__}); is it up?")


_CAUSES = (
    (
        "CERTIFICATE_VERIFY|self.signed|certificate",
        "its certificate is not one that this machine trusts; set SSL_CERT_FILE to the "
        "certificate of whoever signed it",
    ),
    ("WRONG_VERSION|record layer|ssl", "speaks no https; write http:// in writer.base_url"),
    (
        "proxy",
        "the proxy of HTTPS_PROXY or HTTP_PROXY does not let it through; unset it or mend it",
    ),
    (
        r"Name or service|getaddrinfo|nodename|Temporary failure in name",
        "there is no such host; mend writer.base_url, or the network",
    ),
    ("refused", "cannot be reached (nothing listens there); start the server"),
)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _seconds(value: str, unit: float) -> float | None:
    """A Retry-After: a number, or a date."""
    if re.fullmatch(r"\d+(\.\d+)?", value.strip()):
        return float(value) * unit
    with suppress(ValueError, OverflowError):
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    return None


def _wait_in_body(body: Any) -> float | None:
    """A wait in the words of a body, or in one of its fields ("retryDelay": "34s")."""
    for key in ("retry_after_ms", "retry_after", "retryAfter", "retryDelay", "wait"):
        value = _field(body, key)
        if value is not None:
            return _parse_duration(f"{value} ms" if key == "retry_after_ms" else str(value))
    found = _IN.search(_error_text(body))
    return _parse_duration(found[1]) if found else None


def _parse_duration(text: str) -> float | None:
    """ "1m30.5s", "20 seconds", "34s" or "5" in seconds."""
    parts = _SPAN.findall(text.lower())
    return sum(float(number) * _UNITS[unit] for number, unit in parts) if parts else None


def _error_text(body: Any) -> str:
    """The text in an error's body, wherever its server puts it; a page's title for a page."""
    if isinstance(body, dict):
        found = (body.get(key) for key in ("message", "error", "detail", "msg", "error_message"))
        return next((words for each in found if (words := _error_text(each))), "")
    if isinstance(body, list):
        return "; ".join(filter(None, (_field_complaint(each) for each in body)))
    text = str(body or "")
    return re.sub(r"<[^>]*>", " ", text) if "<" in text else text


def _field_complaint(each: Any) -> str:
    """One of FastAPI's complaints, with the field that it is about."""
    place = each.get("loc") if isinstance(each, dict) else None
    return f"{'.'.join(map(str, place))}: {_error_text(each)}" if place else _error_text(each)


def _field(body: Any, name: str) -> Any:
    """The first field of that name, however deep it lies."""
    if isinstance(body, dict):
        if name in body and isinstance(body[name], str | int | float):
            return body[name]
        body = list(body.values())
    if isinstance(body, list):
        return next((each for part in body if (each := _field(part, name)) is not None), None)
    return None


def _number(body: Any, name: str) -> int | None:
    value = _field(body, name)
    return int(value) if isinstance(value, int | float) or str(value).isdigit() else None
