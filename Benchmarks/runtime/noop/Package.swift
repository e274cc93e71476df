// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "noop",
    dependencies: [.package(name: "swiftlake", path: "../../..")],
    targets: [
        .executableTarget(name: "noop", dependencies: [.product(name: "LambdaRuntime", package: "swiftlake")])
    ]
)
