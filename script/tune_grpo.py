"""GRPO on two-digit arithmetic: a small model that is right in less than half of the sums it was not shown learns from
answers of its own that a program checks.

    tune_grpo.py --danlu PROGRAM --work FOLDER

The model is made here, by danlu alone: pretrained on this repository's own text and some sums, then shown a few hundred
answers. Sums that it is judged on are in none of these. Prints the figures as JSON: accuracy before and after on the
served models with Wilson's 95 % interval, and bits per byte of a text that nobody trained on. FAILED, and exit code 1,
where a figure is not what it must be. Everything is kept in FOLDER: killed, it goes on where it was.
"""
import argparse
import concurrent.futures
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE))
from danlu_server import Server, call  # noqa: E402

GAIN_MIN = 0.20
BEFORE_MAX = 0.50
BITS_GROWTH_MAX = 0.02
JUDGED = 500
TASKS = 2000
SHOWN = 600
WRITTEN = 30_000
PRETRAIN = [
    "--layers", "4", "--dim", "192", "--seq", "128", "--batch-tokens", "4096", "--steps", "500", "--learning-rate",
    "0.003", "--validate-every", "0", "--sample-every", "0", "--save-every", "100", "--held-out", "0",
]
SHOW = [
    "--epochs", "2", "--seq", "128", "--batch-tokens", "1024", "--learning-rate", "0.0005", "--validate-every", "0",
]
LEARN = [
    "--all-weights", "--steps", "150", "--batch", "16", "--answers", "8", "--max-tokens", "6", "--learning-rate",
    "0.0001", "--validate-every", "50",
]


def wilson(right: int, items: int) -> tuple[float, float]:
    z = 1.959964
    share = right / items
    middle, scale = share + z * z / (2 * items), 1 + z * z / items
    width = z * math.sqrt(share * (1 - share) / items + z * z / (4 * items * items))
    return (middle - width) / scale, (middle + width) / scale


class Sums:
    """Sums and differences of two-digit numbers, divided into those that are written in texts, shown as answers, learnt
    from and judged on; none is in two of these."""

    def __init__(self):
        every = [(f"{a} {sign} {b} =", a + b if sign == "+" else a - b)
                 for a in range(10, 100) for b in range(10, 100) for sign in "+-" if sign == "+" or a >= b]
        random.Random(1).shuffle(every)
        self.judged, rest = every[:JUDGED], every[JUDGED:]
        self.tasks, rest = rest[:TASKS], rest[TASKS:]
        self.shown, self.written = rest[:SHOWN], rest[SHOWN:]


