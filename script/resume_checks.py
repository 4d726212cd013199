"""Kills a training again and again and checks that it comes to the same weights. A failure prints the seed.

Pretraining starts from text; tuning starts from a model that is pretrained here: sft, and kto of all weights, from its
run, the others from its quantised GGUF file, with dropout and with panels that are made anew in each pass. That file is
distillation's teacher too: kills meet it while the teacher is asked.
"""
import argparse
import collections
import contextlib
import hashlib
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

STEPS = 60
SAVE_EVERY = 4
SHAPE = ["--layers", "2", "--dim", "64"]
SETTINGS = [
    "--batch-tokens", "512", "--micro-rows", "4", "--threads", "2", "--learning-rate", "0.003", "--steps", str(STEPS),
    "--save-every", str(SAVE_EVERY), "--validate-every", "20", "--sample-every", "30", "--seed", "7", "--json",
]
KINDS = ["pretrain", "sft", "lora", "dpo", "kto", "reward", "distill"]
# Kinds that train an adapter here.
ADAPTED = ["lora", "dpo", "reward", "distill"]
FILES = ["weights.safetensors", "optimizer.safetensors", "state.json", "manifest.json"]
STOP_SECONDS_MAX = 5.0


class Failure(Exception):
    pass


def demand(condition: bool, text: str) -> None:
    if not condition:
        raise Failure(text)


