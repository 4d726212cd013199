#!/usr/bin/env python3
"""Makes a tiny Qwen3 and what PyTorch computes of it in double precision: loss, every gradient, steps of optimisers.

    python make_training.py          needs torch, transformers, safetensors, numpy

model/config.json, model/model.safetensors   the weights (rounded to bf16, stored as F32)
batch.json          rows, sequence, tokens, targets, documents (where each position's document begins), loss (a target)
gradients.f32       of the mean loss, in the order of ParameterLayout (the names below)
adamw.f32           parameters after three steps of torch.optim.AdamW; gradients are scaled by STEPS
muon.f32            the same with Muon for matrices (Newton-Schulz in double, momentum as torch.optim.Muon)
"""

import json
import pathlib

import numpy as np
import torch
import transformers
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
LAYERS, VOCABULARY, ROWS, SEQUENCE = 2, 131, 2, 150
DOCUMENTS = [[0, 50, 61], [0, 7, 8, 100]]
STEPS = [1.0, -0.5, 2.0]
RATE, DECAY = 1e-2, 0.1
NAMES = ["input_layernorm", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj",
         "self_attn.q_norm", "self_attn.k_norm", "post_attention_layernorm", "mlp.gate_proj", "mlp.up_proj",
         "mlp.down_proj"]
ORDER = (["model.embed_tokens"] + [f"model.layers.{i}.{n}" for i in range(LAYERS) for n in NAMES] + ["model.norm"])


def make_model():
    torch.manual_seed(7)
    config = transformers.Qwen3Config(
        vocab_size=VOCABULARY, hidden_size=32, intermediate_size=64, num_hidden_layers=LAYERS, num_attention_heads=2,
        num_key_value_heads=1, head_dim=32, max_position_embeddings=256, rms_norm_eps=1e-6, tie_word_embeddings=True,
        rope_parameters=dict(rope_type="default", rope_theta=10000.0), attn_implementation="eager",
        architectures=["Qwen3ForCausalLM"])
    model = transformers.Qwen3ForCausalLM(config)
    for name, parameter in model.named_parameters():
        centre = 1.0 if parameter.dim() == 1 else 0.0
        values = centre + torch.randn_like(parameter) * (0.2 if parameter.dim() == 1 else 0.15)
        parameter.data = values.bfloat16().float()
    return config, model


def make_batch():
    generator = np.random.default_rng(3)
    tokens = generator.integers(0, VOCABULARY, (ROWS, SEQUENCE))
    documents = np.zeros((ROWS, SEQUENCE), dtype=int)
    targets = np.full((ROWS, SEQUENCE), -1)
    for row, firsts in enumerate(DOCUMENTS):
        for first, last in zip(firsts, firsts[1:] + [SEQUENCE]):
            documents[row, first:last] = first
            targets[row, first:last - 1] = tokens[row, first + 1:last]
    targets[1, 20:30] = -1
    return tokens, targets, documents


def loss_of(model, tokens, targets, documents):
    position = np.arange(SEQUENCE)
    seen = (position[None, None, :] <= position[None, :, None]) & (position[None, None, :] >= documents[:, :, None])
    mask = torch.where(torch.tensor(seen)[:, None], 0.0, -torch.inf).double()
    logits = model(input_ids=torch.tensor(tokens), attention_mask=mask,
                   position_ids=torch.tensor(position[None, :] - documents)).logits
    return torch.nn.functional.cross_entropy(
        logits.reshape(-1, VOCABULARY), torch.tensor(targets).reshape(-1), ignore_index=-1)


def flat(tensors):
    return np.concatenate([tensors[f"{name}.weight"].detach().numpy().astype("<f4").reshape(-1) for name in ORDER])


def is_matrix(name):
    return "_proj" in name


def adamw(parameters, gradients, names):
    groups = [dict(params=[parameters[n] for n in names if parameters[n].dim() > 1], weight_decay=DECAY),
              dict(params=[parameters[n] for n in names if parameters[n].dim() == 1], weight_decay=0.0)]
    optimizer = torch.optim.AdamW([g for g in groups if g["params"]], lr=RATE, betas=(0.9, 0.95), eps=1e-8)
    for factor in STEPS:
        for name in names:
            parameters[name].grad = gradients[name] * factor
        optimizer.step()


def orthogonal(update):
    a, b, c = 3.4445, -4.7750, 2.0315
    x = update / update.norm().clamp(min=1e-7)
    if x.shape[0] > x.shape[1]:
        x = x.T
    for _ in range(5):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if update.shape[0] > update.shape[1] else x


def muon(parameters, gradients, names):
    momenta = {name: torch.zeros_like(parameters[name]) for name in names}
    for factor in STEPS:
        for name in names:
            gradient, momentum, parameter = gradients[name] * factor, momenta[name], parameters[name]
            momentum.lerp_(gradient, 1 - 0.95)
            update = orthogonal(gradient.lerp(momentum, 0.95))
            rate = RATE * 0.2 * max(parameter.shape) ** 0.5
            parameter.mul_(1 - RATE * DECAY).add_(update, alpha=-rate)


def main():
    config, model = make_model()
    folder = HERE / "model"
    folder.mkdir(exist_ok=True)
    weights = {name: p.detach().clone() for name, p in model.named_parameters()}
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, folder / "model.safetensors")
    config.save_pretrained(folder)
    tokens, targets, documents = make_batch()
    model = model.double()
    loss = loss_of(model, tokens, targets, documents)
    loss.backward()
    gradients = {name: p.grad for name, p in model.named_parameters()}
    flat(gradients).tofile(HERE / "gradients.f32")
    json.dump(dict(rows=ROWS, sequence=SEQUENCE, tokens=tokens.reshape(-1).tolist(),
                   targets=targets.reshape(-1).tolist(), documents=documents.reshape(-1).tolist(),
                   loss=loss.item()), open(HERE / "batch.json", "w"))
    names = [f"{name}.weight" for name in ORDER]
    after = {name: weights[name].double() for name in names}
    adamw(after, gradients, names)
    flat(after).tofile(HERE / "adamw.f32")
    after = {name: weights[name].double() for name in names}
    muon(after, gradients, [name for name in names if is_matrix(name)])
    adamw(after, gradients, [name for name in names if not is_matrix(name)])
    flat(after).tofile(HERE / "muon.f32")


if __name__ == "__main__":
    main()
