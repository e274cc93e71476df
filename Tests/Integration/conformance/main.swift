/// Writes files and answers for the Python checks beside this folder, which judge them with independent readers.
/// `conformance CHECK [ARGUMENT…]`
internal import Foundation

let checks: [(name: String, run: ([String]) throws -> Void)] = [
    ("aws-services", AWSServices.run),
    ("aws-signing", AWSSigning.run),
    ("catalog-calls", CatalogCalls.run),
    ("commit-bench", CommitBench.run),
    ("commits", Commits.run),
    ("decode-records", RecordDecoding.decodeRecords),
    ("decode-speed", DecodingSpeed.run),
    ("evolution", Evolution.run),
    ("http", HTTPRequests.run),
    ("iceberg-formats", icebergFormats),
    ("kafka-session", KafkaSessions.run),
    ("msk-token", MSKTokens.run),
    ("kafka", KafkaCalls.run),
    ("parquet-bench", ParquetBench.run),
    ("parquet-matrix", ParquetMatrix.run),
    ("s3-store", S3Store.run),
]

func complain(_ message: String) { FileHandle.standardError.write(Data("conformance: \(message)\n".utf8)) }

let arguments = Array(CommandLine.arguments.dropFirst())
guard let check = checks.first(where: { $0.name == arguments.first }) else {
    complain("the first argument is one of: \(checks.map(\.name).joined(separator: ", "))")
    exit(64)
}
do {
    try check.run(Array(arguments.dropFirst()))
} catch {
    complain("\(check.name): \(error)")
    exit(1)
}
