import Testing

@testable import Iceberg

@Suite struct TransformTests {
    /// The table of Appendix B.
    @Test(arguments: [
        (Datum.int(34), Int32(2_017_239_379)), (.long(34), 2_017_239_379),
        (.decimal(unscaled: [0x05, 0x8C], precision: 9, scale: 2), -500_754_589), (.date(17_486), -653_330_422),
        (.time(81_068_000_000), -662_762_989), (.timestamp(1_510_871_468_000_000), -2_047_944_441),
        (.timestamptz(1_510_871_468_000_000), -2_047_944_441), (.string("iceberg"), 1_210_000_089),
        (.fixed([0, 1, 2, 3]), -188_683_207), (.binary([0, 1, 2, 3]), -188_683_207),
        (
            .uuid([0xF7, 0x9C, 0x3E, 0x09, 0x67, 0x7C, 0x4B, 0xBD, 0xA4, 0x79, 0x3F, 0x34, 0x9C, 0xB7, 0x85, 0xE7]),
            1_488_055_340
        ),
    ])
    func hashesAreThoseOfTheSpec(value: Datum, hash: Int32) throws {
        #expect(Transform.hash(value) == hash)
        #expect(try Transform.bucket(count: 16).apply(value) == .int((hash & Int32.max) % 16))
    }

    /// The table of "Truncate Transform Details", and numbers below zero.
    @Test(arguments: [
        (Datum.int(1), Int32(10), Datum.int(0)), (.int(-1), 10, .int(-10)), (.long(1), 10, .long(0)),
        (.long(-1), 10, .long(-10)), (.int(-10), 10, .int(-10)), (.string("iceberg"), 3, .string("ice")),
        (.string("été😀x"), 4, .string("été😀")), (.binary([1, 2, 3, 4, 5]), 3, .binary([1, 2, 3])),
        (
            .decimal(unscaled: [0x04, 0x29], precision: 9, scale: 2), 50,
            .decimal(unscaled: [0x04, 0x1A], precision: 9, scale: 2)
        ),
        (.long(.max), 1, .long(.max)),
    ])
    func valuesAreTruncated(value: Datum, width: Int32, result: Datum) throws {
        #expect(try Transform.truncate(width: width).apply(value) == result)
    }

    @Test func leastNumbersDoNotTrap() throws {
        #expect(try Transform.truncate(width: 10).apply(.int(.min)) != nil)
        #expect(try Transform.truncate(width: .max).apply(.long(.min)) != nil)
        for transform in [Transform.year, .month, .day, .hour] {
            #expect(try transform.apply(.timestamp(.min)) != nil)
            #expect(try transform.apply(.timestamp(.max)) != nil)
        }
        for transform in [Transform.year, .month, .day] {
            #expect(try transform.apply(.date(.min)) != nil)
            #expect(try transform.apply(.date(.max)) != nil)
        }
    }

    @Test func timesBefore1970RoundDown() throws {
        #expect(try Transform.hour.apply(.timestamp(-1)) == .int(-1))
        #expect(try Transform.day.apply(.timestamp(-1)) == .date(-1))
        #expect(try Transform.month.apply(.timestamp(-1)) == .int(-1))
        #expect(try Transform.year.apply(.timestamp(-1)) == .int(-1))
        #expect(try Transform.month.apply(.date(-31)) == .int(-1))
        #expect(try Transform.month.apply(.date(-32)) == .int(-2))
        #expect(try Transform.year.apply(.date(-365)) == .int(-1))
        #expect(try Transform.year.apply(.date(-366)) == .int(-2))
    }

    @Test func timesAfter1970AreCounted() throws {
        #expect(try Transform.hour.apply(.timestamp(1_512_151_975_038_194)) == .int(420_042))
        #expect(try Transform.day.apply(.timestamptz(1_512_151_975_038_194)) == .date(17_501))
        #expect(try Transform.month.apply(.date(17_501)) == .int(575))
        #expect(try Transform.year.apply(.timestamp(1_512_151_975_038_194)) == .int(47))
    }

