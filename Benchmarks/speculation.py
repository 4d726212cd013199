#!/usr/bin/env python3
"""Decode speed of Danlu with and without speculation, on texts that quote, on code and on ordinary chat.

    Benchmarks/speculation.py --danlu .build/release/danlu --model qwen1.5b.gguf --draft qwen0.5b.gguf

One server for each way (off, lookup, and auto with the draft model) runs at the same time; each question goes to one after
the other, in another order every round, so that the machine's changes hit all of them. A server answers the same questions
every round, as it learns what pays. Speed is completion tokens less one over the time from the first token to the last.
The answers must be the same text in all of them; the table says so.
"""
import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ARTICLE = """The lighthouse at Carrow Point was built in 1851 by the engineer Thomas Redding, who had lost his brother in the
wreck of the Saint Anne four years before. It stands on a shelf of basalt two hundred metres from the shore and can be
reached on foot only at the lowest tides of spring and autumn. Its first lamp burned whale oil and could be seen for eleven
miles; the second, installed in 1874, burned paraffin and doubled that distance. In 1889 a storm tore away the landing stage
and the lower door, and the two keepers, Abel Moss and his nephew Henry, lived for nine days on ship's biscuit and rain water
before the supply boat could reach them. The tower was raised by six metres in 1903, because the new harbour wall hid the
light from ships that came from the south. Electricity arrived in 1936 by a cable laid along the sea bed, and the last keeper
left on the fourth of March 1981. Today the light is watched from the coastguard station at Linfield, forty kilometres away.
The building has been a protected monument since 1990, and a society of volunteers opens it to visitors on the first Sunday
of each month from May to September. Its fog horn, silent since 1978, is sounded once a year on the anniversary of the wreck."""

CHINESE = """龙井村位于西湖西南，海拔约一百二十米，四面环山，常年多雾。村里现有茶园约八百亩，其中最老的一片在狮峰山脚下，相传乾隆皇帝曾四次
到访，并把胡公庙前的十八棵茶树封为御茶。清明前采摘的茶叶称为明前茶，芽叶细嫩，一斤干茶约需三万六千个芽头。采下的鲜叶要先摊放六到十二
小时，再经过青锅、回潮和辉锅三道工序，全部由手工在铁锅中完成，一位熟练的师傅一天只能炒出不到两斤。二零零一年，国家划定了龙井茶的原产地
保护范围，只有在一百六十八平方公里之内生产的茶叶才能使用这个名称。每年三月底，村里会举行开茶节，游客可以跟随茶农上山采茶，也可以在老屋里
品尝当年的第一锅新茶。"""

CODE = '''def load_orders(path):
    orders = []
    f = open(path)
    for line in f:
        parts = line.strip().split(",")
        order = {}
        order["id"] = int(parts[0])
        order["customer"] = parts[1]
        order["amount"] = float(parts[2])
        order["currency"] = parts[3]
        order["date"] = parts[4]
        orders.append(order)
    f.close()
    return orders


def total_by_customer(orders):
    totals = {}
    for order in orders:
        customer = order["customer"]
        if customer not in totals:
            totals[customer] = 0
        totals[customer] = totals[customer] + order["amount"]
    return totals
'''

