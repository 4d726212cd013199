#!/usr/bin/env python3
"""Main text of pages: danlu beside trafilatura, on pages whose text is known.

Debian ships some books both as HTML and as plain text, in English and Chinese; the source package of newspaper4k
holds pages of newspapers with their texts; article-extraction-benchmark, if there is a checkout of it, pages of the
web. F1 is over the multiset of words (letters and digits, lower case) and, for scripts without spaces, of characters;
a page counts as one, whatever its length. Contents lists at the head of a chapter are navigation and are taken out of
the truth. Pages a second count the processor's time of one thread, the best of several runs, from the page's bytes to
its text.

    python3 -m venv env && env/bin/pip install trafilatura lxml_html_clean
    env/bin/python Benchmarks/extraction.py DOWNLOADS [--danlu .build/release/danlu] [--fetch] [--json]

DOWNLOADS is a folder for the packages; --fetch gets them with apt-get and pip.
"""

import argparse
import collections
import glob
import gzip
import json
import os
import re
import subprocess
import sys
import tarfile
import time
import unicodedata

DEBIAN = ["debian-reference-en", "debian-reference-zh-cn", "debian-faq", "debian-faq-zh-cn", "maint-guide",
          "maint-guide-zh-cn"]
NEWS = "newspaper4k==0.9.6"
# Books that no rule was made for: a folder of pages and the same book as text, by language.
UNSEEN = [("debmake-doc", "debmake-doc.{}.txt.gz", "html/*.{}.html", ("en", "zh-cn")),
          ("installation-guide-amd64", "{}/install.{}.txt.gz", "{}/*.html", ("en", "zh_CN"))]
WORD = re.compile(r"[^\W_]+")


def tokens(text):
    """Words, and single characters of scripts without spaces."""
    found = collections.Counter()
    for word in WORD.findall(unicodedata.normalize("NFKC", text).lower()):
        run = ""
        for letter in word:
            if letter >= "\u0e00" and unicodedata.category(letter) in ("Lo", "Mn", "Mc", "Lm") \
                    and not "\uac00" <= letter <= "\ud7a3":
                if run:
                    found[run] += 1
                run = ""
                found[letter] += 1
            else:
                run += letter
        if run:
            found[run] += 1
    return found


