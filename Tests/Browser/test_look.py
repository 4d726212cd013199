"""How the page comes up and looks: languages, themes, a phone's width, settings, speed."""

import statistics

from case import BrowserTest
from selenium.webdriver.common.keys import Keys

FIRST_PAINT_MILLISECONDS_MAX = 100
FIRST_LOAD_BYTES_MAX = 150_000
FIRST_PAINT = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
SHOWPIECE = r"""## 快速排序

快速排序是一种**分治**算法，平均时间复杂度为 $O(n \log n)$：

1. 选一个*基准值*（`pivot`）。
2. 把其余元素分成两组：
   - 小于基准的
   - 不小于基准的
3. 对两组分别递归。

```python
def quicksort(items: list[int]) -> list[int]:
    if len(items) <= 1:
        return items
    pivot, *rest = items  # 取第一个作基准
    left = [x for x in rest if x < pivot]
    right = [x for x in rest if x >= pivot]
    return quicksort(left) + [pivot] + quicksort(right)
```

比较次数满足

$$T(n) = \frac{2}{n}\sum_{k=0}^{n-1} T(k) + n - 1 \approx 2n\ln n$$

| 算法 | 平均 | 最坏 | 稳定 |
|:-----|:----:|:----:|-----:|
| 快速排序 | $O(n\log n)$ | $O(n^2)$ | 否 |
| 归并排序 | $O(n\log n)$ | $O(n\log n)$ | 是 |

> 列表已经有序时，这个写法会退化到 $O(n^2)$。

更多内容见[维基百科](https://zh.wikipedia.org/wiki/快速排序)。"""


class LoadingTests(BrowserTest):
    def test_first_paint_and_size(self):
        page = self.page
        page.driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
        times = []
        for _ in range(15):
            page.open(preferences=self.preferences)
            times.append(page.wait(lambda: page.script(FIRST_PAINT), "paint"))
        size = page.driver.execute_async_script("""const done = arguments[0];
            const names = performance.getEntriesByType('resource').map((each) => each.name).concat(location.origin)
              .filter((name) => !name.includes('/api/'));
            Promise.all([...new Set(names)].map(async (name) => (await (await fetch(name)).arrayBuffer()).byteLength))
              .then((sizes) => done(sizes.reduce((sum, size) => sum + size, 0)));""")
        page.driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": False})
        median = statistics.median(times)
        print(f"first paint {min(times):.0f} ms at best, {median:.0f} ms median; {size} bytes", end=" ")
        # Other work on the machine only ever adds to a time: the best one is the page's own.
        self.assertLess(min(times), FIRST_PAINT_MILLISECONDS_MAX)
        self.assertLess(size, FIRST_LOAD_BYTES_MAX)

    def test_everything_comes_from_the_server(self):
        names = self.page.script("return performance.getEntriesByType('resource').map((each) => each.name)")
        self.assertTrue(names)
        self.assertEqual([name for name in names if not name.startswith(self.server.address)], [])


