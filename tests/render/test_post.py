"""The post in its three flavours, read back by a CommonMark renderer."""

import datetime
import html
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from articles import changed
from markdown_it import MarkdownIt

from pipeline.audio.inputs import find_events
from pipeline.config import Flavor, Post
from pipeline.data import Engine, Evidence, Note, Receipt, Speaker
from pipeline.errors import PromptError
from pipeline.event import EventInfo
from pipeline.prompts import Prompts
from pipeline.render import flavors
from pipeline.render.article import Article
from pipeline.render.post import Footnotes, post, view

FLAVORS: tuple[Flavor, ...] = tuple(flavor.name for flavor in flavors.FLAVORS.values())


def split(text: str) -> tuple[dict[str, Any], str]:
    """Front matter and body, told apart as the generators do."""
    found = re.fullmatch(r"(\+\+\+|---)\n(.*?)^\1\n(.*)", text, re.DOTALL | re.MULTILINE)
    assert found
    load = tomllib.loads if found[1] == "+++" else yaml.safe_load
    return load(found[2]), found[3]


def blocks(body: str) -> list[tuple[str, str]]:
    """Blocks as (tag, text), by CommonMark; quoted ones too."""
    rendered = re.sub(r"</?blockquote>\n", "", MarkdownIt("commonmark").render(body))
    found = re.findall(r"<(h2|p|hr)(?: /)?>(?:(.*?)</\1>)?\n", rendered, re.DOTALL)
    assert "".join(f"<{t} />\n" if t == "hr" else f"<{t}>{x}</{t}>\n" for t, x in found) == rendered
    return [(tag, html.unescape(text)) for tag, text in found]


@pytest.mark.parametrize("date", ["2025-05-15", None])
@pytest.mark.parametrize("draft", [True, False])
@pytest.mark.parametrize("flavor", FLAVORS)
def test_a_post_says_which_generator_it_is_for(
    article: Article, prompts: Prompts, flavor: Flavor, draft: bool, date: str | None
) -> None:
    of = changed(article, event=article.heard.source.info.model_copy(update={"date": date}))
    head, _ = split(text := post(of, Post(flavor=flavor, draft=draft), prompts))
    assert flavors.written_for(head, text[:3]) is flavors.FLAVORS[flavor]


@pytest.mark.parametrize("flavor", [f for f in FLAVORS if flavors.FLAVORS[f].footnotes])
def test_every_note_is_a_line_of_its_own(
    article: Article, prompts: Prompts, flavor: Flavor
) -> None:
    _, body = split(post(article, Post(flavor=flavor), prompts))
    seen = blocks(body)
    start = seen.index(("h2", "Ada Park, CEO"))
    assert seen[start : start + 11] == [
        ("h2", "Ada Park, CEO"),
        ("p", "<em>A chip is shown.</em>"),
        ("p", "<em>It is said to be fast.</em>"),
        ("p", "20x faster than any GPU, batch size unknown lol[^2]"),
        ("p", "Never fails, it says here![^3]"),
        ("p", "Applause at the demo[^4]"),
        ("h2", "Panel: #1 in `speed`"),
        ("p", "<em>A moderator doubts</em>"),
        ("p", "- not a list, *not* [a link](http://x.y), {{ shortcode() }} lol[^5]"),
        ("hr", ""),
        (
            "p",
            "Heard by faster-whisper base (1 min of recording), voices told apart by campplus",
        ),
    ]


NOTICE = "Heard by faster-whisper base. Quotes only, picked by a program; none was put right."


def test_a_models_description_opens_the_post_unless_a_person_does(
    article: Article, prompts: Prompts
) -> None:
    by_model = article.engines | {"writer": Engine("llm", "some-model", "")}
    told = changed(article, description="A night of *chips* in Graz", engines=by_model)
    assert view(told, Post()).lede == ""
    bare = changed(told, event=article.heard.source.info.model_copy(update={"intro": ""}))
    text = post(bare, Post(), prompts)
    assert "\nA night of \\*chips\\* in Graz\n" in text
    assert "Announced:" not in text, "the sentence stands for the schedule"
    assert "Announced:" in post(changed(bare, engines=article.engines), Post(), prompts)


