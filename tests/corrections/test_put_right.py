"""What a person puts right stands in all that a run writes, and costs no call that it need not."""

import json
from dataclasses import replace
from typing import Any

import made_evening
from cassettes import step
from llm_server import Answer, Request
from personas import good

from pipeline.cli import main
from pipeline.corrections.file import VoiceFix, read
from pipeline.corrections.moments import Moment
from pipeline.corrections.voices import Reassigned, apply_voice_fixes, mark_corrected
from pipeline.data import Evidence, Speaker
from pipeline.diarize.merge import grouped
from pipeline.notes.outline import OutlineAnswer, ToldTalk, applied
from pipeline.notes.people import Proof, ToldPerson, proved

FILES = ("index.md", "notes.json", "transcript.json", "transcript.srt", "transcript.vtt")
WORDS = """
[names]
"Ben Stone" = "Benjamin Stone"     # as he writes himself
"1:00 the old kettle" = "Karla Moore"
SPEAKER_00 = "Vera Lind"

[replace]
Hiron = "Heron"

[[word]]
at = "0:26"
heard = "900 of them"
written = "901 of them"

[[word]]
at = "0:50.5"
heard = "900"
written = "800"
"""


def test_names_and_words_stand_everywhere_and_cost_no_call(evening: Any) -> None:
    evening.run()
    assert len(evening.asked) > 3
    said = evening.run(WORDS)
    assert evening.asked == []
    assert "corrections.toml: 5 applied, 1 no longer fits: [word] at 0:26: “900 of them”" in said
    files = {name: " ".join(evening.read(name).split()) for name in FILES}
    for name, text in files.items():
        assert "Heron" in text and "Hiron" not in text, name
        assert "800 cups" in text and "900 cups" not in text, name
        assert "Karla Moore" in text and "Benjamin Stone" in text, name
    assert "## Karla Moore" in files["index.md"]
    people = {one["id"]: one for one in evening.notes_of("transcript.json")["speakers"]}
    assert people["SPEAKER_00"]["name"] == "Vera Lind"
    (doubt,) = evening.notes["doubts"]
    assert (doubt["kind"], doubt["time"]) == ("correction", 26.0)


def test_they_win_over_event_toml_and_the_command_line(evening: Any) -> None:
    (evening.folder / "event.toml").write_text(
        'title = "Cold Water"\n[names]\nSPEAKER_01 = "Bob"\nSPEAKER_02 = "Ann"\n'
    )
    evening.run(
        '[names]\nSPEAKER_01 = "Benjamin"\n"0:50" = "Karla"\n', *evening.writer, "--name",
        "SPEAKER_02=Anna",
    )  # fmt: skip
    assert all(name in evening.post for name in ("Benjamin: “", "Karla: “"))
    assert not any(f"{name}: “" in evening.post for name in ("Bob", "Ann", "Anna"))


# ---- talks


def test_a_moved_edge_asks_about_the_talks_that_it_touches(evening: Any) -> None:
    evening.run()
    for fix, asked in (
        ('at = "0:55"\nbegin = "0:49"', {"write-0"}),
        ('at = "0:55"\nbegin = "0:43 please welcome Carla"', {"write-0"}),
        ('at = "0:20"\nend = "0:33"', {"write-0"}),
        ('at = "0:55"\njoin = true', {"write-0"}),
        ('at = "0:55"\nsplit = "0:57"', {"write-5"}),
        ('at = "0:55"\nhide = true', set[str]()),
        ('at = "0:55"\ntitle = "Tea"', set[str]()),
    ):
        said = evening.run(f"[[talk]]\n{fix}\n")
        assert "corrections.toml: 1 applied" in said, fix
        assert {name for name in evening.asked if name.startswith("write")} == asked, fix
        assert "outline" not in evening.asked, fix
    assert evening.run() and evening.asked == []


