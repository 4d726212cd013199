"""The list of conversations: search, rename, delete, export."""

import json
import os

import case
from case import BrowserTest
from selenium.webdriver.common.keys import Keys


class ListTests(BrowserTest):
    def setUp(self):
        super().setUp()
        self.page.ask("请介绍一下丹炉与炼金术的历史")

    def test_search_finds_chinese_words(self):
        page = self.page
        page.one("#new").click()
        page.ask("How do planes fly?")
        page.keys(Keys.CONTROL, "k")
        self.assertEqual(page.script("return document.activeElement.id"), "search")
        page.one("#search").send_keys("炼金")
        page.wait(lambda: "How do planes fly?" not in page.titles(), "the search")
        self.assertIn("请介绍一下丹炉与炼金术的历史", page.titles())
        self.assertIn("炼金", [mark.text for mark in page.all("#list mark")])
        page.shoot("search")
        page.one("#search").send_keys(Keys.ENTER)
        page.keys(Keys.ENTER)
        page.wait(lambda: page.all(".bubble") and "丹炉" in page.text(".bubble"), "the conversation found")
        page.one("#search").send_keys(Keys.CONTROL, "a")
        page.one("#search").send_keys("没有这种东西")
        page.wait(lambda: "没有找到" in page.text("#list"), "an empty result")
        page.one("#search").send_keys(Keys.ESCAPE)
        page.wait(lambda: len(page.titles()) >= 2, "the whole list")

    def test_rename(self):
        page = self.page
        page.command(page.titles()[0], "重命名")
        field = page.one("dialog[open] input")
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys("炼丹史", Keys.ENTER)
        page.wait(lambda: page.titles()[0] == "炼丹史", "the new title")
        self.assertEqual(page.text("#title"), "炼丹史")
        page.reload()
        page.wait(lambda: page.titles() and page.titles()[0] == "炼丹史", "the new title after a reload")

    def test_delete_asks_first(self):
        page = self.page
        count, conversation = len(page.titles()), page.conversation
        page.command(page.titles()[0], "删除")
        page.shoot("delete")
        page.press_text("取消", "dialog[open]")
        self.assertEqual(len(page.titles()), count)
        page.command(page.titles()[0], "删除")
        page.press_text("删除", "dialog[open]")
        page.wait(lambda: len(page.titles()) == count - 1, "the shorter list")
        page.wait(lambda: page.conversation is None and not page.all(".message"), "an empty page")
        self.assertEqual(self.server.rows("SELECT count(*) FROM message WHERE conversation = ?", conversation), [(0,)])

    def test_export(self):
        page = self.page
        title = page.titles()[0]
        page.command(title, "导出 Markdown")
        page.command(title, "导出 JSON")
        names = [os.path.join(case.world.downloads, f"{title}.{kind}") for kind in ("md", "json")]
        page.wait(lambda: all(os.path.exists(name) for name in names), "the downloads")
        with open(names[0], encoding="utf-8") as file:
            markdown = file.read()
        with open(names[1], encoding="utf-8") as file:
            value = json.load(file)
        self.assertTrue(markdown.startswith(f"# {title}\n"))
        self.assertIn("请介绍一下丹炉与炼金术的历史", markdown)
        self.assertEqual([message["role"] for message in value["messages"]], ["user", "assistant"])
        for name in names:
            os.remove(name)

    def test_the_menu_works_by_keyboard(self):
        page = self.page
        page.script("document.querySelector('#list button').focus()")
        page.keys(Keys.ENTER)
        page.wait(lambda: page.all(".menu"), "the menu")
        page.shoot("menu")
        page.keys(Keys.ARROW_DOWN)
        self.assertEqual(page.script("return document.activeElement.textContent"), "导出 Markdown")
        page.keys(Keys.ESCAPE)
        self.assertEqual(page.all(".menu"), [])
        self.assertEqual(page.script("return document.activeElement.getAttribute('aria-haspopup')"), "menu")