def test_a_post_of_quotes_says_whether_its_words_were_heard_or_read(article: Article) -> None:
    read = article.engines | {"asr": Engine("captions", "a.vtt", "")}
    notice = view(changed(article, engines=read), Post()).notice
    assert notice == NOTICE.replace("Heard by faster-whisper base", "Read from a.vtt")
    by_model = article.engines | {"writer": Engine("llm", "some-model", "")}
    notice = view(changed(article, engines=by_model), Post()).notice
    assert notice.startswith(
        "Noted by a program (llm some-model) from 1 min of recording. Where it says “never said”"
    )


def test_a_name_that_nobody_wrote_is_said_to_be_spelt_as_it_was_heard(article: Article) -> None:
    said = Evidence("outline", "Marys Alquent", "I am Marys Alquent", 4.0, 1.0)
    item = Evidence("written", "Marys Alquent", "Welcome", 0.0, 1.0)
    given = Evidence("override", "Bo Lin", "", 0.0, 1.0)
    people = (
        Speaker("S0", "Ada Park", evidence=(said,)),  # the agenda has her
        Speaker("S1", "Marys Alquent", evidence=(said, item, given)),
        Speaker("S2", "Bo Lin", evidence=(said, given)),
        Speaker("S3", "Cy Dow", evidence=(replace(item, quote="Cy Dow on chips"),)),
        Speaker("S4", "Unheard Guest"),
        Speaker("S5"),
    )
    quotes = tuple(Receipt("Yes", 1.0, 2.0, one.id) for one in people if one.id != "S4")
    talk = replace(article.written.talks[0], notes=(Note("Yes", "claim", 1.0, quotes),))
    outline = replace(article.written.outline, speakers=people)
    heard = changed(article, outline=outline, talks=(talk,))
    assert view(heard, Post()).origins[-1] == "Names spelt as they were heard: Marys Alquent"
    read = heard.engines | {"asr": Engine("captions", "a.vtt", "")}
    assert view(changed(heard, engines=read), Post()).origins == view(article, Post()).origins


def test_what_stands_above_the_talks(article: Article, prompts: Prompts) -> None:
    _, body = split(post(article, Post(), prompts))
    head = blocks(body)[: blocks(body).index(("h2", "Ada Park, CEO"))]
    address = "https://example.org/nova_night?a=1&b=2"
    assert head == [
        ("p", f'<a href="{address}">{address}</a> small context window, no price'),
        ("p", "javascript:alert(1)"),
        ("p", f"<em>{NOTICE}</em>"),
        ("p", "A word <em>before</em>[^1]"),
        ("p", "[^1]: by the writer"),
        ("p", "From the announcement:"),
        ("p", "Join us for an evening of speed."),
        ("p", "Learn:"),
        ("p", "- to run 20x faster"),
        ("p", "- to pay <less>"),
        ("p", "Announced: 6:00 PM, Keynote (Ada Park); Panel | drinks"),
        ("p", "We only came for the keynote"),
    ]
    assert "\n\n> Join us for an evening of speed.\n>\n> Learn:\n>\n> " in body


def test_receipts_are_footnotes_with_time_speaker_and_quote(
    article: Article, prompts: Prompts
) -> None:
    _, body = split(post(article, Post(), prompts))
    notes = [text for tag, text in blocks(body) if re.match(r"\[\^[2-9]\]: ", text)]
    assert notes == [
        "[^2]: 0:00:00 Ada Park: “Our new chip is 20x faster than any GPU.”; "
        "sources/paper.md:12: “measured at batch size 1”",
        "[^3]: 0:00:04 Ada Park: “It never fails, ever.”; 0:00:00-0:00:05 not said: price, cost",
        "[^4]: 0:00:06 [applause]",
        "[^5]: 0:00:12 moderator: “Well, I would not say never & I would not say <always>.”",
    ]


