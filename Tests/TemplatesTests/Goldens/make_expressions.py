"""Renders each template of expressions.txt with jinja2 and writes expressions.json: the template and its text, or null
where jinja2 raised. A template is a line, and the lines after it up to an empty line where that has only one (the
white space cases). Run it again after adding a line:

    python3 make_expressions.py
"""
import json
import pathlib

from reference import environment, render

HERE = pathlib.Path(__file__).parent
VARIABLES = {
    "given": "G",
    "user": "some user's text",
    "items": [{"name": "a<b", "n": 1}, {"name": "c\"d", "n": 2}, {"name": "é", "n": 2}],
    "big": 12345678901234,
    "float": 0.1,
    "small": 1e-7,
    "flag": True,
    "null": None,
}
# White space and line ends, which a file of one template a line cannot hold.
SPACED = [
    "  {% if true %}\n  x\n  {% endif %}\n y {{ 1 -}}  z  {{- 2 }}  w\n",
    "{%+ if true %}a{% endif +%}\nb\n\n",
    "a\n{% if true +%}\n  b\n{% endif %}\n   {%+ if true %}c{% endif %}\n\nd\n",
    "{% set x = 1 -%}   \n   {{ x }}\n{{- x -}}   \n   end\n",
    "a\r\nb\r{% if 1 %}\r\n  c\r\n{% endif %}\r\n",
    "\t {% if 1 %}x{% endif %}\t\n\t{# c #}\n  {# d #} e\n",
    "{% for i in [1, 2] %}\n  - {{ i }}\n{% endfor %}\n\nend",
    "{%- for i in [1, 2] -%}\n  - {{ i }}\n{%- endfor -%}\n\nend\n\n",
    "a {%- raw -%} \n {{ x }} \n {%- endraw -%} \n b",
    "  {% raw %}\n x \n  {% endraw %}\n y",
    "x {#- a\n b -#}\n y {# c #}\n z {#+ d +#}\n w",
    "\u3000{% if 1 %}\u3000{%- endif -%}\u3000\u00a0z",
    "{{ 1 }}\n{{ 2 }}\n\n{{ 3 -}}\n",
    "a {{- '\n' -}} b {{- \"it's\nmultiline\" }}",
    "{% if 1 %}\n\n\n{% endif %}\n{{ [1,\n2,\n3] }}\n",
    "",
    "\n",
    "plain text } } %} #} { % { {",
    "{{ '{{' }} {{ '{%' }} {{ \"#}\" }}",
    "{% if 1 %} \n{% endif %} \n {%- if 1 %} \n {%- endif %} \n {% if 1 -%} \n {% endif -%} \n.",
]


def main():
    env = environment()
    lines = (HERE / "expressions.txt").read_text(encoding="utf-8").split("\n")
    sources = [line for line in lines if line] + SPACED
    cases = []
    for source in sources:
        kind, text = render(env, source, {**VARIABLES, "messages": [], "tools": None, "documents": None,
                                          "add_generation_prompt": False, "bos_token": "", "eos_token": ""})
        cases.append({"source": source, "expected": text if kind == "ok" else None})
    out = {"variables": VARIABLES, "cases": cases}
    (HERE / "expressions.json").write_text(json.dumps(out, ensure_ascii=False, indent=0), encoding="utf-8")
    failed = sum(case["expected"] is None for case in cases)
    print(f"{len(cases)} templates, of which {failed} raise")


if __name__ == "__main__":
    main()
