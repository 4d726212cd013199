/// A language as it is written; the raw value is its BCP 47 code.
///
/// Chinese in simplified and in traditional characters are two, because a corpus wants one of them. Norwegian is
/// Bokmål; Croatian stands for the Latin of Bosnian and Serbian; Indonesian for Malay.
package enum WrittenLanguage: String, CaseIterable, Sendable {
    /// No letters, or a script that is not known here.
    case unknown = "und"
    case zh
    case zhHant = "zh-Hant"
    case ja, ko
    // Latin
    case en, de, fr, es, pt, it, nl, sv, da, no, fi, et, hu, pl, cs, sk, sl, hr, ro, tr, vi, id, ca, gl, eu, lt, lv, sq
    case `is`, ga, af, eo
    // Cyrillic
    case ru, uk, be, bg, sr, mk, kk, mn, ky, tg
    // Arabic
    case ar, fa, ur, ug
    // Devanagari
    case hi, mr, ne
    // Scripts with one language each.
    case el, he, th, ka, hy, bn, ta, te, kn, ml, gu, pa, si, km, lo, my, bo, am

    package var code: String { rawValue }

    /// Either way of writing Chinese.
    package var isChinese: Bool { self == .zh || self == .zhHant }
}
