import Foundation
import Languages

/// The shipped dictionary of Chinese and English, read once.
enum AlignmentResource {
    private static let loaded: Result<[UInt8], LanguagesError> = Result { () throws(LanguagesError) in
        guard let url = Bundle.module.url(forResource: "Resources/zh-en.bin", withExtension: nil),
            let file = try? Data(contentsOf: url)
        else { throw .resourceMissing(name: "zh-en.bin") }
        return try CompressedResource.inflated(Array(file), name: "zh-en.bin")
    }

    static func chineseEnglish() throws(LanguagesError) -> [UInt8] { try loaded.get() }
}
