"""Texts that tokenizers get wrong: seeded, so that two runs compare the same bytes. Used by script/test-tokenizers."""
import glob
import gzip
import json
import os
import random
import unicodedata

SEED = 20240917
SPACES = [" ", "\t", "\n", "\r", "\r\n", "\u00a0", "\u3000", "\u2009", "\u2028", "\u0085", "\x0b", "\x0c", "\u200b", "\ufeff"]
APOSTROPHES = ["'s", "'S", "'t", "'T", "'re", "'Re", "'RE", "'ve", "'m", "'ll", "'LL", "'d", "’s", "''s", "'sx", "'l", "'r", "'",
               "'é", "' s"]
EMOJI = ["😀", "👨‍👩‍👧‍👦", "👩🏽‍🚀", "🏳️‍🌈", "🇨🇳", "🇺🇸🇬🇧", "1️⃣", "❤️", "☕", "🧑‍💻", "👍🏿", "©️", "™", "⛄", "🫠"]
MARKS = ["é", "e\u0301", "ñ", "n\u0303", "Å", "A\u030a", "ก็", "षि", "நி", "q\u0307\u0323", "\u0301", "\u0308\u0308", "한", "\u1112\u1161\u11ab",
         "ａ", "ﬁ", "①", "Ⅷ", "½", "²", "\u0345", "ß", "İ", "ŉ", "ǆ", "が", "か\u3099", "豈", "\uf900"]
WORDS = ["hello", "Hello", "HELLO", "world", "The", "I", "don", "you", "camelCase", "XMLHttpRequest", "iPhone", "snake_case", "你好", "世界",
         "中文分词", "日本語", "カタカナ", "ひらがな", "한국어", "Привет", "мир", "العربية", "עברית", "हिन्दी", "ไทย", "Ελληνικά", "naïve", "Ünïcödé",
         "x", "α", "ℵ", "𝔘𝔫𝔦", "龘", "𠮷", "①②", "half", "１２３"]
SYMBOLS = list("!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~") + ["。", "，", "！", "？", "、", "《", "》", "“", "”", "…", "——", "€", "→", "∑", "►", "::",
                                                              "->", "=>", "//", "/*", "*/", "```", "\\n", "&&", "||", "!=", "<=", "...", "--"]
LOOKALIKES = ["<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|im_end", "|im_end|>", "< |im_end|>", "<|IM_END|>", "<s>", "</s>", "<unk>",
              "<bos>", "<eos>", "<pad>", "<start_of_turn>", "<end_of_turn>", "<tool_call>", "</tool_call>", "<tool_response>", "<think>",
              "<0x0A>", "<0xE4>", "<unused1>", "[INST]", "[/INST]", "<|user|>", "<|assistant|>", "<|end|>", "<｜User｜>", "<｜end▁of▁sentence｜>",
              "▁", "▁▁", "Ġ", "Ċ", "<|fim_prefix|>", "<|file_sep|>", ">>TITLE<<", "<table>", "<h1>", "[PAD151700]", "<|", "|>", "<<|im_end|>>"]
BLOCKS = [(0x20, 0x7F), (0xA0, 0x250), (0x250, 0x370), (0x370, 0x530), (0x590, 0x780), (0x900, 0xE80), (0x1E00, 0x2070), (0x2070, 0x2C00),
          (0x2E80, 0x3400), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xA000, 0xAC00), (0xAC00, 0xD7A4), (0xF900, 0xFB00), (0xFB00, 0x10000),
          (0x10000, 0x10400), (0x1D400, 0x1D800), (0x1F300, 0x1FB00), (0x20000, 0x20100), (0xE0000, 0xE0080), (0x0, 0x20), (0xE000, 0xE010)]


def is_settled(scalar: int) -> bool:
    """Whether the scalar has had its category since Unicode 14 at the latest, so that all peers agree on it."""
    return unicodedata.ucd_3_2_0.category(chr(scalar)) != "Cn" or unicodedata.category(chr(scalar)) not in ("Cn",)


def scalar(r: random.Random) -> str:
    while True:
        first, last = r.choice(BLOCKS)
        c = r.randrange(first, last)
        if not 0xD800 <= c < 0xE000 and is_settled(c):
            return chr(c)


