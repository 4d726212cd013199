"""Random templates and what jinja2 makes of them.

    python3 make_random.py COUNT SEED [FILE]

writes random.json.gz beside this file, or FILE; the test reads the latter too when DANLU_TEMPLATE_CASES names it, which
is how many more than the kept ones are compared. jinja2 warns of odd constants; that is part of the game.
"""
import copy
import gzip
import json
import pathlib
import random
import sys
import warnings

from reference import environment, render

VARIABLES = {
    "user": "Some user's \"text\" <|im_end|>\n你好 ",
    "items": [{"name": "a<b", "n": 1, "ok": True}, {"name": "Éc", "n": 2.5, "tags": ["x", "y"]}, {"n": 0, "name": ""}],
    "words": ["beta", "Alpha", "gamma", "alpha"],
    "numbers": [3, -1, 2.5, 0, 7],
    "table": {"k": "v", "items": 1, "nested": {"a": [1, 2, {"b": None}]}},
    "flag": True,
    "zero": 0,
    "null": None,
    "empty": "",
}
TEXTS = ["", "a", " b ", "Ab cD", "x,y,,z", "你好\\n世界", "a\\nb\\n\\nc", "<&>\\\"", "1", "2.5", "-3", "ΑΣ", "ß", "%s-%s", "{}:{}", "\\t tab", "aXbXc"]
ATTRS = ["name", "n", "ok", "tags", "k", "items", "nested", "a", "upper", "nope", "get", "x"]
STRING_METHODS = ["strip()", "lstrip('a ')", "rstrip()", "upper()", "lower()", "title()", "capitalize()", "split()", "split(',')", "split('X', 1)", "rsplit(',', 1)",
                  "rsplit('X')", "splitlines()", "startswith('a')", "endswith(('b', 'c'))", "replace('a', 'é')", "replace('X', '', 1)", "find('b')", "count('a')", "index('a')", "join(words)",
                  "isdigit()", "isalpha()", "isspace()", "partition(',')", "zfill(5)", "center(6, '*')", "ljust(4)", "format(1, 'b')", "swapcase()", "islower()", "rfind('X')", "removeprefix('a')", "split(none, 1)"]
OTHER_METHODS = ["items()", "keys()", "values()", "get('k')", "get('zz', 5)", "count(1)", "index(3)", "copy()", "append(1)", "pop('k')"]
FILTERS = ["trim", "upper", "lower", "title", "capitalize", "length", "count", "first", "last", "list", "string", "int", "float", "abs", "round", "round(1)", "round(1, 'floor')", "sort", "sort(reverse=true)",
           "sort(attribute='n')", "sort(case_sensitive=true)", "unique|list", "reverse|list", "join", "join(', ')", "join('-', attribute='name')", "tojson", "tojson(indent=2)", "tojson(sort_keys=true)", "default('d')",
           "default('d', true)", "d(0)", "map('string')|list", "map(attribute='n')|list", "map(attribute='name', default='?')|join", "map('upper')|list", "select|list", "select('odd')|list", "reject('none')|list",
           "selectattr('n')|list", "selectattr('n', 'gt', 1)|list", "rejectattr('ok', 'defined')|list", "groupby('n')|list", "items|list", "dictsort", "dictsort(by='value')", "indent", "indent(2, true)", "replace('a', 'b')",
           "replace('b', '', 1)", "e", "safe", "min", "max", "sum", "sum(attribute='n')", "batch(2)|list", "slice(2)|list", "wordcount", "center(9)", "format(1, 2)", "truncate(5)", "max(attribute='n')", "attr('name')", "wordcount", "int(default=9)"]
TESTS = ["defined", "undefined", "none", "string", "mapping", "sequence", "iterable", "number", "integer", "float", "boolean", "true", "false", "odd", "even", "divisibleby 2", "divisibleby(3)", "eq 1", "ne 'a'", "lt 2",
         "gt(0)", "in [1, 'a']", "in words", "sameas none", "lower", "upper", "callable", "equalto 'a'", "ge 0", "le 1"]
