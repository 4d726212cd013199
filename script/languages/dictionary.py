"""Makes Sources/Languages/Resources/words.bin from jieba's data: dictionary.py JIEBA_PACKAGE_DIR

The file, before zlib: `DLSW`, version (u8); the dictionary's sum of counts (u64); start and transition log probabilities of
the hidden Markov model (8 and 8 f64, see below); the number of signs with emissions (u32), each a scalar (u16) and four
f32 (B, M, E, S; -inf where never seen); the number of words (u32); each word in the order of its scalars: how many scalars
are those of the word before (u8), how many follow (u8), they (u16 each), its count (u32). Little-endian."""
import ast, os, struct, sys, zlib

NEVER = float("-inf")
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def table(path):
    text = open(path, encoding="utf-8").read()
    return ast.literal_eval(text[text.index("P=") + 2:].strip())


def main():
    folder = sys.argv[1]
    words, total = {}, 0
    for line in open(os.path.join(folder, "dict.txt"), encoding="utf-8"):
        word, count = line.split(" ")[:2]
        words[word] = int(count)
        total += int(count)
    allowed = set(map(chr, range(0x4E00, 0x9FD6))) | set("+#&._%-") | {chr(c) for c in range(128) if chr(c).isalnum()}
    # Others stand in no block of signs that is looked up; their counts stay in the sum.
    kept = {tuple(map(ord, word)): count for word, count in words.items() if set(word) <= allowed and count > 0}
    start, moves, emissions = (table(os.path.join(folder, "finalseg", f"prob_{name}.py")) for name in ("start", "trans", "emit"))
    out = bytearray(b"DLSW\x01" + struct.pack("<Q", total))
    out += struct.pack("<4d", *(start[state] for state in "BMES"))
    # From the first of the two, and from the second, states that may come before B (E S), M (M B), E (B M), S (S E).
    for state, before in zip("BMES", ("ES", "MB", "BM", "SE")):
        out += struct.pack("<2d", *(moves[first][state] for first in before))
    signs = sorted({sign for state in "BMES" for sign in emissions[state]})
    signs = [sign for sign in signs if 0x4E00 <= ord(sign) <= 0x9FD5]
    out += struct.pack("<I", len(signs))
    for sign in signs:
        out += struct.pack("<H4f", ord(sign), *(emissions[state].get(sign, NEVER) for state in "BMES"))
    out += struct.pack("<I", len(kept))
    last = ()
    for word in sorted(kept):
        same = 0
        while same < min(len(word), len(last)) and word[same] == last[same]: same += 1
        out += struct.pack(f"<BB{len(word) - same}HI", same, len(word) - same, *word[same:], kept[word])
        last = word
    target = os.path.join(ROOT, "Sources", "Languages", "Resources", "words.bin")
    with open(target, "wb") as to: to.write(struct.pack("<Q", len(out)) + zlib.compress(bytes(out), 9))
    print(len(kept), "of", len(words), "words,", os.path.getsize(target), "bytes")


if __name__ == "__main__": main()
