"""Junk for the steps that the shipped recipe leaves out: perplexity, a classifier, decontamination, personal data, passages,
a mixture. Each is planted among good text, and recall and precision are those of that step."""
import glob
import gzip
import json
import random
import subprocess

# Least recall, and least precision where the step drops or masks.
LEAST = {
    "salad": (0.9, 0.7), "translated": (0.9, 0.7), "shop": (0.95, 0.95), "contaminated": (0.99, 0.99),
    "personal": (0.95, 0.95), "quoting": (0.95, 0.95),
}
MIXTURE_ERROR_MAX = 0.03

SECTIONS = """[personal]
[decontaminate]
against = ["{work}/questions.jsonl"]
[classifier]
like = ["{work}/like.jsonl"]
unlike = ["{work}/unlike.jsonl"]
share_min = 0.5
[perplexity]
like = ["{work}/like.jsonl"]
worst_share_max = 0.01
disordered_share_max = 0.01

"""
LATER = """[passages]
bytes_min = 300

[mixture]
[mixture.weights]
zh = 0.5
en = 0.5

"""
# What a dictionary without grammar makes of English.
WORDS = dict(pair.split("=") for pair in """the=这 of=的 and=和 to=到 a=一个 in=在 is=是 that=那 for=为了 it=它 as=作为 with=与 be=是 on=上 by=通过
this=这个 are=是 or=或者 not=不 from=从 an=一个 which=哪一个 was=曾是 have=有 will=将 can=罐头 if=如果 at=在 has=有 you=你 may=五月 all=全部 any=任何
but=但是 their=他们的 other=其他 its=它的 one=一 used=使用过的 when=当 they=他们 use=使用 more=更多 time=时间 should=应该 file=文件 must=必须 only=只有
than=比 these=这些 no=没有 name=名字 set=套装 been=豆 also=也 some=一些 most=最 such=这样的 first=首先 into=进入 same=相同 were=曾是 example=例子
number=数字 return=返回 value=价值 function=功能 list=名单 object=物体 new=新 two=二 between=之间 into=进入 who=谁 many=许多 part=部分 known=已知 where=哪里
state=州 work=工作 people=人们 made=制作 over=超过 after=之后 there=那里 world=世界 year=年 up=上 out=出 see=看 each=每个 make=使 called=被叫 system=系统
however=然而 because=因为 well=井 about=关于 how=怎么 then=然后 them=他们 through=通过 during=期间 package=包裹 packages=包裹们 program=程序
version=版本 default=默认 string=绳子 type=类型 module=模块 class=班级 method=方法 line=线 text=文本 given=给予""".split())
GOODS = ["running shoes", "phone case", "garden chair", "desk lamp", "winter coat", "coffee maker", "yoga mat", "travel bag"]
PRAISE = ["top seller", "fast dispatch", "loved by customers", "in every size", "refund within 30 days", "five star rating",
          "factory outlet", "best in class", "while stocks last", "gift wrapped", "new season", "bundle and save"]
GOODS_ZH = ["跑步鞋", "手机壳", "花园椅", "台灯", "羽绒服", "咖啡机", "瑜伽垫", "旅行包"]
PRAISE_ZH = ["店铺爆款", "当天发货", "顾客好评如潮", "尺码齐全", "七天无理由退换", "五星评价", "工厂直供", "同类最佳", "售完即止", "精美包装", "新款上市", "多买多省"]


def salad(text, chance, zh):
    """The words of a text in no order."""
    if zh:
        pieces = [text[place:place + 2] for place in range(0, min(len(text), 1200), 2)]
        chance.shuffle(pieces)
        joined = "".join(pieces).replace("\n", "")
        return "。\n".join(joined[place:place + 60] for place in range(0, len(joined), 60)) + "。"
    words = text.split()[:300]
    chance.shuffle(words)
    return ".\n".join(" ".join(words[place:place + 20]) for place in range(0, len(words), 20)) + "."


def translated(text):
    """English word by word in Chinese; a word that the dictionary has not stays."""
    lines = []
    for line in text.split("\n")[:40]:
        words = [WORDS.get(word.strip(".,:;()").lower(), word) for word in line.split()]
        known = sum(1 for word in words if word in WORDS.values())
        if known > 0.4 * len(words):
            lines.append("".join(word if ord(word[0]) > 0x2E80 else f" {word} " for word in words) + "。")
    return "\n".join(lines)


