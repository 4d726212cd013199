"""Preferences that move a model: DPO, KTO and a reward model on the pairs of Examples/preferences, judged on prompts that
were held out.

    tune_preferences.py --danlu PROGRAM --model FILE --work FOLDER [--prompts FILE…]

Prints the figures as JSON: win rates over the model that was begun with (ties count half), with Wilson's 95 % interval;
lengths; bits per byte of a text that nobody tuned on; the accuracy of the reward model. Everything is kept in FOLDER:
killed, it goes on where it was. FAILED, and exit code 1, where a figure is not what it must be.
"""
import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import types

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent / "Examples")]
import preferences  # noqa: E402
from danlu_server import Server  # noqa: E402

WIN_RATE_MIN = 0.60
BITS_GROWTH_MAX = 0.02
ACCURACY_MIN = 0.70
# Scores nearer than this are a tie.
TIE = 0.02
TEXT_CHARACTERS = 12_000
# Short examples: small batches of short rows have little padding.
ROWS = ["--seq", 256, "--batch-tokens", 1024]
SETTINGS = {"dpo": ["--epochs", "1"], "kto": ["--epochs", "1"], "reward": ["--epochs", "1"]}


def wilson(right: float, items: int) -> tuple[float, float]:
    if items == 0:
        return 0.0, 1.0
    z = 1.959964
    share = right / items
    middle, scale = share + z * z / (2 * items), 1 + z * z / items
    width = z * math.sqrt(share * (1 - share) / items + z * z / (4 * items * items))
    return (middle - width) / scale, (middle + width) / scale


class Bed:
    """The model, what it is tuned with, and what is made of it."""

    def __init__(self, danlu: str, model: str, work: pathlib.Path, prompts: list[pathlib.Path], train: int, held: int,
                 languages: str):
        self.danlu, self.model, self.work = danlu, model, work
        work.mkdir(parents=True, exist_ok=True)
        self.environment = {**os.environ, "DANLU_LANG": "en"}
        self.data = work / "preferences"
        options = types.SimpleNamespace(
            danlu=danlu, model=model, output=self.data, prompts=prompts, train=train, held_out=held, answers=3, seed=1,
            languages=languages)
        self.counts = preferences.build(options)
        self.text = work / "held-out.txt"
        self.text.write_text(held_out_text(), encoding="utf-8")

    def run(self, *arguments) -> str:
        done = subprocess.run([self.danlu, *map(str, arguments)], env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"danlu {' '.join(map(str, arguments[:2]))}: {done.stderr}")
        return done.stdout

    def train(self, kind: str, data: str) -> pathlib.Path:
        """The adapter of a run, which goes on where it was."""
        run, adapter = self.work / kind, self.work / f"{kind}-adapter"
        if not (run / "config.json").exists():
            self.run("train", kind, "--model", self.model, "--data", self.data / data, "--run", run, *ROWS,
                     *SETTINGS[kind], "--json")
        elif not adapter.exists():
            self.run("train", "--resume", run, "--json")
        if not adapter.exists():
            self.run("export", "--run", run, "--format", "peft", "--output", adapter)
        return adapter

    def bits(self, *adapter) -> float:
        result = json.loads(self.run("eval", "--model", self.model, "--tasks", "bits", "--text", self.text, "--json",
                                     *adapter))
        return result["tasks"][0]["score"]["value"]

    def answers(self, adapters: dict[str, pathlib.Path]) -> dict[str, list[dict]]:
        """Of the model and each adapter to the held-out prompts; those of one prompt begin with the same seed."""
        lines = (self.data / "held.prompts.jsonl").read_text(encoding="utf-8").splitlines()
        questions = [(json.loads(line)["prompt"], 0) for line in lines]
        kept = preferences.Answers(self.data / "answers.jsonl")
        flags = [part for name, path in adapters.items() for part in ("--adapter", f"{name}={path}")]
        with tempfile.TemporaryDirectory(prefix="danlu-") as home:
            preferences.share_models(pathlib.Path(home), self.model)
            server = Server(self.danlu, pathlib.Path(home), self.model, *flags)
            try:
                found = {"start": kept.ask(server.url, "start", questions)}
                for name, path in adapters.items():
                    # Answers of another adapter of this name are not taken for its own.
                    found[name] = kept.ask(server.url, preferences.fingerprint(path), questions, name)
                return found
            finally:
                server.stop()

    def log(self, kind: str, event: str) -> list[dict]:
        lines = (self.work / kind / "log.jsonl").read_text(encoding="utf-8").splitlines()
        return [line for line in map(json.loads, lines) if line.get("event") == event]


