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

    /// Seconds as people say them.
    static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<90: String(format: text(zh: "%.0f 秒", en: "%.0f s"), seconds)
        case ..<5400: String(format: text(zh: "%.0f 分钟", en: "%.0f min"), seconds / 60)
        case ..<172_800: String(format: text(zh: "%.1f 小时", en: "%.1f h"), seconds / 3600)
        default: String(format: text(zh: "%.1f 天", en: "%.1f days"), seconds / 86_400)
        }
    }

    static func text(zh: String, en: String) -> String { current == .chinese ? zh : en }
}
