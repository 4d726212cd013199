#!/usr/bin/env python3
"""Writes pieces.json, forms.json and unigram.json beside itself with Hugging Face's tokenizers and SentencePiece.

    pieces.json   {name in GGUF files: [[piece, …] of each text]}, "texts": the texts
    forms.json    {"NFC": […], …}: each text in Unicode's normal forms, "texts": the texts
    unigram.json  a small unigram model with a table of replacements, texts, and their ids by both packages
"""
import base64
import io
import json
import os
import random
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "script"))
import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as proto
from tokenizers import Tokenizer, normalizers, pre_tokenizers

import tokenizer_unigram
from tokenizer_cases import MARKS, piece
from tokenizer_documents import GPT2, IN_GGUF, PUBLISHED, split

RANDOM = random.Random(7)
TEXTS = [
    "", "Hello world", "don't DON'T I'll we'Re 'sx ''", "你好，世界！2024年3月", "  two  spaces \n\n\nlines\t\r\n x ",
    "x=1;y+=22*333//4444 # 55555", "camelCase XMLHttpRequest iPhone's ALLCAPS", "emoji 😀👨‍👩‍👧 ok", "e\u0301 n\u0303 ก็ हिन्दी",
    "price: $1,234.56 (50%) — “quoted” …", "한국어 日本語カタカナ Привет", "½ ² ③ Ⅷ ١٢٣", "a\u3000b\u00a0c\u2028d\u0085e", "'ſ ſ",
    "\n\n  \n a", "https://example.com/a_b?c=d&e=f", "def f(x):\n    return x**2\n", "...!!!???。。。", " 12 345 6789", "tail   ",
]
TEXTS += ["".join(piece(RANDOM, []) for _ in range(RANDOM.randrange(2, 8))) for _ in range(30)]


def save(name: str, value) -> None:
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=True, separators=(",", ":"))


def pieces(name: str) -> list[list[str]]:
    steps = IN_GGUF.get(name, PUBLISHED[name])
    steps = [split(GPT2) if s["type"] == "ByteLevel" else s for s in steps if s.get("use_regex", True)]
    document = {"version": "1.0", "model": {"type": "BPE", "vocab": {}, "merges": []},
                "pre_tokenizer": {"type": "Sequence", "pretokenizers": steps}}
    cutter = Tokenizer.from_str(json.dumps(document)).pre_tokenizer
    return [[p for p, _ in cutter.pre_tokenize_str(text)] for text in TEXTS]


def unigram() -> dict:
    rules = "\n".join("\t".join(" ".join(f"{ord(c):X}" for c in side) for side in rule) for rule in [
        ("ﬁ", "fi"), ("Ａ", "A"), ("①", "1"), ("\t", " "), ("\n", " "), ("e\u0301", "é"), ("\u200b", ""), ("…", "...")]) + "\n"
    path = os.path.join(tempfile.mkdtemp(), "rules.tsv")
    with open(path, "w") as file:
        file.write(rules)
    model = io.BytesIO()
    lines = [" ".join(RANDOM.choice(["the", "cat", "sat", "on", "mats", "中文", "分词", "hello", "world", "fine", "A1", "café"])
                      for _ in range(8)) for _ in range(400)]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=model, vocab_size=38, model_type="unigram", character_coverage=0.99,
        normalization_rule_tsv=path, user_defined_symbols=["<table>"], num_threads=1, minloglevel=2)
    parsed = proto.ModelProto()
    parsed.ParseFromString(model.getvalue())
    texts = ["", "the cat sat", "ﬁne Ａ① …", "  hello\t\tworld  ", "cafe\u0301 ☕☕ x", "中文分词<table>cat", "the\u200bcat", "\n", "zzz the"]
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    document = tokenizer_unigram.document(parsed, False)
    peer = Tokenizer.from_str(json.dumps(document))
    peer.encode_special_tokens = True
    return {"tokens": [p.piece for p in parsed.pieces], "scores": [p.score for p in parsed.pieces],
            "kinds": [p.type for p in parsed.pieces],
            "charsmap": base64.b64encode(parsed.normalizer_spec.precompiled_charsmap).decode(),
            "document": document, "texts": texts, "ids": [processor.encode(t) for t in texts],
            "document_ids": [peer.encode(t, add_special_tokens=False).ids for t in texts]}


save("pieces.json", {"texts": TEXTS, **{name: pieces(name) for name in PUBLISHED}})
forms = TEXTS + MARKS + ["\u1112\u1161\u11ab\u1100\u1161", "q\u0307\u0323", "\u0958\u2adc\u0344", "\U0001d15e", "\u0f43\u0f77", "ﷺ㎞①"]
save("forms.json", {"texts": forms, **{name: [getattr(normalizers, name)().normalize_str(t) for t in forms]
                                       for name in ("NFC", "NFD", "NFKC", "NFKD")}})
save("unigram.json", unigram())
