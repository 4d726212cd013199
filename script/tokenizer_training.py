"""What script/tokenizer-training does; the file of that name says how to use it. `hugging_face` is also for
benchmarks and goldens."""
import argparse
import base64
import json
import os
import random
import subprocess
import sys
import tempfile

from tokenizer_cases import real_lines
from tokenizer_peers import CONTROL as CONTROL_KIND, NORMAL, Llama, Vocabulary, byte_alphabet

CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] + [f"<|reserved_{i}|>" for i in range(13)]
PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
           r"|\s+(?!\S)|\s+")
TOKEN_BYTES_MAX = 24


def hugging_face(documents, vocabulary_size, token_bytes_max=TOKEN_BYTES_MAX):
    """A tokenizer trained by Hugging Face's package as danlu's trainer does with --phrases 0."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PATTERN), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    # Its bound is the first length that is too long.
    tokenizer.train_from_iterator(documents, trainers.BpeTrainer(
        vocab_size=vocabulary_size, min_frequency=2, special_tokens=CONTROL, max_token_length=token_bytes_max + 1,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return tokenizer


def model(text):
    parsed = json.loads(text)["model"]
    return parsed["vocab"], [rule.split(" ") if isinstance(rule, str) else rule for rule in parsed["merges"]]


def compare_vocabularies(folder, documents, size):
    with open(os.path.join(folder, "tokenizer.json"), encoding="utf-8") as file:
        vocab, merges = model(file.read())
    peer_vocab, peer_merges = model(hugging_face(documents, size).to_str())
    same = sum(a == b for a, b in zip(merges, peer_merges))
    print(f"vocabulary: {len(set(vocab) & set(peer_vocab))} of {len(peer_vocab)} tokens the same, "
          f"{same} of {len(peer_merges)} merges in the same place, ids {'equal' if vocab == peer_vocab else 'DIFFERENT'}")
    return vocab == peer_vocab and merges == peer_merges


def compare_ids(danlu, folder, lines):
    import tokenizers
    import transformers
    text = "\n".join(lines) + "\n"
    command = [danlu, "tokenizer", "encode", "--model", folder, "--lines", "--json"]
    ours = subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True).stdout.decode().split("\n")
    ours = [json.loads(line) for line in ours[:-1]]
    assert len(ours) == len(lines), f"{len(ours)} answers to {len(lines)} lines"
    plain = tokenizers.Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
    whole = transformers.AutoTokenizer.from_pretrained(folder)
    different = 0
    for line, ids, encoding in zip(lines, ours, plain.encode_batch(lines)):
        if ids != encoding.ids or ids != whole(line)["input_ids"] or plain.decode(ids) != line:
            different += 1
            if different < 5:
                print(f"different: {line!r}\n  danlu {ids}\n  peer  {encoding.ids}")
    # Whole texts too: words that join may join across lines.
    documents = ["".join(line + "\n" for line in lines[place:place + 40]) for place in range(0, len(lines), 40)]
    wrong = sum(ids != encoding.ids for ids, encoding in zip(encoded(danlu, folder, [d.encode() for d in documents]),
                                                             plain.encode_batch(documents)))
    print(f"ids: {len(documents) - wrong} of {len(documents)} texts of 40 lines equal")
    different += wrong
    print(f"ids: {len(lines) - different} of {len(lines)} lines equal, and text again")
    chat = [{"role": "user", "content": "你好"}, {"role": "assistant", "content": "hi"}]
    rendered = whole.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    expected = ("<|im_start|>user\n你好<|im_end|>\n<|im_start|>assistant\nhi<|im_end|>\n<|im_start|>assistant\n")
    print(f"chat template: {'as it should be' if rendered == expected else repr(rendered)}")
    return different == 0 and rendered == expected


def encoded(danlu, folder, texts):
    """danlu's ids of texts of any bytes."""
    command = [danlu, "tokenizer", "encode", "--model", folder, "--lines", "--base64", "--json"]
    lines = b"".join(base64.b64encode(text) + b"\n" for text in texts)
    output = subprocess.run(command, input=lines, stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in output.splitlines()]


