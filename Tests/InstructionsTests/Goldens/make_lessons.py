"""Ids and targets of conversations, worked out without our code: what SupervisedRenderer is measured against.

    python3 make_lessons.py [FOLDER_OF_FAMILIES]

writes beside this file tokenizer.json (a small byte-level BPE with the control tokens of many families), lessons.json
(our templates) and families.json.gz (templates of model makers, which are not kept here; the test reads them where
DANLU_SHARED_DATA says). Where a template marks answers with {% generation %}, transformers' apply_chat_template says what
is taught; elsewhere the answer is what a conversation adds to the prompt that asks for it.
"""
import gzip
import json
import pathlib
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "TemplatesTests" / "Goldens"))
from reference import environment, render  # noqa: E402

PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
           r"|\s+(?!\S)|\s+")
CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|begin_of_text|>", "<|start_header_id|>",
           "<|end_header_id|>", "<|eot_id|>", "<|eom_id|>", "<|python_tag|>", "<|system|>", "<|user|>", "<|assistant|>",
           "<|end|>", "<s>", "</s>", "[INST]", "[/INST]", "<bos>", "<start_of_turn>", "<end_of_turn>", "<|start|>",
           "<|channel|>", "<|message|>", "<|return|>", "<|call|>", "<|start_of_role|>", "<|end_of_role|>",
           "<|end_of_text|>", "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>",
           "<BOS_TOKEN>", "<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>", "<seed:bos>", "<seed:eos>",
           "<|im_middle|>", "<|im_user|>", "<|im_assistant|>", "<|im_system|>"]
STRUCTURE = ["<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>"]

OURS = {
    "chatml": ("", "<|im_end|>", ["<|im_end|>"]),
    "chatml-generation": ("", "<|im_end|>", ["<|im_end|>"]),
    "chatml-text-marked": ("", "<|im_end|>", ["<|im_end|>"]),
    "reasoning": ("", "<|im_end|>", ["<|im_end|>"]),
    "headers": ("<|begin_of_text|>", "<|eot_id|>", ["<|eot_id|>", "<|eom_id|>"]),
    "end-of-text": ("<s>", "<|endoftext|>", ["<|end|>", "<|endoftext|>"]),
    "instructions": ("<s>", "</s>", ["</s>"]),
    "opens-reasoning": ("", "<|end|>", ["<|end|>"]),
    "endless": ("", "<|end|>", ["<|end|>"]),
}
FAMILIES = {
    "ByteDance-Seed-OSS": ("<seed:bos>", "<seed:eos>", ["<seed:eos>"]),
    "CohereForAI-c4ai-command-r-plus-tool_use": ("<BOS_TOKEN>", "<|END_OF_TURN_TOKEN|>", ["<|END_OF_TURN_TOKEN|>"]),
    "GLM-4.6": ("", "<|endoftext|>", ["<|endoftext|>", "<|user|>"]),
    "NousResearch-Hermes-3-Llama-3.1-8B-tool_use": ("<|begin_of_text|>", "<|im_end|>", ["<|im_end|>"]),
    "deepseek-ai-DeepSeek-R1-Distill-Qwen-32B": ("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>",
                                                 ["<｜end▁of▁sentence｜>"]),
    "deepseek-ai-DeepSeek-V3.1": ("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", ["<｜end▁of▁sentence｜>"]),
    "google-gemma-2-2b-it": ("<bos>", "<end_of_turn>", ["<end_of_turn>"]),
    "ibm-granite-granite-3.3-2B-Instruct": ("", "<|end_of_text|>", ["<|end_of_text|>"]),
    "meta-llama-Llama-3.1-8B-Instruct": ("<|begin_of_text|>", "<|eot_id|>", ["<|eot_id|>", "<|eom_id|>"]),
    "meta-llama-Llama-3.2-3B-Instruct": ("<|begin_of_text|>", "<|eot_id|>", ["<|eot_id|>", "<|eom_id|>"]),
    "microsoft-Phi-3.5-mini-instruct": ("<s>", "<|endoftext|>", ["<|end|>", "<|endoftext|>"]),
    "mistralai-Mistral-Nemo-Instruct-2407": ("<s>", "</s>", ["</s>"]),
    "openai-gpt-oss-120b": ("", "<|return|>", ["<|return|>", "<|call|>"]),
}
CHATML = ("", "<|im_end|>", ["<|im_end|>"])