def write_tokenizer(folder: pathlib.Path) -> None:
    """A token for each byte, one that ends texts, and two for turns of a dialogue."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = iter(range(0x100, 0x200))
    vocabulary = {chr(byte if byte in printable else next(others)): byte for byte in range(256)}
    specials = {"<|endoftext|>": 256, "<|im_start|>": 257, "<|im_end|>": 258}
    added = [{"id": number, "content": content, "single_word": False, "lstrip": False, "rstrip": False,
              "normalized": False, "special": True} for content, number in specials.items()]
    folder.mkdir(parents=True)
    (folder / "tokenizer.json").write_text(json.dumps({
        "version": "1.0", "added_tokens": added,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True},
        "decoder": {"type": "ByteLevel"},
        "model": {"type": "BPE", "vocab": {**vocabulary, **specials}, "merges": []},
    }))
    (folder / "tokenizer_config.json").write_text('{"eos_token": "<|endoftext|>"}')


def write_text(path: pathlib.Path, generator: random.Random) -> None:
    words = "春 眠 不 覺 曉 處 處 聞 啼 鳥 the moon and a river go on under old stones".split()
    with path.open("w") as file:
        for number in range(400):
            text = " ".join(generator.choice(words) for _ in range(generator.randrange(3, 60)))
            file.write(json.dumps({"text": f"{number} {text}"}, ensure_ascii=False) + "\n")


def write_examples(path: pathlib.Path, kind: str, generator: random.Random) -> None:
    """What a kind of tuning learns from."""
    words = "春 眠 不 覺 曉 the moon and a river".split()
    with path.open("w") as file:
        for number in range(200):
            asked, said, other = (" ".join(generator.choice(words) for _ in range(generator.randrange(1, 5)))
                                  for _ in range(3))
            record = {"prompt": f"{number} {asked}"}
            match kind:
                case "dpo" | "reward":
                    record |= {"chosen": said, "rejected": f"{other}!"}
                case "kto":
                    record |= {"completion": said, "label": number % 3 == 0}
                case _:
                    record |= {"completion": said}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


class Run:
    """One run folder, and what is known of it."""

    def __init__(self, danlu: str, home: pathlib.Path, path: pathlib.Path, kind: str):
        self.danlu, self.home, self.path, self.kind = danlu, home, path, kind

    def start(self, fresh: list[str], **options) -> subprocess.Popen:
        begun = (self.path / "config.json").exists()
        command = ["train", "--resume", str(self.path), "--json"] if begun else [
            "train", self.kind, *SETTINGS, *fresh, "--run", str(self.path)]
        environment = {**os.environ, "DANLU_HOME": str(self.home), "LANG": "C.UTF-8", "DANLU_LANG": "en"}
        return subprocess.Popen(
            [self.danlu, *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            **options)

    def log(self) -> list[dict]:
        lines = []
        with contextlib.suppress(FileNotFoundError):
            for line in (self.path / "log.jsonl").read_bytes().split(b"\n"):
                with contextlib.suppress(ValueError):
                    lines.append(json.loads(line))
        return lines

    def last(self, *events: str) -> dict | None:
        return next((line for line in reversed(self.log()) if line.get("event") in events), None)

    def checkpoints(self) -> list[pathlib.Path]:
        return sorted((self.path / "checkpoints").glob("step-*"))

    def result(self) -> dict[str, str]:
        folder = self.path / "checkpoints" / f"step-{STEPS:08d}"
        return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES[:2]}


class Checks:
    def __init__(self, arguments: argparse.Namespace, work: pathlib.Path):
        self.work = work
        self.danlu = str(pathlib.Path(arguments.danlu).resolve())
        self.random = random.Random(arguments.seed)
        self.counts: collections.Counter = collections.Counter()
        self.tokenizer, self.text = work / "tokenizer", work / "text.jsonl"
        write_tokenizer(self.tokenizer)
        write_text(self.text, random.Random(1))
        self.number = 0
        self.kind = arguments.kind
        self.fresh = [*SHAPE, "--seq", "64", "--data", str(self.text), "--tokenizer", str(self.tokenizer)]
        if self.kind != "pretrain":
            self.fresh = self.tuning()

    def tuning(self) -> list[str]:
        """A model to start from, and examples."""
        base, examples, file = self.work / "base", self.work / "examples.jsonl", self.work / "base.gguf"
        write_examples(examples, self.kind, random.Random(2))
        environment = {**os.environ, "DANLU_HOME": str(self.work / "home"), "LANG": "C.UTF-8", "DANLU_LANG": "en"}
        for command in [["train", "pretrain", *SETTINGS, *self.fresh, "--steps", "8", "--run", str(base)],
                        ["export", "--run", str(base), "--format", "gguf", "--type", "Q8_0", "--output", str(file)]]:
            done = subprocess.run([self.danlu, *command], env=environment, capture_output=True, text=True)
            demand(done.returncode == 0, f"no base model: {done.stderr}")
        settings = ["--seq", "128", "--data", str(examples)]
        if self.kind == "sft":
            return ["--model", str(base), *settings]
        if self.kind == "kto":
            return ["--model", str(base), *settings, "--all-weights", "--batch", "6"]
        if self.kind == "distill":
            settings += ["--teacher", str(file)]
        return ["--model", str(file), *settings, "--rank", "4", "--dropout", "0.1", "--panel-memory", "1"]

    def run(self, path: pathlib.Path | None = None) -> Run:
        self.number += 1
        return Run(self.danlu, self.work / "home", path or self.work / f"run-{self.number}", self.kind)

    def finish(self, run: Run) -> None:
        """Goes on to the end, and compares."""
        process = run.start(self.fresh)
        output, notes = process.communicate()
        demand(process.returncode == 0, f"exit {process.returncode} when resumed: {notes}")
        demand(run.result() == self.expected, f"other weights in {run.path}")
        self.counts["runs compared"] += 1
        shutil.rmtree(run.path)

    def reference(self) -> None:
        run = self.run()
        start = time.monotonic()
        process = run.start(self.fresh)
        output, notes = process.communicate()
        demand(process.returncode == 0, f"the uninterrupted run failed: {notes}")
        self.seconds = time.monotonic() - start
        self.expected = run.result()
        saves = [line for line in run.log() if line["event"] == "save"]
        demand(len(saves) >= STEPS // SAVE_EVERY, f"{len(saves)} checkpoints")
        steps = STEPS - sum(line["event"] == "skip" for line in run.log())
        demand(len(output.splitlines()) == steps, f"{len(output.splitlines())} lines for {steps} steps")
        print(f"an uninterrupted run takes {self.seconds:.2f} s", file=sys.stderr)

    def kill(self, run: Run) -> bool:
        """One kill; false when the run had ended before it."""
        before = (run.last("begin", "step") or {"step": 0})["step"]
        begins = sum(line.get("event") == "begin" for line in run.log())
        process = run.start(self.fresh)
        at_saving = self.random.random() < 0.5
        deadline = time.monotonic() + self.random.uniform(0.02, self.seconds * 0.6)
        while time.monotonic() < deadline and process.poll() is None:
            if at_saving and self.random.random() < 0.2 and any(
                    (run.path / "checkpoints").glob(".step-*")):
                time.sleep(self.random.uniform(0, 0.02))
                self.counts["kills during a save"] += 1
                break
            time.sleep(0.0005)
        ended = process.poll() is not None
        process.kill()
        _, notes = process.communicate()
        demand(not ended or process.returncode == 0, f"it failed by itself: {notes}")
        log = run.log()
        started = [line for line in log if line.get("event") == "begin"][begins:]
        if started:
            # One interval, and another where the checkpoint at its beginning was still under way: these steps take
            # less time than the disk does.
            allowed = 2 + self.damaged
            demand(
                started[0]["step"] >= before - allowed * SAVE_EVERY,
                f"resumed at step {started[0]['step']} after step {before}")
            self.damaged = 0
        if not ended:
            self.counts["kills"] += 1
        return not ended

    def damage(self, run: Run) -> None:
        folders = run.checkpoints()
        sound = [folder for folder in folders if folder.stat().st_ino not in self.broken]
        # Two are kept so that one may be damaged.
        if len(sound) < 2 or sound[-1] != folders[-1]:
            return
        self.broken.add(folders[-1].stat().st_ino)
        path = folders[-1] / self.random.choice(FILES)
        data = bytearray(path.read_bytes())
        if self.random.random() < 0.5:
            data = data[: self.random.randrange(len(data))]
            self.counts["files cut"] += 1
        else:
            data[self.random.randrange(len(data))] ^= 1 << self.random.randrange(8)
            self.counts["bits flipped"] += 1
        path.write_bytes(data)
        # Together with a checkpoint that was never finished and the one that is damaged.
        self.damaged += 1

    def kills(self, count: int) -> None:
        while self.counts["kills"] < count:
            run = self.run()
            self.damaged = 0
            self.broken: set[int] = set()
            while self.counts["kills"] < count and self.kill(run):
                if self.random.random() < 0.2:
                    self.damage(run)
            self.finish(run)
            print(f"\r{self.counts['kills']} kills, {self.counts['runs compared']} runs the same", end="",
                  file=sys.stderr, flush=True)
        print(file=sys.stderr)

    def termination(self) -> None:
        """SIGTERM and Ctrl-C save where the run stands."""
        for number in [signal.SIGTERM, signal.SIGINT]:
            run = self.run()
            process = run.start(self.fresh)
            process.stdout.readline()
            start = time.monotonic()
            process.send_signal(number)
            _, notes = process.communicate()
            seconds = time.monotonic() - start
            demand(process.returncode == 0, f"exit {process.returncode} after signal {number}: {notes}")
            demand(seconds < STOP_SECONDS_MAX, f"{seconds:.1f} s to save")
            step = run.last("step")["step"]
            pointer = (run.path / "checkpoints" / "latest").read_text()
            demand(pointer == f"step-{step:08d}\n", f"latest is {pointer} after step {step}")
            self.counts["signals"] += 1
            self.finish(run)

    def limited_files(self) -> None:
        """No file may grow beyond a limit: no checkpoint can be written, and none is lost."""
        # Less than the smallest checkpoint: an adapter's weights are 40 KB.
        size = 30_000 if self.kind in ADAPTED else 100_000

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        run = self.run()
        self.until_saved(run)
        kept = [path.name for path in run.checkpoints()]
        process = run.start(self.fresh, preexec_fn=limit)
        _, notes = process.communicate()
        demand(process.returncode == 1 and "could not be saved" in notes, f"exit {process.returncode}: {notes}")
        demand([path.name for path in run.checkpoints()] == kept, "checkpoints changed on a full disk")
        self.counts["full disks"] += 1
        self.finish(run)

    def full_disk(self) -> None:
        mount = self.work / "small"
        mount.mkdir()
        try:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(mount)], check=True,
                           capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            print("no tmpfs can be mounted here; files were limited in size instead", file=sys.stderr)
            return
        try:
            run = self.run(mount / "run")
            self.until_saved(run)
            kept = [path.name for path in run.checkpoints()]
            ballast = mount / "ballast"
            with contextlib.suppress(OSError), ballast.open("wb") as file:
                while True:
                    file.write(bytes(4096))
                    file.flush()
            process = run.start(self.fresh)
            _, notes = process.communicate()
            demand(process.returncode == 1 and "could not be saved" in notes, f"exit {process.returncode}: {notes}")
            demand([path.name for path in run.checkpoints()] == kept, "checkpoints changed on a full disk")
            ballast.unlink()
            self.counts["full disks"] += 1
            self.finish(run)
        finally:
            subprocess.run(["umount", str(mount)], check=True)

    def until_saved(self, run: Run) -> None:
        """Leaves a run that was killed after two checkpoints."""
        process = run.start(self.fresh)
        while len(run.checkpoints()) < 2 and process.poll() is None:
            time.sleep(0.002)
        process.kill()
        process.communicate()
        demand(len(run.checkpoints()) >= 2, "no checkpoints")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--kind", choices=KINDS, default="pretrain")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="danlu-resume-") as folder:
        checks = Checks(arguments, pathlib.Path(folder))
        try:
            checks.reference()
            checks.termination()
            checks.limited_files()
            checks.full_disk()
            checks.kills(arguments.kills)
        except Failure as failure:
            print(f"\nFAILED with --seed {arguments.seed}: {failure}", file=sys.stderr)
            return 1
        print(", ".join(f"{count} {what}" for what, count in sorted(checks.counts.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