TASKS = {
    "quote": [
        f"{ARTICLE}\n\nCopy, word for word and in order, every sentence of the text above that contains a year.",
        f"{ARTICLE}\n\nQuote the text above from \"The tower was raised\" to its end, word for word.",
        f"{CHINESE}\n\n请逐字抄写上文中关于采摘和炒制的所有句子，不要改动任何字。",
        f"Return this JSON with every \"price\" doubled and nothing else changed:\n" + json.dumps(
            [{"name": name, "colour": colour, "price": price, "stock": price * 3, "warehouse": "Carrow Point"}
             for name, colour, price in [("lamp", "red", 12), ("chair", "blue", 45), ("desk", "oak", 130),
                                         ("shelf", "white", 60), ("rug", "green", 85)]], indent=1),
    ],
    "code": [
        f"Add type hints and docstrings to this Python code. Print the whole code.\n\n```python\n{CODE}```",
        "Write a Python class LRUCache with get, put and a capacity, using a doubly linked list, with tests.",
        "用 Python 写一个二叉搜索树类，包含插入、查找、删除和中序遍历，并给出测试代码。",
        "Write a JavaScript function that validates a registration form (name, email, password, age) and returns errors.",
    ],
    "chat": [
        "What should I consider before adopting a dog? Answer in a few paragraphs.",
        "Why is the sky blue, and why are sunsets red?",
        "请介绍一下秋天适合去哪些地方旅行，并说明理由。",
        "Write a short story about a clockmaker who finds a letter.",
    ],
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, options, name, flags, home):
        self.name, self.port = name, free_port()
        command = [options.danlu, "serve", "--model", options.model, "--port", str(self.port), "--context", "4096", *flags]
        if options.threads:
            command += ["--threads", str(options.threads)]
        environment = dict(os.environ, DANLU_HOME=home)
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait(self, seconds=300):
        for _ in range(seconds * 5):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/v1/models", timeout=5).read()
                return
            except OSError:
                if self.process.poll() is not None:
                    sys.exit(f"the server for {self.name} ended with {self.process.returncode}")
                time.sleep(0.2)
        sys.exit(f"the server for {self.name} did not start")

    def ask(self, options, question):
        """Tokens a second of the answer, and its text."""
        body = {"messages": [{"role": "user", "content": question}], "max_tokens": options.tokens, "stream": True,
                "temperature": options.temperature, "seed": 7, "stream_options": {"include_usage": True}}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/v1/chat/completions", json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        first = last = None
        text, tokens = "", 0
        with urllib.request.urlopen(request, timeout=600) as stream:
            for line in stream:
                if not line.startswith(b"data: {"):
                    continue
                event = json.loads(line[6:])
                if event.get("usage"):
                    tokens = event["usage"]["completion_tokens"]
                for choice in event.get("choices", []):
                    piece = choice["delta"].get("content")
                    if piece:
                        last = time.monotonic()
                        first = first or last
                        text += piece
        return (tokens - 1) / max(1e-9, last - first), text

    def counters(self):
        text = urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5).read().decode()
        found = {}
        for line in text.splitlines():
            if line.startswith("danlu_speculative_"):
                found[line.split("{")[0].removeprefix("danlu_speculative_")] = float(line.split()[-1])
        return found

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


def concurrent(options, servers):
    """Tokens a second of all answers when some questions come at once."""
    from concurrent.futures import ThreadPoolExecutor
    questions = [question for group in TASKS.values() for question in group][: options.clients]
    speeds = {server.name: [] for server in servers}
    for round_ in range(options.rounds):
        for server in servers if round_ % 2 == 0 else servers[::-1]:
            start = time.monotonic()
            before = generated(server)
            with ThreadPoolExecutor(len(questions)) as pool:
                list(pool.map(lambda question: server.ask(options, question), questions))
            speeds[server.name].append((generated(server) - before) / (time.monotonic() - start))
    return speeds


def generated(server):
    text = urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics", timeout=5).read().decode()
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith("danlu_tokens_predicted_total{"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--danlu", default=os.environ.get("DANLU", ".build/release/danlu"))
    parser.add_argument("--model", required=True)
    parser.add_argument("--draft", help="a model of the same vocabulary")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--temperature", type=float, default=0)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--clients", type=int, default=0, help="then: so many questions at once")
    parser.add_argument("--only", choices=sorted(TASKS), action="append")
    options = parser.parse_args()
    ways = {"off": ["--speculation", "off"], "lookup": ["--speculation", "lookup"]}
    if options.draft:
        ways["draft"] = ["--draft", options.draft]
    home = tempfile.mkdtemp(prefix="danlu-speculation-")
    servers = [Server(options, name, flags, home + "/" + name) for name, flags in ways.items()]
    try:
        for server in servers:
            server.wait()
        print("| task | " + " | ".join(f"{name} tok/s" for name in ways) + " | "
              + " | ".join(f"{name} / off" for name in ways if name != "off") + " | same answers |")
        print("|---" * (2 * len(ways) + 1) + "|", flush=True)
        for group in options.only or TASKS:
            for number, question in enumerate(TASKS[group]):
                speeds = {name: [] for name in ways}
                texts = set()
                for round_ in range(options.rounds):
                    turn = (number + round_) % len(servers)
                    for server in servers[turn:] + servers[:turn]:
                        speed, text = server.ask(options, question)
                        speeds[server.name].append(speed)
                        texts.add(text)
                row(f"{group} {number + 1}", speeds, "yes" if len(texts) == 1 else "NO")
        if options.clients:
            row(f"{options.clients} at once", concurrent(options, servers), "")
        for server in servers[1:]:
            print(f"{server.name}: {server.counters()}", file=sys.stderr)
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(home, ignore_errors=True)


def row(name, speeds, note):
    medians = {way: statistics.median(values) for way, values in speeds.items()}
    cells = [f"{medians[way]:.1f} ({min(values):.1f}-{max(values):.1f})" for way, values in speeds.items()]
    ratios = [f"{medians[way] / medians['off']:.2f}" for way in speeds if way != "off"]
    print(f"| {name} | " + " | ".join(cells + ratios) + f" | {note} |", flush=True)


if __name__ == "__main__":
    main()
