"""Distillation against plain tuning: the same student, examples, order and steps, once with a teacher and once without,
judged by what each loses on answers that were held out, example by example.

    tune_distill.py --danlu PROGRAM --teacher FILE --student FILE --data FILE --work FOLDER [--steps N] [--held-out N]

--data has examples of any schema. Prints the figures as JSON: bits per byte of the held-out answers before, after plain
tuning and after distillation, and the mean difference of the two with its 95 % interval (a paired bootstrap). Everything
is kept in FOLDER: killed, it goes on where it was. FAILED, and exit code 1, where distillation is not the better one.
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
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from danlu_server import Server, call  # noqa: E402

EXAMPLES = 120
HELD_OUT = 60
STEPS = 40
CHARACTERS_MAX = 400
ROWS = ["--seq", "512", "--batch-tokens", "512"]
# Of ChatML, which the models here have.
END = "<|im_end|>"
RESAMPLES = 2000
AT_ONCE = 4


class Comparison:
    def __init__(self, danlu: str, teacher: str, student: str, data: pathlib.Path, work: pathlib.Path, steps: int,
                 held: int):
        self.danlu, self.teacher, self.student, self.work, self.steps = danlu, teacher, student, work, steps
        work.mkdir(parents=True, exist_ok=True)
        self.environment = {**os.environ, "DANLU_LANG": "en"}
        self.train_data = work / "train.jsonl"
        self.held = self.split(data, held)
        self.around = self.frame()

    def run(self, *arguments) -> str:
        done = subprocess.run([self.danlu, *map(str, arguments)], env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"danlu {' '.join(map(str, arguments[:2]))}: {done.stderr}")
        return done.stdout

    def split(self, data: pathlib.Path, held: int) -> list[dict]:
        """Examples of one question and one short answer; those that are held out."""
        file = self.work / "all.jsonl"
        if not file.exists():
            self.run("data", "convert", data, "--skip-broken", "--drop-duplicates", "--output", file)
        pairs = []
        for line in file.read_text(encoding="utf-8").splitlines():
            messages = json.loads(line).get("messages", [])
            if [message["role"] for message in messages] == ["user", "assistant"] and all(
                    len(message["content"]) <= CHARACTERS_MAX for message in messages):
                pairs.append({"prompt": messages[0]["content"], "completion": messages[1]["content"]})
        random.Random(1).shuffle(pairs)
        chosen = pairs[held:held + EXAMPLES]
        self.train_data.write_text(
            "".join(json.dumps(pair, ensure_ascii=False) + "\n" for pair in chosen), encoding="utf-8")
        return pairs[:held]

    def adapter(self, kind: str, *flags) -> pathlib.Path:
        run, adapter = self.work / kind, self.work / f"{kind}-adapter"
        if adapter.exists():
            return adapter
        if (run / "config.json").exists():
            self.run("train", "--resume", run, "--json")
        else:
            self.run("train", kind, "--model", self.student, "--data", self.train_data, "--run", run, "--steps",
                     self.steps, "--held-out", 0, "--seed", 1, *ROWS, *flags, "--json")
        self.run("export", "--run", run, "--format", "peft", "--output", adapter)
        return adapter

    def losses(self, adapters: dict[str, pathlib.Path]) -> dict[str, list[float]]:
        """Nats of each held-out answer, by name; of the student as it was under "start"."""
        flags = [part for name, path in adapters.items() for part in ("--adapter", f"{name}={path}")]
        with tempfile.TemporaryDirectory(prefix="danlu-") as home:
            server = Server(self.danlu, pathlib.Path(home), self.student, *flags)
            try:
                with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
                    return {
                        name: list(threads.map(lambda pair: self.loss(server.url, pair, name), self.held))
                        for name in ["start", *adapters]
                    }
            finally:
                server.stop()

    def loss(self, url: str, pair: dict, name: str) -> float:
        """Of the answer and its end, after the prompt as the template writes it."""
        before = self.around[0] + pair["prompt"] + self.around[1]
        whole = before + pair["completion"] + END
        body = {"prompt": whole, "max_tokens": 0, "echo": True, "logprobs": 0, "temperature": 0,
                **({} if name == "start" else {"model": name})}
        status, reply = call(url, "POST", "/v1/completions", body, seconds=600)
        if status != 200:
            raise SystemExit(f"completions: {reply}")
        found = reply["choices"][0]["logprobs"]
        return -sum(value for value, place in zip(found["token_logprobs"], found["text_offset"])
                    if value is not None and place >= len(before))

    def frame(self) -> tuple[str, str]:
        """What the student's template writes before and after a question."""
        template, messages = self.work / "template.jinja", self.work / "messages.json"
        template.write_text(self.run("show", self.student, "--template"), encoding="utf-8")
        messages.write_text(json.dumps([{"role": "user", "content": "QUESTION"}]), encoding="utf-8")
        text = self.run("template", "--file", template, "--messages", messages, "--add-generation-prompt")
        before, after = text.split("QUESTION")
        return before, after


def run(danlu: str, teacher: str, student: str, data: pathlib.Path, work: pathlib.Path, steps: int = STEPS,
        held: int = HELD_OUT) -> dict:
    comparison = Comparison(danlu, teacher, student, data, work, steps, held)
    adapters = {"lora": comparison.adapter("lora"),
                "distill": comparison.adapter("distill", "--teacher", teacher)}
    nats = comparison.losses(adapters)
    sizes = [len(pair["completion"].encode()) for pair in comparison.held]

    def bits(name: str, places=range(len(sizes))) -> float:
        return sum(nats[name][place] for place in places) / math.log(2) / sum(sizes[place] for place in places)

    chooser = random.Random(1)
    draws = sorted(
        bits("distill", places) - bits("lora", places)
        for places in ([chooser.randrange(len(sizes)) for _ in sizes] for _ in range(RESAMPLES)))
    low, high = draws[RESAMPLES * 25 // 1000], draws[RESAMPLES * 975 // 1000 - 1]
    figures = {
        "held_out": len(sizes), "bits_before": bits("start"), "bits_sft": bits("lora"), "bits_distill": bits("distill"),
        "difference": bits("distill") - bits("lora"), "low": low, "high": high,
        "better_on": sum(a < b for a, b in zip(nats["distill"], nats["lora"])), "failed": [],
    }
    if high >= 0:
        figures["failed"].append(f"distill: {figures['difference']:+.4f} bits per byte [{low:+.4f}, {high:+.4f}]")
    return figures


def main() -> int:
    parser = argparse.ArgumentParser()
    for name in ("danlu", "teacher", "student"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--held-out", type=int, default=HELD_OUT)
    options = parser.parse_args()
    figures = run(str(pathlib.Path(options.danlu).resolve()), options.teacher, options.student, options.data,
                  options.work, options.steps, options.held_out)
    print(json.dumps(figures, indent=1))
    for failure in figures["failed"]:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if figures["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
