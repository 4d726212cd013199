"""Runs `danlu serve` for the scripts here, with a home of its own and the models of DANLU_TEST_HOME."""
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

START_SECONDS_MAX = 120


class Server:
    """A running server. `url` is where it listens; `stop` drains it, `kill` does not."""

    def __init__(self, program: str, home: pathlib.Path, model: str, *arguments: str):
        self.program, self.home = program, home
        self.log = open(home / "serve.log", "a+b")
        place = self.log.seek(0, os.SEEK_END)
        self.process = subprocess.Popen(
            [program, "serve", "--port", "0", "--model", model, *arguments], stderr=self.log, stdout=self.log,
            env=environment(home))
        self.url = self._wait(place)

    def _wait(self, place: int) -> str:
        end = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < end:
            text = (self.home / "serve.log").read_bytes()[place:].decode(errors="replace")
            found = re.search(r"http://([^ /]+):(\d+)/", text)
            if found:
                host = "127.0.0.1" if found[1] in ("0.0.0.0", "[::]") else found[1]
                return f"http://{host}:{found[2]}"
            if self.process.poll() is not None:
                raise SystemExit(f"danlu serve ended with {self.process.returncode}:\n{text}")
            time.sleep(0.005)
        raise SystemExit(f"danlu serve did not start within {START_SECONDS_MAX} s:\n{text}")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self, seconds: float = 60) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def metrics(self, key: str | None = None) -> dict[str, float]:
        """Values by name, those of all models added."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/metrics", headers=headers)) as reply:
            values: dict[str, float] = {}
            for line in reply.read().decode().splitlines():
                if not line.startswith("#"):
                    name, value = line.rsplit(" ", 1)
                    name = name.split("{")[0]
                    values[name] = values.get(name, 0) + float(value)
            return values


def environment(home: pathlib.Path) -> dict[str, str]:
    return {**os.environ, "DANLU_HOME": str(home), "LANG": "C.UTF-8", "NO_COLOR": "1"}


def make_home() -> tuple[tempfile.TemporaryDirectory, pathlib.Path]:
    """An empty DANLU_HOME that shares the models of DANLU_TEST_HOME."""
    folder = tempfile.TemporaryDirectory(prefix="danlu-")
    home = pathlib.Path(folder.name)
    models = pathlib.Path(os.environ.get("DANLU_TEST_HOME", "")) / "models"
    if models.is_dir():
        (home / "models").symlink_to(models.resolve())
    return folder, home


def call(url: str, method: str, path: str, body: dict | None = None, seconds: float = 60):
    """The status and the JSON of a reply."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=seconds) as reply:
            text = reply.read()
            return reply.status, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        text = error.read()
        return error.code, json.loads(text) if text else None
