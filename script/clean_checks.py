"""Kills `danlu clean` again and again and checks that it comes to the same files. A failure prints the seed."""
import argparse
import gzip
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

RECIPE = """
name = "resume"
[normalize]
[marks]
[language]
[words]
different_max = 5
[gopher]
words_min = 20
function_words_min = 1
[gopher.zh]
function_words_min = 0
[repetition]
lines_max = 0.3
repeated_grams_max = ["5 0.3"]
[perplexity]
worst_share_max = 0.05
sample_bytes = 2000000
[exact]
[near]
[lines]
copies_min = 30
[passages]
bytes_min = 200
[dialogue]
[split]
validation = 0.05
[output]
unit_bytes = 150_000
"""
TURNS_MAX = 100_000


class Failure(Exception):
    pass


def demand(condition: bool, text: str) -> None:
    if not condition:
        raise Failure(text)


def write_corpus(folder: pathlib.Path, generator: random.Random) -> int:
    """Several kinds of file; the number of documents that are whole."""
    folder.mkdir(parents=True)
    english = ["the", "of", "and", "to", *(f"word{number}" for number in range(500))]
    chinese = [chr(0x4E00 + number) for number in range(900)]
    shared = ["Home | About | Contact us today", "版权归本站所有，未经许可不得使用", "Subscribe to our letter and more"]

    def text() -> str:
        lines = []
        for _ in range(generator.randrange(1, 8)):
            if generator.random() < 0.5:
                lines.append(" ".join(generator.choice(english) for _ in range(generator.randrange(4, 40))) + ".")
            else:
                lines.append("".join(generator.choice(chinese) for _ in range(generator.randrange(8, 80))) + "。。。")
        if generator.random() < 0.2:
            lines.append(generator.choice(shared))
        if generator.random() < 0.05:
            lines += ["问：水在什么温度结冰？", "答：零摄氏度。"]
        return "\n".join(lines)

    known, documents = [], 0
    for number in range(60):
        lines = []
        for _ in range(generator.randrange(20, 260)):
            copy = known and generator.random() < 0.15
            own = generator.choice(known) if copy else text()
            if copy and generator.random() < 0.5:
                own += " the end."
            if len(known) < 500:
                known.append(own)
            lines.append(json.dumps({"text": own, "url": f"https://site{number % 7}.org/{documents}"}, ensure_ascii=False))
            documents += 1
        data = ("\n".join(lines) + "\n").encode()
        if number % 3 == 0:
            with gzip.GzipFile(folder / f"{number:03}.jsonl.gz", "wb", mtime=0) as file:
                file.write(data)
        else:
            (folder / f"{number:03}.jsonl").write_bytes(data)
    return documents