def compare_bytes(danlu, folder):
    """Any bytes come back, through files too."""
    source = random.Random(6)
    texts = [source.randbytes(source.randrange(1, 200)) for _ in range(500)]
    texts += ["你好 of the".encode()[:-source.randrange(1, 4)] + source.randbytes(3) for _ in range(200)]
    table = json.load(open(os.path.join(folder, "tokenizer.json"), encoding="utf-8"))["model"]["vocab"]
    letters = {c: b for b, c in byte_alphabet().items()}
    spelled = {id_: bytes(letters[c] for c in token) for token, id_ in table.items() if set(token) <= set(letters)}
    wrong = sum(b"".join(spelled[id_] for id_ in ids) != text
                for text, ids in zip(texts, encoded(danlu, folder, texts)))
    blob = source.randbytes(1 << 20)
    ids = subprocess.run([danlu, "tokenizer", "encode", "--model", folder], input=blob, stdout=subprocess.PIPE,
                         check=True).stdout
    back = subprocess.run([danlu, "tokenizer", "decode", "--model", folder], input=ids, stdout=subprocess.PIPE,
                          check=True).stdout
    print(f"bytes: {len(texts) - wrong} of {len(texts)} come back, and a megabyte through files "
          f"{'too' if back == blob else 'DOES NOT'}")
    return wrong == 0 and back == blob


def compare_llama(danlu, folder, llama, lines):
    """llama.cpp's ids, from a GGUF file with what the folder has."""
    from gguf import GGUFWriter
    with open(os.path.join(folder, "tokenizer.json"), encoding="utf-8") as file:
        document = json.load(file)
    vocab, merges = model(json.dumps(document))
    control = {token["id"] for token in document["added_tokens"]}
    path = os.path.join(folder, "vocabulary.gguf")
    writer = GGUFWriter(path, "gpt2")
    writer.add_tokenizer_model("gpt2")
    info = subprocess.run([danlu, "tokenizer", "info", folder, "--json"], stdout=subprocess.PIPE, check=True).stdout
    writer.add_tokenizer_pre(json.loads(info)["pre_tokenizer"])
    tokens = sorted(vocab, key=vocab.get)
    writer.add_token_list(tokens)
    writer.add_token_types([CONTROL_KIND if i in control else NORMAL for i in range(len(tokens))])
    writer.add_token_merges([" ".join(rule) for rule in merges])
    writer.add_eos_token_id(0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    texts = [line.encode() for line in lines]
    theirs = Llama(llama, Vocabulary(path), False).encode(texts)
    good = True
    for name, model_ in (("tokenizer.json", folder), ("GGUF", path)):
        wrong = [(t, a, b) for t, a, b in zip(texts, encoded(danlu, model_, texts), theirs) if a != b]
        print(f"llama.cpp: {len(texts) - len(wrong)} of {len(texts)} lines equal ({name})")
        for text, ours, other in wrong[:3]:
            print(f"different: {text!r}\n  danlu     {ours}\n  llama.cpp {other}")
        good = good and not wrong
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--danlu", default=".build/release/danlu")
    parser.add_argument("--data", required=True)
    parser.add_argument("--lines", type=int, default=20000)
    parser.add_argument("--vocab-size", type=int, default=8192)
    parser.add_argument("--llama", help="a llama.cpp source tree with a build in it")
    options = parser.parse_args()
    all_ = real_lines(options.data)
    random.Random(5).shuffle(all_)
    lines = [line.replace("\r", " ") for line in all_[:options.lines]]
    documents = ["\n".join(all_[place:place + 50]) for place in range(options.lines, len(all_), 50)][:4000]
    with tempfile.TemporaryDirectory() as folder:
        text = os.path.join(folder, "text.jsonl")
        with open(text, "w", encoding="utf-8") as file:
            for document in documents:
                file.write(json.dumps({"text": document}, ensure_ascii=False) + "\n")
        good = True
        for name, flags in (("words", ["--phrases", "0"]), ("words and phrases", [])):
            print(f"{name}:")
            output = os.path.join(folder, name.split()[-1])
            subprocess.run([options.danlu, "tokenizer", "train", "--input", text, "--vocab-size",
                            str(options.vocab_size), "--output", output, *flags], check=True)
            if flags:
                good = compare_vocabularies(output, documents, options.vocab_size) and good
            good = compare_ids(options.danlu, output, lines) and good
            good = compare_bytes(options.danlu, output) and good
            if options.llama:
                good = compare_llama(options.danlu, output, options.llama, lines) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
