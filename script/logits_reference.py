"""The reference of script/logits-differential: a GGUF file's tensors dequantised by the gguf package, in transformers'
model of the architecture, in fp32."""
import gguf
import numpy as np
import torch
import transformers

CLASSES = {
    "llama": "Llama", "qwen2": "Qwen2", "qwen3": "Qwen3", "gemma2": "Gemma2", "gemma3": "Gemma3Text",
}
NAMES = {
    "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm", "post_attention_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
    "post_ffw_norm": "post_feedforward_layernorm",
}


class GGUFModel:
    def __init__(self, path: str):
        self.reader = gguf.GGUFReader(path)
        self.architecture = self.field("general.architecture")
        if self.architecture not in CLASSES:
            raise SystemExit(f"{path}: no reference for {self.architecture}; there is one for {', '.join(CLASSES)}")
        self.is_gemma = self.architecture.startswith("gemma")

    def field(self, name: str, default=None):
        field = self.reader.fields.get(name)
        return default if field is None else field.contents()

    def of_model(self, name: str, default=None):
        return self.field(f"{self.architecture}.{name}", default)

    def bos(self) -> list[int]:
        """What stands before a text."""
        return [self.field("tokenizer.ggml.bos_token_id")] if self.field("tokenizer.ggml.add_bos_token") else []

    def config(self):
        heads, width = self.of_model("attention.head_count"), self.of_model("embedding_length")
        self.head_dim = self.of_model("attention.key_length", width // heads)
        rotary = dict(rope_type="default", rope_theta=self.of_model("rope.freq_base", 10000.0))
        scaling = self.of_model("rope.scaling.type", "none")
        if scaling != "none" or any(tensor.name == "rope_freqs.weight" for tensor in self.reader.tensors):
            raise SystemExit("the reference has no scaled rotations")
        fields = dict(
            vocab_size=len(self.field("tokenizer.ggml.tokens")), hidden_size=width,
            intermediate_size=self.of_model("feed_forward_length"), num_hidden_layers=self.of_model("block_count"),
            num_attention_heads=heads, num_key_value_heads=self.of_model("attention.head_count_kv", heads),
            head_dim=self.head_dim, max_position_embeddings=self.of_model("context_length"),
            rms_norm_eps=self.of_model("attention.layer_norm_rms_epsilon"), rope_parameters=rotary,
            tie_word_embeddings=not any(t.name == "output.weight" for t in self.reader.tensors),
            bos_token_id=None, eos_token_id=None, pad_token_id=None)
        if self.is_gemma:
            fields |= dict(
                query_pre_attn_scalar=self.head_dim, sliding_window=self.of_model("attention.sliding_window"),
                final_logit_softcapping=self.of_model("final_logit_softcapping"),
                attn_logit_softcapping=self.of_model("attn_logit_softcapping"))
        if self.architecture == "gemma3":
            fields["rope_parameters"] = dict(
                full_attention=rotary, sliding_attention=dict(rope_type="default", rope_theta=10000.0))
        return getattr(transformers, CLASSES[self.architecture] + "Config")(**fields)

    def name(self, name: str) -> str:
        fixed = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight",
                 "output.weight": "lm_head.weight"}
        if name in fixed:
            return fixed[name]
        _, layer, part, kind = name.split(".")
        if part == "ffn_norm":
            part = "pre_feedforward_layernorm" if self.is_gemma else "post_attention_layernorm"
        return f"model.layers.{layer}.{NAMES.get(part, part)}.{kind}"

    def value(self, tensor) -> torch.Tensor:
        value = gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        if self.is_gemma and "norm" in tensor.name:
            value = value - 1
        if self.architecture == "llama" and (".attn_q." in tensor.name or ".attn_k." in tensor.name):
            # Files have the pairs of a rotation side by side, transformers half a head apart.
            rows, columns = value.shape
            halves = value.reshape(rows // self.head_dim, self.head_dim // 2, 2, columns)
            value = halves.swapaxes(1, 2).reshape(rows, columns)
        return torch.from_numpy(np.ascontiguousarray(value))

    def model(self):
        config = self.config()
        with torch.device("meta"):
            model = transformers.AutoModelForCausalLM.from_config(
                config, attn_implementation="eager", dtype=torch.float32)
        weights = {self.name(tensor.name): self.value(tensor) for tensor in self.reader.tensors}
        missing, left = model.load_state_dict(weights, strict=False, assign=True)
        if config.tie_word_embeddings:
            model.tie_weights()
            missing = [name for name in missing if name != "lm_head.weight"]
        if missing or left:
            raise SystemExit(f"tensors missing: {missing}; left over: {left}")
        restore_buffers(model, config)
        return model.eval()


def restore_buffers(model, config):
    """What a model computes when it is made (frequencies, scales) has no content after it was made without memory."""
    # Six layers of Gemma have both kinds of attention.
    small = {**config.to_dict(), "vocab_size": 8, "intermediate_size": 8, "layer_types": None,
             "num_hidden_layers": min(6, config.num_hidden_layers)}
    whole = transformers.AutoModelForCausalLM.from_config(
        type(config)(**small), attn_implementation="eager", dtype=torch.float32)
    buffers = dict(whole.named_buffers())
    for name, _ in list(model.named_buffers()):
        owner, _, leaf = name.rpartition(".")
        model.get_submodule(owner).register_buffer(leaf, buffers[name], persistent=False)


def logits(path: str, ids: list[int]) -> np.ndarray:
    """One row a token."""
    model = GGUFModel(path).model()
    with torch.no_grad():
        return model(torch.tensor([ids]), use_cache=False).logits[0].numpy()