    @Test func nullStaysNullAndVoidMakesItSo() throws {
        for transform in [Transform.identity, .bucket(count: 4), .truncate(width: 4), .hour, .void] {
            #expect(try transform.apply(nil) == nil)
        }
        #expect(try Transform.void.apply(.int(5)) == nil)
    }

    @Test func unsuitedValuesAndUnknownTransformsAreRefused() {
        #expect { try Transform.hour.apply(.int(5)) } throws: { ($0 as? IcebergError)?.code == .invalid }
        #expect { try Transform.bucket(count: 4).apply(.double(5)) } throws: { ($0 as? IcebergError)?.code == .invalid }
        #expect { try Transform.unknown("zorder").apply(.int(5)) } throws: {
            ($0 as? IcebergError)?.code == .unsupported
        }
    }

    @Test(arguments: [
        ("identity", Transform.identity), ("bucket[16]", .bucket(count: 16)), ("truncate[4]", .truncate(width: 4)),
        ("year", .year), ("month", .month), ("day", .day), ("hour", .hour), ("void", .void),
        ("zorder", .unknown("zorder")), ("bucket[0]", .unknown("bucket[0]")), ("bucket[-1]", .unknown("bucket[-1]")),
        ("bucket[x]", .unknown("bucket[x]")), ("truncate[99999999999]", .unknown("truncate[99999999999]")),
    ])
    func namesGoBothWays(name: String, transform: Transform) {
        #expect(Transform(parsing: name) == transform)
        #expect(transform.description == name)
    }

    @Test func resultTypesAreThoseOfTheSpec() {
        #expect(Transform.bucket(count: 4).resultType(of: .string) == .int)
        #expect(Transform.bucket(count: 4).resultType(of: .double) == nil)
        #expect(
            Transform.truncate(width: 4).resultType(of: .decimal(precision: 9, scale: 2))
                == .decimal(precision: 9, scale: 2))
        #expect(Transform.truncate(width: 4).resultType(of: .uuid) == nil)
        #expect(Transform.hour.resultType(of: .timestamptz) == .int)
        #expect(Transform.hour.resultType(of: .date) == nil)
        #expect(Transform.day.resultType(of: .timestamp) == .date)
        #expect(Transform.identity.resultType(of: .struct([])) == nil)
    }

    @Test func partitionFieldsAreNamedAsIcebergNamesThem() {
        let names = [Transform.identity, .bucket(count: 4), .truncate(width: 4), .hour, .void].map {
            $0.defaultFieldName(for: "c")
        }
        #expect(names == ["c", "c_bucket", "c_trunc", "c_hour", "c_null"])
    }
}

@Suite struct PartitionPathTests {
    @Test(
        arguments: [
            (Transform.hour, Datum.int(498_682), "2026-11-21-10"), (.day, .date(17_486), "2017-11-16"),
            (.month, .int(-1), "1969-12"),
            (.year, .int(47), "2017"), (.hour, .int(-1), "1969-12-31-23"),
            (.identity, .string("a b/c=é"), "a+b%2Fc%3D%C3%A9"),
            (.identity, nil, "null"), (.identity, .timestamp(1_510_871_468_000_001), "2017-11-16T22%3A31%3A08.000001"),
            (.identity, .decimal(unscaled: [0xFF], precision: 9, scale: 2), "-0.01"),
            (.identity, .binary([1, 2]), "AQI%3D"),
            (.identity, .boolean(true), "true"), (.bucket(count: 4), .int(3), "3"),
        ] as [(Transform, Datum?, String)])
    func foldersAreNamedAsIcebergNamesThem(transform: Transform, value: Datum?, text: String) {
        let field = PartitionField(sourceID: 1, fieldID: 1000, name: "p q", transform: transform)
        #expect(PartitionSpec(specID: 0, fields: [field]).path(of: [value]) == "p+q=" + text)
    }

    @Test func anUnpartitionedTableHasNoFolder() { #expect(PartitionSpec.unpartitioned.path(of: []) == "") }
}
