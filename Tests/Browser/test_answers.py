"""Asking, and what can be done with an answer."""

import time

from case import BrowserTest
from selenium.webdriver.common.keys import Keys

LONG = {"language": "zh", "sampling": {"temperature": 0.7, "max_tokens": 1500}}
LONG_QUESTION = "Write a very long story about a dragon who learns to cook. Tell every detail."


class AskingTests(BrowserTest):
    def test_an_answer_streams_and_says_what_it_took(self):
        page = self.page
        page.ask("What is the capital of France?")
        self.assertGreater(len(page.last_answer_text()), 1)
        self.assertRegex(page.text(".usage"), r"\d+ 词元 · [\d.,]+ 词元/秒 · 首字 [\d.,]+ 秒")
        # The list is read again a moment after the answer.
        page.wait(lambda: page.titles()[0] == "What is the capital of France?", "its title first in the list")
        self.assertIsNotNone(page.conversation)
        page.ask("And of Italy?")
        self.assertEqual(len(page.all(".answer")), 2)
        page.shoot("answer")

    def test_text_grows_while_it_is_written(self):
        page = self.page
        page.open(preferences=LONG)
        page.ask(LONG_QUESTION, waits=False)
        self.assertTrue(page.wait_streaming(), "the answer was over before anything was seen of it")
        lengths = []
        while page.is_busy and len(set(lengths)) < 4:
            lengths.append(len(page.last_answer_text()))
            time.sleep(0.1)
        self.assertGreaterEqual(len(set(lengths)), 2, f"the text did not grow: {lengths}")
        page.keys(Keys.ESCAPE)
        page.wait_answer()

    def test_stop_keeps_the_part_and_marks_it(self):
        page = self.page
        page.open(preferences=LONG)
        page.ask(LONG_QUESTION, waits=False)
        self.assertTrue(page.wait_streaming())
        page.shoot("streaming")
        page.press("停止")
        page.wait_answer()
        text = page.last_answer_text()
        self.assertGreater(len(text), 10)
        self.assertIn("已停止", page.text(".remark"))
        page.reload()
        page.wait(lambda: page.all(".answer"), "the answer")
        self.assertIn("已停止", page.text(".remark"))
        self.assertEqual(page.last_answer_text(), text)

    def test_escape_stops(self):
        page = self.page
        page.open(preferences=LONG)
        page.ask(LONG_QUESTION, waits=False)
        self.assertTrue(page.wait_streaming())
        page.keys(Keys.ESCAPE)
        page.wait_answer()
        self.assertTrue(page.all(".remark"))

    def test_enter_of_an_input_method_does_not_send(self):
        page = self.page
        page.type_question("ni hao")
        for init in ("isComposing: true", "keyCode: 229"):
            page.script(f"""document.getElementById('question').dispatchEvent(new KeyboardEvent('keydown',
                {{key: 'Enter', {init}, bubbles: true, cancelable: true}}))""")
        time.sleep(0.3)
        self.assertEqual(page.all(".question-message"), [])
        page.one("#question").send_keys(Keys.SHIFT, Keys.ENTER)
        self.assertEqual(page.script("return document.getElementById('question').value"), "ni hao\n")
        self.assertEqual(page.all(".question-message"), [])

    def test_text_of_an_input_method_is_asked_once_it_is_chosen(self):
        page = self.page
        page.one("#question").click()
        page.driver.execute_cdp_cmd("Input.imeSetComposition", {"text": "你hao", "selectionStart": 4, "selectionEnd": 4})
        page.driver.execute_cdp_cmd("Input.insertText", {"text": "你好"})
        page.one("#question").send_keys(Keys.ENTER)
        page.wait_answer()
        self.assertEqual(page.text(".bubble"), "你好")

    def test_a_question_is_text(self):
        page = self.page
        text = "<b>bold</b> & **stars** <img src=x onerror=alert(1)>"
        page.ask(text)
        self.assertEqual(page.text(".bubble"), text)
        self.assertEqual(page.all(".bubble *"), [])


