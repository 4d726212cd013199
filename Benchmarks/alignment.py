"""Precision and recall of `danlu align` on pairs whose truth is known: alignment.py --danlu PROGRAM CATALOGUE.zh_CN.mo…

Messages of gettext catalogues and their translations become two files of subtitles: cues are dropped, joined and cut on either
side, times shiver, and the second file has another clock. A pair is right when one text's messages overlap the other's."""
import argparse, json, os, random, re, subprocess, sys, tempfile

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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--pairs", type=int, default=600)
    parser.add_argument("catalogues", nargs="+")
    arguments = parser.parse_args()
    for rate, offset in ((1, 0), (1, 37_000), (25 / 23.976, 0)):
        right = found = possible = 0
        for path in arguments.catalogues:
            chooser = random.Random(3)
            pairs = [(clean(a), clean(b)) for a, b in messages(open(path, "rb").read())]
            pairs = [(a, b) for a, b in dict.fromkeys(pairs) if 12 <= len(a) <= 160 and re.search("[\u4e00-\u9fff]", b)
                     and not UNSAID.search(a + b)]
            chooser.shuffle(pairs)
            pairs = pairs[:arguments.pairs]
            with tempfile.TemporaryDirectory() as folder:
                first, second = os.path.join(folder, "a.srt"), os.path.join(folder, "b.srt")
                write(first, side([a for a, _ in pairs], chooser, 1, 0))
                write(second, side([b for _, b in pairs], chooser, rate, offset))
                out = json.loads(subprocess.run([arguments.danlu, "align", first, second, "--json"], check=True,
                                                stdout=subprocess.PIPE).stdout)
            for pair in out["pairs"]:
                found += 1
                squeeze = lambda text: re.sub(r"[^\w]", "", text)
                one, other = squeeze(pair["first"]), squeeze(pair["second"])
                right += any(squeeze(a) in one and squeeze(b) in other for a, b in pairs if squeeze(a) and squeeze(b))
            possible += len(pairs)
        print(f"rate {rate:.4f}, offset {offset}: {found} pairs of {possible}, precision {right / max(found, 1):.4f}, "
              f"recall {right / max(possible, 1):.4f}")


if __name__ == "__main__": main()