@pytest.mark.parametrize(
    ("line", "cited", "shown"),
    [
        ("“Our chip is fast”, laughter", "our chip is fast.", False),
        ("Asked for a date: “No.”", "No.", False),
        ("Nobody knows who pays", "No.", True),
        ("“Nobody knows” who pays", "No.", True),
        ("Our chip is fast, she says", "our chip is fast.", True),
    ],
)
def test_a_footnote_repeats_no_words_that_its_line_quotes(
    article: Article, line: str, cited: str, shown: bool
) -> None:
    notes = Footnotes(article, Post(), 1)
    notes.line(Note(line, "claim", 1.0, (Receipt(cited, 1.0, 2.0, "SPEAKER_00", cited=cited),)))
    assert (f"“{cited}”" in notes.written[0]) == shown


def test_a_receipt_of_the_announcement_is_called_that(article: Article) -> None:
    notes = Footnotes(article, Post(), 1)
    promised = Receipt("Nothing changes.", 0.0, 0.0, None, kind="source", source="announcement:2")
    notes.line(Note("Something changed", "contradiction", 1.0, (promised,)))
    assert notes.written == ["[^1]: From the announcement: “Nothing changes.”"]


def test_a_receipt_leads_to_where_its_source_was_taken_from(article: Article) -> None:
    known = replace(article.written, addresses={"paper.md": "https://a.example/p(1)"})
    notes = Footnotes(replace(article, written=known), Post(), 1)
    measured = Receipt("12 lines", 0.0, 0.0, None, kind="source", source="paper.md:3")
    notes.line(Note("Twelve, says the paper", "comparison", 1.0, (measured,)))
    assert notes.written == ["[^1]: [paper.md:3](https://a.example/p%281%29): “12 lines”"]


def test_without_receipts_no_footnote_is_left(article: Article, prompts: Prompts) -> None:
    bare = changed(article, event=article.heard.source.info.model_copy(update={"intro": ""}))
    assert "[^" not in post(bare, Post(receipts=False), prompts)


def test_clips_are_linked_where_there_is_something_to_hear(
    article: Article, prompts: Prompts
) -> None:
    text = post(article, Post(clips=True), prompts)
    assert re.findall(r"\[clip\]\((.*?)\)", text) == [
        "clips/0000500-0004050.mp3",
        "clips/0004100-0005650.mp3",
        "clips/0006000-0009000.mp3",
        "clips/0012000-0016750.mp3",
    ]


def test_talks_of_which_nothing_was_noted_are_left_out_and_counted(
    article: Article, prompts: Prompts
) -> None:
    silent = replace(article.written.talks[2], summary="", notes=())
    _, body = split(
        post(changed(article, talks=(article.written.talks[0], silent)), Post(), prompts)
    )
    found = blocks(body)
    assert [text for tag, text in found if tag == "h2"] == ["Ada Park, CEO"]
    assert ("p", "Nothing noted: 1 (Panel: #1 in `speed`)") in found


def test_breaks_and_dropped_notes_are_not_in_the_post(article: Article, prompts: Prompts) -> None:
    text = post(article, Post(), prompts)
    assert "Nothing to see" not in text and "## Break" not in text
    assert "costs nothing" not in text


def test_warnings_are_said_in_the_post(article: Article, prompts: Prompts) -> None:
    _, body = split(post(article, Post(), prompts))
    assert ("p", "Warning: room sounds were not told apart") in blocks(body)
    assert ("p", "Warning: Panel: #1 in `speed`: one note was dropped") in blocks(body)