def number(r: random.Random) -> str:
    kinds = [lambda: str(r.randrange(10 ** r.randrange(1, 12))), lambda: f"{r.randrange(10**6):,}", lambda: f"{r.random():.6f}",
             lambda: hex(r.randrange(2**40)), lambda: "0" * r.randrange(1, 9), lambda: "١٢٣४५६"[: r.randrange(1, 7)],
             lambda: f"{r.randrange(2000, 2030)}年{r.randrange(1, 13)}月", lambda: "½¾²③"[: r.randrange(1, 5)]]
    return r.choice(kinds)()


def spaces(r: random.Random) -> str:
    if r.random() < 0.5:
        return r.choice([" ", "\n", "\t", "\r\n"]) * r.randrange(1, 40)
    return "".join(r.choice(SPACES) for _ in range(r.randrange(1, 7)))


def piece(r: random.Random, tokens: list[str]) -> str:
    kinds = [(8, lambda: r.choice(WORDS)), (6, lambda: " " + r.choice(WORDS)), (4, lambda: r.choice(SYMBOLS)), (3, lambda: spaces(r)),
             (3, lambda: number(r)), (3, lambda: r.choice(APOSTROPHES)), (2, lambda: r.choice(EMOJI)), (2, lambda: r.choice(MARKS)),
             (2, lambda: r.choice(LOOKALIKES)), (3, lambda: scalar(r)), (3, lambda: r.choice(tokens) if tokens else ""),
             (1, lambda: r.choice(SYMBOLS) * r.randrange(2, 70)), (1, lambda: r.choice(WORDS) * r.randrange(2, 30))]
    return r.choices([k for _, k in kinds], [w for w, _ in kinds])[0]()


def broken(r: random.Random, text: bytes) -> bytes:
    """Bytes that are not UTF-8 any more. Nothing beyond U+10FFFF: one of the peers dies of that."""
    data = bytearray(text)
    for _ in range(r.randrange(1, 4)):
        place = r.randrange(len(data) + 1)
        kind = r.randrange(5)
        if kind == 0 and data:
            del data[place % len(data)]
        elif kind == 1:
            data[place:place] = bytes(r.choice([0x80, 0xBF, 0xC0, 0xC3, 0xE4, 0xED, 0xFE, 0xFF]) for _ in range(r.randrange(1, 4)))
        elif kind == 2:
            data[place:place] = r.choice([b"\xc0\x80", b"\xc1\xa1", b"\xe0\x80\xa0", b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xe4\xbd"])
        elif kind == 3 and data:
            data = data[:place]
        else:
            data[place:place] = "中".encode()[: r.randrange(1, 3)]
    for i, byte in enumerate(data):
        if byte >= 0xF4:
            data[i] = 0xF0 if byte < 0xF8 else byte
    return bytes(data)


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from strings(member)
    elif isinstance(value, list):
        for member in value:
            yield from strings(member)


def real_lines(folder: str | None) -> list[str]:
    """Prose of the shared data (Chinese and English) and code of Python's own library."""
    lines = []
    for path in sorted(glob.glob(os.path.join(folder, "*.json*")) if folder else []):
        opened = gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")
        with opened as file:
            text = file.read(8 << 20)
        for line in text.split("\n")[:-1] or [text]:
            try:
                lines += [part for whole in strings(json.loads(line)) for part in whole.split("\n")]
            except ValueError:
                lines.append(line[:2000])
    for path in sorted(glob.glob(os.path.join(os.path.dirname(os.__file__), "*.py")))[:120]:
        with open(path, encoding="utf-8", errors="replace") as file:
            lines += file.read().split("\n")
    return [line for line in lines if line]


def cases(tokens: list[str], folder: str | None, count: int = 24000) -> list[bytes]:
    """About `count` texts: a third real lines, a sixth not UTF-8, the rest put together from nasty pieces."""
    r = random.Random(SEED)
    real = real_lines(folder)
    out = [b"", b" ", b"\n", b"  ", b"a", "é".encode(), "'ſ".encode()]
    for _ in range(count // 3):
        k = r.randrange(len(real))
        out.append("\n".join(real[k:k + r.choice([1, 1, 1, 2, 5])])[:4000].encode())
    for _ in range(count // 2):
        out.append("".join(piece(r, tokens) for _ in range(r.randrange(1, 14))).encode())
    for _ in range(count // 6):
        base = r.choice(real)[:300] if r.random() < 0.5 else "".join(piece(r, tokens) for _ in range(r.randrange(1, 6)))
        out.append(broken(r, base.encode()))
    return out
