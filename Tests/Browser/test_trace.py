"""The trace of an answer: a washed corpus and its index, parts that light up, documents with the rules that let them in."""

import json
import os
import shutil
import subprocess
import tempfile

import case
from case import BrowserTest
from page import Page
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys
from server import Server
from test_look import PALE, UNNAMED

# Two rules that all texts here pass, one of them by little.
RECIPE = """name = "poems"
[normalize]
[marks]
run_max = 1
[gopher]
words_min = 12
words_max = 100000
"""
POEM = "春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。"
NOTE = "一夜风雨之后，诗人没有写自己看见了什么，只写听见的鸟声与想起的落花。"
THREAD = "楼主：春天总是睡不醒！！！早上被鸟叫吵醒，想起昨晚的雨，院子里的花大概落了不少。"
CODE = "lines = [line.strip() for line in open('poems.txt', encoding='utf-8')]"
HOSTILE = "<img src=x onerror=alert(1)>"
ANSWER = f"""《春晓》是孟浩然的五言绝句：

> {POEM[:12]}
> {POEM[12:]}

**{NOTE[:15]}**{NOTE[15:]}所以写的是醒来的一瞬。

想把一本诗集读进来，可以这样写：

```python
{CODE}
```

今天的人也这样：早上被鸟叫吵醒，想起昨晚的雨，院子里的花大概落了不少。"""
QUESTION = "Write one sentence about the sea."
SAMPLING = {"temperature": 0, "max_tokens": 24}


def documents(said):
    yield "poems/tang.jsonl", {"text": POEM + "\n\n孟浩然，唐代诗人。", "title": "春晓", "url": "https://example.org/chunxiao"}
    yield "poems/notes.jsonl", {"text": "赏析：" + NOTE + "这是以少胜多的写法。", "title": "《春晓》赏析"}
    yield "forum/threads.jsonl", {"text": THREAD + "\n\n一楼：我也是，闹钟响了三遍。。。。。。", "title": "春天的早上", "url": "javascript:alert(1)"}
    yield "code/manual.jsonl", {"text": "Reading a file of poems, a line each, without white space around it:\n\n" + CODE + "\n\n" + HOSTILE, "title": HOSTILE}
    yield "said/answers.jsonl", {"text": "What the model once wrote about the sea and the shore, word for word: " + said}


