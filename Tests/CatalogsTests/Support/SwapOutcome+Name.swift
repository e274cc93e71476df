import Iceberg

extension SwapOutcome {
    /// The outcome in one word, with an error's code.
    var name: String {
        switch self {
        case .done: "done"
        case .doneAs: "doneAs"
        case .conflict: "conflict"
        case .failed(let error): "failed \(error.code.rawValue)"
        case .unknown: "unknown"
        }
    }
}
