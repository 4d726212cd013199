"""See script/tokenizer-differential."""
import argparse
import os
import shutil
import sys
import tempfile

os.environ.setdefault("RAYON_NUM_THREADS", "1")

from tokenizer_cases import cases
from tokenizer_documents import NAMES, PUBLISHED, document, reads_otherwise
from tokenizer_peers import Danlu, HuggingFace, Llama, SentencePiece, Vocabulary
from tokenizer_unigram import train_unigram

differences = 0


def compare(name: str, peer_name: str, texts: list[bytes], ours: list, theirs: list) -> None:
    global differences
    compared = [(t, a, b) for t, a, b in zip(texts, ours, theirs) if b is not None]
    wrong = [entry for entry in compared if entry[1] != entry[2]]
    differences += len(wrong)
    print(f"{name:34} {peer_name:24} {len(compared):6} texts {sum(len(a) for _, a, _ in compared):8} ids"
          f" {len(wrong):5} differences", flush=True)
    for text, a, b in sorted(wrong, key=lambda entry: len(entry[0]))[:3]:
        print(f"    {text!r}\n      danlu {a}\n      {peer_name} {b}")


def variants(vocabulary: Vocabulary, names: list[str], folder: str):
    """The vocabulary, and GPT-2's also with all the other pre-tokenizers."""
    yield vocabulary
    for pre in names if vocabulary.pre == "gpt-2" else []:
        if pre != "gpt-2":
            path = os.path.join(folder, f"gpt-2+{pre}.gguf")
            write_variant(vocabulary, pre, path)
            yield Vocabulary(path)
            os.remove(path)


def write_variant(vocabulary: Vocabulary, pre: str, path: str) -> None:
    from gguf import GGUFWriter
    writer = GGUFWriter(path, "gpt2")
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(vocabulary.kinds)
    writer.add_token_merges(vocabulary.merges)
    writer.add_bos_token_id(vocabulary.tokens.index("<|endoftext|>"))
    writer.add_eos_token_id(vocabulary.tokens.index("<|endoftext|>"))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def check(vocabulary: Vocabulary, arguments, folder: str) -> None:
    name = os.path.basename(vocabulary.path).removesuffix(".gguf")
    texts = cases(vocabulary.texts(), arguments.data, arguments.texts)
    published = os.path.join(folder, "tokenizer.json")
    for special in (False, True):
        title = name + (" special" if special else "")
        ours = Danlu(arguments.danlu, vocabulary.path, special).encode(texts)
        if arguments.llama:
            compare(title, "llama.cpp", texts, ours, Llama(arguments.llama, vocabulary, special).encode(texts))
        if vocabulary.model == "gpt2" and vocabulary.pre not in PUBLISHED:
            continue
        peer = HuggingFace(document(vocabulary, published=False), special, reads_otherwise(vocabulary))
        compare(title, "Hugging Face", texts, ours, peer.encode(texts))
        if vocabulary.model == "llama" and not special:
            compare(title, "SentencePiece", texts, ours, SentencePiece(vocabulary).encode(texts))
        peer = HuggingFace(document(vocabulary, published=True), special)
        peer.save(published)
        ours = Danlu(arguments.danlu, published, special).encode(texts)
        compare(title + " json", "Hugging Face", texts, ours, peer.encode(texts))


def check_unigram(arguments, folder: str) -> None:
    """Small unigram models, trained here, through both kinds of files."""
    for byte_fallback in (False, True):
        trained = train_unigram(arguments.data, folder, byte_fallback)
        name = "unigram" + (" with bytes" if byte_fallback else "")
        texts = cases(trained.pieces, arguments.data, arguments.texts)
        # There the text of a control or byte token becomes that token, whatever is asked.
        peer = HuggingFace(trained.document, False, lambda text: any(name in text for name in trained.controls))
        peer.save(os.path.join(folder, "tokenizer.json"))
        ours = Danlu(arguments.danlu, os.path.join(folder, "tokenizer.json"), False).encode(texts)
        compare(name + " json", "Hugging Face", texts, ours, peer.encode(texts))
        if not byte_fallback:
            ours = Danlu(arguments.danlu, trained.path, False).encode(texts)
            compare(name, "SentencePiece", texts, ours, trained.without_ties(ours, trained.encode(texts)))
            if arguments.llama:
                peer = Llama(arguments.llama, Vocabulary(trained.path), False)
                compare(name, "llama.cpp", texts, ours, peer.encode(texts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--danlu", default=".build/release/danlu")
    parser.add_argument("--data", help="folder with real text")
    parser.add_argument("--llama", help="llama.cpp source tree with a build")
    parser.add_argument("--texts", type=int, default=24000, help="number of texts; a sixth are not UTF-8")
    parser.add_argument("--no-unigram", action="store_true")
    parser.add_argument("--pre", help="only these pre-tokenizers, with commas", default="")
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="danlu-tokenizers")
    try:
        for path in arguments.files:
            names = NAMES if arguments.llama else list(PUBLISHED)
            for vocabulary in variants(Vocabulary(path), names, folder):
                if arguments.pre and vocabulary.pre not in arguments.pre.split(","):
                    continue
                check(vocabulary, arguments, folder)
        if not arguments.no_unigram:
            check_unigram(arguments, folder)
    finally:
        shutil.rmtree(folder)
    print(f"{differences} differences")
    sys.exit(differences > 0)


main()
