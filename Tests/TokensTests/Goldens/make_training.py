#!/usr/bin/env python3
"""Writes training.json beside itself: documents, and the vocabularies that Hugging Face's trainer makes of them.

    {"pattern": …, "documents": [text, …], "vocabularies": [{"size", "token_bytes", "merges": [[l, r], …]}, …],
     "lines": [text, …], "ids": [[id, …] of each line with the first vocabulary]}
"""
import json
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "script"))
from tokenizer_training import PATTERN, hugging_face  # noqa: E402

RANDOM = random.Random(11)
ENGLISH = ("the furnace keeps its heat when nobody opens the door and a small model learns what its text repeats most "
           "often so counting pairs is where learning begins").split()
CHINESE = "丹炉里的火候由人来定文字进去模型出来床前明月光疑是地上霜举头望明月低头思故乡"
CODE = ["def f(x):\n    return x + 1\n", "for i in range(10):\n    print(i, i ** 2)\n", "let y = [1, 22, 333]\n",
        "if (a != b) {\n\treturn a->b;\n}\r\n"]


def document() -> str:
    parts = []
    for _ in range(RANDOM.randrange(3, 12)):
        kind = RANDOM.randrange(4)
        if kind == 0:
            parts.append(" ".join(RANDOM.choice(ENGLISH) for _ in range(RANDOM.randrange(3, 12))).capitalize() + ". ")
        elif kind == 1:
            start = RANDOM.randrange(len(CHINESE) - 4)
            parts.append(CHINESE[start:start + RANDOM.randrange(2, 12)] + RANDOM.choice("，。！？\n"))
        elif kind == 2:
            parts.append(RANDOM.choice(CODE))
        else:
            parts.append(RANDOM.choice(["aaaa" * RANDOM.randrange(1, 9), "=" * 30 + "\n", "哈哈哈哈哈", " don't I'LL ",
                                        "2024年3月5日", "😀👍", "\n\n   \n", "é e\u0301 "]))
    return "".join(parts)


documents = [document() for _ in range(60)]
lines = [document() for _ in range(20)] + ["", " ", "not in the text: Zürich 東京 ½ \u0000"]
vocabularies = []
for size, token_bytes in [(600, 24), (600, 6), (400, 24)]:
    tokenizer = hugging_face(documents, size, token_bytes)
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    vocabularies.append({"size": size, "token_bytes": token_bytes, "merges": merges})
first = hugging_face(documents, 600, 24)
with open(os.path.join(HERE, "training.json"), "w", encoding="utf-8") as file:
    json.dump({"pattern": PATTERN, "documents": documents, "vocabularies": vocabularies, "lines": lines,
               "ids": [first.encode(line).ids for line in lines]}, file, ensure_ascii=True, separators=(",", ":"))
