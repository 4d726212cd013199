"""What script/tokenizer-training does; the file of that name says how to use it. `hugging_face` is also for
benchmarks and goldens."""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile

from tokenizer_cases import real_lines

CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] + [f"<|reserved_{i}|>" for i in range(13)]
PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
           r"|\s+(?!\S)|\s+")
TOKEN_BYTES_MAX = 24


def hugging_face(documents, vocabulary_size, token_bytes_max=TOKEN_BYTES_MAX):
    """A tokenizer trained by Hugging Face's package with what danlu's trainer does by default."""
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
    print(f"ids: {len(lines) - different} of {len(lines)} lines equal, and text again")
    chat = [{"role": "user", "content": "你好"}, {"role": "assistant", "content": "hi"}]
    rendered = whole.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    expected = ("<|im_start|>user\n你好<|im_end|>\n<|im_start|>assistant\nhi<|im_end|>\n<|im_start|>assistant\n")
    print(f"chat template: {'as it should be' if rendered == expected else repr(rendered)}")
    return different == 0 and rendered == expected


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--danlu", default=".build/release/danlu")
    parser.add_argument("--data", required=True)
    parser.add_argument("--lines", type=int, default=20000)
    parser.add_argument("--vocab-size", type=int, default=8192)
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
        output = os.path.join(folder, "tokenizer")
        subprocess.run([options.danlu, "tokenizer", "train", "--input", text, "--vocab-size", str(options.vocab_size),
                        "--output", output], check=True)
        good = compare_vocabularies(output, documents, options.vocab_size)
        good = compare_ids(options.danlu, output, lines) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
