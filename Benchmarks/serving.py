#!/usr/bin/env python3
"""Serving beside llama.cpp's server: the same file, threads and context, servers started in turn, medians of rounds.

    Benchmarks/serving.py --danlu .build/release/danlu --llama-server ~/llama.cpp/build/bin/llama-server model.gguf …

llama-server is found through --llama-server, LLAMA_SERVER or the PATH, ik_llama.cpp's through --ik-server or
IK_LLAMA_SERVER; what is not found is left out, and this is said. Only Python's own library is needed, and Linux for
the memory. Answers go on to their full length (ignore_eos), prompts are token ids, so all compute the same.

    clients    1, 4 and 8 clients, prompts of 206 tokens, 64 tokens out: tokens/s, time to first token, per token
    prefix     8 requests at once that share a new prefix of 1500 tokens: wall time
    warm       a prompt of 1500 tokens again: time to first token over the first time's
    start      process start to the first token, the file in the page cache: server and command line
    memory     VmHWM of the server after all of it, over the file and the keys and values of the context
    neighbour  decode beside one busy process: tokens/s, and the share of the speed alone
"""
import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

PARTS = ["clients", "prefix", "warm", "start", "memory", "neighbour"]
SLOTS = 8
WORDS = ("river stone paper cloud engine garden winter letter signal copper forest market silver window harbour "
         "question answer number simple quiet early yellow distant careful open between after under because").split()


