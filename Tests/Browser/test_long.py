"""A conversation of 10,000 messages."""

from case import BrowserTest

MESSAGES = 10_000
OPEN_MILLISECONDS_MAX = 300
OPEN = """
    const [hash, last, done] = arguments;
    const started = performance.now();
    location.hash = hash;
    (function look() {
      const text = document.getElementById("log").lastElementChild?.textContent ?? "";
      if (!text.includes(last)) requestAnimationFrame(look);
      // Two frames on, what was put into the document has been painted.
      else requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - started)));
    })();"""


class LongConversationTests(BrowserTest):
    def test_it_opens_fast_and_older_messages_come_with_scrolling(self):
        page = self.page
        contents = [f"第 {place} 条：**消息** 与 `code`" for place in range(MESSAGES)]
        conversation = self.server.insert("万条消息", contents)
        times = []
        for _ in range(5):
            page.open(preferences=self.preferences)
            times.append(page.driver.execute_async_script(OPEN, f"#/c/{conversation}", f"第 {MESSAGES - 1} 条"))
        print(f"opening {MESSAGES} messages took {', '.join(f'{time:.0f}' for time in times)} ms", end=" ")
        self.assertLess(min(times), OPEN_MILLISECONDS_MAX)
        shown = len(page.all(".message"))
        self.assertLess(shown, 200)
        self.assertTrue(page.script("return arguments[0].getBoundingClientRect().bottom <= innerHeight",
                                    page.all(".message")[-1]), "the latest message is in sight")
        self.scroll_up(shown)
        page.shoot("long")

    def scroll_up(self, shown):
        """Scrolling to the top loads more, and what was read stays where it was."""
        page = self.page
        first = page.all(".message")[0]
        page.script("document.getElementById('scroller').scrollTop = 0")
        before = first.rect["y"]
        page.wait(lambda: len(page.all(".message")) > shown, "older messages")
        after = page.script("return arguments[0].getBoundingClientRect().top", first)
        self.assertLess(abs(after - before), 60, "the text jumped when older messages came")
        texts = [bubble.text for bubble in page.all(".bubble")]
        numbers = [int(text.split()[1]) for text in texts]
        self.assertEqual(numbers, list(range(numbers[0], MESSAGES, 2)), "messages in order, none lost or twice")
