/// Regular expressions of the formats of strings.
///
/// Dates know the lengths of months and leap years. A format that the standard does not know says nothing, as in any
/// validator; one that it knows and that cannot be held to is an error.
enum StringFormats {
    private static let year = "(?:[1-9]\\d{3}|0[1-9]\\d{2}|00[1-9]\\d|000[1-9])"
    private static let leapYear =
        "(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
    private static let date =
        "(?:\(year)-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)"
        + "|02-(?:0[1-9]|1\\d|2[0-8]))|\(leapYear)-02-29)"
    private static let time =
        "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,6})?(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)"
    private static let byte = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)"
    private static let ipv4 = "\(byte)(?:\\.\(byte)){3}"
    private static let group = "[0-9A-Fa-f]{1,4}"
    private static let label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    private static let hostname = "\(label)(?:\\.\(label)){0,6}"
    private static let pathCharacter = "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
    private static let tail = "(?:\\?(?:\(pathCharacter)|[/?])*)?(?:#(?:\(pathCharacter)|[/?])*)?"
    private static let atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"

    private static let ipv6: String = {
        // So many groups before and after the double colon that there is room for one at least between them.
        var forms = ["(?:\(group):){7}\(group)"]
        for before in 0...6 {
            let head = before == 0 ? "" : "\(group)(?::\(group)){\(before - 1)}"
            let tail = "(?:\(group)(?::\(group)){0,\(6 - before)})?"
            forms.append("\(head)::\(tail)")
        }
        forms.append("\(group)(?::\(group)){6}::")
        return "(?:\(forms.joined(separator: "|")))"
    }()

    private static let expressions: [String: String] = [
        "date": date, "time": time, "date-time": "\(date)T\(time)",
        "duration": "P(?:\\d{1,9}W|(?:\\d{1,9}Y)?(?:\\d{1,9}M)?\\d{1,9}D(?:T\(clock))?|(?:\\d{1,9}Y)?\\d{1,9}M"
            + "(?:T\(clock))?|\\d{1,9}Y(?:T\(clock))?|T\(clock))",
        "uuid": "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
        "ipv4": ipv4, "ipv6": ipv6, "hostname": hostname, "email": "\(atom)(?:\\.\(atom))*@\(hostname)",
        "uri": "[A-Za-z][A-Za-z0-9+.-]*:(?://(?:\(hostname)|\\[\(ipv6)\\])(?::\\d{1,5})?(?:/\(pathCharacter)*)*"
            + "|\(pathCharacter)+(?:/\(pathCharacter)*)*)\(tail)",
        "uri-reference": "(?:\(pathCharacter)|/\(pathCharacter))+(?:/\(pathCharacter)*)*\(tail)",
        "json-pointer": "(?:/(?:[^/~]|~[01])*)*",
    ]
    private static let clock =
        "(?:\\d{1,9}H(?:\\d{1,9}M)?(?:\\d{1,9}S)?|\\d{1,9}M(?:\\d{1,9}S)?|\\d{1,9}S)"

    /// Formats of the standard that are no regular language, or a very large one.
    private static let unsupported: Set<String> = [
        "idn-email", "idn-hostname", "iri", "iri-reference", "regex", "uri-template", "relative-json-pointer",
    ]

    /// nil for a format that asserts nothing.
    static func expression(_ format: String, place: String) throws(GrammarError) -> String? {
        guard !unsupported.contains(format) else {
            throw .unsupported(place: place, reason: "the format '\(format)' cannot be held to; leave it out")
        }
        return expressions[format]
    }
}