class Server:
    """One program that serves the model on a port of its own, from start to stop."""

    def __init__(self, name, options, model):
        self.name, self.options, self.model = name, options, model
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.home = tempfile.TemporaryDirectory()
        self.started = time.monotonic()
        self.log = open(os.path.join(self.home.name, "log"), "wb")
        self.process = subprocess.Popen(self.command(), stdout=self.log, stderr=self.log,
                                        env={**os.environ, "DANLU_HOME": self.home.name})

    def command(self):
        options = self.options
        # A context of 2048 for each of 8 slots; Danlu's cache holds as many tokens of all requests together.
        if self.name == "danlu":
            return [options.danlu, "serve", "--model", self.model, "--port", str(self.port), "--context", "2048",
                    "--speculation", options.speculation, "--threads", str(options.threads)]
        program = options.llama_server if self.name == "llama.cpp" else options.ik_server
        return [program, "-m", self.model, "--host", "127.0.0.1", "--port", str(self.port), "-t", str(options.threads),
                "-c", str(2048 * SLOTS), "-np", str(SLOTS)]

    def wait(self, seconds=300):
        while time.monotonic() - self.started < seconds:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5):
                    return self
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.01)
        self.log.flush()
        with open(self.log.name, errors="replace") as log:
            raise SystemExit(f"{self.name} does not answer:\n{log.read()[-2000:]}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        self.home.cleanup()

    def tokenize(self, text):
        body = json.dumps({"content": text}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/tokenize", body,
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as reply:
            return json.load(reply)["tokens"]

    def prompt(self, seed, tokens):
        """Token ids of words that nobody has sent before."""
        source = random.Random(seed)
        return self.tokenize(" ".join(source.choice(WORDS) for _ in range(tokens + 50)))[:tokens]

    async def complete(self, prompt, tokens):
        """Seconds to the first piece of text, and between the first and the last, of a streamed completion."""
        body = json.dumps({"prompt": prompt, "max_tokens": tokens, "temperature": 0, "stream": True,
                           "ignore_eos": True, "stream_options": {"include_usage": True}}).encode()
        start = time.monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(b"POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                     b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        status = (await reader.readline()).decode()
        if " 200 " not in status:
            raise SystemExit(f"{self.name}: {status}{(await reader.read()).decode(errors='replace')[:500]}")
        first = last = None
        generated = 0
        async for line in reader:
            if not line.startswith(b"data: {"):
                continue
            event = json.loads(line[6:])
            if "error" in event:
                raise SystemExit(f"{self.name}: {event['error']}")
            generated = (event.get("usage") or {}).get("completion_tokens", generated)
            if event.get("choices") and event["choices"][0].get("text"):
                last = time.monotonic()
                first = first or last
        writer.close()
        if generated != tokens:
            raise SystemExit(f"{self.name} generated {generated} tokens, not {tokens}")
        return first - start, last - first

    def status_kilobytes(self, field):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith(field + ":"))


# MARK: Measures: each returns figures by name

def clients(server, options, seed):
    figures = {}
    for count in (1, 4, 8):
        async def client(number):
            return [await server.complete(server.prompt(f"{seed}.{count}.{number}.{turn}", 206), 64)
                    for turn in range(options.requests)]

        async def all_clients():
            return await asyncio.gather(*(client(number) for number in range(count)))

        start = time.monotonic()
        times = [row for rows in asyncio.run(all_clients()) for row in rows]
        wall = time.monotonic() - start
        firsts = sorted(first for first, _ in times)
        figures[f"{count} clients: tokens/s out"] = 64 * len(times) / wall
        figures[f"{count} clients: first token, mean s"] = statistics.mean(firsts)
        figures[f"{count} clients: first token, p95 s"] = firsts[min(len(firsts) - 1, int(0.95 * len(firsts)))]
        figures[f"{count} clients: per token, mean ms"] = 1000 * statistics.mean(rest for _, rest in times) / 63
    return figures


def prefix(server, options, seed):
    shared = server.prompt(f"{seed}.shared", 1500)
    prompts = [shared + server.prompt(f"{seed}.tail.{number}", 16) for number in range(8)]

    async def together():
        await asyncio.gather(*(server.complete(prompt, 16) for prompt in prompts))

    start = time.monotonic()
    asyncio.run(together())
    return {"8 requests sharing 1500 new tokens: wall s": time.monotonic() - start}


def warm(server, options, seed):
    prompt = server.prompt(f"{seed}.warm", 1500)
    cold, _ = asyncio.run(server.complete(prompt, 4))
    again, _ = asyncio.run(server.complete(prompt + server.prompt(f"{seed}.more", 8), 4))
    return {"1500 tokens: first token, cold s": cold, "1500 tokens: first token, warm s": again,
            "1500 tokens: warm over cold": again / cold}


def neighbour(server, options, seed):
    def speed(name):
        _, seconds = asyncio.run(server.complete(server.prompt(f"{seed}.{name}", 32), options.decode))
        return (options.decode - 1) / seconds

    alone = speed("alone")
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        time.sleep(0.3)
        beside = speed("beside")
    finally:
        busy.kill()
        busy.wait()
    return {"decode alone: tokens/s": alone, "decode beside a busy process: tokens/s": beside,
            "decode beside a busy process: share": beside / alone}


def memory(server, options, seed):
    beyond = server.status_kilobytes("VmHWM") / 1024 - os.path.getsize(server.model) / 2**20
    return {"memory over file and cache: MiB": beyond - cache_bytes(server.model, 2048 * SLOTS) / 2**20}


def first_token(server, options, seed):
    # Not by way of /tokenize: a short text is enough.
    asyncio.run(server.complete("The capital of France is", 1))
    return {"start of the server to first token: s": time.monotonic() - server.started}


def command_line(options, model):
    """Seconds from the start of `danlu chat` to the first byte it writes."""
    with tempfile.TemporaryDirectory() as home:
        start = time.monotonic()
        process = subprocess.Popen(
            [options.danlu, "chat", "--model", model, "--threads", str(options.threads), "--max-tokens", "1", "Hi"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "DANLU_HOME": home})
        process.stdout.read(1)
        seconds = time.monotonic() - start
        process.stdout.close()
        process.wait()
    return {"start of the command line to first token: s": seconds}


# MARK: The file

def cache_bytes(path, tokens):
    """Bytes of keys and values of so many tokens in F16, from the GGUF's metadata."""
    values = metadata(path)
    prefix = values["general.architecture"]
    heads = values[f"{prefix}.attention.head_count"]
    size = values.get(f"{prefix}.attention.key_length") or values[f"{prefix}.embedding_length"] // heads
    shared = values.get(f"{prefix}.attention.head_count_kv", heads)
    return 2 * 2 * tokens * values[f"{prefix}.block_count"] * shared * size


def metadata(path):
    """Numbers and strings of a GGUF's metadata."""
    formats = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
    with open(path, "rb") as file:
        def number(format_):
            return struct.unpack("<" + format_, file.read(struct.calcsize("<" + format_)))[0]

        def value(type_):
            if type_ == 8:
                return file.read(number("Q")).decode(errors="replace")
            if type_ == 9:
                element, count = number("I"), number("Q")
                return [value(element) for _ in range(count)]
            return number(formats[type_])

        magic, _, _, pairs = file.read(4), number("I"), number("Q"), number("Q")
        if magic != b"GGUF":
            raise SystemExit(f"{path} is no GGUF file")
        return {value(8): value(number("I")) for _ in range(pairs)}


# MARK: Rounds

def measure(options, model):
    """Figures by measure and program, one a round; who goes first changes, as the machine's speed drifts."""
    programs = [name for name, found in (("danlu", options.danlu), ("llama.cpp", options.llama_server),
                                         ("ik_llama.cpp", options.ik_server)) if found]
    with open(model, "rb") as file:
        while file.read(1 << 24):
            pass
    figures = {}
    for round_ in range(options.rounds):
        for name in programs if round_ % 2 == 0 else programs[::-1]:
            seed = f"{options.seed}.{round_}"
            server = Server(name, options, model)
            try:
                server.wait()
                found = first_token(server, options, seed) if "start" in options.parts else {}
                for part in (clients, prefix, warm, neighbour, memory):
                    if part.__name__ in options.parts:
                        found |= part(server, options, seed)
            finally:
                server.stop()
            if name == "danlu" and "start" in options.parts:
                found |= command_line(options, model)
            for key, value in found.items():
                figures.setdefault(key, {}).setdefault(name, []).append(value)
            print(f"{os.path.basename(model)}: round {round_ + 1} of {options.rounds}, {name}", file=sys.stderr)
    return programs, figures


def table(model, programs, figures):
    lines = [f"\n{os.path.basename(model)}\n", "| | " + " | ".join(programs) + " | danlu over llama.cpp |",
             "|---" * (len(programs) + 2) + "|"]
    for key, rows in figures.items():
        medians = {name: statistics.median(row) for name, row in rows.items()}
        cells = [f"{medians[name]:.3g} ({min(rows[name]):.3g}-{max(rows[name]):.3g})" if name in rows else "-"
                 for name in programs]
        both = "danlu" in medians and medians.get("llama.cpp")
        ratio = f"{medians['danlu'] / medians['llama.cpp']:.2f}" if both else "-"
        lines.append(f"| {key} | " + " | ".join(cells) + f" | {ratio} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--danlu", default=os.environ.get("DANLU", ".build/release/danlu"))
    parser.add_argument("--llama-server", default=os.environ.get("LLAMA_SERVER") or shutil.which("llama-server"))
    parser.add_argument("--ik-server", default=os.environ.get("IK_LLAMA_SERVER"))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=2, help="of each client, one after another")
    parser.add_argument("--decode", type=int, default=128, help="tokens of the measure beside a neighbour")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speculation", default="off", help="Danlu's, such as auto: prompts of random tokens are answered"
                        " with loops, which lookup guesses too well to say anything about real answers")
    parser.add_argument("--parts", type=lambda text: text.split(","), default=list(PARTS), help="of " + ",".join(PARTS))
    parser.add_argument("--json", metavar="FILE", help="all figures, one a round")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"--parts: {', '.join(sorted(unknown))}, outside {','.join(PARTS)}")
    if not options.llama_server:
        print("llama-server was not found (--llama-server, LLAMA_SERVER, PATH): measuring Danlu alone", file=sys.stderr)
    # So that no server stays behind when this is ended from outside.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    results = {}
    for model in options.models:
        programs, figures = measure(options, model)
        results[os.path.basename(model)] = figures
        print(table(model, programs, figures), flush=True)
    if options.json:
        with open(options.json, "w") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
