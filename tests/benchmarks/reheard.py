"""Corrections made on one hearing of an event, applied to another: the rules of corrections/.

    uv run python tests/benchmarks/reheard.py [--from FOLDER]

Scripted events (see talks.py; `--from`: of your own) and the sample are misheard at 10%. The first
40 of the words that are wrong are put right, every voice is named at a moment, turns of somebody
else are given to them, and talks begin where they do. This is applied to what another engine
hears, which takes the two who speak least for one: other words at 10%, or 15% more of the same.
Columns: corrections that fit; words that are wrong, words whose speaker has the right name, and
talks that begin within 3 s of the truth (F1), after it.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

import mishear
import scripted
from corrections import differing, words
from talks import HERE, SAMPLE, boundaries

from pipeline import config
from pipeline.corrections.file import Corrections, TalkFix, VoiceFix, WordFix
from pipeline.corrections.moments import Moment
from pipeline.corrections.names import apply_names, moment_of
from pipeline.corrections.talk_edges import apply_talk_fixes
from pipeline.corrections.words import apply_word_fixes
from pipeline.data import Diarization, Outline, Turn, Utterance, Word
from pipeline.diarize.merge import utterances
from pipeline.heard import Said, with_voices_put_right
from pipeline.notes.corrected import outline_put_right
from pipeline.talks import outline
from pipeline.text import folded

MOST, FEW, NEAR = 40, 4, 3.0  # words put right; words of a change, and of a turn; seconds


def outlined(made: scripted.Made, said: Said, names: Mapping[str, str]) -> Outline:
    info = made.info.model_copy(update={"names": dict(names)})
    return outline(said, (), info, config.Talks())


def heard(made: scripted.Made, said: list[Word], seed: str, confused: bool) -> Said:
    """What an engine makes of words; one that is confused takes two people for one."""
    turns = mishear.turns(made.turns, made.name + seed)
    seconds: Counter[str] = Counter()
    for turn in turns:
        seconds[turn.speaker] += turn.end - turn.start
    last = [who for who, _ in seconds.most_common()][-2:]
    one = dict.fromkeys(last, last[0]) if confused else {}
    return utterances(said, [replace(t, speaker=one.get(t.speaker, t.speaker)) for t in turns])[0]


def who(made: scripted.Made, one: Utterance | Word) -> str:
    """The true name of who speaks then."""

    def apart(turn: Turn) -> float:
        middle = (one.start + one.end) / 2
        return max(turn.start - middle, middle - turn.end, 0.0)

    key = min(made.turns, key=apart).speaker
    return made.people[key][0] or f"Person {key.title()}"


def corrections(made: scripted.Made, known: Outline) -> Corrections:
    """What brings a hearing to its truth."""
    called: dict[str, Counter[str]] = {}
    for one in known.utterances:
        called.setdefault(one.speaker, Counter())[who(made, one)] += len(one.words)
    names = {voice: name.most_common(1)[0][0] for voice, name in called.items()}
    said = [word for one in known.utterances for word in one.words]
    return Corrections(
        names={str(moment_of(voice, known.utterances)): name for voice, name in names.items()},
        voice=tuple(
            VoiceFix(turn=moment(one.words), to=who(made, one))
            for one in known.utterances
            if who(made, one) != names[one.speaker] and len(one.words) >= FEW
        ),
        word=tuple(wrong_words(made, said))[:MOST],
        talk=tuple(
            TalkFix(at=Moment(time=(each.start + each.end) / 2), begin=moment(said[at : at + 5]))
            for each in made.sections[1:]
            for at in [min(range(len(said)), key=lambda n: abs(said[n].start - each.start))]
        ),
    )


def moment(said: tuple[Word, ...] | list[Word]) -> Moment:
    return Moment(time=said[0].start, words=" ".join(word.text for word in said[:6]))


def wrong_words(made: scripted.Made, said: list[Word]) -> Iterator[WordFix]:
    some, true = [[folded(word.text) for word in each] for each in (said, made.words)]
    for op, i, j, n, m in SequenceMatcher(None, some, true, autojunk=False).get_opcodes():
        before, after = (
            " ".join(word.text for word in each) for each in (said[i:j], made.words[n:m])
        )
        if op != "equal" and max(j - i, m - n) <= FEW and folded(before):
            yield WordFix(at=Moment(time=said[i].start), heard=before, written=after)


def measured(made: scripted.Made, again: float, more: bool) -> Counter[str]:
    """One event, heard twice."""
    first = mishear.words(made.words, 0.1, made.name + "A")
    fixed = corrections(made, outlined(made, heard(made, first, "A", False), {}))
    second = mishear.words(first if more else made.words, again, made.name + "B")
    said = heard(made, second, "B", True)
    story = outlined(made, said, {})
    cast, _, fits = with_voices_put_right(
        said, story, Diarization((), ()), fixed, lambda s, _, n: outlined(made, s, n)
    )
    known, of_talks = apply_talk_fixes(cast, fixed.talk)
    texts = [one for talk in known.talks for one in talk.utterances]
    fits += (
        *of_talks,
        *apply_names(known, fixed.names)[1],
        *apply_word_fixes(texts, fixed.word, {})[2],
    )
    done = outline_put_right(known, fixed, "en")
    labels = {one.id: folded(one.label) for one in done.speakers}
    right = [labels[o.speaker] == folded(who(made, w)) for o in done.utterances for w in o.words]
    begins, wanted = [t.start for t in done.talks[1:]], [s.start for s in made.sections[1:]]
    return Counter(
        corrections=len(fits),
        fit=sum(not fit.why for fit in fits),
        said=len(made.words),
        wrong=differing([folded(word.text) for word in made.words], words(done)),
        words=len(right),
        named=sum(right),
        edges=len(begins) + len(wanted),
        found=2 * boundaries(begins, wanted, NEAR),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, help="scripts to measure instead")
    options = parser.parse_args()
    events = HERE / "data" / "events"
    groups = {"held out": (events / "held_out").glob("*.txt"), "tuned on": events.glob("*.txt")}
    groups |= {"the sample": iter([SAMPLE / "truth.json"])}
    if options.folder:
        groups = {str(options.folder): options.folder.glob("*.txt")}
    print(f"{'':24}{'fit':>8}{'wrong':>8}{'named':>8}{'F1':>8}")
    for name, paths in groups.items():
        made = [scripted.read(path) for path in sorted(paths)]
        for rate, more in ((0.1, False), (0.15, True)):
            sums = sum((measured(each, rate, more) for each in made), Counter())
            pairs = (
                ("fit", "corrections"),
                ("wrong", "said"),
                ("named", "words"),
                ("found", "edges"),
            )
            row = "".join(f"{sums[a] / max(1, sums[b]):8.3f}" for a, b in pairs)
            print(f"{name + (', more' if more else ', other'):24}{row}", flush=True)


if __name__ == "__main__":
    main()
