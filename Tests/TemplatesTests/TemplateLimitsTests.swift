import Foundation
import JSON
import Templates
import Testing

/// Templates that loop, recurse, grow or nest without end meet a named limit soon.
@Suite(.serialized) struct TemplateLimitsTests {
    private static func limit(_ source: String, _ limits: TemplateLimits = TemplateLimits()) -> String {
        do {
            let template = try ChatTemplate(source: source, bosToken: "", eosToken: "", limits: limits)
            let prompt = try template.render(
                messages: [["role": "user", "content": "aaaaaaaaaaaaaaaa"]], tools: nil, addGenerationPrompt: false)
            return "\(prompt.text.utf8.count) bytes"
        } catch TemplateError.limit(let name, _) {
            return name
        } catch {
            return "\(error)"
        }
    }

    private static let loop = "{% for i in range(99999) %}"
    /// A list that is small in memory and two to the sixtieth long when it is walked.
    private static func doubled(_ name: String) -> String {
        "{% set \(name) = namespace(x=[1]) %}{% for i in range(60) %}"
            + "{% set \(name).x = [\(name).x, \(name).x] %}{% endfor %}"
    }

    private static let hostile: [(String, String)] = [
        (loop + loop + loop + "{% endfor %}{% endfor %}{% endfor %}", "stepsMax"),
        (loop + loop + "{{ messages }}{% endfor %}{% endfor %}", "stepsMax"),
        (loop + "{{ 'x' * 100000 }}{% endfor %}", "stepsMax|outputBytesMax"),
        ("{{ range(1000000000) }}", "listItemsMax"),
        ("{{ range(-9223372036854775807, 9223372036854775807)|list }}", "listItemsMax"),
        ("{{ 'x' * 1000000000000 }}", "stringCharactersMax"),
        ("{{ 'x' * 9223372036854775807 }}", "stringCharactersMax"),
        ("{{ [1] * 9223372036854775807 }}", "listItemsMax"),
        ("{{ 'ab'|center(999999999) }}", "stringCharactersMax"),
        ("{{ 'a\nb'|indent(999999999) }}", "stringCharactersMax"),
        ("{{ {'a': 1}|tojson(indent=999999999) }}", "stringCharactersMax"),
        ("{{ '%999999999s' % 'a' }}", "formatWidthMax"),
        ("{{ '{:999999999}'.format('a') }}", "formatWidthMax"),
        ("{{ '\t'.expandtabs(999999999) }}", "stringCharactersMax"),
        ("{{ 'a'.ljust(999999999) }}{{ 'a'.zfill(999999999) }}", "stringCharactersMax"),
        (
            "{% set ns = namespace(x='x') %}" + loop + "{% set ns.x = ns.x + ns.x %}{% endfor %}",
            "stringCharactersMax|stepsMax"
        ),
        (
            "{% set ns = namespace(x='x') %}" + loop + "{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
            "stringCharactersMax|stepsMax"
        ),
        (
            "{% set ns = namespace(x='x') %}" + loop + "{% set ns.x = ns.x|replace('x', 'xx') %}{% endfor %}",
            "stringCharactersMax|stepsMax"
        ),
        (
            "{% set ns = namespace(x='x') %}" + loop + "{% set ns.x = [ns.x, ns.x]|join %}{% endfor %}",
            "stringCharactersMax|stepsMax"
        ),
        ("{% set ns = namespace(x='x') %}" + loop + "{% set ns.x = ns.x|string|e ~ '<' %}{% endfor %}", "stepsMax"),
        (
            "{% set ns = namespace(x='x') %}" + loop + "{% set ns.x = [ns.x]|string %}{% endfor %}",
            "stringCharactersMax|stepsMax"
        ),
        (
            "{% set ns = namespace(x='x') %}" + loop + "{% set ns.x = ns.x|tojson %}{% endfor %}",
            "stringCharactersMax|stepsMax"
        ),
        (
            "{% set ns = namespace(x=[1]) %}" + loop + "{% set ns.x = ns.x + ns.x %}{% endfor %}",
            "listItemsMax|stepsMax"
        ),
        (
            "{% set ns = namespace(x=[1]) %}" + loop + "{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
            "valueDepthMax"
        ),
        (
            "{% set ns = namespace(x={}) %}" + loop + "{% set ns.x = {'a': ns.x} %}{% endfor %}{{ ns.x }}",
            "valueDepthMax"
        ),
        ("{% set ns = namespace(x='a'.upper) %}" + loop + "{% set ns.x = [ns.x]|map('e') %}{% endfor %}", "stepsMax"),
        (
            doubled("a") + "{{ a.x }}",
            "stepsMax|stringCharactersMax"
        ),
        (
            doubled("a") + doubled("b") + "{{ a.x == b.x }}",
            "stepsMax"
        ),
        ("{% set ns = namespace(p=none) %}" + loop + "{% set ns.p = namespace(p=ns.p) %}{% endfor %}", "stepsMax"),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "recursionMax"),
        ("{% macro f(a=f()) %}{% endmacro %}{{ f() }}", "recursionMax"),
        ("{% macro f() %}{{ f() ~ f() }}x{{ f() }}{% endmacro %}{{ f() }}", "recursionMax"),
        ("{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(30) }}", "stepsMax"),
        (
            "{% macro f() %}{{ caller() }}{% endmacro %}{% macro g() %}{% call f() %}{{ g() }}{% endcall %}"
                + "{% endmacro %}{{ g() }}",
            "recursionMax"
        ),
        ("{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}", "recursionMax"),
        ("{{ [1, 2]|map('map', 'map', 'map')|list }}", "line 1"),
        (loop + "{% macro m() %}{% endmacro %}{{ m(i) }}{% endfor %}", "line 1"),
        (loop + "{% set x = 'a' %}{% for j in range(99999) %}{{ '' }}{% endfor %}{% endfor %}", "stepsMax"),
        (
            "{{ (range(99999)|list|string) in (range(99999)|list|string * 9) }}" + loop
                + "{{ 'ab' * 99999 in 'aab' * 99999 }}{% endfor %}", "stepsMax"
        ),
        (loop + "{{ ('a' * 99999 + 'b') in ('a' * 199999) }}{% endfor %}", "stepsMax"),
        (loop + "{{ ('a' * 99999).count('a' * 15 + 'b') }}{% endfor %}", "stepsMax"),
        (loop + "{{ ('a' * 99999).rsplit('b')|length }}{{ ('a ' * 9999).split()|length }}{% endfor %}", "stepsMax"),
        (loop + "{{ range(9999)|map('string')|join(',')|length }}{% endfor %}", "stepsMax"),
        (loop + "{{ range(9999)|sort|unique|groupby(0)|list|length }}{% endfor %}", "stepsMax|line 1"),
        ("{{ 9 ** 9999999999 }}{{ 1.5 ** 99999 }}", "line 1"),
        ("{{ 9223372036854775807 + 1 }}", "line 1"),
        ("{{ -9223372036854775807 - 2 }}", "line 1"),
        ("{{ (-9223372036854775807 - 1) // -1 }}", "line 1"),
        ("{{ -(-9223372036854775807 - 1) }}", "line 1"),
        ("{{ 99999999999999999999 }}", "line 1"),
        ("{{ 1e300|int }}", "line 1"),
        ("{{ '9' * 99 |int }}{{ ('9' * 99)|int }}", "line 1"),
        ("{{ 'abc'[::9223372036854775807] }}{{ 'abc'[-9223372036854775807::-9223372036854775807] }}", "1 bytes"),
    ]

    /// Time that this thread computed, so that a busy machine does not count.
    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    #if DEBUG
        // Without optimisation all is slower and needs more stack; these numbers promise nothing.
        private static let secondsMax = 10.0
        private static let stackBytes = 8 << 20
    #else
        /// About 0.1 s on a free core.
        private static let secondsMax = 0.5
        /// The smallest stack that a server's thread has.
        private static let stackBytes = 512 << 10
    #endif

    /// Each ends soon.
    @Test func eachMeetsItsLimitSoon() {
        for (source, expected) in Self.hostile {
            // A tenth of the steps, to be done sooner.
            let start = Self.processorSeconds()
            let result = Self.limit(source, TemplateLimits(stepsMax: 200_000))
            let seconds = Self.processorSeconds() - start
            let names = expected.split(separator: "|")
            #expect(names.contains { result.hasPrefix($0) }, "\(source) gave \(result)")
            #expect(seconds < Self.secondsMax, "\(source) took \(seconds) s")
        }
    }

    /// With the limits as they are, the worst that we know.
    @Test(arguments: [
        loop + loop + "{% endfor %}{% endfor %}", loop + loop + "{{ messages|tojson }}{% endfor %}{% endfor %}",
        loop + loop + "{{ '{:>5}'.format(i) ~ '%.3f' % i }}{% endfor %}{% endfor %}",
        loop + loop + "{{ messages[0].content.split('a')[0].strip() }}{% endfor %}{% endfor %}",
        "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(30) }}",
    ])
    func theWorstEndSoonByTheDefaults(source: String) {
        let start = Self.processorSeconds()
        #expect(Self.limit(source) == "stepsMax")
        #expect(Self.processorSeconds() - start < Self.secondsMax)
    }

    /// Sources that nest, which a recursive reader pays for with its stack: on a thread of 512 KB.
    private static let deep: [(String, String)] = [
        (
            "{{ " + String(repeating: "(", count: 60_000) + "1" + String(repeating: ")", count: 60_000) + " }}",
            "nestingMax"
        ),
        ("{{ " + String(repeating: "[", count: 60_000) + String(repeating: "]", count: 60_000) + " }}", "nestingMax"),
        ("{{ " + String(repeating: "{1:", count: 60_000) + String(repeating: "}", count: 60_000) + " }}", "nestingMax"),
        ("{{ " + String(repeating: "not ", count: 60_000) + "1 }}", "4 bytes"),
        ("{{ " + String(repeating: "-", count: 60_000) + "1 }}", "1 bytes"),
        ("{{ 1" + String(repeating: " + 1", count: 60_000) + " }}", "5 bytes"),
        ("{{ 1" + String(repeating: " ** 1", count: 60_000) + " }}", "1 bytes"),
        ("{{ 1" + String(repeating: " if 1 else 1", count: 60_000) + " }}", "nestingMax"),
        ("{{ 1" + String(repeating: " or 0 and 1", count: 60_000) + " }}", "1 bytes"),
        ("{{ 'a'" + String(repeating: "|upper", count: 60_000) + " }}", "1 bytes"),
        ("{{ f" + String(repeating: "(f", count: 60_000) + String(repeating: ")", count: 60_000) + " }}", "nestingMax"),
        ("{{ f" + String(repeating: "[f", count: 60_000) + String(repeating: "]", count: 60_000) + " }}", "nestingMax"),
        (
            "{{ 1 is eq " + String(repeating: "(1 is eq ", count: 60_000) + String(repeating: ")", count: 60_000)
                + " }}", "nestingMax"
        ),
        (String(repeating: "{% if 1 %}", count: 60_000), "nestingMax"),
        (String(repeating: "{% for x in y %}", count: 50_000), "nestingMax"),
        (String(repeating: "{% macro m() %}", count: 50_000), "nestingMax"),
        ("{% if 0 %}" + String(repeating: "{% elif 0 %}", count: 60_000) + "{% endif %}", "0 bytes"),
        ("{% set " + String(repeating: "(", count: 60_000) + "x)", "line 1"),
        (String(repeating: "{% if 1 %}{% set x = 1 %}{% endif %}", count: 25_000), "0 bytes"),
        ((0..<20_000).map { "{% if 1 %}{% set x\($0) = 1 %}{% endif %}" }.joined(), "0 bytes|stepsMax"),
        (String(repeating: "{#", count: 99_999), "line 1"),
        (String(repeating: "{{", count: 99_999), "nestingMax|line 1"),
        (String(repeating: "{% raw %}", count: 99_999), "line 1"),
        ("{{ '" + String(repeating: "\\", count: 99_999), "line 1"),
        (String(repeating: "{ % ", count: 99_999), "399996 bytes"),
        (String(repeating: " ", count: 999_999) + "{%", "line 1"),
    ]

    @Test func nestingNeverReachesTheStacksEnd() {
        let outcome = Self.onSmallStack {
            Self.deep.map { source, expected in
                let start = Self.processorSeconds()
                let result = Self.limit(source)
                let seconds = Self.processorSeconds() - start
                let isFine =
                    expected.split(separator: "|").contains { result.hasPrefix($0) } && seconds < Self.secondsMax
                return isFine ? "" : "\(source.prefix(60))… gave \(result) in \(seconds) s"
            }
        }
        for failure in outcome where !failure.isEmpty { Issue.record("\(failure)") }
    }

    /// As deep as the limits let it go, at run time.
    @Test func recursionFitsASmallStack() {
        let deepest = String(repeating: "(1 + ", count: 30) + "f()" + String(repeating: ")", count: 30)
        let sources = [
            "{% macro f() %}{% if 1 %}{% for x in [1] %}{% if 1 %}{{ f() }}{% endif %}{% endfor %}{% endif %}"
                + "{% endmacro %}{{ f() }}",
            "{% macro f() %}{{ \(deepest) }}{% endmacro %}{{ f() }}",
            "{% macro f() %}{{ [{'a': (1, 'x'|replace('x', f())|trim)}]|map('string')|join }}{% endmacro %}{{ f() }}",
            "{% macro f() %}{% set x %}{% filter upper %}{% with y = f() %}{% endwith %}{% endfilter %}{% endset %}"
                + "{% endmacro %}{{ f() }}",
            "{% macro f(a) %}{{ 1 if f('x') is defined and not (2 < f()) else 3 }}{% endmacro %}{{ f() }}",
        ]
        let results = Self.onSmallStack { sources.map { Self.limit($0) } }
        #expect(results.allSatisfy { $0 == "recursionMax" }, "\(results)")
    }

    private static func onSmallStack(_ body: @escaping @Sendable () -> [String]) -> [String] {
        let box = Box()
        let thread = Thread { box.finish(body()) }
        thread.stackSize = stackBytes
        thread.start()
        return box.wait()
    }

    private final class Box: Sendable {
        // Sendable: the semaphore orders the one write before the one read.
        nonisolated(unsafe) private var results: [String] = []
        private let done = DispatchSemaphore(value: 0)

        func finish(_ results: [String]) {
            self.results = results
            done.signal()
        }

        func wait() -> [String] {
            done.wait()
            return results
        }
    }
}
