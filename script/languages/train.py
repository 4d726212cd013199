"""Trains Sources/Languages/Resources/languages.bin: train.py TEXT_DIR WORDFREQ_DATA_DIR OPENCC_DICTIONARY_DIR [FILES]

TEXT_DIR is gather.py's. What HELD names teaches nothing: Benchmarks/languages.py measures on it. FILES are further
`LANGUAGE=PATH.txt` of lines."""
import collections, gzip, os, random, re, struct, subprocess, sys, sysconfig, tempfile, unicodedata, zlib
import msgpack, numpy

HELD = ("installation-guide", "cataclysm", "fortunes", "debian-faq", "debian-reference", "gnome-user-docs", "freeciv")
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
IDENTIFICATION = os.path.join(ROOT, "Sources", "Languages", "Identification")
# script, features, bits, width, languages
TABLES = [
    ("latin", 0, 16, 32, "en de fr es pt it nl sv da no fi et hu pl cs sk sl hr ro tr vi id ca gl eu lt lv sq is ga af eo"),
    ("cyrillic", 0, 15, 16, "ru uk be bg sr mk kk mn ky tg"),
    ("arabic", 0, 14, 16, "ar fa ur ug"),
    ("devanagari", 0, 13, 16, "hi mr ne"),
    ("han", 1, 16, 4, "zh zh-Hant ja"),
]
LINES_MAX, SOURCE_LINES_MAX, WORD_LINES = 60_000, 25_000, 25_000
# What most text is in gets more, or its words would seem to be names that all languages have.
SHARE = {"en": 3, "zh": 1.5, "ja": 1.5, "ru": 3, "ar": 2, "hi": 1.5}
# Names of programs stand in manuals of every language: lines that get some, lines of English that are nothing else.
NAMES_SHARE, CODE_LINES = 0.2, 60_000
ALIASES = {"no": "nb", "hr": "sh", "sr": None, "zh-Hant": None}
random.seed(7)


def scripts_and_folded():
    source = open(os.path.join(IDENTIFICATION, "Script.swift")).read()
    names = re.findall(r"case (none = 0|[a-z, ]+)$", source, re.M)
    order = [name.strip() for line in names for name in line.replace(" = 0", "").split(",")]
    scripts = numpy.zeros(65536, numpy.uint8)
    for low, high, name in re.findall(r"\(0x([0-9A-F]+)\.\.\.0x([0-9A-F]+), \.(\w+)\)", source):
        scripts[int(low, 16):int(high, 16) + 1] = order.index(name)
    folded = numpy.arange(65536, dtype=numpy.uint16)
    for low, high in ((0x41, 0x5A), (0xC0, 0x24F), (0x370, 0x587), (0x1E00, 0x1FFF)):
        for value in range(low, high + 1):
            lower = chr(value).lower()
            if len(lower) == 1 and ord(lower) < 65536: folded[value] = ord(lower)
    for start in (0xFF21, 0xFF41): folded[start:start + 26] = numpy.arange(0x61, 0x7B)
    return order, scripts, folded


def words_of(language, folder):
    """(word, weight) of wordfreq's list, or nothing."""
    code = ALIASES.get(language, language)
    for size in ("large", "small"):
        path = os.path.join(folder, f"{size}_{code}.msgpack.gz")
        if code and os.path.exists(path):
            buckets = msgpack.load(gzip.open(path), raw=False)[1:]
            return [(word, 10 ** (-number / 100)) for number, bucket in enumerate(buckets) for word in bucket
                    if any(c.isalpha() for c in word)]
    return []


def word_lines(language, folder, spaces):
    pairs = words_of(language, folder)
    if not pairs: return []
    count = int(WORD_LINES * SHARE.get(language, 1))
    words, weights = zip(*pairs)
    # Rare words are taught as well as common ones: half of the draws are of the frequency's root.
    common = random.choices(words, weights, k=count * 4)
    rare = random.choices(words, [weight ** 0.5 for weight in weights], k=count * 2)
    drawn = common + rare
    random.shuffle(drawn)
    lines, place = [], 0
    while place < len(drawn) and len(lines) < count:
        size = random.choice((1, 2, 3, 5, 8, 12) if spaces else (1, 1, 2, 3, 4))
        lines.append((" " if spaces else "").join(drawn[place:place + size]))
        place += size
    return lines


def code():
    """Names in Python's own library with the root of their counts, and its lines: what English is full of in manuals."""
    counts, lines = collections.Counter(), set()
    folder = sysconfig.get_paths()["stdlib"]
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".py"): continue
        text = open(os.path.join(folder, name), encoding="utf-8", errors="ignore").read()
        counts.update(re.findall(r"[A-Za-z]{2,20}", text))
        lines.update(line.strip() for line in text.split("\n") if sum(map(str.isalpha, line)) > 10 and line.isascii())
    names, weights = zip(*((name, count ** 0.5) for name, count in sorted(counts.items())))
    return names, weights, sorted(lines)