class Proof:
    def __init__(self, danlu: str, work: pathlib.Path):
        self.danlu, self.work = danlu, work
        work.mkdir(parents=True, exist_ok=True)
        self.environment = {**os.environ, "DANLU_HOME": str(work / "home"), "LANG": "C.UTF-8", "DANLU_LANG": "en"}
        self.sums = Sums()
        self.seconds: dict[str, float] = {}

    def danlu_run(self, *arguments: str) -> str:
        done = subprocess.run(
            [self.danlu, *arguments], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise SystemExit(f"danlu {' '.join(arguments[:3])} … failed:\n{done.stderr[-2000:]}")
        return done.stdout

    def train(self, name: str, *arguments: str) -> pathlib.Path:
        """A run, begun or gone on with; nothing when it is done."""
        run = self.work / name
        start = time.monotonic()
        if (run / "config.json").exists():
            self.danlu_run("train", "--resume", str(run), "--json")
        else:
            self.danlu_run("train", *arguments, "--run", str(run), "--json", "--seed", "1")
        self.seconds[name] = round(time.monotonic() - start, 1)
        return run

    def write(self, name: str, rows: list[dict]) -> str:
        path = self.work / name
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
        return str(path)

    def texts(self) -> None:
        """This repository's own pages and sources, one part of twenty held out, and sums between them."""
        root = HERE.parent
        pages = sorted(root.glob("docs/**/*.md")) + [root / "README.md"] + sorted(root.glob("Sources/**/*.swift"))
        parts = [part for page in pages for part in page.read_text().split("\n\n") if len(part) > 200]
        chooser = random.Random(2)
        chooser.shuffle(parts)
        held = parts[: len(parts) // 20]
        (self.work / "held-out.txt").write_text("\n\n".join(held)[:60_000])
        rows = [{"text": part} for part in parts[len(held):]]
        for _ in range(WRITTEN // 20):
            lines = [f"{sum} {answer}" for sum, answer in chooser.choices(self.sums.written, k=20)]
            rows.append({"text": "\n".join(lines)})
        chooser.shuffle(rows)
        self.write("texts.jsonl", rows)

    def base(self) -> pathlib.Path:
        """A model that can do some sums and knows how a chat goes."""
        if not (self.work / "texts.jsonl").exists():
            self.texts()
        tokenizer = self.work / "tokenizer"
        if not (tokenizer / "tokenizer.json").exists():
            self.danlu_run("tokenizer", "train", "--input", str(self.work / "texts.jsonl"), "--vocab-size", "1024",
                           "--phrases", "0", "--output", str(tokenizer), "--overwrite")
        texts = self.train("pretrained", "pretrain", "--data", str(self.work / "texts.jsonl"), "--tokenizer",
                           str(tokenizer), *PRETRAIN)
        shown = self.write("shown.jsonl", [{"prompt": sum, "completion": str(answer)}
                                           for sum, answer in self.sums.shown])
        return self.train("shown", "sft", "--model", str(texts), "--data", shown, *SHOW)

    def learn(self, base: pathlib.Path) -> pathlib.Path:
        tasks = self.write("tasks.jsonl", [{"prompt": sum, "reward": {"type": "number", "answer": answer}}
                                           for sum, answer in self.sums.tasks])
        return self.train("learnt", "grpo", "--model", str(base), "--data", tasks, *LEARN)

    def judge(self, run: pathlib.Path) -> dict:
        """What the served model answers to sums that nobody showed it, and what a text costs it."""
        file = self.work / f"{run.name}.gguf"
        if not file.exists():
            self.danlu_run("export", "--run", str(run), "--format", "gguf", "--type", "F16", "--output", str(file))
        server = Server(self.danlu, self.work, str(file))
        try:
            def ask(sum: str) -> str:
                status, reply = call(server.url, "POST", "/v1/chat/completions", {
                    "messages": [{"role": "user", "content": sum}], "temperature": 0, "max_tokens": 8})
                if status != 200:
                    raise SystemExit(f"{status}: {reply}")
                return reply["choices"][0]["message"]["content"].strip()
            with concurrent.futures.ThreadPoolExecutor(16) as pool:
                answers = list(pool.map(ask, [sum for sum, _ in self.sums.judged]))
        finally:
            server.stop()
        right = sum(answer == str(wanted) for answer, (_, wanted) in zip(answers, self.sums.judged))
        bits = json.loads(self.danlu_run(
            "eval", "--model", str(file), "--tasks", "bits", "--text", str(self.work / "held-out.txt"), "--json"))
        return {"accuracy": right / JUDGED, "interval": wilson(right, JUDGED),
                "bits_per_byte": bits["tasks"][0]["score"]["value"], "answers": answers[:12]}


def run(danlu: str, model: str | None, work: pathlib.Path) -> dict:
    """The figures; `model` is not needed. Raises SystemExit where one is not what it must be."""
    proof = Proof(danlu, pathlib.Path(work))
    base = proof.base()
    before = proof.judge(base)
    learnt = proof.learn(base)
    after = proof.judge(learnt)
    growth = after["bits_per_byte"] / before["bits_per_byte"] - 1
    figures = {"before": before, "after": after, "gain": after["accuracy"] - before["accuracy"],
               "bits_growth": growth, "seconds": proof.seconds}
    for what, holds in [
        (f"a start below {BEFORE_MAX:.0%}", before["accuracy"] < BEFORE_MAX),
        (f"a gain of {GAIN_MIN:.0%}", figures["gain"] >= GAIN_MIN),
        ("intervals apart", after["interval"][0] > before["interval"][1]),
        (f"bits per byte at most {BITS_GROWTH_MAX:.0%} worse", growth <= BITS_GROWTH_MAX),
    ]:
        if not holds:
            raise SystemExit(f"FAILED: expected {what}: {json.dumps(figures)}")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    options = parser.parse_args()
    print(json.dumps(run(options.danlu, None, options.work), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
