"""Compares what grammars allow with what Python's jsonschema calls valid. See script/test-grammar.

    grammar_checks.py WALKER MODEL [COUNT] [SEED]

Two directions for each schema: documents written by random walks through the masks, with the model's own vocabulary, must
be valid; and values that are valid must be accepted. Prints what was refused and how long a mask takes.
"""

import collections
import json
import statistics
import subprocess
import sys

import jsonschema

from grammar_schemas import schemas

WALKS = 4
SAMPLES = 6


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main() -> int:
    walker, model = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 420
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    cases = []
    for kind, schema, sample in schemas(seed, count):
        validator = jsonschema.Draft202012Validator(schema, format_checker=checker)
        jsonschema.Draft202012Validator.check_schema(schema)
        values = [sample() for _ in range(SAMPLES)]
        for value in values:
            assert validator.is_valid(value), f"{kind}: the sample {value!r} is not valid for {schema}"
        texts = [json.dumps(value, ensure_ascii=False) for value in values]
        texts += [json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in values]
        cases.append((kind, schema, validator, texts))
    lines = "".join(
        json.dumps({"schema": schema, "instances": texts, "walks": WALKS}) + "\n" for _, schema, _, texts in cases)
    run = subprocess.run([walker, model], input=lines, capture_output=True, text=True)
    if run.returncode != 0:
        print(f"the walker ended with {run.returncode}: {run.stderr[-500:]}")
        return 1
    head, *results = map(json.loads, run.stdout.splitlines())
    assert len(results) == len(cases)
    failures, refused, walked, unfinished, accepted = [], [], 0, 0, 0
    kinds = collections.Counter()
    times, compiling, slowest = [], [], (0, "")
    longest = (0, "")
    for (kind, schema, validator, texts), result in zip(cases, results):
        kinds[kind] += 1
        if "error" in result:
            refused.append((kind, result["error"]))
            continue
        for text in result["walks"]:
            if text is None:
                unfinished += 1
                continue
            try:
                assert text is not False, "nothing could follow"
                error = next(validator.iter_errors(json.loads(text)), None)
                assert error is None, error.message if error else ""
                walked += 1
            except (AssertionError, ValueError) as error:
                failures.append(f"{kind}: wrote {text!r}: {error}\n    for {json.dumps(schema, ensure_ascii=False)}")
        for text, fits in zip(texts, result["fits"]):
            accepted += fits
            if not fits:
                failures.append(f"{kind}: refused {text!r}\n    for {json.dumps(schema, ensure_ascii=False)}")
        times += result["microseconds"]
        compiling.append(result["compileSeconds"])
        longest = max(longest, (result["compileSeconds"], kind))
        slowest = max(slowest, (max(result["microseconds"], default=0), kind))
    for failure in failures[:40]:
        print(failure)
    for kind, error in refused:
        print(f"refused: {kind}: {error}")
    print(f"{len(cases)} schemas of {len(kinds)} kinds (seed {seed}), {len(refused)} refused, {len(failures)} failures")
    print(f"{walked} of {WALKS * (len(cases) - len(refused)) - unfinished} documents from masks valid ({unfinished} walks "
          f"came to no end within their tokens), {accepted} of {2 * SAMPLES * (len(cases) - len(refused))} valid documents accepted")
    print(f"vocabulary of {head['tokens']}: tree in {head['trieSeconds']:.2f} s; compiling: median "
          f"{statistics.median(compiling) * 1e3:.2f} ms, most {longest[0] * 1e3:.0f} ms ({longest[1]})")
    times.sort()
    slow = sum(time > 5000 for time in times)
    print(f"masks over 5 ms: {slow}; over 0.5 ms: {sum(time > 500 for time in times)}")
    print(f"one mask ({len(times)}): mean {statistics.mean(times):.0f} us, median {statistics.median(times):.0f} us, p99 "
          f"{percentile(times, 0.99):.0f} us, most {slowest[0]:.0f} us ({slowest[1]})")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
