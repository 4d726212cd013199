#!/usr/bin/env python3
"""Speed and memory of training steps beside PyTorch on the CPU: same shape, same threads, steps alternated.

    Benchmarks/training.py --danlu .build/release/training-speed [--python ~/venv/bin/python] [--shapes 10m,25m]
                           [--peers fp32,bf16,fp32-compiled,bf16-compiled] [--ours bf16,fp32] [--rounds 5] [--steps 2]

Every contestant is a process of its own that waits for its turn. A step is zeroed gradients, forward, backward,
clipping and fused AdamW over 8 x 512 random tokens. The fastest step counts, and the median is shown: on a shared machine
the first says what a program can do. bf16 of PyTorch is autocast over fp32 weights, as is ours. PyTorch is found in
--python or TRAINING_PYTHON; without it only Danlu is measured, and this is said. Processor time counts threads that spin
while they wait: with other programs on the processors it says more of Danlu than of PyTorch.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

SHAPES = {"10m": dict(width=256, heads=4, kv_heads=4, inner=1024),
          "25m": dict(width=512, heads=8, kv_heads=2, inner=1408)}
LAYERS, HEAD, VOCABULARY, ROWS, SEQUENCE = 8, 64, 6400, 8, 512


def peer_main(shape, kind, threads):
    """The PyTorch contestant: answers each line of standard input with the seconds of so many steps."""
    import torch
    import torch.nn.functional as F
    from torch import nn

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    s = SHAPES[shape]
    cosine, sine = (f(torch.outer(torch.arange(SEQUENCE), 10000 ** (-torch.arange(0, HEAD, 2) / HEAD))).repeat(1, 2)
                    for f in (torch.cos, torch.sin))

    def rotate(x):
        return x * cosine + torch.cat([-x[..., HEAD // 2:], x[..., :HEAD // 2]], -1) * sine

    class Layer(nn.Module):
        def __init__(self):
            super().__init__()
            linear = lambda a, b: nn.Linear(a, b, bias=False)
            self.q, self.o = linear(s["width"], s["heads"] * HEAD), linear(s["heads"] * HEAD, s["width"])
            self.k, self.v = linear(s["width"], s["kv_heads"] * HEAD), linear(s["width"], s["kv_heads"] * HEAD)
            self.gate, self.up = linear(s["width"], s["inner"]), linear(s["width"], s["inner"])
            self.down = linear(s["inner"], s["width"])
            self.norm1, self.norm2 = nn.RMSNorm(s["width"], 1e-6), nn.RMSNorm(s["width"], 1e-6)
            self.q_norm, self.k_norm = nn.RMSNorm(HEAD, 1e-6), nn.RMSNorm(HEAD, 1e-6)

        def forward(self, x):
            y = self.norm1(x)
            split = lambda t, n: t.view(ROWS, SEQUENCE, n, HEAD).transpose(1, 2)
            q, k = split(self.q(y), s["heads"]), split(self.k(y), s["kv_heads"])
            v = split(self.v(y), s["kv_heads"])
            q, k = rotate(self.q_norm(q)).to(v.dtype), rotate(self.k_norm(k)).to(v.dtype)
            mixed = F.scaled_dot_product_attention(
                q, k, v, is_causal=True, enable_gqa=s["heads"] != s["kv_heads"])
            x = x + self.o(mixed.transpose(1, 2).reshape(ROWS, SEQUENCE, -1))
            y = self.norm2(x)
            return x + self.down(F.silu(self.gate(y)) * self.up(y))

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(VOCABULARY, s["width"])
            self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
            self.norm = nn.RMSNorm(s["width"], 1e-6)
            for parameter in self.parameters():
                if parameter.dim() > 1:
                    nn.init.normal_(parameter, std=0.02)

        def forward(self, tokens, targets):
            x = self.embedding(tokens)
            for layer in self.layers:
                x = layer(x)
            logits = F.linear(self.norm(x), self.embedding.weight)
            return F.cross_entropy(logits.float().view(-1, VOCABULARY), targets.view(-1))

    model = Model()
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
    compute = torch.compile(model) if kind.endswith("compiled") else model
    tokens = torch.randint(VOCABULARY, (ROWS, SEQUENCE))
    targets = torch.roll(tokens, -1, 1)

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=kind.startswith("bf16")):
            loss = compute(tokens, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        return loss.item()

    answer_turns(parameters, step)


def answer_turns(parameters, step):
    """A PyTorch contestant's life: a step to warm up, its facts, then the seconds of as many steps as each line asks."""
    import resource
    import time

    import torch

    step()
    print(json.dumps(dict(parameters=sum(p.numel() for p in parameters), torch=torch.__version__)), flush=True)
    for line in sys.stdin:
        seconds, started = [], time.process_time()
        for _ in range(int(line)):
            began = time.perf_counter()
            loss = step()
            seconds.append(time.perf_counter() - began)
        print(json.dumps(dict(seconds=seconds, loss=loss, processor_seconds=time.process_time() - started,
                              peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)), flush=True)


