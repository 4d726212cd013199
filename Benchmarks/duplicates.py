#!/usr/bin/env python3
"""Near duplicates with Danlu beside datatrove, datasketch and text-dedup: a planted set whose similarities are known exactly.

    Benchmarks/duplicates.py --danlu .build/release/danlu --text en.jsonl zh.jsonl …

Documents of the text get copies in which more and more words (Chinese: characters) are replaced by others of the corpus. The
truth is the Jaccard similarity of sets of 5 words or 8 Han characters. For each program: documents a second on one core
(signatures, and for Danlu also sorting and writing them; reading is left out for all), the share of pairs of 0.8 and more that it puts
together (recall), and the share of pairs it puts together that are 0.7 and more alike (precision). Python packages:
datatrove[processing], spacy, jieba, datasketch, text-dedup; those that are missing are left out.
"""
import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1", HF_HUB_OFFLINE="1")
HAN = re.compile(r"[\u3400-\u9fff]")
UNIT = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
LENGTH = {"en": 5, "zh": 8}


def language(text):
    return "zh" if len(HAN.findall(text)) > 0.3 * len(text) else "en"


def shingles(text):
    units, length = UNIT.findall(text.lower()), LENGTH[language(text)]
    return {" ".join(units[i:i + length]) for i in range(max(1, len(units) - length + 1))}


def planted(texts, originals, seed):
    """Documents as (text, family), shuffled."""
    chance = random.Random(seed)
    pool = [text for text in texts if 400 <= len(text) <= 20_000]
    chance.shuffle(pool)
    documents = []
    for family, text in enumerate(pool[:originals]):
        documents.append((text, family))
        zh = language(text) == "zh"
        pieces = list(text) if zh else text.split(" ")
        other = pool[(family + 1) % len(pool)]
        source = [c for c in other if c.strip()] if zh else other.split()
        for rate in (0.004, 0.012, 0.02, 0.03, 0.05):
            copy = [chance.choice(source) if chance.random() < rate * (0.6 if zh else 1) else piece for piece in pieces]
            documents.append(("".join(copy) if zh else " ".join(copy), family))
    chance.shuffle(documents)
    return documents


def clusters(count, links):
    parents = list(range(count))

    def root(i):
        while parents[i] != i:
            parents[i] = parents[parents[i]]
            i = parents[i]
        return i
    for a, b in links:
        a, b = root(a), root(b)
        parents[max(a, b)] = min(a, b)
    return [root(i) for i in range(count)]


def banded(signatures):
    """Links of documents that share a band."""
    tables, links = {}, []
    for document, bands in enumerate(signatures):
        for band in bands:
            links.append((tables.setdefault(band, document), document))
    return links


def datatrove(texts):
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
    config = MinhashConfig()
    english = MinhashDedupSignature("/tmp/danlu-datatrove", config, language="eng")
    chinese = MinhashDedupSignature("/tmp/danlu-datatrove", config, language="zho")
    for step in (english, chinese):  # Tokenizers load at the first text.
        step.get_signature(step.get_shingles("One two three four five six. 一二三四五六七八九十。"))
    signatures, start = [], time.perf_counter()
    for text in texts:
        step = chinese if language(text) == "zh" else english
        found = step.get_shingles(text)
        signatures.append(step.get_signature(found) if found.size else [])
    seconds = time.perf_counter() - start
    return seconds, banded([[(i, tuple(band)) for i, band in enumerate(bands)] for bands in signatures])


def datasketch(texts):
    from datasketch import MinHash, MinHashLSH
    lsh, links, start = MinHashLSH(threshold=0.75, num_perm=128), [], time.perf_counter()
    for document, text in enumerate(texts):
        signature = MinHash(num_perm=128)
        signature.update_batch([shingle.encode() for shingle in shingles(text)])
        links += [(other, document) for other in lsh.query(signature)]
        lsh.insert(document, signature)
    return time.perf_counter() - start, links