def test_edges_titles_and_hidden_talks_stand_in_the_post(evening: Any) -> None:
    evening.run()
    evening.run(
        '[[talk]]\nat = "0:20"\nend = "0:43 please welcome"\ntitle = "Kettles"\n'
        '[[talk]]\nat = "1:30"\nhide = true\n'
    )
    first, second = evening.notes["talks"]
    assert (first["title"], second["title"]) == ("Kettles", "Carla Moor")
    assert first["end"] <= second["start"]
    assert "Please welcome Carla Moor" in evening.post.split("## Carla Moor")[1]
    assert "Ian Wood" not in evening.post.split("---")[0]
    assert "Hard water" in evening.read("transcript.srt")


def test_bad_corrections_are_told_one_by_one_and_cost_nothing(evening: Any) -> None:
    said = evening.run(
        '[names]\nSPEAKER_09 = "Nobody"\n'
        '[[talk]]\nat = "2:00:00"\nhide = true\n'
        '[[talk]]\nat = "0:20"\nend = "0:33"\n'
        '[[talk]]\nat = "0:36"\nbegin = "0:25"\n'
        '[[talk]]\nat = "0:02"\njoin = true\n'
        '[[voice]]\nmerge = ["Ben Stone", "Nobody"]\n'
        '[[note]]\nat = "0:30"\nnote = "A line that nobody wrote"\nreword = "Mine"\n'
    )
    assert "corrections.toml: 1 applied, 6 no longer fit" in said
    whys = {one["text"]: one["why"] for one in evening.notes["doubts"]}
    assert whys == {
        "[names]: SPEAKER_09 is Nobody": "there is no such voice",
        "[talk] at 2:00:00: hide True": "the recording ends before",
        "[talk] at 0:20: end 0:33": "its end contradicts another correction",
        "[talk] at 0:02: join True": "there is no talk before it",
        "[voice]: Ben Stone and Nobody": "there is no such voice as Nobody",
        "[note] at 0:30: “A line that nobody wrote” is now “Mine”": "no line like it is written, "
        "and it says not what it rests on: give quotes or sources",
    }
    assert "litre of water" in evening.post


def test_a_wrong_field_is_an_error_that_names_its_place(evening: Any) -> None:
    evening.file.write_text("[[word]]\nat = 3\nhard = 'x'\n")
    assert main(["run", str(evening.folder), "-o", str(evening.out), "--writer", "quotes"]) == 1
    said = evening.told()
    assert "corrections.toml: word.#1.hard is not known; did you mean heard?" in said


# ---- voices


def test_voices_are_put_right_before_the_model_is_asked(evening: Any) -> None:
    evening.run()
    evening.run(
        '[[voice]]\nturn = "0:17 our new kettle"\nto = "Carla Moor"\n'
        '[[voice]]\nsplit = "Vera"\nat = "1:10"\nto = "Dora Vane"\n'
    )
    said = {one["text"][:9]: one["speaker"] for one in evening.utterances}
    names = {one["id"]: one["name"] for one in evening.notes_of("transcript.json")["speakers"]}
    assert names[said["Thank you"]] == "Carla Moor"
    assert names[said["Lovely. A"]] == "Dora Vane"
    assert names[said["Good even"]] in ("Vera", "Ian Wood")
    evening.run('[[voice]]\nmerge = ["Ian Wood", "Vera"]\n[names]\n"Ian Wood" = "V. I. Wood"\n')
    names = {one["id"]: one["name"] for one in evening.notes_of("transcript.json")["speakers"]}
    assert sorted(names.values()) == ["Ben Stone", "Carla Moor", "V. I. Wood"]


def test_a_model_does_not_divide_what_a_person_has_joined() -> None:
    known = made_evening.evening()
    divided = (
        ToldPerson(voice="S0", role="founder"),
        ToldPerson(voice="S0", role="chip", since=2),
    )
    one, _ = proved(divided, known)
    made = Reassigned((), {}, frozenset({"S0"}), frozenset(), ())
    other, _ = proved(divided, replace(known, outline=mark_corrected(known.outline, made)))
    assert len(one["S0"]) == 2 and len(other["S0"]) == 1


