#!/usr/bin/env python3
"""Prefill and decode speed of Danlu beside llama.cpp: same file, same threads, runs alternated, medians and ratios.

    Benchmarks/speed.py --danlu .build/release/danlu --llama-bench ~/llama.cpp/build/bin/llama-bench model.gguf …

llama-bench is found through --llama-bench, LLAMA_BENCH or the PATH; without it only Danlu is measured, and this is said.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys


def danlu(options, model):
    command = [options.danlu, "bench", "--model", model, "-p", str(options.prompt), "-n", str(options.generate),
               "--threads", str(options.threads), "--repetitions", "1", "--json"]
    rows = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return {row["test"]: row["tokens_per_second"]["median"] for row in rows}


def llama(options, model):
    command = [options.llama_bench, "-m", model, "-p", str(options.prompt), "-n", str(options.generate),
               "-t", str(options.threads), "-r", "1", "-o", "json"]
    rows = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return {f"tg{row['n_gen']}" if row["n_gen"] else f"pp{row['n_prompt']}": row["avg_ts"] for row in rows}


def measure(options, model):
    """Figures by program and test, one a round; the order changes every round, as the machine's speed drifts."""
    programs = {"danlu": danlu, "llama.cpp": llama} if options.llama_bench else {"danlu": danlu}
    figures = {name: {} for name in programs}
    for round_ in range(options.rounds):
        for name in sorted(programs, reverse=round_ % 2 == 1):
            for test, speed in programs[name](options, model).items():
                figures[name].setdefault(test, []).append(speed)
        print(f"{os.path.basename(model)}: round {round_ + 1} of {options.rounds}", file=sys.stderr)
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--danlu", default=os.environ.get("DANLU", ".build/release/danlu"))
    parser.add_argument("--llama-bench", default=os.environ.get("LLAMA_BENCH") or shutil.which("llama-bench"))
    parser.add_argument("--prompt", type=int, default=512)
    parser.add_argument("--generate", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if not options.llama_bench:
        print("llama-bench was not found (--llama-bench, LLAMA_BENCH, PATH): measuring Danlu alone", file=sys.stderr)
    print("| model | test | Danlu tok/s (min-max) | llama.cpp tok/s (min-max) | ratio of medians |\n|---|---|---|---|---|")
    for model in options.models:
        figures = measure(options, model)
        for test, ours in figures["danlu"].items():
            theirs = figures.get("llama.cpp", {}).get(test)
            cells = [f"{statistics.median(row):.1f} ({min(row):.1f}-{max(row):.1f})" if row else "-" for row in (ours, theirs)]
            ratio = f"{statistics.median(ours) / statistics.median(theirs):.2f}" if theirs else "-"
            print(f"| {os.path.basename(model)} | {test} | {cells[0]} | {cells[1]} | {ratio} |", flush=True)


if __name__ == "__main__":
    main()
