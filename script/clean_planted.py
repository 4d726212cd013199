"""Junk of known kinds among good text, washed by the shipped recipe: recall by kind, precision by step."""
import argparse
import collections
import glob
import gzip
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import clean_steps

# Least share of a kind that must be found, and of good text that must stay.
RECALL_MIN = {
    "repeated": 0.98, "gambling": 0.95, "advertising": 0.9, "adult": 0.95, "mojibake": 0.95, "navigation": 0.95, "log": 0.95,
    "bullets": 0.95, "short": 0.99, "other-language": 0.95, "copy": 0.99, "near-copy": 0.9, "faces": 0.9, "symbols": 0.95,
}
GOOD_MIN = 0.97

GOOD_SOURCES = {"laws", "novel", "reference", "debian-faq", "maint-guide", "encyclopedia", "policy", "python"}
GAMBLING = ["百家乐", "老虎机", "六合彩", "时时彩", "北京赛车", "真人娱乐", "体育投注", "送彩金", "注册送", "返水", "娱乐城", "捕鱼游戏", "彩票平台"]
GAMBLING_EN = ["online casino", "free spins", "sports betting", "casino bonus", "poker online", "online slots", "welcome bonus"]
ADVERTISING = ["加微信", "扫码关注", "点击购买", "全场包邮", "限时优惠", "咨询热线", "厂家直销", "代开发票", "正品保证", "免费领取", "月入过万"]
ADVERTISING_EN = ["buy now", "click here", "limited time offer", "free shipping", "order now", "best price", "call now", "act now"]
ADULT = ["成人视频", "裸聊", "约炮", "一夜情", "激情视频", "情色小说", "三级片", "色情", "上门服务美女"]
ADULT_EN = ["porn", "sex cam", "hentai", "live sex", "call girls", "adult dating", "milf", "nude pics"]
FACES = ["(^_^)", "(´・ω・`)", "(≧▽≦)", "(T_T)", "(╯°□°)", "(｡◕‿◕｡)", "(￣▽￣)"]
MENU_ZH = "首页 产品 新闻 关于我们 联系我们 登录 注册 购物车 帮助 下载 论坛 招聘 地图 更多 返回 收藏 搜索 视频 图片 专题".split()
MENU_EN = "Home Products News About Contact Login Register Cart Help Download Forum Careers Sitemap More Back Search".split()
OTHER = [
    "これは日本語の文章です。今日は天気がとてもいいので、公園を散歩しました。桜の花がきれいに咲いていました。",
    "한국어로 쓴 글입니다. 오늘은 날씨가 매우 좋아서 공원을 산책했습니다. 벚꽃이 아름답게 피어 있었습니다.",
    "Это текст на русском языке. Сегодня очень хорошая погода, поэтому мы гуляли в парке и смотрели на цветы.",
    "Ceci est un texte en français. Il fait très beau aujourd'hui, nous nous sommes promenés dans le parc avec les enfants.",
    "Dies ist ein deutscher Text. Heute ist das Wetter sehr schön, deshalb sind wir im Park spazieren gegangen.",
]


def sentences(text):
    return [part for part in re.split(r"(?<=[.!?。！？])\s*", text) if len(part) > 8]


def junk(kind, chance, goods):
    zh = chance.random() < 0.5
    good = chance.choice(goods["zh" if zh else "en"])
    some = sentences(good) or [good[:80]]
    match kind:
        case "repeated":
            # One phrase, with other text around it.
            phrase = chance.choice(some)[:60]
            return f"{some[0]} " + " ".join([phrase] * chance.randrange(12, 40))
        case "gambling" | "advertising" | "adult":
            words = {"gambling": (GAMBLING, GAMBLING_EN), "advertising": (ADVERTISING, ADVERTISING_EN),
                     "adult": (ADULT, ADULT_EN)}[kind][0 if zh else 1]
            lines = []
            for _ in range(chance.randrange(4, 9)):
                own = chance.sample(words, 3)
                lines.append(("，".join(own) + "，" + chance.choice(some)[:30] + "。") if zh
                             else f"{own[0]}, {own[1]} and {own[2]}: " + chance.choice(some)[:60])
            return "\n".join(lines)
        case "mojibake":
            # Read as if it were GBK, and what that has no character for is lost.
            return chance.choice(goods["zh"])[:1500].encode().decode("gbk", "replace")
        case "navigation":
            menu = MENU_ZH if zh else MENU_EN
            return "\n".join(chance.choice(menu) + str(number % 7) for number in range(chance.randrange(60, 150)))
        case "log":
            return "\n".join(
                f"2024-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02} {chance.randrange(10 ** 9)} "
                f"{chance.randrange(256)}.{chance.randrange(256)} {chance.random():.6f} 0x{chance.randrange(1 << 32):x}"
                for _ in range(chance.randrange(20, 80)))
        case "bullets":
            return "\n".join("- " + " ".join(part[:40].split()) for part in (some * 20)[:30])
        case "short":
            # Cut off: a short sentence that is whole is no junk.
            return chance.choice([part for part in some if len(part) > 24] or [good])[:20].rstrip(".!?。！？\"”’ ")
        case "other-language":
            return " ".join([chance.choice(OTHER)] * 2 + [chance.choice(OTHER[:3])])
        case "faces":
            return "".join(part[:25] + chance.choice(FACES) for part in (some * 12)[:24])
        case "symbols":
            return "".join(chance.choice("★☆◆◇■□●○▲△※＊＃＠→←↑↓═║╔╗") + (part[:2] if number % 3 == 0 else "")
                           for number, part in enumerate((some * 300)[:300]))
    raise ValueError(kind)


