"""Compares `danlu eval` with lm-evaluation-harness on the same questions; see script/test-eval."""
import argparse
import gzip
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import time

from danlu_server import Server, environment

parser = argparse.ArgumentParser()
parser.add_argument("--danlu", required=True)
parser.add_argument("--model", required=True)
parser.add_argument("--work", required=True, type=pathlib.Path)
parser.add_argument("--data", type=pathlib.Path)
parser.add_argument("--items", type=int, default=100)
options = parser.parse_args()
chooser = random.Random(1)


def lines(name: str):
    with gzip.open(options.data / name, "rt") as file:
        yield from map(json.loads, file)


def write(name: str, rows: list[dict]) -> pathlib.Path:
    path = options.work / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return path


def choice_row(question: str, right: str, wrong: list[str], **more) -> dict:
    choices = [right, *wrong]
    chooser.shuffle(choices)
    return {"question": question, "choices": choices, "answer": choices.index(right), **more}


# The questions, as `danlu eval` reads them, and as the harness's task describes them.


def choice_task(name: str, rows: list[dict]) -> tuple[str, dict]:
    path = write(f"{name}.jsonl", rows)
    task = {
        "task": name, "dataset_path": "json", "dataset_kwargs": {"data_files": {"test": str(path)}},
        "test_split": "test", "output_type": "multiple_choice", "doc_to_text": "{{question}}",
        "doc_to_target": "answer", "doc_to_choice": "choices", "target_delimiter": rows[0].get("delimiter", " "),
        "metric_list": [{"metric": "acc"}, {"metric": "acc_norm"}],
    }
    return str(path), task


def poems() -> tuple[str, dict]:
    couplets = []
    for poem in lines("poems-tang-song.jsonl.gz"):
        found = re.match(r"^([\u4e00-\u9fff]{7})，([\u4e00-\u9fff]{7})。", poem["text"])
        if found:
            couplets.append(found.groups())
    rows = [
        choice_row(first + "，", second, [other for _, other in chooser.sample(couplets, 3)], delimiter="")
        for first, second in chooser.sample(couplets, options.items)
    ]
    return choice_task("poems", rows)


def reading() -> tuple[str, dict]:
    """Whose answer it is: that of the question, or of others about the same passage."""
    with gzip.open(options.data / "cmrc2018-dev.json.gz", "rt") as file:
        articles = json.load(file)["data"]
    rows = []
    for paragraph in (paragraph for article in articles for paragraph in article["paragraphs"]):
        questions = [(row["question"], row["answers"][0]["text"]) for row in paragraph["qas"]]
        question, right = questions[0]
        wrong = [answer for answer in dict.fromkeys(answer for _, answer in questions) if answer != right][:3]
        place = paragraph["context"].find(right)
        if len(wrong) < 2 or place < 0 or max(map(len, [right, *wrong])) > 40:
            continue
        # The passage around the answer is enough, and much quicker.
        text = paragraph["context"][max(0, place - 60):place + len(right) + 60]
        rows.append(choice_row(f"{text}\n问题：{question}\n回答：", right, wrong, delimiter=""))
    return choice_task("reading", chooser.sample(rows, min(options.items, len(rows))))


def examination() -> tuple[str, dict]:
    """Sums in MMLU's published form, five of them as examples, in the prompt of the harness's own mmlu task."""
    def row() -> tuple[str, list[int], str]:
        first, second = chooser.randint(2, 60), chooser.randint(2, 60)
        choices = chooser.sample([first + second + wrong for wrong in (-11, -10, -2, -1, 1, 2, 9, 10)], 3)
        place = chooser.randint(0, 3)
        choices.insert(place, first + second)
        return f"What is {first} + {second}?", choices, "ABCD"[place]

    data = {}
    for split, count in (("dev", 5), ("test", options.items)):
        rows = [row() for _ in range(count)]
        path = options.work / "mmlu" / split / f"elementary_sums_{split}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(
            f"{question},{','.join(map(str, choices))},{answer}\n" for question, choices, answer in rows))
        data[split] = str(write(f"mmlu-{split}.jsonl", [
            {"question": question, "choices": list(map(str, choices)), "answer": "ABCD".index(answer)}
            for question, choices, answer in rows]))
    task = {
        "task": "mmlu", "dataset_path": "json", "dataset_kwargs": {"data_files": data}, "test_split": "test",
        "fewshot_split": "dev", "fewshot_config": {"sampler": "first_n"}, "num_fewshot": 5,
        "output_type": "multiple_choice",
        "description": "The following are multiple choice questions (with answers) about elementary sums.\n\n",
        "doc_to_text": "{{question.strip()}}\nA. {{choices[0]}}\nB. {{choices[1]}}\nC. {{choices[2]}}\n"
                       "D. {{choices[3]}}\nAnswer:",
        "doc_to_choice": ["A", "B", "C", "D"], "doc_to_target": "answer", "metric_list": [{"metric": "acc"}],
    }
    return "mmlu", task


