"""Kills a server again and again and checks that what it acknowledged is there. A failure prints the seed."""
import argparse
import collections
import contextlib
import http.client
import json
import pathlib
import random
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse

import danlu_server

WORKERS = 4
# An answer's text is written down twice a second; what is older than this must survive.
SAVED_SECONDS_MAX = 2.5


class Answer:
    def __init__(self, number: int):
        self.number = number
        self.pieces: list[tuple[float, str]] = []
        self.final: str | None = None

    def text(self, before: float = float("inf")) -> str:
        return "".join(piece for received, piece in self.pieces if received < before)


class Conversation:
    """What is known of one: a set holds every value that it may have, as a request that was cut off may have counted."""

    def __init__(self, title: str):
        self.titles = {title}
        self.deleted: set[bool] = {False}
        self.questions: dict[str, str] = {}
        self.answers: dict[str, Answer] = {}
        self.ratings: dict[str, set] = collections.defaultdict(lambda: {None})


class Ledger:
    """What the server has acknowledged. Each conversation has one worker at a time, so only the tables are locked."""

    def __init__(self):
        self.lock = threading.Lock()
        self.conversations: dict[str, Conversation] = {}
        self.keys: dict[str, str] = {}
        self.counts: collections.Counter = collections.Counter()

    def count(self, what: str) -> None:
        with self.lock:
            self.counts[what] += 1


class Worker(threading.Thread):
    """Does this and that until the connection breaks."""

    def __init__(self, server: danlu_server.Server, ledger: Ledger, seed: int, own: list[str], number: int):
        super().__init__(daemon=True)
        self.server, self.ledger, self.own, self.number = server, ledger, own, number
        self.random = random.Random(seed)
        self.stopping = threading.Event()
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            while not self.stopping.is_set():
                self.step()
        except (OSError, http.client.HTTPException):
            pass
        except Exception as error:
            self.failure = error

    def step(self) -> None:
        kinds = [self.ask] * 5 + [self.create] + [self.rename] * 2 + [self.rate] * 3 + [self.delete, self.make_key]
        kind = self.random.choice(kinds) if self.own else self.create
        kind()

    def send(self, method: str, path: str, body: dict | None = None) -> dict | None:
        status, reply = danlu_server.call(self.server.url, method, path, body, seconds=20)
        if status >= 300:
            raise AssertionError(f"{method} {path}: {status} {reply}")
        return reply

    def create(self) -> None:
        title = f"会话 {self.random.randrange(10**9)}"
        identifier = self.send("POST", "/api/conversations", {"title": title})["id"]
        with self.ledger.lock:
            self.ledger.conversations[identifier] = Conversation(title)
            self.own.append(identifier)
        self.ledger.count("conversations")

    def pick(self) -> tuple[str, Conversation]:
        identifier = self.random.choice(self.own)
        return identifier, self.ledger.conversations[identifier]

    def rename(self) -> None:
        identifier, known = self.pick()
        title = f"新名 {self.random.randrange(10**9)}"
        known.titles.add(title)
        self.send("PATCH", f"/api/conversations/{identifier}", {"title": title})
        known.titles = {title}
        self.ledger.count("renames")

    def rate(self) -> None:
        _, known = self.pick()
        if not known.answers:
            return
        answer = self.random.choice(list(known.answers))
        rating = self.random.choice([None, ("up", ""), ("down", f"评语 {self.random.randrange(10**6)}")])
        known.ratings[answer].add(rating)
        if rating is None:
            self.send("DELETE", f"/api/messages/{answer}/rating")
        else:
            self.send("PUT", f"/api/messages/{answer}/rating", {"thumb": rating[0], "comment": rating[1]})
        known.ratings[answer] = {rating}
        self.ledger.count("ratings")

    def delete(self) -> None:
        if len(self.own) < 4:
            return
        identifier, known = self.pick()
        known.deleted.add(True)
        self.own.remove(identifier)
        self.send("DELETE", f"/api/conversations/{identifier}")
        known.deleted = {True}
        self.ledger.count("deletions")

    def make_key(self) -> None:
        """Beside the server, in a process of its own that is not killed."""
        name = f"key {self.random.randrange(10**9)}"
        made = subprocess.run(
            [self.server.program, "keys", "create", name, "--json"], check=True, capture_output=True,
            env=danlu_server.environment(self.server.home))
        with self.ledger.lock:
            self.ledger.keys[json.loads(made.stdout)["id"]] = name
        self.ledger.count("keys")

    def ask(self) -> None:
        identifier, known = self.pick()
        content = f"Tell a story about the number {self.random.randrange(10**9)}. 讲个故事。"
        parent = self.random.choice([None, *known.answers])
        place = urllib.parse.urlsplit(self.server.url)
        with contextlib.closing(http.client.HTTPConnection(place.hostname, place.port, timeout=20)) as connection:
            body = json.dumps({"content": content, **({"parent": parent} if parent else {})})
            connection.request(
                "POST", f"/api/conversations/{identifier}/messages", body, {"Content-Type": "application/json"})
            reply = connection.getresponse()
            if reply.status != 200:
                raise AssertionError(f"ask: {reply.status} {reply.read()[:300]}")
            self.follow(reply, known, content)

    def follow(self, reply, known: Conversation, content: str) -> None:
        patience = time.monotonic() + self.random.uniform(0.05, 1.5)
        answer = None
        name = ""
        for line in reply:
            text = line.decode().rstrip("\n")
            if text.startswith("event: "):
                name = text[7:]
            elif text.startswith("data: "):
                data = json.loads(text[6:])
                if name == "user":
                    known.questions[data["id"]] = content
                    self.ledger.count("questions")
                elif name == "start":
                    identifier = data["id"]
                    answer = known.answers[identifier] = Answer(self.number)
                elif name == "delta":
                    answer.pieces.append((time.monotonic(), data["text"]))
                elif name == "end":
                    answer.final = data["content"]
                    self.ledger.count("answers")
                elif name == "error" and data.get("code") not in ("overloaded", "context_length_exceeded"):
                    raise AssertionError(f"answer: {data}")
            if answer and answer.final is None and time.monotonic() > patience:
                # Another kind of end that is acknowledged.
                patience = float("inf")
                self.send("POST", f"/api/messages/{identifier}/stop", {})