def text_dedup(texts):
    import numpy
    from text_dedup.minhash import RNG, embed_func, optimal_param, sha1_hash
    prime = numpy.uint64((1 << 61) - 1)
    bands, rows = optimal_param(0.75, 256, false_positive_weight=0.5, false_negative_weight=0.5)
    permutations = (RNG.randint(1, prime, size=(256,), dtype=numpy.uint64), RNG.randint(0, prime, size=(256,), dtype=numpy.uint64))
    signatures, start = [], time.perf_counter()
    for document, text in enumerate(texts):
        found = embed_func(text, document, num_perm=256, ngram_size=5, min_length=0,
                           hashranges=[(i * rows, (i + 1) * rows) for i in range(bands)], permutations=permutations,
                           hash_func=lambda data: sha1_hash(data, d=32), dtype=numpy.uint64,
                           max_hash=numpy.uint32((1 << 32) - 1), modulo_prime=prime)
        signatures.append(list(enumerate(found["__signatures__"])))
    return time.perf_counter() - start, banded(signatures)


def danlu(program, texts, folder):
    path, listing = os.path.join(folder, "planted.jsonl"), os.path.join(folder, "drops.jsonl")
    with open(path, "w", encoding="utf-8") as file:
        for text in texts:
            file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
    output = subprocess.run([program, "clean", "duplicates", path, "--threads", "1", "--json", "--list", listing],
                            check=True, capture_output=True).stdout
    with open(listing, encoding="utf-8") as file:
        drops = [json.loads(line) for line in file]
    links = [(drop["kept_document"], drop["document"]) for drop in drops if drop["kind"] == "near"]
    return json.loads(output)["seconds"]["signing"], links


def judge(documents, sets, roots):
    """Recall and precision over the pairs of each family, and documents put together with other families."""
    families = {}
    for document, (_, family) in enumerate(documents):
        families.setdefault(family, []).append(document)
    like, found, together, right = 0, 0, 0, 0
    for members in families.values():
        for i, a in enumerate(members):
            for b in members[i + 1:]:
                similarity = len(sets[a] & sets[b]) / len(sets[a] | sets[b])
                same = roots[a] == roots[b]
                like += similarity >= 0.8
                found += same and similarity >= 0.8
                # A chain of documents may rightly join two that are less alike than neighbours in it.
                together += same
                right += same and similarity >= 0.7
    strangers = sum(documents[root][1] != documents[i][1] for i, root in enumerate(roots))
    return found / max(1, like), right / max(1, together), strangers


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", nargs="+", required=True, help="JSON lines with a member text")
    parser.add_argument("--danlu", default=".build/release/danlu")
    parser.add_argument("--originals", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    texts = []
    for path in options.text:
        with open(path, encoding="utf-8") as file:
            texts += [json.loads(line)["text"] for line in file]
    documents = planted(texts, options.originals, options.seed)
    bare = [text for text, _ in documents]
    sets = [shingles(text) for text in bare]
    with tempfile.TemporaryDirectory() as folder:
        programs = {"danlu": lambda: danlu(options.danlu, bare, folder), "datatrove": lambda: datatrove(bare),
                    "datasketch": lambda: datasketch(bare), "text-dedup": lambda: text_dedup(bare)}
        seconds, links = {}, {}
        for _ in range(options.rounds):
            for name in list(programs):
                try:
                    spent, links[name] = programs[name]()
                except ImportError as error:
                    print(f"{name} is left out: {error}", file=sys.stderr)
                    del programs[name]
                    continue
                seconds.setdefault(name, []).append(spent)
    report = {"documents": len(documents), "bytes": sum(len(text.encode()) for text in bare)}
    for name, spent in seconds.items():
        recall, precision, strangers = judge(documents, sets, clusters(len(documents), links[name]))
        rate = len(documents) / statistics.median(spent)
        report[name] = {"documents_per_second": round(rate, 1), "recall": round(recall, 4),
                        "precision": round(precision, 4), "strangers": strangers}
    if options.json:
        return print(json.dumps(report))
    print(f"{report['documents']} documents, {report['bytes'] / 1e6:.1f} MB")
    for name in seconds:
        row = report[name]
        print(f"{name:12}{row['documents_per_second']:12.1f} documents/s  recall {row['recall']:.4f}  "
              f"precision {row['precision']:.4f}  strangers {row['strangers']}")


if __name__ == "__main__":
    main()
