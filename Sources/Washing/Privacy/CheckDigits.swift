/// Check digits of numbers that people have. All take ASCII.
enum CheckDigits {
    /// ISO 7064 MOD 11-2 over 17 digits and the check sign (0…9 or X), as identity cards have it.
    ///
    ///     Σ digit[i] · 2^(17 − i) ≡ 1 (mod 11), X being ten
    static func isISO7064(_ digits: some Collection<UInt8>) -> Bool {
        var sum = 0
        for (place, byte) in digits.enumerated() {
            let value: Int
            switch byte {
            case 0x30...0x39: value = Int(byte) - 0x30
            case UInt8(ascii: "X"), UInt8(ascii: "x"):
                guard place == digits.count - 1 else { return false }
                value = 10
            default: return false
            }
            // Horner: all but the last are doubled once more.
            sum = place == digits.count - 1 ? (sum + value) % 11 : (sum + value) * 2 % 11
        }
        return sum == 1
    }

    /// Luhn's sum of ISO/IEC 7812: every second digit from the right doubled, digits of the products added.
    static func isLuhn(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
        var sum = 0
        for (place, byte) in digits.reversed().enumerated() {
            var value = Int(byte) - 0x30
            if place % 2 == 1 { value = value > 4 ? value * 2 - 9 : value * 2 }
            sum += value
        }
        return sum % 10 == 0
    }

    /// GB 32100: 17 signs with weights 3^i mod 31, the last brings the sum to a multiple of 31.
    static func isCreditCode(_ signs: some Collection<UInt8>) -> Bool {
        guard signs.count == 18 else { return false }
        var sum = 0
        var weight = 1
        for (place, sign) in signs.enumerated() {
            guard let value = creditSigns.firstIndex(of: sign) else { return false }
            sum += value * (place < 17 ? weight : 1)
            weight = weight * 3 % 31
        }
        return sum % 31 == 0
    }

    /// Letters without I, O, S, V, Z, which look like digits.
    private static let creditSigns = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
}
