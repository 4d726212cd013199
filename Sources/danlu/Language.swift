import Foundation

/// Chinese or English for people, chosen once from `DANLU_LANG`, `LC_ALL`, `LC_MESSAGES` or `LANG`.
enum Language {
    case chinese
    case english

    static let current = Language(environment: ProcessInfo.processInfo.environment)

    init(environment: [String: String]) {
        let value =
            ["DANLU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"].lazy
            .compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        self = value.lowercased().hasPrefix("zh") ? .chinese : .english
    }

    static func text(zh: String, en: String) -> String { current == .chinese ? zh : en }
}
