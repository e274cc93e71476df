internal import Glibc
internal import Iceberg

/// Views as files, each with the text of its query: what the command line and DuckDB make views of.
struct ViewFiles {
    /// The folder, an absolute path.
    let folder: String

    /// The file of a view: `views/DATABASE.VIEW.sql`.
    func path(of view: TableIdentifier) -> String { "\(folder)/\(view).sql" }

    /// Has a view's file hold its query.
    func settle(
        _ view: ViewDefinition, isDryRun: Bool, willTake: (CommitStep.Kind, String, CommitStep.Moment) -> Void,
        _ outcome: inout BootstrapOutcome
    ) throws(IcebergError) {
        let path = path(of: view.identifier)
        let text = Array((view.sql + "\n").utf8)
        let existing = try read(path)
        outcome.location = path
        outcome.action = existing == nil ? .created : existing == text ? .unchanged : .evolved
        guard outcome.action != .unchanged else { return }
        outcome.lines = [existing == nil ? "+ query" : "~ query"]
        guard !isDryRun else { return }
        try Folder.create(folder)
        willTake(.put, path, .before)
        try replace(path, text)
        willTake(.put, path, .after)
    }

    /// The bytes of a file; nil if there is none.
    private func read(_ path: String) throws(IcebergError) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw fault("read", path)
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        while true {
            let count = withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { chunk in
                let count = Glibc.read(file, chunk.baseAddress, chunk.count)
                if count > 0 { bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: chunk[..<count])) }
                return count
            }
            if count == 0 { return bytes }
            guard count > 0 || errno == EINTR else { throw fault("read", path) }
        }
    }

    /// Gives a file its new text at once: readers see the old one or the new one, whole.
    private func replace(_ path: String, _ text: [UInt8]) throws(IcebergError) {
        // A process has a name of its own for it, and a rest of an earlier one is written over.
        let temporary = "\(path).\(getpid()).partial"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw fault("write", path) }
        var isWritten = write(file, text) && fsync(file) == 0
        isWritten = close(file) == 0 && isWritten
        guard isWritten, rename(temporary, path) == 0 else {
            let error = fault("write", path)
            unlink(temporary)
            throw error
        }
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw fault("make durable", folder) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw fault("make durable", folder) }
    }

    private func write(_ file: Int32, _ text: [UInt8]) -> Bool {
        var rest = text[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 {
                guard errno == EINTR else { return false }
                continue
            }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func fault(_ action: String, _ path: String) -> IcebergError {
        IcebergError(.unavailable, "cannot \(action) the view's file: \(String(cString: strerror(errno)))", at: path)
    }
}
