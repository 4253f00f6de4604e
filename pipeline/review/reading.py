"""The event as a run would put it together now, made of what is kept: nothing is computed anew."""

from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import flow
from pipeline.audio.inputs import EventInput
from pipeline.cache import Looking, Missing
from pipeline.errors import InputError
from pipeline.executors import last_run
from pipeline.progress import Watch
from pipeline.render.article import Article
from pipeline.render.post import post
from pipeline.session import Session, make_session


@dataclass(frozen=True, slots=True)
class Reading:
    """The article that would be published."""

    article: Article
    unasked: int  # questions that a run would put to the model first
    markdown: str  # the post


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one event as often as its corrections change."""

    event: EventInput
    session: Session

    def read(self) -> Reading:
        """Raises InputError for an event of which not all is kept, PromptError for a layout."""
        cache, output = Looking(self.session.cache), self.session.settings.output
        session = replace(self.session, cache=cache)
        watch = Watch(self.event.slug)
        try:
            heard = flow.listen(self.event, session, watch)
        except Missing:
            raise first_run(self.event, output, "changed since its last run") from None
        article = flow.written_up(heard, session, watch)
        text = post(article, session.config.post, session.prompts.spoken(article.post_language))
        return Reading(article, len(cache.missing["llm"]), text)


def reader(event: EventInput, output: Path) -> Reader:
    """With the options of the event's last run; raises InputError where there was none."""
    last = last_run.find(event.slug, output)
    if last is None:
        raise first_run(event, output, "was not run yet")
    session = make_session(last_run.settings(last, output))
    return Reader(last_run.with_last_options(event, last), session)


def first_run(event: EventInput, output: Path, why: str) -> InputError:
    """The sentence that says what to do before there is anything to review."""
    place = event.folder or event.files[0]
    return InputError(f"{place}: {why} into {output}; do `backrow run {place} -o {output}` first")
