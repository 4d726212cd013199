#!/usr/bin/env python3
"""Speed of Danlu beside llama.cpp and ik_llama.cpp: same file, same threads, runs alternated, medians and ratios.

    Benchmarks/speed.py --danlu .build/release/danlu --llama ~/llama.cpp/build/bin --ik ~/ik_llama.cpp/build/bin model.gguf …

Peers are folders with llama-bench and llama-batched-bench: --llama and --ik, or LLAMA_CPP_BIN and IK_LLAMA_CPP_BIN.
What is missing is left out, and this is said. ik_llama.cpp runs with -rtr 1, its fastest.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys


def run(command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def listed(values):
    return ",".join(str(value) for value in values)


def danlu(options, model):
    """Figures by test; the share of the machine's roof is in `roofs`."""
    command = [options.danlu, "bench", "--model", model, "-p", listed(options.prompt), "-n", listed(options.generate),
               "-d", listed(options.depth), "--sequences", listed([1] + options.sequences),
               "--threads", str(options.threads), "--repetitions", "1", "--json"]
    if options.kernels:
        command += ["--kernels", options.kernels]
    report = json.loads(run(command))
    figures = {}
    for row in report["results"]:
        figures[row["test"]] = row["tokens_per_second"]["median"]
        if row["roof_tokens_per_second"]:
            options.roofs.setdefault((model, row["test"]), []).append(
                row["tokens_per_second"]["median"] / row["roof_tokens_per_second"])
    return figures


def bench_rows(folder, model, options, extra):
    command = [os.path.join(folder, "llama-bench"), "-m", model, "-t", str(options.threads), "-r", "1", "-o", "json"]
    return json.loads(run(command + extra))


def batched(folder, model, options, extra):
    """Generation of several sequences, each after a prompt of 128 tokens."""
    figures = {}
    for count in options.sequences:
        for tokens in options.generate:
            command = [os.path.join(folder, "llama-batched-bench"), "-m", model, "-t", str(options.threads),
                       "-npp", "128", "-ntg", str(tokens), "-npl", str(count), "-c", str(count * (128 + tokens) + 64)]
            shown = subprocess.run(command + extra, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   errors="replace").stdout
            rows = [line.split("|") for line in shown.splitlines() if line.startswith("|")]
            row = next(cells for cells in rows if cells[1].strip() == "128")
            figures[f"tg{tokens} x{count}"] = float(row[8])
    return figures


def llama(options, model):
    rows = bench_rows(options.llama, model, options,
                      ["-p", listed(options.prompt), "-n", listed(options.generate), "-d", listed(options.depth)])
    figures = {}
    for row in rows:
        test = f"tg{row['n_gen']}" if row["n_gen"] else f"pp{row['n_prompt']}"
        figures[test + (f" @ d{row['n_depth']}" if row["n_depth"] else "")] = row["avg_ts"]
    return figures | batched(options.llama, model, options, [])


def ik(options, model):
    """It measures generation behind a prompt (-gp), but no prompt behind another."""
    extra = ["-rtr", "1", "-p", listed(options.prompt) if 0 in options.depth else "0",
             "-n", listed(options.generate) if 0 in options.depth else "0"]
    deep = [(depth, tokens) for depth in options.depth if depth for tokens in options.generate if tokens]
    for depth, tokens in deep:
        extra += ["-gp", f"{depth},{tokens}"]
    figures = {}
    for row in bench_rows(options.ik, model, options, extra):
        if row["n_gen"] and row["n_prompt"]:
            figures[f"tg{row['n_gen']} @ d{row['n_prompt']}"] = row["avg_ts"]
        elif row["n_gen"]:
            figures[f"tg{row['n_gen']}"] = row["avg_ts"]
        else:
            figures[f"pp{row['n_prompt']}"] = row["avg_ts"]
    return figures | batched(options.ik, model, options, ["-rtr"])


def measure(options, programs, model):
    """Figures by program and test, one a round; the order changes every round, as the machine's speed drifts."""
    figures = {name: {} for name in programs}
    for round_ in range(options.rounds):
        for name in sorted(programs, reverse=round_ % 2 == 1):
            for test, speed in programs[name](options, model).items():
                figures[name].setdefault(test, []).append(speed)
        print(f"{os.path.basename(model)}: round {round_ + 1} of {options.rounds}", file=sys.stderr)
    return figures


def table(options, programs, model, figures):
    """One line a test: medians with their range, ratios of medians, the share of the machine's roof."""
    for test, ours in figures["danlu"].items():
        cells = [os.path.basename(model), test, spread(ours)]
        for name in programs:
            if name == "danlu":
                continue
            theirs = figures[name].get(test)
            ratio = f"{statistics.median(ours) / statistics.median(theirs):.2f}" if theirs else "-"
            cells += [spread(theirs) if theirs else "-", ratio]
        roof = options.roofs.get((model, test))
        cells.append(f"{100 * statistics.median(roof):.0f} %" if roof else "-")
        yield "| " + " | ".join(cells) + " |"


def spread(values):
    return f"{statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})"


def numbers(text):
    return [int(part) for part in text.split(",")] if text else []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--danlu", default=os.environ.get("DANLU", ".build/release/danlu"))
    parser.add_argument("--llama", default=os.environ.get("LLAMA_CPP_BIN"), help="folder of llama.cpp's programs")
    parser.add_argument("--ik", default=os.environ.get("IK_LLAMA_CPP_BIN"), help="folder of ik_llama.cpp's programs")
    parser.add_argument("--prompt", "-p", type=numbers, default=[512])
    parser.add_argument("--generate", "-n", type=numbers, default=[128])
    parser.add_argument("--depth", "-d", type=numbers, default=[0])
    parser.add_argument("--sequences", type=numbers, default=[], help="sequences that generate at once, such as 8,16")
    parser.add_argument("--kernels", help="the variant of Danlu's kernels, such as avx2")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", help="write all figures to this file")
    options = parser.parse_args()
    options.roofs = {}
    programs = {"danlu": danlu}
    for name, folder, program in [("llama.cpp", options.llama, llama), ("ik_llama.cpp", options.ik, ik)]:
        if folder and os.path.exists(os.path.join(folder, "llama-bench")):
            programs[name] = program
        else:
            print(f"{name} was not found: measuring without it", file=sys.stderr)
    peers = [name for name in programs if name != "danlu"]
    heads = ["model", "test", "Danlu tok/s"] + [head for name in peers for head in (name, "ratio")] + ["of the roof"]
    print("| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|", flush=True)
    everything = {}
    for model in options.models:
        everything[os.path.basename(model)] = figures = measure(options, programs, model)
        for line in table(options, programs, model, figures):
            print(line, flush=True)
    if options.json:
        with open(options.json, "w") as file:
            json.dump(everything, file, indent=1)


if __name__ == "__main__":
    main()