class Checker:
    def __init__(self, server: danlu_server.Server, ledger: Ledger, killed_at: float, number: int):
        self.server, self.ledger, self.killed_at, self.number = server, ledger, killed_at, number

    def check(self, identifiers: list[str]) -> None:
        for identifier in identifiers:
            self.check_conversation(identifier, self.ledger.conversations[identifier])
        reader = sqlite3.connect(f"file:{self.server.home / 'danlu.sqlite'}?mode=ro", uri=True)
        with contextlib.closing(reader):
            verdict = reader.execute("PRAGMA integrity_check").fetchall()
            assert verdict == [("ok",)], verdict
            assert reader.execute("PRAGMA foreign_key_check").fetchall() == []
            streaming = reader.execute("SELECT count(*) FROM message WHERE status = 'streaming'").fetchone()[0]
            assert streaming == 0, f"{streaming} answers that nobody writes count as running"
            kept = dict(reader.execute("SELECT id, name FROM apiKey"))
        assert self.ledger.keys.items() <= kept.items(), f"keys lost: {self.ledger.keys.keys() - kept.keys()}"

    def check_conversation(self, identifier: str, known: Conversation) -> None:
        status, record = danlu_server.call(self.server.url, "GET", f"/api/conversations/{identifier}")
        assert (status == 404) in known.deleted, f"{identifier}: {status}, deleted may be {known.deleted}"
        known.deleted = {status == 404}
        if status == 404:
            return
        assert record["title"] in known.titles, f"{record['title']} is none of {known.titles}"
        known.titles = {record["title"]}
        _, export = danlu_server.call(self.server.url, "GET", f"/api/conversations/{identifier}/export?format=json")
        messages = {message["id"]: message for message in export["messages"]}
        for question, content in known.questions.items():
            assert question in messages, f"the question {question} is lost"
            assert messages[question]["content"] == content
        for answer, written in known.answers.items():
            assert answer in messages, f"the answer {answer} is lost"
            self.check_answer(messages[answer], written)
            rating = messages[answer].get("rating")
            found = (rating["thumb"], rating["comment"]) if rating else None
            assert found in known.ratings[answer], f"the rating {found} is none of {known.ratings[answer]}"
            known.ratings[answer] = {found}

    def check_answer(self, message: dict, written: Answer) -> None:
        content = message["content"]
        if written.final is not None:
            assert content == written.final and message["status"] in ("complete", "stopped", "limited"), message
            return
        received = written.text()
        assert content.startswith(received) or received.startswith(content), (content, received)
        assert message["status"] in ("interrupted", "complete", "stopped", "limited", "failed"), message["status"]
        if written.number == self.number:
            old = written.text(before=self.killed_at - SAVED_SECONDS_MAX)
            assert len(content) >= len(old), f"{len(old)} characters were {SAVED_SECONDS_MAX} s old, {len(content)} are kept"
            self.ledger.count(f"answers {message['status']}")
        # It will not change any more.
        written.pieces = [(0, content)]
        if message["status"] in ("complete", "stopped", "limited"):
            written.final = content


