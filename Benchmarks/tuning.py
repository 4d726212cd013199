#!/usr/bin/env python3
"""Speed and memory of LoRA steps beside PyTorch on the CPU: same shape, same threads, steps alternated.

    Benchmarks/tuning.py --model qwen2.5-0.5b-instruct-q4_k_m.gguf [--danlu .build/release/training-speed]
                         [--python ~/venv/bin/python] [--peers bf16,bf16-peft,fp32] [--taught 1,0.4] [--rounds 3]

The model is of Qwen2.5-0.5B's shape (24 layers of 896, vocabulary 151936): Danlu trains beside the quantised file, PyTorch
beside random weights of the same shape. Rank 8 on queries and values, one row of 512 random tokens. A step is zeroed
gradients, forward, backward, clipping and AdamW. Every contestant is a process of its own that waits for its turn; the
fastest step counts, and the median is shown. `bf16` is written by hand over torch.nn.functional with weights in bf16,
`bf16-peft` is transformers and peft. --taught: the share of positions that have a target; PyTorch computes the loss of
all of them either way, as transformers does. PyTorch is found in --python or TRAINING_PYTHON.
"""
import argparse
import json
import os
import statistics
import sys

from training import Contestant, answer_turns

LAYERS, WIDTH, HEADS, KV_HEADS, HEAD, INNER, VOCABULARY = 24, 896, 14, 2, 64, 4864, 151936
RANK, ALPHA, SEQUENCE = 8, 16, 512


def peft_model(dtype):
    import peft
    import torch
    import transformers

    config = transformers.Qwen2Config(
        vocab_size=VOCABULARY, hidden_size=WIDTH, intermediate_size=INNER, num_hidden_layers=LAYERS,
        num_attention_heads=HEADS, num_key_value_heads=KV_HEADS, tie_word_embeddings=True, use_cache=False)
    torch.set_default_dtype(dtype)
    model = transformers.Qwen2ForCausalLM(config)
    torch.set_default_dtype(torch.float32)
    settings = peft.LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM")
    model = peft.get_peft_model(model, settings)
    return model, lambda tokens, labels: model(input_ids=tokens, labels=labels).loss


