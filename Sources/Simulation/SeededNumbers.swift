/// Numbers that only the seed, an index and a salt decide (splitmix64's finaliser), whatever was asked for before.
public struct SeededNumbers: Sendable {
    /// What the numbers are made from.
    public let seed: UInt64

    /// The numbers of a seed.
    public init(seed: UInt64) { self.seed = seed }

    /// A number of 64 bits.
    public func number(_ index: Int, _ salt: UInt64) -> UInt64 {
        var mixed =
            seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(truncatingIfNeeded: index) &* 0xD1B5_4A32_D192_ED03
            &+ salt &* 0x8CB9_2BA7_2F3D_8DD7
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but without, `bound`.
    public func number(_ index: Int, _ salt: UInt64, below bound: UInt64) -> Int64 {
        Int64(number(index, salt) % bound)
    }

    /// Whether a number says that its index is one of those of which there is about one in `rate`; none if `rate` is 0.
    public func strikes(_ index: Int, _ salt: UInt64, oneIn rate: UInt64) -> Bool {
        rate > 0 && number(index, salt) % rate == 7 % rate
    }
}
