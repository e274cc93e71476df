internal import Glibc

/// How a transport behaves towards every server.
public struct HTTPConfiguration: Sendable {
    /// Whom to believe.
    public var certificates: HTTPCertificates
    /// How long things may take; a request may bring its own.
    public var timeouts: HTTPTimeouts
    /// Connections to one host and port at the same time; further requests wait for one to become free.
    public var maximumConnectionsPerHost: Int
    /// A pooled connection that rested longer than this, in milliseconds, is not used again. Servers close after as little
    /// as 5 s, and a function that was frozen in between has not heard of it.
    public var maximumIdleMilliseconds: Int64

    /// A configuration; everything has a default.
    public init(
        certificates: HTTPCertificates = HTTPCertificates(), timeouts: HTTPTimeouts = HTTPTimeouts(),
        maximumConnectionsPerHost: Int = 32, maximumIdleMilliseconds: Int64 = 20_000
    ) {
        self.certificates = certificates
        self.timeouts = timeouts
        self.maximumConnectionsPerHost = maximumConnectionsPerHost
        self.maximumIdleMilliseconds = maximumIdleMilliseconds
    }
}

/// Files of certificates that a server's own may descend from, in PEM.
public struct HTTPCertificates: Sendable {
    /// Path of the few roots of Amazon's services, which are read faster than a whole bundle; nil to do without.
    /// A server of Amazon's that descends from none of them is tried again with the bundle.
    public var amazonRoots: String?
    /// Path of the bundle for everyone else; nil for the one that libcurl was built with, or else the system's.
    public var bundle: String?

    /// Where Debian, Amazon Linux and Alpine keep the bundle: the first that is there.
    static var systemBundle: String? {
        ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"]
            .first { access($0, R_OK) == 0 }
    }

    /// Certificates by their files' paths.
    public init(amazonRoots: String? = nil, bundle: String? = nil) {
        self.amazonRoots = amazonRoots
        self.bundle = bundle
    }
}

/// How long the parts of a request may take, in milliseconds. Each ends at the transport's deadline at the latest; of the
/// transport's own, connecting and silence end earlier, so that there is time for another try.
public struct HTTPTimeouts: Sendable {
    /// From the look-up of the name to the end of the TLS handshake.
    public var connect: Int64
    /// During which no byte moved in either direction, the server's thinking included.
    public var idle: Int64
    /// All of it: waiting for a free connection, redirects and sending again included.
    public var total: Int64

    /// Times in milliseconds.
    public init(connect: Int64 = 5_000, idle: Int64 = 30_000, total: Int64 = 300_000) {
        self.connect = connect
        self.idle = idle
        self.total = total
    }

    /// The same, with connecting and silence taking no more than a third of the time that is left: a server that says
    /// nothing must leave time to ask it again, and to clean up after it.
    func sharing(_ left: Int64?) -> HTTPTimeouts {
        guard let left else { return self }
        let share = max(left / 3, Self.leastShare)
        return HTTPTimeouts(connect: min(connect, share), idle: min(idle, share), total: total)
    }

    /// What a server is given to answer even if little time is left, in milliseconds.
    private static let leastShare: Int64 = 1_000

    /// The same, none of them negative or longer than three weeks.
    var bounded: HTTPTimeouts {
        func bounded(_ time: Int64) -> Int64 { min(max(0, time), Int64(Int32.max)) }
        return HTTPTimeouts(connect: bounded(connect), idle: bounded(idle), total: bounded(total))
    }
}
