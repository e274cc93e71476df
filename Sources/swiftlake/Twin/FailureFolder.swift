internal import EventSources
internal import Foundation

/// The failure destination of this machine's mappings: a file for each batch that was given up, as AWS writes it to S3.
struct FailureFolder: Sendable {
    let path: String
    let mapping: String
    let control: TwinControl

    /// Writes a record of a failure.
    func take(_ failure: FailureRecord) {
        let random = UInt64.random(in: .min ... .max)
        let file = "\(path)/\(failure.objectName(mapping: mapping, random: String(random, radix: 16))).json"
        do {
            try FileManager.default.createDirectory(
                atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data(failure.json()).write(to: URL(fileURLWithPath: file), options: .atomic)
            control.note("\(mapping) gave up \(Quantity.counted(failure.records.count, "record")): \(file)")
        } catch {
            // Nothing behind these records may be taken before they are kept.
            control.fail("\(file) cannot be written: \(TwinFolder.reason(error))")
            control.end()
        }
    }
}