def written_model(dtype):
    import torch
    import torch.nn.functional as F
    from torch import nn

    angles = torch.outer(torch.arange(SEQUENCE), 1e6 ** (-torch.arange(0, HEAD, 2) / HEAD))
    cosine, sine = (f(angles).repeat(1, 2).to(dtype) for f in (torch.cos, torch.sin))

    def rotate(x):
        return x * cosine + torch.cat([-x[..., HEAD // 2:], x[..., :HEAD // 2]], -1) * sine

    class Linear(nn.Module):
        def __init__(self, inputs, outputs, bias=False, adapted=False):
            super().__init__()
            weight = torch.randn(outputs, inputs, dtype=dtype) * 0.02
            self.weight = nn.Parameter(weight, requires_grad=False)
            self.bias = nn.Parameter(torch.zeros(outputs, dtype=dtype), requires_grad=False) if bias else None
            self.adapted = adapted
            if adapted:
                self.a = nn.Parameter(torch.randn(RANK, inputs) / inputs ** 0.5)
                self.b = nn.Parameter(torch.zeros(outputs, RANK))

        def forward(self, x):
            y = F.linear(x, self.weight, self.bias)
            if not self.adapted:
                return y
            return y + F.linear(F.linear(x, self.a.to(dtype)), self.b.to(dtype)) * (ALPHA / RANK)

    class Layer(nn.Module):
        def __init__(self):
            super().__init__()
            self.q = Linear(WIDTH, HEADS * HEAD, bias=True, adapted=True)
            self.k = Linear(WIDTH, KV_HEADS * HEAD, bias=True)
            self.v = Linear(WIDTH, KV_HEADS * HEAD, bias=True, adapted=True)
            self.o = Linear(HEADS * HEAD, WIDTH)
            self.gate, self.up, self.down = Linear(WIDTH, INNER), Linear(WIDTH, INNER), Linear(INNER, WIDTH)
            self.norm1, self.norm2 = (nn.RMSNorm(WIDTH, 1e-6, dtype=dtype).requires_grad_(False) for _ in range(2))

        def forward(self, x):
            y = self.norm1(x)
            split = lambda t, n: t.view(1, -1, n, HEAD).transpose(1, 2)
            q, k, v = split(self.q(y), HEADS), split(self.k(y), KV_HEADS), split(self.v(y), KV_HEADS)
            mixed = F.scaled_dot_product_attention(rotate(q), rotate(k), v, is_causal=True, enable_gqa=True)
            x = x + self.o(mixed.transpose(1, 2).reshape(1, -1, HEADS * HEAD))
            y = self.norm2(x)
            return x + self.down(F.silu(self.gate(y)) * self.up(y))

    table = torch.randn(VOCABULARY, WIDTH, dtype=dtype) * 0.02
    layers = nn.ModuleList(Layer() for _ in range(LAYERS))
    norm = nn.RMSNorm(WIDTH, 1e-6, dtype=dtype).requires_grad_(False)

    def loss(tokens, labels):
        x = F.embedding(tokens, table)
        for layer in layers:
            x = layer(x)
        logits = F.linear(norm(x), table).float()
        return F.cross_entropy(logits[0, :-1], labels[0, 1:], ignore_index=-100)

    return layers, loss


def peer_main(kind, taught, threads):
    """The PyTorch contestant: answers each line of standard input with the seconds of so many steps."""
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    dtype = torch.bfloat16 if kind.startswith("bf16") else torch.float32
    model, compute = (peft_model if kind.endswith("peft") else written_model)(dtype)
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=1e-4, weight_decay=0.0)
    tokens = torch.randint(VOCABULARY, (1, SEQUENCE))
    labels = tokens.clone()
    labels[:, :int(SEQUENCE * (1 - taught))] = -100

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = compute(tokens, labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        return loss.item()

    answer_turns(parameters, step)


def contest(options, taught):
    contestants = []
    for megabytes in options.panel_megabytes:
        contestants.append(Contestant(f"danlu, panels of {megabytes} MiB", [
            options.danlu, "lora", "--model", options.model, "--rank", str(RANK), "--targets", "q_proj,v_proj",
            "--rows", "1", "--sequence", str(SEQUENCE), "--taught", str(taught), "--threads", str(options.threads),
            "--panel-megabytes", megabytes, "--recompute", options.recompute]))
    for kind in options.peers if options.python else []:
        contestants.append(Contestant(f"torch {kind}", [
            options.python, os.path.abspath(__file__), "--peer", kind, "--taught", str(taught), "--threads",
            str(options.threads)]))
    for contestant in contestants:
        contestant.turn(1)
        contestant.seconds, contestant.processor = [], []
    for round in range(options.rounds):
        for contestant in contestants if round % 2 == 0 else reversed(contestants):
            contestant.turn(1)
    for contestant in contestants:
        contestant.end()
    return contestants


def report(taught, contestants):
    facts, base = contestants[0].facts, contestants[0]
    torch = next((c.facts["torch"] for c in contestants if "torch" in c.facts), "not measured")
    print(f"\n{taught:.0%} of positions taught; {facts['threads']} threads, {facts['kernels']}, peak "
          f"{facts['peak_operations_per_second'] / 1e9:.0f} GFLOP/s; PyTorch {torch}\n")
    print("| | tokens/s, best | median | peak memory, MB | Danlu's speed, of this | Danlu's memory, of this |")
    print("|---|---|---|---|---|---|")
    for c in contestants:
        best, middle = min(c.seconds), statistics.median(c.seconds)
        print(f"| {c.name} | {SEQUENCE / best:.0f} | {SEQUENCE / middle:.0f} | {c.bytes / 1e6:.0f} | "
              f"{best / min(base.seconds):.2f} | {base.bytes / c.bytes:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--danlu", default=".build/release/training-speed")
    parser.add_argument("--model", help="a GGUF file of Qwen2.5-0.5B")
    parser.add_argument("--python", default=os.environ.get("TRAINING_PYTHON"))
    parser.add_argument("--peers", default="bf16,bf16-peft,fp32")
    parser.add_argument("--taught", default="1,0.4")
    parser.add_argument("--panel-megabytes", default="4096")
    parser.add_argument("--recompute", default="none")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        return peer_main(options.peer, float(options.taught), options.threads)
    if not options.model:
        parser.error("--model: a GGUF file of Qwen2.5-0.5B")
    options.peers, options.panel_megabytes = options.peers.split(","), options.panel_megabytes.split(",")
    if not options.python:
        print("No PyTorch: give --python or TRAINING_PYTHON. Danlu alone:")
    for taught in options.taught.split(","):
        report(float(taught), contest(options, float(taught)))


if __name__ == "__main__":
    main()
