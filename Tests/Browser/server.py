"""A real `danlu serve` with a home of its own, and rows put into its database."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.request

START_SECONDS_MAX = 120


class Server:
    def __init__(self, program, model, host="127.0.0.1", arguments=()):
        self.program, self.model, self.host = os.path.abspath(program), model, host
        self.arguments = list(arguments)
        self.home = tempfile.mkdtemp(prefix="danlu-browser-")
        self.log_path = os.path.join(self.home, "server.log")
        self.process = None
        share_models(self.home)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}/"

    @property
    def environment(self):
        return dict(os.environ, DANLU_HOME=self.home)

    def start(self):
        command = [
            self.program, "serve", "--host", self.host, "--port", str(self.port), "--model", self.model,
            "--threads", "2", *self.arguments,
        ]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"danlu serve ended with {self.process.returncode}:\n{self.log()}")
            try:
                urllib.request.urlopen(self.address + "health", timeout=2).close()
                return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"danlu serve was not ready after {START_SECONDS_MAX} s:\n{self.log()}")

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()[-4000:]

    def make_key(self):
        command = [self.program, "keys", "create", "browser"]
        made = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True)
        words = (made.stdout + " " + made.stderr).split()
        return max((word for word in words if len(word) > 20), key=len)

    def kill(self):
        """As `kill -9` does: nothing is written down any more."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    # The database

    def rows(self, sql, *arguments):
        with sqlite3.connect(os.path.join(self.home, "danlu.sqlite"), timeout=10) as database:
            return database.execute(sql, arguments).fetchall()

    def insert(self, title, contents):
        """A conversation of questions and answers in turn; returns its id."""
        owner = "".join(name for name, in self.rows("SELECT owner FROM conversation LIMIT 1")) or None
        now = int(time.time() * 1000)
        conversation = f"{now:012x}{os.urandom(10).hex()}"
        columns = [name for _, name, *_ in self.rows("PRAGMA table_info(conversation)")]
        values = dict(
            id=conversation, title=title, model=self.model, system="", sampling='{"max_tokens": 96}', leaf=None,
            createdAt=now, updatedAt=now)
        if "owner" in columns:
            values["owner"] = owner if owner is not None else self.local_owner()
        ids = [f"{now:012x}{number:020x}" for number in range(len(contents))]
        ids = [conversation[:24] + identifier[-8:] for identifier in ids]
        with sqlite3.connect(os.path.join(self.home, "danlu.sqlite"), timeout=30) as database:
            marks = ", ".join("?" for _ in values)
            database.execute(f"INSERT INTO conversation ({', '.join(values)}) VALUES ({marks})", list(values.values()))
            database.executemany(
                """INSERT INTO message (id, conversation, parent, role, content, reasoning, status, model, createdAt)
                   VALUES (?, ?, ?, ?, ?, '', 'complete', ?, ?)""",
                [
                    (ids[place], conversation, ids[place - 1] if place else None,
                     "assistant" if place % 2 else "user", content, self.model if place % 2 else None, now)
                    for place, content in enumerate(contents)
                ])
            database.execute("UPDATE conversation SET leaf = ? WHERE id = ?", (ids[-1], conversation))
        return conversation

    def local_owner(self):
        """The owner that a server without keys gives its conversations, learned by making one."""
        request = urllib.request.Request(
            self.address + "api/conversations", data=b"{}", headers={"Content-Type": "application/json"}, method="POST")
        urllib.request.urlopen(request).close()
        owner = self.rows("SELECT owner FROM conversation LIMIT 1")[0][0]
        self.rows("DELETE FROM conversation")
        return owner


def share_models(home):
    """Lets the server see the models of the test home without copying them."""
    source = os.environ.get("DANLU_TEST_HOME")
    if source and os.path.isdir(os.path.join(source, "models")):
        os.symlink(os.path.join(source, "models"), os.path.join(home, "models"))
