"""Answers of a model, ranked by a preference that a program can check; Examples/preferences says how it is called.

The team that is played here wants answers of one or two sentences, in one paragraph without lists, headings, bold type
or code, in the question's language, and ended as sentences are. Each of the four rules gives up to a quarter of a score.
Standard library only.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import random
import re
import sys
import tempfile
import threading
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "script"))
from danlu_server import Server  # noqa: E402

TOKENS_MAX = 80
TEMPERATURE = 0.8
AT_ONCE = 8
PROMPT_CHARACTERS_MAX = 60
# Pairs differ by a whole rule at least.
DIFFERENCE_MIN = 0.25
GOOD_MIN = 0.95
BAD_MAX = 0.75

# What a prompt's later answers are asked for besides: without it hardly any is as the team wants it.
HINTS = {"zh": "只用一两句话回答，不要列表。", "en": "Answer in one or two sentences, without a list."}

FORMS = {
    "zh": [
        "什么是{}？", "请介绍一下{}。", "{}为什么重要？", "{}有哪些优点和缺点？", "怎样向小学生解释{}？", "初学者怎样了解{}？",
        "关于{}，人们常有什么误解？", "{}对日常生活有什么影响？", "用一个比喻说明{}。", "{}的未来会怎样？", "给出三个关于{}的建议。", "{}是怎样起源的？",
    ],
    "en": [
        "What is {}?", "Tell me about {}.", "Why does {} matter?", "What are the advantages and drawbacks of {}?",
        "How would you explain {} to a child?", "How do I begin to learn about {}?",
        "What do people often get wrong about {}?", "How does {} affect daily life?", "Describe {} by a comparison.",
        "What is the future of {}?", "Give me three tips about {}.", "Where does {} come from?",
    ],
}
TOPICS = {
    "zh": [
        "太阳能", "区块链", "高血压", "京剧", "长城", "咖啡", "量子计算", "垃圾分类", "太极拳", "人工智能", "通货膨胀", "海洋污染", "围棋", "书法", "地震",
        "疫苗", "电动汽车", "茶道", "睡眠", "素食", "火山", "古琴", "云计算", "远程办公", "黑洞", "母乳喂养", "二十四节气", "社交媒体", "养老保险", "登山",
        "光合作用", "丝绸之路", "密码学", "冥想", "城市绿化", "极光", "数据库", "糖尿病", "民间故事", "共享单车",
    ],
    "en": [
        "solar power", "the stock market", "high blood pressure", "jazz", "the Roman Empire", "coffee",
        "quantum computing", "recycling", "yoga", "machine learning", "inflation", "ocean plastic", "chess",
        "calligraphy", "an earthquake", "vaccination", "the electric car", "tea", "sleep", "a vegetarian diet",
        "a volcano", "the violin", "cloud computing", "remote work", "a black hole", "open source software",
        "the moon landing", "social media", "a pension", "mountain climbing", "photosynthesis", "the Silk Road",
        "encryption", "meditation", "a city park", "the northern lights", "a database", "gardening", "folk music",
        "public transport",
    ],
}


# The preference.


def language(text: str) -> str:
    return "zh" if re.search(r"[\u4e00-\u9fff]", text) else "en"


def length(text: str) -> int:
    """Han characters, and words of other scripts."""
    return len(re.findall(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+", text))


def rules(prompt: str, answer: str, is_whole: bool = True) -> dict[str, float]:
    """How well each rule is kept, from 0 to 1."""
    text, spoken = answer.strip(), language(prompt)
    shortest, longest = (8, 60) if spoken == "zh" else (5, 40)
    count = length(text)
    letters = [letter for letter in text if letter.isalpha()]
    known = set(prompt.lower())

    def fits(letter: str) -> bool:
        is_own = "\u3400" <= letter <= "\u9fff" if spoken == "zh" else letter.isascii()
        return is_own or letter.lower() in known

    foreign = sum(not fits(letter) for letter in letters) / max(1, len(letters))
    listed = re.search(r"\n|```|\*\*|^\s*(#|[-*•] |\d+[.、)] )", text)
    return {
        "length": min(1, count / shortest) if count < longest else max(0.0, 1 - (count - longest) / longest),
        "layout": 0.0 if listed or not text else 1.0,
        "language": max(0.0, 1 - 4 * foreign) if letters and foreign > 0.03 else float(bool(letters)),
        "ending": float(is_whole and text.endswith(("。", "！", "？", ".", "!", "?", "。”", ".”", '."'))),
    }


def score(prompt: str, answer: str, is_whole: bool = True) -> float:
    return sum(rules(prompt, answer, is_whole).values()) / 4


# Prompts.


def made_prompts(chooser: random.Random, languages: str) -> tuple[list[str], list[str]]:
    """To train on and to hold out: a topic is in one of them."""
    train, held = [], []
    for spoken in languages.split(","):
        topics = chooser.sample(TOPICS[spoken], len(TOPICS[spoken]))
        for number, topic in enumerate(topics):
            into = held if number % 3 == 0 else train
            into += [form.format(topic) for form in FORMS[spoken]]
    return train, held


def read_prompts(path: pathlib.Path) -> list[str]:
    found = []
    for line in path.open(encoding="utf-8"):
        record = json.loads(line)
        text = next((record[name] for name in ("question", "prompt", "instruction") if name in record), "").strip()
        if 0 < len(text) <= PROMPT_CHARACTERS_MAX and not record.get("input"):
            found.append(text)
    return list(dict.fromkeys(found))


def choose_prompts(options, chooser: random.Random) -> tuple[list[str], list[str]]:
    """Half of them from files where there are any; a hash of the text decides what is held out."""
    train, held = made_prompts(chooser, options.languages)
    read = [text for path in options.prompts for text in read_prompts(path)]

    def is_held(text: str) -> bool:
        plain = "".join(letter for letter in text.lower() if letter.isalnum())
        return hashlib.sha256(plain.encode()).digest()[0] % 3 == 0

    def mixed(made: list[str], others: list[str], count: int) -> list[str]:
        chosen = chooser.sample(others, min(len(others), count // 2))
        chosen += chooser.sample(made, min(len(made), count - len(chosen)))
        return chooser.sample(chosen, len(chosen))

    return (mixed(train, [text for text in read if not is_held(text)], options.train),
            mixed(held, [text for text in read if is_held(text)], options.held_out))


# Answers.


class Answers:
    """What a server answers, kept in a file: asked once, however often the program is killed."""

    def __init__(self, path: pathlib.Path):
        self.path, self.kept, self.lock = path, {}, threading.Lock()
        if path.exists():
            for line in path.read_bytes().splitlines():
                try:
                    record = json.loads(line)
                except ValueError:
                    continue
                self.kept[record["model"], record["prompt"], record["seed"]] = record

    def ask(self, url: str, model: str, questions: list[tuple[str, int]], name: str | None = None) -> list[dict]:
        """Answers to prompts with seeds. `name` is the server's name of the model, `model` the file's.

        With seed 0 the prompt is asked as it is, with others hinted at what is wanted.
        """
        missing = [question for question in questions if (model, *question) not in self.kept]
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
            for done, _ in enumerate(threads.map(lambda question: self.one(url, model, name, *question), missing), 1):
                if sys.stderr.isatty() and done % 10 == 0:
                    print(f"\r{model}: {done} of {len(missing)} answers", end="", file=sys.stderr)
        if missing and sys.stderr.isatty():
            print(file=sys.stderr)
        return [self.kept[(model, *question)] for question in questions]

    def one(self, url: str, model: str, name: str | None, prompt: str, seed: int) -> None:
        asked = f"{prompt}\n{HINTS[language(prompt)]}" if seed else prompt
        body = {"messages": [{"role": "user", "content": asked}], "max_tokens": TOKENS_MAX,
                "temperature": TEMPERATURE, "seed": seed, **({"model": name} if name else {})}
        request = urllib.request.Request(
            url + "/v1/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=600) as reply:
            choice = json.load(reply)["choices"][0]
        record = {"model": model, "prompt": prompt, "seed": seed, "answer": choice["message"]["content"],
                  "whole": choice["finish_reason"] == "stop"}
        with self.lock, self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
            self.kept[model, prompt, seed] = record


def share_models(home: pathlib.Path, model: str) -> None:
    """A server's home of its own has the installed models."""
    data = pathlib.Path(os.environ.get("XDG_DATA_HOME") or pathlib.Path.home() / ".local/share")
    own = pathlib.Path(os.environ.get("DANLU_HOME") or data / "danlu") / "models"
    if not os.path.exists(model) and own.is_dir():
        (home / "models").symlink_to(own.resolve())


