/// The units that CloudWatch knows and functions use, spelled as its embedded metric format spells them.
public enum MetricUnit: String, Sendable {
    case none = "None"
    case count = "Count"
    case percent = "Percent"
    case seconds = "Seconds"
    case milliseconds = "Milliseconds"
    case microseconds = "Microseconds"
    case bytes = "Bytes"
    case kilobytes = "Kilobytes"
    case megabytes = "Megabytes"
    case countPerSecond = "Count/Second"
    case bytesPerSecond = "Bytes/Second"
}
