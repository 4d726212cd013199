import JSON
import Server

/// Bodies of API requests, read as the routes read them.
enum RequestSeeds {
    static let bodies = [chat, completion].map { Array($0.utf8) }

    static func accepts(_ body: [UInt8]) -> Bool {
        let limits = ServerLimits()
        let json = JSONLimits(depthMax: limits.jsonDepthMax, bytesMax: limits.requestBytesMax)
        guard let fields = try? RequestFields(JSONValue(parsing: body, limits: json)) else { return false }
        let isChat = (try? ChatFields(fields, limits: limits, owner: "")) != nil
        let isCompletion = (try? CompletionFields(fields, limits: limits, owner: "")) != nil
        let isResponse = (try? ResponsesFields(fields, limits: limits, owner: "")) != nil
        return isChat || isCompletion || isResponse
    }

    private static let chat = #"""
        {"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"hi"}]},
        {"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"c","content":"1"}],"temperature":0.5,"top_p":1,"n":2,"stop":["a","b"],"max_tokens":5,
        "seed":-1,"logit_bias":{"5":-100},"logprobs":true,"top_logprobs":3,"stream":true,"stream_options":{"include_usage":true},
        "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],
        "tool_choice":{"type":"function","function":{"name":"f"}},"chat_template_kwargs":{"enable_thinking":false}}
        """#

    private static let completion = #"""
        {"model":"m","prompt":["你好",[1,2,3]],"input":[{"role":"user","content":[{"type":"input_text","text":"x"}]},
        {"type":"function_call_output","call_id":"c","output":"1"}],"instructions":"i","max_tokens":0,"echo":true,"logprobs":2,
        "repetition_penalty":1.1,"min_p":0.05,"typical_p":0.9,"top_k":40,"presence_penalty":-1,"truncation":"auto"}
        """#
}