class RefusalTests(BrowserTest):
    """What the page says when the server refuses, and that nothing the reader wrote is lost."""

    REFUSE = """window.realFetch ??= window.fetch;
        window.fetch = (path, options) => options?.method === "POST" && path.endsWith("/messages")
          ? Promise.resolve(%s) : window.realFetch(path, options);"""

    def test_a_busy_server_gives_the_question_back(self):
        page = self.page
        page.script(self.REFUSE % """new Response('{"error": {"message": "busy", "code": "overloaded"}}',
            {status: 429, headers: {"Retry-After": "7"}})""")
        page.one("#question").send_keys("今天忙吗？", Keys.ENTER)
        page.wait(lambda: page.all(".toast"), "the message")
        self.assertIn("7 秒后重试", page.text(".toast"))
        self.assertEqual(page.script("return document.getElementById('question').value"), "今天忙吗？")
        self.assertEqual(page.all(".message"), [])
        page.shoot("busy")
        page.script("window.fetch = window.realFetch")
        page.one("#question").send_keys(Keys.ENTER)
        page.wait(lambda: page.all(".answer"), "the answer")
        page.wait_answer()
        self.assertGreater(len(page.last_answer_text()), 0)

    def test_an_unreachable_server_is_named(self):
        page = self.page
        page.script(self.REFUSE % "Promise.reject(new TypeError('Failed to fetch'))")
        page.one("#question").send_keys("在吗？", Keys.ENTER)
        page.wait(lambda: page.all(".toast"), "the message")
        self.assertIn("danlu serve", page.text(".toast"))
        self.assertEqual(page.script("return document.getElementById('question').value"), "在吗？")

    def test_a_conversation_that_does_not_load_can_be_tried_again(self):
        page = self.page
        conversation = self.server.insert("在这里", ["问", "答"])
        page.script("""window.realFetch = window.fetch;
            window.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
            location.hash = arguments[0];""", f"#/c/{conversation}")
        page.wait(lambda: page.all("#log .notice"), "the notice")
        page.one("#question").send_keys("太早了", Keys.ENTER)
        self.assertEqual(page.script("return document.getElementById('question').value"), "太早了")
        page.script("window.fetch = window.realFetch")
        page.press_text("重试", "#log .notice")
        page.wait(lambda: page.last_answer_text() == "答", "the conversation")

    def test_a_conversation_that_is_gone_leads_to_a_new_one(self):
        page = self.page
        page.script("location.hash = '#/c/nosuch'")
        page.wait(lambda: page.all(".toast"), "the message")
        self.assertIn("找不到", page.text(".toast"))
        page.wait(lambda: page.one("#welcome").is_displayed(), "a new conversation")

    def is_expected(self, complaint):
        return "404" in complaint

    def test_a_question_without_an_answer_can_be_answered_later(self):
        page = self.page
        conversation = self.server.insert("没有回答", ["Say hello."])
        page.open(conversation, preferences=self.preferences)
        page.wait(lambda: page.all(".notice"), "the notice")
        self.assertIn("还没有得到回答", page.text(".notice"))
        page.press_text("重试", ".notice")
        page.wait(lambda: page.is_busy or page.last_answer_text(), "the answer")
        page.wait_answer()
        self.assertGreater(len(page.last_answer_text()), 0)
        self.assertEqual([len(page.all(f".{kind}")) for kind in ("question-message", "answer")], [1, 1])


class StreamTests(BrowserTest):
    """Streams that a real small model does not give: reasoning, and connections that break."""

    def test_reasoning_is_folded(self):
        page = self.page
        page.script(r"""
            const message = (fields) => ({id: "a1", parent: "q1", role: "assistant", content: "", status: "streaming",
                                          created_at: 1, siblings: ["a1"], ...fields});
            const ended = {status: "complete", reasoning: "Let me **think**.", content: "The *answer*."};
            const events = [
                ["user", message({id: "q1", parent: null, role: "user", content: "q", siblings: ["q1"]})],
                ["start", message({})], ["reasoning", {text: "Let me "}], ["reasoning", {text: "**think**."}],
                ["delta", {text: "The *ans"}], ["delta", {text: "wer*."}], ["end", message(ended)],
            ];
            const body = events.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join("");
            const realFetch = window.fetch;
            window.fetch = (path, options) => options?.method === "POST" && path.endsWith("/messages")
              ? Promise.resolve(new Response(body)) : realFetch(path, options);""")
        page.one("#question").send_keys("q", Keys.ENTER)
        page.wait(lambda: page.all(".answer .actions"), "the answer's end")
        self.assertIsNone(page.one(".reasoning").get_attribute("open"))
        self.assertEqual(page.last_answer_text(), "The answer.")
        page.one(".reasoning summary").click()
        self.assertEqual(page.text(".reasoning .prose"), "Let me think.")
        self.assertEqual(page.text(".reasoning strong"), "think")
        page.shoot("reasoning")

    def test_a_broken_connection_is_joined_again(self):
        page = self.page
        page.script("""
            const realFetch = window.fetch;
            window.fetch = async (path, options) => {
              if (path.endsWith("/stream")) window.joins = (window.joins ?? 0) + 1;
              const response = await realFetch(path, options);
              if (options?.method !== "POST" || !path.endsWith("/messages")) return response;
              let pieces = 0;
              const cut = new TransformStream({ transform(piece, controller) {
                if ((pieces += 1) > 4) controller.error(new TypeError("network error"));
                else controller.enqueue(piece);
              } });
              return new Response(response.body.pipeThrough(cut), response);
            };""")
        page.ask("Tell me something about rivers.")
        self.assertGreaterEqual(page.script("return window.joins ?? 0"), 1)
        message = page.all(".answer")[-1].get_attribute("data-id")
        (content, status), = self.server.rows("SELECT content, status FROM message WHERE id = ?", message)
        self.assertIn(status, ("complete", "limited"))
        self.assertEqual(page.module("markdown.js", """
            const root = document.createElement("div");
            new module.MarkdownView(root).set(values[0]);
            return root.textContent;""", content), page.script(
                "return [...document.querySelectorAll('.answer > .prose')].at(-1).textContent"))

    def test_what_is_typed_meanwhile_stays(self):
        page = self.page
        page.one("#question").send_keys("Say hello.", Keys.ENTER, "and then")
        page.wait_answer()
        self.assertEqual(page.script("return document.getElementById('question').value"), "and then")


