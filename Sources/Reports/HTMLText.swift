/// Text as HTML and SVG show it: prompts and samples are somebody else's.
package enum HTMLText {
    package static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            // Control characters are not allowed in HTML, and could reverse the text around them.
            case _ where scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format:
                result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
