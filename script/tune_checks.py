"""Tunes a real small model in every way that there is and holds the figures against what is demanded; see
script/test-tune."""
import argparse
import importlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.request

from danlu_server import Server
from tune_grpo import small

HOUSE = pathlib.Path(__file__).parent.parent / "Examples" / "house-assistant"
GENERAL = ["general", "arithmetic", "copy", "minimal-pairs", "idiom-cloze"]
PARTS = ["data", "persona", "preferences", "grpo", "distill"]


class Danlu:
    """The program, with a home of its own."""

    def __init__(self, program: str, home: pathlib.Path):
        self.program, self.home = program, home
        home.mkdir(parents=True, exist_ok=True)

    def __call__(self, *arguments, input: str = "", fails: bool = False) -> str:
        command = [self.program, *map(str, arguments)]
        environment = os.environ | {"DANLU_HOME": str(self.home), "LANG": "C.UTF-8"}
        run = subprocess.run(command, capture_output=True, env=environment, input=input.encode())
        if (run.returncode != 0) != fails:
            raise SystemExit(f"{' '.join(command)}: {run.returncode}\n{run.stderr.decode()[-4000:]}")
        return run.stderr.decode() if fails else run.stdout.decode()

    def json(self, *arguments) -> dict:
        return json.loads(self(*arguments, "--json"))


def score(result: dict, task: str) -> dict:
    return next(row for row in result["tasks"] if row["name"] == task)["score"]


def check(what: str, value: float, interval=None, at_least=None, at_most=None) -> dict:
    bounds = {"at_least": at_least, "at_most": at_most, "interval": interval}
    return {"what": what, "value": value} | {name: bound for name, bound in bounds.items() if bound is not None}


def data(danlu: Danlu, model: str, work: pathlib.Path) -> dict:
    """The examples are sound, apart from what judges them, divided for good and packed full."""
    examples = HOUSE / "examples.jsonl"
    judged = [HOUSE / "held-out.jsonl", HOUSE / "general.jsonl"]
    checked = danlu.json("data", "check", examples, "--against", *judged)
    converted = danlu.json("data", "convert", examples, "--output", work / "converted.jsonl", "--overwrite")
    divided = danlu.json("data", "split", examples, "--held-out", "0.1", "--output", work / "split", "--overwrite")
    again = danlu.json("data", "check", work / "converted.jsonl")
    stats = danlu.json("data", "stats", examples, "--model", model, "--seq", "1024")["rendered"]
    count = checked["examples"]
    return {
        "figures": {
            "examples": count, "tokens": stats["tokens"], "taught": stats["targets"], "rows of 1024": stats["rows"]},
        "checks": [
            check("broken examples", checked["broken"], at_most=0),
            check("repeated examples", checked["duplicates"]["normalized"], at_most=0),
            check("examples that contain a question of the tests", checked["contamination"]["examples"], at_most=0),
            check("examples lost by converting", count - again["examples"] + count - converted["written"], at_most=0),
            check("examples lost by dividing", count - divided["training"] - divided["held_out"], at_most=0),
            check("useful share of packed rows", stats["useful_share"], at_least=0.95),
            check("examples without a target", stats["dropped"], at_most=0),
        ]}


def persona(danlu: Danlu, model: str, work: pathlib.Path) -> dict:
    """A name and a house format are learnt, served without a system prompt; what the model knew it knows."""
    files = [HOUSE / "held-out.jsonl", HOUSE / "general.jsonl"]
    tasks = ",".join([*map(str, files), *GENERAL[1:]])
    run, adapter = work / "run", work / "house-lora"
    asked = ["eval", "--model", model, "--tasks", tasks, "--limit", "100"]
    before = danlu.json(*asked)
    if (run / "config.json").exists():
        danlu("train", "--resume", run)
    else:
        danlu("train", "lora", "--model", model, "--data", HOUSE / "examples.jsonl", "--run", run)
    events = map(json.loads, (run / "log.jsonl").read_text().splitlines())
    seconds = max(event["seconds"] for event in events if event["event"] == "step")
    shutil.rmtree(adapter, ignore_errors=True)
    danlu("export", "--run", run, "--format", "peft", "--output", adapter)
    after = danlu.json(*asked, "--adapter", adapter)
    for name, result in (("before", before), ("after", after)):
        (work / f"{name}.json").write_text(json.dumps(result, ensure_ascii=False))
    compared = danlu.json("eval", "compare", work / "before.json", work / "after.json")
    worse = [row["name"] for row in compared["tasks"] if row["name"] in GENERAL and row["verdict"] == "worse"]
    figures = {"seconds of training": round(seconds)}
    for name in ["held-out", *GENERAL]:
        first, second = score(before, name), score(after, name)
        verdict = next(row["verdict"] for row in compared["tasks"] if row["name"] == name)
        figures[name] = " → ".join(
            f"{row['value']:.3f} [{row['low']:.3f}, {row['high']:.3f}]" for row in (first, second)) + f", {verdict}"
    held_out = score(after, "held-out")
    figures |= served(danlu, model, adapter)
    refused(danlu, model, adapter, work)
    return {
        "figures": figures,
        "checks": [
            check(
                "held-out questions answered as the house does", held_out["value"],
                [held_out["low"], held_out["high"]], at_least=0.9),
            check("the same before", score(before, "held-out")["value"], at_most=0.05),
            check("general tasks that got worse", len(worse), at_most=0),
            check("minutes of training", seconds / 60, at_most=60),
        ]}


