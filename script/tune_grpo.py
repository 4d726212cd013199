"""GRPO on two-digit arithmetic: a small model that is right in less than half of the sums it was not shown learns from
answers of its own that a program checks.

    tune_grpo.py --danlu PROGRAM [--model FILE] --work FOLDER

The model is smollm2-135m-instruct unless told. It is first shown fifty sums (an adapter, merged), so that it answers
with a number; then it learns from its own answers to others. The sums that it is judged on are in neither. Prints
figures as JSON: accuracy before and after, of the served models, with Wilson's 95 % interval, and bits per byte of a
text that nobody tuned on. One that falls short is an error. Everything is kept in FOLDER: killed, it goes on where it
was.
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
JUDGED = 400
SMALL = "smollm2-135m-instruct"
SHOWN = 48
TASKS = 2000
TEXT_CHARACTERS = 12_000
# Short: every answer's prompt is read again when it is learnt.
SYSTEM = {"role": "system", "content": "Sums."}
SHOW = ["--epochs", "2", "--seq", "256", "--batch-tokens", "256", "--learning-rate", "0.0003", "--held-out", "0",
        "--validate-every", "0"]
LEARN = ["--steps", "80", "--batch", "16", "--answers", "8", "--max-tokens", "6", "--learning-rate", "0.0001",
         "--batch-tokens", "1024", "--held-out", "0.03", "--validate-every", "25", "--save-every", "5"]


def wilson(right: int, items: int) -> tuple[float, float]:
    z = 1.959964
    share = right / items
    middle, scale = share + z * z / (2 * items), 1 + z * z / items
    width = z * math.sqrt(share * (1 - share) / items + z * z / (4 * items * items))
    return (middle - width) / scale, (middle + width) / scale


class Sums:
    """Sums and differences of two-digit numbers, divided into those that are judged on, learnt from and shown."""

    def __init__(self):
        every = [(f"{a} {sign} {b} =", a + b if sign == "+" else a - b)
                 for a in range(10, 100) for b in range(10, 100) for sign in "+-" if sign == "+" or a >= b]
        random.Random(1).shuffle(every)
        self.judged, rest = every[:JUDGED], every[JUDGED:]
        self.tasks, self.shown = rest[:TASKS], rest[TASKS:TASKS + SHOWN]


class Proof:
    def __init__(self, danlu: str, model: str, work: pathlib.Path):
        self.danlu, self.model, self.work = danlu, model, work
        work.mkdir(parents=True, exist_ok=True)
        self.environment = {**os.environ, "DANLU_HOME": str(work / "home"), "LANG": "C.UTF-8", "DANLU_LANG": "en"}
        self.text = work / "held-out.txt"
        self.text.write_text((HERE.parent / "docs" / "LOG.md").read_text()[:TEXT_CHARACTERS])
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

    def shown(self) -> pathlib.Path:
        """The model that answers with a number, right or wrong."""
        file = self.work / "shown.gguf"
        if not file.exists():
            data = self.write("shown.jsonl", [
                {"messages": [SYSTEM, {"role": "user", "content": sum}, {"role": "assistant", "content": str(answer)}]}
                for sum, answer in self.sums.shown])
            run = self.train("shown", "lora", "--model", self.model, "--data", data, *SHOW)
            self.danlu_run("export", "--run", str(run), "--format", "gguf", "--type", "Q8_0", "--output", str(file))
        return file

    def learnt(self, base: pathlib.Path) -> pathlib.Path:
        """An adapter beside it."""
        folder = self.work / "learnt-lora"
        if not folder.exists():
            data = self.write("tasks.jsonl", [
                {"prompt": [SYSTEM, {"role": "user", "content": sum}], "reward": {"type": "number", "answer": answer}}
                for sum, answer in self.sums.tasks])
            run = self.train("learnt", "grpo", "--model", str(base), "--data", data, *LEARN)
            self.danlu_run("export", "--run", str(run), "--format", "peft", "--output", str(folder))
        return folder

    def judge(self, base: pathlib.Path, adapter: pathlib.Path | None = None) -> dict:
        """What is served answers to sums that nobody showed it, and what a text costs it."""
        server = Server(self.danlu, self.work, str(base), *(["--adapter", f"learnt={adapter}"] if adapter else []))
        try:
            def ask(sum: str) -> str:
                body = {"messages": [SYSTEM, {"role": "user", "content": sum}], "temperature": 0, "max_tokens": 8}
                if adapter:
                    body["model"] = "learnt"
                status, reply = call(server.url, "POST", "/v1/chat/completions", body, 600)
                if status != 200:
                    raise SystemExit(f"{status}: {reply}")
                return reply["choices"][0]["message"]["content"].strip()
            with concurrent.futures.ThreadPoolExecutor(16) as pool:
                answers = list(pool.map(ask, [sum for sum, _ in self.sums.judged]))
        finally:
            server.stop()
        right = sum(answer == str(wanted) for answer, (_, wanted) in zip(answers, self.sums.judged))
        bits = json.loads(self.danlu_run(
            "eval", "--model", str(base), *(["--adapter", str(adapter)] if adapter else []), "--tasks", "bits",
            "--text", str(self.text), "--json"))
        return {"accuracy": right / JUDGED, "interval": wilson(right, JUDGED),
                "bits_per_byte": bits["tasks"][0]["score"]["value"], "answers": answers[:12]}


def small(danlu: str) -> str:
    """The file of a model that is small enough to be bad at sums, got into DANLU_TEST_HOME if need be."""
    home = {"DANLU_HOME": os.environ["DANLU_TEST_HOME"]} if "DANLU_TEST_HOME" in os.environ else {}
    environment = {**os.environ, **home}
    subprocess.run([danlu, "pull", "--if-missing", SMALL], env=environment, check=True, stdout=sys.stderr)
    shown = subprocess.run(
        [danlu, "show", SMALL, "--json"], env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(shown.stdout)["path"]


def run(danlu: str, model: str, work: pathlib.Path, start: str | None = None) -> dict:
    """Figures, and what they are held against. `model` is not used: 0.5B parameters can do such sums without being
    taught. `start` is the file of a smaller one."""
    proof = Proof(danlu, start or small(danlu), pathlib.Path(work))
    base = proof.shown()
    before = proof.judge(base)
    after = proof.judge(base, proof.learnt(base))
    gain = after["accuracy"] - before["accuracy"]
    growth = after["bits_per_byte"] / before["bits_per_byte"] - 1
    checks = [
        {"what": "sums right before", "value": before["accuracy"], "interval": list(before["interval"]),
         "at_most": BEFORE_MAX},
        {"what": "sums right after", "value": after["accuracy"], "interval": list(after["interval"]),
         "at_least": before["accuracy"] + GAIN_MIN},
        {"what": "bits per byte of a text, growth", "value": growth, "at_most": BITS_GROWTH_MAX},
    ]
    apart = after["interval"][0] > before["interval"][1]
    return {"before": before, "after": after, "gain": gain, "bits_growth": growth, "training_seconds": proof.seconds,
            "checks": checks, "failed": [] if apart else ["the intervals before and after overlap"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--model")
    parser.add_argument("--work", required=True, type=pathlib.Path)
    options = parser.parse_args()
    figures = run(str(pathlib.Path(options.danlu).resolve()), "", options.work, options.model)
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    failed = figures["failed"] + [
        row["what"] for row in figures["checks"]
        if not row.get("at_least", -math.inf) <= row["value"] <= row.get("at_most", math.inf)]
    if failed:
        sys.exit("falls short: " + "; ".join(failed))


if __name__ == "__main__":
    main()
