"""What a conversation is, how many tokens it is about, and what it costs."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypedDict

from pipeline import config
from pipeline.data import Usage

FLEX = 0.5  # of the price, with service_tier = "flex"
CHARS_A_TOKEN = 4.0  # of English prose; the estimate on which prompts are cut
_WIDE = re.compile(r"[\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef]")  # about a token each


class Message(TypedDict):
    """One part of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


def estimate(text: str) -> int:
    """About how many tokens a text is."""
    wide = len(_WIDE.findall(text))
    return round((len(text) - wide) / CHARS_A_TOKEN) + wide


def count_tokens(messages: Sequence[Message]) -> int:
    """About how many tokens a conversation is."""
    return sum(estimate(message["content"]) for message in messages)


def min_tokens(messages: Sequence[Message]) -> int:
    """How many tokens a conversation is at least: no tokenizer makes fewer than there are words."""
    return sum(len(re.findall(r"[^\W\d_]+", message["content"])) for message in messages)


def with_cost(usage: Usage, run: config.Run, tier: str = "") -> Usage:
    """With its cost, where the configuration names prices for a million tokens."""
    if run.price_in is None or run.price_out is None:
        return usage
    cached_price = run.price_in if run.price_cached is None else run.price_cached
    fresh = usage.tokens_in - usage.tokens_cached
    cost = fresh * run.price_in + usage.tokens_cached * cached_price
    cost += usage.tokens_out * run.price_out
    cost *= FLEX if tier == "flex" else 1.0
    return replace(usage, cost=round(cost / 1_000_000, 6))
