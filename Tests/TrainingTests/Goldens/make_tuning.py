#!/usr/bin/env python3
"""Makes a tiny Qwen2 and Llama, an adapter for one, and what PyTorch and PEFT compute of them in double precision.

    python make_tuning.py          needs torch, transformers, peft, safetensors, numpy

qwen2/, llama/      config.json, model.safetensors, gradients.f32 of the mean loss over batch.json (in the order of
                    ParameterLayout), facts.json (the loss)
adapter/            of the Qwen2, as PEFT saves it: adapter_config.json, adapter_model.safetensors; gradients.f32 in the
                    order of ParameterLayout, logits.f32 of the batch's first row, facts.json
"""

import json
import pathlib

import peft
import torch
import transformers
from safetensors.torch import load_file, save_file

from make_training import LAYERS, SEQUENCE, VOCABULARY, loss_of, make_batch

HERE = pathlib.Path(__file__).parent
GROUPS = [["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"], ["self_attn.o_proj"],
          ["mlp.gate_proj", "mlp.up_proj"], ["mlp.down_proj"]]
RANK, ALPHA = 3, 5


def names(biases, tied):
    attention = [f"self_attn.{x}_proj" for x in "qkv"]
    layer = ["input_layernorm.weight", *(f"{x}.weight" for x in attention),
             *(f"{x}.bias" for x in attention if biases), "self_attn.o_proj.weight", "post_attention_layernorm.weight",
             "mlp.gate_proj.weight", "mlp.up_proj.weight", "mlp.down_proj.weight"]
    return (["model.embed_tokens.weight"] + [f"model.layers.{i}.{n}" for i in range(LAYERS) for n in layer]
            + ["model.norm.weight"] + ([] if tied else ["lm_head.weight"]))


def write(path, tensors):
    with open(path, "wb") as file:
        for tensor in tensors:
            file.write(tensor.detach().float().numpy().astype("<f4").tobytes())


def make_model(kind, config_type, model_type, tied):
    torch.manual_seed(11)
    config = config_type(
        vocab_size=VOCABULARY, hidden_size=64, intermediate_size=96, num_hidden_layers=LAYERS, num_attention_heads=2,
        num_key_value_heads=1, max_position_embeddings=256, rms_norm_eps=1e-6, tie_word_embeddings=tied,
        rope_parameters=dict(rope_type="default", rope_theta=10000.0), attn_implementation="eager",
        architectures=[model_type.__name__])
    model = model_type(config)
    for name, parameter in model.named_parameters():
        centre = 1.0 if "norm" in name else 0.0
        values = centre + torch.randn_like(parameter) * (0.2 if parameter.dim() == 1 else 0.15)
        parameter.data = values.bfloat16().float()
    folder = HERE / kind
    folder.mkdir(exist_ok=True)
    save_file({name: p.detach().bfloat16().contiguous() for name, p in model.named_parameters()},
              folder / "model.safetensors")
    config.save_pretrained(folder)
    return folder, model.double()


def make_adapter(model, batch):
    folder = HERE / "adapter"
    settings = peft.LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=[n.split(".")[1] for g in GROUPS for n in g],
                               task_type="CAUSAL_LM")
    adapted = peft.get_peft_model(model, settings)
    torch.manual_seed(5)
    for name, parameter in adapted.named_parameters():
        if "lora" in name:
            parameter.data = (torch.randn_like(parameter) * 0.15).float().double()
    for p in adapted.parameters():
        p.grad = None
    loss = loss_of(adapted, *batch)
    loss.backward()
    parameters = dict(adapted.named_parameters())
    flat = [parameters[f"base_model.model.model.layers.{i}.{n}.lora_{m}.default.weight"].grad
            for i in range(LAYERS) for group in GROUPS for m in "AB" for n in group]
    adapted.save_pretrained(folder)
    write(folder / "gradients.f32", flat)
    tensors = load_file(folder / "adapter_model.safetensors")
    save_file({name: t.float().contiguous() for name, t in tensors.items()}, folder / "adapter_model.safetensors")
    (folder / "README.md").unlink(missing_ok=True)
    with torch.no_grad():
        logits = adapted(input_ids=torch.tensor(batch[0][:1, :50])).logits
    write(folder / "logits.f32", [logits])
    json.dump(dict(loss=loss.item()), open(folder / "facts.json", "w"))


def main():
    batch = make_batch()
    for kind, config_type, model_type, tied in [
            ("llama", transformers.LlamaConfig, transformers.LlamaForCausalLM, False),
            ("qwen2", transformers.Qwen2Config, transformers.Qwen2ForCausalLM, True)]:
        folder, model = make_model(kind, config_type, model_type, tied)
        loss = loss_of(model, *batch)
        loss.backward()
        parameters = dict(model.named_parameters())
        write(folder / "gradients.f32", [parameters[n].grad for n in names(kind == "qwen2", tied)])
        json.dump(dict(loss=loss.item()), open(folder / "facts.json", "w"))
    make_adapter(model, batch)


if __name__ == "__main__":
    main()