def with_names(lines, names, weights):
    drawn = iter(random.choices(names, weights, k=len(lines) * 4))
    mixed = []
    for line in lines:
        words = line.split(" ")
        if len(words) > 2 and random.random() < NAMES_SHARE:
            for _ in range(random.randint(1, min(4, len(words) // 2))):
                words.insert(random.randint(0, len(words)), next(drawn))
        mixed.append(" ".join(words))
    return mixed


def piece(line, spaces):
    """A short part of a line."""
    if not spaces:
        length = random.randint(2, 14)
        start = random.randint(0, max(0, len(line) - length))
        return line[start:start + length]
    words = line.split()
    count = random.randint(1, 8)
    start = random.randint(0, max(0, len(words) - count))
    return " ".join(words[start:start + count])


def english_lines(text):
    """What English files have: in another language's file it was never translated."""
    lines = set()
    for source in os.listdir(text):
        path = os.path.join(text, source, "en.txt")
        if os.path.exists(path): lines.update(open(path, encoding="utf-8").read().split("\n"))
    return lines


def lines_of(language, text, extra, spaces, english):
    lines = {}
    for source in sorted(os.listdir(text)):
        path = os.path.join(text, source, language + ".txt")
        if source.startswith(HELD) or not os.path.exists(path): continue
        found = open(path, encoding="utf-8").read().split("\n")
        random.shuffle(found)
        lines.update(dict.fromkeys(found[:SOURCE_LINES_MAX]))
    for path in extra.get(language, []):
        found = open(path, encoding="utf-8").read().split("\n")
        random.shuffle(found)
        lines.update(dict.fromkeys(found[:SOURCE_LINES_MAX]))
    lines = [line for line in lines if line and (language == "en" or line not in english)]
    random.shuffle(lines)
    lines = lines[:int(LINES_MAX * SHARE.get(language, 1))]
    while lines and len(lines) < 8000: lines += lines
    return [line if random.random() < 0.5 else piece(line, spaces) for line in lines]


def traditional(folder):
    """A function that writes simplified text in traditional characters, the longest phrase first."""
    table = {}
    for name in ("STPhrases.txt", "STCharacters.txt"):
        for line in open(os.path.join(folder, name), encoding="utf-8"):
            key, _, values = line.strip().partition("\t")
            if values: table.setdefault(key, values.split(" ")[0])
    longest = max(map(len, table))

    def convert(line):
        out, place = [], 0
        while place < len(line):
            for length in range(min(longest, len(line) - place), 0, -1):
                if (found := table.get(line[place:place + length])) is not None: break
            out.append(found or line[place])
            place += length if found else 1
        return "".join(out)
    return convert


def samples(languages, script, arguments, extra):
    text, words, opencc = arguments
    spaces = script != "han"
    by_language, english = {}, english_lines(text)
    for language in languages:
        found = lines_of(language, text, extra, spaces, english) + word_lines(language, words, spaces)
        by_language[language] = found
    if script == "latin":
        names, weights, own = code()
        by_language = {language: with_names(found, names, weights) for language, found in by_language.items()}
        by_language["en"] += random.sample(own, min(len(own), CODE_LINES // 2))
        by_language["en"] += [" ".join(random.choices(names, weights, k=random.randint(2, 10))) for _ in range(CODE_LINES // 2)]
    if script == "han":
        convert = traditional(opencc)
        by_language["zh-Hant"] += [convert(line) for line in random.sample(by_language["zh"], 60_000)]
    print({language: len(found) for language, found in by_language.items()}, file=sys.stderr)
    return [(number, re.sub(r"\s+", " ", unicodedata.normalize("NFC", line)))
            for number, language in enumerate(languages) for line in by_language[language] if line.strip()]


def main():
    arguments, extra = sys.argv[1:4], {}
    for argument in sys.argv[4:]:
        language, _, path = argument.partition("=")
        extra.setdefault(language, []).append(path)
    order, scripts, folded = scripts_and_folded()
    out = bytearray(b"DLID" + bytes([1, len(TABLES)]))
    with tempfile.TemporaryDirectory() as folder:
        trainer, tables, file = (os.path.join(folder, name) for name in ("train", "tables", "samples"))
        subprocess.run(["cc", "-O3", "-march=native", "-ffast-math", os.path.join(HERE, "train.c"), "-o", trainer, "-lm"],
                       check=True)
        with open(tables, "wb") as to: to.write(scripts.tobytes() + folded.astype("<u2").tobytes())
        for script, features, bits, width, languages in TABLES:
            languages = languages.split()
            with open(file, "w", encoding="utf-8") as to:
                to.writelines(f"{number}\t{line}\n" for number, line in samples(languages, script, arguments, extra))
            number = order.index(script)
            epochs = "6"
            found = subprocess.run([trainer, tables, file, str(number), str(bits), str(width), str(len(languages)), epochs,
                                    "1"], check=True, stdout=subprocess.PIPE).stdout
            biases = numpy.frombuffer(found[:4 * len(languages)], "<f4")
            weights = numpy.frombuffer(found[4 * len(languages):], "<f4")
            scale = float(numpy.quantile(numpy.abs(weights[weights != 0]), 0.9995)) / 127
            whole = numpy.clip(numpy.rint(weights / scale), -127, 127).astype(numpy.int8)
            print(script, "scale", scale, "zero", float((whole == 0).mean()), file=sys.stderr, flush=True)
            out += bytes([number, features, bits, width, len(languages)]) + struct.pack("<f", scale)
            for language, bias in zip(languages, biases):
                out += bytes([len(language)]) + language.encode() + struct.pack("<f", bias)
            out += whole.tobytes()
    target = os.path.join(ROOT, "Sources", "Languages", "Resources", "languages.bin")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as to: to.write(struct.pack("<Q", len(out)) + zlib.compress(bytes(out), 9))
    print(os.path.getsize(target), "bytes", file=sys.stderr)


if __name__ == "__main__": main()
