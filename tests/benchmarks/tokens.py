"""How many tokens an event costs, counted with a real tokenizer over a recorded run.

    uv run --group dev python tests/benchmarks/tokens.py [CASSETTE ...]

`prefix` is what all calls that write share from their first token on: what a server's cache holds.
The schema of the answer is counted at its head, where OpenAI puts it ("serves as a prefix to the
system message"); local servers read none. `beyond` is what is read outside of that prefix. The
tokenizer is Whisper's (GPT-2's byte pairs), from the package of weights. Ends with one JSON line
per event.
"""

import json
import sys
import tempfile
from os.path import commonprefix
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from cassettes import Cassette, step, written
from llm_server import LlmServer, Request
from tokenizers import Tokenizer

from pipeline.asr import packaged

CASSETTES = Path(__file__).parents[1] / "cassettes"


def text(request: Request) -> str:
    """All that the model reads: the messages, and the schema where the server is given one."""
    messages = "\n".join(message["content"] for message in request.messages)
    return json.dumps(request.body.get("response_format", {})) + messages


def main(folders: list[Path]) -> None:
    tokenizer = Tokenizer.from_file(str(packaged.assemble() / "tokenizer.json"))

    def count(words: str) -> int:
        return len(tokenizer.encode(words, add_special_tokens=False).ids)

    for folder in folders:
        played = Cassette(folder)
        with LlmServer(played) as server, tempfile.TemporaryDirectory() as out:
            written(folder, server.url, Path(out))
        sizes: dict[str, list[int]] = {}
        for request in server.requests:
            sizes.setdefault(step(request.system), []).append(count(text(request)))
        writes = [text(r) for r in server.requests if step(r.system) == "write"]
        answers = (folder / "answers").glob("*.json")
        told = [json.loads(file.read_text(encoding="utf-8"))["answer"] for file in answers]
        out_tokens = sum(count(json.dumps(each, ensure_ascii=False)) for each in told)
        for name, counts in sizes.items():
            print(f"{folder.name:16} {name:8} {len(counts):3} calls {sum(counts):7} tokens in")
        prefix = count(commonprefix(writes)) if writes else 0  # noqa: RUF071
        read = sum(map(sum, sizes.values()))
        shared = prefix * len(writes)
        figures = {"event": folder.name, "calls": sum(map(len, sizes.values())), "in": read,
                   "prefix": prefix, "in_prefix": shared, "beyond": read - shared,
                   "out": out_tokens}  # fmt: skip
        print(json.dumps(figures))


if __name__ == "__main__":
    main([Path(each) for each in sys.argv[1:]] or sorted(CASSETTES.iterdir()))