def run_round(server, ledger: Ledger, chance: random.Random, number: int, owned: list[list[str]]) -> float:
    workers = [Worker(server, ledger, chance.getrandbits(64), own, number) for own in owned]
    for worker in workers:
        worker.start()
    # Mostly within the first answers, now and then when some have been written down.
    time.sleep(chance.choice([chance.uniform(0.02, 0.8), chance.uniform(0.02, 0.8), chance.uniform(0.8, 4)]))
    for worker in workers:
        worker.stopping.set()
    server.kill()
    killed_at = time.monotonic()
    for worker in workers:
        worker.join(30)
        assert not worker.is_alive(), "a client still waits for a dead server"
        if worker.failure:
            raise worker.failure
    return killed_at


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}", flush=True)
    chance = random.Random(seed)
    ledger = Ledger()
    owned: list[list[str]] = [[] for _ in range(WORKERS)]
    started = time.monotonic()
    starts: list[float] = []
    folder, home = danlu_server.make_home()
    with folder:
        server = danlu_server.Server(options.danlu, home, options.model)
        for number in range(options.times):
            killed_at = run_round(server, ledger, chance, number, owned)
            begin = time.monotonic()
            server = danlu_server.Server(options.danlu, home, options.model)
            starts.append(time.monotonic() - begin)
            try:
                Checker(server, ledger, killed_at, number).check(sample(ledger, owned, chance))
            except AssertionError as error:
                server.kill()
                print(f"FAILED after {number + 1} kills, seed {seed}: {error}", file=sys.stderr)
                return 1
            if (number + 1) % 20 == 0:
                print(f"{number + 1} kills, {time.monotonic() - started:.0f} s, {dict(ledger.counts)}", flush=True)
        Checker(server, ledger, 0, -1).check(list(ledger.conversations))
        check_search(server.home / "danlu.sqlite")
        assert server.stop() == 0
    starts.sort()
    print(f"{options.times} kills: nothing acknowledged was lost. {dict(ledger.counts)}; "
          f"a restart took {starts[len(starts) // 2]:.2f} s (median), {starts[-1]:.2f} s at most")
    return 0


def sample(ledger: Ledger, owned: list[list[str]], chance: random.Random) -> list[str]:
    """Those in use, and some others."""
    live = [identifier for own in owned for identifier in own]
    others = sorted(ledger.conversations.keys() - set(live))
    # A worker keeps few, so that rounds stay short.
    for own in owned:
        del own[:-4]
    return live + chance.sample(others, min(10, len(others)))


def check_search(path: pathlib.Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database:
        for table in ("messageSearch", "titleSearch"):
            database.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")


if __name__ == "__main__":
    sys.exit(main())
