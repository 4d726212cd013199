import Templates

/// Small, sound files of tokenizer.json's kind.
enum TokenizerSeeds {
    static let files = [bytePair, spaced, unigram].map { Array($0.utf8) }

    private static let bytePair = #"""
        {"version":"1.0","added_tokens":[{"id":4,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,
        "normalized":false,"special":true}],"normalizer":{"type":"NFC"},"pre_tokenizer":{"type":"Sequence","pretokenizers":[
        {"type":"Split","pattern":{"Regex":"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"},
        "behavior":"Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false,"use_regex":false}]},
        "post_processor":null,"decoder":{"type":"ByteLevel"},"model":{"type":"BPE","dropout":null,"unk_token":null,
        "vocab":{"a":0,"b":1,"ab":2,"aab":3},"merges":["a b",["a","ab"]]}}
        """#

    private static let spaced = #"""
        {"added_tokens":[{"id":1,"content":"<s>","special":true}],"normalizer":{"type":"Sequence","normalizers":[
        {"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]},"pre_tokenizer":null,
        "decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},
        {"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]},"model":{"type":"BPE","unk_token":"<unk>","fuse_unk":true,
        "byte_fallback":true,"vocab":{"<unk>":0,"<s>":1,"▁":2,"a":3,"▁a":4,"<0x0A>":5},"merges":["▁ a"]}}
        """#

    private static let unigram = #"""
        {"added_tokens":[],"normalizer":{"type":"NFKC"},"pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"},
        "decoder":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"},"model":{"type":"Unigram","unk_id":0,
        "vocab":[["<unk>",0.0],["▁a",-1.5],["b",-2.0],["▁",-3.0]],"byte_fallback":false}}
        """#
}

/// Templates that use most of the language.
enum TemplateSeeds {
    static var limits: TemplateLimits {
        var limits = TemplateLimits()
        limits.outputBytesMax = 1 << 20
        limits.stepsMax = 100_000
        return limits
    }

    static let files = [chat, tools, expressions].map { Array($0.utf8) }

    private static let chat = """
        {%- for message in messages %}{% if message['role'] == 'user' %}{{ '<|im_start|>' + message.role + '\\n' }}
        {{- message.content | trim | replace('a', 'b') }}{% elif loop.last and not loop.first %}{{ loop.index0 }}{% else %}
        {{- raise_exception('no') if message.role == 'x' else message.content[1:-1] }}{% endif %}{% endfor %}
        {%- if add_generation_prompt %}{{ bos_token ~ "assistant" }}{% endif -%}
        """

    private static let tools = """
        {% set ns = namespace(n=0, found=false) %}{% macro show(t, deep=2) %}{{ t | tojson(indent=2) }}{% endmacro %}
        {% for t in tools if t is mapping %}{% set ns.n = ns.n + 1 %}{{ show(t.function) }}{% endfor %}{{ ns.n }}
        {% for m in messages %}{% if m.tool_calls is defined and m.tool_calls %}{% for c in m.tool_calls %}
        {{ c.function.name ~ ':' ~ (c.function.arguments | tojson) }}{% if not loop.last %}, {% endif %}{% endfor %}
        {% endif %}{% endfor %}{# comment #}{% raw %}{{ x }}{% endraw %}
        """

    private static let expressions = """
        {{ [1, 2.5, 'x', none, true] | join('-') }}{{ {'a': 1, 'b': [2]}.items() | list }}{{ 7 // 2 ** 1 % 3 - -1 }}
        {{ 'abc'.split('b') }}{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | list | length }}
        {{ 'x' in 'xyz' and not 1 > 2 or 3 <= 4 < 5 }}{{ range(3) | sort(reverse=true) | first }}{{ "%s" | format(1) }}
        {% set a = [1] + [2] %}{% filter upper %}q{% endfilter %}{% call(x) f(1) %}{{ x }}{% endcall %}{{ dict(a=1) }}
        """
}
