"""Which model `writer.model = "auto"` is, and whether its end is announced."""

from typing import TYPE_CHECKING, Any

from pipeline.errors import ModelError, NeverAnswered
from pipeline.llm.failures import Failure, connection_error, to_error

if TYPE_CHECKING:
    from openai.types import Model

    from pipeline.llm.client import Client
    from pipeline.llm.server import Server

# for hosted servers, which list many: good at reading and writing, not the dearest. As of
# 2026-11-28, from OpenAI's page of models and openai 3.54, where none of them has an end.
DATED = (
    "gpt-6.2-sol",
    "gpt-6.1-sol",
    "gpt-6.1-terra",
    "gpt-6-sol",
    "gpt-5.6-terra",
    "gpt-5.6-sol",
    "gpt-5.5",
    "gpt-5.4",
)
_NO_CHAT = ("embed", "rerank", "whisper", "tts", "moderation", "bge-", "clip")  # parts of names
_LIST_SECONDS = 5.0  # for each try: a list is short, and nobody waits for it in a queue
_SHOWN = 5  # names in a message


async def choose_model(server: "Server") -> str:
    """The model to take; raises NeverAnswered with the names where the choice is the user's."""
    listed = await list_models(server)
    if listed is None:
        raise NeverAnswered(
            f"{server.at.host}: does not list its models; set writer.model, and check "
            "writer.base_url, which mostly ends in /v1"
        )
    names = [model.id for model in listed]
    for wanted in DATED:
        for name in (m.id for m in listed if not m.shutdown_date):
            if name.rsplit("/", 1)[-1] == wanted:
                return name
    chat = [name for name in names if not any(part in name.lower() for part in _NO_CHAT)]
    if len(chat) == 1:
        return chat[0]
    host = server.at.host
    if not chat:
        raise NeverAnswered(f"{host}: lists no model; load one there, or set writer.model")
    shown = ", ".join(sorted(chat)[:_SHOWN]) + (", ..." if len(chat) > _SHOWN else "")
    raise NeverAnswered(
        f"{host}: has {len(chat)} models; set writer.model to one of them ({shown})"
    )


async def list_models(server: "Server") -> "list[Model] | None":
    """The models that a server lists, None where it keeps no list; raises ModelError.

    The openai package asks again itself, after what a list of models can meet.
    """
    import openai

    line = server.connection.with_options(max_retries=server.run.llm_retries)
    try:
        page: Any = await line.models.list(timeout=_LIST_SECONDS)
        return list(page.data)
    except (openai.NotFoundError, AttributeError, TypeError, ValueError):
        return None
    except openai.APIConnectionError as error:
        raise connection_error(error, server) from None
    except openai.APIStatusError as error:
        raise to_error(Failure.of(error), server, "auto") from None


async def check_model(client: "Client") -> tuple[str, str]:
    """For `doctor`: the model that would be taken, and what is wrong with it, or ""."""
    try:
        name = await client.resolved()
        listed = await list_models(client.server)
    except ModelError as error:
        return client.options.model, str(error)
    if listed is None:
        return name, ""
    named = next((model for model in listed if model.id == name), None)
    if named is None:
        return name, f"{client.host} does not list it; set writer.model to one that it lists"
    end = named.shutdown_date
    return name, f"ends on {end}; set writer.model to another" if end else ""
