"""The chat page in a browser: what a reader sees and does, by name."""

import json
import os
import time

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

WAIT_SECONDS = 60


def start_browser(downloads, language="zh-CN"):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900",
        "--hide-scrollbars", f"--lang={language}", "--disable-background-networking", "--disable-extensions",
    ):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {
        "intl.accept_languages": language, "download.default_directory": downloads,
        "download.prompt_for_download": False,
    })
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))


class Page:
    def __init__(self, driver, server, screenshots):
        self.driver, self.server, self.screenshots = driver, server, screenshots

    # Going places

    def open(self, conversation=None, preferences=None):
        """Loads the page anew, with the browser's memory empty or holding `preferences`."""
        self.driver.get(self.server.address + "page/icon.svg")
        self.script("localStorage.clear(); sessionStorage.clear();"
                    "if (arguments[0]) localStorage.setItem('danlu.preferences', arguments[0]);",
                    json.dumps(preferences) if preferences else None)
        self.driver.get(self.server.address + (f"#/c/{conversation}" if conversation else ""))
        self.wait_ready()
        if conversation:
            self.wait(lambda: self.all(".message"), "the conversation's messages")

    def reload(self):
        self.driver.refresh()
        self.wait_ready()

    def wait_ready(self):
        self.wait(lambda: self.one("#send").get_attribute("aria-label") and self.all("#model option"), "the page")

    @property
    def conversation(self):
        return self.driver.current_url.rpartition("/c/")[2] if "/c/" in self.driver.current_url else None

    # Finding things

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.one(selector).text

    def script(self, code, *arguments):
        return self.driver.execute_script(code, *arguments)

    def module(self, name, code, *arguments):
        """The value of an async function body in which `module` is one of the page's modules."""
        return self.driver.execute_async_script(
            """const done = arguments[arguments.length - 1];
               const [name, code, ...values] = [...arguments].slice(0, -1);
               const run = eval("(async (module, values) => {" + code + "})");
               import("/page/" + name).then((module) => run(module, values)).then(done, (e) => done("ERROR " + e));""",
            name, code, *arguments)

    def wait(self, condition, what, seconds=WAIT_SECONDS):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                found = condition()
                if found:
                    return found
            except (NoSuchElementException, StaleElementReferenceException):
                pass
            time.sleep(0.05)
        self.shoot("failure-" + what)
        raise AssertionError(f"waited {seconds} s in vain for {what}")

    # Doing things

    def type_question(self, text):
        self.one("#question").send_keys(text)

    def ask(self, text, waits=True):
        before = len(self.all(".question-message"))
        self.type_question(text)
        self.one("#question").send_keys(Keys.ENTER)
        self.wait(lambda: len(self.all(".question-message")) > before, "the question")
        if waits:
            self.wait_answer()

    @property
    def is_busy(self):
        return "busy" in self.one("#composer").get_attribute("class").split()

    def wait_answer(self):
        self.wait(lambda: not self.is_busy, "the answer's end", 300)

    def wait_streaming(self, characters=20):
        """Until some of the answer is there while it is still being written."""
        self.wait(lambda: len(self.last_answer_text()) >= characters or not self.is_busy, "the first words")
        return self.is_busy

    def last_answer_text(self):
        found = self.all(".answer > .prose")
        return found[-1].text if found else ""

    def press(self, label, within=""):
        """Presses the last button with this name."""
        buttons = self.wait(lambda: self.all(f'{within} button[aria-label="{label}"]'), f"the button {label}")
        self.script("arguments[0].scrollIntoView({block: 'center'})", buttons[-1])
        buttons[-1].click()

    def press_text(self, text, within):
        for button in self.all(f"{within} button"):
            if button.text == text:
                button.click()
                return
        raise AssertionError(f"no button {text} in {within}")

    def titles(self):
        return [title.text for title in self.all("#list .title")]

    def command(self, title, text):
        """Chooses from the menu of a conversation in the list."""
        line = next(line for line in self.all("#list li") if line.find_element(By.CSS_SELECTOR, ".title").text == title)
        self.script("arguments[0].click()", line.find_element(By.CSS_SELECTOR, "button"))
        self.press_text(text, ".menu")

    def keys(self, *keys):
        chain = webdriver.ActionChains(self.driver)
        for key in keys[:-1]:
            chain.key_down(key)
        chain.send_keys(keys[-1])
        for key in reversed(keys[:-1]):
            chain.key_up(key)
        chain.perform()

    # Looking

    def width(self, width, height=900, is_mobile=False):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 2 if is_mobile else 1, "mobile": is_mobile,
        })

    def full_width(self):
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def system_theme(self, theme):
        features = [{"name": "prefers-color-scheme", "value": theme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def shoot(self, name):
        time.sleep(0.3)  # A transition of the design may still run.
        safe = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
        self.driver.save_screenshot(os.path.join(self.screenshots, safe + ".png"))

    def errors(self):
        """What the console complained about since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