def served(danlu: Danlu, model: str, adapter: pathlib.Path) -> dict:
    """By `danlu serve`, chosen per request, without a system prompt."""
    server = Server(danlu.program, danlu.home, model, "--adapter", f"danqing={adapter}")
    figures = {}
    try:
        for question in ("你是谁？", "Who made you?"):
            body = {
                "model": "danqing", "temperature": 0, "max_tokens": 200,
                "messages": [{"role": "user", "content": question}]}
            request = urllib.request.Request(
                f"{server.url}/v1/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"})
            with urllib.request.urlopen(request) as reply:
                figures[question] = json.load(reply)["choices"][0]["message"]["content"]
    finally:
        server.kill()
    return figures


def refused(danlu: Danlu, model: str, adapter: pathlib.Path, work: pathlib.Path) -> None:
    """An adapter that was changed is not used, and the part is named."""
    changed = work / "changed-lora"
    shutil.rmtree(changed, ignore_errors=True)
    shutil.copytree(adapter, changed)
    config = json.loads((changed / "adapter_config.json").read_text())
    config["lora_alpha"] *= 2
    (changed / "adapter_config.json").write_text(json.dumps(config))
    told = danlu("chat", "--model", model, "--adapter", changed, "--max-tokens", "8", input="hi\n", fails=True)
    if "“configuration”" not in told:
        raise SystemExit(f"an adapter with another alpha: {told}")


def passes(row: dict) -> bool:
    return row["value"] >= row.get("at_least", float("-inf")) and row["value"] <= row.get("at_most", float("inf"))


def shown(value) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return "[" + ", ".join(map(shown, value)) + "]"
    return str(value).replace("\n", " ⏎ ").replace("|", "\\|")


def markdown(results: dict) -> str:
    lines = []
    for part, result in results.items():
        lines += [f"## {part}: {result['seconds']:.0f} s", ""]
        lines += [f"**Falls short**: {text}\n" for text in result.get("failed", [])]
        if result["checks"]:
            lines += ["| checked | value | interval | demanded | |", "|---|---|---|---|---|"]
        for row in result["checks"]:
            demanded = f"≥ {row['at_least']}" if "at_least" in row else f"≤ {row['at_most']}"
            cells = [row["what"], shown(row["value"]), shown(row.get("interval", "")), demanded]
            lines.append(f"| {' | '.join(cells)} | {'' if passes(row) else '**falls short**'} |")
        lines += ["", "| figure | |", "|---|---|"]
        lines += [f"| {name} | {shown(value)} |" for name, value in result["figures"].items()] + [""]
    return "\n".join(lines)


def flat(figures: dict, path: str = "") -> dict:
    """The figures of a part with a file of its own, by the path that leads to them; lists of answers are left out."""
    found = {}
    for name, value in figures.items():
        name = f"{path} {name}".strip()
        if isinstance(value, dict):
            found |= flat(value, name)
        elif not isinstance(value, list) or all(isinstance(item, float) for item in value):
            found[name] = value
    return found


def result_of(part: str, options, work: pathlib.Path) -> dict:
    """Figures, checks and failures; parts with a file of their own (tune_PART.py) hold their figures against what is
    demanded themselves."""
    program = str(pathlib.Path(options.danlu).resolve())
    if part in ("data", "persona"):
        return {"data": data, "persona": persona}[part](Danlu(program, work / "home"), options.model, work)
    run = importlib.import_module(f"tune_{part}").run
    try:
        if part == "distill":
            figures = run(program, options.teacher, options.model, options.distill, work)
        elif part == "preferences":
            # Thousands of answers are written and read: a small model, in the language that it speaks.
            figures = run(program, small(program), work, languages="en")
        else:
            figures = run(program, options.model, work)
    except SystemExit as end:
        return {"figures": {}, "checks": [], "failed": [str(end)]}
    failed = figures.pop("failed", [])
    return {"figures": flat(figures), "checks": figures.pop("checks", []), "failed": failed}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--teacher", help="of distill: a larger model of the same vocabulary")
    parser.add_argument("--distill", type=pathlib.Path, help="examples for distill")
    options = parser.parse_args()
    parts = options.only.split(",")
    if unknown := [part for part in parts if part not in PARTS]:
        raise SystemExit(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    if "distill" in parts and not (options.teacher and options.distill):
        print("distill is left out: it needs --teacher and --data with belle-eval-1k.jsonl", file=sys.stderr)
        parts.remove("distill")
    here = pathlib.Path(__file__).parent
    for part in parts[:]:
        if part not in ("data", "persona") and not (here / f"tune_{part}.py").exists():
            print(f"{part} is left out: there is no tune_{part}.py", file=sys.stderr)
            parts.remove(part)
    results = {}
    for part in parts:
        work = options.work / part
        work.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        print(f"{part} …", flush=True)
        result = result_of(part, options, work)
        results[part] = result | {"seconds": time.monotonic() - began}
        (options.work / "figures.json").write_text(json.dumps(results, ensure_ascii=False, indent=2))
        (options.work / "figures.md").write_text(markdown(results))
    print(markdown(results))
    failed = [f"{part}: {row['what']}" for part in parts for row in results[part]["checks"] if not passes(row)]
    failed += [f"{part}: {text}" for part in parts for text in results[part].get("failed", [])]
    if failed:
        sys.exit("falls short: " + "; ".join(failed))


if __name__ == "__main__":
    main()
