internal import Synchronization

/// What a thread is given.
class AnyWork {
    /// Does parts until none is left.
    func run() {}
}

/// The parts of one piece of work, and what they gave.
///
/// The reference crosses threads: the parts are given out by an atomic count, each value is written by the one thread
/// that did its part, and values are read when all threads have been joined.
final class SharedWork<Value: Sendable>: AnyWork {
    private let parts: Int
    private let part: (Int) -> Value
    private let next = Atomic(0)
    private let slots: UnsafeMutablePointer<Value?>

    init(_ parts: Int, _ part: @escaping (Int) -> Value) {
        self.parts = parts
        self.part = part
        slots = .allocate(capacity: parts)
        slots.initialize(repeating: nil, count: parts)
    }

    deinit {
        slots.deinitialize(count: parts)
        slots.deallocate()
    }

    override func run() {
        while true {
            let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard number < parts else { return }
            slots[number] = part(number)
        }
    }

    /// What the parts gave, once all threads have ended.
    var values: [Value] { UnsafeBufferPointer(start: slots, count: parts).compactMap(\.self) }
}
