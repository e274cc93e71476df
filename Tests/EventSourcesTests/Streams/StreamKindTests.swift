import Testing

@testable import EventSources

@Suite struct StreamKindTests {
    /// The examples of RFC 1321, section A.5, and texts around the length of a block.
    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"), ("a", "0cc175b9c0f1b6a831c399e269772661"),
        ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        (
            "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
            "57edf4a22be3c955ac49da2e2107b67a"
        ),
        (String(repeating: "x", count: 55), "04364420e25c512fd958a70738aa8f72"),
        (String(repeating: "x", count: 56), "668a72d5ba17f08e62dabcafad6db14b"),
        (String(repeating: "x", count: 64), "c1bb4f81d892b2d57947682aeb252456"),
    ])
    func md5IsThatOfTheRFC(_ text: String, _ expected: String) {
        #expect(MD5.hash(Array(text.utf8)) == UInt128(expected, radix: 16))
    }

    /// What the test of Kafka's own clients expects, as 32 bits with a sign.
    @Test(
        arguments: [
            ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971), ("abc", 479_470_107),
        ] as [(String, Int32)])
    func murmur2IsThatOfKafka(_ text: String, _ expected: Int32) {
        #expect(Int32(bitPattern: Murmur2.hash(Array(text.utf8))) == expected)
    }

    /// What `int(md5(key).hexdigest(), 16) // (2**128 // shards)` says in Python.
    @Test(arguments: [
        ("device-1", 1, 0), ("device-7", 1, 0), ("x", 1, 0), ("é", 1, 0),
        ("device-1", 2, 1), ("device-7", 2, 0), ("x", 2, 1), ("é", 2, 0),
        ("device-1", 3, 2), ("device-7", 3, 0), ("x", 3, 1), ("é", 3, 1),
        ("device-1", 4, 3), ("device-7", 4, 0), ("x", 4, 2), ("é", 4, 1),
        ("device-1", 5, 4), ("device-7", 5, 1), ("x", 5, 3), ("é", 5, 2),
        ("device-1", 7, 5), ("device-7", 7, 1), ("x", 7, 4), ("é", 7, 2),
        ("device-1", 64, 52), ("device-7", 64, 15), ("x", 64, 39), ("é", 64, 25),
    ])
    func shardsShareTheHashKeysEvenly(_ key: String, _ shards: Int, _ expected: Int) {
        #expect(StreamKind.kinesis(shards: shards).shard(of: Array(key.utf8)) == expected)
    }

    @Test func partitionsGoByThePositiveHash() {
        // toPositive(murmur2("abc")) = 479470107, and of "21" 1173551340.
        #expect(StreamKind.kafka(partitions: 10).shard(of: Array("abc".utf8)) == 7)
        #expect(StreamKind.kafka(partitions: 10).shard(of: Array("21".utf8)) == 0)
    }

    @Test func shardsAreNamedAsTheirSourcesNameThem() {
        #expect(StreamKind.kinesis(shards: 2).shards(of: "s") == ["shardId-000000000000", "shardId-000000000001"])
        #expect(StreamKind.kafka(partitions: 2).shards(of: "t") == ["t-0", "t-1"])
    }
}