def test_a_turn_is_given_to_whom_only_the_model_knows() -> None:
    known = made_evening.evening()
    nobody = replace(known.outline.speakers[0], name=None, role=None)
    outline = replace(known.outline, speakers=(nobody, known.outline.speakers[1]))
    words = [word for one in outline.utterances for word in one.words]
    made = apply_voice_fixes(words, outline, [VoiceFix(turn=Moment(time=101), to="Ada")], {})
    assert made.names == {"SPEAKER_02": "Ada"}
    new = Speaker("SPEAKER_02", "Ada", None, 1.0, (Evidence("override", "Ada", "", 0.0, 1.0),))
    cast = replace(outline, speakers=(*outline.speakers, new), utterances=grouped(made.words))
    person = ToldPerson(voice="S0", name="Ada", proof=(Proof(utterance=1),))
    told = OutlineAnswer(talks=(ToldTalk(first=0, heading="Chips"),), people=(person,))
    seen, _ = applied(told, replace(known, outline=mark_corrected(cast, made)))
    assert [(one.id, one.name) for one in seen.speakers] == [("S0", "Ada"), ("S1", "Ben Oduya")]
    assert seen.utterances[-1].speaker == "S0"


def test_voices_are_put_right_by_names_that_only_the_model_knows(evening: Any) -> None:
    said = [("Speaker 2" if who == "Ben Stone" else who, text) for who, text in evening.said]
    said[1] = ("Vera", "Now we hear of the kettles that they make at Hiron Kettles.")
    said[5] = ("Vera", "The kettle man is called Ben Stone. Please welcome Carla Moor again.")
    evening.caption(said)
    fix = '[[voice]]\nmerge = ["Carla Moor", "Ben Stone"]\n'
    assert "there is no such voice as Ben Stone" in evening.run(fix, "--writer", "quotes")

    def names_ben(request: Request) -> Answer:
        answer = evening.model(request)
        if step(request.system) != "outline":
            return answer
        person = {"voice": "S01", "name": "Ben Stone", "proof": [{"utterance": 5}]}
        return Answer(content=json.dumps({**json.loads(answer.content), "people": [person]}))

    evening.server.persona = names_ben
    assert "corrections.toml: 1 applied" in evening.run(fix)
    names = [one["name"] for one in evening.notes_of("transcript.json")["speakers"]]
    assert names == ["Vera", "Carla Moor", "Ian Wood"]
    assert "Carla Moor: “Our new kettle boils" in evening.post


def test_a_name_that_is_taken_from_another_voice_is_told(evening: Any) -> None:
    said = evening.run('[names]\n"Vera" = "Ben Stone"\n', "--writer", "quotes")
    assert "1 applied; [names]: Vera is Ben Stone: so was SPEAKER_01, who has no name now" in said


# ---- notes


def test_a_note_that_no_longer_holds_leaves_the_post_and_is_doubted(evening: Any) -> None:
    evening.run()
    assert "0.4 million kettles" in evening.post
    evening.run('[[word]]\nat = "0:26"\nheard = "400,000"\nwritten = "40,000"\n')
    assert evening.asked == []
    assert "0.4 million" not in evening.post and "built 40,000 of them" in evening.post
    (doubt,) = evening.notes["doubts"]
    assert doubt["text"].startswith("That is 0.4 million")
    assert doubt["why"].startswith("rests on “400,000”, now “40,000”; “0.4 million kettles” stands")
    assert doubt["receipts"][0]["quote"].startswith("We have built 40,000 of them")


def test_a_talk_is_asked_again_from_its_words_as_they_are_now(evening: Any) -> None:
    evening.run()
    fixes = (
        '[[word]]\nat = "0:26"\nheard = "400,000"\nwritten = "40,000"\n'
        '[[word]]\nat = "0:50.5"\nheard = "900"\nwritten = "800"\n'
        '[names]\n"Ben Stone" = "Benjamin Stone"\n'
    )
    evening.run(fixes)
    assert evening.asked == [] and len(evening.notes["doubts"]) == 1
    evening.run(fixes + '[[talk]]\nat = "0:20"\nask = true\n')
    assert {name for name in evening.asked if name.startswith("write")} == {"write-0"}
    material = next(
        r.material for r in reversed(evening.server.requests) if "Write up" in r.material
    )
    assert "built 40,000 of them" in material and "pour 900 cups" in material
    assert evening.notes["doubts"] == []
    assert "built 40,000 of them" in evening.post and "pour 800 cups" in evening.post
    assert "Benjamin Stone: “" in evening.post
    evening.run()
    assert evening.asked == []


