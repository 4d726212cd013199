import Testing

/// The import table of docs/ARCHITECTURE.md: a target imports what stands here and nothing else.
@Suite struct ImportTests {
    static let system: Set<String> = [
        "Foundation", "FoundationNetworking", "Synchronization", "Glibc", "Musl", "Darwin",
    ]

    static let table: [String: Set<String>] = [
        "JSON": [],
        "Extraction": ["CGumbo"],
        "Reports": [],
        "Kernels": ["CKernels"],
        "Sorting": ["Kernels"],
        "Dialogue": ["JSON"],
        "Grammar": ["JSON"],
        "Hub": ["JSON", "CZlib", "Crypto"],
        "Weights": ["Kernels", "JSON", "Crypto"],
        "Tokens": ["JSON"],
        "Templates": ["Dialogue", "JSON"],
        "Store": ["Dialogue", "JSON", "Crypto", "GRDB"],
        "Model": ["Weights", "Kernels", "JSON"],
        "Washing": [
            "Instructions", "Extraction", "Languages", "Corpus", "Sorting", "Kernels", "Reports", "JSON", "CZlib",
            "CZstd", "Crypto",
        ],
        "Corpus": ["JSON", "CZlib", "CZstd"],
        "Languages": ["CZlib"],
        "Alignment": ["Languages", "Corpus"],
        "Instructions": ["Corpus", "Templates", "Tokens", "Dialogue", "JSON", "Crypto"],
        "Provenance": ["Washing", "Corpus", "Sorting", "Tokens", "Kernels", "JSON"],
        "Inference": ["Model", "Kernels"],
        "Training": ["Instructions", "Corpus", "Tokens", "Model", "Weights", "Kernels", "Reports", "JSON", "Crypto"],
        "Assistant": [
            "Inference", "Grammar", "Tokens", "Templates", "Model", "Weights", "Kernels", "Dialogue", "JSON", "Logging",
        ],
        "Evaluation": [
            "Assistant", "Inference", "Training", "Grammar", "Corpus", "Weights", "Kernels", "Dialogue", "Reports",
            "JSON", "Crypto",
        ],
        "Tuning": [
            "Evaluation", "Training", "Instructions", "Inference", "Grammar", "Tokens", "Model", "Kernels", "JSON",
        ],
        "Server": [
            "Assistant", "Inference", "Provenance", "Store", "Dialogue", "JSON", "Logging", "Hummingbird", "NIOCore",
            "HTTPTypes", "ServiceLifecycle",
        ],
        "danlu": [
            "Server", "Tuning", "Evaluation", "Assistant", "Training", "Instructions", "Washing", "Provenance",
            "Inference", "Model", "Weights", "Alignment", "Extraction", "Languages", "Corpus", "Tokens", "Templates",
            "Store", "Hub",
            "Kernels", "Dialogue", "JSON", "Logging", "ArgumentParser",
        ],
    ]

    @Test func importsFollowTheTable() {
        for file in Repository.files("Sources", ["swift"]) {
            guard let allowed = Self.table[file.target] else {
                Issue.record("\(file): the target \(file.target) is not in the import table")
                continue
            }
            for module in file.lines.compactMap(Self.importedModule) {
                #expect(
                    allowed.contains(module) || Self.system.contains(module),
                    "\(file) imports \(module), which \(file.target) may not")
            }
        }
    }

    @Test func theTableHasNoCircle() {
        var open = Self.table.mapValues { $0.filter { Self.table[$0] != nil } }
        while let leaf = open.first(where: { $0.value.isEmpty })?.key {
            open[leaf] = nil
            for key in open.keys { open[key]?.remove(leaf) }
        }
        #expect(open.isEmpty, "these import each other: \(open.keys.sorted())")
    }

    static func importedModule(_ line: Substring) -> String? {
        let words = line.split(separator: " ")
        let keywords: Set<Substring> = ["public", "package", "internal", "private", "@preconcurrency", "import"]
        guard let place = words.firstIndex(of: "import"), words[..<place].allSatisfy(keywords.contains) else {
            return nil
        }
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        guard let name = words.dropFirst(place + 1).first(where: { !kinds.contains($0) }) else { return nil }
        return name.split(separator: ".").first.map(String.init)
    }
}
