"""Exports a model and compares what other programs make of the files; see script/test-export."""
import argparse
import base64
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.request

import gguf
import numpy as np
import torch
from safetensors import safe_open
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from danlu_server import Server, call, make_home

TYPES = ["F16", "BF16", "Q8_0", "Q6_K", "Q5_K", "Q5_1", "Q5_0", "Q4_K", "Q4_1", "Q4_0"]
WORSE_MAX = 1.05
TOKENS = 32
PROMPTS = [
    "床前明月光", "春眠不覺曉，", "國破山河在，城春草木深。", "白日依山盡", "千山鳥飛絕", "To be, or not", "Natalia sold clips",
    "If a train leaves at 3:45 and", "The total cost is $", "How many apples does", "# 概述\n\nTiDB 是", "## 使用方法\n\n",
    "```sql\nSELECT * FROM", "在集群中，每個節點", "配置文件 `tidb.toml`", "She has 12 marbles.", "  leading spaces",
    "秋風", "don't you'll we've", "1234567890 + 5 =",
]
EDGES = [
    "", " ", "\n\n\n", "a" * 300, "  two  spaces ", "naïve émigré Größe", "日本語と한국어", "🙂👍🏽🇨🇳", "1 22 333 4444",
    "tab\tand\r\nnewline", "<|im_start|>user\nhi<|im_end|>\n", "'s 't 're 've 'll", "\u00a0no-break", "ﬁ ligature Å",
]
failures: list[str] = []


def check(name: str, passed: bool, detail: str = "") -> None:
    print(("ok    " if passed else "FAILED") + f" {name}" + (f": {detail}" if detail else ""), flush=True)
    if not passed:
        failures.append(name)


def run(*command: object) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