ENGINES = {"asr": "faster-whisper base", "diarize": "campplus", "writer": "quotes"}
TAGS, SERIES, PEOPLE = ["chips", "speed: fast"], ["Nova Nights"], ["Bo Lee", "Ada Park"]
TOP = {"tags": TAGS, "authors": PEOPLE, "series": SERIES, "draft": True}
YAML = {"engines": ENGINES, "lang": "en", "tags": TAGS, "series": SERIES, "mood": {"of": ["day"]}}
FIELDS: dict[str, dict[str, Any]] = {
    "zola": {
        "draft": True,
        "authors": PEOPLE,
        "taxonomies": {"tags": TAGS},
        "extra": {
            "engines": ENGINES,
            "language": "en",
            "series": SERIES,
            "mood": {"of": ["day"]},
            "layout": "talk",
        },
    },
    "hugo": TOP
    | {
        "params": {
            "engines": ENGINES,
            "language": "en",
            "mood": {"of": ["day"]},
            "layout": "talk",
        }
    },
    "jekyll": YAML
    | {
        "layout": "talk",
        "published": False,
        "permalink": "/:categories/",
        "author": "Bo Lee, Ada Park",
    },
    "plain": YAML | {"layout": "talk", "authors": PEOPLE, "draft": True},
}


@pytest.mark.parametrize("flavor", FLAVORS)
def test_front_matter_reads_back(article: Article, prompts: Prompts, flavor: Flavor) -> None:
    told = {
        "tags": TAGS,
        "authors": PEOPLE,
        "series": SERIES[0],
        "extra": {"mood": {"of": ["day"]}, "layout": "talk", "title": "not this one"},
    }
    event = EventInfo.model_validate(article.heard.source.info.model_dump() | told)
    fields, _ = split(post(changed(article, event=event), Post(flavor=flavor), prompts))
    extra = fields.get("extra") or fields.get("params") or {}
    assert extra.pop("title", "not this one") == "not this one"
    assert fields == {
        "title": "Nova Night: the *fast* one",
        "description": "A word before",
        "date": datetime.date(2025, 5, 15),
        **FIELDS[flavor],
    }


@pytest.mark.parametrize("flavor", FLAVORS)
def test_a_key_of_ours_in_extra_gives_way(
    article: Article, prompts: Prompts, flavor: Flavor
) -> None:
    event = article.heard.source.info.model_copy(update={"extra": {"engines": "steam"}})
    fields, _ = split(post(changed(article, event=event), Post(flavor=flavor), prompts))
    assert (fields.get("extra") or fields.get("params") or fields)["engines"] == ENGINES


DAY = datetime.date(2026, 5, 14)
MOMENT = datetime.datetime(2026, 5, 14, 18, 0)


@pytest.mark.parametrize("flavor", FLAVORS)
def test_dates_of_a_persons_own_stay_dates(
    article: Article, prompts: Prompts, flavor: Flavor, tmp_path: Path
) -> None:
    (tmp_path / "a.wav").write_bytes(b"x")
    (tmp_path / "event.toml").write_text(
        "date = 2025-05-15\n[extra]\nheld = [2026-05-14, 2026-05-14T18:00:00]\ndoors = 17:30:00\n"
    )
    (event,), _ = find_events([tmp_path])
    fields, _ = split(post(changed(article, event=event.info), Post(flavor=flavor), prompts))
    extra = fields.get("extra") or fields.get("params") or fields
    assert extra["held"] == [DAY, MOMENT]
    assert extra["doors"] in ("17:30:00", datetime.time(17, 30)), "YAML has no times of day"


