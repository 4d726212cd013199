"""Random JSON Schemas of many kinds, each with values that fit it. Everything follows from a seed.

    for kind, schema, sample in schemas(seed=1, count=400): sample()
"""

import random
import re
import string

NAMES = ["id", "name", "价格", "tags", "a/b", "x-y", "with space", "quote\"d", "kind", "value", "next", "email", "count", "ü"]
WORDS = ["", "a", "hello", "你好，世界", "line\nbreak", "tab\t", "back\\slash", "quo\"te", "😀", "0", "null", "Ω≈ç√"]


class Maker:
    """Makes schemas. Each method returns a schema and a function that makes a value for it."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def text(self, least: int = 0, most: int = 12) -> str:
        count = self.random.randint(least, most)
        alphabet = string.ascii_letters + string.digits + " _-/\"\\\n你好é😀"
        return "".join(self.random.choice(alphabet) for _ in range(count))

    def name_list(self, count: int) -> list[str]:
        return self.random.sample(NAMES, count)

    # Plain values

    def anything(self):
        return self.random.choice([{}, True]), lambda: self.random.choice(
            [None, True, 3, -1.5, self.text(), [], [1, "a"], {"k": {"l": [None]}}])

    def null(self):
        return {"type": "null"}, lambda: None

    def boolean(self):
        return {"type": "boolean"}, lambda: self.random.random() < 0.5

    def integer(self):
        return {"type": "integer"}, lambda: self.random.randint(-10 ** self.random.randint(1, 17), 10 ** 15)

    def integer_range(self):
        low = self.random.randint(-3000, 3000)
        high = low + self.random.choice([0, 1, 7, 95, 1234, 100_000])
        schema = {"type": "integer"}
        (low_key, low_value) = self.random.choice([("minimum", low), ("exclusiveMinimum", low - 1)])
        (high_key, high_value) = self.random.choice([("maximum", high), ("exclusiveMaximum", high + 1)])
        schema[low_key], schema[high_key] = low_value, high_value
        return schema, lambda: self.random.randint(low, high)

    def integer_half_range(self):
        bound = self.random.randint(-1000, 1000)
        if self.random.random() < 0.5:
            return {"type": "integer", "minimum": bound}, lambda: bound + self.random.randint(0, 10 ** 9)
        return {"type": "integer", "maximum": bound}, lambda: bound - self.random.randint(0, 10 ** 9)

    def multiple(self):
        step = self.random.choice([1, 2, 3, 7, 10, 64, 365])
        schema = {"type": "integer", "multipleOf": step}
        if self.random.random() < 0.5:
            schema |= {"minimum": -50, "maximum": 5000}
            return schema, lambda: step * self.random.randint(-(50 // step), 5000 // step)
        return schema, lambda: step * self.random.randint(-10 ** 6, 10 ** 6)

    def number(self):
        return {"type": "number"}, lambda: self.random.choice(
            [0, -3, 1.5, 2.5e-7, 1e20, self.random.uniform(-1000, 1000), self.random.randint(-99, 99)])

    def number_range(self):
        low = round(self.random.uniform(-100, 100), self.random.randint(0, 3))
        high = round(low + self.random.choice([0.25, 1, 17.125, 400]), 3)
        schema = {"type": "number", "minimum": low, self.random.choice(["maximum", "exclusiveMaximum"]): high}

        def sample():
            value = round(self.random.uniform(low, high), self.random.randint(1, 6))
            return value if low <= value < high and "e" not in repr(value) else low
        return schema, sample

    def string(self):
        return {"type": "string"}, lambda: self.random.choice([self.text(), *WORDS])

    def string_lengths(self):
        least = self.random.choice([0, 1, 3, 20])
        most = least + self.random.choice([0, 1, 5, 60, 300])
        schema = {"type": "string", "maxLength": most} | ({"minLength": least} if least else {})
        return schema, lambda: self.text(least, most)

    PATTERNS = [
        ("^[a-z]{2,5}$", lambda r: "".join(r.choice("abcxyz") for _ in range(r.randint(2, 5)))),
        ("^\\d{3}-\\d{4}$", lambda r: f"{r.randint(100, 999)}-{r.randint(1000, 9999)}"),
        ("^(foo|bar)+\\.txt$", lambda r: "".join(r.choice(["foo", "bar"]) for _ in range(r.randint(1, 4))) + ".txt"),
        ("b\\d", lambda r: r.choice(["", "x\n", "你"]) + f"b{r.randint(0, 9)}" + r.choice(["", "tail"])),
        ("^[^ ]+$", lambda r: r.choice(["abc", "你好", "a\"b"])),
        ("^$|^x", lambda r: r.choice(["", "x", "xyz"])),
        ("[一-龥]{2}$", lambda r: "w你好"), ("^#(?:[0-9a-fA-F]{3}){1,2}$", lambda r: r.choice(["#fff", "#00Ff7a"])),
        ("^(?:\\d{4})/\\w*?$", lambda r: r.choice(["2024/", "1999/ab_c"])), ("^\\$\\{[A-Z_]+\\}$", lambda r: "${HOME}"),
        ("\\\\|\"", lambda r: r.choice(["a\\b", "\"", "x\"\""])), ("^.{1,3}$", lambda r: r.choice(["你", "abc", "\t"])),
    ]

    def pattern(self):
        pattern, make = self.random.choice(self.PATTERNS)
        schema = {"type": "string", "pattern": pattern}
        if self.random.random() < 0.4:
            schema["maxLength"] = 20
        return schema, lambda: make(self.random)

    FORMATS = {
        "date": lambda r: f"{r.randint(1000, 9999)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
        "time": lambda r: f"{r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02}" + r.choice(["Z", "+02:00", ".25Z"]),
        "date-time": lambda r: f"2024-02-{r.randint(1, 29):02}T12:{r.randint(0, 59):02}:00Z",
        "uuid": lambda r: "-".join("".join(r.choice("0123456789abcdef") for _ in range(n)) for n in (8, 4, 4, 4, 12)),
        "email": lambda r: r.choice(["a@b.cn", "first.last+tag@mail.example.org"]),
        "ipv4": lambda r: ".".join(str(r.randint(0, 255)) for _ in range(4)),
        "ipv6": lambda r: r.choice(["::1", "2001:db8::ff00:42:8329", "1:2:3:4:5:6:7:8", "fe80::"]),
        "uri": lambda r: r.choice(["https://example.com/a/b?q=1#f", "mailto:a@b.cn", "http://[::1]:8080/"]),
        "hostname": lambda r: r.choice(["localhost", "a.example.com"]),
        "duration": lambda r: r.choice(["P1D", "PT2H30M", "P1Y2M3DT4H5M6S", "P3W"]),
        "unknown-format": lambda r: "anything",
    }

    def format(self):
        name = self.random.choice(list(self.FORMATS))
        return {"type": "string", "format": name}, lambda: self.FORMATS[name](self.random)

    def enum(self):
        pool = ["red", "green", "蓝", 1, 2.5, None, True, [1, "x"], {"a": {"b": []}}, "with \"quotes\"", -7]
        values = self.random.sample(pool, self.random.randint(1, 6))
        return {"enum": values}, lambda: self.random.choice(values)

    def large_enum(self):
        values = [f"option {n} {self.text(0, 6)}" for n in range(self.random.choice([50, 400]))]
        return {"type": "string", "enum": values}, lambda: self.random.choice(values)

    def const(self):
        value = self.random.choice(["x", 42, None, False, {"k": [1, {"l": "m"}]}, [], ""])
        return {"const": value}, lambda: value

    def types(self):
        parts = self.random.sample([self.null, self.boolean, self.integer, self.string], self.random.randint(2, 3))
        made = [part() for part in parts]
        return {"type": [schema["type"] for schema, _ in made]}, lambda: self.random.choice(made)[1]()

    def simple(self):
        return self.random.choice([
            self.null, self.boolean, self.integer, self.integer_range, self.multiple, self.number, self.number_range,
            self.string, self.string_lengths, self.pattern, self.format, self.enum, self.const, self.types])()

    # Arrays

    def array(self, item=None):
        schema, sample = (item or self.simple)()
        least, most = self.random.choice([(0, None), (1, None), (0, 3), (2, 5), (4, 4)])
        array = {"type": "array", "items": schema}
        if least:
            array["minItems"] = least
        if most is not None:
            array["maxItems"] = most
        return array, lambda: [sample() for _ in range(self.random.randint(least, most if most is not None else least + 3))]

    def tuple(self):
        made = [self.simple() for _ in range(self.random.randint(1, 3))]
        schema = {"type": "array", "prefixItems": [part for part, _ in made]}
        closes = self.random.random() < 0.6
        if closes:
            schema["items"] = False
        least = self.random.randint(0, len(made))
        if least:
            schema["minItems"] = least
        return schema, lambda: [sample() for _, sample in made[:self.random.randint(least, len(made))]]

    def untyped_array(self):
        return {"type": "array"}, lambda: [1, "a", None, [2]][:self.random.randint(0, 4)]

    # Objects

    def object(self, member=None):
        names = self.name_list(self.random.randint(1, 6))
        made = {name: (member or self.simple)() for name in names}
        required = [name for name in names if self.random.random() < 0.5]
        schema = {"type": "object", "properties": {name: part for name, (part, _) in made.items()}}
        if required:
            schema["required"] = required
        schema |= self.random.choice([{}, {"additionalProperties": False}, {"title": "T", "description": "d"}])
        return schema, lambda: {
            name: sample() for name, (_, sample) in made.items() if name in required or self.random.random() < 0.5}

    def dictionary(self):
        schema, sample = self.simple()
        object = {"type": "object", "additionalProperties": schema}
        return object, lambda: {self.text(1, 6): sample() for _ in range(self.random.randint(0, 3))}

    def open_object(self):
        schema, sample = self.object()
        part, extra = self.simple()
        schema["additionalProperties"] = part

        def make():
            value = sample()
            for _ in range(self.random.randint(0, 2)):
                value["extra " + self.text(0, 4)] = extra()
            return value
        return schema, make

    def pattern_object(self):
        (one, first), (two, second) = self.simple(), self.integer_range()
        schema = {"type": "object", "patternProperties": {"^s_": one, "_n$": two}, "additionalProperties": False}
        return schema, lambda: self.random.choice([{}, {"s_a": first()}, {"s_b": first(), "x_n": second()}, {"你_n": second()}])

    def counted_object(self):
        schema, sample = self.dictionary()
        schema |= {"minProperties": 1}

        def make():
            value = {}
            while not value:
                value = sample()
            return value
        if self.random.random() < 0.5:
            schema["maxProperties"] = 3
        return schema, make

    def counted_names(self):
        names = self.name_list(5)
        schema = {"type": "object", "properties": {name: {"type": "integer"} for name in names},
                  "additionalProperties": False, "minProperties": 2, "maxProperties": 4}
        return schema, lambda: {
            name: 1 for name in sorted(self.random.sample(names, self.random.randint(2, 4)), key=names.index)}

    def required_only(self):
        return {"type": "object", "required": ["a", "b"]}, lambda: {"a": None, "b": [1]}

    def nested(self):
        return self.object(lambda: self.random.choice([self.object, self.array, self.simple, self.any_of])())

    def array_of_objects(self):
        return self.array(self.object)

    # Combinations and references

    def any_of(self):
        made = [self.random.choice([self.simple, self.object])() for _ in range(self.random.randint(2, 3))]
        return {"anyOf": [schema for schema, _ in made]}, lambda: self.random.choice(made)[1]()

    def one_of(self):
        kinds = self.random.sample(["circle", "square", "line", "点"], 3)
        made = []
        for kind in kinds:
            schema, sample = self.integer_range()
            made.append(({"type": "object", "properties": {"kind": {"const": kind}, "size": schema},
                          "required": ["kind", "size"]}, lambda kind=kind, sample=sample: {"kind": kind, "size": sample()}))
        return {"oneOf": [schema for schema, _ in made]}, lambda: self.random.choice(made)[1]()

    def all_of(self):
        (one, first), (two, second) = self.simple(), self.simple()
        schema = {"type": "object", "allOf": [
            {"properties": {"p": one}, "required": ["p"]}, {"properties": {"q": two, "p": {}}, "required": ["q"]}]}
        return schema, lambda: {"p": first(), "q": second()}

    def all_of_numbers(self):
        schema = {"allOf": [{"type": "number", "minimum": 2}, {"type": ["integer", "string"]}, {"maximum": 90}]}
        return schema, lambda: self.random.randint(2, 90)

    def any_of_beside(self):
        schema = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}},
                  "anyOf": [{"required": ["a"]}, {"required": ["b"]}], "additionalProperties": False}
        return schema, lambda: self.random.choice([{"a": 1}, {"b": "x"}, {"a": 2, "b": ""}])

    def optional(self):
        schema, sample = self.simple()
        return {"anyOf": [schema, {"type": "null"}], "default": None}, lambda: self.random.choice([None, sample()])

    def reference(self):
        schema, sample = self.object()
        whole = {"type": "object", "properties": {"one": {"$ref": "#/$defs/part"}, "more": {
            "type": "array", "items": {"$ref": "#/$defs/part"}}}, "required": ["one"], "$defs": {"part": schema}}
        return whole, lambda: {"one": sample(), "more": [sample() for _ in range(self.random.randint(0, 2))]}

    def linked_list(self):
        schema, sample = self.simple()
        whole = {"$ref": "#/$defs/node", "$defs": {"node": {
            "type": "object", "properties": {"value": schema, "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}},
            "required": ["value", "next"], "additionalProperties": False}}}

        def make(depth=0):
            return {"value": sample(), "next": None if depth > 3 or self.random.random() < 0.4 else make(depth + 1)}
        return whole, make

    def tree(self):
        whole = {"type": "object", "properties": {"name": {"type": "string", "maxLength": 8}, "children": {
            "type": "array", "items": {"$ref": "#"}, "maxItems": 3}}, "required": ["name"]}

        def make(depth=0):
            value = {"name": self.text(0, 8)}
            if depth < 3:
                value["children"] = [make(depth + 1) for _ in range(self.random.randint(0, 2))]
            return value
        return whole, make

    def reference_with_more(self):
        whole = {"type": "object", "properties": {"p": {"$ref": "#/definitions/positive", "maximum": 50}},
                 "required": ["p"], "definitions": {"positive": {"type": "integer", "minimum": 1}}}
        return whole, lambda: {"p": self.random.randint(1, 50)}

    def enum_beside(self):
        schema = {"enum": ["a", "bb", "ccc", 5, None, 700], "minLength": 2, "maximum": 10}
        return schema, lambda: self.random.choice(["bb", "ccc", 5, None])

    def no_type(self):
        schema = {"minimum": 3, "maxLength": 2, "properties": {"a": {"const": 1}}, "maxItems": 1}
        return schema, lambda: self.random.choice([3, 10.5, "ab", None, {"a": 1}, [7], True])

    def record(self):
        """What an application asks for: a form with most of the above."""
        return {
            "type": "object", "additionalProperties": False,
            "properties": {
                "title": {"type": "string", "minLength": 1, "maxLength": 80},
                "price": {"type": "number", "minimum": 0, "exclusiveMaximum": 10000},
                "when": {"type": "string", "format": "date-time"}, "sizes": {
                    "type": "array", "minItems": 1, "maxItems": 4, "items": {"enum": ["S", "M", "L"]}},
                "author": {"$ref": "#/$defs/person"}, "reviewers": {"type": "array", "items": {"$ref": "#/$defs/person"}},
                "note": {"type": ["string", "null"]}},
            "required": ["title", "price", "when", "sizes", "author", "note"],
            "$defs": {"person": {"type": "object", "additionalProperties": False, "required": ["name", "mail"], "properties": {
                "name": {"type": "string"}, "mail": {"type": "string", "format": "email"}, "age": {
                    "type": "integer", "minimum": 0, "maximum": 150}}}},
        }, lambda: {
            "title": self.text(1, 60), "price": self.random.choice([0, 9.5, 9999.99]), "when": "2024-05-06T07:08:09Z",
            "sizes": ["S", "L"], "author": {"name": "甲", "mail": "a@b.cn", "age": 30},
            "reviewers": [{"name": "B", "mail": "b@c.org"}], "note": self.random.choice([None, "ok"])}

    KINDS = [
        "anything", "null", "boolean", "integer", "integer_range", "integer_half_range", "multiple", "number", "number_range",
        "string", "string_lengths", "pattern", "format", "enum", "large_enum", "const", "types", "array", "tuple", "untyped_array",
        "object", "dictionary", "open_object", "pattern_object", "counted_object", "counted_names", "required_only", "nested",
        "array_of_objects", "any_of", "one_of", "all_of", "all_of_numbers", "any_of_beside", "optional", "reference",
        "linked_list", "tree", "reference_with_more", "enum_beside", "no_type", "record",
    ]


def schemas(seed: int, count: int):
    """`count` schemas, the kinds in turn; no two that are written the same."""
    maker = Maker(seed)
    seen = set()
    number = 0
    made = 0
    while made < count and number < count * 20:
        kind = Maker.KINDS[number % len(Maker.KINDS)]
        number += 1
        schema, sample = getattr(maker, kind)()
        # Kinds that have one schema only come once.
        if re.sub(r"\s", "", repr(schema)) in seen:
            continue
        seen.add(re.sub(r"\s", "", repr(schema)))
        made += 1
        yield kind, schema, sample
