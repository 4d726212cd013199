#!/usr/bin/env python3
"""The memory and speed of `danlu clean` on a corpus that is larger than memory should have to be.

    Benchmarks/washing_memory.py --text FOLDER [--danlu .build/release/danlu] [--gigabytes 10] [--recipe zh-en]
                                 [--work FOLDER] [--threads 2] [--raw FOLDER]

--text has .jsonl files whose lines have a "text" (Examples/corpus makes some). Their sentences are drawn anew into
documents of their lengths until there are so many bytes, so that no two documents are the same by chance; one document in
twenty is then written again as it is, and one in twenty with a sentence changed. The peak is the program's own
(getrusage); the folder needs room for the corpus and again for what becomes of it. --raw keeps the corpus, or takes the one
that is there. Needs Python and nothing else.
"""
import argparse
import json
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile
import time

FILE_BYTES = 256 << 20
SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]+|[^。！？!?\n]+$")


def documents_of(folder):
    """Sentences by language, and lengths of documents in sentences."""
    pools = {}
    for file in sorted(pathlib.Path(folder).rglob("*.jsonl")):
        sentences, lengths = pools.setdefault(file.parent.name, ([], []))
        for line in file.open(encoding="utf-8"):
            found = SENTENCE.findall(json.loads(line)["text"])
            sentences += found
            lengths.append(len(found))
    if not pools:
        sys.exit(f"{folder} has no .jsonl files")
    return list(pools.values())


def generate(pools, folder, size, seed):
    """Files of lines of JSON."""
    chance = random.Random(seed)
    written = documents = number = 0
    before = None
    while written < size:
        with (folder / f"part-{number:04}.jsonl").open("wb") as out:
            limit = min(size, written + FILE_BYTES)
            while written < limit:
                draw = chance.random()
                if before is not None and draw < 0.1:
                    sentences = list(before)
                    if draw < 0.05:
                        sentences[chance.randrange(len(sentences))] = f"{documents}。"
                else:
                    pool, lengths = pools[chance.randrange(len(pools))]
                    sentences = chance.choices(pool, k=max(1, min(chance.choice(lengths), 400)))
                    before = sentences
                line = json.dumps({"text": "".join(sentences), "id": documents}, ensure_ascii=False).encode() + b"\n"
                out.write(line)
                written += len(line)
                documents += 1
        number += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", required=True)
    parser.add_argument("--danlu", default=".build/release/danlu")
    parser.add_argument("--gigabytes", type=float, default=10)
    parser.add_argument("--recipe", default="zh-en")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--work")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--raw", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.work) as work:
        raw, washed = options.raw or pathlib.Path(work) / "raw", pathlib.Path(work) / "washed"
        if not raw.exists():
            raw.mkdir()
            generate(documents_of(options.text), raw, int(options.gigabytes * 1e9), options.seed)
        size = sum(file.stat().st_size for file in raw.iterdir())
        print(f"{size / 1e9:.2f} GB", flush=True)
        began = time.monotonic()
        done = subprocess.run(
            [options.danlu, "clean", str(raw), "--recipe", options.recipe, "--output", str(washed), "--threads",
             str(options.threads), "--json"], stdout=subprocess.PIPE, text=True)
        seconds = time.monotonic() - began
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        if done.returncode:
            sys.exit(f"danlu clean ended with {done.returncode}")
        print(done.stdout.strip()[:2000])
        print(f"{seconds:.0f} s, {size / seconds / 1e6:.1f} MB/s with {options.threads} threads, "
              f"peak {peak / 1e6:.0f} MB (1000 asked, 500 wished)")


if __name__ == "__main__":
    main()