def held_out_text() -> str:
    """Chinese and English prose of the documentation, which no prompt asks for."""
    folder = HERE.parent / "docs"
    names = ["instruction-data.md", "evaluation.md", "training.md"]
    each = TEXT_CHARACTERS // len(names)
    return "\n\n".join((folder / name).read_text(encoding="utf-8")[:each] for name in names)


def compare(before: list[dict], after: list[dict]) -> dict:
    wins = ties = 0
    for first, second in zip(before, after):
        difference = preferences.graded(second) - preferences.graded(first)
        ties += abs(difference) < TIE
        wins += difference >= TIE
    items = len(before)
    decided = items - ties
    low, high = wilson(wins + ties / 2, items)
    return {
        "win_rate": (wins + ties / 2) / items, "low": low, "high": high, "wins": wins, "ties": ties,
        "losses": decided - wins, "win_rate_without_ties": wins / max(1, decided),
        "without_ties": wilson(wins, decided),
        "score_before": statistics.mean(map(preferences.graded, before)),
        "score_after": statistics.mean(map(preferences.graded, after)),
        "length_before": statistics.mean(preferences.length(record["answer"]) for record in before),
        "length_after": statistics.mean(preferences.length(record["answer"]) for record in after),
        # Judged by itself: the rule of length is where a model could win by saying nothing.
        "rules_after": {
            name: statistics.mean(
                preferences.rules(record["prompt"], record["answer"], record["whole"])[name] for record in after)
            for name in ("length", "layout", "language", "ending")
        },
    }


def run(danlu: str, model: str, work: pathlib.Path, prompts: list[pathlib.Path] = [], train: int = 300,
        held: int = 150, kinds: tuple[str, ...] = ("dpo", "kto", "reward"), languages: str = "zh,en") -> dict:
    """All figures; `failed` names those that are not what they must be."""
    bed = Bed(danlu, model, work, prompts, train, held, languages)
    figures: dict = {"data": bed.counts, "failed": []}
    data = {"dpo": "train.pairs.jsonl", "kto": "train.thumbs.jsonl"}
    adapters = {kind: bed.train(kind, data[kind]) for kind in data if kind in kinds}
    if adapters:
        answers = bed.answers(adapters)
        bits = bed.bits()
        for kind, adapter in adapters.items():
            figure = compare(answers["start"], answers[kind])
            after = bed.bits("--adapter", adapter)
            figure |= {"bits_before": bits, "bits_after": after, "bits_growth": after / bits - 1}
            steps = bed.log(kind, "step")
            figure["kl"] = [steps[0].get("kl"), steps[-1].get("kl")]
            figure["seconds"] = steps[-1]["seconds"]
            figures[kind] = figure
            if figure["win_rate"] < WIN_RATE_MIN or figure["low"] <= 0.5:
                figures["failed"].append(f"{kind}: win rate {figure['win_rate']:.2f}, at least {figure['low']:.2f}")
            if figure["bits_growth"] > BITS_GROWTH_MAX:
                figures["failed"].append(f"{kind}: bits per byte grow by {figure['bits_growth']:.1%}")
    if "reward" in kinds:
        bed.train("reward", "train.pairs.jsonl")
        lines = bed.run("score", "--run", bed.work / "reward", "--data", bed.data / "held.pairs.jsonl", "--json")
        figures["reward"] = json.loads(lines.splitlines()[-1]) | {"seconds": bed.log("reward", "step")[-1]["seconds"]}
        if figures["reward"]["accuracy"] < ACCURACY_MIN:
            figures["failed"].append(f"reward: accuracy {figures['reward']['accuracy']:.2f}")
    return figures


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--prompts", type=pathlib.Path, action="append", default=[])
    parser.add_argument("--train", type=int, default=300)
    parser.add_argument("--held-out", type=int, default=150)
    parser.add_argument("--kinds", default="dpo,kto,reward")
    parser.add_argument("--languages", default="zh,en", help="those that the model speaks: zh,en, zh or en")
    options = parser.parse_args()
    danlu = str(pathlib.Path(options.danlu).resolve())
    figures = run(danlu, options.model, options.work, options.prompts, options.train, options.held_out,
                  tuple(options.kinds.split(",")), options.languages)
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    for failure in figures["failed"]:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if figures["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
