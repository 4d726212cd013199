"""An adapter that danlu trained, loaded by peft: the same logits as when danlu serves it, and when it is merged.

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


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="danlu-adapter-") as folder:
        figures = Checks(str(pathlib.Path(options.danlu).resolve()), options.model, pathlib.Path(folder)).check()
    print(json.dumps({name: float(f"{value:.3g}") for name, value in figures.items()}))
    change = figures.pop("change")
    if change < CHANGE_MIN or max(figures.values()) > ERROR_MAX:
        print(f"FAILED: errors up to {ERROR_MAX} and a change from {CHANGE_MIN} on are right", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
