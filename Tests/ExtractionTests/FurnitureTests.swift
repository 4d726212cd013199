import Extraction
import Foundation
import Testing

/// What pages put around and between texts.
struct FurnitureTests {
    private let story = """
        <p>The harbour was closed on Monday, after the storm had torn two ships from their moorings in the night.</p>
        <p>Nobody was hurt, said the master of the port, but the damage will take weeks to mend, and it is dear.</p>
        <p>The fishermen, whose boats lie in the inner basin, hope to put to sea again before the week is over.</p>
        """

    private func text(_ html: String) throws -> String {
        try HTMLExtraction.mainText(Array("<html><body>\(html)</body></html>".utf8)).text
    }

    @Test func bylinesAndCreditsGo() throws {
        let text = try text(
            """
            <div><h1>Storm closes the harbour</h1><p>By Jane Doe</p><p>Updated 9:41 AM, Nov 19, 2019</p>\(story)
            <p>The quay (Image: GETTY)</p><p>It will be open on Friday, if the weather holds, said the master.</p></div>
            """)
        #expect(text.hasPrefix("# Storm closes the harbour\n\nThe harbour was closed"))
        #expect(text.hasSuffix("said the master."))
        #expect(!text.contains("GETTY"))
    }

    @Test(arguments: [
        "<h3>Related stories</h3>", "<h4>You may also like</h4>", "<div>相关阅读</div>", "<h3>热门评论</h3>",
        "<h3>Comments (3)</h3>",
    ])
    func whatStandsUnderClosingsGoes(heading: String) throws {
        let text = try text(
            """
            <div><div>\(story)</div>\(heading)
            <div><div>A ship that has no crew was found adrift, and nobody knows whose it is.</div></div></div>
            """)
        #expect(text.hasSuffix("before the week is over."))
    }

    /// The same words as the head of a chapter that is most of the page.
    @Test func chaptersStayWhateverTheirHeading() throws {
        let text = try text("<div><p>A few words come first, as they do.</p><h2>Comments</h2>\(story)</div>")
        #expect(text.contains("## Comments"))
        #expect(text.contains("before the week is over."))
    }

    @Test func listsOfTeasersGoThoughTheyAreLonger() throws {
        let teasers = (0..<12).map {
            """
            <li><div><h5><a href="/\($0)">News number \($0) of today</a></h5><p>What happened there is told in many
            words, so that one wants to read on, and buys the paper; that is what a teaser is for, after all.</p>
            </div></li>
            """
        }
        let text = try text(
            "<div><div>\(story)\(story.uppercased())\(story.lowercased())</div><ul>\(teasers.joined())</ul></div>")
        #expect(!text.contains("teaser"))
        #expect(text.contains("inner basin"))
    }

    @Test func theOnlyArticleIsTheText() throws {
        let text = try text(
            """
            <main><article>\(story)\(story.lowercased())</article>
            <div><p>Our town has many shops, and each of them, says the mayor, is worth a visit on a fine day.</p>
            <p>The library is open, the museum is shut, and the cinema shows, as always, what was new last year.</p>
            </div></main>
            """)
        #expect(text.hasPrefix("The harbour"))
        #expect(!text.contains("mayor"))
    }

    /// A lead that is written again as the first paragraph, but not a refrain.
    @Test func leadsAreNotRepeated() throws {
        let lead =
            "The harbour was shut for a week because of a storm, and nobody knows when it will be open to ships again."
        let text = try text(
            "<div><div><header><p>\(lead)</p></header></div><section><p>\(lead)</p>\(story)</section></div>")
        #expect(text.components(separatedBy: lead).count == 2)
        let refrain = try self.text("<div><p>\(lead)</p><p>\(lead)</p>\(story)</div>")
        #expect(refrain.components(separatedBy: lead).count == 3)
    }

    @Test func listsAfterTheLastSentenceStay() throws {
        let text = try text("<div>\(story)<h3>Ships</h3><ul><li>The Anna</li><li>The Marie</li></ul></div>")
        #expect(text.hasSuffix("- The Anna\n- The Marie"))
    }
}