NOTES = """
[[note]]
at = "0:17"
note = "Our new kettle boils one litre of water in 40 seconds flat"
reword = "A litre in 40 seconds, flat"
quotes = ["boils one litre of water in 40 seconds"]

[[note]]
at = "0:50"
note = "We pour 900 cups of tea on a normal Saturday here"
strike = true

[[note]]
at = "0:58"
note = "The old kettle needed three minutes and the new one needs only one"
pin = true
quotes = ["needed three minutes"]

[[note]]
at = "1:22"
note = "Hard water kills every kettle in about two years of use"
accept = true

[[note]]
at = "1:15"
add = "He replaces 60 kettles every month"
quotes = ["I replace 60 of them every month"]

[[note]]
at = "1:20"
add = "He replaces 61 kettles every month"
quotes = ["I replace 60 of them every month"]

[[note]]
at = "1:31"
add = "No manual was ever read by me either"
own = true

[post]
caveat = "I own one of these kettles."
description = "Kettles, tea and hard water."
"""


def fixed(evening: Any) -> None:
    """The corrections of NOTES stand in what was written."""
    lines = evening.post.split("---")[0]
    assert "A litre in 40 seconds, flat[^" in lines and "kettle boils one litre" not in lines
    assert "900 cups" not in lines
    assert "needed three minutes and the new one needs only one[^" in lines
    assert "He replaces 60 kettles every month[^" in lines and "61 kettles" not in lines
    assert "I own one of these kettles." in lines
    assert 'description = "Kettles, tea and hard water."' in lines
    own = lines.split("read by me either[^")[1].split("]")[0]
    assert f"[^{own}]: the writer's own words" in evening.post
    doubts = {one["text"]: one["why"] for one in evening.notes["doubts"]}
    assert "61 kettles every month” stands in none" in doubts["He replaces 61 kettles every month"]


def test_lines_are_struck_reworded_and_added_without_a_call(evening: Any) -> None:
    evening.run()
    said = evening.run(NOTES)
    assert evening.asked == []
    assert (
        "corrections.toml: 8 applied, 1 no longer fits: [note] at 1:20: added “He replaces 61"
        in said
    )
    assert "“61 kettles every month” stands in none of its receipts" in said
    fixed(evening)
    assert len(evening.notes["doubts"]) == 1


def test_a_line_that_is_struck_or_accepted_and_not_written_is_told(evening: Any) -> None:
    written = "The old kettle needed three minutes and the new one needs only one"
    said = evening.run(
        f'[[note]]\nat = "0:58"\nnote = "{written}"\nstrike = true\n'
        '[[note]]\nat = "1:22"\nnote = "Hard water"\nstrike = true\n'
        '[[note]]\nat = "1:22"\nnote = "Soft water"\naccept = true\n'
    )
    assert "3 applied" in said and "three minutes" not in said
    for line in ("struck “Hard water”", "accepted “Soft water”"):
        assert f"[note] at 1:22: {line}: no line like it is written" in said


