"""What makes the small Whisper: its grammar, its windows, its network and its export."""

import itertools
import random
import sys
from pathlib import Path

import ctranslate2
import numpy as np
import pytest
import torch

BUILD = Path(__file__).parent / "build"
sys.path.insert(0, str(BUILD))

import export  # noqa: E402
import grammar  # noqa: E402
import lessons  # noqa: E402
import speech  # noqa: E402
import train  # noqa: E402
import vocabulary  # noqa: E402
from net import Net, Size, sinusoids  # noqa: E402
from windows import Setting, Windows  # noqa: E402

needs_flite = pytest.mark.skipif(
    not speech.voices.available(), reason="needs apt-get install flite"
)


def texts(seed, count=300):
    return list(itertools.islice(grammar.sentences(seed, speech.script()), count))


@pytest.fixture(scope="module")
def tokenizer():
    return vocabulary.learn(texts(1), 400)


@pytest.fixture(scope="module")
def net(tokenizer):
    torch.manual_seed(3)
    size = Size(tokenizer.get_vocab_size(), width=64, heads=2, encoder_layers=2, decoder_layers=2)
    return Net(size).eval()


@pytest.fixture(scope="module")
def windows(tokenizer):
    people = itertools.cycle(speech.people())
    spoken = [speech.speak(text, next(people)) for text in texts(2, 24)]
    rng = np.random.default_rng(1)
    sounds = {
        "applause": [speech.mel_power(speech.room.applause(3, rng, people=10))],
        "laughter": [speech.mel_power(speech.room.laughter(2, rng, people=3))],
        "murmur": [speech.mel_power(speech.room.murmur([rng.standard_normal(9000)], 6, rng))],
        "air": [speech.mel_power(speech.room.air(5, rng))],
    }
    return Windows(spoken, sounds, tokenizer)


def test_the_grammar_holds_the_words_of_the_script_but_not_its_sentences():
    words = {word.lower() for word in grammar.lexicon()}
    assert set(grammar.plain(speech.script())) <= words
    kept = grammar.runs(speech.script())
    assert not any(grammar.leaks(text, kept) for text in texts(3, 2000))
    assert grammar.leaks("Yes: our nearest rival says three hundred words per second.", kept)
    assert grammar.leaks("Does it work?", kept)


def test_the_same_seed_gives_the_same_sentences():
    assert texts(4) == texts(4)
    assert texts(4) != texts(5)


def test_text_comes_back_from_its_tokens(tokenizer):
    for text in (*texts(6, 50), "Ünlikely: 42 £!"):
        ids = tokenizer.encode(f" {text}", add_special_tokens=False).ids
        assert tokenizer.decode(ids) == f" {text}"


def test_time_tokens_follow_the_token_that_asks_for_none(tokenizer):
    untimed = tokenizer.token_to_id("<|notimestamps|>")
    assert tokenizer.token_to_id("<|0.00|>") == untimed + 1
    assert tokenizer.token_to_id("<|30.00|>") == untimed + vocabulary.TIMES


def test_heads_start_by_looking_near(net):
    places = sinusoids(200, net.size.width)[None]
    _, looked = net.encoder[0].attend.looking(places, places)
    found = looked[0].argmax(-1)[:, 20:180] - torch.arange(20, 180)
    assert found[0].float().mean() == pytest.approx(-1.5, abs=0.6)
    assert found[-1].float().mean() == pytest.approx(1.5, abs=0.6)


def test_the_exported_encoder_hears_what_the_network_hears(net, tokenizer, tmp_path):
    export.save(net, tokenizer, tmp_path)
    model = ctranslate2.models.Whisper(str(tmp_path), device="cpu", compute_type="float32")
    mels = torch.rand(1, 80, 3000, generator=torch.Generator().manual_seed(1))
    ours = net.encode(mels).detach().numpy()
    theirs = np.array(model.encode(ctranslate2.StorageView.from_array(mels.numpy())))
    alike = (ours * theirs).sum() / np.linalg.norm(ours) / np.linalg.norm(theirs)
    assert alike > 0.999  # 8-bit weights