def shop(chance, zh):
    lines = []
    for _ in range(chance.randrange(6, 14)):
        if zh:
            lines.append(f"{chance.choice(GOODS_ZH)}{'，'.join(chance.sample(PRAISE_ZH, 4))}，现价{chance.randrange(10, 900)}元。")
        else:
            lines.append(f"The {chance.choice(GOODS)} is {', '.join(chance.sample(PRAISE, 4))} and costs "
                         f"{chance.randrange(10, 900)} dollars to you.")
    return "\n".join(lines)


def luhn(digits):
    total = sum(sum(divmod(2 * int(digit), 10)) if place % 2 == 0 else int(digit) for place, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def secret(chance):
    """A number or address of a person, as text and the part of it that must go."""
    kind = chance.randrange(4)
    if kind == 0:
        number = f"1{chance.choice('3578')}{chance.randrange(10 ** 9):09}"
        return f"联系电话：{number}。", number
    if kind == 1:
        name = f"{chance.choice(['li.wei', 'anna', 'zhang_san', 'j.smith'])}{chance.randrange(10000)}@{chance.choice(['qq.com', 'mail.org'])}"
        return f"Please write to {name} today.", name
    if kind == 2:
        body = f"{chance.choice(['110105', '310101', '440106'])}19{chance.randrange(50, 99)}0{chance.randrange(1, 10)}1{chance.randrange(10)}" \
               f"{chance.randrange(1000):03}"
        check = "10X98765432"[sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body)) % 11]
        return f"身份证号：{body}{check}。", body + check
    card = luhn("622202" + f"{chance.randrange(10 ** 12):012}")
    return f"卡号：{card}。", card


def sentence_end(text, place):
    for end in range(place, len(text)):
        if text[end] in "。！？\n" or text[end:end + 2] == ". ":
            return end + 1
    return len(text)


