#!/usr/bin/env python3
"""Makes tiny models with random weights, one an architecture, and the logits that transformers computes in fp32.

    python make_models.py [NAME ...]          needs torch, transformers, safetensors, gguf, numpy

For each: NAME/config.json, NAME/model.safetensors, NAME/logits.f32 (40 x 131 little-endian floats for the tokens in
ids.json), and, where GGUF can express it, NAME.gguf with names from the gguf package: queries and keys of llama with
their rows reordered, experts stacked, gemma's norms plus one. rotary.json has the frequencies of scaled rotations.

Weights are rounded to bf16, so that the files compress; they are stored as F32.
"""

import json
import pathlib
import sys

import gguf
import numpy as np
import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

HERE = pathlib.Path(__file__).parent
VOCABULARY = 131
TOKENS = 40
COMMON = dict(
    vocab_size=VOCABULARY, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, head_dim=16, max_position_embeddings=256, rms_norm_eps=1e-5, tie_word_embeddings=False,
    bos_token_id=1, eos_token_id=2, pad_token_id=0)
EXPERTS = dict(num_experts=6, num_experts_per_tok=2, moe_intermediate_size=16)
LLAMA3 = dict(
    rope_type="llama3", rope_theta=10000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
    original_max_position_embeddings=32)

# name: (GGUF's architecture or None, configuration class, its fields)
MODELS = {
    "llama": ("llama", "LlamaConfig", dict(COMMON, rope_parameters=LLAMA3)),
    "mistral": (None, "MistralConfig", dict(COMMON, sliding_window=9)),
    "qwen2": ("qwen2", "Qwen2Config", {k: v for k, v in COMMON.items() if k != "head_dim"}),
    "qwen2_window": (
        None, "Qwen2Config",
        dict({k: v for k, v in COMMON.items() if k != "head_dim"}, use_sliding_window=True, sliding_window=7,
             max_window_layers=1, num_attention_heads=2, num_key_value_heads=1)),
    "qwen3": ("qwen3", "Qwen3Config", dict(COMMON, rope_parameters=dict(rope_type="default", rope_theta=1e6))),
    "gemma2": (
        "gemma2", "Gemma2Config",
        dict(COMMON, num_hidden_layers=4, num_attention_heads=2, num_key_value_heads=1, intermediate_size=32,
             tie_word_embeddings=True, sliding_window=8, query_pre_attn_scalar=24, attn_logit_softcapping=5.0,
             final_logit_softcapping=20.0)),
    "gemma3": (
        "gemma3", "Gemma3TextConfig",
        dict(COMMON, num_hidden_layers=6, num_attention_heads=2, num_key_value_heads=1, intermediate_size=32,
             tie_word_embeddings=True, sliding_window=8, query_pre_attn_scalar=24,
             rope_parameters=dict(
                 full_attention=dict(rope_type="linear", factor=8.0, rope_theta=1e6),
                 sliding_attention=dict(rope_type="default", rope_theta=1e4)))),
    "qwen2_moe": (
        "qwen2moe", "Qwen2MoeConfig",
        dict({k: v for k, v in COMMON.items() if k != "head_dim"}, **EXPERTS, shared_expert_intermediate_size=32,
             norm_topk_prob=False)),
    "qwen3_moe": ("qwen3moe", "Qwen3MoeConfig", dict(COMMON, **EXPERTS, norm_topk_prob=True)),
    "qwen3_moe_mixed": (
        None, "Qwen3MoeConfig", dict(COMMON, **EXPERTS, norm_topk_prob=False, mlp_only_layers=[0])),
}


def randomise(model, generator):
    """Weights large enough that every part matters to the logits."""
    for name, weight in model.named_parameters():
        noise = torch.randn(weight.shape, generator=generator)
        if "norm" in name:
            # Gemma adds one to the stored weight.
            mean = 0.0 if "gemma" in model.config.model_type else 1.0
            value = mean + 0.2 * noise
        elif name.endswith("bias"):
            value = 0.3 * noise
        elif "embed" in name:
            value = noise
        else:
            value = 1.5 * noise / weight.shape[-1] ** 0.5
        weight.data = value.to(torch.bfloat16).float()


def make(name, ids):
    architecture, config_class, fields = MODELS[name]
    config = getattr(transformers, config_class)(**fields)
    model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager", dtype=torch.float32)
    model.eval()
    randomise(model, torch.Generator().manual_seed(len(name) * 1000 + ord(name[-1])))
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0].numpy().astype("<f4")
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    logits.tofile(folder / "logits.f32")
    model.save_pretrained(folder)
    for extra in folder.glob("generation_config.json"):
        extra.unlink()
    (folder / "model.safetensors").chmod(0o644)
    tensors = load_file(folder / "model.safetensors")
    save_file(tensors, folder / "model.safetensors")  # without transformers' metadata
    print(name, "largest logit", np.abs(logits).max(), "bytes", (folder / "model.safetensors").stat().st_size)
    if architecture:
        write_gguf(HERE / f"{name}.gguf", architecture, config, {k: v.numpy() for k, v in tensors.items()})