WEATHER = {"type": "function", "function": {
    "name": "get_weather", "description": "Get the weather of a city. 查询天气。",
    "parameters": {"type": "object", "properties": {"city": {"type": "string", "description": "The city"}},
                   "required": ["city"]}}}
U = lambda text: {"role": "user", "content": text}
A = lambda text, **more: {"role": "assistant", "content": text, **more}
S = lambda text: {"role": "system", "content": text}
T = lambda text, id="abcdefghi": {"role": "tool", "content": text, "tool_call_id": id}
CALL = lambda city, id="abcdefghi": {
    "id": id, "type": "function", "function": {"name": "get_weather", "arguments": {"city": city}}}
CONVERSATIONS = {
    "one": [U("Hello!"), A("Hello, how can I help?")],
    "system": [S("You are helpful."), U("你好，世界！"), A("你好！有什么可以帮你？")],
    "three": [U("1+1"), A("2"), U("2+2"), A("4"), U("再加一"), A("5。")],
    "poem": [S("你是一个诗人。"), U("写一首诗：\n春眠不觉晓"), A("处处闻啼鸟。\n夜来风雨声，🌧️\n花落知多少。"), U("谢谢"), A("不客气")],
    "borders": [U("starts with lines"), A("\n\nthis"), U(" and spaces "), A("  that \n"), U("end"), A("ok")],
    "reasoning": [U("2+2?"), A("4", reasoning_content="two and two"), U("and 3+3?"),
                  A("6", reasoning_content="three and three")],
    "call": [U("Weather in 北京?"), A("", tool_calls=[CALL("北京")]), T("21.5"), A("21.5 degrees."), U("thanks"),
             A("You are welcome.")],
    "call with text": [S("Use tools."), U("Weather in Paris?"), A("Let me look.", tool_calls=[CALL("Paris")]),
                       T("sunny"), A("It is sunny.")],
    "two answers": [U("go on"), A("first"), A("second")],
}


def small_tokenizer(texts):
    tokenizer = Tokenizer(models.BPE(byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PATTERN), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=700, show_progress=False, min_frequency=2,
                                  initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in CONTROL])
    tokenizer.add_tokens([AddedToken(token, special=False, normalized=False) for token in STRUCTURE])
    return tokenizer


