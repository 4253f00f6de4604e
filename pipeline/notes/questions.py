"""Questions to a model whose server may die half way: then none is asked any more."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from pipeline.errors import ModelError, ServerFailed, TooLong
from pipeline.llm.asking import Asker
from pipeline.llm.conversation import count_tokens

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
WRITE: Mapping[str, object] = dict.fromkeys(
    ("event", "people", "topics", "sources", "earlier", "transcript", "task"), ""
)
TOO_LONG = "a question was too long and was cut into smaller ones"
_LEAST_MATERIAL = 1_000  # tokens of material


@dataclass
class Questions:
    """All questions about one event."""

    ask: Asker
    say: Callable[[str], None] = print
    answered: bool = False
    dead: ServerFailed | None = None  # the server's last words
    told: Counter[str] = field(default_factory=Counter)  # what went wrong, and how often

    async def __call__(self, prompt: str, variables: Mapping[str, object], shape: type[M]) -> M:
        """The answer; raises ModelError, at once where the server is gone."""
        if self.dead:
            raise self.dead
        answer = await self.ask(prompt, variables, shape)
        self.answered = True
        return answer

    def failed(self, error: ModelError) -> None:
        """An answer that cannot be used costs itself; a server that is gone is not asked again."""
        if self.dead is None:
            self.tell(error)
        if isinstance(error, ServerFailed):
            self.dead = error

    @property
    def answer(self) -> int:
        """Tokens that an answer may have beside thoughts."""
        client = self.ask.client
        return min(client.options.max_output, client.capabilities.largest(client.options))

    def tell(self, error: ModelError) -> None:
        """Say it, the first time; those of questions that are too long differ in numbers alone."""
        sentence = TOO_LONG if isinstance(error, TooLong) else str(error)
        if not self.told[sentence]:
            self.say(str(error))
        self.told[sentence] += 1

    def sum_up(self) -> None:
        """How often what was said once has happened; its remedy was told."""
        for sentence, times in self.told.items():
            if times > 1:
                self.say(f"{times} times: {sentence.partition(';')[0]}")

    def room(self, prompt: str, around: Mapping[str, object]) -> int:
        """Tokens that are left for a prompt's material beside its instructions and the answer, of
        whose room it is given some where it has little."""
        taken, client = count_tokens(self.ask.compose(prompt, around)), self.ask.client
        return max(client.room - taken, min(_LEAST_MATERIAL, client.most_room - taken))


def batches(items: Iterable[T], weight: Callable[[T], float], most: float) -> list[list[T]]:
    """What goes into one question each: items in their order, as many together as weigh `most`; one
    alone may weigh more."""
    made: list[list[T]] = []
    room = 0.0
    for item in items:
        room -= weight(item)
        if room < 0 or not made:
            made.append([])
            room = most - weight(item)
        made[-1].append(item)
    return made