def word_problems() -> tuple[str, dict]:
    """A fifth of the items: each has a text to be written."""
    data = {}
    for split, count in (("train", 2), ("test", max(10, options.items // 5))):
        rows = [row for row, _ in zip(lines(f"gsm8k-{split}.jsonl.gz"), range(count))]
        data[split] = str(write(f"gsm8k/{split}.jsonl", rows))
    task = {
        "task": "gsm8k", "dataset_path": "json", "dataset_kwargs": {"data_files": data}, "test_split": "test",
        "fewshot_split": "train", "fewshot_config": {"sampler": "first_n"}, "num_fewshot": 2,
        "output_type": "generate_until", "doc_to_text": "Question: {{question}}\nAnswer:",
        "doc_to_target": "{{answer}}",
        "metric_list": [{
            "metric": "exact_match", "aggregation": "mean", "higher_is_better": True, "ignore_case": True,
            "ignore_punctuation": False, "regexes_to_ignore": [",", "\\$", "(?s).*#### ", "\\.$"]}],
        "generation_kwargs": {
            "until": ["Question:", "</s>", "<|im_end|>"], "do_sample": False, "temperature": 0.0, "max_gen_toks": 256},
        "filter_list": [{"name": "flexible-extract", "filter": [
            {"function": "regex", "group_select": -1, "regex_pattern": "(-?[$0-9.,]{2,})|(-?[0-9]+)"},
            {"function": "take_first"}]}],
    }
    return "gsm8k", task


def tokenizer(path: str) -> str:
    """A folder with the model's tokenizer, as the harness wants it."""
    if os.path.isdir(path):
        return path
    from transformers import AutoTokenizer

    target = options.work / "tokenizer"
    file = pathlib.Path(path)
    AutoTokenizer.from_pretrained(str(file.parent), gguf_file=file.name).save_pretrained(target)
    return str(target)


def resolved() -> str:
    if os.path.exists(options.model):
        return options.model
    command = [options.danlu, "show", options.model, "--json"]
    shown = subprocess.run(command, env=environment(options.work), capture_output=True, check=True)
    return json.loads(shown.stdout)["path"]


def ours(tasks: dict) -> dict:
    began = time.monotonic()
    result = {}
    for name, (spec, shots) in tasks.items():
        command = [
            options.danlu, "eval", "--model", options.model, "--tasks", spec, "--data", str(options.work), "--json",
            "--shots", str(shots)]
        run = subprocess.run(command, env=environment(options.work), capture_output=True)
        if run.returncode != 0:
            raise SystemExit(f"{' '.join(command)}:\n{run.stderr.decode()}")
        result[name] = json.loads(run.stdout)["tasks"][0]
    print(f"danlu eval: {time.monotonic() - began:.0f} s", flush=True)
    return result


def theirs(tasks: list[dict]) -> dict:
    import lm_eval

    began = time.monotonic()
    server = Server(options.danlu, options.work, options.model)
    try:
        arguments = (
            f"model={pathlib.Path(options.model).stem},base_url={server.url}/v1/completions,num_concurrent=4,"
            f"tokenizer={tokenizer(resolved())},tokenizer_backend=huggingface,max_length=2048,max_retries=2,"
            "timeout=600")
        result = lm_eval.simple_evaluate(
            model="local-completions", model_args=arguments, tasks=tasks, batch_size=1, bootstrap_iters=100,
            log_samples=True, random_seed=1, numpy_random_seed=1, torch_random_seed=1, fewshot_random_seed=1)
    finally:
        server.kill()
    print(f"lm-evaluation-harness: {time.monotonic() - began:.0f} s", flush=True)
    return result


def main() -> None:
    models = pathlib.Path(os.environ.get("DANLU_TEST_HOME", "")) / "models"
    if models.is_dir():
        (options.work / "models").symlink_to(models.resolve())
    made = {"mmlu": (examination(), 5)}
    if options.data:
        made |= {"poems": (poems(), 0), "reading": (reading(), 0), "gsm8k": (word_problems(), 2)}
    mine = ours({name: (spec, shots) for name, ((spec, _), shots) in made.items()})
    harness = theirs([task for (_, task), _ in made.values()])
    print(f"{'task':<20}{'danlu':>8}{'harness':>9}{'its error':>11}{'same items':>12}")
    failed = 0
    for name in made:
        got = mine[name]
        numbers = harness["results"][name]
        filtered = "flexible-extract" if name == "gsm8k" else "none"
        metric = "exact_match" if name == "gsm8k" else "acc"
        both = [(name, got["score"], metric), (f"{name} acc_norm", got.get("normalised"), "acc_norm")]
        for title, score, member in both:
            key = f"{member},{filtered}"
            if score is None or key not in numbers:
                continue
            error = numbers[f"{member}_stderr,{filtered}"]
            part = "normalised" if member == "acc_norm" else "score"
            samples = sorted(harness["samples"][name], key=lambda sample: sample["doc_id"])
            same = sum(item[part] == sample[member] for item, sample in zip(got["items"], samples))
            agrees = abs(score["value"] - numbers[key]) <= max(error, 1e-9)
            failed += not agrees
            print(f"{title:<20}{score['value']:>8.3f}{numbers[key]:>9.3f}{error:>11.3f}"
                  f"{same:>6}/{len(samples)}{'' if agrees else '  differs'}")
    sys.exit(1 if failed else 0)


main()