def fingerprint(path: pathlib.Path) -> str:
    """Of an adapter's weights."""
    files = sorted(file for file in (path.iterdir() if path.is_dir() else [path]) if file.suffix != ".json")
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


# Preferences.


def graded(record: dict) -> float:
    return score(record["prompt"], record["answer"], record["whole"])


def pairs(records: list[dict], count: int) -> list[dict]:
    """Of each prompt's `count` answers the best and the worst, where they are far apart."""
    found = []
    for start in range(0, len(records), count):
        ranked = sorted(records[start:start + count], key=graded)
        worst, best = ranked[0], ranked[-1]
        if graded(best) - graded(worst) >= DIFFERENCE_MIN and worst["answer"].strip():
            found.append({"prompt": best["prompt"], "chosen": best["answer"], "rejected": worst["answer"]})
    return found


def thumbs(records: list[dict]) -> list[dict]:
    found = {}
    for record in records:
        value = graded(record)
        if record["answer"].strip() and (value >= GOOD_MIN or value <= BAD_MAX):
            found[record["prompt"], record["answer"]] = value >= GOOD_MIN
    return [{"prompt": prompt, "completion": answer, "label": label} for (prompt, answer), label in found.items()]


def write(path: pathlib.Path, records: list[dict]) -> None:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")


def build(options) -> dict[str, int]:
    """Asks, ranks and writes; the numbers of what was written."""
    options.output.mkdir(parents=True, exist_ok=True)
    train, held = choose_prompts(options, random.Random(options.seed))
    answers, seeds = Answers(options.output / "answers.jsonl"), range(options.answers)
    with tempfile.TemporaryDirectory(prefix="danlu-") as home:
        share_models(pathlib.Path(home), options.model)
        server = Server(options.danlu, pathlib.Path(home), options.model)
        try:
            asked = [answers.ask(server.url, "start", [(prompt, seed) for prompt in prompts for seed in seeds])
                     for prompts in (train, held)]
        finally:
            server.stop()
    written = {
        "train.pairs": pairs(asked[0], options.answers), "train.thumbs": thumbs(asked[0]),
        "held.pairs": pairs(asked[1], options.answers), "held.prompts": [{"prompt": prompt} for prompt in held],
    }
    for name, records in written.items():
        write(options.output / f"{name}.jsonl", records)
    return {name: len(records) for name, records in written.items()}


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="see the head of Examples/preferences")
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--model", default="qwen2.5-coder-0.5b-instruct")
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("preferences"))
    parser.add_argument("--prompts", type=pathlib.Path, action="append", default=[])
    parser.add_argument("--languages", choices=["zh,en", "en", "zh"], default="zh,en")
    parser.add_argument("--train", type=int, default=300)
    parser.add_argument("--held-out", type=int, default=150)
    parser.add_argument("--answers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    print(json.dumps(build(parser().parse_args())))