OPERATORS = ["+", "-", "*", "/", "//", "%", "~", "~", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or", "and", "or"]


class Maker:
    def __init__(self, rng):
        self.rng = rng
        self.names = list(VARIABLES) + ["unknown"]

    def pick(self, options):
        return self.rng.choice(options)

    def atom(self):
        roll = self.rng.random()
        if roll < 0.3:
            return self.pick(self.names)
        if roll < 0.55:
            return '"' + self.pick(TEXTS) + '"'
        if roll < 0.75:
            return self.pick(["0", "1", "2", "3", "7", "12", "1.5", "0.1", "2.0", "1e3", "100"])
        if roll < 0.85:
            return self.pick(["true", "false", "none"])
        return self.pick(["[]", "{}", "()", "words", "items", "numbers", "table", "user", "range(4)", "namespace(a=1).a", "dict(a=1)"])

    def expression(self, depth):
        if depth <= 0 or self.rng.random() < 0.1:
            return self.atom()
        sub = lambda: self.expression(depth - 1)
        kind = self.pick(["binary"] * 4 + ["filter"] * 5 + ["method"] * 3 + ["test"] * 2 + ["index"] * 2 + ["slice", "attr", "attr", "not", "neg", "list", "dict", "if", "tuple", "paren", "pow", "chain"])
        if kind == "binary":
            return f"{sub()} {self.pick(OPERATORS)} {sub()}"
        if kind == "filter":
            return f"{self.wrap(sub())}|{self.pick(FILTERS)}"
        if kind == "method":
            return f"{self.wrap(sub())}.{self.pick(STRING_METHODS if self.rng.random() < 0.7 else OTHER_METHODS)}"
        if kind == "test":
            return f"{self.wrap(sub())} is {self.pick(['', 'not '])}{self.pick(TESTS)}"
        if kind == "index":
            return f"{self.wrap(sub())}[{self.pick(['0', '1', '-1', '5', repr(self.pick(ATTRS)), sub()])}]"
        if kind == "slice":
            part = lambda: self.pick(["", "", "0", "1", "-1", "2", "-3"])
            return f"{self.wrap(sub())}[{part()}:{part()}{self.pick(['', ':2', ':-1', ':'])}]"
        if kind == "attr":
            return f"{self.wrap(sub())}.{self.pick(ATTRS)}"
        if kind == "not":
            return f"not {sub()}"
        if kind == "neg":
            return f"-{sub()}"
        if kind == "list":
            return "[" + ", ".join(sub() for _ in range(self.rng.randint(0, 3))) + "]"
        if kind == "dict":
            return "{" + ", ".join(f"{self.atom()}: {sub()}" for _ in range(self.rng.randint(0, 2))) + "}"
        if kind == "if":
            return f"({sub()} if {sub()}{' else ' + sub() if self.rng.random() < 0.8 else ''})"
        if kind == "tuple":
            return f"({sub()}, {sub()})"
        if kind == "pow":
            return f"{self.wrap(sub())} ** {self.pick(['0', '1', '2', '-1', '0.5'])}"
        if kind == "chain":
            return f"{sub()} {self.pick(['<', '==', '>='])} {sub()} {self.pick(['<', '!=', '<='])} {sub()}"
        return f"({sub()})"

    def wrap(self, text):
        return text if text.isidentifier() or self.rng.random() < 0.3 else f"({text})"

    def tag(self, text):
        return "{%" + self.pick(["", "", "-", "+"]) + f" {text} " + self.pick(["", "", "-", "+"]) + "%}"

    def data(self):
        return self.pick(["", " ", "\n", "  ", "\n  ", "text", "a\n", " b ", "\n\n", "你 \n", "{", "}", "# x"])

    def statement(self, depth):
        e = lambda: self.expression(self.rng.randint(1, 2))
        body = lambda: self.body(depth - 1)
        if depth <= 0:
            return "{{" + self.pick(["", "-"]) + f" {e()} " + self.pick(["", "-"]) + "}}"
        kind = self.pick(["print"] * 4 + ["if"] * 2 + ["for"] * 3 + ["set"] * 3 + ["block", "macro", "ns", "with", "filter", "call", "comment", "raw", "generation", "ifelse"])
        name = self.pick(["x", "y", "z"])
        if name not in self.names:
            self.names.append(name)
        if kind == "if":
            return self.tag(f"if {e()}") + body() + self.tag("endif")
        if kind == "ifelse":
            return self.tag(f"if {e()}") + body() + self.tag(f"elif {e()}") + body() + self.tag("else") + body() + self.tag("endif")
        if kind == "for":
            over = self.pick(["items", "words", "numbers", "table", "user", "range(3)", "[]", e()])
            test = f" if {e()}" if self.rng.random() < 0.3 else ""
            inner = body() + self.pick(["", "{{ loop.index }}", "{{ loop.last }}{{ loop.previtem }}", "{{ loop.length }}{{ loop.nextitem is defined }}", self.tag("break"), self.tag(f"if {e()}") + self.tag("continue") + self.tag("endif")]) + body()
            return self.tag(f"for {name} in {over}{test}") + inner + (self.tag("else") + body() if self.rng.random() < 0.2 else "") + self.tag("endfor")
        if kind == "set":
            return self.tag(f"set {name} = {e()}")
        if kind == "block":
            return self.tag(f"set {name}") + body() + self.tag("endset")
        if kind == "macro":
            return self.tag(f"macro m{name}(p, q={e()})") + body() + "{{ p }}{{ q }}" + self.tag("endmacro") + "{{ m" + name + f"({e()}) }}}}"
        if kind == "call":
            return "{% macro c(p) %}{{ caller(p) }}" + body() + "{% endmacro %}" + self.tag(f"call({name}) c({e()})") + body() + self.tag("endcall")
        if kind == "ns":
            return self.tag(f"set ns = namespace(v={e()})") + self.tag("for i in range(2)") + self.tag(f"set ns.v = {self.pick(['ns.v ~ i', e()])}") + self.tag("endfor") + "{{ ns.v }}"
        if kind == "with":
            return self.tag(f"with {name} = {e()}") + body() + self.tag("endwith")
        if kind == "filter":
            return self.tag(f"filter {self.pick(['upper', 'trim', 'indent', 'replace(1, 2)', 'length'])}") + body() + self.tag("endfilter")
        if kind == "comment":
            return "{#" + self.pick(["", "-", "+"]) + " c {{ " + self.pick(["", "-", "+"]) + "#}"
        if kind == "raw":
            return self.tag("raw").replace("+%}", "%}") + " {{ r }} \n" + self.tag("endraw")
        if kind == "generation":
            return self.tag("generation") + body() + self.tag("endgeneration")
        return "{{" + self.pick(["", "-"]) + f" {e()} " + self.pick(["", "-"]) + "}}"

    def body(self, depth):
        return "".join(self.data() + self.statement(depth) for _ in range(self.rng.randint(1, 2))) + self.data()

    def template(self):
        if self.rng.random() < 0.5:
            return "{{ " + self.expression(self.rng.randint(1, 4)) + " }}"
        return self.body(self.rng.randint(1, 3))


def is_stable(text):
    """Whether jinja2 gives the same text each time: no addresses of objects."""
    return not any(mark in text for mark in ("at 0x", "<bound", "<built-in", "TemplateReference"))


def main(count, seed, path):
    warnings.simplefilter("ignore")
    rng = random.Random(seed)
    env = environment()
    context = {**VARIABLES, "messages": [], "tools": None, "documents": None, "add_generation_prompt": False,
               "bos_token": "", "eos_token": ""}
    cases = []
    for _ in range(count):
        source = Maker(rng).template()
        # A copy, because some filters of jinja2 change lists before they fail.
        kind, text = render(env, source, copy.deepcopy(context))
        if kind == "error" or is_stable(text):
            cases.append({"source": source, "expected": text if kind == "ok" else None})
    out = json.dumps({"seed": seed, "variables": VARIABLES, "cases": cases}, ensure_ascii=False).encode()
    with open(path, "wb") as raw:
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
            packed.write(out)
    texts = sum(case["expected"] is not None for case in cases)
    print(f"seed {seed}: {texts} templates with a text, {len(cases) - texts} that raise")


if __name__ == "__main__":
    here = pathlib.Path(__file__).parent / "random.json.gz"
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else here)