def score(text, truth):
    """Precision, recall and F1 of a text."""
    ours, theirs = tokens(text), tokens(truth)
    common = sum((ours & theirs).values())
    precision = common / max(1, sum(ours.values()))
    recall = common / max(1, sum(theirs.values()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def fetch(folder):
    os.makedirs(folder, exist_ok=True)
    for package in DEBIAN + [row[0] for row in UNSEEN]:
        if not glob.glob(os.path.join(folder, package + "_*.deb")):
            subprocess.run(["apt-get", "download", "-q", package], cwd=folder, check=True)
    if not glob.glob(os.path.join(folder, "newspaper4k-*.tar.gz")):
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", NEWS],
                       cwd=folder, check=True)


def unpack(folder):
    for package in DEBIAN + [row[0] for row in UNSEEN]:
        target = os.path.join(folder, "unpacked", package)
        if not os.path.isdir(target):
            archives = glob.glob(os.path.join(folder, package + "_*.deb"))
            if not archives:
                sys.exit(f"{folder} has no {package}_*.deb: run with --fetch")
            archive = archives[0]
            os.makedirs(target)
            subprocess.run(["dpkg-deb", "-x", archive, target], check=True)
    target = os.path.join(folder, "unpacked", "newspaper4k")
    if not os.path.isdir(target):
        (archive,) = glob.glob(os.path.join(folder, "newspaper4k-*.tar.gz"))
        with tarfile.open(archive) as tar:
            tar.extractall(target, filter="data")


def plain(markup):
    text = re.sub(r"<[^>]*>", "", markup)
    for name, letter in (("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&quot;", '"')):
        text = text.replace(name, letter)
    return " ".join(text.replace("\xa0", " ").split())


def without_contents(lines):
    """A chapter without the list of its sections: the block of lines that follows the words for it."""
    for place, line in enumerate(lines[:12]):
        if line.strip() in ("Table of Contents", "目录"):
            end = place + 1
            while end < len(lines) and not lines[end].strip():
                end += 1
            while end < len(lines) and lines[end].strip():
                end += 1
            return lines[:place] + lines[end:]
    return lines


def debian_pages(folder, package):
    """Chapters of a book: the page, and the part of the book's text from its title up to the next one's."""
    base = os.path.join(folder, "unpacked", package, "usr/share")
    texts = [path for path in glob.glob(base + "/**/*.txt.gz", recursive=True) if re.search(r"\.(en|zh-cn)\.txt", path)]
    with gzip.open(texts[0], "rt", encoding="utf-8") as file:
        lines = file.read().split("\n")
    language = "zh-cn" if package.endswith("zh-cn") else "en"
    places = []
    # Some folders are there twice, by a link.
    pages = {os.path.realpath(path) for path in glob.glob(base + f"/**/*.{language}.html", recursive=True)}
    for path in sorted(pages):
        with open(path, encoding="utf-8") as file:
            markup = file.read()
        if os.path.basename(path).startswith("index"):
            continue
        title = plain(re.search(r"<title>(.*?)</title>", markup, re.S).group(1))
        # The last place where the title stands alone; before it come the lists of contents. Long ones are broken.
        start = max((number for number, line in enumerate(lines)
                     if line and not line[0].isspace() and title.startswith(" ".join(line.split()))
                     and len(" ".join(line.split())) >= min(len(title), 30)), default=None)
        if start is not None:
            places.append((start, path))
    places.sort()
    for (start, path), (end, _) in zip(places, places[1:] + [(len(lines), "")]):
        yield path, "\n".join(without_contents(lines[start:end]))


def news_pages(folder):
    for path in sorted(glob.glob(folder + "/unpacked/newspaper4k/*/tests/data/html/*.html")):
        truth = path.replace("/html/", "/txt/").replace(".html", ".txt")
        if os.path.exists(truth):
            with open(truth, encoding="utf-8") as file:
                yield path, file.read()


def unseen_pages(folder, package, text, pattern, language):
    """Chapters of a book of UNSEEN; a title is compared without its spaces, as the text breaks it."""
    base = os.path.join(folder, "unpacked", package, "usr/share/doc", package)
    with gzip.open(os.path.join(base, text.format(language, language)), "rt", encoding="utf-8") as file:
        lines = file.read().split("\n")
    bare = ["".join(line.split()) for line in lines]
    places = []
    for path in sorted(glob.glob(os.path.join(base, pattern.format(language)))):
        if os.path.basename(path).startswith("index"):
            continue
        with open(path, encoding="utf-8") as file:
            title = "".join(plain(re.search(r"<title>(.*?)</title>", file.read(), re.S).group(1)).split())
        start = max((number for number, line in enumerate(bare)
                     if line and not lines[number][0].isspace() and title.startswith(line)
                     and len(line) >= min(len(title), 16)), default=None)
        if start is not None:
            places.append((start, path))
    places.sort()
    for (start, path), (end, _) in zip(places, places[1:] + [(len(lines), "")]):
        text = "\n".join(without_contents(lines[start:end]))
        # Pages that hold a list of contents alone have no main text.
        if sum(tokens(text).values()) >= 40:
            yield path, text


def article_pages(folder):
    """Pages of Zyte's article-extraction-benchmark, a checkout of which is named."""
    with open(os.path.join(folder, "ground-truth.json"), encoding="utf-8") as file:
        truths = json.load(file)
    for name, truth in sorted(truths.items()):
        page = os.path.join(folder, "html", name + ".html")
        if not os.path.exists(page):
            with gzip.open(page + ".gz") as packed, open(page, "wb") as file:
                file.write(packed.read())
        yield page, truth.get("articleBody", "")


def run_danlu(program, paths, repeat):
    out = subprocess.run([program, "clean", "extract", "--json", "--repeat", str(repeat), *paths],
                         capture_output=True, text=True, check=True).stdout
    # Pages may hold U+0085 and U+2028, at which splitlines() would cut too.
    return [json.loads(line) for line in out.split("\n") if line]


def run_trafilatura(paths, repeat):
    import trafilatura

    results = []
    for path in paths:
        with open(path, "rb") as file:
            page = file.read()
        best, text = float("inf"), None
        for _ in range(repeat):
            started = time.process_time()
            text = trafilatura.extract(page, include_comments=False)
            best = min(best, time.process_time() - started)
        results.append({"text": text or "", "seconds": best})
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--danlu", default=".build/release/danlu")
    parser.add_argument("--fetch", action="store_true")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--articles", metavar="FOLDER", help="a checkout of scrapinghub/article-extraction-benchmark")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--pages", action="store_true", help="show each page")
    options = parser.parse_args()
    if options.fetch:
        fetch(options.folder)
    unpack(options.folder)
    sets = {package: list(debian_pages(options.folder, package)) for package in DEBIAN}
    sets["newspapers"] = list(news_pages(options.folder))
    for package, text, pattern, languages in UNSEEN:
        for language in languages:
            sets[f"{package} {language} (unseen)"] = list(
                unseen_pages(options.folder, package, text, pattern, language))
    if options.articles:
        sets["articles (half of them unseen)"] = list(article_pages(options.articles))
    paths = [path for pages in sets.values() for path, _ in pages]
    both = {"danlu": run_danlu(options.danlu, paths, options.repeat),
            "trafilatura": run_trafilatura(paths, options.repeat)}
    report, place = [], 0
    for name, pages in sets.items():
        for peer, results in both.items():
            part = results[place:place + len(pages)]
            scores = [score(result.get("text") or "", truth) for result, (_, truth) in zip(part, pages)]
            seconds = sum(result.get("seconds", 0) for result in part)
            report.append({"set": name, "peer": peer, "pages": len(pages), "seconds": seconds,
                           **{key: sum(row[i] for row in scores) / len(scores)
                              for i, key in enumerate(("precision", "recall", "f1"))}})
            if options.pages:
                for (path, _), row in zip(pages, scores):
                    print(f"{peer:12} {row[0]:.3f} {row[1]:.3f} {row[2]:.3f} {os.path.basename(path)}")
        place += len(pages)
    for peer in both:
        rows = [row for row in report if row["peer"] == peer]
        count = sum(row["pages"] for row in rows)
        report.append({"set": "all pages", "peer": peer, "pages": count, "seconds": sum(r["seconds"] for r in rows),
                       **{key: sum(row[key] * row["pages"] for row in rows) / count
                          for key in ("precision", "recall", "f1")}})
        report.append({"set": "mean of sets", "peer": peer, "pages": count, "seconds": sum(r["seconds"] for r in rows),
                       **{key: sum(row[key] for row in rows) / len(rows) for key in ("precision", "recall", "f1")}})
    if options.json:
        print(json.dumps(report))
        return
    print("| set | pages | | precision | recall | F1 | pages/s |\n|---|---|---|---|---|---|---|")
    for row in report:
        print(f"| {row['set']} | {row['pages']} | {row['peer']} | {row['precision']:.4f} | {row['recall']:.4f} | "
              f"{row['f1']:.4f} | {row['pages'] / row['seconds']:.1f} |")


if __name__ == "__main__":
    main()