def test_a_description_is_the_writers_or_the_first_line_cut_at_a_word(
    article: Article, prompts: Prompts
) -> None:
    def described(article: Article) -> Any:
        return split(post(article, Post(), prompts))[0].get("description")

    assert described(changed(article, description="A night of chips.")) == "A night of chips."
    told = article.heard.source.info.model_copy(update={"blurb": "", "intro": ""})
    names = "Quotes from Nova Night: the *fast* one: Ada Park"
    assert described(changed(article, event=told)) == names
    unnamed = tuple(replace(each, name=None) for each in article.written.outline.speakers)
    outline = replace(article.written.outline, speakers=unnamed)
    assert described(changed(article, event=told, outline=outline)) is None
    model = {**article.engines, "writer": Engine("llm", "m", "1")}
    assert described(changed(article, event=told, engines=model)) == "A chip is shown."
    long = told.model_copy(update={"blurb": "Seven, words " * 30})
    cut = described(changed(article, event=long))
    assert cut.endswith("Seven, words…") and len(cut) <= 161
    address = told.model_copy(update={"blurb": f"{'Seven words ' * 10}https://x.org/{'y' * 60}"})
    assert described(changed(article, event=address)).endswith("Seven words…")
    blankless = told.model_copy(update={"blurb": "AI " + "会議の記録、" * 30})
    assert described(changed(article, event=blankless)) == "AI " + "会議の記録、" * 26 + "会…"
    bare = changed(article, event=told.model_copy(update={"intro": ""}), talks=())
    assert described(bare) is None
    link = "https://lu.ma/x"
    assert described(changed(article, description=link)) == "A word before"
    intro = (
        f"# Hi\n\n[Tickets]({link})\n\n[^1]: x\n\nRead *this*[^1]\n[first]({link}). {{{{< x >}}}}"
    )
    told = told.model_copy(update={"intro": intro})
    assert described(changed(bare, event=told)) == "Read this first. {{< x >}}"
    told = told.model_copy(update={"intro": "", "blurb": f"{link}\n\nwww.x.org\n\nSee {link}"})
    assert described(changed(bare, event=told)) == f"See {link}"


def test_receipts_without_footnotes_are_links_to_the_end(
    article: Article, prompts: Prompts
) -> None:
    _, body = split(post(article, Post(flavor="plain"), prompts))
    page = MarkdownIt("commonmark").render(body)
    assert 'batch size unknown lol <a href="#receipt-2">[2]</a></p>' in page
    assert '<p><span id="receipt-2"></span>[2] 0:00:00 Ada Park: “Our new chip is' in page
    marks, anchors = (re.findall(x, page) for x in (r'href="#([^"]*)"', r'span id="([^"]*)"'))
    assert marks == anchors and len(marks) == 4


@pytest.mark.parametrize("flavor", FLAVORS)
@pytest.mark.parametrize(
    "title", ['a "b" \\ +++', "---", "+++ x", "yes", "1: 2", "語 né", "x" * 200, "a\n---\nb"]
)
def test_any_title_survives_front_matter(
    article: Article, prompts: Prompts, flavor: Flavor, title: str
) -> None:
    fields, _ = split(post(changed(article, title=title), Post(flavor=flavor), prompts))
    assert fields["title"] == " ".join(title.split())


@pytest.mark.parametrize("flavor", FLAVORS)
def test_an_event_of_which_nothing_is_known(
    bare: Article, prompts: Prompts, flavor: Flavor
) -> None:
    fields, body = split(post(bare, Post(flavor=flavor), prompts))
    assert fields["title"] == "Nova night"
    assert "date" not in fields
    assert [tag for tag, _ in blocks(body)] == ["hr", "p", "p"]
    assert blocks(body)[-1][1] == "Date: not known"


def test_a_note_full_of_code_is_text(article: Article, prompts: Prompts) -> None:
    text = "{{ config }} {% raw %} <script>x</script> ``` | a | $$x$$ [^9]"
    noted = replace(article.written.talks[0], notes=(Note(text, "aside", 0.5, ()),))
    _, body = split(post(changed(article, talks=(noted,)), Post(), prompts))
    assert ("p", text) in blocks(body)
    assert "{" not in body


def test_a_layout_of_ones_own_is_used_and_its_mistakes_are_named(
    article: Article, tmp_path: Any
) -> None:
    layout = tmp_path / "post.md.j2"
    layout.write_text(
        "{{ article.title }}\n{% for t in article.talks %}{{ t.title }}\n{% endfor %}"
    )
    assert post(article, Post(), Prompts(tmp_path)) == (
        "Nova Night: the \\*fast\\* one\nAda Park, CEO\nPanel: \\#1 in \\`speed\\`\n"
    )
    layout.write_text("{{ article.titel }}")
    with pytest.raises(PromptError, match=r"post\.md\.j2.*titel"):
        post(article, Post(), Prompts(tmp_path))
