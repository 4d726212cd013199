import JSON

extension PipelinePlan {
    mutating func addPreTokenizer(_ part: JSONValue) throws(TokensError) {
        if isPastByteLevel { return try addByteStep(part) }
        switch part["type"]?.string {
        case "ByteLevel":
            if part["add_prefix_space"]?.bool ?? true {
                guard steps.isEmpty else {
                    throw .unsupported(
                        what: "ByteLevel after other steps", found: "add_prefix_space", supported: "false")
                }
                spacePrefix = .alwaysButBeforeSpace
            }
            if part["use_regex"]?.bool ?? true { steps.append(.words(.gpt2)) }
            isPastByteLevel = true
        case "Split": try addSplit(part)
        case "Digits":
            steps.append(KnownPatterns.digits(max: part["individual_digits"]?.bool ?? false ? 1 : .max))
        case "Punctuation": try addPunctuation(part)
        case "WhitespaceSplit": steps.append(.nonSpaces)
        case "Metaspace": try addMetaspace(part)
        case let type:
            throw .unsupported(
                what: "pre_tokenizer", found: type ?? part.kind,
                supported: "ByteLevel, Split, Digits, Punctuation, WhitespaceSplit, Metaspace, Sequence")
        }
    }

    /// Steps after ByteLevel, as Falcon has them.
    private mutating func addByteStep(_ part: JSONValue) throws(TokensError) {
        let isDigits = part["type"]?.string == "Digits"
        if isDigits {
            steps.append(.byteRuns(.digits(max: part["individual_digits"]?.bool ?? false ? 1 : .max)))
        } else if part["type"]?.string == "Split", part["pattern"]?["Regex"]?.string == "[0-9][0-9][0-9]",
            part["behavior"]?.string == "Isolated"
        {
            steps.append(.byteRuns(.threeDigits))
        } else {
            throw .unsupported(
                what: "pre_tokenizer after ByteLevel", found: part["type"]?.string ?? part.kind,
                supported: "Digits, Split at [0-9][0-9][0-9]")
        }
    }

    private mutating func addSplit(_ part: JSONValue) throws(TokensError) {
        let (pattern, isRegex) = try Self.pattern(part)
        // No space is left where "▁" stands for it: nothing to split at.
        if !isRegex, pattern == " ", spelling == .spaced { return }
        guard isRegex else {
            throw .unsupported(
                what: "pattern of a Split pre-tokenizer", found: pattern, supported: "regular expressions")
        }
        let step = try KnownPatterns.step(pattern)
        let behavior = part["behavior"]?.string ?? ""
        let isInverted = part["invert"]?.bool ?? false
        // What a pattern that matches everywhere leaves out is empty, so all of these are the same.
        let isIsolated = behavior == "Isolated" && !isInverted
        let removesRest = behavior == "Removed" && isInverted && KnownPatterns.matchesEverywhere(step)
        guard isIsolated || removesRest else {
            throw .unsupported(
                what: "behavior of a Split pre-tokenizer", found: "\(behavior), invert \(isInverted)",
                supported: "Isolated")
        }
        steps.append(step)
    }

    private mutating func addPunctuation(_ part: JSONValue) throws(TokensError) {
        let set = ScalarSet(pairs: ScalarClassData.punctuation)
        switch part["behavior"]?.string ?? "Isolated" {
        case "Isolated": steps.append(.runs(RunPattern(set: set, scalarsMax: 1)))
        case "Contiguous": steps.append(.runs(RunPattern(set: set)))
        case let behavior:
            throw .unsupported(
                what: "behavior of a Punctuation pre-tokenizer", found: behavior, supported: "Isolated, Contiguous")
        }
    }

    private mutating func addMetaspace(_ part: JSONValue) throws(TokensError) {
        if let replacement = part["replacement"]?.string, replacement != "▁" {
            throw .unsupported(what: "replacement of Metaspace", found: replacement, supported: "▁")
        }
        normalizer.steps.append(.replace(Array("▁".utf8), [0x20]))
        let scheme = part["prepend_scheme"]?.string ?? (part["add_prefix_space"]?.bool ?? true ? "always" : "never")
        let followsWords = steps == [.nonSpaces]
        switch scheme {
        case "never": break
        case "always" where followsWords: spacePrefix = .everyPiece
        case "always" where steps.isEmpty: spacePrefix = .alwaysButBeforeSpace
        case "first" where steps.isEmpty: spacePrefix = .firstButBeforeSpace
        default:
            throw .unsupported(
                what: "prepend_scheme of Metaspace here", found: scheme, supported: "always, first, never")
        }
        if part["split"]?.bool ?? true, !followsWords { steps.append(.beforeSpaces) }
    }
}
