"""Compares the logits of danlu, and of llama.cpp where it is given, with those of fp32 PyTorch on the same file."""
import argparse
import gzip
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

import numpy as np

import logits_reference


def mixed_text(folder: pathlib.Path) -> bytes:
    """Chinese documentation and English word problems in turn."""
    with gzip.open(folder / "docs-cn.jsonl.gz", "rt") as file:
        texts = (json.loads(line)["text"] for line in file)
        chinese = [t[:400] for t in texts if sum("一" <= c <= "鿿" for c in t[:400]) > 200][:40:8]
    with gzip.open(folder / "gsm8k-test.jsonl.gz", "rt") as file:
        english = [json.loads(next(file))["question"] for _ in chinese]
    return "\n\n".join(part for pair in zip(chinese, english) for part in pair).encode()


def read_logits(path: pathlib.Path) -> np.ndarray:
    magic, version, rows, columns = struct.unpack("<4sIII", path.open("rb").read(16))
    if magic != b"DLGT" or version != 1:
        raise SystemExit(f"{path} is no file of logits")
    return np.fromfile(path, dtype="<f4", offset=16).reshape(rows, columns)


def log_softmax(logits: np.ndarray) -> np.ndarray:
    logits = logits.astype(np.float64)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def compare(reference: np.ndarray, ours: np.ndarray, ids: list[int]) -> dict:
    """KL(reference || ours) and what goes with it, means over the positions."""
    divergences, same, losses = [], 0, []
    for row, (expected, found) in enumerate(zip(reference, ours)):
        p, q = log_softmax(expected), log_softmax(found)
        divergences.append(float((np.exp(p) * (p - q)).sum()))
        same += int(p.argmax() == q.argmax())
        if row + 1 < len(ids):
            losses.append((-p[ids[row + 1]], -q[ids[row + 1]]))
    losses = np.array(losses).mean(axis=0)
    return dict(
        kl_mean=float(np.mean(divergences)), kl_99=float(np.quantile(divergences, 0.99)),
        kl_max=float(np.max(divergences)), same_top=same / len(reference), loss_reference=float(losses[0]),
        loss=float(losses[1]))


def danlu_logits(program: str, path: str, text: bytes, positions: int, folder: pathlib.Path):
    source = folder / "text"
    source.write_bytes(text)
    output = folder / "danlu.logits"
    ids = json.loads(subprocess.run(
        [program, "tokenizer", "encode", "--model", path, "--json"], input=text, capture_output=True,
        check=True).stdout)
    subprocess.run(
        [program, "perplexity", "--model", path, "--file", source, "--positions", str(positions), "--logits-out",
         output, "--json"], capture_output=True, check=True)
    return ids, output


def build_llama(tree: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    program = folder / "logits_llama"
    library = next(path for path in tree.rglob("libllama.so")).parent
    subprocess.run(
        ["cc", "-O2", pathlib.Path(__file__).with_name("logits_llama.c"), f"-I{tree}/include",
         f"-I{tree}/ggml/include", f"-L{library}", f"-Wl,-rpath,{library}", f"-Wl,-rpath-link,{library}", "-lllama",
         "-o", program], check=True)
    return program


def main():
    parser = argparse.ArgumentParser(prog="script/logits-differential")
    parser.add_argument("models", nargs="+", metavar="FILE.gguf")
    parser.add_argument("--danlu", default=".build/release/danlu")
    parser.add_argument("--llama", type=pathlib.Path, help="a llama.cpp source tree with a build in it")
    parser.add_argument("--text", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path, default=os.environ.get("DANLU_SHARED_DATA"))
    parser.add_argument("--positions", type=int, default=512)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--kl-max", type=float, help="fail when danlu's mean KL is above this")
    options = parser.parse_args()
    if not options.text and not options.data:
        parser.error("--text or --data (or DANLU_SHARED_DATA) is needed")
    text = options.text.read_bytes() if options.text else mixed_text(pathlib.Path(options.data))
    failed = False
    for path in options.models:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            ids, ours = danlu_logits(options.danlu, path, text, options.positions, folder)
            bos = logits_reference.GGUFModel(path).bos()
            ids = (bos + ids)[:options.positions]
            found = {"danlu": ours}
            if options.llama:
                found["llama.cpp"] = folder / "llama.logits"
                subprocess.run(
                    [build_llama(options.llama, folder), path, found["llama.cpp"], str(options.threads)],
                    input=np.array(ids, dtype="<i4").tobytes(), check=True)
            reference = logits_reference.logits(path, ids)
            for program, file in found.items():
                logits = read_logits(file)
                if logits.shape != reference.shape:
                    raise SystemExit(f"{program}: {logits.shape} logits, the reference has {reference.shape}")
                result = compare(reference, logits, ids)
                print(json.dumps(dict(model=os.path.basename(path), program=program, positions=len(ids), **result)))
                sys.stdout.flush()
                failed |= program == "danlu" and options.kl_max is not None and not result["kl_mean"] <= options.kl_max
    sys.exit(1 if failed else 0)


main()