def test_the_exported_decoder_writes_what_the_network_writes(net, tokenizer, tmp_path):
    export.save(net, tokenizer, tmp_path)
    model = ctranslate2.models.Whisper(str(tmp_path), device="cpu", compute_type="float32")
    mels = torch.rand(1, 80, 3000, generator=torch.Generator().manual_seed(2))
    start = [tokenizer.token_to_id(f"<|{name}|>") for name in ("startoftranscript", "notimestamps")]
    heard = ctranslate2.StorageView.from_array(mels.numpy())
    made = model.generate(heard, [start], beam_size=1, max_length=6)[0]
    logits, _ = net.decode(torch.tensor([start + made.sequences_ids[0]]), net.encode(mels))
    best = logits[0, len(start) - 1 :].topk(3).indices
    for place, token in enumerate(made.sequences_ids[0]):
        assert token in best[place]


@needs_flite
def test_a_spoken_sentence_has_a_phone_for_every_frame():
    spoken = speech.speak("Thank you, and good night.", speech.people()[0])
    assert spoken.mels.shape == (80, 2 * len(spoken.phones))
    named = [speech.PHONES[phone] for phone, _ in itertools.groupby(spoken.phones)]
    assert "".join(named).strip("pau").endswith("nayt")
    assert "pau" in named[2:-2]  # the comma


@needs_flite
@pytest.mark.parametrize("setting", [Setting(8, 8), Setting(10, 13)])
def test_windows_say_what_is_in_them(windows, tokenizer, setting):
    text = vocabulary.pieces(tokenizer.get_vocab_size())
    rng = random.Random(1)
    for _ in range(30):
        window = windows.make(setting, rng)
        frames = setting.padded * 50
        assert window.mels.shape == (80, 2 * frames)
        assert len(window.phones) == len(window.spoken) == frames
        assert len(window.tokens) == len(window.targets) == len(window.looks)
        asked = [target for target in window.targets if target >= 0]
        assert asked[-1] == tokenizer.token_to_id("<|endoftext|>")
        times = [t - windows.zero for t in asked if t >= windows.zero]
        assert times == sorted(times)
        assert all(0 <= time <= frames for time in times)
        assert all(low <= high for low, high in window.looks)
        assert set(window.spoken) - {-100} <= {t for t in asked if t < text}


@needs_flite
def test_a_step_of_training_lowers_the_loss(windows, tokenizer):
    torch.manual_seed(0)
    size = Size(tokenizer.get_vocab_size(), width=32, heads=2, phones=len(speech.PHONES))
    net = Net(size)
    batch = train.make_batch(windows, Setting(3, 3), 2, random.Random(3))
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3)
    before = None
    for _ in range(6):
        found = lessons.losses(net, batch)
        total = lessons.total(found)
        before = before or total.item()
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
    assert total.item() < before - 0.2


@needs_flite
def test_the_memory_keeps_the_latest_windows_and_gives_them_back_padded(windows, net):
    rng = random.Random(0)
    memory = lessons.Memory(3)
    for _ in range(2):
        memory.hear(net, train.make_batch(windows, Setting(2, 3), 2, rng))
    assert len(memory.kept) == 3
    heard, tokens, targets, looks = memory.draw(3, rng)
    assert heard.shape == (3, 150, net.size.width)
    assert tokens.shape == targets.shape == looks.shape[:2]
    assert "phone" not in lessons.word_losses(net, (heard, tokens, targets, looks))


def test_the_decoder_slips_now_and_then_but_only_in_text(tokenizer):
    torch.manual_seed(0)
    size = tokenizer.get_vocab_size()
    tokens = torch.randint(size, (20, 200))
    read = lessons.slips(tokens, size)
    text = tokens < vocabulary.pieces(size)
    assert torch.equal(read[~text], tokens[~text])
    share = (read != tokens)[text].float().mean()
    assert share == pytest.approx(lessons.SLIPS, abs=0.03)
    assert (read[text] < vocabulary.pieces(size)).all()


def test_the_rate_rises_then_falls():
    assert train.rate(0.0, 0) < train.rate(0.0, 149) == 1.0
    assert train.rate(0.2, 999) > train.rate(0.8, 999) > train.rate(1.0, 999) > 0
