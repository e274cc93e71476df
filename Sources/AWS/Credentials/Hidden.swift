/// A value that no form of printing shows.
struct Hidden<Value: Sendable>: Sendable {
    /// The value.
    let value: Value

    init(_ value: Value) { self.value = value }
}

extension Hidden: Equatable where Value: Equatable {}

extension Hidden: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "hidden" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
