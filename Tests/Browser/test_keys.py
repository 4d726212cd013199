"""A server that demands an API key."""

import case
from case import BrowserTest
from page import Page
from selenium.webdriver.common.keys import Keys
from server import Server


class KeyTests(BrowserTest):
    def setUp(self):
        options = case.world.options
        self.server = Server(options.danlu, options.model, host="0.0.0.0")
        self.key = self.server.make_key()
        self.server.start()
        self.page = Page(case.world.page.driver, self.server, case.world.page.screenshots)
        self.page.errors()

    def tearDown(self):
        super().tearDown()
        self.server.stop()

    def is_expected(self, complaint):
        return "401" in complaint

    def test_the_page_asks_for_the_key_and_keeps_it(self):
        page = self.page
        page.driver.get(self.server.address)
        page.script("localStorage.setItem('danlu.preferences', '{\"language\": \"zh\", \"sampling\": {\"max_tokens\": 32}}')")
        page.driver.refresh()
        page.wait(lambda: page.all("dialog[open] input"), "the question for the key")
        page.shoot("key")
        page.one("dialog[open] input").send_keys("wrong", Keys.ENTER)
        page.wait(lambda: "无效" in page.text("dialog[open]"), "the refusal")
        page.one("dialog[open] input").send_keys(self.key, Keys.ENTER)
        page.wait_ready()
        page.wait(lambda: not page.all("dialog[open]"), "the closed question")
        page.ask("Hello")
        self.assertGreater(len(page.last_answer_text()), 0)
        page.reload()
        page.wait(lambda: page.all(".message"), "the conversation after a reload")
        self.assertEqual(page.all("dialog[open]"), [])