def near_copy(text, chance):
    """A copy in which some sentences are lost and others have another word."""
    pieces = re.split(r"(\s+|(?<=[。！？，]))", text)
    for _ in range(max(1, len(pieces) // 150)):
        pieces[chance.randrange(len(pieces))] = chance.choice(["其他", "another", ""])
    return "".join(pieces)


def read_goods(folder, chance, count):
    """Texts that are washed, so many of each language at most, and others of which steps learn what good text is."""
    goods, taught = {"zh": [], "en": []}, {"zh": [], "en": []}
    for language in goods:
        for path in sorted(glob.glob(f"{folder}/{language}/*.jsonl")):
            # Prose: of tables and synopses nobody could say that they are good or junk.
            if pathlib.Path(path).stem not in GOOD_SOURCES:
                continue
            with open(path, encoding="utf-8") as file:
                found = [json.loads(line)["text"] for line in file]
            texts = [text for text in found if 600 <= len(text) <= 8000]
            chance.shuffle(texts)
            parts = min(len(texts) // 2, count // 6)
            goods[language] += texts[:parts]
            others = texts[parts:] + [text[:8000] for text in found if not 600 <= len(text) <= 8000 and len(text) > 200]
            taught[language] += others[:count // 2]
        for texts in (goods[language], taught[language]):
            chance.shuffle(texts)
        goods[language] = goods[language][:count // 2]
    return goods, taught


def plant(goods, documents, chance):
    planted = [("good", text) for texts in goods.values() for text in texts]
    each = documents // 20
    for kind in RECALL_MIN:
        for _ in range(each):
            if kind in ("copy", "near-copy"):
                text = chance.choice(goods[chance.choice(["zh", "en"])])
                planted.append((kind, text if kind == "copy" else near_copy(text, chance)))
            else:
                planted.append((kind, junk(kind, chance, goods)))
    # Copies come after their originals, so that it is the copy that goes.
    first = [item for item in planted if not item[0].endswith("copy")]
    chance.shuffle(first)
    return first + [item for item in planted if item[0].endswith("copy")]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--recipe", default="zh-en")
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    work = pathlib.Path(tempfile.mkdtemp(prefix="danlu-planted-"))
    goods, taught = read_goods(arguments.folder, chance, arguments.documents)
    environment = {**os.environ, "DANLU_LANG": "en"}
    planted = plant(goods, arguments.documents, chance)
    with open(work / "planted.jsonl", "w", encoding="utf-8") as file:
        for kind, text in planted:
            file.write(json.dumps({"text": text, "author": kind}, ensure_ascii=False) + "\n")
    subprocess.run(
        [arguments.danlu, "clean", str(work / "planted.jsonl"), "--recipe", arguments.recipe, "--output", str(work / "out"),
         "--keep-rejects", "--json"], check=True, stdout=subprocess.DEVNULL, env=environment)
    dropped = collections.defaultdict(collections.Counter)
    examples = collections.defaultdict(list)
    for path in glob.glob(f"{work}/out/rejects/*.gz"):
        for line in gzip.open(path, "rt", encoding="utf-8"):
            record = json.loads(line)
            dropped[record["author"]][record["step"]] += 1
            if record["author"] == "good":
                examples[f"{record['step']}.{record['rule']}"].append(record["text"][:60])
    counts = collections.Counter(kind for kind, _ in planted)
    kept = collections.Counter(
        json.loads(line)["author"] for path in glob.glob(f"{work}/out/*/*/*.gz")
        for line in gzip.open(path, "rt", encoding="utf-8"))
    for kind in counts:
        # Text whose characters were lost is passed over while it is read.
        unread = counts[kind] - kept[kind] - sum(dropped[kind].values())
        if unread:
            dropped[kind]["reading"] = unread
    steps = sorted({step for own in dropped.values() for step in own})
    print("| kind | documents | found | by |\n|---|---|---|---|")
    failures = []
    for kind in counts:
        share = sum(dropped[kind].values()) / counts[kind]
        by = ", ".join(f"{step} {number}" for step, number in dropped[kind].most_common(4))
        print(f"| {kind} | {counts[kind]} | {share:.3f} | {by} |")
        if kind == "good" and 1 - share < GOOD_MIN:
            failures.append(f"good text: {1 - share:.3f} stays, less than {GOOD_MIN}")
        elif kind != "good" and share < RECALL_MIN[kind]:
            failures.append(f"{kind}: {share:.3f} found, less than {RECALL_MIN[kind]}")
    print("\n| step | dropped | of it junk (precision) |\n|---|---|---|")
    for step in steps:
        total = sum(own[step] for own in dropped.values())
        print(f"| {step} | {total} | {1 - dropped['good'][step] / total:.3f} |")
    failures += clean_steps.check(arguments.danlu, work, goods, taught, chance, arguments.documents // 20, environment)
    for rule, texts in sorted(examples.items()):
        print(f"good text lost to {rule}: {len(texts)}, such as {texts[0]!r}", file=sys.stderr)
    if failures:
        print(f"FAILED (seed {arguments.seed}, {work}):\n  " + "\n  ".join(failures), file=sys.stderr)
        sys.exit(1)
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
