/// Cases as Python makes them: full mappings ("ß" becomes "SS"), a sigma that ends a word is "ς".
extension Text {
    func lowercased() -> Text {
        mapped { place, scalar, made in lowercase(scalar, at: place, &made) }
    }

    func uppercased() -> Text {
        mapped { _, scalar, made in uppercase(scalar, &made) }
    }

    /// The first character in title case, the rest in lower case.
    func capitalized() -> Text {
        mapped { place, scalar, made in
            if place == 0 { titlecase(scalar, &made) } else { lowercase(scalar, at: place, &made) }
        }
    }

    /// `str.title`: every first cased character after one without case.
    func titled() -> Text {
        var afterCased = false
        return mapped { place, scalar, made in
            if afterCased { lowercase(scalar, at: place, &made) } else { titlecase(scalar, &made) }
            afterCased = scalar.properties.isCased
        }
    }

    /// The filter `title`, which knows words by what stands between them, and each word by itself.
    func titledWords() -> Text {
        func breaks(_ scalar: Unicode.Scalar) -> Bool {
            scalar.isPythonSpace || "-({[<".unicodeScalars.contains(scalar)
        }
        var result = Text()
        result.isMarkup = isMarkup
        var start = 0
        while start < count {
            let isBreak = breaks(scalars[start])
            let end = scalars[start...].firstIndex { breaks($0) != isBreak } ?? count
            result.append(self[start..<start + 1].uppercased())
            result.append(self[start + 1..<end].lowercased())
            start = end
        }
        return result
    }

    func swapcased() -> Text {
        mapped { place, scalar, made in
            if scalar.properties.isUppercase {
                lowercase(scalar, at: place, &made)
            } else {
                uppercase(scalar, &made)
            }
        }
    }

    private func lowercase(_ scalar: Unicode.Scalar, at place: Int, _ made: inout [Unicode.Scalar]) {
        if scalar.isASCII {
            let isUpper = (0x41...0x5A).contains(scalar.value)
            made.append(isUpper ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar)
        } else if scalar == "Σ" {
            made.append(endsWord(at: place) ? "ς" : "σ")
        } else {
            made.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
        }
    }

    private func uppercase(_ scalar: Unicode.Scalar, _ made: inout [Unicode.Scalar]) {
        if scalar.isASCII {
            let isLower = (0x61...0x7A).contains(scalar.value)
            made.append(isLower ? Unicode.Scalar(UInt8(scalar.value - 32)) : scalar)
        } else {
            made.append(contentsOf: scalar.properties.uppercaseMapping.unicodeScalars)
        }
    }

    private func titlecase(_ scalar: Unicode.Scalar, _ made: inout [Unicode.Scalar]) {
        if scalar.isASCII {
            uppercase(scalar, &made)
        } else {
            made.append(contentsOf: scalar.properties.titlecaseMapping.unicodeScalars)
        }
    }

    /// A cased character before and none after, not counting what case passes over.
    private func endsWord(at place: Int) -> Bool {
        func cased(_ scalars: some Sequence<Unicode.Scalar>) -> Bool {
            scalars.first { !$0.properties.isCaseIgnorable }?.properties.isCased ?? false
        }
        return cased(scalars[..<place].reversed()) && !cased(scalars[(place + 1)...])
    }

    /// Python's `islower` and `isupper`: some character has case, and none has the other.
    func isAll(upper: Bool) -> Bool {
        var some = false
        for scalar in scalars {
            let properties = scalar.properties
            if upper ? properties.isLowercase : properties.isUppercase { return false }
            if properties.generalCategory == .titlecaseLetter { return false }
            if upper ? properties.isUppercase : properties.isLowercase { some = true }
        }
        return some
    }

    /// The five characters of HTML replaced by their entities.
    func escaped() -> Text {
        if isMarkup { return self }
        var result = mapped { _, scalar, made in
            switch scalar {
            case "&": made.append(contentsOf: "&amp;".unicodeScalars)
            case "<": made.append(contentsOf: "&lt;".unicodeScalars)
            case ">": made.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": made.append(contentsOf: "&#34;".unicodeScalars)
            case "'": made.append(contentsOf: "&#39;".unicodeScalars)
            default: made.append(scalar)
            }
        }
        result.isMarkup = true
        return result
    }
}
