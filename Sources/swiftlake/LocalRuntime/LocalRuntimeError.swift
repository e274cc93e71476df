/// Why an event could not be given to a function at all: a fault of this machine, not of the function.
struct LocalRuntimeError: Error, Equatable, CustomStringConvertible {
    /// What failed, with the system's reason.
    let description: String

    init(_ description: String) { self.description = description }
}
