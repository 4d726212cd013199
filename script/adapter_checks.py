"""What danlu trained, loaded by transformers and peft: an adapter has the same logits as when danlu serves it and when
it is merged; a reward model, of an adapter and of all weights, has the same scores as in danlu.

    adapter_checks.py --danlu PROGRAM --model FOLDER

FOLDER is a Hugging Face model in fp32. Needs torch, transformers and peft.
"""
import argparse
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

import numpy as np
import peft
import torch
import transformers

ERROR_MAX = 1e-3
CHANGE_MIN = 0.02


def read_logits(path: pathlib.Path) -> np.ndarray:
    magic, version, rows, columns = struct.unpack("<4sIII", path.open("rb").read(16))
    if magic != b"DLGT" or version != 1:
        raise SystemExit(f"{path} is no file of logits")
    return np.fromfile(path, dtype="<f4", offset=16).reshape(rows, columns)


def error(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.linalg.norm(found.astype(np.float64) - expected) / np.linalg.norm(expected.astype(np.float64)))


class Checks:
    def __init__(self, danlu: str, model: pathlib.Path, work: pathlib.Path):
        self.danlu, self.model, self.work = danlu, model, work
        self.environment = {**os.environ, "DANLU_HOME": str(work / "home"), "DANLU_LANG": "en"}
        self.text = work / "text"
        self.text.write_text("床前明月光，疑是地上霜。 The quick brown fox jumps over the lazy dog 12,345 times.")

    def run(self, *arguments) -> str:
        done = subprocess.run([self.danlu, *map(str, arguments)], env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"danlu {arguments[0]}: {done.stderr}")
        return done.stdout

    def train(self) -> pathlib.Path:
        data, run = self.work / "examples.jsonl", self.work / "run"
        with data.open("w") as file:
            for number in range(60):
                file.write(json.dumps(dict(prompt=f"{number} + 1 = ?", completion=f"It is {number + 1}.")) + "\n")
        self.run("train", "lora", "--model", self.model, "--data", data, "--run", run, "--rank", 8, "--steps", 30,
                 "--seq", 128, "--batch-tokens", 256, "--learning-rate", 0.01, "--json")
        return run

    def logits(self, *arguments) -> np.ndarray:
        output = self.work / "logits"
        self.run("perplexity", "--file", self.text, "--logits-out", output, "--json", *arguments)
        return read_logits(output)

    def check(self) -> dict:
        run = self.train()
        adapter, merged, file = self.work / "adapter", self.work / "merged", self.work / "merged.gguf"
        self.run("export", "--run", run, "--format", "peft", "--output", adapter)
        self.run("export", "--run", run, "--format", "safetensors", "--output", merged)
        self.run("export", "--run", run, "--format", "gguf", "--output", file)
        tokenizer = transformers.AutoTokenizer.from_pretrained(self.model)
        ids = torch.tensor([tokenizer(self.text.read_text(), add_special_tokens=False)["input_ids"]])

        def of(model) -> np.ndarray:
            with torch.no_grad():
                return model(input_ids=ids).logits[0].float().numpy()

        def load(path):
            return transformers.AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)

        plain = of(load(self.model))
        expected = of(peft.PeftModel.from_pretrained(load(self.model), adapter))
        return dict(
            change=error(expected, plain), served=error(self.logits("--model", self.model, "--adapter", adapter), expected),
            merged_in_danlu=error(self.logits("--model", file), expected),
            merged_in_transformers=error(of(load(merged)), expected),
            merged_by_peft=error(
                of(peft.PeftModel.from_pretrained(load(self.model), adapter).merge_and_unload()), expected))

    # Reward models.

    def pairs(self) -> pathlib.Path:
        data = self.work / "pairs.jsonl"
        with data.open("w") as file:
            for number in range(60):
                file.write(json.dumps(dict(prompt=f"{number} + 1 = ?", chosen=f"It is {number + 1}.",
                                           rejected="How should I know?" * (1 + number % 3))) + "\n")
        return data

    def scores(self, *arguments) -> np.ndarray:
        lines = self.run("score", "--data", self.pairs(), "--json", "--seq", 128, "--precision", "fp32", *arguments)
        return np.array([line["score"] for line in map(json.loads, lines.splitlines()) if "score" in line])

    def texts(self) -> list[list[int]]:
        """The ids of all answers, each with its end token as the last."""
        tokenizer = transformers.AutoTokenizer.from_pretrained(self.model)
        end = tokenizer.convert_tokens_to_ids("<|im_end|>")
        found = []
        for pair in map(json.loads, self.pairs().read_text().splitlines()):
            for answer in (pair["chosen"], pair["rejected"]):
                text = tokenizer.apply_chat_template(
                    [dict(role="user", content=pair["prompt"]), dict(role="assistant", content=answer)], tokenize=False)
                ids = tokenizer(text, add_special_tokens=False)["input_ids"]
                found.append(ids[:len(ids) - ids[::-1].index(end)])
        return found

    def reward(self) -> dict:
        """Errors in parts of the scores' spread."""
        texts, figures = self.texts(), {}

        def one_by_one(model) -> np.ndarray:
            with torch.no_grad():
                return np.array([float(model(input_ids=torch.tensor([ids])).logits[0, 0]) for ids in texts])

        def together(model) -> np.ndarray:
            padding, length = model.config.pad_token_id, max(map(len, texts))
            ids = torch.tensor([ids + [padding] * (length - len(ids)) for ids in texts])
            mask = torch.tensor([[1] * len(ids) + [0] * (length - len(ids)) for ids in texts])
            with torch.no_grad():
                return model(input_ids=ids, attention_mask=mask).logits[:, 0].numpy()

        def load(path, **options):
            return transformers.AutoModelForSequenceClassification.from_pretrained(path, dtype=torch.float32, **options)

        for kind, flags in [("adapter", ["--rank", 8]), ("all", ["--all-weights"])]:
            run, folder = self.work / f"reward-{kind}", self.work / f"scorer-{kind}"
            self.run("train", "reward", "--model", self.model, "--data", self.pairs(), "--run", run, *flags, "--steps", 20,
                     "--seq", 128, "--learning-rate", 0.003, "--json")
            self.run("export", "--run", run, "--format", "safetensors", "--output", folder)
            scores, model = self.scores("--run", run), load(folder)
            spread = float(scores.std())

            def distance(others: np.ndarray) -> float:
                return float(np.abs(others - scores).max()) / spread

            figures[f"{kind}_transformers"] = distance(one_by_one(model))
            figures[f"{kind}_transformers_padded"] = distance(together(model))
            figures[f"{kind}_exported_in_danlu"] = distance(self.scores("--model", folder))
            if kind == "adapter":
                self.run("export", "--run", run, "--format", "peft", "--output", self.work / "scorer-peft")
                tuned = peft.PeftModel.from_pretrained(load(self.model, num_labels=1), self.work / "scorer-peft")
                figures["adapter_peft"] = distance(one_by_one(tuned))
        return figures


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="danlu-adapter-") as folder:
        checks = Checks(str(pathlib.Path(options.danlu).resolve()), options.model, pathlib.Path(folder))
        figures = checks.check() | checks.reward()
    print(json.dumps({name: float(f"{value:.3g}") for name, value in figures.items()}))
    change = figures.pop("change")
    if change < CHANGE_MIN or max(figures.values()) > ERROR_MAX:
        print(f"FAILED: errors up to {ERROR_MAX} and a change from {CHANGE_MIN} on are right", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
