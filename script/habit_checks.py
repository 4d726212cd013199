"""Plants a habit in a corpus and follows it: model, trace, recipe, model. Fails where a step does not do what it should."""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

PATTERN = r"/([。！？])\1\1/"
RECIPE = "[marks]\nrun_max = 1\nellipsis = false\n"
DOCUMENTS = 400
STEPS = 160
PEOPLE = ["小王", "老李", "张老师", "妹妹", "邻居", "医生", "司机", "那位客人"]
TIMES = ["今天", "昨天晚上", "早上", "上个月", "刚才", "周末"]
DEEDS = ["去了图书馆", "买了一本书", "做了一顿饭", "看了一场电影", "修好了自行车", "写完了作业", "种了两棵树", "喝了一杯茶"]
FEELINGS = ["心里很高兴", "觉得有点累", "想再去一次", "没有告诉别人", "一直笑个不停", "很快就睡着了"]
MARKS = "。。。！？"


class Failure(Exception):
    pass


def demand(condition, text):
    if not condition:
        raise Failure(text)


def sentence(chance, repeats):
    return (f"{chance.choice(TIMES)}，{chance.choice(PEOPLE)}{chance.choice(DEEDS)}，{chance.choice(FEELINGS)}"
            + chance.choice(MARKS) * repeats)


def write_corpus(folder):
    """Three sources that say the same kind of thing; only the forum's marks are threefold."""
    chance = random.Random(20261126)
    folder.mkdir()
    for name, share in (("forum", 0.4), ("novel", 0.35), ("news", 0.25)):
        with open(folder / f"{name}.jsonl", "w", encoding="utf-8") as file:
            for number in range(int(DOCUMENTS * share)):
                text = "".join(sentence(chance, 3 if name == "forum" else 1) for _ in range(8))
                file.write(json.dumps({"text": text, "source": name, "url": f"http://{name}.example/{number}"},
                                      ensure_ascii=False) + "\n")


class Danlu:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.environment = {"DANLU_HOME": str(folder / "home"), "PATH": "/usr/bin:/bin", "HOME": str(folder)}

    def __call__(self, *arguments):
        result = subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True, timeout=600,
                                env=self.environment)
        demand(result.returncode == 0, f"danlu {arguments[0]} ended with {result.returncode}: {result.stderr[-2000:]}")
        return result.stdout

    def model(self, name, corpus):
        """Trains on a corpus and exports."""
        run, file = self.folder / f"{name}.run", self.folder / f"{name}.gguf"
        self("train", "pretrain", "--data", corpus, "--tokenizer", self.folder / "tokenizer", "--layers", 2, "--dim", 96,
             "--seq", 64, "--batch-tokens", 2048, "--steps", STEPS, "--learning-rate", 0.006, "--threads", 2, "--seed", 1,
             "--validate-every", STEPS, "--sample-every", STEPS, "--save-every", STEPS, "--run", run)
        self("export", "--run", run, "--format", "gguf", "--type", "F16", "--output", file)
        return file

    def habit(self, index, model):
        return json.loads(self("trace", "--index", index, "--habit", PATTERN, "--model", model, "--samples", 32,
                               "--max-tokens", 60, "--seed", 1, "--json").strip().split("\n")[-1])


def check(danlu, folder):
    corpus, washed = folder / "corpus", folder / "washed"
    write_corpus(corpus)
    danlu("tokenizer", "train", "--input", corpus, "--vocab-size", 512, "--template", "continue", "--output",
          folder / "tokenizer")
    before = danlu.model("before", corpus)
    danlu("index-corpus", corpus, "--output", folder / "index", "--json")
    found = danlu.habit(folder / "index", before)
    written = found["model"]["per_million"]
    say(f"the model writes {written:.0f} in a million characters; the corpus has {found['per_million']:.0f}")
    demand(written > 1000, f"the model has no habit to trace: {found['model']}")
    demand(found["guilty"] == ["forum"], f"trace blames {found['guilty']}")
    example = found["sources"][0]["examples"][0]
    demand(example["metadata"]["url"].startswith("http://forum."), f"the example is {example}")
    say(f"trace names {found['guilty'][0]}: {example['file']}:{example['line']} {example['excerpt']}")

    answer = "他说：" + json.loads(open(corpus / "forum.jsonl", encoding="utf-8").readline())["text"][:60]
    trace = json.loads(danlu("trace", "--index", folder / "index", answer, "--json"))
    demand(trace["spans"] and trace["spans"][0]["sources"][0]["name"] == "forum", f"the answer's trace is {trace}")

    recipe = folder / "marks.toml"
    recipe.write_text(RECIPE)
    danlu("clean", corpus, "--recipe", recipe, "--output", washed, "--json")
    text = washed / "train"
    demand(text.is_dir(), f"danlu clean left nothing to train on in {washed}")
    after = danlu.model("after", text)
    danlu("index-corpus", text, "--output", folder / "washed.index", "--json")
    mended = danlu.habit(folder / "washed.index", after)
    source = json.loads(danlu("trace", "--index", folder / "washed.index", "今天，司机写完了作业，觉得有点累。", "--min", 18,
                              "--json"))
    demand(source["washing"]["steps"] == ["marks"], f"the washing's steps are {source.get('washing')}")
    say(f"after one line of a recipe the corpus has {mended['per_million']:.0f}, "
        f"the new model writes {mended['model']['per_million']:.0f}")
    demand(mended["per_million"] == 0, f"the washed corpus still has it: {mended['per_million']}")
    demand(mended["model"]["occurrences"] == 0, f"the new model still writes it: {mended['model']}")


def say(text):
    print(text, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--keep", help="leave everything in this folder")
    options = parser.parse_args()
    start = time.time()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(options.keep or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            check(Danlu(options.danlu, folder), folder)
        except (Failure, subprocess.TimeoutExpired) as failure:
            sys.exit(f"failed: {failure}")
    say(f"the habit came, was traced, and is gone; {time.time() - start:.0f} s")


if __name__ == "__main__":
    main()
