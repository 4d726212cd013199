"""The API as OpenAI's own client sees it."""
import argparse
import base64
import concurrent.futures
import json
import struct
import subprocess
import sys
import time
import traceback
from typing import Literal

import httpx
import openai
import pydantic

import danlu_server

HELLO = [{"role": "user", "content": "Write two short sentences about the sea."}]
WEATHER = {"type": "function", "function": {
    "name": "weather", "description": "The weather of a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}


class Checks:
    def __init__(self, program: str, model: str, home):
        self.program, self.home, self.file = program, home, model
        self.server = danlu_server.Server(program, home, model)
        self.client = self.make_client()
        self.model = self.client.models.list().data[0].id

    def make_client(self, key: str = "none", server=None) -> openai.OpenAI:
        url = (server or self.server).url
        return openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0, timeout=120)

    def chat(self, **more):
        return self.client.chat.completions.create(
            **{"model": self.model, "messages": HELLO, "max_tokens": 24, "temperature": 0, **more})

    # Chat

    def check_chat(self):
        reply = self.chat()
        choice = reply.choices[0]
        assert reply.object == "chat.completion" and reply.id.startswith("chatcmpl-") and reply.model == self.model
        assert choice.message.role == "assistant" and choice.message.content and choice.finish_reason in ("stop", "length")
        assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens
        assert reply.usage.completion_tokens <= 24 and reply._request_id.startswith("req_")
        assert self.chat().choices[0].message.content == choice.message.content, "greedy answers differ"

    def check_chat_stream(self):
        chunks = list(self.chat(stream=True))
        assert chunks[0].choices[0].delta.role == "assistant" and chunks[0].choices[0].delta.content == ""
        assert all(chunk.choices[0].finish_reason is None for chunk in chunks[:-1])
        assert chunks[-1].choices[0].finish_reason and chunks[-1].choices[0].delta.content is None
        assert all(chunk.usage is None for chunk in chunks) and len({chunk.id for chunk in chunks}) == 1
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        assert text == self.chat().choices[0].message.content

    def check_chat_usage_in_stream(self):
        chunks = list(self.chat(stream=True, stream_options={"include_usage": True}))
        assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens > 0
        assert all(chunk.usage is None for chunk in chunks[:-1])
        assert all(chunk.usage is None for chunk in self.chat(stream=True, stream_options={}))

    def check_chat_stream_helper(self):
        with self.client.chat.completions.stream(
                model=self.model, messages=HELLO, max_tokens=64, temperature=0, stop=[" "]) as stream:
            kinds = {event.type for event in stream}
            final = stream.get_final_completion()
        assert "content.delta" in kinds and final.choices[0].message.content

    def check_chat_choices_and_seed(self):
        def texts():
            reply = self.chat(n=3, seed=11, temperature=1.3)
            assert [choice.index for choice in reply.choices] == [0, 1, 2]
            return [choice.message.content for choice in reply.choices]
        first = texts()
        assert first == texts(), "a seed does not repeat"
        assert len(set(first)) == 3, "choices are the same"

    def check_chat_stop(self):
        whole = self.chat().choices[0].message.content
        words = whole.split(" ")
        stop = " " + words[3]
        cut = self.chat(stop=[stop, "never this"])
        assert cut.choices[0].message.content == whole.split(stop)[0] and cut.choices[0].finish_reason == "stop"
        pieces = [chunk.choices[0].delta.content or "" for chunk in self.chat(stop=stop, stream=True)]
        assert "".join(pieces) == whole.split(stop)[0]

    def check_chat_logprobs(self):
        reply = self.chat(logprobs=True, top_logprobs=3, max_tokens=6)
        tokens = reply.choices[0].logprobs.content
        assert len(tokens) == reply.usage.completion_tokens or len(tokens) == reply.usage.completion_tokens - 1
        assert bytes(b for token in tokens for b in token.bytes).decode().strip() == reply.choices[0].message.content.strip()
        for token in tokens:
            best = [other.logprob for other in token.top_logprobs]
            assert len(best) == 3 and best == sorted(best, reverse=True) and token.logprob <= 0
            assert abs(token.logprob - best[0]) < 1e-4, "a greedy token is not the best one"

    def check_chat_bias_and_penalties(self):
        token = self.chat(logprobs=True, max_tokens=1).choices[0].logprobs.content[0].token
        ids = httpx.post(f"{self.server.url}/tokenize", json={"content": token}).json()["tokens"]
        assert len(ids) == 1
        other = self.chat(logit_bias={str(ids[0]): -100}, max_tokens=1, logprobs=True).choices[0].logprobs.content[0]
        assert other.token != token
        self.chat(presence_penalty=1.5, frequency_penalty=-0.5, top_p=0.5, user="x", extra_body={
            "top_k": 20, "min_p": 0.1, "repetition_penalty": 1.2, "dry_multiplier": 0.8})

    def check_chat_chinese_is_never_cut(self):
        stream = self.chat(messages=[{"role": "user", "content": "用中文写一句话。"}], stream=True, max_tokens=48, temperature=0.8)
        assert all("\ufffd" not in (chunk.choices[0].delta.content or "") for chunk in stream)

    # Structured output

    def check_structured_parse(self):
        class Part(pydantic.BaseModel):
            label: str = pydantic.Field(max_length=12)
            count: int

        class Answer(pydantic.BaseModel):
            kind: Literal["a", "b"]
            parts: list[Part] = pydantic.Field(max_length=2)
            note: str | None = pydantic.Field(max_length=10)

        for temperature in (0, 1.2):
            reply = self.client.chat.completions.parse(
                model=self.model, messages=HELLO, response_format=Answer, max_tokens=400, temperature=temperature, seed=4)
            choice = reply.choices[0]
            assert choice.finish_reason == "stop" and isinstance(choice.message.parsed, Answer), choice
        response = self.client.responses.parse(
            model=self.model, input="Hello", text_format=Answer, max_output_tokens=400, temperature=0)
        assert isinstance(response.output_parsed, Answer), response

    def check_structured_formats(self):
        text = self.chat(response_format={"type": "regex", "pattern": "(yes|no), [0-9]{2}"}).choices[0].message.content
        assert text[:2] in ("ye", "no") and text[-2:].isdigit(), text
        text = self.chat(extra_body={"grammar": 'root ::= "<" [a-c]{3} ">"'}).choices[0].message.content
        assert len(text) == 5 and set(text[1:4]) <= set("abc"), text
        chunks = list(self.chat(response_format={"type": "json_object"}, stream=True, max_tokens=8, logprobs=True))
        assert chunks[-1].choices[0].finish_reason in ("stop", "length")
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks).startswith("{")

    # Tools

    def call_prompt(self, city: str) -> list[dict]:
        """A conversation that even the smallest model goes on with a call, whether its template shows tools or not."""
        text = '<tool_call>\n{"name": "weather", "arguments": {"city": "%s"}}\n</tool_call>'
        return [message for known in ("Rome", "Berlin", "Madrid") for message in (
            {"role": "user", "content": f"Weather in {known}?"}, {"role": "assistant", "content": text % known}
        )] + [{"role": "user", "content": f"Weather in {city}?"}]

    def check_tools(self):
        more = {"messages": self.call_prompt("Paris"), "tools": [WEATHER], "max_tokens": 48}
        reply = self.chat(**more)
        calls = reply.choices[0].message.tool_calls
        assert calls, f"no call but {reply.choices[0].message.content!r}"
        assert reply.choices[0].finish_reason == "tool_calls" and calls[0].type == "function"
        assert calls[0].function.name == "weather"
        assert json.loads(calls[0].function.arguments) == {"city": "Paris"}, calls[0]
        assert reply.choices[0].message.content is None
        streamed: dict[int, dict] = {}
        for chunk in self.chat(stream=True, **more):
            for delta in chunk.choices[0].delta.tool_calls or []:
                call = streamed.setdefault(delta.index, {"id": delta.id, "name": delta.function.name, "arguments": ""})
                call["arguments"] += delta.function.arguments or ""
            last = chunk
        assert last.choices[0].finish_reason == "tool_calls"
        assert [(call["name"], call["arguments"]) for call in streamed.values()] == \
            [(call.function.name, call.function.arguments) for call in calls]
        assert all(call["id"] for call in streamed.values())
        again = self.chat(messages=more["messages"] + [
            {"role": "assistant", "content": None, "tool_calls": [calls[0].model_dump()]},
            {"role": "tool", "tool_call_id": calls[0].id, "content": "sunny"}], tools=[WEATHER])
        assert again.choices[0].message.content is not None

    # Completions

    def complete(self, **more):
        return self.client.completions.create(
            **{"model": self.model, "prompt": "The sea is", "max_tokens": 8, "temperature": 0, **more})

    def check_completions(self):
        reply = self.complete()
        assert reply.object == "text_completion" and reply.choices[0].text
        assert "".join(chunk.choices[0].text for chunk in self.complete(stream=True)) == reply.choices[0].text
        several = self.complete(prompt=["The sea is", "One, two,"], n=2, seed=5)
        assert [choice.index for choice in several.choices] == [0, 1, 2, 3]
        assert several.choices[0].text == reply.choices[0].text

    def check_completions_echo_and_logprobs(self):
        """As lm-evaluation-harness asks: token ids, echo, logprobs, one token more than it looks at."""
        ids = httpx.post(f"{self.server.url}/v1/tokenize", json={"content": "The sea is blue."}).json()["tokens"]
        for prompt in (ids, "The sea is blue."):
            choice = self.complete(prompt=prompt, echo=True, logprobs=1, max_tokens=1).choices[0]
            scores = choice.logprobs
            assert choice.text.startswith("The sea is blue.")
            assert len(scores.tokens) == len(scores.token_logprobs) == len(scores.top_logprobs) == len(scores.text_offset)
            assert scores.token_logprobs[0] is None and all(value <= 0 for value in scores.token_logprobs[1:])
            assert len(scores.tokens) >= len(ids) + 1
            for token, value, top in list(zip(scores.tokens, scores.token_logprobs, scores.top_logprobs))[1:]:
                assert abs(top[token] - value) < 1e-4 and max(top.values()) >= value - 1e-4

    # Embeddings

    def check_embeddings(self):
        texts = ["The sea is blue.", "The ocean is blue.", "Quarterly tax returns."]
        vectors = [item.embedding for item in self.client.embeddings.create(model=self.model, input=texts).data]
        floats = self.client.embeddings.create(model=self.model, input=texts, encoding_format="float").data
        assert all(abs(sum(x * x for x in vector) - 1) < 1e-4 for vector in vectors)
        for vector, item in zip(vectors, floats):
            assert max(abs(a - b) for a, b in zip(vector, item.embedding)) < 1e-6
        near, far = (sum(a * b for a, b in zip(vectors[0], vectors[place])) for place in (1, 2))
        assert near > far, f"{near} is not above {far}"
        raw = httpx.post(f"{self.server.url}/v1/embeddings", json={
            "model": self.model, "input": texts[0], "encoding_format": "base64"}).json()["data"][0]["embedding"]
        decoded = struct.unpack(f"<{len(vectors[0])}f", base64.b64decode(raw))
        assert max(abs(a - b) for a, b in zip(decoded, vectors[0])) < 1e-6
        short = self.client.embeddings.create(model=self.model, input=texts[0], dimensions=64).data[0].embedding
        assert len(short) == 64 and abs(sum(x * x for x in short) - 1) < 1e-4

    # Responses

    def check_responses(self):
        reply = self.client.responses.create(
            model=self.model, input="Write two short sentences about the sea.", instructions="Be brief.",
            max_output_tokens=24, temperature=0)
        assert reply.object == "response" and reply.output_text and reply.status in ("completed", "incomplete")
        assert reply.usage.total_tokens == reply.usage.input_tokens + reply.usage.output_tokens
        again = self.client.responses.create(
            model=self.model, max_output_tokens=8, input=[
                {"role": "user", "content": "Hi"}, *[item.model_dump() for item in reply.output],
                {"role": "user", "content": "And now?"}])
        assert again.output_text

    def check_responses_stream(self):
        events = list(self.client.responses.create(
            model=self.model, input="Write two short sentences about the sea.", max_output_tokens=24, temperature=0,
            stream=True))
        kinds = [event.type for event in events]
        assert kinds[:4] == ["response.created", "response.in_progress", "response.output_item.added",
                             "response.content_part.added"], kinds
        assert kinds[-1] in ("response.completed", "response.incomplete")
        assert [event.sequence_number for event in events] == list(range(len(events)))
        text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
        assert text and text == events[-1].response.output_text
        with self.client.responses.stream(model=self.model, input="Say hi.", temperature=0) as stream:
            assert any(event.type == "response.output_text.delta" for event in stream)
            assert stream.get_final_response().output_text

    def check_responses_call_functions(self):
        more = {"model": self.model, "input": self.call_prompt("Paris"), "max_output_tokens": 48, "temperature": 0,
                "tools": [{"type": "function", **WEATHER["function"]}]}
        call = self.client.responses.create(**more).output[0]
        assert call.type == "function_call" and json.loads(call.arguments) == {"city": "Paris"} and call.call_id
        events = list(self.client.responses.create(stream=True, **more))
        done = [event for event in events if event.type == "response.function_call_arguments.done"]
        assert [event.arguments for event in done] == [call.arguments]
        assert events[-1].response.output[0].name == "weather"

    # Models and errors

    def check_models(self):
        models = self.client.models.list().data
        assert self.model in [model.id for model in models]
        assert all(self.client.models.retrieve(model.id).id == model.id for model in models)

    def check_errors_are_typed(self):
        def refused(kind, **more):
            try:
                self.chat(**more)
            except kind as error:
                assert error.body and error.body["message"] and error.request_id.startswith("req_")
                return error
            raise AssertionError(f"{more} was not refused as {kind.__name__}")
        assert refused(openai.BadRequestError, temperature="hot").param == "temperature"
        assert refused(openai.BadRequestError, n=100).param == "n"
        assert refused(openai.BadRequestError, messages=[]).param == "messages"
        wrong = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"not": {}}}}
        assert refused(openai.BadRequestError, response_format=wrong).param == "response_format.json_schema.schema"
        long = refused(openai.BadRequestError, messages=[{"role": "user", "content": "sea " * 200_000}])
        assert long.code == "context_length_exceeded", long
        assert refused(openai.NotFoundError, model="nowhere/nothing").code == "model_not_found"
        try:
            self.client.models.retrieve("nowhere/nothing")
            raise AssertionError("a model that is not there was found")
        except openai.NotFoundError as error:
            assert error.code == "model_not_found"

    def check_keys(self):
        made = subprocess.run([self.program, "keys", "create", "tests", "--json"], check=True, capture_output=True,
                              env=danlu_server.environment(self.home))
        key = json.loads(made.stdout)["key"]
        server = danlu_server.Server(self.program, self.home, self.file, "--host", "0.0.0.0")
        try:
            assert self.make_client(key, server).models.list().data
            for wrong in ("none", key[:-1], key + "x"):
                try:
                    self.make_client(wrong, server).models.list()
                    raise AssertionError("a wrong key works")
                except openai.AuthenticationError as error:
                    assert error.code == "invalid_api_key" and key not in str(error)
        finally:
            server.stop()

    def check_overload_is_429_with_retry_after(self):
        server = danlu_server.Server(self.program, self.home, self.file, "--queue-max", "1")
        client = self.make_client(server=server)
        try:
            streams, refused = [], None
            for _ in range(60):
                try:
                    streams.append(client.chat.completions.create(
                        model=self.model, messages=HELLO, max_tokens=2000, temperature=1.5, stream=True,
                        extra_body={"logit_bias": {}}))
                except openai.RateLimitError as error:
                    refused = error
                    break
            assert refused is not None, "60 answers at once were taken"
            assert int(refused.response.headers["retry-after"]) > 0 and refused.code == "overloaded"
            for stream in streams:
                stream.close()
            self.wait_until_idle(server)
            assert client.chat.completions.create(
                model=self.model, messages=HELLO, max_tokens=2).choices[0].message is not None
        finally:
            server.stop()

    # Cancelling, parallel clients, shutdown

    def wait_until_idle(self, server, seconds: float = 5):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            metrics = server.metrics()
            if metrics["danlu_requests_processing"] == 0 and metrics["danlu_requests_deferred"] == 0:
                return
            time.sleep(0.01)
        raise AssertionError("the place of a client that hung up is not free")

    def check_hanging_up_frees_the_place(self):
        stream = self.chat(stream=True, max_tokens=4000, temperature=1.5)
        for _, _ in zip(range(3), stream):
            pass
        before = self.server.metrics()
        assert before["danlu_requests_processing"] == 1, before
        stream.close()
        start = time.monotonic()
        self.wait_until_idle(self.server)
        took = time.monotonic() - start
        assert took < 2, f"{took} s"
        assert self.server.metrics()["danlu_requests_cancelled_total"] == before["danlu_requests_cancelled_total"] + 1

    def check_eight_clients_at_once(self):
        alone = self.chat(max_tokens=16).choices[0].message.content
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            def ask(place: int) -> str:
                client = self.make_client()
                stream = client.chat.completions.create(
                    model=self.model, messages=HELLO, max_tokens=16, temperature=0, stream=place % 2 == 0)
                if place % 2:
                    return stream.choices[0].message.content
                return "".join(chunk.choices[0].delta.content or "" for chunk in stream)
            texts = list(pool.map(ask, range(8)))
        assert texts == [alone] * 8, texts

    def check_shutdown_finishes_answers(self):
        server = danlu_server.Server(self.program, self.home, self.file)
        stream = self.make_client(server=server).chat.completions.create(
            model=self.model, messages=HELLO, max_tokens=48, temperature=0, stream=True, extra_body={"seed": 1})
        chunks = [next(stream)]
        server.process.terminate()
        chunks += list(stream)
        assert chunks[-1].choices[0].finish_reason in ("stop", "length")
        assert server.process.wait(60) == 0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--danlu", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    folder, home = danlu_server.make_home()
    with folder:
        checks = Checks(options.danlu, options.model, home)
        failed = []
        for name in [name for name in vars(Checks) if name.startswith("check_") and options.only in name]:
            start = time.monotonic()
            try:
                getattr(checks, name)()
                state = "ok"
            except Exception:
                state = "FAILED"
                failed.append((name, traceback.format_exc()))
            print(f"{state:6} {name[6:].replace('_', ' ')} ({time.monotonic() - start:.1f} s)", flush=True)
        assert checks.server.stop() == 0
    for name, trace in failed:
        print(f"\n{name}\n{trace}", file=sys.stderr)
    print(f"openai {openai.__version__}: {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