class VersionTests(BrowserTest):
    def test_regenerating_keeps_both_versions(self):
        page = self.page
        page.ask("Tell me something about tea.")
        first = page.last_answer_text()
        page.press("重新生成")
        page.wait_answer()
        page.wait(lambda: page.all(".answer .count"), "the version switch")
        second = page.last_answer_text()
        self.assertEqual(page.text(".answer .count"), "2/2")
        page.press("上一个版本")
        page.wait(lambda: page.text(".answer .count") == "1/2", "version 1")
        self.assertEqual(page.last_answer_text(), first)
        page.reload()
        page.wait(lambda: page.all(".answer"), "the answer")
        self.assertEqual(page.text(".answer .count"), "1/2")
        self.assertEqual(page.last_answer_text(), first)
        page.press("下一个版本")
        page.wait(lambda: page.text(".answer .count") == "2/2", "version 2")
        self.assertEqual(page.last_answer_text(), second)
        page.shoot("versions")

    def test_editing_a_question_branches(self):
        page = self.page
        page.ask("Name a river.")
        page.ask("Where does it end?")
        page.press("修改问题", ".question-message:first-child")
        field = page.one(".editing textarea")
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys("Name a mountain.")
        page.shoot("editing")
        field.send_keys(Keys.ENTER)
        page.wait(lambda: len(page.all(".question-message")) == 1, "the branch")
        page.wait_answer()
        self.assertEqual(page.text(".bubble"), "Name a mountain.")
        self.assertEqual(page.text(".question-message .count"), "2/2")
        page.press("上一个版本", ".question-message:first-child")
        page.wait(lambda: len(page.all(".question-message")) == 2, "the old branch")
        self.assertEqual([bubble.text for bubble in page.all(".bubble")], ["Name a river.", "Where does it end?"])

    def test_a_rating_with_a_comment_is_kept(self):
        page = self.page
        page.ask("Say hello.")
        page.press("有帮助")
        page.wait(lambda: page.all(".comment textarea"), "the comment")
        page.one(".comment textarea").send_keys("简短，很好")
        page.shoot("rating")
        page.press_text("提交", ".comment")
        page.wait(lambda: "谢谢" in page.text(".comment"), "the thanks")
        message = page.all(".answer")[-1].get_attribute("data-id")
        select = "SELECT thumb, comment FROM rating WHERE message = ?"
        self.assertEqual(self.server.rows(select, message), [(1, "简短，很好")])
        page.reload()
        page.wait(lambda: page.all('.answer [aria-pressed="true"]'), "the rating after a reload")
        page.press("没有帮助")
        page.wait(lambda: self.server.rows(select, message) == [(-1, "")], "the other thumb")
        page.press("没有帮助")
        page.wait(lambda: self.server.rows(select, message) == [], "the rating taken back")


class ReloadTests(BrowserTest):
    preferences = LONG

    def test_a_reload_in_the_middle_joins_the_answer(self):
        page = self.page
        page.ask(LONG_QUESTION, waits=False)
        self.assertTrue(page.wait_streaming())
        shown = page.last_answer_text()[:15]
        page.reload()
        page.wait(lambda: page.last_answer_text(), "the answer after the reload")
        self.assertTrue(page.is_busy, "the answer was over before the page was loaded again")
        at_reload = len(page.last_answer_text())
        page.wait(lambda: len(page.last_answer_text()) > at_reload or not page.is_busy, "more of the answer")
        self.assertTrue(page.last_answer_text().startswith(shown))
        page.keys(Keys.ESCAPE)
        page.wait_answer()
        self.assertEqual(len(page.all(".answer")), 1)

    def test_leaving_and_coming_back_joins_the_answer(self):
        page = self.page
        page.ask(LONG_QUESTION, waits=False)
        self.assertTrue(page.wait_streaming())
        conversation = page.conversation
        page.one("#new").click()
        page.wait(lambda: not page.all(".message"), "a new conversation")
        self.assertFalse(page.is_busy)
        page.script("location.hash = arguments[0]", f"#/c/{conversation}")
        page.wait(lambda: page.last_answer_text(), "the answer")
        page.keys(Keys.ESCAPE)
        page.wait_answer()

    def test_a_killed_server_leaves_a_marked_part(self):
        page, server = self.page, self.server
        page.ask(LONG_QUESTION, waits=False)
        self.assertTrue(page.wait_streaming(200))
        time.sleep(1)  # The text so far is written down twice a second.
        server.kill()
        page.wait(lambda: page.all(".notice"), "the notice of a lost connection")
        self.assertIn("连不上服务器", page.text(".notice"))
        page.shoot("server-lost")
        server.start()
        page.reload()
        page.wait(lambda: page.all(".notice"), "the mark of a partial answer")
        self.assertIn("服务器中断", page.text(".notice"))
        self.assertGreater(len(page.last_answer_text()), 20)
        page.shoot("interrupted")

    def is_expected(self, complaint):
        return "ERR_" in complaint
