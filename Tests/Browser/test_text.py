"""Markdown and maths: what they become, that growing text becomes the same, and that nothing in them runs."""

import random
import time

from case import BrowserTest

SHOW = """
    await import("/page/maths.js");
    const root = document.createElement("div");
    const view = new module.MarkdownView(root);
    const [text, size] = values;
    if (size) { for (let at = 0; at < text.length; at += size) view.append(text.slice(at, at + size)); view.finish(); }
    else view.set(text);
    await new Promise((resolve) => setTimeout(resolve, 30));
    return root.innerHTML.replaceAll(' xmlns="http://www.w3.org/1998/Math/MathML"', "");"""

BLOCKS = [
    ("# 一\n## 二 ##", '<h2 class="level-1">一</h2><h3 class="level-2">二</h3>'),
    ("一段\n两行", "<p>一段<br>两行</p>"),
    ("- a\n  - b\n- c", "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ul>"),
    ("3. x\n4. y", '<ol start="3"><li><p>x</p></li><li><p>y</p></li></ol>'),
    ("1. a\n\n2. b", '<ol class="loose"><li><p>a</p></li><li><p>b</p></li></ol>'),
    ("> q\nlazy\n> > r", "<blockquote><p>q<br>lazy</p><blockquote><p>r</p></blockquote></blockquote>"),
    ("---", "<hr>"),
    ("标题\n===", '<h2 class="level-1">标题</h2>'),
]
INLINE = [
    ("**粗体。**后面", "<strong>粗体。</strong>后面"),
    ("**“引号”**后面", "<strong>“引号”</strong>后面"),
    ("a *b **c** d* ***e***", "a <em>b <strong>c</strong> d</em> <em><strong>e</strong></em>"),
    ("snake_case_name 2*3*4", "snake_case_name 2<em>3</em>4"),
    ("~~旧~~ ~x~", "<del>旧</del> ~x~"),
    ("`a` ``b`c``", "<code>a</code> <code>b`c</code>"),
    (r"\*x\* \\ a\b", r"*x* \ a\b"),
    ("&lt;b&gt; &amp; &#65; &nosuch;", "&lt;b&gt; &amp; A &amp;nosuch;"),
    ("a<br>b H<sub>2</sub>O", "a<br>b H<sub>2</sub>O"),
    ("$5 和 $10", "$5 和 $10"),
    ("<b>x</b> <!-- c -->", "&lt;b&gt;x&lt;/b&gt; &lt;!-- c --&gt;"),
]
MATHS = [
    (r"\frac{a}{b}", "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
    ("x^2_i", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
    ("x^12", "<mrow><msup><mi>x</mi><mn>1</mn></msup><mn>2</mn></mrow>"),
    (r"\sqrt[3]{\alpha}", "<mroot><mi>α</mi><mn>3</mn></mroot>"),
    (r"\mathbb{R}", "<mi>ℝ</mi>"),
    (r"\text{若 } x", "<mrow><mtext>若 </mtext><mi>x</mi></mrow>"),
    (r"\unknown", "<mtext>unknown</mtext>"),
]
HOSTILE = [
    "<script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 1'>",
    "<svg onload=window.ran=1><style>*{}</style></svg>",
    "[a](javascript:window.ran=1) [b](JaVaScRiPt:window.ran=1) [c](  javascript:window.ran=1)",
    "[d](java&#115;cript:window.ran=1) [e](&#x6A;avascript:window.ran=1) [f](data:text/html,<script>window.ran=1</script>)",
    "[g](vbscript:x) [h](file:///etc/passwd) [i](//evil.example/x) [j](\\javascript:window.ran=1) [k](<javascript:window.ran=1>)",
    "<javascript:window.ran=1> <a href='javascript:window.ran=1'>x</a>",
    "![x](http://127.0.0.1:1/track.png) ![y](javascript:window.ran=1 \"onerror=window.ran=1\")",
    "```<script>window.ran=1</script>\n</code></pre><script>window.ran=1</script>\n```",
    "```html\" onmouseover=\"window.ran=1\n<img src=x onerror=window.ran=1>\n```",
    "| <img src=x onerror=window.ran=1> | [x](javascript:window.ran=1) |\n|---|---|\n| <script>window.ran=1</script> | `</td>` |",
    "$\\href{javascript:window.ran=1}{x} \\text{<img src=x onerror=window.ran=1>} \\style{x}{y}$",
    "$$\\class{\"onload=window.ran=1}{<script>window.ran=1</script>}$$",
    "# <iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "> - 1. <form action='javascript:window.ran=1'><input autofocus onfocus=window.ran=1></form>",
    "[x](http://a.example/\" onmouseover=\"window.ran=1) <sub onclick=window.ran=1>x</sub> <sub><img src=x onerror=window.ran=1></sub>",
    "https://a.example/\"onmouseover=\"window.ran=1 http://x'><script>window.ran=1</script>",
    "&lt;script&gt;window.ran=1&lt;/script&gt; &#60;img src=x onerror=window.ran=1&#62;",
    "**<b onclick=window.ran=1>** `<i onclick=window.ran=1>` ~~<u onclick=window.ran=1>~~",
]
DANGEROUS = """
    const tags = "script, iframe, object, embed, link, style, base, meta, form, img, video, audio, svg:not(.icon)";
    const found = [...document.querySelectorAll("#log :is(.prose, .bubble) :is(" + tags + ")")]
      .map((each) => each.outerHTML.slice(0, 200));
    for (const each of document.querySelectorAll("#log :is(.prose, .bubble) *")) {
      for (const { name, value } of each.attributes) {
        if (name.startsWith("on") || name === "srcdoc" || name === "style") found.push(each.outerHTML.slice(0, 200));
        if (["href", "src", "action", "xlink:href"].includes(name) && !/^(https?:|mailto:)/.test(value)) found.push(value);
      }
    }
    for (const each of document.querySelectorAll("#log .prose a")) {
      if (!each.rel.includes("noopener")) found.push(each.outerHTML.slice(0, 200));
    }
    return found;"""

RANDOM = r"""
    let state = values[0];
    const chance = (count) => (state = (state * 48271) % 2147483647) % count;
    const marks = ["*", "**", "_", "`", "``", "[", "](", "]", ")", "<", "&lt;", "$", "$$", "\\(", "\\)", "\\[", "\\]", "\n",
      "\n\n", "- ", "1. ", "> ", "# ", "|", "|-|-|", "---", "```", "~~~", "a", "中", "http://a.b", " ", "    ", "~~", "\\", "<br>"];
    const tex = ["\\frac", "{", "}", "^", "_", "\\left", "\\right", "(", "\\begin{pmatrix}", "\\end{pmatrix}", "\\begin", "&",
      "\\\\", "x", "12", "'", "\\sqrt", "[", "]", "\\text", "\\sum", "\\limits", "\\not", "\\mathbb", "\\mathrm", "\\hat",
      "\\middle", "|", "\\", " ", "\\tag", "\\big", "中", "\\pmod", "%", "\\underbrace", "\\substack", "~", "\\left."];
    const some = (parts, most) => Array.from({ length: 1 + chance(most) }, () => parts[chance(parts.length)]).join("");
    for (let turn = 0; turn < 4000; turn += 1) {
      const text = turn % 2 ? some(marks, 24) : `$$${some(tex, 16)}$$`;
      try {
        const view = new module.MarkdownView(document.createElement("div"));
        view.set(text);
        if (turn % 2 && /[a中]/.test(text) && !view.root.textContent) return text;
      } catch (error) {
        return `${JSON.stringify(text)}: ${error}`;
      }
    }
    return null;"""


class MarkdownTests(BrowserTest):
    def show(self, text, size=0):
        return self.page.module("markdown.js", SHOW, text, size)

    def test_blocks(self):
        for text, expected in BLOCKS:
            self.assertEqual(self.show(text), expected, text)

    def test_inline(self):
        for text, expected in INLINE:
            self.assertEqual(self.show(text), f"<p>{expected}</p>", text)

    def test_code_table_task_and_links(self):
        shown = self.show("```js\nlet a = '<b>';\n```")
        self.assertIn('<span class="language">js</span>', shown)
        self.assertIn('<span class="code-keyword">let</span> a = <span class="code-string">\'&lt;b&gt;\'</span>;', shown)
        self.assertIn("<code>open &lt;b&gt;</code>", self.show("```\nopen <b>"))
        shown = self.show("| a | b |\n|:-:|--:|\n| 1 \\| 2 | **x** |")
        self.assertIn('<th class="center">a</th><th class="right">b</th>', shown)
        self.assertIn('<td class="center">1 | 2</td><td class="right"><strong>x</strong></td>', shown)
        self.assertRegex(self.show("- [x] 做完\n- [ ] 没有"), 'checked="".*<p>做完</p>')
        for text in ("[字](https://a.example/x_(y) \"t\")", "<https://a.example/x_(y)>", "看 https://a.example/x_(y)。"):
            self.assertIn('<a href="https://a.example/x_(y)" target="_blank" rel="noopener noreferrer nofollow"',
                          self.show(text))

    def test_maths(self):
        for tex, expected in MATHS:
            for text in (f"${tex}$", f"\\({tex}\\)"):
                self.assertRegex(self.show(text), f'^<p><math title="[^"]*">{self.escaped(expected)}</math></p>$')
            for text in (f"$${tex}$$", f"\\[\n{tex}\n\\]"):
                self.assertRegex(
                    self.show(text), f'<math display="block" title="[^"]*">{self.escaped(expected)}</math>')
        self.assertIn("<mtable>", self.show(r"$\begin{pmatrix}1&2\\3&4\end{pmatrix}$"))
        self.assertNotIn("<math", self.show("`$x$` and \\$x\\$"))

    @staticmethod
    def escaped(text):
        return "".join("\\" + letter if letter in ".^$*+?()[]{}|\\" else letter for letter in text)

    def test_text_that_grows_becomes_what_whole_text_becomes(self):
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        pieces = [text for text, _ in BLOCKS + INLINE] + HOSTILE + [
            "```py\nx = 1\n\n\ny = 2\n```", "~~~\nno end", "| a | b |\n|---|---|\n| 1 | 2 |", "$$\nx + 1\n$$", "$$\nno end",
            "- [ ] t\n\n  more\n\n      code", "> - x\n$$\nno end",
            "\\[ x \\]", "1. a\n   - b\n\n     c", "***", "text $x$ and `y`",
        ]
        for turn in range(60):
            text = chance.choice(["\n", "\n\n"]).join(chance.sample(pieces, 6))
            whole = self.show(text)
            self.assertNotIn("ERROR", whole[:6], f"seed {seed}, turn {turn}")
            self.assertEqual(self.show(text, chance.choice([1, 2, 3, 7])), whole, f"seed {seed}, turn {turn}: {text!r}")

    def test_random_text_is_always_shown(self):
        seed = random.randrange(1 << 31)
        wrong = self.page.module("markdown.js", RANDOM, seed)
        self.assertIsNone(wrong, f"seed {seed}")

    def test_a_long_answer_grows_in_linear_time(self):
        """The last tenth of a long answer costs about what the first one did."""
        slow = self.page.module("markdown.js", """
            const view = new module.MarkdownView(document.createElement("div"));
            const part = "一段**文字**，有 `code` 和 [链接](https://a.example)。\\n\\n- 一\\n- 二\\n\\n";
            const times = [];
            for (let tenth = 0; tenth < 10; tenth += 1) {
              const started = performance.now();
              for (let turn = 0; turn < 20; turn += 1) for (const letter of part) view.append(letter);
              times.push(performance.now() - started);
            }
            return times;""")
        print(f"a tenth of a long answer took {slow[0]:.0f} ms first and {slow[-1]:.0f} ms last", end=" ")
        self.assertLess(slow[-1], 3 * slow[1] + 50)

    def test_hostile_text_is_read_in_little_time(self):
        hostile = [
            "*" * 50_000, "*a _b " * 15_000, "[" * 50_000, "[a](" * 15_000, "`a``b```" * 10_000, "$a " * 30_000, ">" * 50_000,
            "- " * 30_000, "\\[\n" * 10_000, "|a" * 20_000 + "\n" + "|-" * 20_000, "**a" * 20_000 + "b**" * 20_000,
            "$" + "{" * 9_000 + "$", "$" + "\\sqrt" * 1_900 + "$", "&#" * 30_000, "<sub>" * 15_000,
        ]
        for text in hostile:
            started = time.monotonic()
            shown = self.page.module("markdown.js", SHOW.replace("return root.innerHTML", "return root.textContent"), text)
            self.assertNotEqual(shown[:6], "ERROR ", text[:20])
            self.assertLess(time.monotonic() - started, 10, f"{text[:20]}… took too long")


class HostileTests(BrowserTest):
    def test_nothing_of_an_answer_runs(self):
        page = self.page
        nested = "\n".join("> " * depth + text for depth, text in enumerate(HOSTILE[:8]))
        contents = [part for text in HOSTILE + ["\n\n".join(HOSTILE), nested] for part in (text, text)]
        conversation = self.server.insert("<img src=x onerror=window.ran=1>", contents)
        page.open(conversation, preferences=self.preferences)
        page.wait(lambda: len(page.all(".answer")) > 5, "the answers")
        for _ in range(3):
            page.script("document.getElementById('scroller').scrollTop = 0")
            time.sleep(0.4)
        self.assertEqual(len(page.all(".answer")), len(contents) // 2)
        self.assertEqual(page.script(DANGEROUS), [])
        for link in page.all("#log .prose a, #log .prose span")[:40]:
            page.script("arguments[0].dispatchEvent(new MouseEvent('mouseover', {bubbles: true}))", link)
        self.assertIsNone(page.script("return window.ran ?? null"))
        self.assertEqual(page.titles()[0], "<img src=x onerror=window.ran=1>")
        loaded = page.script("return performance.getEntriesByType('resource').map((each) => each.name)")
        self.assertEqual([name for name in loaded if not name.startswith(self.server.address)], [], "a picture was loaded")
        page.shoot("hostile")

    def test_a_streamed_answer_is_as_safe(self):
        for text in HOSTILE:
            shown = self.page.module("markdown.js", """
                const root = document.createElement("div");
                document.getElementById("log").append(root);
                root.className = "prose";
                const view = new module.MarkdownView(root);
                for (const letter of values[0]) view.append(letter);
                view.finish();
                await new Promise((resolve) => setTimeout(resolve, 20));
                """ + DANGEROUS.replace("return found", "root.remove(); return found"), text)
            self.assertEqual(shown, [], text)
        self.assertIsNone(self.page.script("return window.ran ?? null"))

    def test_the_policy_would_stop_it_too(self):
        """The second wall: a script that got into the page is not run."""
        page = self.page
        page.script("""const script = document.createElement("script");
            script.textContent = "window.ran = 1"; document.body.append(script);""")
        self.assertIsNone(page.script("return window.ran ?? null"))
        self.assertTrue(any("Content Security Policy" in text for text in page.errors()))