class Contestant:
    def __init__(self, name, command):
        self.name, self.seconds, self.processor, self.bytes = name, [], [], 0
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.facts = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended early")
        return json.loads(line)

    def turn(self, steps):
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        answer = self.answer()
        self.seconds += answer["seconds"]
        self.processor.append(answer["processor_seconds"] / steps)
        self.bytes = answer["peak_bytes"]

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def contest(options, shape):
    contestants = []
    for kind in options.ours:
        contestants.append(Contestant(f"danlu {kind}", [
            options.danlu, shape, "--precision", kind, "--threads", str(options.threads)]))
    for kind in options.peers if options.python else []:
        contestants.append(Contestant(f"torch {kind}", [
            options.python, os.path.abspath(__file__), "--peer", f"{shape}:{kind}", "--threads", str(options.threads)]))
    for contestant in contestants:
        contestant.turn(1)
        contestant.seconds, contestant.processor = [], []
    for round in range(options.rounds):
        for contestant in contestants if round % 2 == 0 else reversed(contestants):
            contestant.turn(options.steps)
    for contestant in contestants:
        contestant.end()
    return contestants


def report(options, shape, contestants):
    facts = contestants[0].facts
    tokens, base = ROWS * SEQUENCE, contestants[0]
    torch = next((c.facts["torch"] for c in contestants if "torch" in c.facts), None)
    peer = f"; PyTorch {torch}" if torch else ""
    print(f"\n{shape}: {facts['parameters'] / 1e6:.1f}M parameters, {options.threads} threads, {facts['kernels']}, "
          f"peak {facts['peak_operations_per_second'] / 1e9:.0f} GFLOP/s{peer}\n")
    print("| | tokens/s, best | median | by processor time | of peak | peak memory, MB | ratio of best "
          "| of processor time | of memory |")
    print("|---|---|---|---|---|---|---|---|---|")
    for c in contestants:
        best, middle, work = min(c.seconds), statistics.median(c.seconds), min(c.processor) / options.threads
        share = tokens / best * facts["operations_per_token"] / facts["peak_operations_per_second"]
        shown = f"{share:.0%}" if "bf16" in c.name else ""
        print(f"| {c.name} | {tokens / best:.0f} | {tokens / middle:.0f} | {tokens / work:.0f} | {shown} | "
              f"{c.bytes / 1e6:.0f} | {best / min(base.seconds):.2f} | "
              f"{min(c.processor) / min(base.processor):.2f} | {base.bytes / c.bytes:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--danlu", default=".build/release/training-speed")
    parser.add_argument("--python", default=os.environ.get("TRAINING_PYTHON"))
    parser.add_argument("--shapes", default="10m,25m")
    parser.add_argument("--peers", default="bf16-compiled,bf16,fp32-compiled,fp32")
    parser.add_argument("--ours", default="bf16,fp32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        return peer_main(*options.peer.split(":"), options.threads)
    options.ours, options.peers = options.ours.split(","), options.peers.split(",")
    if not options.python:
        print("No PyTorch: give --python or TRAINING_PYTHON. Danlu alone:")
    for shape in options.shapes.split(","):
        report(options, shape, contest(options, shape))


if __name__ == "__main__":
    main()
