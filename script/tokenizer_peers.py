"""The peers of script/tokenizer-differential: each encodes a list of texts (bytes) to lists of ids, None for a text that
it cannot be asked about."""
import base64
import json
import os
import struct
import subprocess
import tempfile
import unicodedata

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = 1, 2, 3, 4, 5, 6


class Vocabulary:
    """What a GGUF file says of its tokenizer."""

    def __init__(self, path: str):
        from gguf import GGUFReader
        fields = GGUFReader(path).fields

        def value(name, default=None):
            return fields["tokenizer.ggml." + name].contents() if "tokenizer.ggml." + name in fields else default

        self.path = path
        self.name = fields["general.name"].contents() if "general.name" in fields else ""
        self.model = value("model")
        self.pre = value("pre", "default")
        self.tokens = value("tokens")
        self.kinds = value("token_type") or [NORMAL] * len(self.tokens)
        self.scores = value("scores")
        self.merges = value("merges")
        self.add_space_prefix = value("add_space_prefix", True)
        self.unknown = value("unknown_token_id")

    def added(self) -> list[tuple[int, str]]:
        return [(i, t) for i, t in enumerate(self.tokens) if self.kinds[i] in (UNKNOWN, CONTROL, USER_DEFINED) and t]

    def texts(self) -> list[str]:
        """What tokens look like in text."""
        if self.model != "gpt2":
            return [t.replace("▁", " ") for t in self.tokens]
        alphabet = {c: b for b, c in byte_alphabet().items()}
        out = []
        for token in self.tokens:
            try:
                out.append(bytes(alphabet[c] for c in token).decode())
            except (KeyError, UnicodeDecodeError):
                out.append(token)
        return out


def byte_alphabet() -> dict[int, str]:
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [b for b in range(256) if b not in printable]
    return {**{b: chr(b) for b in printable}, **{b: chr(0x100 + i) for i, b in enumerate(others)}}


def text_of(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


class Danlu:
    """danlu itself, on a GGUF file or a tokenizer.json."""

    def __init__(self, program: str, path: str, special: bool):
        self.command = [program, "tokenizer", "encode", "--model", path, "--lines", "--base64", "--replace", "--json"]
        self.command += ["--special"] if special else []

    def encode(self, texts: list[bytes]) -> list[list[int] | None]:
        lines = b"".join(base64.b64encode(text) + b"\n" for text in texts)
        output = subprocess.run(self.command, input=lines, stdout=subprocess.PIPE, check=True).stdout
        ids = [json.loads(line) for line in output.splitlines()]
        assert len(ids) == len(texts), f"{len(texts)} texts, {len(ids)} answers"
        return ids


class HuggingFace:
    """- leaves_out: texts that this peer reads otherwise than danlu does, on purpose."""

    def __init__(self, document: dict, special: bool, leaves_out=lambda text: False):
        from tokenizers import Tokenizer
        self.leaves_out = leaves_out
        self.tokenizer = Tokenizer.from_str(json.dumps(document))
        self.tokenizer.encode_special_tokens = not special

    def save(self, path: str) -> None:
        self.tokenizer.save(path)

    def encode(self, texts: list[bytes]) -> list[list[int] | None]:
        known = [(i, text_of(t)) for i, t in enumerate(texts) if text_of(t) is not None and not self.leaves_out(t)]
        out: list[list[int] | None] = [None] * len(texts)
        for (i, _), encoding in zip(known, self.tokenizer.encode_batch([t for _, t in known], add_special_tokens=False)):
            out[i] = encoding.ids
        return out


class SentencePiece:
    """Texts with added tokens in them are left out: there llama.cpp, whose reading is ours, cuts first and prefixes
    each part."""

    def __init__(self, vocabulary: Vocabulary):
        import sentencepiece
        from sentencepiece import sentencepiece_model_pb2 as proto
        model = proto.ModelProto()
        for token, score, kind in zip(vocabulary.tokens, vocabulary.scores, vocabulary.kinds):
            kind = CONTROL if kind == UNKNOWN else kind
            model.pieces.add(piece=token, score=score, type=kind)
        model.pieces[vocabulary.unknown].type = UNKNOWN
        model.trainer_spec.model_type = proto.TrainerSpec.BPE
        model.trainer_spec.byte_fallback = True
        model.normalizer_spec.name = "identity"
        model.normalizer_spec.add_dummy_prefix = vocabulary.add_space_prefix
        model.normalizer_spec.remove_extra_whitespaces = False
        model.normalizer_spec.escape_whitespaces = True
        self.processor = sentencepiece.SentencePieceProcessor(model_proto=model.SerializeToString())
        self.added = [t.encode() for _, t in vocabulary.added()]

    def encode(self, texts: list[bytes]) -> list[list[int] | None]:
        def one(text: bytes):
            if text_of(text) is None or b"\0" in text or any(token in text for token in self.added):
                return None
            return self.processor.encode(text.decode())
        return [one(text) for text in texts]


class Llama:
    def __init__(self, folder: str, vocabulary: Vocabulary, special: bool):
        self.program = Llama.built(folder)
        self.arguments = [vocabulary.path, "1" if special else "0"]
        # "</s>" is a control token there in every vocabulary that has it, here only where the file says so.
        tokens = vocabulary.tokens
        is_word = "</s>" in tokens and vocabulary.kinds[tokens.index("</s>")] in (NORMAL, USER_DEFINED)
        self.others = [b"</s>"] if is_word else []
        # White space beyond ASCII is hidden from these patterns there, so it cannot be in the ranges that name it.
        spaces = [0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
        self.others += [chr(c).encode() for c in spaces] if vocabulary.pre in ("deepseek-llm", "deepseek-coder") else []

        # In place of Unicode's case these have a-z and A-Z there, and no marks in words.
        self.is_cased = vocabulary.pre in ("tekken", "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2")

    def leaves_out(self, text: bytes) -> bool:
        if any(other in text for other in self.others):
            return True
        return self.is_cased and any(c > "\x7f" and unicodedata.category(c) in ("Lu", "Lt", "Ll", "Mn", "Mc", "Me")
                                     for c in text.decode(errors="replace"))

    @staticmethod
    def built(folder: str) -> str:
        """tokenizer_llama.c, compiled against the library in the tree."""
        source = os.path.join(os.path.dirname(__file__), "tokenizer_llama.c")
        library = next((os.path.dirname(os.path.join(at, "libllama.so")) for at, _, names in os.walk(folder)
                        if "libllama.so" in names), None)
        if library is None:
            raise SystemExit(f"no libllama.so in {folder}: build it there first, with shared libraries")
        program = os.path.join(tempfile.gettempdir(), f"tokenizer_llama.{os.getpid()}")
        if not os.path.exists(program):
            subprocess.run(["cc", "-O2", "-o", program, source, f"-I{folder}/include", f"-I{folder}/ggml/include",
                            f"-L{library}", "-lllama", f"-Wl,-rpath,{library}", "-Wl,--unresolved-symbols=ignore-all"],
                           check=True)
        return program

    def encode(self, texts: list[bytes]) -> list[list[int] | None]:
        data = b"".join(struct.pack("<I", len(text)) + text for text in texts)
        output = subprocess.run([self.program, *self.arguments], input=data, stdout=subprocess.PIPE, check=True).stdout
        lines = output.decode().split("\n")[:-1]
        assert len(lines) == len(texts), f"{len(texts)} texts, {len(lines)} answers"
        return [None if self.leaves_out(text) else [int(word) for word in line.split()]
                for text, line in zip(texts, lines)]
