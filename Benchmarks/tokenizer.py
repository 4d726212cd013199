#!/usr/bin/env python3
"""Encoding speed of Danlu beside tiktoken and Hugging Face's tokenizers: one thread, same vocabulary and text, rounds
alternated, medians and ratios.

    Benchmarks/tokenizer.py --danlu .build/release/danlu --data FOLDER model.gguf

The text is put together from the JSON lines in the folder, Chinese and English mixed; --text gives another one. Times
are processor time of the encoding alone. Vocabularies of the byte-level kind; their ids must be equal.
"""
import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "script"))
from tokenizer_cases import real_lines
from tokenizer_documents import IN_GGUF, PUBLISHED, document
from tokenizer_peers import HuggingFace, Vocabulary, byte_alphabet


def mixed(folder, bytes_max):
    """Lines of all files in equal parts and random order."""
    lines = [line for line in real_lines(folder) if len(line) > 20]
    random.Random(1).shuffle(lines)
    text, size = [], 0
    for line in lines:
        text.append(line)
        size += len(line.encode()) + 1
        if size > bytes_max:
            break
    return "\n".join(text)


class Peers:
    def __init__(self, vocabulary, text, hugging_face_bytes):
        import tiktoken
        steps = IN_GGUF.get(vocabulary.pre, PUBLISHED[vocabulary.pre])
        if len(steps) != 2 or steps[0]["type"] != "Split":
            raise SystemExit(f"tiktoken has one pattern, {vocabulary.pre} has several steps")
        alphabet = {scalar: byte for byte, scalar in byte_alphabet().items()}
        ranks = {bytes(alphabet[c] for c in token): i for i, token in enumerate(vocabulary.tokens)
                 if vocabulary.kinds[i] == 1}
        self.tiktoken_encoding = tiktoken.Encoding(
            "peer", pat_str=steps[0]["pattern"]["Regex"], mergeable_ranks=ranks, special_tokens={})
        self.hugging_face_tokenizer = HuggingFace(document(vocabulary, published=False), False).tokenizer
        self.text = text
        self.size = len(text.encode())
        # Hugging Face's package is slow: it gets the first lines.
        self.lines = text[:hugging_face_bytes].split("\n")
        self.lines_size = sum(len(line.encode()) + 1 for line in self.lines)

    def tiktoken(self):
        start = time.process_time()
        self.tokens = len(self.tiktoken_encoding.encode_ordinary(self.text))
        return self.size / 1e6 / (time.process_time() - start)

    def hugging_face(self):
        start = time.process_time()
        self.hugging_face_tokenizer.encode_batch(self.lines, add_special_tokens=False)
        return self.lines_size / 1e6 / (time.process_time() - start)


def danlu(options, model, path):
    command = [options.danlu, "tokenizer", "bench", "--model", model, "--repetitions", "3", "--json"]
    with open(path, "rb") as file:
        result = json.loads(subprocess.run(command, stdin=file, stdout=subprocess.PIPE, check=True).stdout)
    return result["megabytes_per_second"]["median"], result["tokens"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--danlu", default=".build/release/danlu")
    parser.add_argument("--data", help="folder with JSON lines to take text from")
    parser.add_argument("--text", help="a file to encode instead")
    parser.add_argument("--megabytes", type=float, default=15)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.text:
        with open(options.text, encoding="utf-8", newline="") as file:
            text = file.read()
    else:
        text = mixed(options.data, options.megabytes * 1e6)
    peers = Peers(Vocabulary(options.model), text, 1 << 20)
    speeds = {"danlu": [], "tiktoken": [], "tokenizers": []}
    with tempfile.NamedTemporaryFile() as file:
        file.write(text.encode())
        file.flush()
        for round_ in range(options.rounds):
            speed, tokens = danlu(options, options.model, file.name)
            speeds["danlu"].append(speed)
            speeds["tiktoken"].append(peers.tiktoken())
            speeds["tokenizers"].append(peers.hugging_face())
            if tokens != peers.tokens:
                sys.exit(f"danlu has {tokens} ids, tiktoken {peers.tokens}")
            print(f"round {round_ + 1} of {options.rounds}", file=sys.stderr)
    medians = {name: statistics.median(all_) for name, all_ in speeds.items()}
    if options.json:
        print(json.dumps({"megabytes": peers.size / 1e6, "tokens": peers.tokens, "megabytes_per_second": medians,
                          "of_tiktoken": medians["danlu"] / medians["tiktoken"],
                          "of_tokenizers": medians["danlu"] / medians["tokenizers"]}))
        return
    print(f"{peers.size / 1e6:.1f} MB, {peers.tokens} ids, {options.rounds} rounds")
    for name, all_ in speeds.items():
        print(f"{name:11} {medians[name]:7.2f} MB/s  ({min(all_):.2f} to {max(all_):.2f})"
              f"  danlu is {medians['danlu'] / medians[name]:.2f} times as fast")


if __name__ == "__main__":
    main()
