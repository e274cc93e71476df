// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: spans may be stored and returned, and a warning is an error.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableExperimentalFeature("Lifetimes"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// One folder under Sources, and what it may import: the package itself forbids an upward import.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// One folder under Sources that is a C library's module map, found through pkg-config, or else in the usual places.
func library(_ name: String, pkgConfig: String? = nil, debian: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([debian])])
}

/// The unit tests of one module, and the modules they name beside it.
func tests(of name: String, _ others: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + others,
        resources: [], swiftSettings: settings)
}

/// One Lambda function: an executable whose folder under lambdas carries its name.
func job(_ name: String, _ others: [Target.Dependency] = []) -> Target {
    .executableTarget(
        name: name, dependencies: ["Lake", "LambdaRuntime"] + others,
        path: "lambdas/\(name)", swiftSettings: settings)
}

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "swiftlake",
    products: [
        .library(name: "LambdaRuntime", targets: ["LambdaRuntime", "JSON"]),
        .library(name: "Parquet", targets: ["Parquet", "Columnar"]),
        .library(
            name: "Iceberg",
            targets: ["Iceberg", "ObjectStores", "Catalogs", "AWS", "HTTPTransport", "Parquet", "Columnar", "JSON"]),
        .executable(name: "swiftlake", targets: ["swiftlake"]),
        .executable(name: "kinesis-ingest", targets: ["kinesis-ingest"]),
        .executable(name: "kafka-ingest", targets: ["kafka-ingest"]),
        .executable(name: "bootstrap-tables", targets: ["bootstrap-tables"]),
        .executable(name: "kafka-elastic", targets: ["kafka-elastic"]),
        .executable(name: "refresh-assets", targets: ["refresh-assets"]),
        .executable(name: "optimize-tables", targets: ["optimize-tables"]),
        .executable(name: "simulate-trades", targets: ["simulate-trades"]),
        .executable(name: "simulate-sensors", targets: ["simulate-sensors"]),
        .executable(name: "bootstrap-topics", targets: ["bootstrap-topics"]),
        .executable(name: "detect-anomalies", targets: ["detect-anomalies"]),
        .executable(name: "edge-gateway", targets: ["edge-gateway"]),
        .executable(name: "poll-quotes", targets: ["poll-quotes"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        library("CZlib", pkgConfig: "zlib", debian: "zlib1g-dev"),
        library("CZstd", pkgConfig: "libzstd", debian: "libzstd-dev"),
        library("CSnappy", pkgConfig: "snappy", debian: "libsnappy-dev"),
        library("CSQLite", pkgConfig: "sqlite3", debian: "libsqlite3-dev"),
        library("CCurl", pkgConfig: "libcurl", debian: "libcurl4-openssl-dev"),
        library("COpenSSL", pkgConfig: "libcrypto", debian: "libssl-dev"),
        library("CExpat", pkgConfig: "expat", debian: "libexpat1-dev"),
        library("CRdkafka", pkgConfig: "rdkafka", debian: "librdkafka-dev"),
        // Its pkg-config file would put Debian's folder in front of the one that the static libcurl is in.
        library("CAres", debian: "libc-ares-dev"),
        module("Calendar"),
        module("JSON"),
        module("Columnar"),
        module("Parquet", ["Columnar", "CZlib", "CZstd", "CSnappy"]),
        module("Avro", ["JSON", "CZlib"]),
        module("Iceberg", ["Calendar", "JSON", "Columnar", "Parquet", "Avro"]),
        module("HTTPTransport", ["CCurl"]),
        module("AWS", ["Calendar", "JSON", "HTTPTransport", "COpenSSL", "CExpat"]),
        module("ObjectStores", ["Iceberg", "AWS"]),
        module("Catalogs", ["JSON", "Iceberg", "ObjectStores", "AWS", "HTTPTransport", "CSQLite"]),
        module("LambdaRuntime", ["Calendar", "JSON", logging]),
        module("Kafka", ["AWS", "HTTPTransport", "CRdkafka", "CAres"]),
        module("Simulation", ["Calendar", "JSON"]),
        module(
            "Lake",
            [
                "Calendar", "JSON", "Columnar", "Parquet", "Iceberg", "ObjectStores", "Catalogs", "AWS",
                "HTTPTransport", "LambdaRuntime",
            ]),
        module(
            "Producers",
            [
                "Calendar", "JSON", "Columnar", "Iceberg", "AWS", "HTTPTransport", "LambdaRuntime", "Kafka",
                "Simulation",
                "Lake",
            ]),
        module("EventSources", ["Calendar", "JSON"]),
        .executableTarget(
            name: "swiftlake",
            dependencies: [
                "EventSources", "Producers", "Lake", "Simulation", "Kafka", "Calendar", "JSON", "Iceberg", "AWS",
                "HTTPTransport", "LambdaRuntime", arguments,
            ],
            swiftSettings: settings),
        job("kinesis-ingest"),
        job("kafka-ingest"),
        job("bootstrap-tables"),
        job("kafka-elastic"),
        job("refresh-assets"),
        job("optimize-tables"),
        job("simulate-trades", ["Producers"]),
        job("simulate-sensors", ["Producers"]),
        job("bootstrap-topics", ["Producers"]),
        job("detect-anomalies"),
        job("edge-gateway"),
        job("poll-quotes", ["Producers"]),
        .target(name: "TestSupport", path: "Tests/Support", swiftSettings: settings),
        .executableTarget(
            name: "conformance",
            dependencies: [
                "TestSupport", "JSON", "Columnar", "Parquet", "Avro", "Iceberg", "ObjectStores", "Catalogs", "AWS",
                "HTTPTransport", "Kafka", "Lake",
            ],
            path: "Tests/Integration/conformance", swiftSettings: settings),
        .executableTarget(
            name: "echo-function", dependencies: ["LambdaRuntime", "JSON"],
            path: "Tests/Integration/echo-function", swiftSettings: settings),
        tests(of: "Calendar"),
        tests(of: "JSON"),
        tests(of: "Columnar"),
        tests(of: "Parquet", ["Avro", "Columnar"]),
        tests(of: "Avro"),
        tests(of: "Iceberg", ["Avro", "Columnar", "JSON", "Parquet"]),
        tests(of: "HTTPTransport"),
        tests(of: "AWS", ["HTTPTransport", "JSON"]),
        tests(of: "ObjectStores", ["Iceberg", "AWS", "HTTPTransport"]),
        tests(of: "Catalogs", ["Iceberg", "AWS", "HTTPTransport", "JSON"]),
        tests(of: "LambdaRuntime", ["JSON", logging]),
        tests(
            of: "Lake",
            [
                "AWS", "Avro", "JSON", "Columnar", "HTTPTransport", "Parquet", "Iceberg", "ObjectStores", "Catalogs",
                "LambdaRuntime", "Simulation", logging,
            ]),
        tests(of: "Kafka", ["AWS", "HTTPTransport", "CRdkafka"]),
        tests(of: "Simulation", ["Calendar", "JSON"]),
        tests(
            of: "Producers",
            ["Calendar", "JSON", "AWS", "HTTPTransport", "LambdaRuntime", "Kafka", "Simulation", "Lake", logging]),
        tests(of: "EventSources", ["Calendar", "JSON"]),
        tests(
            of: "swiftlake",
            [
                "EventSources", "Producers", "Lake", "Simulation", "Kafka", "Calendar", "JSON", "Iceberg", "AWS",
                "HTTPTransport",
            ]),
    ]
)
