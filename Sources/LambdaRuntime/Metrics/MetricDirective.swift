internal import JSON

/// Metrics that share their dimensions: one line of the embedded metric format, within its limits.
struct MetricDirective: Sendable {
    private let dimensions: [(name: String, value: String)]
    private var metrics: [(name: String, unit: MetricUnit, values: [Double])] = []

    /// Limits of CloudWatch's specification.
    private static let maximumMetrics = 100
    private static let maximumValues = 100
    private static let maximumDimensions = 30
    private static let maximumNameLength = 250
    private static let maximumDimensionLength = 1024

    init(dimensions: [(name: String, value: String)]) { self.dimensions = dimensions }

    /// Whether CloudWatch takes this name, and it is not the one of the metadata.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= maximumNameLength && name != "_aws"
            && name.unicodeScalars.contains { !$0.properties.isWhitespace }
    }

    /// Whether these can be dimensions together.
    static func areDimensions(_ dimensions: [(name: String, value: String)]) -> Bool {
        dimensions.count <= maximumDimensions && Set(dimensions.map(\.name)).count == dimensions.count
            && dimensions.allSatisfy {
                isName($0.name) && !$0.value.isEmpty && $0.value.utf8.count <= maximumDimensionLength
            }
    }

    func hasDimensions(_ others: [(name: String, value: String)]) -> Bool {
        dimensions.count == others.count && zip(dimensions, others).allSatisfy { $0 == $1 }
    }

    /// Whether there is room for one more value of this metric.
    func accepts(_ name: String, _ unit: MetricUnit) -> Bool {
        guard let metric = metrics.first(where: { $0.name == name }) else { return metrics.count < Self.maximumMetrics }
        return metric.unit == unit && metric.values.count < Self.maximumValues
    }

    mutating func add(_ name: String, _ value: Double, _ unit: MetricUnit) {
        if let index = metrics.firstIndex(where: { $0.name == name }) {
            metrics[index].values.append(value)
        } else {
            metrics.append((name, unit, [value]))
        }
    }

    /// The line, without its line feed. Dimensions and metrics win over properties of the same name.
    func line(_ namespace: String, _ milliseconds: Int64, _ properties: [(name: String, value: String)]) -> [UInt8] {
        var line = JSONWriter()
        line.object { line in
            line.member("_aws") { $0.object { metadata(&$0, namespace, milliseconds) } }
            for (name, value) in dimensions { line.member(name, value) }
            for (name, value) in properties
            where !metrics.contains(where: { $0.name == name }) && !dimensions.contains(where: { $0.name == name }) {
                line.member(name, value)
            }
            for metric in metrics {
                line.member(metric.name) { line in
                    if metric.values.count == 1 {
                        Self.write(metric.values[0], to: &line)
                    } else {
                        line.array { line in for value in metric.values { Self.write(value, to: &line) } }
                    }
                }
            }
        }
        return line.bytes
    }

    private func metadata(_ line: inout JSONWriter, _ namespace: String, _ milliseconds: Int64) {
        line.member("Timestamp", milliseconds)
        line.member("CloudWatchMetrics") { line in
            line.array { line in
                line.object { line in
                    line.member("Namespace", namespace)
                    line.member("Dimensions") { line in
                        line.array { line in
                            line.array { line in for (name, _) in dimensions { line.string(name) } }
                        }
                    }
                    line.member("Metrics") { line in
                        line.array { line in
                            for metric in metrics {
                                line.object { line in
                                    line.member("Name", metric.name)
                                    line.member("Unit", metric.unit.rawValue)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Whole numbers without `.0`.
    private static func write(_ value: Double, to line: inout JSONWriter) {
        if let whole = Int64(exactly: value) { line.integer(whole) } else { line.double(value) }
    }
}
