"""The raw side of Examples/wash-corpus, which says how this is called. Standard library only.

    gather PACKAGES FOLDER      raw/pages and raw/files: every page and every text of the packages as it is;
                                unwashed/pages.jsonl: the pages with their tags taken out, as the text of a web archive is
    hold-out FOLDER             held-out/{zh,en}.txt and .jsonl: one document in so many of raw/zh and raw/en
    report FOLDER               what a byte of the held-out text costs either model
"""
import gzip
import hashlib
import html
import json
import math
import pathlib
import re
import shutil
import subprocess
import sys

PAGES_BYTES_MAX = 12_000_000  # of one package, so that no manual is the whole of it
FILES_BYTES_MAX = 6_000_000
PART_CHARACTERS = 60_000
HELD_OUT_ONE_IN = 60
HELD_OUT_CHARACTERS = range(300, 20_000)
HELD_OUT_BYTES_MAX = 300_000
TEXTS = {".txt", ".pod", ".json", ".md", ".po", ".css", ".js", ".1", ".3", ".5", ".7", ".info", ".svg", ""}


def in_order_of_chance(paths):
    """The same order everywhere, without regard to names."""
    return sorted(paths, key=lambda path: hashlib.sha256(str(path.name).encode()).digest())


def content(path):
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    return None if b"\0" in data[:4096] else data.decode("utf-8", errors="replace")


def texts(package):
    """Changelogs, licences, manuals in their source, data and drawings: what a careless hand takes along."""
    for path in in_order_of_chance(path for path in package.rglob("*") if path.is_file() and not path.is_symlink()):
        name = path.with_suffix("") if path.suffix == ".gz" else path
        if name.suffix in TEXTS and (text := content(path)):
            yield path.relative_to(package), text


def up_to(limit, pieces, size):
    for piece in pieces:
        limit -= size(piece)
        if limit < 0:
            return
        yield piece


def gather(packages, folder):
    pages, files, unwashed = folder / "raw/pages", folder / "raw/files", folder / "unwashed"
    for made in (pages, files, unwashed):
        made.mkdir(parents=True, exist_ok=True)
    with open(unwashed / "pages.jsonl", "w", encoding="utf-8") as stripped:
        for package in sorted(packages.iterdir()):
            found = in_order_of_chance(path for path in package.rglob("*.html") if path.is_file() and not path.is_symlink())
            for page in up_to(PAGES_BYTES_MAX, found, lambda page: page.stat().st_size):
                name = str(page.relative_to(package)).replace("/", "-")
                (pages / package.name).mkdir(exist_ok=True)
                shutil.copyfile(page, pages / package.name / name)
                text = html.unescape(re.sub(r"<[^>]*>", "", content(page) or ""))
                stripped.write(json.dumps({"text": text, "source": f"{package.name}/{name}"}) + "\n")
            with open(files / f"{package.name}.jsonl", "w", encoding="utf-8") as out:
                for name, text in up_to(FILES_BYTES_MAX, texts(package), lambda piece: len(piece[1].encode())):
                    for start in range(0, len(text), PART_CHARACTERS):
                        part = text[start:start + PART_CHARACTERS]
                        out.write(json.dumps({"text": part, "source": f"{package.name}/{name}"}) + "\n")


def documents(folder):
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.open(encoding="utf-8"):
            yield json.loads(line)


def hold_out(folder):
    """Both washings drop what shares a stretch with these documents, so that neither model has read them."""
    (folder / "held-out").mkdir(exist_ok=True)
    for language in ("zh", "en"):
        chosen = [document["text"] for document in documents(folder / "raw" / language)
                  if len(document["text"]) in HELD_OUT_CHARACTERS
                  and int(hashlib.sha256(document["text"].encode()).hexdigest(), 16) % HELD_OUT_ONE_IN == 0]
        chosen.sort(key=lambda text: hashlib.sha256(text.encode()).digest())
        chosen = list(up_to(HELD_OUT_BYTES_MAX, chosen, lambda text: len(text.encode())))
        (folder / f"held-out/{language}.txt").write_text("\n\n".join(chosen), encoding="utf-8")
        with open(folder / f"held-out/{language}.jsonl", "w", encoding="utf-8") as file:
            for text in chosen:
                file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")


def bits_per_byte(program, model, text):
    result = json.loads(subprocess.run(
        [program, "perplexity", "--model", str(model), "--file", str(text), "--context", "256", "--json"],
        check=True, stdout=subprocess.PIPE, text=True).stdout)
    return math.log2(result["perplexity"]) * result["tokens"] / text.stat().st_size


def report(folder, program):
    print("bits per byte of held-out text 留出文本每字节比特")
    for language in ("zh", "en"):
        costs = [bits_per_byte(program, folder / f"{kind}.gguf", folder / f"held-out/{language}.txt")
                 for kind in ("as-it-is", "washed")]
        print(f"{language}: as it is 未洗 {costs[0]:.4f}, washed 已洗 {costs[1]:.4f} ({costs[1] / costs[0] - 1:+.1%})")


def main():
    match sys.argv[1:]:
        case ["gather", packages, folder]:
            gather(pathlib.Path(packages), pathlib.Path(folder))
        case ["hold-out", folder]:
            hold_out(pathlib.Path(folder))
        case ["report", folder, program]:
            report(pathlib.Path(folder), program)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
