"""Makes the small Qwen3-shaped models that script/test-export exports, with transformers.

    export_model.py --output FOLDER [--data FOLDER] [--steps N] [--hidden N] [--layers N] [--seed N]

Without --data the weights are random and the tokenizer learns from a few sentences. With it, a byte-level BPE tokenizer
(Qwen2's pre-tokenizer) and then the model learn from the JSON lines there: that takes minutes, and the figures of
quantised files mean something. The last file, held.txt, is text that was kept back.
"""

import argparse
import gzip
import json
import math
import pathlib
import random
import time

import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CONTROLS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SENTENCES = [
    "The quick brown fox jumps over the lazy dog. It's 12,345 times faster than you'd think!",
    "床前明月光，疑是地上霜。举头望明月，低头思故乡。",
    "def main():\n    return [x ** 2 for x in range(10)]\n\n\n",
    "  Spaces   and\ttabs, “quotes”, émigré, naïve, Größe, Привет, 日本語, 🙂👍🏽.",
]


def documents(folder: pathlib.Path) -> list[str]:
    """Poems, documentation and word problems, in an order that the seed decides."""
    texts = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if "poems" in path.name and number % 8:
                    continue
                value = json.loads(line)
                text = value.get("text") or "\n".join(str(value.get(key, "")) for key in ("question", "answer"))
                texts += [text[start : start + 4000] for start in range(0, len(text), 4000)]
    random.shuffle(texts)
    return texts


def make_tokenizer(texts: list[str], size: int) -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.BPE())
    byte_level = {"add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(PATTERN), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel(**byte_level)
    tokenizer.post_processor = processors.ByteLevel(**byte_level)
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=[AddedToken(text, special=True) for text in CONTROLS], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(texts, trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token=CONTROLS[0], pad_token=CONTROLS[0],
        additional_special_tokens=CONTROLS[1:],
    )
    fast.chat_template = TEMPLATE
    return fast


def batches(ids: torch.Tensor, rows: int, length: int, steps: int):
    for _ in range(steps):
        starts = torch.randint(0, len(ids) - length, (rows,))
        yield torch.stack([ids[start : start + length] for start in starts.tolist()])


def train(model: Qwen3ForCausalLM, ids: torch.Tensor, steps: int) -> None:
    matrices = [p for p in model.parameters() if p.ndim > 1]
    norms = [p for p in model.parameters() if p.ndim == 1]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.1}, {"params": norms, "weight_decay": 0.0}], lr=1e-3,
        betas=(0.9, 0.95), fused=True,
    )
    began = time.monotonic()
    for step, batch in enumerate(batches(ids, 16, 192, steps)):
        share = min(1, (step + 1) / 20) * 0.5 * (1 + math.cos(math.pi * step / steps))
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * share
        with torch.autocast("cpu", torch.bfloat16):
            loss = model(input_ids=batch, labels=batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if step % 20 == 0:
            print(f"step {step} of {steps}, loss {loss.item():.3f}, {time.monotonic() - began:.0f} s", flush=True)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--output", type=pathlib.Path, required=True)
    options.add_argument("--data", type=pathlib.Path)
    options.add_argument("--steps", type=int, default=600)
    options.add_argument("--hidden", type=int, default=256)
    options.add_argument("--layers", type=int, default=4)
    options.add_argument("--vocabulary", type=int, default=4096)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--untied", action="store_true")
    given = options.parse_args()
    random.seed(given.seed)
    torch.manual_seed(given.seed)
    texts = documents(given.data) if given.data else SENTENCES * 8
    held = texts[: len(texts) // 50 or 1] if given.data else SENTENCES
    texts = texts[len(held) :] if given.data else texts
    tokenizer = make_tokenizer(texts[:20000], given.vocabulary)
    config = Qwen3Config(
        vocab_size=len(tokenizer), hidden_size=given.hidden, intermediate_size=4 * given.hidden,
        num_hidden_layers=given.layers, num_attention_heads=given.hidden // 64,
        num_key_value_heads=max(1, given.hidden // 128), head_dim=64, max_position_embeddings=1024,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0}, rms_norm_eps=1e-6,
        tie_word_embeddings=not given.untied, eos_token_id=tokenizer.eos_token_id, bos_token_id=None,
        pad_token_id=tokenizer.pad_token_id,
    )
    model = Qwen3ForCausalLM(config).float()
    if given.data:
        ends = [tokenizer.eos_token_id]
        ids = [i for row in tokenizer(texts[:30000], add_special_tokens=False)["input_ids"] for i in row + ends]
        print(f"{sum(p.numel() for p in model.parameters())} parameters, {len(ids)} tokens", flush=True)
        train(model, torch.tensor(ids), given.steps)
    model.save_pretrained(given.output, safe_serialization=True)
    tokenizer.save_pretrained(given.output)
    (given.output / "held.txt").write_text("\n\n".join(held)[:200_000], encoding="utf-8")


if __name__ == "__main__":
    main()
