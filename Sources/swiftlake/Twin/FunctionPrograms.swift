/// The functions' programs that are built.
struct FunctionPrograms {
    private let programs: [String: JobProgram]

    /// Looks beside this program.
    init(folder: String) {
        var programs: [String: JobProgram] = [:]
        for (name, _) in JobProgram.jobs { programs[name] = try? JobProgram(name, binary: nil, folder: folder) }
        self.programs = programs
    }

    /// The functions whose programs are there.
    var names: Set<String> { Set(programs.keys) }

    /// A function's program.
    subscript(name: String) -> JobProgram? { programs[name] }

    /// Complains about all that are needed and missing at once.
    func require(_ needed: [String]) throws(CommandFailure) {
        let missing = needed.filter { programs[$0] == nil }
        guard let first = missing.first else { return }
        let builds = missing.map { "swift build --product \($0)" }.joined(separator: " && ")
        throw CommandFailure(
            missing.count == 1
                ? "the program of \(first) is not built: \(builds)"
                : "the programs of \(missing.joined(separator: ", ")) are not built: \(builds)")
    }

    /// How to build a program.
    static func missing(_ name: String) -> String { "its program is not built: swift build --product \(name)" }
}