def content(folder: pathlib.Path) -> dict[str, str]:
    """Hashes of everything that a user gets, but for the seconds in the reports."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and not name.startswith(".work"):
            data = path.read_bytes()
            if name == "report.json":
                report = json.loads(data)
                report.pop("seconds")
                data = json.dumps(report).encode()
            found[name] = hashlib.sha256(data).hexdigest()
    return found


class Washing:
    def __init__(self, danlu: str, raw: pathlib.Path, recipe: pathlib.Path):
        self.danlu, self.raw, self.recipe = danlu, raw, recipe

    def command(self, output: pathlib.Path, threads: int) -> list[str]:
        return [self.danlu, "clean", str(self.raw), "--recipe", str(self.recipe), "--output", str(output),
                "--threads", str(threads), "--keep-rejects", "--json"]

    def start(self, output: pathlib.Path, threads: int, rank: int = 0, ranks: int = 1) -> subprocess.Popen:
        return self.run(self.command(output, threads), rank, ranks)

    def run(self, command: list[str], rank: int = 0, ranks: int = 1) -> subprocess.Popen:
        environment = {**os.environ, "LANG": "C.UTF-8", "DANLU_LANG": "en"}
        if ranks > 1:
            environment |= {"DANLU_RANK": str(rank), "DANLU_RANKS": str(ranks)}
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def whole(self, output: pathlib.Path, threads: int = 2) -> dict:
        process = self.start(output, threads)
        out, err = process.communicate()
        demand(process.returncode == 0, f"danlu clean failed with {process.returncode}: {err}")
        return json.loads(out.strip().splitlines()[-1])


def kill_until_done(washing: Washing, output: pathlib.Path, generator: random.Random, seconds: float, budget: int) -> int:
    """Starts and kills until a washing ends by itself; how many kills that took."""
    kills = 0
    for _ in range(TURNS_MAX):
        ranks = generator.choice([1, 1, 1, 2])
        processes = [washing.start(output, generator.choice([1, 2, 4]), rank, ranks) for rank in range(ranks)]
        if kills < budget:
            # Short lives, so that a washing is killed several times.
            wait = generator.random() * 0.4 * seconds
            end = time.monotonic() + wait
            while time.monotonic() < end and any(process.poll() is None for process in processes):
                time.sleep(0.002)
        else:
            for process in processes:
                process.wait()
        killed = [process for process in processes if process.poll() is None]
        for process in killed:
            process.send_signal(signal.SIGKILL)
        for process in processes:
            _, err = process.communicate()
            demand(process.returncode in (0, -signal.SIGKILL), f"danlu clean ended with {process.returncode}: {err}")
        kills += len(killed)
        if not killed:
            return kills
    raise Failure("it never ended")


def same(output: pathlib.Path, expected: dict[str, str], after: str) -> None:
    found = content(output)
    wrong = sorted(name for name in {*found, *expected} if found.get(name) != expected.get(name))
    demand(not wrong, f"after {after} these differ: {wrong[:5]}")
    shutil.rmtree(output)


def check_ranks(washing: Washing, folder: pathlib.Path, expected: dict[str, str], generator: random.Random, seconds: float):
    """Of three programs one is killed and started again, while the others wait for it."""
    killed = 0
    for turn in range(6):
        output = folder / f"ranks-{turn}"
        victim = turn % 3
        processes = [washing.start(output, 1, rank, 3) for rank in range(3)]
        time.sleep(generator.random() * 0.5 * seconds)
        if processes[victim].poll() is None:
            processes[victim].send_signal(signal.SIGKILL)
            killed += 1
        processes[victim].communicate()
        processes[victim] = washing.start(output, 2, victim, 3)
        for process in processes:
            _, err = process.communicate()
            demand(process.returncode == 0, f"danlu clean ended with {process.returncode}: {err}")
        same(output, expected, f"a kill of rank {victim}")
    return killed


def check_mpirun(washing: Washing, folder: pathlib.Path, expected: dict[str, str], generator: random.Random, seconds: float):
    """Under mpirun, whole, and ended by the death of one of its programs and run again."""
    mpirun = ["mpirun", "--oversubscribe", "-np", "3"]
    if os.geteuid() == 0:
        mpirun.insert(1, "--allow-run-as-root")
    output = folder / "mpirun"
    for turn in range(3):
        process = washing.run([*mpirun, *washing.command(output, 1)])
        if turn > 0:
            time.sleep(0.3 + generator.random() * seconds)
            children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            if children:
                os.kill(int(generator.choice(children)), signal.SIGKILL)
                process.communicate()
                process = washing.run([*mpirun, *washing.command(output, 2)])
        _, err = process.communicate()
        demand(process.returncode == 0, f"mpirun ended with {process.returncode}: {err}")
        same(output, expected, "mpirun")


def check_full_disk(washing: Washing, folder: pathlib.Path, expected: dict[str, str]) -> bool:
    """On a disk that is too small it says so; with more room it goes on. False where no disk can be mounted."""
    disk = folder / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)], capture_output=True).returncode != 0:
        return False
    try:
        for size in ["300k", "1200k", "2500k"]:
            subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)
            process = washing.start(disk / "output", 2)
            _, err = process.communicate()
            demand(process.returncode == 1, f"on a full disk of {size} danlu clean ended with {process.returncode}: {err}")
            demand("space" in err.lower(), f"a full disk is not what it says: {err}")
        subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
        washing.whole(disk / "output")
        same(disk / "output", expected, "a full disk")
    finally:
        subprocess.run(["umount", str(disk)], check=False)
    return True


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    arguments = parser.parse_args()
    generator = random.Random(arguments.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="danlu-clean-"))
    try:
        documents = write_corpus(folder / "raw", generator)
        (folder / "recipe.toml").write_text(RECIPE)
        washing = Washing(arguments.danlu, folder / "raw", folder / "recipe.toml")
        began = time.monotonic()
        result = washing.whole(folder / "whole")
        seconds = time.monotonic() - began
        expected = content(folder / "whole")
        demand(result["in"]["documents"] == documents, f"{documents} documents, read {result['in']['documents']}")
        dropped = sum(rule["dropped"]["documents"] for step in result["steps"] for rule in step["rules"].values())
        demand(dropped + result["out"]["documents"] == documents, f"{dropped} dropped, {result['out']} of {documents}")
        washing.whole(folder / "one-thread", threads=1)
        demand(content(folder / "one-thread") == expected, "one thread comes to other files")
        checks = ["ranks"]
        check_ranks(washing, folder, expected, generator, seconds)
        if shutil.which("mpirun"):
            check_mpirun(washing, folder, expected, generator, seconds)
            checks.append("mpirun")
        if check_full_disk(washing, folder, expected):
            checks.append("full disk")
        print(f"the same {len(expected)} files: {', '.join(checks)}", file=sys.stderr)
        kills = washings = 0
        while kills < arguments.kills:
            output = folder / f"killed-{washings}"
            kills += kill_until_done(washing, output, generator, seconds, arguments.kills - kills)
            same(output, expected, f"{kills} kills")
            washings += 1
            print(f"{kills} kills, {washings} washings: the same {len(expected)} files", file=sys.stderr)
        print(json.dumps({"checks": checks, "kills": kills, "washings": washings, "documents": documents, "files": len(expected)}))
    except Failure as failure:
        print(f"FAILED (seed {arguments.seed}, {folder}): {failure}", file=sys.stderr)
        sys.exit(1)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
