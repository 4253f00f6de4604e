"""Private means private: who is connected to, what is reported, and who may read what is kept."""

import asyncio
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import llm_server
import media
import personas
import pytest

from pipeline import config
from pipeline.cache import Cache
from pipeline.claims.ledger import Ledger
from pipeline.claims.web import searxng
from pipeline.cli import main
from pipeline.data import Voice
from pipeline.errors import ModelError
from pipeline.llm.client import Client
from pipeline.llm.conversation import Message
from pipeline.privacy import SILENT, is_here
from pipeline.talks.voices import VoiceBook

ROOT = Path(__file__).parents[1]
SEGMENTATION = ROOT.parent / "shared" / "models" / "pyannote-segmentation.bin"
STRACE = ("strace", "-f", "--seccomp-bpf", "-e", "trace=network", "-o")
ADDRESS = re.compile(r'sa_family=(AF_INET6?).*?inet_(?:addr|pton)\((?:AF_INET6, )?"([^"]+)"')
# a resolver that answers for no host but this one, and keeps what it was asked
BLOCKED = """
import os, socket
ask = socket.getaddrinfo
def getaddrinfo(host, *more, **named):
    if host not in ("127.0.0.1", "::1", "localhost", None):
        with open(os.environ["ASKED"], "a") as asked:
            print(host, file=asked)
        raise socket.gaierror(-2, "blocked")
    return ask(host, *more, **named)
socket.getaddrinfo = getaddrinfo
"""


class Traced:
    """Runs of the program under strace and without a resolver; keys and tokens are at hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "blocked").mkdir()
        (folder / "blocked" / "sitecustomize.py").write_text(BLOCKED)
        self.asked = folder / "asked"
        self.environment = os.environ | {
            "PYTHONPATH": str(folder / "blocked"),
            "ASKED": str(self.asked),
            "HF_TOKEN": "hf_secret",
            "HF_HOME": str(folder / "hub"),
            "OPENAI_API_KEY": "sk-secret",
            "HOME": str(folder),
        }

    def run(self, *arguments: object) -> tuple[set[str], str]:
        """The addresses outside of Unix sockets that were named in any call, and what was said."""
        trace = self.folder / "trace"
        program = "import sys; from pipeline.cli import main; sys.exit(main())"
        done = subprocess.run(
            [*STRACE, str(trace), sys.executable, "-c", program, "run", *map(str, arguments)],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert not self.asked.exists(), self.asked.read_text()
        told = trace.read_text()
        assert "+++ exited with 0 +++" in told, "the trace is of a whole run"
        return {match[2] for match in ADDRESS.finditer(told)}, done.stdout


@pytest.fixture
def traced(tmp_path: Path) -> Traced:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    folder = tmp_path / "traced"
    folder.mkdir()
    return Traced(folder)


@pytest.mark.slow
def test_offline_connects_to_nobody_in_any_step(traced: Traced, tmp_path: Path) -> None:
    """The sample with all that belongs to it, of its sound half a minute: all steps, at once."""
    sample = tmp_path / "full-steam"
    sample.mkdir()
    shutil.copy(ROOT / "samples" / "full-steam" / "event.toml", sample)
    media.write(sample / "evening.opus", media.evening()[20 * media.RATE : 50 * media.RATE])
    addresses, _ = traced.run(sample, "-o", tmp_path / "out", "--profile", "offline")
    assert addresses == set()
    (told,) = json.loads((tmp_path / "out" / "report.json").read_text())["events"]
    assert {"decode", "speech", "room", "transcribe", "diarize", "notes"} <= set(told["stages"])


@pytest.mark.slow
@pytest.mark.parametrize("diarizer", ["campplus", "pyannote"])
def test_local_connects_to_its_own_server_and_to_nobody_else(
    traced: Traced, tmp_path: Path, diarizer: str
) -> None:
    talk = media.write(tmp_path / "talk.wav", media.speech(14.0, 22.0))
    engines = ["--diarizer", diarizer, "--writer", "llm"]
    if diarizer == "pyannote":
        if not SEGMENTATION.exists():
            pytest.skip(f"{SEGMENTATION} is not there")
        engines += ["--set", f"diarize.segmentation={SEGMENTATION}"]
    with llm_server.LlmServer(personas.good) as server:
        engines += ["--set", f"writer.base_url={server.url}"]
        addresses, said = traced.run(talk, "-o", tmp_path / "out", "--profile", "local", *engines)
    assert {"127.0.0.1"} <= addresses <= {"127.0.0.1", "::1"}
    assert f"diarize  {diarizer}" in said


def test_libraries_are_silenced_in_every_process_that_imports_the_package() -> None:
    code = "import os, pipeline; print(*(f'{k}={v}' for k, v in os.environ.items()), sep='\\n')"
    loud = os.environ | {"ORT_DISABLE_TELEMETRY": "0", "PYANNOTE_METRICS_ENABLED": "1"}
    told = subprocess.run([sys.executable, "-c", code], env=loud, capture_output=True, text=True)
    assert {f"{name}={value}" for name, value in SILENT.items()} <= set(told.stdout.splitlines())


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.0.1", True),
        ("::1", True),
        ("127.0.0.1.evil.com", False),
        ("127.evil.com", False),
        ("localhost.evil.com", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("", False),
    ],
)
def test_which_hosts_are_this_machine(host: str, here: bool) -> None:
    assert is_here(host) == here


@pytest.mark.parametrize("profile", ["local", "offline"])
@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--web", "openai"], "--web needs the network"),
        (["--web", "searxng", "--set", "writer.searxng_url=http://search.example"], "--web"),
        (["-o", "s3://bucket/posts"], "is not this machine"),
        (
            ["--writer", "llm", "--set", "writer.base_url=http://127.0.0.1.evil.com/v1"],
            "127.0.0.1.evil.com is not this machine",
        ),
        (["--asr", "faster-whisper", "--model", "owner/never-seen"], "not on this disk"),
    ],
)
def test_what_would_leave_this_machine_is_refused(
    profile: str,
    options: list[str],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.chdir(tmp_path)
    assert main(["run", "talk.wav", "--profile", profile, *options]) in (1, 2)
    assert says in capsys.readouterr().err


@pytest.fixture
def elsewhere() -> Iterator[llm_server.LlmServer]:
    with llm_server.LlmServer(llm_server.status(400)) as server:
        yield server


@contextmanager
def sending_on(there: str) -> Iterator[str]:
    """A server on this machine that answers all with another address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(307)
            self.send_header("Location", there)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


