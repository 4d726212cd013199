import Foundation

/// `datetime.now().strftime(…)` in the C locale and the machine's time zone.
struct Strftime {
    private let parts: DateComponents
    private static let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    init(_ date: Date, in zone: TimeZone = .current) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        parts = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second, .nanosecond, .weekday, .dayOfYear], from: date)
    }

    /// The format's own characters keep their trust; the date is the program's.
    func text(_ format: Text) throws(TemplateError) -> Text {
        var text = Text()
        var place = 0
        while place < format.count {
            let scalar = format.scalars[place]
            guard scalar == "%", place + 1 < format.count else {
                text.append(scalar, isTrusted: format.isTrusted(at: place))
                place += 1
                continue
            }
            var directive = format.scalars[place + 1]
            let isBare = directive == "-" && place + 2 < format.count
            if isBare {
                place += 1
                directive = format.scalars[place + 1]
            }
            guard let value = value(directive) else {
                throw .unsupported(line: 0, what: "the date format '%\(directive)'")
            }
            text.append(isBare ? Self.bare(value) : value, isTrusted: true)
            place += 2
        }
        return text
    }

    /// `%-d`: without zeros before the number.
    private static func bare(_ value: String) -> String {
        let bare = value.drop { $0 == "0" }
        return bare.isEmpty ? "0" : String(bare)
    }

    private func value(_ directive: Unicode.Scalar) -> String? {
        let (year, month, day) = (parts.year ?? 0, parts.month ?? 1, parts.day ?? 1)
        let (hour, minute, second) = (parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0)
        let weekday = (parts.weekday ?? 1) - 1
        switch directive {
        case "Y": return "\(year)"
        case "y": return padded(year % 100)
        case "m": return padded(month)
        case "B": return Self.months[month - 1]
        case "b", "h": return String(Self.months[month - 1].prefix(3))
        case "d": return padded(day)
        case "e": return day < 10 ? " \(day)" : "\(day)"
        case "A": return Self.days[weekday]
        case "a": return String(Self.days[weekday].prefix(3))
        case "w": return "\(weekday)"
        case "u": return "\(weekday == 0 ? 7 : weekday)"
        case "j": return padded(parts.dayOfYear ?? 1, 3)
        case "H": return padded(hour)
        case "I": return padded(hour % 12 == 0 ? 12 : hour % 12)
        case "M": return padded(minute)
        case "S": return padded(second)
        case "f": return padded((parts.nanosecond ?? 0) / 1000, 6)
        case "p": return hour < 12 ? "AM" : "PM"
        case "F": return "\(year)-\(padded(month))-\(padded(day))"
        case "T", "X": return "\(padded(hour)):\(padded(minute)):\(padded(second))"
        case "R": return "\(padded(hour)):\(padded(minute))"
        case "D", "x": return "\(padded(month))/\(padded(day))/\(padded(year % 100))"
        case "z", "Z": return ""
        case "n": return "\n"
        case "t": return "\t"
        case "%": return "%"
        default: return nil
        }
    }

    private func padded(_ value: Int, _ width: Int = 2) -> String {
        let digits = "\(value)"
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