class TraceTests(BrowserTest):
    @classmethod
    def setUpClass(cls):
        world = case.world
        # What the model says at temperature 0 goes into the corpus, so that a real answer has a source.
        world.page.open(preferences={"language": "en", "sampling": SAMPLING})
        world.page.ask(QUESTION)
        said = world.server.rows("SELECT content FROM message WHERE role = 'assistant' ORDER BY id DESC LIMIT 1")[0][0]
        cls.folder = tempfile.mkdtemp(prefix="danlu-trace-")
        path = lambda name: os.path.join(cls.folder, name)
        for name, document in documents(said):
            os.makedirs(os.path.dirname(path("raw/" + name)), exist_ok=True)
            with open(path("raw/" + name), "w", encoding="utf-8") as file:
                file.write(json.dumps(document, ensure_ascii=False) + "\n")
        with open(path("poems.toml"), "w", encoding="utf-8") as file:
            file.write(RECIPE)
        program = world.options.danlu
        for command in (
            ["clean", path("raw"), "--recipe", path("poems.toml"), "--output", path("washed")],
            ["index-corpus", path("washed/train"), "--output", path("index")],
        ):
            subprocess.run([program, *command], check=True, capture_output=True)
        cls.traced = Server(program, world.options.model, arguments=["--trace-index", path("index")]).start()

    @classmethod
    def tearDownClass(cls):
        cls.traced.stop()
        shutil.rmtree(cls.folder)

    def setUp(self):
        super().setUp()
        self.server = self.traced
        self.page = Page(case.world.page.driver, self.server, case.world.page.screenshots)

    def show(self, answer=ANSWER, language="zh"):
        conversation = self.server.insert("春晓", ["《春晓》写了什么？", answer])
        self.page.open(conversation, preferences={**self.preferences, "language": language})

    def trace(self, label="查出处"):
        self.page.press(label)
        self.page.wait(lambda: self.page.one(".trace").is_displayed(), "the trace")

    def marked(self):
        """The lit text of each span, marks of one span put together."""
        return self.page.script("""const texts = {};
            for (const mark of document.querySelectorAll("mark.traced")) {
              texts[mark.dataset.span] = (texts[mark.dataset.span] ?? "") + mark.textContent;
            }
            return Object.values(texts);""")

    def focused(self):
        return self.page.script("return document.activeElement.tagName + ' ' + document.activeElement.className")

    def test_parts_light_up_and_lead_to_their_documents(self):
        page = self.page
        self.show()
        before = page.last_answer_text()
        self.trace()
        lit = self.marked()
        # The answer's line ends and bold letters are no part of the corpus' text.
        for text in (POEM[:12], POEM[12:], NOTE[:15], NOTE[15:], CODE[:-3], THREAD[THREAD.index("早上"):]):
            self.assertTrue(any(text in each for each in lit), f"{text} in {lit}")
        self.assertIn("逐字出自训练语料", page.text(".trace"))
        self.assertIn("poems", page.text(".trace-washed"))
        mark = next(each for each in page.all("mark.traced") if "早上" in each.text)
        self.assertIn("forum/threads.jsonl ×1", mark.get_attribute("title"))
        ActionChains(page.driver).move_to_element(mark).perform()
        page.wait(lambda: page.all(".trace details.pointed"), "the documents that are pointed at")
        mark.click()
        found = page.wait(lambda: page.all(".trace details[open]"), "the documents")
        self.assertEqual(len(found), 1)
        self.assertIn("forum/threads.jsonl", found[0].text)
        self.assertIn("gopher.words_min", found[0].text)
        self.assertIn("至少 12", found[0].text)
        self.assertIn("marks.run_max ×2", found[0].text)
        self.shoot_whole("trace")
        # What a document says of itself is text, and only the web's addresses are links.
        self.assertIn("春天的早上", found[0].text)
        self.assertEqual(page.all(".trace details[open] a"), [])
        page.script("arguments[0].click()", next(each for each in page.all("mark.traced") if "处处" in each.text))
        link = page.wait(lambda: page.all(".trace details[open] a"), "the link")[0]
        self.assertEqual(link.get_attribute("href"), "https://example.org/chunxiao")
        page.script("document.querySelectorAll('.trace summary').forEach((each) => { each.parentElement.open = true; })")
        self.assertIn(HOSTILE, page.text(".trace"))
        self.assertEqual(page.all(".trace img"), [])
        for theme in ("light", "dark"):
            page.system_theme(theme)
            page.shoot(f"trace-{theme}")
            self.assertEqual(page.script(UNNAMED), [])
            self.assertEqual(page.script(PALE), [], theme)
        page.press("查出处")
        self.assertFalse(page.one(".trace").is_displayed())
        self.assertEqual(page.all("mark.traced"), [])
        self.assertEqual(page.last_answer_text(), before)
        self.trace()
        self.assertEqual(self.marked(), lit)

    def shoot_whole(self, name):
        """The answer and what is below it in one picture."""
        self.page.width(1100, 1180)
        self.page.script("document.getElementById('scroller').scrollTop = 0; document.activeElement.blur()")
        self.page.shoot(name)
        self.page.full_width()

    def test_english(self):
        page = self.page
        self.show(language="en")
        self.trace("Where does this come from?")
        self.assertIn("stands word for word in the training text", page.text(".trace"))
        page.script("document.querySelector('mark.traced').click()")
        found = page.wait(lambda: page.all(".trace details[open]"), "the documents")[0].text
        self.assertIn("nearest to dropping it", found)
        self.assertIn("at least 12", found)

    def test_by_keyboard(self):
        page = self.page
        self.show()
        page.script("document.querySelector('.trace-button').focus()")
        page.keys(Keys.ENTER)
        page.wait(lambda: page.one(".trace").is_displayed(), "the trace")
        self.assertIn("trace-button", self.focused())
        page.script("document.querySelector('mark.traced[tabindex]').focus()")
        page.keys(Keys.ENTER)
        page.wait(lambda: page.all(".trace details[open]"), "the documents")
        self.assertTrue(self.focused().startswith("SUMMARY"))
        self.assertTrue(page.all("mark.traced.pointed"))
        page.keys(Keys.ESCAPE)
        page.wait(lambda: not page.one(".trace").is_displayed(), "the trace to close")
        self.assertIn("trace-button", self.focused())

    def test_a_long_answer(self):
        page = self.page
        middle = "\n\n".join(f"第 {place} 段：这里写的是**别的**，与 `poems` 无关。" * 4 for place in range(150))
        self.show(f"{POEM}\n\n{middle}\n\n{NOTE}")
        self.trace()
        self.assertEqual(len(page.all("mark.traced")), 2)
        first = page.all("mark.traced")[0]
        page.script("arguments[0].scrollIntoView({block: 'center'})", first)
        first.click()
        page.wait(lambda: page.script("""const {top, bottom} = document.querySelector(".trace details[open]").getBoundingClientRect();
            return top >= 0 && top < innerHeight;"""), "the documents in sight")
        page.width(390, 844, is_mobile=True)
        page.shoot("trace-phone")
        self.assertEqual(page.script("return document.documentElement.scrollWidth"), 390, "the page scrolls sideways")

    def test_what_stands_nowhere(self):
        self.show("一二三，木头人。")
        self.trace()
        self.assertIn("没有与之逐字相同的片段", self.page.text(".trace"))

    def test_an_answer_of_the_model(self):
        page = self.page
        page.open(preferences={"language": "zh", "sampling": SAMPLING})
        page.ask(QUESTION)
        self.trace()
        self.assertIn("said/answers.jsonl", page.text(".trace"))
        self.assertIn("100%", page.text(".trace"))
        page.ask("Thanks.")
        self.assertTrue(page.all("mark.traced"), "what was lit stays when the conversation goes on")


class WithoutAnIndexTests(BrowserTest):
    def test_there_is_no_button(self):
        self.page.ask("Say hello.")
        self.assertFalse(self.page.one(".trace-button").is_displayed())