ASKED: list[Message] = [
    {"role": "system", "content": "{}"},
    {"role": "user", "content": "what was said"},
]


def asked(url: str) -> None:
    client = Client(config.Writer(base_url=url, model="test-1"), config.Run(llm_retries=0))
    asyncio.run(client.complete(ASKED, {}, []))


def test_a_server_on_this_machine_sends_nothing_on(elsewhere: llm_server.LlmServer) -> None:
    with sending_on(f"{elsewhere.url}/chat/completions") as url:
        with pytest.raises(ModelError, match="sends calls on to another address"):
            asked(url)
        with pytest.raises(ModelError, match="answered 307"):
            searxng(url, 5.0, "what was said")
    assert elsewhere.requests == []


def test_no_proxy_hears_what_is_for_this_machine(
    elsewhere: llm_server.LlmServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # the discard port: refuses
    try:
        asked(elsewhere.url)
    except ModelError as error:
        assert "cannot be reached" not in str(error)
    with pytest.raises(ModelError, match="answered 404"):
        searxng(elsewhere.root, 5.0, "what was said")


def rights(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


@pytest.mark.slow
def test_what_people_said_is_its_owners(tmp_path: Path) -> None:
    talk = media.write(tmp_path / "talk.wav", media.speech(5.0, 22.0))
    out = tmp_path / "out"
    before = os.umask(0o000)
    try:
        assert main(["run", str(talk), "-o", str(out), "--profile", "offline"]) == 0
        Ledger(tmp_path / "ledger.db").add("A", "", [])
        VoiceBook().add("Ada", Voice("SPEAKER_00", "campplus", (1.0,))).save(
            tmp_path / "voices.json"
        )
    finally:
        os.umask(before)
    assert rights(out / ".backrow") == "0o700"
    kept = [path for path in (out / ".backrow").rglob("*") if path.is_file()]
    holding = [path for path in kept if path.suffix in (".json", ".wav")]
    assert {path.parent.name for path in holding} >= {"audio", "transcribe", "written", "event"}
    assert {rights(path) for path in holding} == {"0o600"}
    for file in ("out/report.json", "ledger.db", "voices.json"):
        assert rights(tmp_path / file) == "0o600", file
    assert rights(out / "talk" / "index.md") == "0o644", "a post is for others to read"


def test_a_cache_that_others_could_enter_is_closed(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir(mode=0o755)
    Cache(tmp_path / "house").keep("n", "k", int, 1)
    assert rights(tmp_path / "house") == "0o700"
    assert (tmp_path / "house" / ".gitignore").read_text() == "*\n"
    assert json.loads(Cache(tmp_path / "house").place("n", "k").read_text())["value"] == 1
