internal import Synchronization

/// Metrics of one invocation, in CloudWatch's embedded metric format: lines in the log that CloudWatch turns into
/// metrics. Every combination of dimensions is a metric of its own, and billed so: ids belong in ``property(_:_:)``.
///
/// What the format cannot say is left out and counted in ``dropped``: a number that is not finite, an empty or too long
/// name, more than 30 dimensions, a name that is a dimension and a metric at once.
public final class Metrics: Sendable {
    /// The CloudWatch namespace.
    public let namespace: String
    private let clock: WallClock
    private let writer: LineWriter
    private let state = Mutex(State())

    private struct State {
        var directives: [MetricDirective] = []
        var properties: [(name: String, value: String)] = []
        var dropped = 0
    }

    /// An empty set. `requestID`, if given, goes with every line as a property.
    public init(
        namespace: String, requestID: String? = nil, clock: WallClock = .system, writer: LineWriter = .standardOutput
    ) {
        self.namespace = namespace
        self.clock = clock
        self.writer = writer
        if let requestID { property("requestId", requestID) }
    }

    /// Adds one value. Several values of one name and the same dimensions are sent together.
    public func put(
        _ name: String, _ value: Double, unit: MetricUnit = .count,
        dimensions: KeyValuePairs<String, String> = [:]
    ) {
        let pairs = dimensions.map { (name: $0.key, value: $0.value) }
        state.withLock { state in
            guard value.isFinite, MetricDirective.isName(name), MetricDirective.areDimensions(pairs),
                !pairs.contains(where: { $0.name == name })
            else {
                state.dropped += 1
                return
            }
            let place =
                state.directives.firstIndex { $0.hasDimensions(pairs) && $0.accepts(name, unit) }
                ?? {
                    state.directives.append(MetricDirective(dimensions: pairs))
                    return state.directives.count - 1
                }()
            state.directives[place].add(name, value, unit)
        }
    }

    /// Adds one whole number.
    public func put(
        _ name: String, _ value: Int, unit: MetricUnit = .count, dimensions: KeyValuePairs<String, String> = [:]
    ) {
        put(name, Double(value), unit: unit, dimensions: dimensions)
    }

    /// A field of every line that is no dimension: searchable in the log, and free. The last value of a name counts.
    public func property(_ name: String, _ value: String) {
        state.withLock { state in
            guard MetricDirective.isName(name) else {
                state.dropped += 1
                return
            }
            state.properties.removeAll { $0.name == name }
            state.properties.append((name, value))
        }
    }

    /// How many values and properties were left out because the format cannot say them.
    public var dropped: Int { state.withLock { $0.dropped } }

    /// Writes what was put since the last flush, one line a set of dimensions. The loop calls it after the handler.
    public func flush() {
        let (directives, properties) = state.withLock { state in
            defer { state.directives = [] }
            return (state.directives, state.properties)
        }
        guard !directives.isEmpty else { return }
        let time = clock.milliseconds
        for directive in directives { writer(directive.line(namespace, time, properties)) }
    }
}