def test_a_line_in_other_words_rests_on_what_is_right_now(evening: Any) -> None:
    evening.run()
    line = "That is 0.4 million kettles in a single summer, or so he says"
    fixes = (
        '[replace]\n"flat" = "at once"\nHeronry = "x"\n'
        '[[word]]\nat = "0:26"\nheard = "400,000"\nwritten = "40,000"\n'
        f'[[note]]\nat = "0:26"\nnote = "{line}"\nreword = "40,000 kettles at 2 litres"\n'
        'quotes = ["built 40,000 of them"]\n'
        '[[note]]\nat = "0:50"\nnote = "We pour 900 cups of tea on a normal Saturday here"\n'
        'reword = "900 cups, and 3 minutes a kettle"\npin = true\n'
        'quotes = ["900 cups of tea", "needed three minutes"]\n'
        '[[note]]\nat = "0:17"\npin = true\n'
        'note = "Our new kettle boils one litre of water in 40 seconds flat"\n'
    )
    said = evening.run(fixes)
    lines = evening.post.split("---")[0]
    assert "in 40 seconds at once[^" in lines, "what is kept is kept in the words of now"
    assert "900 cups, and 3 minutes a kettle[^" in lines
    assert "0.4 million" not in lines and "at 2 litres" not in lines
    assert "4 applied, 2 no longer fit" in said


def test_lines_of_a_person_stand_when_another_model_writes_others(evening: Any) -> None:
    evening.run(NOTES)
    evening.server.persona = good
    evening.run(NOTES, *evening.writer, "--set", "writer.model=test-2", "--set", "writer.judge=no")
    assert "write-0" in evening.asked
    fixed(evening)


def test_a_post_of_quotes_is_put_right_likewise(evening: Any) -> None:
    evening.run("", "--writer", "quotes")
    assert "none was put right" in evening.post
    evening.run(WORDS + NOTES, "--writer", "quotes")
    assert "a person put some right" in evening.post
    files = {name: evening.read(name) for name in FILES}
    assert all("Heron" in text and "Hiron" not in text for text in files.values())
    assert "Karla Moore" in files["index.md"] and "900 cups" not in files["index.md"]
    lines = evening.post.split("---")[0]
    assert "He replaces 60 kettles every month[^" in lines and "61 kettles" not in lines
    assert "A litre in 40 seconds, flat[^" in lines and "I own one of these" in lines


# ---- around it


def test_a_recording_by_itself_has_its_corrections_beside_it(evening: Any) -> None:
    alone = evening.folder.parent / "alone"
    alone.mkdir()
    recording = (evening.folder / "talk.vtt").rename(alone / "talk.vtt")
    corrections = alone / "talk.corrections.toml"
    corrections.write_text('[names]\n"Ben Stone" = "Benjamin\\nStone"\n')
    assert main(["run", str(recording), "-o", str(evening.out), "--writer", "quotes"]) == 0
    post = (evening.out / "talk" / "index.md").read_text()
    assert " Benjamin Stone\n" in post
    assert "left out" not in evening.told()


def test_speakers_and_plan_know_them(evening: Any) -> None:
    evening.run()
    evening.file.write_text(WORDS)
    assert main(["plan", str(evening.folder), "-o", str(evening.out), *evening.writer]) == 0
    plan = evening.told()
    assert "finished" not in plan and "llm         cached" in plan
    assert main(["speakers", str(evening.folder), "-o", str(evening.out)]) == 0
    told = evening.told()
    assert "SPEAKER_00  Vera Lind (100%)" in told and "Karla Moore" in told


def test_a_name_that_is_to_be_kept_is_kept_for_any_engine(evening: Any) -> None:
    name = ("--name", "SPEAKER_02=Karla Moore")
    assert main(["speakers", str(evening.folder), "-o", str(evening.out), *name, "--keep"]) == 0
    assert f"Karla Moore is in {evening.file}" in evening.told()
    (line,) = read(evening.file).names.items()
    assert line == ("0:50.765 pour 900 cups of tea on", "Karla Moore")
    evening.run()
    assert "Karla Moore: “We pour" in evening.post


def test_whoever_edits_the_post_is_told_once_what_would_have_held(evening: Any) -> None:
    evening.run()
    place = evening.out / "cold-water" / "index.md"
    place.write_text(evening.post + "\nMine.\n", encoding="utf-8")
    hint = "what is put right in corrections.toml holds in every new version"
    assert hint in evening.run('[replace]\nHiron = "Heron"\n')
    assert evening.post.endswith("Mine.\n")
    assert hint not in evening.run('[replace]\nHiron = "Haron"\n')
