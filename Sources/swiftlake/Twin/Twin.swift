internal import ArgumentParser
internal import EventSources
internal import Foundation
internal import Lake

/// The whole lake on one machine: simulators put records into streams, event source mappings give them to the functions'
/// own programs, and those write the tables.
final class Twin {
    let place: LakePlace
    let options: TwinOptions
    let environment: [String: String]
    let definition: LakeDefinition
    let programs: FunctionPrograms
    let folder: TwinFolder
    let log: FunctionLog
    let control = TwinControl()
    /// All mappings, in the order in which they are shown; further shards of a service join while it runs.
    let lanes = LaneBoards()
    /// What simulators have made, by stream.
    private(set) var made: [(name: String, count: SharedCount)] = []
    private var meters: [String: RateMeter] = [:]
    private let startMs = Lane.nowMs()

    /// How long the end waits for functions that are at their work, in milliseconds.
    private static let endMs: Int64 = 10_000

    /// Takes the lake's folder; nothing runs yet.
    init(_ place: LakePlace, _ options: TwinOptions, environment: [String: String]) throws {
        (self.place, self.options, self.environment) = (place, options, environment)
        definition = try place.definition()
        programs = FunctionPrograms(folder: LakePlace.executableDirectory)
        let base =
            place.catalogPath == nil ? FileManager.default.currentDirectoryPath + "/.lake" : place.name
        folder = try TwinFolder(base + "/twin")
        log = try FunctionLog(folder.functionLog)
    }

    /// Runs until Ctrl-C, or for the time that was asked for, and until what was made is taken.
    func run() throws {
        let setup = try TwinSetup(self)
        let signals = StopSignals()
        start(setup.runs + setup.schedules.map { schedule in { schedule.run() } })
        for simulator in setup.simulators {
            made.append((simulator.name, simulator.made))
            if control.producerStarted() { start([{ simulator.run() }]) }
        }
        if let seconds = options.killEvery {
            let killer = FunctionKiller(seed: options.seed, averageSeconds: seconds, control: control) { [lanes] in
                lanes.all
            }
            start([{ killer.run() }])
        }
        let monitor = setup.monitor
        start([{ [control] in monitor.run(control) }])
        var screen = StatusScreen(isPlain: options.isPlain)
        let isForced = try follow(signals, setup, &screen)
        let isCutShort = control.isProducing
        end(isForced: isForced, processes: setup.schedules.map(\.process))
        try? monitor.look()
        screen.show(status(setup), control.takeEvents(), isLast: true)
        var last = status(setup)
        last.isCutShort = isCutShort
        try TwinReport(status: last, twin: self).conclude()
    }

    /// Watches over the threads until nothing more is to be done.
    /// - Returns: whether it ends at once, whatever functions are doing.
    private func follow(_ signals: StopSignals, _ setup: TwinSetup, _ screen: inout StatusScreen) throws -> Bool {
        var drainUntilMs = Int64.max
        var nextLookMs = Int64.max
        while true {
            let isAsked = signals.wait(milliseconds: Int64(StatusScreen.screenSeconds * 1000))
            let now = Lane.nowMs()
            if isAsked, control.phase == .draining { return true }
            if isAsked { control.drain() }
            if let seconds = options.seconds, Double(now - startMs) >= seconds * 1000 { control.drain() }
            if control.phase == .draining, drainUntilMs == .max {
                drainUntilMs = now + Int64(options.mappings.drain * 1000)
            }
            if setup.mayGrow, nextLookMs == .max || now >= nextLookMs {
                nextLookMs = now + 5_000
                start(try setup.furtherShards())
            }
            screen.show(status(setup), control.takeEvents())
            if control.phase == .ending || now >= drainUntilMs { return false }
            let hasEnded = lanes.all.allSatisfy(\.state.isEnded)
            if control.phase == .draining, hasEnded, !control.isProducing { return false }
        }
    }

    /// Lets functions end what they are doing, or ends them.
    private func end(isForced: Bool, processes: [RunningProcess]) {
        control.end()
        let until = Lane.nowMs() + (isForced ? 0 : Self.endMs)
        func isOver() -> Bool { lanes.all.allSatisfy(\.state.isEnded) }
        while !isOver(), Lane.nowMs() < until { Lane.sleep(20) }
        for process in processes { process.kill() }
        let last = Lane.nowMs() + 5_000
        while !isOver(), Lane.nowMs() < last {
            for board in lanes.all where !board.state.isEnded { board.process.kill() }
            Lane.sleep(20)
        }
    }

    private func start(_ runs: [@Sendable () -> Void]) {
        for run in runs {
            let thread = Thread { run() }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    // MARK: - Status

    private func status(_ setup: TwinSetup) -> TwinStatus {
        let now = Lane.nowMs()
        let seconds = Double(now - startMs) / 1000
        var status = TwinStatus(lake: place.name, seconds: seconds, phase: control.phase)
        status.streams = setup.sources.map { source in
            let count = made.first { $0.name == source.stream.name }?.count.value ?? 0
            return TwinStatus.Stream(
                name: source.stream.name, made: count,
                madePerSecond: meters["in \(source.stream.name)", default: RateMeter()].rate(count, atSeconds: seconds))
        }
        for board in lanes.all { Self.add(board, to: &status, nowMs: now) }
        for place in status.consumers.indices {
            let consumer = status.consumers[place]
            status.consumers[place].takenPerSecond =
                meters["out \(consumer.stream) \(consumer.job)", default: RateMeter()]
                .rate(consumer.taken, atSeconds: seconds)
        }
        let tables = setup.monitor.tables
        let alerts = Set(definition.streams.compactMap { $0.alerts.map { "\($0.table)" } })
        status.deadLetters = tables.first { $0.name == "\(definition.deadLetterTable)" }?.newRows ?? 0
        status.alerts = tables.filter { alerts.contains($0.name) }.reduce(0) { $0 + $1.newRows }
        status.tables = tables.filter { $0.name != "\(definition.deadLetterTable)" && !alerts.contains($0.name) }
        status.events = control.events
        return status
    }

    private static func add(_ board: LaneBoard, to status: inout TwinStatus, nowMs: Int64) {
        let (state, mapping) = (board.state, board.mapping)
        let place =
            status.consumers.firstIndex { $0.stream == mapping.source.stream.name && $0.job == mapping.job }
            ?? {
                status.consumers.append(TwinStatus.Consumer(stream: mapping.source.stream.name, job: mapping.job))
                return status.consumers.count - 1
            }()
        func add(_ consumer: inout TwinStatus.Consumer) {
            consumer.taken += Int64(state.counts?.taken ?? 0)
            consumer.lag += state.lag
            consumer.sourceFault = consumer.sourceFault ?? state.sourceFault
            if let oldest = state.oldestMs { consumer.oldestMs = max(consumer.oldestMs ?? 0, nowMs - oldest) }
            consumer.invocations += state.counts?.invocations ?? 0
            consumer.failures += state.failures
            consumer.discarded += state.counts?.discarded ?? 0
            consumer.restarts += max(0, board.process.starts - 1)
            consumer.kills += state.kills
            consumer.memoryBytes += board.process.memoryBytes ?? 0
        }
        add(&status.consumers[place])
    }
}
