/// An open-addressing hash table from a hash to the number of a dictionary entry, counted from 1; 0 is an empty slot.
/// It never forgets an entry, so a probe ends at the first empty slot.
struct IndexTable: ~Copyable {
    private var slots: UnsafeMutablePointer<UInt32>
    private var mask: Int
    private var shift: UInt64

    init(slotBits: Int = 10) {
        mask = 1 << slotBits - 1
        shift = UInt64(64 - slotBits)
        slots = .allocate(capacity: mask + 1)
        slots.initialize(repeating: 0, count: mask + 1)
    }

    deinit { slots.deallocate() }

    /// The slot where the search for a hash begins: its highest bits, which depend on all of the key's.
    @inline(__always)
    func slot(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash &>> shift) }

    /// The slot after this one, around the end.
    @inline(__always)
    func next(_ slot: Int) -> Int { (slot &+ 1) & mask }

    /// The entry in a slot, or 0.
    @inline(__always)
    func entry(_ slot: Int) -> Int { Int(truncatingIfNeeded: slots[slot]) }

    @inline(__always)
    mutating func fill(_ slot: Int, with entry: Int) { slots[slot] = UInt32(truncatingIfNeeded: entry) }

    /// Whether so many entries take more than half of the slots.
    @inline(__always)
    func isFull(_ entries: Int) -> Bool { entries &* 2 > mask }

    /// Quadruples the slots.
    /// - Parameter hash: the hash of the entry with this index, counted from 0.
    mutating func grow(entries: Int, hash: (Int) -> UInt64) {
        slots.deallocate()
        mask = (mask + 1) * 4 - 1
        shift -= 2
        slots = .allocate(capacity: mask + 1)
        slots.initialize(repeating: 0, count: mask + 1)
        for index in 0..<entries {
            var slot = slot(of: hash(index))
            while slots[slot] != 0 { slot = next(slot) }
            slots[slot] = UInt32(truncatingIfNeeded: index + 1)
        }
    }
}
