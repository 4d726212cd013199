// swift-tools-version: 6.2
import PackageDescription

/// Targets are nouns of the domain and import only what stands above them here
/// (docs/ARCHITECTURE.md has the map; Tests/TidyTests enforces it).
let settings: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny")]

func library(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let log = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
    name: "danlu",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "danlu", targets: ["danlu"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CGumbo", pkgConfig: "gumbo", providers: [.apt(["libgumbo-dev"])]),
        .target(name: "CKernels"),
        library("JSON"),
        library("Extraction", ["CGumbo"]),
        library("Reports"),
        library("Kernels", ["CKernels"]),
        library("Sorting", ["Kernels"]),
        library("Dialogue", ["JSON"]),
        library("Grammar", ["JSON"]),
        library("Hub", ["JSON", "CZlib", crypto]),
        library("Weights", ["Kernels", "JSON", crypto]),
        library("Tokens", ["JSON"]),
        library("Templates", ["Dialogue", "JSON"]),
        library("Store", ["Dialogue", "JSON", crypto, .product(name: "GRDB", package: "GRDB.swift")]),
        library("Model", ["Weights", "Kernels", "JSON"]),
        library("Corpus", ["JSON", "CZlib", "CZstd"]),
        library("Languages", ["CZlib"], resources: [.copy("Resources")]),
        library("Alignment", ["Languages", "Corpus"], resources: [.copy("Resources")]),
        library("Instructions", ["Corpus", "Templates", "Tokens", "Dialogue", "JSON", crypto]),
        library(
            "Washing",
            [
                "Instructions", "Extraction", "Languages", "Corpus", "Sorting", "Kernels", "Reports", "JSON", "CZlib",
                "CZstd", crypto,
            ],
            resources: [
                .embedInCode("Resources/zh-en.toml"), .embedInCode("Resources/words.txt"),
            ]),
        library("Provenance", ["Washing", "Corpus", "Sorting", "Tokens", "Kernels", "JSON"]),
        library("Inference", ["Model", "Kernels"]),
        library(
            "Training",
            ["Instructions", "Corpus", "Tokens", "Model", "Weights", "Kernels", "Reports", "JSON", crypto]),
        library(
            "Assistant",
            ["Inference", "Grammar", "Tokens", "Templates", "Model", "Weights", "Kernels", "Dialogue", "JSON", log]),
        library(
            "Evaluation",
            [
                "Assistant", "Inference", "Training", "Grammar", "Corpus", "Weights", "Kernels", "Dialogue", "Reports",
                "JSON", crypto,
            ]),
        library(
            "Tuning",
            ["Evaluation", "Training", "Instructions", "Inference", "Grammar", "Tokens", "Model", "Kernels", "JSON"]),
        library(
            "Server",
            [
                "Assistant", "Inference", "Provenance", "Store", "Dialogue", "JSON", log,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.copy("Page")]),
        .executableTarget(
            name: "danlu",
            dependencies: [
                "Server", "Tuning", "Evaluation", "Assistant", "Training", "Instructions", "Washing", "Provenance",
                "Inference", "Model", "Weights", "Alignment", "Extraction", "Languages", "Corpus", "Tokens",
                "Templates", "Store", "Hub", "Kernels", "Dialogue", "JSON", log,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            resources: [.embedInCode("Catalogue/catalogue.json")],
            swiftSettings: settings),
        tests("TidyTests", []),
        tests("JSONTests", ["JSON"]),
        tests("GrammarTests", ["Grammar", "Kernels", "JSON"], resources: [.copy("Goldens")]),
        tests("KernelsTests", ["Kernels"], resources: [.copy("Goldens")]),
        tests("WeightsTests", ["Weights", "Kernels", "JSON"]),
        tests("HubTests", ["Hub", "CZlib", "JSON", crypto]),
        tests("TokensTests", ["Tokens", "Weights", "Kernels", "JSON"], resources: [.copy("Goldens")]),
        tests("TemplatesTests", ["Templates", "Kernels", "Dialogue", "JSON"], resources: [.copy("Goldens")]),
        tests("StoreTests", ["Store", "Dialogue", "JSON", .product(name: "GRDB", package: "GRDB.swift")]),
        tests("SortingTests", ["Sorting", "Kernels"]),
        tests(
            "WashingTests", ["Washing", "Corpus", "Sorting", "Kernels", "JSON", "CZlib"],
            resources: [.copy("Goldens")]),
        tests("ExtractionTests", ["Extraction"]),
        tests("AlignmentTests", ["Alignment", "Languages", "Corpus"]),
        tests("LanguagesTests", ["Languages"], resources: [.copy("Goldens")]),
        tests("CorpusTests", ["Corpus", "CZlib", "CZstd"]),
        tests("ProvenanceTests", ["Provenance", "Corpus", "Sorting", "Tokens", "Kernels", "JSON"]),
        tests(
            "InstructionsTests", ["Instructions", "Assistant", "Corpus", "Templates", "Tokens", "Dialogue", "JSON"],
            resources: [.copy("Goldens")]),
        tests("ModelTests", ["Model", "Weights", "Kernels", "JSON"], resources: [.copy("Goldens")]),
        tests(
            "TrainingTests",
            ["Training", "Instructions", "Corpus", "Tokens", "Model", "Weights", "Kernels", "Reports", "JSON"],
            resources: [.copy("Goldens")]),
        tests("InferenceTests", ["Inference", "Model", "Weights", "Kernels"]),
        tests("AssistantTests", ["Assistant", "Grammar", "Inference", "Tokens", "Templates", "Dialogue", "JSON"]),
        tests("EvaluationTests", ["Evaluation", "Assistant", "Kernels", "Dialogue", "JSON"]),
        tests(
            "TuningTests",
            ["Tuning", "Training", "Instructions", "Inference", "Tokens", "Model", "Weights", "Kernels", "JSON"]),
        tests(
            "ServerTests",
            [
                "Server", "Assistant", "Inference", "Provenance", "Corpus", "Kernels", "Store", "Dialogue", "JSON", log,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        tests("CommandLineTests", ["danlu", "Kernels", "Model", "Dialogue", "JSON"]),
        tests("EndToEndTests", ["Assistant", "Inference", "Dialogue"]),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "Server", "Assistant", "Grammar", "Templates", "Tokens", "Model", "Weights", "Kernels", "Dialogue",
                "Corpus", "Extraction", "JSON",
            ],
            path: "Tests/Fuzz", swiftSettings: settings),
        .executableTarget(
            name: "training-speed", dependencies: ["Training", "Model", "Weights", "Kernels", "JSON"],
            path: "Benchmarks/TrainingSpeed", swiftSettings: settings),
        .executableTarget(
            name: "grammar-walk", dependencies: ["Assistant", "Grammar", "Tokens", "JSON"], path: "Tests/GrammarWalk",
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
