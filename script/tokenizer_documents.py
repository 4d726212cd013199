"""tokenizer.json documents for the vocabularies of GGUF files, as the models' makers publish them."""
from tokenizer_peers import BYTE, CONTROL, UNKNOWN, USER_DEFINED, Vocabulary, byte_alphabet

CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
SPACES = r"|\s*[\r\n]+|\s+(?!\S)|\s+"
SYMBOLS = r"| ?[^\s\p{L}\p{N}]+[\r\n]*"
WORD = r"[^\r\n\p{L}\p{N}]?\p{L}+"
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
CAPITALS, SMALLS = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
PREFIX = r"[^\r\n\p{L}\p{N}]?"
EASTERN = "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"
CASED = (
    "["
    "A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293\u0295-\u02af\u0370-\u0373"
    "\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03f5\u03f7-\u0481\u048a-"
    "\u052f\u0531-\u0556\u10a0-\u10c5\u13a0-\u13f5\u13f8-\u13fd\u1c90-\u1cba\u1cbd-\u1cbf\u1d00-\u1d2b\u1d6b-"
    "\u1d77\u1d79-\u1d9a\u1e00-\u1f15\u1f18-\u1f1d\u1f20-\u1f45\u1f48-\u1f4d\u1f50-\u1f57\u1f59\u1f5b\u1f5d"
    "\u1f5f-\u1f7d\u1f80-\u1fb4\u1fb6-\u1fbc\u1fbe\u1fc2-\u1fc4\u1fc6-\u1fcc\u1fd0-\u1fd3\u1fd6-\u1fdb\u1fe0-"
    "\u1fec\u1ff2-\u1ff4\u1ff6-\u1ffc\u2102\u2107\u210a-\u2113\u2115\u2119-\u211d\u2124\u2126\u2128\u212a-"
    "\u212d\u212f-\u2134\u2139\u213c-\u213f\u2145-\u2149\u214e\u2183\u2184\u2c00-\u2c7b\u2c7e-\u2ce4\u2ceb-"
    "\u2cee\u2cf2\u2cf3\ua640-\ua66d\ua680-\ua69b\ua722-\ua76f\ua771-\ua787\ua78b-\ua78e\uab70-\uabbf\ufb00-"
    "\ufb06\ufb13-\ufb17\uff21-\uff3a\uff41-\uff5a\U00010400-\U0001044f\U000104b0-\U000104d3\U000104d8-"
    "\U000104fb\U00010c80-\U00010cb2\U00010cc0-\U00010cf2\U000118a0-\U000118df\U0001e900-\U0001e943"
    "]+")


def cased(tail: str, digits: str) -> str:
    return (f"{PREFIX}{CAPITALS}*{SMALLS}+{tail}|{PREFIX}{CAPITALS}+{SMALLS}*{tail}|{digits}"
            r"| ?[^\s\p{L}\p{N}]+[\r\n/]*" + SPACES)


def split(pattern: str, behavior: str = "Isolated") -> dict:
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": behavior, "invert": False}


