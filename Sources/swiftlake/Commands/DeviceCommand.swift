internal import ArgumentParser
internal import Foundation
internal import Lake

/// `swiftlake device …`
struct DeviceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device",
        abstract: "Makes keys of devices, and tokens to send readings with.",
        discussion: """
            edge-gateway takes readings only with a token that the device's own key signed. Both are made from the master \
            secret: the variable EDGE_MASTER_SECRET, or the file that --master-file names. It is never an argument, as \
            other users of the machine can see those. docs/jobs/edge-gateway.md shows how a device signs for itself.

            EXAMPLES
              swiftlake device key --device 7
              swiftlake device token --device 7 --body readings.json
              swiftlake device token --device 7 --body readings.json --event | swiftlake invoke edge-gateway -
            """,
        subcommands: [DeviceKeyCommand.self, DeviceTokenCommand.self])
}

/// Which device, and what its key is made from.
struct DeviceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The device's id, as its readings have it.", valueName: "ID"))
    var device: String

    @Option(
        name: .customLong("master-file"),
        help: ArgumentHelp(
            "The file that holds the master secret; by default EDGE_MASTER_SECRET is it.", valueName: "FILE"),
        completion: .file())
    var masterFile: String?

    func validate() throws {
        guard DeviceKey.isDevice(device) else {
            throw ValidationError(
                "--device needs 1 to \(DeviceKey.maximumDeviceBytes) bytes of text without control characters")
        }
    }

    /// The device's key.
    func key(_ environment: [String: String]) throws(CommandFailure) -> DeviceKey {
        let bytes: [UInt8]
        let source: String
        if let masterFile {
            guard let data = FileManager.default.contents(atPath: masterFile) else {
                throw CommandFailure("\(masterFile): there is no such file, or it cannot be read")
            }
            (bytes, source) = (Array(data), masterFile)
        } else {
            guard let text = environment["EDGE_MASTER_SECRET"], !text.isEmpty else {
                throw CommandFailure("EDGE_MASTER_SECRET is not set, and no --master-file is named")
            }
            (bytes, source) = (Array(text.utf8), "EDGE_MASTER_SECRET")
        }
        guard let master = MasterSecret(bytes) else {
            throw CommandFailure("\(source) must hold \(MasterSecret.minimumBytes) bytes or more")
        }
        return DeviceKey(of: device, from: master)
    }
}

/// `swiftlake device key`
struct DeviceKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Prints the key to put into a device, in hexadecimal.",
        discussion:
            "Who has the key can send readings of that device until the master secret changes. Keep it as a password.")

    @OptionGroup var options: DeviceOptions

    func run() throws {
        try reportingFailure { Console.print(try options.key(ProcessInfo.processInfo.environment).hexadecimal) }
    }
}