class LlamaServer:
    """llama-server with everything in floats."""

    def __init__(self, binary: pathlib.Path, model: pathlib.Path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [binary, "-m", model, "--port", str(self.port), "-ctk", "f32", "-ctv", "f32", "-fa", "off", "-c", "1024",
             "-np", "1", "-t", "2"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=1)
                return
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit("llama-server does not load the file")
                time.sleep(0.1)

    def answer(self, ids: list[int]) -> list[int]:
        reply = call(
            f"http://127.0.0.1:{self.port}", "POST", "/completion",
            dict(prompt=ids, n_predict=TOKENS, temperature=0, top_k=1, cache_prompt=False, return_tokens=True,
                 repeat_penalty=1.0))[1]
        return reply["tokens"]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Checks:
    def __init__(self, given: argparse.Namespace):
        self.given, self.work, self.danlu = given, given.work, given.danlu
        self.source = ["--run", given.run] if given.run else ["--model", given.model]
        found = list(given.llama.rglob("llama-quantize")) if given.llama else []
        self.bin = next((path.parent for path in found if os.access(path, os.X_OK) and path.is_file()), None)
        if self.bin is None:
            print("llama.cpp is not compared with: --llama names no tree with llama-quantize in it")

    def export(self, kind: str, type: str, name: str, *more: str) -> pathlib.Path:
        path = self.work / name
        text = run(self.danlu, "export", *self.source, "--format", kind, "--type", type, "--output", path, "--json", *more)
        report = json.loads(text[text.index("{"):])
        assert report["output"] == str(path) and report["bytes"] > 0, report
        return path

    def folder(self) -> None:
        self.hf = self.export("safetensors", "F32", "folder")
        self.model = AutoModelForCausalLM.from_pretrained(self.hf, dtype=torch.float32).eval()
        self.tokenizer = AutoTokenizer.from_pretrained(self.hf)
        config = AutoConfig.from_pretrained(self.hf)
        check("transformers loads the folder", config.model_type == self.model.config.model_type)
        if self.given.model:
            origin = AutoModelForCausalLM.from_pretrained(self.given.model, dtype=torch.float32)
            ours, theirs = self.model.state_dict(), origin.state_dict()
            same = ours.keys() == theirs.keys() and all(torch.equal(ours[key], theirs[key]) for key in ours)
            check("weights of the folder are the model's, bit by bit", same)
        for name, dtype in (("BF16", torch.bfloat16), ("F16", torch.float16)):
            path = self.export("safetensors", name, f"folder-{name}")
            with safe_open(path / "model.safetensors", "pt") as file:
                state = self.model.state_dict()
                same = all(torch.equal(file.get_tensor(key), state[key].to(dtype)) for key in file.keys())
            check(f"weights in {name} are torch's", same)
        template = self.tokenizer.chat_template
        if template:
            text = self.tokenizer.apply_chat_template(
                [{"role": "user", "content": "你好"}], tokenize=False, add_generation_prompt=True)
            check("the chat template is there", "你好" in text)

    def gguf(self) -> None:
        self.f32 = self.export("gguf", "F32", "f32.gguf")
        reader = gguf.GGUFReader(self.f32)
        print(f"      {reader.fields['general.architecture'].contents()}, {len(reader.tensors)} tensors")
        check("the embeddings are the model's, read by the gguf package", bool(np.array_equal(
            next(t for t in reader.tensors if t.name == "token_embd.weight").data,
            self.model.get_input_embeddings().weight.detach().numpy())))
        again = subprocess.run(
            [self.danlu, "export", *self.source, "--format", "gguf", "--output", self.f32], capture_output=True)
        check("a file that is there is kept", again.returncode == 1)

    def ids(self) -> None:
        parts = [self.held()[start * 500:][:500] for start in range(40)]
        texts = PROMPTS + EDGES + [part for part in parts if part]
        expected = [self.tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]
        lines = b"\n".join(base64.b64encode(text.encode()) for text in texts)
        reply = subprocess.run(
            [self.danlu, "tokenizer", "encode", "--model", self.f32, "--special", "--lines", "--base64", "--json"],
            input=lines, capture_output=True, check=True)
        found = [json.loads(line) for line in reply.stdout.splitlines()]
        wrong = {"danlu": sum(a != b for a, b in zip(found, expected)) + abs(len(found) - len(expected))}
        if self.bin:
            wrong["llama.cpp"] = 0
        for text, ids in zip(texts, expected) if self.bin else []:
            path = self.work / "text"
            path.write_bytes(text.encode())
            if text:
                reply = run(self.bin / "llama-tokenize", "-m", self.f32, "-f", path, "--ids", "--no-bos", "--log-disable")
                wrong["llama.cpp"] += json.loads(re.findall(r"^\[.*\]$", reply, re.M)[-1]) != ids
        for program, count in wrong.items():
            check(f"ids of {len(texts)} texts, {program}", count == 0, f"{count} differ" if count else "")

    def held(self) -> str:
        path = self.given.text or pathlib.Path(self.given.model or self.given.run) / "held.txt"
        return path.read_text(encoding="utf-8") if path.exists() else "\n".join(PROMPTS + EDGES) * 20

    def answers(self) -> None:
        expected = []
        ends = set(np.atleast_1d(self.model.generation_config.eos_token_id).tolist())
        for prompt in PROMPTS:
            ids = self.tokenizer(prompt, return_tensors="pt", add_special_tokens=False)
            reply = self.model.generate(
                **ids, max_new_tokens=TOKENS, do_sample=False, pad_token_id=self.tokenizer.pad_token_id or 0)
            tokens = reply[0, ids["input_ids"].shape[1]:].tolist()
            expected.append(tokens[:-1] if tokens and tokens[-1] in ends else tokens)
        # Half a character at the end is left out of a text.
        texts = [self.tokenizer.decode(tokens, skip_special_tokens=True).rstrip("\ufffd") for tokens in expected]
        for path, what in ((self.f32, "GGUF"), (self.hf, "folder")):
            temporary, home = make_home()
            server = Server(str(self.danlu), home, str(path), "--cache-type", "f32")
            found = [
                call(server.url, "POST", "/v1/completions",
                     dict(prompt=prompt, max_tokens=TOKENS, temperature=0, stream=False))[1]["choices"][0]["text"]
                for prompt in PROMPTS]
            server.stop()
            temporary.cleanup()
            self.compare(f"greedy answers, danlu's {what}", [text.rstrip("\ufffd") for text in found], texts)
        if self.bin:
            llama = LlamaServer(self.bin / "llama-server", self.f32)
            found = [llama.answer(self.tokenizer(prompt, add_special_tokens=False)["input_ids"]) for prompt in PROMPTS]
            llama.stop()
            self.compare("greedy answers, llama.cpp", [t[:-1] if t and t[-1] in ends else t for t in found], expected)

    def compare(self, name: str, found: list, expected: list) -> None:
        wrong = [place for place, pair in enumerate(zip(found, expected)) if pair[0] != pair[1]]
        check(f"{name} of {len(expected)}", not wrong, f"{[PROMPTS[i] for i in wrong]}" if wrong else "")

    def quantised(self) -> None:
        text, base = self.work / "held.txt", self.work / "base.kld"
        text.write_text(self.held(), encoding="utf-8")
        perplexity = [self.bin / "llama-perplexity", "-f", text, "-c", "256", "--chunks", "24", "-t", "2"] if self.bin else []
        if perplexity:
            run(*perplexity, "-m", self.f32, "--kl-divergence-base", base)
        for type in TYPES:
            ours = self.export("gguf", type, f"{type}.gguf")
            gguf.GGUFReader(ours)
            if not perplexity:
                continue
            theirs = self.work / "theirs.gguf"
            run(self.bin / "llama-quantize", self.f32, theirs, type, "2")
            figures = {}
            for name, path in (("danlu", ours), ("llama-quantize", theirs)):
                output = run(*perplexity, "-m", path, "--kl-divergence-base", base, "--kl-divergence")
                figures[name] = float(re.search(r"Mean\s+KLD:\s+(-?[\d.]+)", output)[1])
            sizes = f"{ours.stat().st_size} and {theirs.stat().st_size} bytes"
            ratio = figures["danlu"] / max(figures["llama-quantize"], 1e-9)
            # Below that, what is measured is the rounding of activations.
            is_good = ratio <= WORSE_MAX or figures["danlu"] < 1e-5 or self.given.random
            check(f"{type}: mean KL {figures['danlu']:.6f}, llama-quantize's {figures['llama-quantize']:.6f}", is_good,
                  f"{ratio:.3f}; {sizes}")

    def fullDisk(self) -> None:
        limited = subprocess.run(
            ["bash", "-c", 'trap "" XFSZ; ulimit -f 256; exec "$@"', "-", self.danlu, "export", *map(str, self.source),
             "--format", "gguf", "--output", self.work / "limited.gguf"], capture_output=True, text=True)
        left = [path.name for path in self.work.iterdir() if "limited" in path.name]
        check("no room leaves nothing", limited.returncode == 1 and not left, limited.stderr.strip()[:160])


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--danlu", type=pathlib.Path, required=True)
    options.add_argument("--work", type=pathlib.Path, required=True)
    options.add_argument("--llama", type=pathlib.Path)
    options.add_argument("--model")
    options.add_argument("--run")
    options.add_argument("--text", type=pathlib.Path)
    options.add_argument("--random", action="store_true")
    given = options.parse_args()
    given.danlu = given.danlu.resolve()
    checks = Checks(given)
    for step in (checks.folder, checks.gguf, checks.ids, checks.answers, checks.quantised, checks.fullDisk):
        step()
    raise SystemExit(f"{len(failures)} checks failed" if failures else 0)


if __name__ == "__main__":
    main()
