#!/usr/bin/env python3
"""Training a tokenizer with Danlu beside Hugging Face's trainer: the same text, vocabulary size and threads, rounds
alternated, medians of the whole (reading, counting, merging), ratio, peak memory. Danlu runs twice: with words only, which
is the same work, and with the phrases that are its default.

    Benchmarks/tokenizer_training.py --danlu .build/release/danlu --threads 2 text.txt …

Both get the documents of a JSON-lines file that is made of the text, 64 KB each; each round is a process of its own.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "script"))
DOCUMENT_CHARACTERS = 1 << 15


def texts(paths):
    for path in paths:
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            if path.endswith(".jsonl"):
                yield from (json.loads(line)["text"] for line in file)
            else:
                text = file.read()
                yield from (text[i:i + DOCUMENT_CHARACTERS] for i in range(0, len(text), DOCUMENT_CHARACTERS))


def peer(path, size):
    """One round of Hugging Face's trainer, run as a process."""
    from tokenizer_training import hugging_face
    start = time.time()
    with open(path, encoding="utf-8") as file:
        tokenizer = hugging_face((json.loads(line)["text"] for line in file), size)
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    print(json.dumps({"seconds": time.time() - start, "merges": [" ".join(m) for m in merges]}))


def measured(command, environment):
    """Output, and the largest memory of the process in MB."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, env={**os.environ, **environment})
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit(f"{command[0]} ended with {status}")
        output.seek(0)
        return json.loads(output.read().decode().strip().split("\n")[-1]), usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text", nargs="+")
    parser.add_argument("--danlu", default=".build/release/danlu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--vocab-size", type=int, default=8192)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.peer:
        return peer(options.text[0], options.vocab_size)
    seconds = {"danlu": [], "danlu, phrases": [], "tokenizers": []}
    memory, same = dict.fromkeys(seconds, 0), True
    with tempfile.TemporaryDirectory() as folder:
        path, size = os.path.join(folder, "text.jsonl"), 0
        words, phrases = os.path.join(folder, "words"), os.path.join(folder, "phrases")
        with open(path, "w", encoding="utf-8") as file:
            for text in texts(options.text):
                size += len(text.encode())
                file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
        ours = [options.danlu, "tokenizer", "train", "--input", path, "--vocab-size", str(options.vocab_size),
                "--threads", str(options.threads), "--overwrite", "--json"]
        theirs = [sys.executable, os.path.abspath(__file__), "--peer", path, "--vocab-size", str(options.vocab_size)]
        threads = {"RAYON_NUM_THREADS": str(options.threads), "TOKENIZERS_PARALLELISM": "true"}
        for _ in range(options.rounds):
            for name, command in zip(seconds, ([*ours, "--phrases", "0", "--output", words],
                                               [*ours, "--output", phrases], theirs)):
                result, used = measured(command, threads)
                seconds[name].append(result["seconds"])
                memory[name] = max(memory[name], used)
            with open(os.path.join(words, "tokenizer.json"), encoding="utf-8") as file:
                same = same and [" ".join(m) for m in json.load(file)["model"]["merges"]] == result["merges"]
    medians = {name: statistics.median(all_) for name, all_ in seconds.items()}
    ratios = {name: medians["tokenizers"] / medians[name] for name in seconds}
    if options.json:
        print(json.dumps({"megabytes": size / 1e6, "threads": options.threads, "seconds": medians, "ratios": ratios,
                          "memory_megabytes": memory, "same_merges": same}))
        return
    print(f"{size / 1e6:.1f} MB, {options.vocab_size} entries, {options.threads} threads, {options.rounds} rounds; "
          f"merges {'the same' if same else 'DIFFERENT'}")
    for name, all_ in seconds.items():
        print(f"{name:15} {medians[name]:7.2f} s  ({min(all_):.2f} to {max(all_):.2f})  {memory[name]:6.0f} MB  "
              f"{ratios[name]:.1f} times as fast as tokenizers")


if __name__ == "__main__":
    main()