def byte_level(regex: bool) -> dict:
    return {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": regex}


def digits(individual: bool) -> dict:
    return {"type": "Digits", "individual_digits": individual}


BYTES = byte_level(False)
# By the name in a GGUF file: what the model's own tokenizer.json has.
PUBLISHED = {
    "gpt-2": [byte_level(True)],
    "qwen2": [split(CONTRACTIONS + "|" + WORD + r"|\p{N}" + SYMBOLS + SPACES), BYTES],
    "qwen35": [split(CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*" + SPACES),
               BYTES],
    "llama-bpe": [split(CONTRACTIONS + "|" + WORD + r"|\p{N}{1,3}" + SYMBOLS + SPACES), BYTES],
    "smollm": [digits(True), byte_level(True)],
    "falcon": [{"type": "Punctuation", "behavior": "Contiguous"}, byte_level(True), digits(False),
               split("[0-9][0-9][0-9]")],
    "deepseek-llm": [split("[\r\n]"), split("\\s?" + CASED), split("\\s?[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+"), split(r"\s+$"),
                     split(EASTERN), digits(False), BYTES],
    "deepseek-coder": [split("[\r\n]"), split(r"\s?\p{L}+"), split(r"\s?\p{P}+"), split(EASTERN), digits(True), BYTES],
    "deepseek-v3": [split(r"\p{N}{1,3}"), split("[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"),
                    split(r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"""
                          r"| ?[\p{P}\p{S}]+[\r\n]*" + SPACES), BYTES],
    "tekken": [split(cased("", r"\p{N}")), BYTES],
    "gpt-4o": [split(cased(CONTRACTIONS + "?", r"\p{N}{1,3}")), BYTES],
    "superbpe": [split(r"\p{N}+"), split(r"(?=(\d{3})+(?!\d))"), BYTES],
    "bloom": [split(" ?[^(\\s|[.,!?…。，、।۔،])]+"), BYTES],
}
IGNORES_MERGES = {"llama-bpe", "tekken"}
# Where llama.cpp, which GGUF files are read like, cuts otherwise than the published file.
IN_GGUF = {
    "superbpe": [split(r"\p{N}+"), split("(?=([0-9]{3})+(?![0-9]))"), BYTES],
    "falcon": [split(r"[\p{P}\$\+<=>\^~\|`]+"), split(GPT2), split("[0-9][0-9][0-9]"), BYTES],
    "deepseek-coder": [split("[\r\n]"), split(r"\s?\p{L}+"), split(r"\s?\p{P}+"), split(EASTERN), split(r"\p{N}"), BYTES],
    "deepseek-llm": [*PUBLISHED["deepseek-llm"][:5], split(r"\p{N}+"), BYTES],
    "smollm": [split(r"\p{N}"), byte_level(True)],
}
# All names that danlu knows; those not above are compared with llama.cpp alone.
NAMES = [
    "a.x-4.0", "bailingmoe", "bailingmoe2", "bloom", "chatglm-bpe", "codeshell", "command-r", "dbrx",
    "deepseek-coder", "deepseek-llm", "deepseek-r1-qwen", "deepseek-v3", "default", "exaone", "exaone4", "f2llmv2",
    "falcon", "falcon-h1", "falcon3", "gigachat", "glm4", "glm5", "gpt-2", "gpt-4o", "gpt3-finnish",
    "granite-docling", "grok-2", "hunyuan", "hunyuan-dense", "hy_v4", "jais", "jina-de", "jina-es", "jina-v2-de",
    "jina-v2-es", "jina-v5-nano", "joyai-llm", "kanana2", "kormo", "lfm2", "llada-moe", "llama-bpe", "llama-v3",
    "llama3", "llama4", "megrez", "mellum", "mellum2", "midm-2.0", "minerva-7b", "minimax-m2", "modern-bert", "mpt",
    "olmo", "phi-2", "pixtral", "poro-chat", "qwen2", "qwen35", "refact", "seed-coder", "smaug-bpe", "smollm",
    "solar-open", "stablelm2", "starcoder", "superbpe", "talkie", "tekken", "trillion", "ufakzeka", "viking",
]
NORMALIZED = {"qwen2": {"type": "NFC"}, "qwen35": {"type": "NFC"}}


def reads_otherwise(vocabulary: Vocabulary):
    """What Hugging Face's package reads otherwise than llama.cpp, also with the same rules."""
    alphabet = byte_alphabet()
    missing = {b for b in range(256) if vocabulary.model == "gpt2" and alphabet[b] not in vocabulary.tokens[:1000]}
    stripping = [token["content"] for token in added_tokens(vocabulary) if token["rstrip"]]

    def test(text: bytes) -> bool:
        # Bytes without a token go before merging there, and after it in llama.cpp.
        if any(byte in missing for byte in text):
            return True
        # A token that takes the white space after it takes that of Unicode there, that of ASCII in llama.cpp.
        string = text.decode()
        for token in stripping:
            after = string.split(token)[1:]
            if any(part[: len(part) - len(part.lstrip())].strip(" \t\n\r\v\f") for part in after):
                return True
        return False
    return test


def document(vocabulary: Vocabulary, published: bool) -> dict:
    """The tokenizer.json of a vocabulary: as published, or such that it reads text as llama.cpp does."""
    out = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": added_tokens(vocabulary),
           "normalizer": None, "pre_tokenizer": None, "post_processor": None, "decoder": None}
    if vocabulary.model == "gpt2":
        steps = PUBLISHED[vocabulary.pre] if published else IN_GGUF.get(vocabulary.pre, PUBLISHED[vocabulary.pre])
        out["normalizer"] = NORMALIZED.get(vocabulary.pre) if published else None
        out["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": steps}
        out["decoder"] = byte_level(True)
        out["model"] = byte_pair(vocabulary, [tuple(split_rule(rule)) for rule in vocabulary.merges], None)
        out["model"]["ignore_merges"] = vocabulary.pre in IGNORES_MERGES
    else:
        spaced = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
        steps = [{"type": "Prepend", "prepend": "▁"}] if vocabulary.add_space_prefix else []
        out["normalizer"] = {"type": "Sequence", "normalizers": [*steps, spaced]}
        if not vocabulary.add_space_prefix:
            out["pre_tokenizer"] = {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious",
                                    "invert": False}
        out["decoder"] = {"type": "Sequence", "decoders": [
            {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}]}
        out["model"] = byte_pair(vocabulary, scored_merges(vocabulary), vocabulary.tokens[vocabulary.unknown])
    return out


def split_rule(rule: str) -> list[str]:
    place = rule.index(" ", 1)
    return [rule[:place], rule[place + 1:]]


def byte_pair(vocabulary: Vocabulary, merges: list[tuple[str, str]], unknown: str | None) -> dict:
    return {"type": "BPE", "dropout": None, "unk_token": unknown, "continuing_subword_prefix": None,
            "end_of_word_suffix": None, "fuse_unk": unknown is not None, "byte_fallback": unknown is not None,
            "ignore_merges": False, "vocab": {token: i for i, token in enumerate(vocabulary.tokens)},
            "merges": [list(pair) for pair in merges]}


def scored_merges(vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Rules that merge as SentencePiece does by score: best result first, then the parts with the smaller ids."""
    ids = {t: i for i, t in enumerate(vocabulary.tokens) if vocabulary.kinds[i] not in (CONTROL, UNKNOWN, BYTE)}
    found = []
    for token, i in ids.items():
        for k in range(1, len(token)):
            if token[:k] in ids and token[k:] in ids:
                found.append((-vocabulary.scores[i], ids[token[:k]], ids[token[k:]], token[:k], token[k:]))
    found.sort()
    return [(left, right) for *_, left, right in found]


def added_tokens(vocabulary: Vocabulary) -> list[dict]:
    is_phi3 = "phi" in vocabulary.name.lower()
    out = []
    for i, token in vocabulary.added():
        strips = is_phi3 and token not in ("<unk>", "<s>", "<|endoftext|>")
        out.append({"id": i, "content": token, "single_word": False, "lstrip": False, "rstrip": strips,
                    "normalized": False, "special": vocabulary.kinds[i] != USER_DEFINED})
    return out