class Reference:
    def __init__(self, tokenizer, source, bos, eos, ends):
        self.tokenizer, self.source, self.bos, self.eos = tokenizer, source, bos, eos
        self.ends = [tokenizer.token_to_id(token) for token in ends]
        self.env = environment()

    def text(self, messages, tools, add):
        forms = ["object", "text"] if any("tool_calls" in m for m in messages) else ["object"]
        for form in forms:
            variables = {"messages": [self.form(m, form) for m in messages], "tools": tools, "documents": None,
                         "add_generation_prompt": add, "bos_token": self.bos, "eos_token": self.eos}
            kind, text = render(self.env, self.source, variables)
            if kind == "error" and tools is None and not text.startswith("TemplateError:"):
                del variables["tools"]
                kind, text = render(self.env, self.source, variables)
            if kind == "ok":
                return text
            if text.startswith("TemplateError:"):
                return None
        return None

    def form(self, message, arguments):
        """As serving gives messages to this template."""
        message = dict(message)
        if "reasoning_content" in message:
            message["thinking"] = message["reasoning_content"]
        if "tool_calls" in message:
            tests = ["content'] is not none", 'content"] is not none', ".content is not none"]
            if message["content"] == "" and any(test in self.source for test in tests):
                message["content"] = None
            if arguments == "text":
                message["tool_calls"] = [
                    {**call, "function": {**call["function"],
                                          "arguments": json.dumps(call["function"]["arguments"], ensure_ascii=False)}}
                    for call in message["tool_calls"]]
        return message

    def ids(self, text):
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def turn(self, messages, tools, answer):
        """(ids, targets) of one answer, or what is wrong with it."""
        prompt = self.text(messages[:answer], tools, True)
        whole = self.text(messages[: answer + 1], tools, False)
        if prompt is None or whole is None:
            return "template"
        start = len(prompt)
        if not whole.startswith(prompt):
            # The history is written in another way now; what follows the answer's heading is the answer still.
            bare = self.text(messages[:answer], tools, False)
            heading = prompt[len(bare):] if bare is not None and prompt.startswith(bare) else ""
            if not heading or whole.count(heading) != prompt.count(heading):
                return "opening"
            start = whole.rindex(heading) + len(heading)
        before = self.ids(prompt)
        # Where a token reaches over the border, transformers' ids are none that serving gives; both templates of ours
        # that mark answers mark the whole, so the rule below says the same.
        if "{%- generation" in self.source and self.ids(whole)[: len(before)] == before:
            return self.marked(messages[: answer + 1], tools, len(before))
        ids = before + self.ids(whole[start:])
        end = next((i for i in range(len(before), len(ids)) if ids[i] in self.ends), None)
        if end is None:
            return "end"
        if end == len(before):
            return "nothing"
        return ids[: end + 1], list(range(len(before), end + 1))

    def marked(self, messages, tools, start):
        fast = PreTrainedTokenizerFast(tokenizer_object=self.tokenizer, eos_token=self.eos)
        fast.chat_template = self.source
        result = fast.apply_chat_template(messages, tools=tools, tokenize=True, return_dict=True,
                                          return_assistant_tokens_mask=True)
        ids, mask = result["input_ids"], result["assistant_masks"]
        targets = [i for i in range(start, len(ids)) if mask[i]]
        last = targets[-1]
        if ids[last] not in self.ends and ids[last + 1] in self.ends:
            targets.append(last + 1)
        return ids[: targets[-1] + 1], targets

    def lessons(self, messages, tools):
        turns = [self.turn(messages, tools, i) for i, m in enumerate(messages) if m["role"] == "assistant"]
        for turn in turns:
            if isinstance(turn, str):
                return turn
        longest = turns[-1][0]
        if all(longest[: len(ids)] == ids for ids, _ in turns):
            turns = [(longest, sorted({place for _, targets in turns for place in targets}))]
        return [{"ids": ids, "targets": ranges(targets)} for ids, targets in turns]


def ranges(places):
    found = []
    for place in places:
        if found and found[-1][1] == place:
            found[-1][1] += 1
        else:
            found.append([place, place + 1])
    return found


def cases(tokenizer, folder, settings):
    results = {}
    for path in sorted(pathlib.Path(folder).glob("*.jinja")):
        bos, eos, ends = settings.get(path.stem, CHATML)
        reference = Reference(tokenizer, path.read_text(encoding="utf-8"), bos, eos, ends)
        results[path.stem] = {"bos": bos, "eos": eos, "ends": ends, "lessons": {
            name: reference.lessons(messages, [WEATHER] if "call" in name else None)
            for name, messages in CONVERSATIONS.items()}}
        kinds = [r if isinstance(r, str) else len(r) for r in results[path.stem]["lessons"].values()]
        print(path.stem, kinds)
    return results


def main(folder=None):
    texts = [m["content"] + "\n" for messages in CONVERSATIONS.values() for m in messages] * 4
    texts += [(HERE / "templates" / "chatml.jinja").read_text(), json.dumps(WEATHER, ensure_ascii=False)] * 4
    tokenizer = small_tokenizer(texts)
    tokenizer.save(str(HERE / "tokenizer.json"), pretty=False)
    conversations = {name: {"messages": messages, "tools": [WEATHER] if "call" in name else []}
                     for name, messages in CONVERSATIONS.items()}
    ours = cases(tokenizer, HERE / "templates", OURS)
    out = json.dumps({"conversations": conversations, "templates": ours}, ensure_ascii=False, separators=(",", ":"))
    (HERE / "lessons.json").write_text(out + "\n", encoding="utf-8")
    if folder:
        out = json.dumps({"conversations": conversations, "templates": cases(tokenizer, folder, FAMILIES)},
                         ensure_ascii=False)
        with open(HERE / "families.json.gz", "wb") as raw:
            with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
                packed.write(out.encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
