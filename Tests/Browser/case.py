"""What the tests share: one server and one browser for all of them."""

import dataclasses
import unittest

from page import Page
from server import Server


@dataclasses.dataclass
class World:
    page: Page
    server: Server
    downloads: str
    options: object


world: World = None


class BrowserTest(unittest.TestCase):
    """A test that begins at the page's start, in Chinese, and ends without complaints of the console."""

    preferences = {"language": "zh", "sampling": {"temperature": 0.7, "max_tokens": 96}}

    def setUp(self):
        self.page, self.server = world.page, world.server
        self.page.full_width()
        self.page.system_theme("light")
        self.page.errors()
        self.page.open(preferences=self.preferences)

    def tearDown(self):
        complaints = [text for text in self.page.errors() if "favicon" not in text and not self.is_expected(text)]
        self.assertEqual(complaints, [], "the console complained")

    def is_expected(self, complaint):
        return False
