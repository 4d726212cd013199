"""Makes Sources/Alignment/Resources/zh-en.bin from CC-CEDICT: lexicon.py CC_CEDICT.txt JIEBA_DICT.txt

Before zlib: a line a word: the simplified word, a tab, English words of its glosses (small letters, no function words).
Words that jieba's dictionary counts fewer than COUNT_MIN times are left out."""
import os, re, struct, sys, zlib

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
NONE = set("a an the of to in on at by for from with and or not no be is are was sth sb one's oneself one etc esp also see variant old "
           "surname cl abbr pr fig lit idiom coll loanword used as it its that this who which what so up out off into over under about "
           "variety place name province city county town prefecture district taiwan chinese china person people having have has".split())


COUNT_MIN = 20


def main():
    counts = {word: int(count) for word, count, *_ in map(str.split, open(sys.argv[2], encoding="utf-8"))}
    words = {}
    for line in open(sys.argv[1], encoding="utf-8"):
        found = re.match(r"\S+ (\S+) \[.*?\] /(.*)/", line)
        if not found or line.startswith("#"): continue
        word, glosses = found[1], found[2]
        if not 1 <= len(word) <= 5 or counts.get(word, 0) < COUNT_MIN: continue
        glosses = re.sub(r"\([^)]*\)|\[[^]]*\]|CL:[^/]*|variant of[^/]*|see [^/]*|surname [^/]*|abbr\. for[^/]*", " ", glosses)
        found = words.setdefault(word, {})
        for gloss in glosses.split("/"):
            english = [part for part in re.findall(r"[a-z]{2,}", gloss.lower()) if part not in NONE]
            # A long gloss explains, it does not translate.
            if len(english) <= 3: found.update(dict.fromkeys(english))
    lines = [f"{word}\t{' '.join(list(english)[:8])}" for word, english in sorted(words.items()) if english]
    text = "\n".join(lines).encode()
    target = os.path.join(ROOT, "Sources", "Alignment", "Resources", "zh-en.bin")
    with open(target, "wb") as to: to.write(struct.pack("<Q", len(text)) + zlib.compress(text, 9))
    print(len(lines), "words,", os.path.getsize(target), "bytes")


if __name__ == "__main__": main()
