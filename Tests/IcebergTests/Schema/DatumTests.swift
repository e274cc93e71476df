import Testing

@testable import Iceberg

@Suite struct DatumTests {
    static let values: [(Datum, Type, [UInt8])] = [
        (.boolean(true), .boolean, [1]), (.boolean(false), .boolean, [0]),
        (.int(34), .int, [34, 0, 0, 0]), (.int(-1), .int, [255, 255, 255, 255]),
        (.long(34), .long, [34, 0, 0, 0, 0, 0, 0, 0]),
        (.float(1), .float, [0, 0, 0x80, 0x3F]), (.double(-2), .double, [0, 0, 0, 0, 0, 0, 0, 0xC0]),
        (.date(17_486), .date, [0x4E, 0x44, 0, 0]), (.time(1), .time, [1, 0, 0, 0, 0, 0, 0, 0]),
        (.timestamp(-1), .timestamp, Array(repeating: 255, count: 8)),
        (.timestamptz(256), .timestamptz, [0, 1, 0, 0, 0, 0, 0, 0]), (.string("é"), .string, [0xC3, 0xA9]),
        (.uuid(Array(0..<16)), .uuid, Array(0..<16)), (.fixed([1, 2]), .fixed(length: 2), [1, 2]),
        (.binary([]), .binary, []),
        (.decimal(unscaled: [0x05, 0x8C], precision: 9, scale: 2), .decimal(precision: 9, scale: 2), [0x05, 0x8C]),
    ]

    @Test(arguments: values.indices)
    func singleValuesAreLaidOutAsAppendixDSays(index: Int) throws {
        let (value, type, bytes) = Self.values[index]
        #expect(value.singleValueBytes == bytes)
        #expect(try Datum(singleValue: bytes, type: type) == value)
    }

    @Test func valuesFromBeforeAPromotionAreRead() throws {
        #expect(try Datum(singleValue: [255, 255, 255, 255], type: .long) == .long(-1))
        #expect(try Datum(singleValue: [0, 0, 0x80, 0x3F], type: .double) == .double(1))
    }

    @Test(arguments: [
        Type.boolean, .int, .long, .float, .double, .date, .time, .timestamp, .timestamptz, .uuid, .fixed(length: 4),
        .decimal(precision: 9, scale: 2),
    ])
    func otherLengthsAreMalformed(type: Type) {
        for bytes in [[], [UInt8](repeating: 0, count: 17)] {
            #expect { try Datum(singleValue: bytes, type: type) } throws: { ($0 as? IcebergError)?.code == .malformed }
        }
        #expect(throws: IcebergError.self) { try Datum(singleValue: [0xFF], type: .string) }
    }

    @Test(
        arguments: [
            (Int128(0), [UInt8(0)]), (1, [1]), (-1, [255]), (127, [127]), (128, [0, 128]), (-128, [128]),
            (-129, [255, 127]),
            (Int128.max, [127] + Array(repeating: 255, count: 15)),
            (Int128.min, [128] + Array(repeating: 0, count: 15)),
        ] as [(Int128, [UInt8])])
    func decimalsTakeTheFewestBytes(value: Int128, bytes: [UInt8]) {
        #expect(Decimals.bytes(of: value) == bytes)
        #expect(Decimals.value(of: bytes) == value)
        #expect(Decimals.value(of: Decimals.bytes(of: value, count: 16) ?? []) == value)
    }

    @Test(arguments: [(1, 1), (2, 1), (3, 2), (4, 2), (9, 4), (10, 5), (18, 8), (19, 9), (38, 16)])
    func decimalsTakeTheSpecsBytesForTheirPrecision(precision: Int, count: Int) {
        #expect(Decimals.byteCount(precision: precision) == count)
    }

    @Test func valuesAreOrderedAsBoundsNeed() {
        let ordered: [[Datum]] = [
            [.boolean(false), .boolean(true)], [.int(-5), .int(0), .int(7)],
            [
                .double(-.infinity), .double(-1), .double(-0.0), .double(0.0), .double(1), .double(.infinity),
                .double(.nan),
            ],
            [.float(-0.0), .float(0.0), .float(.nan)],
            [.string(""), .string("a"), .string("\u{FFFF}"), .string("\u{10000}")],
            [.binary([1]), .binary([1, 0]), .binary([255])],
            [
                .decimal(unscaled: [0xFF, 0x00], precision: 9, scale: 0),
                .decimal(unscaled: [0xFF], precision: 9, scale: 0),
                .decimal(unscaled: [1, 0], precision: 9, scale: 0),
            ],
        ]
        for values in ordered {
            for (left, leftValue) in values.enumerated() {
                for (right, rightValue) in values.enumerated() {
                    #expect(leftValue.precedes(rightValue) == (left < right), "\(leftValue) and \(rightValue)")
                }
            }
        }
    }
}