class LookTests(BrowserTest):
    def show(self):
        self.conversation = self.server.insert("快速排序", ["用 Python 写一个快速排序，并解释", SHOWPIECE])
        self.page.open(self.conversation, preferences=self.preferences)
        self.page.wait(lambda: self.page.all("math mfrac"), "the maths")
        self.page.script("document.getElementById('scroller').scrollTop = 0")

    def test_both_themes(self):
        page = self.page
        page.shoot("welcome-light")
        self.show()
        page.shoot("answer-light")
        light = self.background()
        page.system_theme("dark")
        page.shoot("answer-dark")
        dark = self.background()
        self.assertGreater(light, 200)
        self.assertLess(dark, 60)
        page.press("切换明暗")
        self.assertEqual(self.background(), light)
        page.reload()
        self.assertEqual(self.background(), light, "the choice was forgotten")
        page.press("切换明暗")
        self.assertEqual(self.background(), dark)
        page.one("#new").click()
        page.shoot("welcome-dark")

    def background(self):
        """Brightness of the page's ground, 0 to 255."""
        self.page.shoot("theme")
        colour = self.page.script("return getComputedStyle(document.body).backgroundColor")
        return max(int(part) for part in colour.strip("rgb()").split(",")[:3])

    def test_both_languages(self):
        page = self.page
        self.assertEqual(page.one("#question").get_attribute("placeholder"), "输入问题")
        page.press("Switch to English")
        self.assertEqual(page.one("#question").get_attribute("placeholder"), "Ask anything")
        self.assertEqual(page.script("return document.documentElement.lang"), "en")
        page.shoot("welcome-english")
        page.reload()
        self.assertEqual(page.one("#question").get_attribute("placeholder"), "Ask anything", "the choice was forgotten")
        self.show()
        page.press("切换到中文") if page.all('button[aria-label="切换到中文"]') else None
        page.wait(lambda: page.all('button[aria-label="重新生成"]'), "Chinese buttons")

    def test_the_browser_chooses_the_language(self):
        page = self.page
        for language, hint in (("en-GB", "Ask anything"), ("zh-TW", "输入问题"), ("fr", "Ask anything")):
            page.driver.execute_cdp_cmd("Emulation.setUserAgentOverride", {
                "userAgent": page.script("return navigator.userAgent"), "acceptLanguage": language,
            })
            page.open()
            self.assertEqual(page.one("#question").get_attribute("placeholder"), hint, language)
        page.driver.execute_cdp_cmd("Emulation.setUserAgentOverride", {
            "userAgent": page.script("return navigator.userAgent"), "acceptLanguage": "zh-CN",
        })

    def test_a_phone(self):
        page = self.page
        page.width(390, 844, is_mobile=True)
        page.open(preferences=self.preferences)
        page.shoot("phone-welcome")
        self.show()
        page.shoot("phone-answer")
        self.assertEqual(page.script("return document.documentElement.scrollWidth"), 390, "the page scrolls sideways")
        self.assertFalse(page.one("#sidebar").is_displayed())
        page.press("打开对话列表")
        page.wait(lambda: page.one("#sidebar").is_displayed(), "the list")
        page.shoot("phone-list")
        page.one("#list a").click()
        page.wait(lambda: not page.one("#sidebar").is_displayed(), "the list to go away")
        page.width(320, 640, is_mobile=True)
        self.assertEqual(page.script("return document.documentElement.scrollWidth"), 320, "the page scrolls sideways")
        page.open(preferences=self.preferences)
        page.ask("Hello")
        page.shoot("phone-small")

    def test_settings(self):
        page = self.page
        page.one("#open-settings").click()
        page.wait(lambda: page.all("#setting-temperature"), "the settings")
        self.set("setting-system", "Answer in one word.")
        self.set("setting-temperature", "0")
        self.set("setting-seed", "7")
        page.shoot("settings")
        page.keys(Keys.ESCAPE)
        page.ask("Name a colour.")
        row = self.server.rows("SELECT system, sampling FROM conversation WHERE id = ?", page.conversation)[0]
        self.assertEqual(row[0], "Answer in one word.")
        self.assertIn('"seed":7', row[1].replace(" ", ""))
        self.assertIn('"temperature":0', row[1].replace(" ", ""))
        page.one("#open-settings").click()
        self.set("setting-max_tokens", "5")
        page.keys(Keys.ESCAPE)
        page.wait(lambda: "max_tokens" in self.server.rows(
            "SELECT sampling FROM conversation WHERE id = ?", page.conversation)[0][0], "the setting")
        first = page.last_answer_text()
        page.press("重新生成")
        page.wait_answer()
        self.assertRegex(page.text(".usage"), r"^[1-5] 词元")
        if page.text(".usage").startswith("5"):
            self.assertIn("长度上限", page.text(".remark"))
        self.assertTrue(first.startswith(page.last_answer_text()[:5]), "greedy answers repeat")

    def test_the_settings_change_the_language_and_keep_their_conversation(self):
        page = self.page
        self.show()
        page.one("#open-settings").click()
        page.wait(lambda: page.all("#setting-temperature"), "the settings")
        self.assertEqual(page.text("#settings h3"), "这个对话")
        page.script("document.querySelectorAll('[name=language]')[2].click()")
        page.wait(lambda: page.all("#settings h3") and page.text("#settings h3") == "This chat", "English settings")
        page.script("document.querySelectorAll('[name=theme]')[2].click()")
        self.assertLess(self.background(), 60)
        page.one("#settings header button").click()
        page.wait(lambda: page.all('button[aria-label="Regenerate"]'), "English buttons")

    def set(self, name, value):
        shown = lambda: [field for field in self.page.all(f"#{name}") if field.is_displayed()]
        field = self.page.wait(shown, name)[0]
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(value, Keys.TAB)

    def test_names_and_contrast(self):
        """Every control has a name, and text stands out from its ground (WCAG AA) in both themes."""
        page = self.page
        self.show()
        for theme in ("light", "dark"):
            page.system_theme(theme)
            page.shoot(f"contrast-{theme}")
            self.assertEqual(page.script(UNNAMED), [])
            self.assertEqual(page.script(PALE), [], theme)


UNNAMED = """
    return [...document.querySelectorAll("button, input, textarea, select, a[href]")]
      .filter((each) => each.checkVisibility())
      .filter((each) => !(each.getAttribute("aria-label") || each.textContent.trim() || each.labels?.length))
      .map((each) => each.outerHTML.slice(0, 120));"""
PALE = """
    const numbers = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
      .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
    const ground = (element) => {
      for (let each = element; each; each = each.parentElement) {
        const colour = numbers(getComputedStyle(each).backgroundColor);
        if (colour.length === 3 || colour[3] === 1) return colour;
      }
      return [255, 255, 255];
    };
    const pale = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
      if (element.closest(":disabled, .off-screen")) continue;
      const [a, b] = [light(numbers(getComputedStyle(element).color)), light(ground(element))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5) pale.push(`${walker.currentNode.data.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
    }
    return pale;"""
