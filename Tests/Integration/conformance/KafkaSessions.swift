internal import AWS
internal import Foundation
internal import JSON
internal import Kafka
internal import Synchronization

/// `kafka-session SERVERS BUNDLE REGION SECRET LIFETIME`: administration of a cluster by tokens of MSK, which is asked only
/// when a line comes: the name of a topic. Each line of output is an object: `partitions` (null for no topic), or `error` and
/// `code`.
///
/// Each time that credentials are asked for there are others, `AKID1`, `AKID2` and so on, that last `LIFETIME` milliseconds.
enum KafkaSessions {
    static func run(_ arguments: [String]) throws {
        guard arguments.count == 5, let lifetime = Int64(arguments[4]) else {
            throw KafkaError(.configuration, "the arguments are SERVERS BUNDLE REGION SECRET LIFETIME")
        }
        let credentials = ChangingCredentials(secret: arguments[3], lifetimeMs: lifetime)
        let admin = try KafkaAdmin(
            KafkaSettings(
                bootstrapServers: [arguments[0]], security: .mskIAM(region: arguments[2], credentials: credentials),
                certificateBundle: arguments[1]))
        while let topic = readLine() {
            var writer = JSONWriter()
            writer.object { writer in
                do throws(KafkaError) {
                    let description = try admin.describe(topic, withinMs: 10_000)
                    writer.member("partitions", Int(description?.partitions ?? 0))
                } catch {
                    writer.member("code", error.code.rawValue)
                    writer.member("error", error.message)
                }
            }
            FileHandle.standardOutput.write(Data((writer.text + "\n").utf8))
        }
    }
}

/// Credentials that are others each time, as those of a role are after a while.
private final class ChangingCredentials: CredentialsProvider, Sendable {
    private let secret: String
    private let lifetimeMs: Int64
    private let count = Mutex(0)

    init(secret: String, lifetimeMs: Int64) {
        self.secret = secret
        self.lifetimeMs = lifetimeMs
    }

    func credentials() -> Credentials {
        let number = count.withLock { count in
            count += 1
            return count
        }
        let nowMs = Int64(Date().timeIntervalSince1970 * 1000)
        return Credentials(
            accessKeyID: "AKID\(number)", secretAccessKey: secret, sessionToken: "session",
            expirationMs: nowMs + lifetimeMs)
    }
}