def plant(goods, spare, chance, each):
    """Documents with their kind and what must not come through, and questions that models are judged by."""
    questions = [
        {"question": f"How many of the {chance.randrange(100, 999)} {first} that a {second} brought to the market on the day of the "
                     f"fair in {chance.randrange(1300, 1900)} were left when the evening bell rang twice?"}
        for first in ["red apples", "old clocks", "glass beads", "clay jars"] for second in ["baker", "tailor", "sailor", "monk"]]
    planted = []

    def add(kind, text, part=""):
        planted.append({"text": text, "author": kind, "title": part})

    for number in range(each):
        zh = number % 2 == 0
        language = "zh" if zh else "en"
        own = lambda: chance.choice(goods[language])
        add("salad", salad(own(), chance, zh))
        add("shop", shop(chance, zh))
        question = chance.choice(questions)["question"]
        text = own()[:1500]
        middle = sentence_end(text, len(text) // 2)
        add("contaminated", f"{text[:middle]} {question} {text[middle:]}")
        line, part = secret(chance)
        # Not of the good text that is washed, of which it would be a copy.
        text = spare[language].pop()
        middle = sentence_end(text, len(text) // 3)
        add("personal", f"{text[:middle]} {line} {text[middle:]}", part)
        english = translated(chance.choice(goods["en"]))
        if len(english) > 200:
            add("translated", english)
    return planted, questions


def quoting(goods, others, chance, each):
    """New text with a passage of another document in it."""
    planted = []
    for number in range(each):
        language = ["zh", "en"][number % 2]
        source = chance.choice([text for text in goods[language] if len(text) > 1500])
        start = sentence_end(source, chance.randrange(100, 400))
        passage = source[start:sentence_end(source, start + (250 if language == "zh" else 700))]
        own = others[language].pop()
        middle = sentence_end(own, len(own) // 2)
        planted.append({"text": f"{own[:middle]}\n{passage}\n{own[middle:]}", "author": "quoting", "title": passage.strip()[40:160]})
    return planted


def write(path, documents):
    with open(path, "w", encoding="utf-8") as file:
        for document in documents:
            file.write(json.dumps(document, ensure_ascii=False) + "\n")


def lines(pattern):
    for path in glob.glob(pattern):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield from map(json.loads, file)


def check(danlu, work, goods, taught, chance, each, environment):
    """Washes and prints a table; what is worse than it must be."""
    # Two kinds of junk need texts of their own; from the rest is learnt.
    spare = {language: [text for text in texts if len(text) > 1000][:each] for language, texts in taught.items()}
    taught = {language: [text for text in texts if text not in spare[language]] for language, texts in taught.items()}
    planted, questions = plant(goods, spare, chance, each)
    documents = [{"text": text, "author": "good"} for texts in goods.values() for text in texts]
    # What quotes comes last, so that the passage stays where it was.
    chance.shuffle(documents)
    documents += planted + quoting(goods, spare, chance, each)
    write(work / "steps.jsonl", documents)
    write(work / "questions.jsonl", questions)
    write(work / "like.jsonl", [{"text": text} for texts in taught.values() for text in texts])
    teacher = random.Random(chance.random())
    write(work / "unlike.jsonl", [{"text": shop(teacher, number % 2 == 0)} for number in range(200)])
    recipe = subprocess.run([danlu, "clean", "recipe", "zh-en"], check=True, capture_output=True, text=True).stdout
    recipe = recipe.replace("[exact] ", SECTIONS.format(work=work) + "[exact] ", 1)
    recipe = recipe.replace("[split]\n", LATER + "[split]\n", 1)
    (work / "steps.toml").write_text(recipe)
    subprocess.run([danlu, "clean", str(work / "steps.jsonl"), "--recipe", str(work / "steps.toml"), "--output",
                    str(work / "steps"), "--keep-rejects", "--json"], check=True, stdout=subprocess.DEVNULL, env=environment)
    dropped, kept = list(lines(f"{work}/steps/rejects/*.gz")), list(lines(f"{work}/steps/*/*/*.gz"))
    report = json.loads((work / "steps/report.json").read_text())
    return judge(documents, dropped, kept, report)


def judge(documents, dropped, kept, report):
    counts = {kind: sum(1 for document in documents if document["author"] == kind) for kind in LEAST}
    by_step = {step: [document["author"] for document in dropped if document["step"] == step]
               for step in ["perplexity", "classifier", "decontaminate", "passages"]}
    # Documents that the mixture leaves out were kept by all steps that look for junk.
    left = kept + [document for document in dropped if document["step"] == "mixture"]
    rows, failures = [], []

    def row(kind, step, found, wrong, right):
        """Recall is of the kind, by any step; precision of the step, of all that it drops or changes."""
        recall = found / max(1, counts[kind])
        precision = right / max(1, right + wrong)
        rows.append(f"| {kind} | {counts[kind]} | {step} | {recall:.3f} | {precision:.3f} |")
        least = LEAST[kind]
        if recall < least[0] or precision < least[1]:
            failures.append(f"{kind} by {step}: recall {recall:.3f}, precision {precision:.3f}, less than {least}")

    for kind, step in [("salad", "perplexity"), ("translated", "perplexity"), ("shop", "classifier"),
                       ("contaminated", "decontaminate")]:
        gone = sum(1 for document in dropped if document["author"] == kind and document["step"] != "mixture")
        wrong = sum(1 for author in by_step[step] if author in ("good", "personal", "quoting"))
        row(kind, step, gone, wrong, len(by_step[step]) - wrong)
    own = [document for document in left if document["author"] == "personal"]
    counts["personal"] = len(own)
    marks = ["[telephone]", "[identity-card]", "[bank-card]", "[credit-code]", "[plate]"]
    wrong = sum(1 for document in left if document["author"] == "good" and any(mark in document["text"] for mark in marks))
    masked = sum(1 for document in own if document["title"] not in document["text"])
    row("personal", "personal", masked, wrong, masked)
    # Of what the mixture leaves out the text is that before passages were cut.
    sources = "".join(document["text"] for document in left if document["author"] == "good")
    own = [document for document in kept if document["author"] == "quoting" and document["title"] in sources]
    counts["quoting"] = len(own)
    cut = sum(1 for document in own if document["title"] not in document["text"])
    row("quoting", "passages", cut, by_step["passages"].count("good"), cut)
    size = {language: report["after"]["languages"].get(language, {}).get("bytes", 0) for language in ["zh", "en"]}
    share = size["zh"] / max(1, sum(size.values()))
    print("\n| planted | documents | step | recall | precision |\n|---|---|---|---|---|")
    print("\n".join(rows))
    print(f"\nmixture: {share:.3f} of the bytes are Chinese, 0.5 were asked for")
    for score in report.get("classifier", []):
        print(f"classifier, texts not taught, from {score['threshold']}: precision {score['precision']:.3f}, recall {score['recall']:.3f}")
    if abs(share - 0.5) > MIXTURE_ERROR_MAX:
        failures.append(f"mixture: {share:.3f} Chinese, not 0.5")
    return failures
