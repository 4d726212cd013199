#!/usr/bin/env python3
"""Makes tiny LoRA adapters for the tiny models beside this file, and the logits that PEFT computes with them.

    python make_adapters.py          needs torch, transformers, peft, safetensors, gguf, numpy, and make_models.py run

For each: adapters/NAME/adapter_config.json and adapter_model.safetensors as PEFT saves them, adapters/NAME/logits.f32
(40 x 131 little-endian floats for the tokens in ids.json; the model is the folder that the name starts with), and,
where GGUF can express it, adapters/NAME.gguf with names from the gguf package: llama's queries and keys with their
rows reordered as the model's own. sum.f32 is of two adapters at once, the first at half its strength.
"""

import json
import pathlib

import gguf
import numpy as np
import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file

HERE = pathlib.Path(__file__).parent
FOLDER = HERE / "adapters"
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

# name: (model, fields of the configuration, whether a GGUF file is made)
ADAPTERS = {
    "qwen2-all": ("qwen2", dict(r=4, lora_alpha=8, target_modules=ALL), True),
    "qwen2-attention": ("qwen2", dict(r=3, lora_alpha=5, target_modules=["q_proj", "v_proj"]), False),
    "llama-all": ("llama", dict(r=4, lora_alpha=6, target_modules=ALL), True),
    "llama-patterns": (
        "llama",
        dict(r=2, lora_alpha=4, target_modules=["q_proj", "k_proj", "down_proj"], use_rslora=True,
             rank_pattern={"k_proj": 5, "layers.1.mlp.down_proj": 7},
             alpha_pattern={"q_proj": 9, r"^model\.layers\.0\.mlp\.down_proj": 3}), False),
    "gemma3-all": ("gemma3", dict(r=4, lora_alpha=4, target_modules=ALL), True),
    "qwen3_moe-attention": (
        "qwen3_moe", dict(r=4, lora_alpha=8, target_modules=["q_proj", "k_proj", "v_proj", "o_proj"]), True),
}


def base(name):
    model = transformers.AutoModelForCausalLM.from_pretrained(
        HERE / name, attn_implementation="eager", dtype=torch.float32)
    return model.eval()


def logits(model, path, ids):
    with torch.no_grad():
        model(torch.tensor([ids])).logits[0].numpy().astype("<f4").tofile(path)


def make(name, ids):
    model_name, fields, has_gguf = ADAPTERS[name]
    model = get_peft_model(base(model_name), LoraConfig(task_type="CAUSAL_LM", bias="none", **fields))
    generator = torch.Generator().manual_seed(len(name) * 100 + ord(name[-1]))
    for key, weight in model.named_parameters():
        if "lora_" in key:
            noise = torch.randn(weight.shape, generator=generator)
            size = 0.5 if "lora_B" in key else weight.shape[-1] ** -0.5
            weight.data = (size * noise).to(torch.bfloat16).float()
    folder = FOLDER / name
    model.save_pretrained(folder)
    (folder / "README.md").unlink()
    settings = json.loads((folder / "adapter_config.json").read_text())
    # Where this machine keeps the model is nobody's business.
    settings["base_model_name_or_path"] = model_name
    settings["target_modules"].sort()
    (folder / "adapter_config.json").write_text(json.dumps(settings, indent=1, sort_keys=True) + "\n")
    (folder / "adapter_model.safetensors").chmod(0o644)
    logits(model, folder / "logits.f32", ids)
    if has_gguf:
        tensors = load_file(folder / "adapter_model.safetensors")
        write_gguf(FOLDER / f"{name}.gguf", base(model_name).config, settings, tensors)
    print(name, "bytes", (folder / "adapter_model.safetensors").stat().st_size)


def write_gguf(path, config, settings, tensors):
    architecture = {"gemma3_text": "gemma3", "qwen3_moe": "qwen3moe"}.get(config.model_type, config.model_type)
    writer = gguf.GGUFWriter(str(path), architecture)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, float(settings["lora_alpha"]))
    names = gguf.get_tensor_name_map(
        {value: key for key, value in gguf.MODEL_ARCH_NAMES.items()}[architecture], config.num_hidden_layers)
    head_dim = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    for name, value in tensors.items():
        module, part = name.removeprefix("base_model.model.").removesuffix(".weight").rsplit(".", 1)
        value = value.numpy()
        if architecture == "llama" and part == "lora_B" and module.endswith(("q_proj", "k_proj")):
            rows, rank = value.shape
            value = value.reshape(rows // head_dim, 2, head_dim // 2, rank).swapaxes(1, 2).reshape(rows, rank)
        base_name = names.get_name(f"{module}.weight", try_suffixes=(".weight",))
        writer.add_tensor(f"{base_name}.{part.lower()}", np.ascontiguousarray(value))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def make_sum(ids):
    model = PeftModel.from_pretrained(base("qwen2"), FOLDER / "qwen2-all", adapter_name="one")
    model.load_adapter(FOLDER / "qwen2-attention", adapter_name="two")
    model.base_model.set_adapter(["one", "two"])
    for module in model.modules():
        if isinstance(getattr(module, "scaling", None), dict) and "one" in module.scaling:
            module.scaling["one"] *= 0.5
    logits(model.eval(), FOLDER / "sum.f32", ids)


def main():
    ids = json.loads((HERE / "ids.json").read_text())
    FOLDER.mkdir(exist_ok=True)
    for name in ADAPTERS:
        make(name, ids)
    make_sum(ids)


main()