def write_gguf(path, architecture, config, tensors):
    writer = gguf.GGUFWriter(str(path), architecture)
    is_gemma = architecture.startswith("gemma")
    head_dim = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_key_length(head_dim)
    writer.add_value_length(head_dim)
    writer.add_rope_dimension_count(head_dim)
    writer.add_vocab_size(config.vocab_size)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    rope = config.rope_parameters
    rope = rope.get("full_attention", rope)
    writer.add_rope_freq_base(rope["rope_theta"])
    if rope["rope_type"] == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rope["factor"])
    if rope["rope_type"] == "llama3":
        plain = 1 / rope["rope_theta"] ** (np.arange(0, head_dim, 2) / head_dim)
        scaled, _ = ROPE_INIT_FUNCTIONS["llama3"](config, "cpu")
        writer.add_tensor("rope_freqs.weight", (plain / scaled.numpy()).astype(np.float32))
    if is_gemma:
        writer.add_sliding_window(config.sliding_window)
        if config.final_logit_softcapping:
            writer.add_final_logit_softcapping(config.final_logit_softcapping)
            writer.add_attn_logit_softcapping(config.attn_logit_softcapping)
    if "moe" in architecture:
        writer.add_expert_count(config.num_experts)
        writer.add_expert_used_count(config.num_experts_per_tok)
        writer.add_expert_feed_forward_length(config.moe_intermediate_size)
        if architecture == "qwen2moe":
            writer.add_expert_shared_feed_forward_length(config.shared_expert_intermediate_size)
    for name, value in convert(architecture, config, head_dim, stack_experts(tensors)):
        writer.add_tensor(name, np.ascontiguousarray(value))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def stack_experts(tensors):
    """`….experts.N.gate_proj.weight` of all N become one `….experts.gate_proj.weight`."""
    stacked, result = {}, {}
    for name, value in tensors.items():
        if ".experts." in name:
            before, after = name.split(".experts.")
            number, rest = after.split(".", 1)
            stacked.setdefault(f"{before}.experts.{rest}", {})[int(number)] = value
        else:
            result[name] = value
    for name, values in stacked.items():
        result[name] = np.stack([values[number] for number in range(len(values))])
    return result


def convert(architecture, config, head_dim, tensors):
    names = gguf.get_tensor_name_map(
        {value: key for key, value in gguf.MODEL_ARCH_NAMES.items()}[architecture], config.num_hidden_layers)
    is_gemma = architecture.startswith("gemma")
    # GGUF has no field for the scale of queries: what differs from the usual goes into their weights.
    scale = (head_dim / config.query_pre_attn_scalar) ** 0.5 if is_gemma else 1.0
    for name, value in tensors.items():
        if is_gemma and "norm" in name:
            value = value + 1
        if architecture == "gemma2" and "q_proj" in name or architecture == "gemma3" and "q_norm" in name:
            value = value * np.float32(scale)
        if architecture == "llama" and ("q_proj" in name or "k_proj" in name):
            rows, columns = value.shape
            value = value.reshape(rows // head_dim, 2, head_dim // 2, columns).swapaxes(1, 2).reshape(rows, columns)
        if name.endswith("shared_expert_gate.weight"):
            value = value.reshape(-1)
        yield names.get_name(name, try_suffixes=(".weight", ".bias")), value


def make_rotary():
    cases = {
        "llama3": dict(LLAMA3, rope_theta=500000.0, original_max_position_embeddings=8192),
        "linear": dict(rope_type="linear", factor=4.0, rope_theta=10000.0),
        "yarn": dict(rope_type="yarn", factor=4.0, rope_theta=1000000.0, original_max_position_embeddings=32768),
        "yarn_set": dict(
            rope_type="yarn", factor=16.0, rope_theta=10000.0, original_max_position_embeddings=4096, beta_fast=16.0,
            beta_slow=2.0, attention_factor=1.25),
    }
    result = {}
    for name, parameters in cases.items():
        config = transformers.LlamaConfig(
            hidden_size=256, num_attention_heads=4, max_position_embeddings=131072, rope_parameters=parameters)
        frequencies, magnitude = ROPE_INIT_FUNCTIONS[parameters["rope_type"]](config, "cpu")
        result[name] = dict(
            rope_parameters=config.rope_parameters, frequencies=[float(f) for f in frequencies],
            magnitude=float(magnitude))
    (HERE / "rotary.json").write_text(json.dumps(result, indent=1) + "\n")


def main():
    ids = np.random.default_rng(7).integers(0, VOCABULARY, TOKENS).tolist()
    (HERE / "ids.json").write_text(json.dumps(ids) + "\n")
    for name in sys.argv[1:] or MODELS:
        make(name, ids)
    make_rotary()


main()
