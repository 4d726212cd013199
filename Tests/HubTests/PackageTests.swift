import CZlib
import Foundation
import Hub
import Testing

/// Wheels from a package index: joined, verified, and refused when they are bombs.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct PackageTests {
    @Test(arguments: [true, false])
    func joinsTheMembersOfSeveralWheels(asJSON: Bool) async throws {
        let fixture = Fixture(bytes: 300_000)
        defer { fixture.remove() }
        let halves = [Array(fixture.model[..<120_000]), Array(fixture.model[120_000...])]
        let wheels = [
            Zip.make("p1/data/a.bin", halves[0], deflated: true), Zip.make("p2/data/a.bin", halves[1], deflated: false),
        ]
        let server = try TestServer { Self.index($0, wheels, asJSON: asJSON) }
        defer { server.stop() }
        let model = try await fixture.pull("pypi:P_1==1.0:*/data/*.bin,p-2==1.0", try fixture.puller(server.base))
        #expect(try fixture.contents(model) == fixture.model)
    }

    @Test func aWheelWithAnotherSumIsRefused() async throws {
        let fixture = Fixture(bytes: 300_000)
        defer { fixture.remove() }
        let wheel = Zip.make("p1/a.bin", fixture.model, deflated: false)
        var other = wheel
        other[1000] ^= 1
        let wrong = other
        let server = try TestServer { request in
            request.path.hasSuffix(".whl") ? .file(wrong, request) : Self.index(request, [wheel], asJSON: true)
        }
        defer { server.stop() }
        await #expect(throws: HubError.self) {
            try await fixture.pull("pypi:p-1==1.0", try fixture.puller(server.base))
        }
        #expect(fixture.placed.isEmpty)
    }

    @Test func bombsAndBrokenArchivesAreRefused() async throws {
        let fixture = Fixture(bytes: 50_000)
        defer { fixture.remove() }
        let model = fixture.model
        let good = Zip.make("p1/a.bin", model, deflated: true)
        let wheels = [
            Zip.make("p1/a.bin", model, deflated: true, declared: 10),
            Zip.make("p1/a.bin", model, deflated: true, crc: 7),
            Zip.make("p1/a.bin", model, deflated: true, declared: 1 << 30), Array(good.prefix(good.count - 30)),
            Array("PK".utf8), Zip.make("p1/a.bin", model, deflated: false, offset: 0xffff_fff0),
        ]
        for wheel in wheels {
            let server = try TestServer { Self.index($0, [wheel], asJSON: true) }
            defer { server.stop() }
            await #expect(throws: HubError.self) {
                try await fixture.pull("pypi:p-1==1.0", try fixture.puller(server.base))
            }
        }
        #expect(fixture.placed.isEmpty)
    }

    @Test func aWithdrawnWheelIsRefused() async throws {
        let fixture = Fixture(bytes: 1000)
        defer { fixture.remove() }
        let wheel = Zip.make("p1/a.bin", fixture.model, deflated: false)
        for asJSON in [true, false] {
            let server = try TestServer { Self.index($0, [wheel], asJSON: asJSON, yanked: true) }
            defer { server.stop() }
            await #expect(throws: HubError.self) {
                try await fixture.pull("pypi:p-1==1.0", try fixture.puller(server.base))
            }
        }
    }

    private static func index(
        _ request: TestServer.Request, _ wheels: [[UInt8]], asJSON: Bool, yanked: Bool = false
    ) -> TestServer.Answer {
        for (index, wheel) in wheels.enumerated() {
            let file = "p_\(index + 1)-1.0-py3-none-any.whl"
            if request.path == "/files/\(file)" { return .file(wheel, request) }
            guard request.path == "/simple/p-\(index + 1)/" else { continue }
            let sum = Fixture.sum(wheel)
            if asJSON {
                return .text(
                    """
                    {"files":[{"filename":"\(file)","url":"../../files/\(file)","hashes":{"sha256":"\(sum)"},
                    "size":\(wheel.count),"yanked":\(yanked)}]}
                    """, type: "application/vnd.pypi.simple.v1+json")
            }
            let mark = yanked ? " data-yanked=\"\"" : ""
            return .text(
                "<html><body><a href=\"../../files/\(file)#sha256=\(sum)\"\(mark)>\(file)</a></body></html>",
                type: "text/html")
        }
        return TestServer.Answer(status: 404)
    }
}

/// Writes zip files of one member, sound or not.
enum Zip {
    static func make(
        _ name: String, _ bytes: [UInt8], deflated: Bool, declared: Int? = nil, crc: UInt32? = nil, offset: Int = 0
    ) -> [UInt8] {
        let data = deflated ? deflate(bytes) : bytes
        let sum = crc ?? UInt32(truncatingIfNeeded: crc32(0, bytes, uInt(bytes.count)))
        let shared =
            number(deflated ? 8 : 0, 2) + number(0, 4) + number(Int(sum), 4) + number(data.count, 4)
            + number(declared ?? bytes.count, 4) + number(name.utf8.count, 2) + number(0, 2)
        let local = number(0x0403_4b50, 4) + number(20, 2) + number(0, 2) + shared + Array(name.utf8) + data
        let entry =
            number(0x0201_4b50, 4) + number(20, 2) + number(20, 2) + number(0, 2) + shared + number(0, 2) + number(0, 2)
            + number(0, 2) + number(0, 4) + number(offset, 4) + Array(name.utf8)
        let end =
            number(0x0605_4b50, 4) + number(0, 4) + number(1, 2) + number(1, 2) + number(entry.count, 4)
            + number(local.count, 4) + number(0, 2)
        return local + entry + end
    }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func deflate(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        var input = bytes
        var output = [UInt8](repeating: 0, count: bytes.count + 1000)
        deflateInit2_(
            &stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        return input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                (stream.next_in, stream.avail_in) = (source.baseAddress, uInt(source.count))
                (stream.next_out, stream.avail_out) = (target.baseAddress, uInt(target.count))
                CZlib.deflate(&stream, Z_FINISH)
                return Array(target[..<(target.count - Int(stream.avail_out))])
            }
        }
    }
}
