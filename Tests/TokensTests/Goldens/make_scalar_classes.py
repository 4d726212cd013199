#!/usr/bin/env python3
"""Writes Sources/Tokens/Unicode/ScalarClassData.swift from the tables of the Hugging Face tokenizers package.

    python make_scalar_classes.py > Sources/Tokens/Unicode/ScalarClassData.swift

Every scalar is put to the package's own regular expression engine, so the classes are those of the tokenizers that
models were trained with (Unicode 16 in tokenizers 0.23).
"""
from tokenizers import Regex, pre_tokenizers

SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
TEXT = "".join(map(chr, SCALARS))


def members(pattern: str) -> set[int]:
    splitter = pre_tokenizers.Split(Regex(pattern), "removed")
    found = set()
    step = 4096
    for start in range(0, len(SCALARS), step):
        chunk = TEXT[start:start + step]
        kept = set()
        for _, (a, b) in splitter.pre_tokenize_str(chunk):
            kept.update(range(a, b))
        found.update(SCALARS[start + k] for k in range(len(chunk)) if k not in kept)
    return found


CLASSES = [("other", []), ("uppercase", ["Lu", "Lt"]), ("lowercase", ["Ll"]), ("letter", ["Lm", "Lo"]), ("number", ["N"]),
           ("mark", ["M"]), ("punctuation", ["P"]), ("symbol", ["S"])]
value = [0] * 0x110001
for index, (_, categories) in enumerate(CLASSES):
    for category in categories:
        for c in members(f"\\p{{{category}}}"):
            value[c] = index
for c in members("\\s"):
    value[c] = len(CLASSES)
value[0x110000] = -1

runs, start = [], 0
for c in range(1, 0x110001):
    if value[c] != value[start]:
        runs.append(chr(ord("A") + value[start]) + (str(c - start) if c - start > 1 else ""))
        start = c
text = "".join(runs)
width = 110
lines = [text[i:i + width] for i in range(0, len(text), width)]



def ranges(found) -> list[tuple[int, int]]:
    """First and last scalars of runs."""
    found = sorted(found)
    out, start = [], found[0]
    for a, b in zip(found, found[1:] + [0]):
        if b != a + 1:
            out.append((start, a))
            start = b
    return out


def punctuation() -> set[int]:
    """What the Punctuation step splits at: not quite \\p{P}, its table is older."""
    splitter, found, step = pre_tokenizers.Punctuation("isolated"), set(), 4096
    for start in range(0, len(SCALARS), step):
        chunk = SCALARS[start:start + step]
        text = "".join("a" + chr(c) for c in chunk) + "a"
        found.update(chunk[(a - 1) // 2] for _, (a, b) in splitter.pre_tokenize_str(text) if b - a == 1 and a % 2 == 1)
    return found


def show(name: str, comment: str, found) -> None:
    print("")
    print(f"    /// {comment}")
    print(f"    static let {name}: [ClosedRange<UInt32>] = [")
    line = "       "
    for a, b in ranges(found):
        item = f" 0x{a:X}...0x{b:X},"
        if len(line) + len(item) > 120:
            print(line)
            line = "       "
        line += item
    print(line)
    print("    ]")


print("// Made by Tests/TokensTests/Goldens/make_scalar_classes.py; do not edit.")
print("enum ScalarClassData {")
print("    /// Runs of scalars from U+0000 on: a letter for the class, then the length when it is not 1.")
print("    /// " + ", ".join(f"{chr(ord('A') + i)} {n}" for i, (n, _) in enumerate(CLASSES)) + ", I white space.")
print('    static let runs = """')
for line in lines:
    print(f"        {line}\\")
print("")
print('        """')
show("han", "First and last scalars of the Han script.", members("\\p{Han}"))
show("punctuation", "First and last scalars of what Hugging Face's Punctuation step splits at.", punctuation())
print("}")
