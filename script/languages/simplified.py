"""Makes Sources/Languages/Resources/simplified.bin from OpenCC's tables: simplified.py DICTIONARY_DIR

Before zlib: a line for each sign or phrase that changes, or that must be kept where a shorter rule would change it:
traditional, a tab, simplified. Values with several readings keep the first."""
import os, struct, sys, zlib

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def table(path):
    pairs = (line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8"))
    return {pair[0]: pair[1].split(" ")[0] for pair in pairs if len(pair) == 2}


def main():
    signs, phrases = (table(os.path.join(sys.argv[1], name)) for name in ("TSCharacters.txt", "TSPhrases.txt"))
    lines = [f"{key}\t{value}" for key, value in sorted(signs.items()) if key != value]
    lines += [f"{key}\t{value}" for key, value in sorted(phrases.items())
              if "".join(signs.get(sign, sign) for sign in key) != value]
    text = "\n".join(lines).encode()
    target = os.path.join(ROOT, "Sources", "Languages", "Resources", "simplified.bin")
    with open(target, "wb") as to: to.write(struct.pack("<Q", len(text)) + zlib.compress(text, 9))
    print(len(lines), "rules,", os.path.getsize(target), "bytes")


if __name__ == "__main__": main()
