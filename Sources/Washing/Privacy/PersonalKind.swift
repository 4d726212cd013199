/// Kinds of personal data that are found and masked, each by its own choice.
package enum PersonalKind: String, CaseIterable, Sendable {
    /// Chinese mobile numbers, Chinese landlines with area code, international and North American numbers.
    case telephone
    /// Chinese resident identity cards: 18 signs with a check digit (GB 11643).
    case identityCard = "identity-card"
    /// Payment cards: 15 to 19 digits of a known issuer, with a check digit (ISO/IEC 7812, Luhn).
    case bankCard = "bank-card"
    /// Unified social credit codes of Chinese companies and self-employed people (GB 32100).
    case creditCode = "credit-code"
    case mail
    /// Street addresses with a house number, Chinese and English.
    case address
    /// Chinese number plates, of old and new energies.
    case plate
    /// Public addresses of the Internet, versions 4 and 6.
    case ip

    /// What a mask writes in the place of it.
    package var mask: String { "[\(rawValue)]" }
}
