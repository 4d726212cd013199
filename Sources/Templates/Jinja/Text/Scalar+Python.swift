/// Python's classes of characters, which differ from Swift's in details.
extension Unicode.Scalar {
    /// `str.isspace`, and what a template's `-` strips.
    var isPythonSpace: Bool {
        if value > 0x20, value < 0x85 { return false }
        return switch value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// Where `str.splitlines` splits.
    var isPythonLineEnd: Bool {
        switch value {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// Letters of every script: `str.isalpha`.
    var isPythonLetter: Bool {
        if isASCII { return (0x41...0x5A).contains(value & 0xDF) }
        return switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    /// `str.isdecimal`.
    var isPythonDecimal: Bool { properties.generalCategory == .decimalNumber }

    /// `str.isdigit`: decimals, and digits such as superscripts.
    var isPythonDigit: Bool {
        isPythonDecimal || properties.numericType == .digit
    }

    /// `str.isnumeric`.
    var isPythonNumeric: Bool { properties.numericType != nil }

    /// A character of a word: `\w` of regular expressions, and of names.
    var isPythonWord: Bool {
        if isASCII { return isASCIIWord }
        return isPythonLetter || isPythonNumeric || isPythonDecimal
    }

    private var isASCIIWord: Bool {
        switch value {
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
        default: false
        }
    }

    /// False for what `repr` writes as an escape.
    var isPythonPrintable: Bool {
        if isASCII { return (0x20..<0x7F).contains(value) }
        return switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: self == " "
        default: true
        }
    }
}
