"""Trains a small SentencePiece unigram model and writes it as GGUF and as tokenizer.json."""
import base64
import os

from tokenizer_cases import real_lines
from tokenizer_peers import text_of


class Unigram:
    def __init__(self, processor, model, path: str, document: dict):
        self.processor = processor
        self.pieces = [p.piece.replace("▁", " ") for p in model.pieces]
        self.controls = [p.piece.encode() for p in model.pieces if p.type in (2, 3, 6)]
        self.scores = [0.0 if p.type == 4 else p.score for p in model.pieces]
        self.added = [p.piece.encode() for p in model.pieces if p.type == 4]
        self.path = path
        self.document = document

    def encode(self, texts: list[bytes]) -> list[list[int] | None]:
        def one(text: bytes):
            if text_of(text) is None or b"\0" in text or any(token in text for token in self.added):
                return None
            return self.processor.encode(text.decode())
        return [one(text) for text in texts]

    def without_ties(self, ours: list, theirs: list) -> list:
        """Answers but those with the sum of ours: SentencePiece adds in single precision, llama.cpp in double, and of
        equal sums rounding decides."""
        def total(ids):
            return sum(self.scores[i] for i in ids)
        return [None if b is not None and a != b and abs(total(a) - total(b)) < 1e-3 else b
                for a, b in zip(ours, theirs)]


def train_unigram(data: str | None, folder: str, byte_fallback: bool) -> Unigram:
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2 as proto
    prefix = os.path.join(folder, "unigram")
    lines = real_lines(data)
    lines = [line[:500] for line in lines[:: max(len(lines) // 12000, 1)]]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_prefix=prefix, vocab_size=4000, model_type="unigram", num_threads=1,
        character_coverage=0.98, byte_fallback=byte_fallback, user_defined_symbols=["<table>", "[INST]"],
        minloglevel=2)
    processor = sentencepiece.SentencePieceProcessor(model_file=prefix + ".model")
    model = proto.ModelProto()
    with open(prefix + ".model", "rb") as file:
        model.ParseFromString(file.read())
    write_gguf(model, prefix + ".gguf")
    return Unigram(processor, model, prefix + ".gguf", document(model, byte_fallback))


def write_gguf(model, path: str) -> None:
    from gguf import GGUFWriter
    writer = GGUFWriter(path, "t5")
    writer.add_tokenizer_model("t5")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([p.piece for p in model.pieces])
    writer.add_token_scores([p.score for p in model.pieces])
    writer.add_token_types([p.type for p in model.pieces])
    writer.add_unk_token_id(model.trainer_spec.unk_id)
    writer.add_bos_token_id(model.trainer_spec.bos_id)
    writer.add_eos_token_id(model.trainer_spec.eos_id)
    writer.add_add_space_prefix(model.normalizer_spec.add_dummy_prefix)
    writer.add_remove_extra_whitespaces(model.normalizer_spec.remove_extra_whitespaces)
    writer.add_precompiled_charsmap(model.normalizer_spec.precompiled_charsmap)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def document(model, byte_fallback: bool) -> dict:
    charsmap = base64.b64encode(model.normalizer_spec.precompiled_charsmap).decode()
    added = [{"id": i, "content": p.piece, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
              "special": p.type != 4} for i, p in enumerate(model.pieces) if p.type in (2, 3, 4)]
    spaces = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
            "normalizer": {"type": "Sequence", "normalizers": [
                {"type": "Precompiled", "precompiled_charsmap": charsmap},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
            "pre_tokenizer": spaces, "post_processor": None, "decoder": spaces,
            "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": byte_fallback,
                      "vocab": [[p.piece, p.score] for p in model.pieces]}}
