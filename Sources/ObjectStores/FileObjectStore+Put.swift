internal import Glibc
public import Iceberg

extension FileObjectStore {
    /// Creates files in order. Each is written under no name, made durable, and then linked to its name, which fails
    /// if the name is taken; a folder is made durable once, after its last file.
    /// - Returns: one result for each file: `failed` if it was not created, `unknown` if its folder could not be made
    ///   durable after the file had appeared.
    public func put(_ files: [NewFile]) -> [PutResult] {
        var results: [PutResult] = []
        var folders: [String] = []
        for file in files {
            do {
                let place = try FileLocation(file.location)
                do {
                    try Self.create(place, file.bytes)
                    if !folders.contains(place.directory) { folders.append(place.directory) }
                    results.append(.done)
                } catch {
                    results.append(.failed(error.error(at: file.location)))
                }
            } catch {
                results.append(.failed(error))
            }
        }
        for folder in folders {
            do {
                try Self.synchronize(folder)
            } catch {
                for (index, file) in files.enumerated() {
                    guard case .done = results[index], (try? FileLocation(file.location).directory) == folder else {
                        continue
                    }
                    results[index] = .unknown(error.error(at: file.location))
                }
            }
        }
        return results
    }

    private static func create(_ place: FileLocation, _ bytes: [UInt8]) throws(SystemError) {
        do {
            try createNameless(place, bytes)
        } catch {
            switch error.number {
            case ENOENT:
                // Either the folder is missing or, with the folder there, /proc is: both are answered below.
                try makeFolders(place.directory)
                do {
                    try createNameless(place, bytes)
                } catch {
                    guard lacksNamelessFiles(error) || error.number == ENOENT else { throw error }
                    try createNamed(place, bytes)
                }
            case _ where lacksNamelessFiles(error): try createNamed(place, bytes)
            default: throw error
            }
        }
    }

    private static func lacksNamelessFiles(_ error: SystemError) -> Bool {
        [EOPNOTSUPP, EISDIR, EINVAL, ENOSYS].contains(error.number)
    }

    /// O_TMPFILE: the file has no name until linkat(2), so a crash leaves nothing.
    private static func createNameless(_ place: FileLocation, _ bytes: [UInt8]) throws(SystemError) {
        let nameless: Int32 = 0o20_000_000 | O_DIRECTORY
        let folder = place.directory.isEmpty ? "/" : place.directory
        let file = try FileDescriptor(folder, nameless | O_WRONLY, to: "create")
        try file.write(bytes)
        try file.synchronize()
        guard linkat(AT_FDCWD, "/proc/self/fd/\(file.number)", AT_FDCWD, place.path, AT_SYMLINK_FOLLOW) == 0 else {
            throw SystemError.last("create")
        }
    }

    /// For file systems without nameless files: a name of this process's own first, then link(2), which like linkat(2)
    /// fails if the target exists.
    static func createNamed(_ place: FileLocation, _ bytes: [UInt8]) throws(SystemError) {
        var number = 0
        while true {
            let temporary = "\(place.directory)/.\(getpid())-\(number).partial"
            do throws(SystemError) {
                let file = try FileDescriptor(temporary, O_WRONLY | O_CREAT | O_EXCL, to: "create")
                return try fill(file, temporary, place, bytes)
            } catch {
                // The partial file of an earlier process with this number: take the next name.
                guard error.number == EEXIST, error.action == "create" else { throw error }
                number += 1
            }
        }
    }

    private static func fill(
        _ file: borrowing FileDescriptor, _ temporary: String, _ place: FileLocation, _ bytes: [UInt8]
    ) throws(SystemError) {
        defer { _ = unlink(temporary) }
        try file.write(bytes)
        try file.synchronize()
        guard link(temporary, place.path) == 0 else { throw SystemError.last("give the file its name") }
    }

    /// Makes a folder and those above it, each durable in its parent.
    private static func makeFolders(_ folder: String) throws(SystemError) {
        guard !folder.isEmpty, mkdir(folder, 0o777) != 0, errno != EEXIST else { return try settle(folder) }
        guard errno == ENOENT else { throw SystemError.last("make the folder") }
        try makeFolders(FileLocation.parent(of: folder))
        guard mkdir(folder, 0o777) == 0 || errno == EEXIST else { throw SystemError.last("make the folder") }
        try settle(folder)
    }

    private static func settle(_ folder: String) throws(SystemError) {
        guard folder.utf8.contains(UInt8(ascii: "/")) else { return }
        try synchronize(FileLocation.parent(of: folder))
    }

    private static func synchronize(_ folder: String) throws(SystemError) {
        try FileDescriptor(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY, to: "make durable").synchronize()
    }
}
