"""Lines of text by language, from Debian packages and wheels: gather.py DEBS_AND_WHEELS_DIR OUT_DIR

OUT_DIR/SOURCE/LANGUAGE.txt, a line a paragraph or message. train.py says which sources teach and which are held out."""
import collections, gzip, html, os, re, struct, subprocess, sys, tempfile, zipfile

LANGUAGES = {"C": "en", "zh_CN": "zh", "zh_TW": "zh-Hant", "zh-CN": "zh", "zh-TW": "zh-Hant", "zh_HK": "zh-Hant", "pt_BR": "pt",
             "pt-BR": "pt", "pt-br": "pt", "zh-cn": "zh", "zh-tw": "zh-Hant", "nb": "no", "nb_NO": "no", "en_GB": "en",
             "en-US": "en", "sr@latin": "hr", "bs": "hr", "en_US": "en", "es_MX": "es", "fa_IR": "fa",
             "zh": "zh", "ca@valencia": "ca", "es_AR": "es", "es_ES": "es", "it_IT": "it", "ar_EG": "ar"}


def language_of(code):
    if code in LANGUAGES: return LANGUAGES[code]
    if "@" in code: return None
    base = re.split("[_-]", code)[0]
    return base if base != "zh" else None


def messages(data):
    """(source, translation) pairs of a .mo file."""
    magic = struct.unpack("<I", data[:4])[0]
    order = "<" if magic == 0x950412DE else ">"
    count, source, target = struct.unpack(order + "3I", data[8:20])
    for number in range(count):
        pair = []
        for table in (source, target):
            length, place = struct.unpack(order + "2I", data[table + 8 * number:table + 8 * number + 8])
            pair.append(data[place:place + length].decode("utf-8", "ignore").split("\0")[0])
        yield pair


MARKS = re.compile(r"<[^>]*>|%[-+ 0-9.*$]*[a-zA-Z]|%%|%\([^)]*\)[a-z]|\$\w+|\{[^}]*\}|https?://\S+|\\[nt]|\[/?\w+\]|\|")


def clean(text):
    text = html.unescape(MARKS.sub(" ", text))
    return re.sub(r"\s+", " ", text.replace("_", "").replace("&", "").replace("~", "")).strip()


def paragraphs(page):
    page = re.sub(r"(?is)<(script|style|pre|code|head|tt)\b.*?</\1>", " ", page)
    page = re.sub(r"(?i)</?(p|div|h\d|li|td|th|tr|br|dt|dd|title)\b[^>]*>", "\n", page)
    return [clean(line) for line in page.split("\n")]


def man(text):
    text = re.sub(r"(?m)^\.\\\".*$", "", text)
    text = re.sub(r"(?m)^\.(?:nf|EX)\b.*?^\.(?:fi|EE)\b", "", text, flags=re.S)
    text = re.sub(r"(?m)^\.\w+ ?(.*)$", "\n", text)
    text = re.sub(r"\\f.|\\[-&/,]|\\\([a-z]{2}|\\s[-+]?\d|\\\[\w+\]", "", text)
    return [clean(part) for part in re.split(r"\n\s*\n", text)]


def walk(root):
    for folder, _, files in os.walk(root):
        for name in files:
            path = os.path.join(folder, name)
            if not os.path.islink(path): yield path


def deb_lines(root, package):
    for path in walk(root):
        name = path[len(root):]
        try:
            if name.endswith(".mo") and (found := re.search(r"/([A-Za-z@_-]+)/LC_MESSAGES/", name)):
                language = language_of(found[1])
                for source, target in messages(open(path, "rb").read()):
                    if source and target != source: yield language, clean(target)
                    if language == "fr" and source: yield "en", clean(source)
            elif found := re.search(r"/libreoffice/help/([A-Za-z-]+)/text/.*\.html$", name):
                for line in paragraphs(open(path, encoding="utf-8", errors="ignore").read()):
                    yield language_of(found[1]), line
            elif found := re.search(r"/usr/share/man/(?:([A-Za-z_]+)(?:\.UTF-8)?/)?man\d/.*\.gz$", name):
                for line in man(gzip.open(path).read().decode("utf-8", "ignore")):
                    yield language_of(found[1] or "en"), line
            elif package.startswith("fortunes-") and "/games/fortunes/" in name and "." not in os.path.basename(name):
                text = open(path, encoding="utf-8").read()
                for part in re.split(r"\n%\n", text): yield language_of(package.split("-")[1]), clean(part)
            elif found := re.search(r"/doc/installation-guide-amd64/([a-z_A-Z]+)/.*\.html$", name):
                for line in paragraphs(open(path, encoding="utf-8", errors="ignore").read()):
                    yield language_of(found[1]), line
            elif package == "sqlite3-doc" and name.endswith(".html"):
                for line in paragraphs(open(path, encoding="utf-8", errors="ignore").read()): yield "en", line
            elif found := re.search(r"/help/([A-Za-z@_]+)/.*\.(page|docbook)$", name):
                for line in paragraphs(open(path, encoding="utf-8", errors="ignore").read()):
                    yield language_of(found[1]), line
            elif package.startswith(("debian-faq", "debian-reference")) and name.endswith(".txt.gz"):
                found = re.search(r"\.([a-z]{2}(?:-[a-z]{2})?)\.txt\.gz$", name)
                text = gzip.open(path).read().decode("utf-8", "ignore")
                for part in re.split(r"\n\s*\n", text): yield language_of(found[1] if found else "en"), clean(part)
        except (UnicodeDecodeError, struct.error, OSError) as error:
            print(name, error, file=sys.stderr)


def is_text(line):
    letters = sum(c.isalpha() for c in line)
    return letters >= 2 and letters * 2 >= len(line)


def main():
    folder, out = sys.argv[1:3]
    for file in sorted(os.listdir(folder)):
        if not file.endswith(".deb"): continue
        package = file.split("_")[0]
        target = os.path.join(out, package)
        if os.path.exists(target): continue
        lines = collections.defaultdict(dict)
        with tempfile.TemporaryDirectory() as root:
            subprocess.run(f"dpkg-deb --fsys-tarfile '{os.path.join(folder, file)}' | tar -x -C {root} --wildcards "
                           "'*.mo' '*.html' '*.gz' '*/fortunes/*' '*.page' '*.docbook'", shell=True,
                           stderr=subprocess.DEVNULL)
            for language, line in deb_lines(root, package):
                if language and is_text(line): lines[language][line[:400]] = None
        os.makedirs(target)
        for language, found in lines.items():
            with open(os.path.join(target, language + ".txt"), "w") as to: to.write("\n".join(found) + "\n")
        print(package, {language: len(found) for language, found in sorted(lines.items())}, flush=True)


if __name__ == "__main__": main()
