"""The page of training runs: curves, several runs, live lines, languages, keys, a phone's width."""

import json
import math
import os
import shutil

from case import BrowserTest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

HOSTILE = "<img src=x onerror=alert(1)> 月"


def step(number):
    loss = 7 * math.exp(-number / 60) + 2
    return dict(event="step", step=number, loss=loss, tokens=number * 4096, tokens_per_second=1800 + number % 7,
                learning_rate=1e-3 * min(1, number / 20), gradient_norm=1 + 10 / number, seconds=2.2 * number, time=1e9 + number)


def validation(number):
    return dict(event="validation", step=number, bits_per_byte=dict(zh=4 - number / 100, en=3 - number / 100, all=3.4),
                loss=dict(zh=4, en=3, all=3.5), seconds=1, time=1e9 + number)


class RunsTests(BrowserTest):
    def setUp(self):
        super().setUp()
        self.folder = os.path.join(self.server.home, "runs")
        begin = dict(event="begin", step=0, steps=200, parameters=3_200_000, threads=2, version="0.1.0", time=1e9)
        for name, last in (("poems", 120), ("诗词 <b>", 60)):
            os.makedirs(os.path.join(self.folder, name))
            model = dict(layers=4, dim=256)
            with open(os.path.join(self.folder, name, "config.json"), "w") as file:
                json.dump(dict(model=model, steps=200, precision="bf16" if name == "poems" else "fp32"), file)
            self.add(name, begin, *(step(n) for n in range(1, last + 1)), *(validation(n) for n in range(20, last, 20)))
        self.add("poems", dict(event="skip", step=50, reason="loss", loss=9, gradient_norm=None, time=1e9 + 50),
                 dict(event="rollback", step=55, to=40, reason="three skips", time=1e9 + 55),
                 dict(event="sample", step=100, prompt="床前", text=HOSTILE, time=1e9 + 100))
        with open(os.path.join(self.folder, "poems", "log.jsonl"), "a") as file:
            file.write('{"event":"st')

    def tearDown(self):
        shutil.rmtree(self.folder)
        super().tearDown()

    def add(self, name, *lines):
        path = os.path.join(self.folder, name, "log.jsonl")
        with open(path, "a", encoding="utf-8") as file:
            for line in lines:
                file.write(json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n")

    def open(self, fragment=""):
        self.page.driver.get(self.server.address + "runs" + fragment)
        self.page.driver.refresh()
        self.page.wait(lambda: self.page.all("figure:not([hidden]) path"), "curves")

    def tile(self, label):
        for tile in self.page.all(".tile"):
            name, value = tile.text.split("\n")
            if name == label:
                return value
        raise AssertionError(f"no tile {label}")

    def test_curves_events_and_samples(self):
        self.open("#poems")
        titles = [element.text for element in self.page.all("figure:not([hidden]) h2")]
        self.assertEqual(len(titles), 6, titles)
        self.assertEqual(self.tile("进度"), "120 / 200")
        self.assertEqual(self.tile("跳过 / 回退"), "1 / 1")
        self.assertEqual(len(self.page.all("figure:first-child .chart-mark")), 2)
        self.assertIn("从第 55 步退回第 40 步", self.page.text("#events"))
        self.assertIn(HOSTILE, self.page.text("#samples"), "text of a model is text")
        self.assertEqual(self.page.all("#samples img"), [])
        self.page.shoot("runs")

    def test_lines_come_while_it_trains(self):
        self.open("#poems")
        with open(os.path.join(self.folder, "poems", "log.jsonl"), "a") as file:
            file.write("\n")
        self.add("poems", *(step(n) for n in range(121, 151)))
        self.page.script("document.querySelector('#samples li').dataset.seen = 'yes'")
        self.page.wait(lambda: self.tile("进度") == "150 / 200", "the new steps", 10)
        self.assertTrue(self.page.all("#samples li[data-seen]"), "what somebody reads is not made anew")

    def test_runs_side_by_side(self):
        self.open("#poems")
        self.page.all("#choices input")[1].click()
        self.page.wait(lambda: len(self.page.all("figure:first-child .chart-line")) == 2, "both curves")
        self.assertEqual([element.text for element in self.page.all("#facts thead th")], ["poems", "诗词 <b>"])
        table = self.page.text("#facts")
        self.assertIn("precision bf16 fp32", table, "what differs in the settings")
        self.assertNotIn("model.dim", table, "what is the same")
        self.assertEqual([len(self.page.all(f".swatch-{colour}")) > 2 for colour in range(3)], [True, True, False])
        self.page.shoot("runs-two")
        self.page.driver.refresh()
        self.page.wait(lambda: len(self.page.all("figure:first-child .chart-line")) == 2, "both curves again")
        self.page.all("#choices input")[0].send_keys(Keys.SPACE)
        self.page.wait(lambda: len(self.page.all(".tile-row")) == 1, "one")
        self.assertEqual(self.page.all(".swatch-0"), [], "the run that stays keeps its colour")

    def test_keys_move_the_cursor(self):
        self.open("#poems")
        chart = self.page.one("figure:first-child svg")
        caption = "figure:first-child figcaption"
        self.assertIn("第 120 步", self.page.text(caption))
        self.page.script("arguments[0].focus()", chart)
        chart.send_keys(Keys.HOME)
        self.assertIn("第 1 步", self.page.text(caption))
        chart.send_keys(Keys.ARROW_RIGHT)
        self.assertIn("第 3 步", self.page.text(caption))
        chart.send_keys(Keys.ESCAPE)
        self.assertIn("第 120 步", self.page.text(caption))

    def test_a_part_is_looked_at_closely(self):
        self.open("#poems")
        ticks = "figure:nth-child({}) .chart-text:last-of-type"
        before = self.page.text(ticks.format(1))
        chart = self.page.one("figure:first-child svg")
        ActionChains(self.page.driver).move_to_element_with_offset(chart, -60, 0).click_and_hold().move_by_offset(
            50, 0).release().perform()
        self.page.wait(lambda: self.page.one("#show-all").is_displayed(), "a way back")
        self.assertNotEqual(self.page.text(ticks.format(1)), before)
        self.assertEqual(self.page.text(ticks.format(2)), self.page.text(ticks.format(1)), "all charts, in line")
        self.page.one("#show-all").click()
        self.assertEqual(self.page.text(ticks.format(1)), before)
        self.page.script("arguments[0].focus()", chart)
        chart.send_keys(Keys.HOME, "+")
        self.assertTrue(self.page.one("#show-all").is_displayed())
        self.assertIn("第 1 步", self.page.text("figure:nth-child(6) figcaption"), "the cursor is everywhere")
        chart.send_keys("0")
        self.assertEqual(self.page.text(ticks.format(1)), before)

    def test_axis_and_smoothing(self):
        self.open("#poems")
        self.assertEqual(len(self.page.all("figure:first-child .chart-faint")), 1)
        self.page.script("const range = document.querySelector('#smoothing'); range.value = 0;"
                         "range.dispatchEvent(new Event('input'))")
        self.assertEqual(self.page.all(".chart-faint"), [])
        caption = self.page.text("figure:first-child figcaption")
        self.assertIn(f"{step(120)['loss']:.3f}", caption, "the last loss itself")
        self.page.script("const axis = document.querySelector('#axis'); axis.value = 'seconds';"
                         "axis.dispatchEvent(new Event('change'))")
        self.assertIn("4.4 min", self.page.text("figure:first-child figcaption"))
        self.page.one("#run-settings summary").click()
        self.assertIn("model.layers", self.page.text("#run-settings"))

    def test_chats_and_runs_lead_to_each_other(self):
        self.page.one("#open-runs").click()
        self.page.wait(lambda: self.page.all("figure:not([hidden]) path"), "curves")
        self.page.one(".brand").click()
        self.page.wait(lambda: self.page.all("#send"), "the chats")

    def test_languages_themes_and_a_phone(self):
        self.open("#poems")
        self.page.one("#switch-language").click()
        self.assertIn("Loss (nats a token)", self.page.text("#charts"))
        self.page.one("#switch-theme").click()
        self.assertEqual(self.page.script("return document.documentElement.dataset.theme"), "dark")
        self.page.shoot("runs-dark")
        self.page.width(390, 844, is_mobile=True)
        self.assertLessEqual(self.page.script("return document.documentElement.scrollWidth - innerWidth"), 0)
        self.page.shoot("runs-phone")
