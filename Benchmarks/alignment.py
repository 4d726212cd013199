"""Precision and recall of `danlu align` on pairs whose truth is known.

    python3 Benchmarks/alignment.py --danlu PROGRAM CATALOGUE.zh_CN.mo…
    python3 Benchmarks/alignment.py --danlu PROGRAM --documents GUIDE/en GUIDE/zh_CN

Messages of gettext catalogues and their translations become two files of subtitles: cues are dropped, joined and cut on either
side, times shiver, and the second file has another clock; and two documents, messages glued into paragraphs. A pair is right when
one text's messages overlap the other's. --documents takes two folders of HTML pages that were translated paragraph by paragraph
(Debian's installation guide): pages with the same tags in the same order say which paragraphs belong together; some are dropped on
either side, some joined. Recall counts what stands on both sides. Peer, on the same
sentences: galechurch (pip)."""
import argparse, html, json, os, random, re, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "script", "languages"))
from gather import clean, messages


# What subtitles drop: notes in brackets, credits, dashes of speakers.
UNSAID = re.compile(r"[()（）\[\]【】]|https?|www|\.com|[字译校]幕|翻译|校对|加入|[Ss]ubtitle|^[-–—>]")


def stamp(milliseconds):
    seconds, rest = divmod(max(0, int(milliseconds)), 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{rest:03}"


def write(path, cues):
    with open(path, "w", encoding="utf-8") as to:
        for number, (start, end, text) in enumerate(cues, 1):
            to.write(f"{number}\n{stamp(start)} --> {stamp(end)}\n{text}\n\n")


def side(texts, chooser, rate, offset):
    """Cues of one language, and which message each character run belongs to."""
    cues, number = [], 0
    while number < len(texts):
        start = 3000 * number * rate + offset + chooser.gauss(0, 150)
        if chooser.random() < 0.04:
            number += 1
        elif chooser.random() < 0.06 and number + 1 < len(texts):
            cues.append((start, start + 5400 * rate, texts[number] + " " + texts[number + 1]))
            number += 2
        else:
            cues.append((start, start + 2500 * rate, texts[number]))
            number += 1
    return cues


def squeeze(text): return re.sub(r"[^\w]", "", text)


def aligned(program, folder, first, second, name):
    paths = [os.path.join(folder, side + name) for side in ("a", "b")]
    for path, text in zip(paths, (first, second)):
        with open(path, "w", encoding="utf-8") as to: to.write(text)
    out = subprocess.run([program, "align", *paths, "--json"], check=True, stdout=subprocess.PIPE).stdout
    return [(pair["first"], pair["second"]) for pair in json.loads(out)["pairs"]]


def gale_church(first, second):
    """Pairs of the peer; sentences of these lists, some joined."""
    try: import galechurch
    except ImportError: return []
    found = []
    for line in galechurch.align(first, second).to_pharaoh_lines():
        one, _, other = line.partition("]:[")
        one, other = ([int(number) for number in re.findall(r"\d+", part)] for part in (one, other))
        if one and other: found.append((" ".join(first[n] for n in one), " ".join(second[n] for n in other)))
    return found


def judge(found, units):
    """(precision, recall) by the pairs of units of text that each belong together; recall by the first text's length."""
    units = [(squeeze(a), squeeze(b)) for a, b in units]
    starts = {}
    for number, (a, b) in enumerate(units):
        for place in range(len(a) - 5): starts.setdefault(a[place:place + 6], set()).add(number)
    right, covered = 0, {}
    for one, other in found:
        one, other = squeeze(one), squeeze(other)
        candidates = set().union(*(starts.get(one[place:place + 6], set()) for place in range(0, max(1, len(one) - 5))))
        hits = [n for n in candidates if (one in units[n][0] or units[n][0] in one) and units[n][1]
                and (other in units[n][1] or units[n][1] in other)]
        right += bool(hits)
        for number in hits: covered[number] = min(len(units[number][0]), covered.get(number, 0) + len(one))
    possible = sum(len(a) for a, b in units if a and b)
    return right / max(len(found), 1), sum(covered.values()) / max(possible, 1)


def sentences(text):
    return [part.strip() for line in text.split("\n") for part in re.split(r"(?<=[.!?])\s+(?=[^a-z])|(?<=[。！？])", line)
            if part.strip()]


def report(name, program, first, second, units):
    with tempfile.TemporaryDirectory() as folder:
        found = aligned(program, folder, "\n".join(first), "\n".join(second), ".txt")
    for title, pairs in (("danlu", found), ("galechurch", gale_church(sentences("\n".join(first)), sentences("\n".join(second))))):
        if pairs:
            precision, recall = judge(pairs, units)
            print(f"{name}, {title}: {len(pairs)} pairs, precision {precision:.4f}, recall {recall:.4f}")


def blocks(path):
    """(tag, text) of the blocks of a page."""
    page = open(path, encoding="utf-8").read()
    page = re.sub(r"(?is)<(script|style|head|pre)\b.*?</\1>|<div class=\"(navheader|navfooter)\".*?</div>", " ", page)
    found = []
    for tag, body in re.findall(r"(?is)<(p|h\d|dt|li|td|th)\b[^>]*>(.*?)(?=</?(?:p|h\d|dt|dd|li|td|th|ul|ol|div|table|tr)\b)", page):
        text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", body))).strip()
        if len(text) > 1: found.append((tag, text))
    return found


def torn(pairs, chooser, joined):
    """Pairs as two texts that lack one in 25 each, and join a share of the others to what stands before; with the truth."""
    units, sides = [], ([], [])
    for pair in pairs:
        kept = [chooser.random() >= 0.04 for _ in sides]
        for side, text, keep in zip(sides, pair, kept):
            if not keep: continue
            if side and chooser.random() < joined: side[-1] += " " + text
            else: side.append(text)
        units.append(tuple(text if keep else "" for text, keep in zip(pair, kept)))
    return units, sides


def documents(program, first, second):
    pairs = []
    for name in sorted(set(os.listdir(first)) & set(os.listdir(second))):
        if not name.endswith(".html"): continue
        one, other = (blocks(os.path.join(folder, name)) for folder in (first, second))
        if [tag for tag, _ in one] != [tag for tag, _ in other]: continue
        pairs += [(a, b) for (_, a), (_, b) in zip(one, other) if re.search("[\u4e00-\u9fff]", b)]
    units, sides = torn(pairs, random.Random(4), 0.06)
    report(f"documents ({len(units)} paragraphs)", program, *sides, units)


def glued(program, pairs):
    """Messages of a catalogue as sentences of paragraphs that break elsewhere on each side."""
    units, sides = torn(pairs, random.Random(5), 0.7)
    report(f"glued messages ({len(units)})", program, *sides, units)


def catalogue(path):
    pairs = [(clean(a), clean(b)) for a, b in messages(open(path, "rb").read())]
    pairs = [(a, b) for a, b in dict.fromkeys(pairs) if 12 <= len(a) <= 160 and re.search("[\u4e00-\u9fff]", b)
             and not UNSAID.search(a + b)]
    random.Random(3).shuffle(pairs)
    return pairs


def subtitles(program, paths, count):
    for rate, offset in ((1, 0), (1, 37_000), (25 / 23.976, 0)):
        total = [0, 0, 0]
        for path in paths:
            chooser = random.Random(3)
            pairs = catalogue(path)[:count]
            with tempfile.TemporaryDirectory() as folder:
                files = [os.path.join(folder, name) for name in ("a.srt", "b.srt")]
                cues = side([a for a, _ in pairs], chooser, 1, 0), side([b for _, b in pairs], chooser, rate, offset)
                for file, found in zip(files, cues): write(file, found)
                out = json.loads(subprocess.run([program, "align", *files, "--json"], check=True, stdout=subprocess.PIPE).stdout)
            shown = [squeeze(" ".join(text for _, _, text in found)) for found in cues]
            there = {number for number, (a, b) in enumerate(pairs) if squeeze(a) in shown[0] and squeeze(b) in shown[1]}
            covered = set()
            for pair in out["pairs"]:
                one, other = squeeze(pair["first"]), squeeze(pair["second"])
                hits = {number for number, (a, b) in enumerate(pairs) if squeeze(a) in one and squeeze(b) in other}
                covered |= hits
                total[0] += bool(hits)
            total[1] += len(out["pairs"])
            total[2] += len(covered & there) / len(there) / len(paths)
        print(f"subtitles, rate {rate:.4f}, offset {offset}: {total[1]} pairs, precision {total[0] / max(total[1], 1):.4f}, "
              f"recall {total[2]:.4f} of the messages in both")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--pairs", type=int, default=600)
    parser.add_argument("--documents", nargs=2)
    parser.add_argument("catalogues", nargs="*")
    arguments = parser.parse_args()
    if arguments.documents: documents(arguments.danlu, *arguments.documents)
    for path in arguments.catalogues: glued(arguments.danlu, catalogue(path)[:4 * arguments.pairs])
    if arguments.catalogues: subtitles(arguments.danlu, arguments.catalogues, arguments.pairs)


if __name__ == "__main__": main()
