#!/usr/bin/env python3
"""Writes Sources/Tokens/Normalizers/{Canonical,Compatibility}Data.swift from the normalizers of Hugging Face's package.

    python make_decompositions.py canonical > …/CanonicalData.swift
    python make_decompositions.py compatibility > …/CompatibilityData.swift
"""
import sys
import unicodedata2 as unicodedata

from tokenizers import normalizers

NFC, NFD, NFKD = normalizers.NFC(), normalizers.NFD(), normalizers.NFKD()
HANGUL = range(0xAC00, 0xD7A4)
SCALARS = [c for c in range(0x80, 0x110000) if not 0xD800 <= c < 0xE000 and c not in HANGUL]


def canonical() -> list[str]:
    """delta:first,second of pairs that compose again, delta!scalars of those that do not; all hexadecimal."""
    records, last = [], 0
    for c in SCALARS:
        full = NFD.normalize_str(chr(c))
        if full == chr(c):
            continue
        mark, parts = "!", full
        if NFC.normalize_str(chr(c)) == chr(c):
            first = NFC.normalize_str(full[:-1])
            assert len(first) == 1 and NFC.normalize_str(first + full[-1]) == chr(c)
            mark, parts = ":", first + full[-1]
        records.append(f"{c - last:X}{mark}" + ",".join(f"{ord(x):X}" for x in parts))
        last = c
    return records


def compatibility() -> list[str]:
    """delta:scalars, or delta*count:scalar for a run of scalars that become a run."""
    found = [(c, NFKD.normalize_str(chr(c))) for c in SCALARS]
    found = [(c, text) for c, text in found if text != NFD.normalize_str(chr(c))]
    records, last, i = [], 0, 0
    while i < len(found):
        c, text = found[i]
        n = 1
        while len(text) == 1 and i + n < len(found) and found[i + n] == (c + n, chr(ord(text) + n)):
            n += 1
        records.append(f"{c - last:X}" + (f"*{n:X}" if n > 1 else "") + ":" + ",".join(f"{ord(x):X}" for x in text))
        last = c + n - 1
        i += n
    return records


def unordered() -> list[int]:
    """Scalars that have a combining class in Unicode today and none in the package's older table."""
    # U+0334 has class 1, U+0345 the highest, 240: whatever has a class moves behind one or before the other.
    return [c for c in SCALARS if unicodedata.combining(chr(c)) and NFD.normalize_str(chr(c)) == chr(c)
            and NFD.normalize_str(chr(c) + "\u0334") == chr(c) + "\u0334"
            and NFD.normalize_str("\u0345" + chr(c)) == "\u0345" + chr(c)]


name = sys.argv[1]
text = ";".join(canonical() if name == "canonical" else compatibility())
print("// Made by Tests/TokensTests/Goldens/make_decompositions.py; do not edit.")
print(f"enum {name.capitalize()}Data {{")
print("    /// " + (canonical if name == "canonical" else compatibility).__doc__)
print('    static let records = """')
for i in range(0, len(text), 110):
    print(f"        {text[i:i + 110]}\\")
print("")
print('        """')
if name == "canonical":
    print("")
    print("    /// " + (unordered.__doc__ or ""))
    print("    static let unordered: Set<UInt32> = [")
    found = [f"0x{c:X}," for c in unordered()]
    for i in range(0, len(found), 12):
        print("        " + " ".join(found[i:i + 12]))
    print("    ]")
print("}")
